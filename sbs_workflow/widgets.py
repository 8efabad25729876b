"""Input widgets for days and times, as the browser of the person writes them."""

from typing import Any

from django import forms
from django.db import models


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def form_field(field: Any, **options: Any) -> forms.Field:
    """The form field of a model field, with a day picker for dates."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        options["widget"] = DayInput()
    found = field.formfield(**options)
    assert isinstance(found, forms.Field)
    return found
