"""What people write in their own words: kept whole, clean, and free of personal identity numbers.

A personnummer, a child's least of all, is stored in no text of ours; and a text pasted from
Word or from a web page looks the same wherever it is read.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

PROSE_LENGTH = 10_000

# --- clean ---------------------------------------------------------------------------------

# Control characters, soft hyphens, zero-width spaces, overrides of direction (which can make a
# text read as another one), places of pasted pictures, and halves of characters. The joiners of
# emoji and of Persian stay, and so do the marks and isolates of right-to-left text.
REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202d\u202e\ufffc\ud800-\udfff]"
)
LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Word's own bullets, from its symbol fonts, and the letters that stand for them in plain text.
BULLET = re.compile("^([ \t]*)(?:[\uf000-\uf0ff]|[•·o§▪](?= ?\t|  ))[ \t]*", re.MULTILINE)
EMPTY_LINES = re.compile("\n{3,}")


def tidy(text: str) -> str:
    """``text`` composed and without the traces of the program that it was pasted from."""
    text = LINE_BREAK.sub("\n", REMOVED.sub("", text))
    text = unicodedata.normalize("NFC", ODD_SPACE.sub(" ", text))
    lines = BULLET.sub(r"\1• ", text).split("\n")
    return EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip(" \t") for line in lines))


# --- personal identity numbers -------------------------------------------------------------

LINK = re.compile(r"\bhttps?://\S+")  # the number of a digital meeting is nobody's
# Inner separators, as in a date, need a dash before the last four, which a time has not.
TOGETHER, SEPARATED = r"\d{6} ?[-+]?", r"\d\d[-/. ]\d\d[-/. ]\d\d ?[-+]"
# No part of a longer number, of a decimal, of a diary number, or of the dates of a period.
PERSONAL_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[-/.,:])"
    rf"(?=((?:18|19|20)?(?:{TOGETHER}|{SEPARATED}) ?\d{{4}})(?!\d|:\d|[-/.]\d\d?[-/.]\d))"
)
COORDINATION = 60  # is added to the day in a samordningsnummer (folkbokföringslagen 18 b §)


def personal_number_in(text: str) -> str | None:
    """The first personnummer or samordningsnummer in ``text``, masked, such as 811218-****.

    Its date and its check digit must be right. Ten digits without a dash may be a telephone
    number; the few that would be right as both are caught, since many pupils are born in 07.
    """
    for match in PERSONAL_NUMBER.finditer(LINK.sub(" ", _in_plain_digits(text))):
        digits = re.sub(r"\D", "", match[1])
        if _is_birth_date(digits[:-4]) and _has_check_digit(digits[-10:]):
            return f"{digits[-10:-4]}-****"
    return None


def _in_plain_digits(text: str) -> str:
    """Every script's digits, dashes and spaces as ours, and nothing invisible between them."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", text)))


def _plain(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else character
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Cf":
            return ""
    return "-" if character == "−" else character


def _is_birth_date(digits: str) -> bool:
    """Six or eight digits that are a day, with the day as it is or as a coordination number's."""
    years = [digits[:-4]] if len(digits) == 8 else [f"19{digits[:2]}", f"20{digits[:2]}"]
    month, day = int(digits[-4:-2]), int(digits[-2:])
    return any(_is_day(int(year), month, d) for year in years for d in (day, day - COORDINATION))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _has_check_digit(digits: str) -> bool:
    return sum(_weighed(digits)) % 10 == 0


def _weighed(digits: str) -> Iterator[int]:
    """The terms of the Luhn sum."""
    for place, digit in enumerate(map(int, digits)):
        yield digit if place % 2 else sum(divmod(digit * 2, 10))


def refuse_personal_number(text: str) -> None:
    if number := personal_number_in(text):
        raise ValidationError(
            _("Write no personal identity numbers here: remove %(number)s."),
            code="personal_number",
            params={"number": number},
        )


# --- fields --------------------------------------------------------------------------------


class ProseInput(forms.CharField):
    """A text in one's own words; in one line where its widget is not a ``forms.Textarea``.

    It is tidied before it is measured. The browser is told of no length: it would cut what is
    pasted without a word, and here the text stays in the box until it is short enough.
    """

    widget: type[forms.Widget] = forms.Textarea
    default_validators = [refuse_personal_number]

    def __init__(self, *, max_length: int = PROSE_LENGTH, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        text = tidy(str(value or ""))
        if not isinstance(self.widget, forms.Textarea):
            text = " ".join(text.split())
        return str(super().to_python(text))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        return attributes | {"dir": "auto"}


class LineInput(ProseInput):
    """A name, a place or another few words of one's own."""

    widget = forms.TextInput


class ProseField(models.TextField):  # type: ignore[type-arg]
    """A text in people's own words; a plain text column to migrations, which so never need it."""

    default_validators = [refuse_personal_number]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", PROSE_LENGTH)
        super().__init__(*args, **options)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": ProseInput, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options


class LineField(models.CharField):  # type: ignore[type-arg]
    """A few words of people's own; a plain character column to migrations."""

    default_validators = [refuse_personal_number]

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": LineInput, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options
