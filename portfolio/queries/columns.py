"""Columns for putting rows of several tables together: some only fill a place."""

from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    Q,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

NO_UNIT = Cast(Value(None), UUIDField())
NO_DATE = Cast(Value(None), DateField())
NO_MOMENT = Cast(Value(None), DateTimeField())


def text(value: str) -> Value:
    return Value(value, output_field=CharField())


def whether(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


ALWAYS = whether(Q(pk__isnull=False))
