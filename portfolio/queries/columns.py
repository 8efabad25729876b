"""Columns that only fill a place where rows of several tables are put together."""

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

NO_UNIT = Cast(Value(None), UUIDField())
NO_DATE = Cast(Value(None), DateField())
NO_MOMENT = Cast(Value(None), DateTimeField())


def text(value: str) -> Value:
    return Value(value, output_field=CharField())
