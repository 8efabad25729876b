"""Whatever people write is tidied, measured and searched for personal identity numbers."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models

from organisations.prose import LineField, ProseField, ProseInput
from tests.architecture.test_source import sources

pytestmark = pytest.mark.portable

# Text that is no prose, each for a reason that somebody has judged.
JUDGED_INPUTS = {
    "portfolio.FilterForm.sok": "what is searched for is stored nowhere",
}
JUDGED_COLUMNS = {
    "organisations.User.password": "a hash",
    "organisations.IdentityProvider.issuer": "an address, entered by a command",
    "organisations.IdentityProvider.client_id": "given by the provider, entered by a command",
    "organisations.IdentityProvider.certificate": "read from metadata by a command",
    "organisations.IdentityProvider.subject_attribute": "a name of a standard",
    "organisations.IdentityProvider.strong_contexts": "names of standards",
    "organisations.Invitation.key_digest": "a digest",
    "organisations.Organisation.organisation_number": "ten digits with a check digit",
    "organisations.Organisation.municipality_code": "four digits",
    "organisations.Unit.school_unit_code": "eight digits",
    "organisations.TakenIn.what": "a word of the programme",
    "organisations.TakenIn.code": "digits of the register",
    "sbs_workflow.TransitionRecord.machine": "written by perform",
    "sbs_workflow.TransitionRecord.object_name": "written by perform",
    "sbs_workflow.TransitionRecord.transition": "written by perform",
    "sbs_workflow.TransitionRecord.from_state": "written by perform",
    "sbs_workflow.TransitionRecord.to_state": "written by perform",
}
# Its rows are written by rules and read by people, in words that stand in the other houses.
KNOWS_NO_WORDS = {"notifications"}

# --- what a person types in ----------------------------------------------------------------


def all_forms() -> list[Any]:
    """Every form of the houses that has fields of its own."""
    for house in settings.STREET:
        if list((Path(settings.BASE_DIR) / house).glob("forms*")):
            import_module(f"{house}.forms")
    found, unread = set(), [forms.BaseForm]
    while unread:
        form = unread.pop()
        unread += form.__subclasses__()
        if form.__module__.split(".")[0] in settings.STREET and hasattr(form, "base_fields"):
            found.add(form)
    return sorted(found, key=lambda form: (form.__module__, form.__qualname__))


def is_typed_text(field: forms.Field) -> bool:
    no_words = (forms.EmailField, forms.URLField, forms.UUIDField, forms.SlugField)
    return (
        isinstance(field, forms.CharField)
        and not isinstance(field, no_words)
        and not field.widget.is_hidden
        and not isinstance(field.widget, forms.PasswordInput)
    )


def careless_inputs(form: Any) -> Iterator[str]:
    for name, field in form.base_fields.items():
        if is_typed_text(field) and not isinstance(field, ProseInput):
            yield f"{form.__module__.split('.')[0]}.{form.__name__}.{name}"


def test_every_text_that_a_form_asks_for_is_prose():
    found = {name for form in all_forms() for name in careless_inputs(form)}
    assert found - set(JUDGED_INPUTS) == set()
    assert set(JUDGED_INPUTS) - found == set(), "these are gone: strike them out"


def test_a_careless_form_is_found():
    class CarelessForm(forms.Form):
        why = forms.CharField()
        key = forms.CharField(widget=forms.HiddenInput)
        email = forms.EmailField()

    assert [name.rpartition(".")[2] for name in careless_inputs(CarelessForm)] == ["why"]
    assert len(all_forms()) > 10


# Fields that a form makes while it runs are in no list of its class.


def careless_lines(source: str) -> Iterator[str]:
    """Calls of ``forms.CharField`` that are not of a hidden field or a password."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="CharField", value=ast.Name(id="forms"))):
                if not re.search("HiddenInput|PasswordInput", ast.unparse(node)):
                    yield ast.unparse(node)


def test_no_form_makes_a_plain_text_field():
    found = {
        path: lines
        for path, source in sources().items()
        if path != "organisations/prose.py" and (lines := list(careless_lines(source)))
    }
    assert set(found) == {"portfolio/forms.py"}
    assert len(found["portfolio/forms.py"]) == len(JUDGED_INPUTS)


# --- what is stored ------------------------------------------------------------------------


def is_text_column(field: object) -> bool:
    no_words = (models.EmailField, models.URLField, models.SlugField)
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, no_words)
        and field.editable
        and not field.choices
    )


def test_every_text_that_people_write_is_stored_in_a_field_of_prose():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in set(settings.STREET) - KNOWS_NO_WORDS
        if not model._meta.proxy
        for field in model._meta.get_fields()
        if is_text_column(field) and not isinstance(field, ProseField | LineField)
    }
    assert found - set(JUDGED_COLUMNS) == set()
    assert set(JUDGED_COLUMNS) - found == set(), "these are gone: strike them out"
