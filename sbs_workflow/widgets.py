"""Input widgets for days and times, as the browser of the person writes them."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# A slip of the hand such as 0206 or 20260 would fill the calendar with nonsense.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        message = _("Write the year with four digits, between 2000 and 2099.")
        self.validators += [
            MinValueValidator(FIRST_DAY, message),
            MaxValueValidator(LAST_DAY, message),
        ]


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def form_field(field: Any, **options: Any) -> forms.Field:
    """The form field of a model field, with a day picker for dates."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        options["form_class"] = DayField
    found = field.formfield(**options)
    assert isinstance(found, forms.Field)
    return found
