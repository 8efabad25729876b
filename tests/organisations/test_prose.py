"""What people write is kept whole and clean, and holds no personal identity number."""

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from organisations.prose import (
    LineField,
    LineInput,
    ProseField,
    ProseInput,
    personal_number_in,
    tidy,
)

pytestmark = pytest.mark.portable

FAMILY = "👩🏽\u200d🏫"
FLAG = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ARABIC = "تعلم\u200f \u2067القراءة\u2069"
PERSIAN = "می\u200cخواهم"
# What tidying is about, in any order, among ordinary letters.
TRACES = st.text(
    st.sampled_from("\r\n\v\t •·o§x5\u00a0\u2000\u00ade\u0301\uf0b7\uf0e0\ufeff\u2028\u202e\x00")
    | st.characters()
    | st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Mn"])
)

# --- clean ---------------------------------------------------------------------------------


@given(TRACES)
def test_what_is_tidy_stays_as_it_is(text: str):
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(st.characters(categories=["L", "Nd", "P"])))
def test_letters_and_marks_are_all_kept(text: str):
    assert tidy(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ett\r\ntvå\rtre\x0bfyra\u2028fem\u2029sex", "ett\ntvå\ntre\nfyra\nfem\nsex"),
        ("\uf0b7\tLäsa\n\uf0a7 Skriva\n\uf0d8Räkna", "• Läsa\n• Skriva\n• Räkna"),
        ("•\tLäsa\no\tHögt\n§\tTyst\n·       Sant", "• Läsa\n• Högt\n• Tyst\n• Sant"),
        ("  o\tInnanför", "  • Innanför"),
        ("o är en vokal, § 5 ett lagrum", "o är en vokal, § 5 ett lagrum"),
        ("1\u00a0450\u202f000\u2009kronor", "1 450 000 kronor"),
        ("för\u00adskola\ufeff\u200b", "förskola"),
        ("nul\x00tecken\x7f\x9f\ud800", "nultecken"),
        ("\u202egnivra\u202d", "gnivra"),
        ("a\u030angest", "ångest"),
        ("rad  \nrad\t\n\n\n\n \nrad", "rad\nrad\n\nrad"),
        ("namn\tantal\nlärare\t24", "namn\tantal\nlärare\t24"),
        (f"{FAMILY} ❤\ufe0f {FLAG}", f"{FAMILY} ❤\ufe0f {FLAG}"),
        (ARABIC, ARABIC),
        (PERSIAN, PERSIAN),
    ],
)
def test_what_is_kept(written: str, kept: str):
    assert tidy(written) == kept


def test_tidying_a_large_text_takes_its_length_and_no_more():
    assert tidy(" " * 1_000_000 + "x\n" * 2).endswith("x\nx\n")
    assert tidy("\n" * 1_000_000) == "\n\n"


# --- personal identity numbers -------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "811218-9876",
        "19811218-9876",
        "8112189876",
        "198112189876",
        "19811218 9876",
        "811218 - 9876",
        "811218+9876",
        "18811218+9876",
        "811218–9876",
        "811218—9876",
        "811218−9876",
        "811218\u20119876",
        "811218\u00a09876",
        "811218\u00ad-\u200e9876",
        "1981-12-18-9876",
        "1981-12-18 - 9876",
        "81.12.18-9876",
        "1981/12/18–9876",
        "８１１２１８－９８７６",
        "٨١١٢١٨-٩٨٧٦",
    ],
)
@pytest.mark.parametrize("around", ["{}", "Eleven ({}) läser.", "(2019) {}, 14 st", "pnr:{}."])
def test_a_personal_number_is_caught(number: str, around: str):
    assert personal_number_in(around.format(number)) == "811218-****"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Samordningsnummer 701063-2391", "701063-****"),
        ("en skottdag: 000229-0005", "000229-****"),
        ("2019-05-14 1300 och sedan 811218-9876", "811218-****"),
        ("812218-9876 811218-9875 811218-9876", "811218-****"),
    ],
)
def test_which_one_is_caught(text: str, found: str):
    assert personal_number_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "811218-9875",  # the check digit
        "811318-9873",  # no month
        "19810229-9876",
        "811218-****",
        "Dnr 2018:8016",
        "U2015/3357/S",
        "BUN 2009/182-609",
        "2018:811218-9876",
        "202100-5489",
        "16202100-5489",
        "212000-0142",
        "08-527 332 00",
        "070-174 06 05",
        "070-1740605",
        "+46 70 174 06 05",
        "0701234567",
        "1 450 000 kronor",
        "0,8112189876",
        "2019-05-14 1300",
        "2019-05-14 kl. 13.00–14.30",
        "2019-08-15 – 2020-06-12",
        "190815 – 2020-06-12",
        "Skolenhetskod 81121898",
        "188112189876543",
        "https://su-se.zoom.us/j/8112189876?pwd=1",
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    ],
)
def test_what_is_no_personal_number(text: str):
    assert personal_number_in(text) is None


@given(st.text())
def test_any_text_is_read(text: str):
    personal_number_in(text)


# --- fields --------------------------------------------------------------------------------


# Known to these tests only, so that it needs no migration.
with isolate_apps("organisations"):

    class Letter(models.Model):
        text = ProseField(blank=True)
        subject = LineField(max_length=20)

        class Meta:
            app_label = "organisations"

        def __str__(self) -> str:
            return self.subject


LetterForm = forms.modelform_factory(Letter, fields=["text", "subject"])


def letter(**typed: str) -> "forms.ModelForm[Letter]":
    return LetterForm({"text": "", "subject": "Läsning", **typed})


@pytest.mark.parametrize(
    "text",
    [
        "å" * 10_000,
        # Longer as typed than as stored.
        "a\u030a" * 10_000,
        "rad\r\n" * 2_500,
        FAMILY * 2_500,
        ARABIC,
    ],
)
def test_ten_thousand_characters_of_any_kind_are_kept(text: str):
    form = letter(text=text)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == tidy(text).strip()


def test_what_is_too_long_is_refused_and_still_in_the_box():
    form = letter(text="å" * 10_001)
    assert list(form.errors) == ["text"]
    assert "å" * 10_001 in str(form["text"])


def test_the_browser_cuts_nothing():
    assert "maxlength" not in letter().as_p()


def test_a_line_is_one_line():
    form = letter(subject=" Läsa\r\noch\tskriva ")
    assert form.is_valid()
    assert form.cleaned_data["subject"] == "Läsa och skriva"
    assert "<textarea" not in str(form["subject"])


def test_nothing_visible_is_nothing():
    assert list(letter(subject="\u200b\u00ad").errors) == ["subject"]


@pytest.mark.parametrize("name", ["text", "subject"])
def test_a_personal_number_is_refused_once_and_masked(name: str):
    form = letter(**{name: "811218-9876"})
    assert len(form.errors[name]) == 1
    assert "811218-****" in form.errors[name][0]
    assert "9876" not in form.errors[name][0]


def test_a_model_refuses_it_too():
    with pytest.raises(ValidationError) as refused:
        Letter(text="811218-9876", subject="811218-9876").full_clean()
    assert set(refused.value.message_dict) == {"text", "subject"}


def test_migrations_know_plain_columns():
    text, subject = (field.deconstruct() for field in Letter._meta.fields[1:])
    assert text[1:] == ("django.db.models.TextField", [], {"blank": True, "max_length": 10_000})
    assert subject[1:] == ("django.db.models.CharField", [], {"max_length": 20})


def test_a_form_may_ask_for_other_inputs():
    class ShortForm(forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            model = Letter
            fields = ("text",)
            field_classes = {"text": LineInput}
            widgets = {"text": forms.TextInput}

    field = ShortForm().fields["text"]
    assert isinstance(field, ProseInput)
    assert isinstance(field.widget, forms.TextInput)
