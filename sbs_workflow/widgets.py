"""Input widgets for days and times, as the browser of the person writes them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from sbs_workflow.headcounts import as_lines, read_headcounts

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

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


class Suggestions(forms.TextInput):
    """A line to write, with suggestions that need not be taken."""

    def __init__(self, suggestions: "Iterable[StrOrPromise]") -> None:
        super().__init__()
        self.suggestions = list(dict.fromkeys(suggestions))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attrs = {**(attrs or {}), "list": f"{name}-suggestions"}
        values = ((each,) for each in self.suggestions)
        options = format_html_join("", '<option value="{}"></option>', values)
        line = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', line, attrs["list"], options)


class HeadcountsField(ProseInput):
    """Functions and numbers, one function a line; cleans to what ``headcounts`` reads."""

    def prepare_value(self, value: Any) -> Any:
        return as_lines(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return read_headcounts(super().clean(as_lines(value) if isinstance(value, list) else value))


def form_field(field: Any, **options: Any) -> forms.Field:
    """The form field of a model field, with a day picker for dates."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        options["form_class"] = DayField
    found = field.formfield(**options)
    assert isinstance(found, forms.Field)
    if field.choices:
        # All are seen at once, and none is chosen by a slip of the hand.
        shown: Any = found
        shown.widget = forms.RadioSelect()
        shown.choices = list(field.choices)
    return found
