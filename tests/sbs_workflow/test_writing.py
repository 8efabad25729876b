"""Two people write in the same form: field by field, nobody overwrites what they have not seen."""

import re
import threading
from collections import Counter
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client

from organisations.models import Organisation, Unit, User
from organisations.prose import ProseInput
from reports.models import Report
from sbs_workflow.models import Collaboration
from sbs_workflow.writing import TogetherForm
from tests import factories
from tests.cast import Cast

Typed = dict[str, Any]

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


# --- any kind of field ---------------------------------------------------------------------


class EveryForm(TogetherForm):
    text = ProseInput(required=False)
    day = forms.DateField(required=False)
    amount = forms.DecimalField(required=False)
    shared = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "Analys"), ("b", "Besök")])
    unit = forms.ModelChoiceField(Unit.objects.none(), required=False)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = fields["units"].queryset = Unit.objects.all()


@pytest.fixture
def units(cast: Cast) -> list[Unit]:
    return [cast.ours.school, cast.ours.preschool]


@pytest.fixture
def stored(units: list[Unit]) -> dict[str, Any]:
    return {
        "text": "Alla läser.\r\nVarje dag. ",
        "day": date(2026, 3, 10),
        "amount": Decimal("1450.00"),
        "shared": False,
        "kind": "a",
        "unit": units[0].pk,
        "units": units,
    }


@pytest.fixture
def typed(units: list[Unit]) -> Typed:
    """What the browser sends when nobody has touched anything."""
    return {
        "text": "Alla läser.\r\nVarje dag. ",
        "day": "2026-03-10",
        "amount": "1450",
        "kind": "a",
        "unit": str(units[0].pk),
        "units": [str(unit.pk) for unit in reversed(units)],
    }


@pytest.fixture
def others(units: list[Unit]) -> dict[str, Any]:
    """What somebody else has stored meanwhile, in every field."""
    return {
        "text": "Alla läser.\nVarje vecka.",
        "day": date(2026, 4, 1),
        "amount": Decimal("9.5"),
        "shared": True,
        "kind": "b",
        "unit": units[1].pk,
        "units": units[:1],
    }


@pytest.fixture
def mine(units: list[Unit]) -> Typed:
    """Something new in every field, and not what the other has written."""
    return {
        "text": "Några läser.",
        "day": "2026-05-05",
        "amount": "7",
        "kind": "a",
        "unit": "",
        "units": [str(units[1].pk)],
    }


def seen(stored: dict[str, Any]) -> str:
    return str(EveryForm(initial=stored)["seen"].value())


def meet(now: dict[str, Any], then: dict[str, Any], typed: Typed) -> EveryForm:
    form = EveryForm(typed | {"seen": seen(then)}, initial=now)
    form.is_valid()
    return form


def as_stored(form: EveryForm) -> Typed:
    data = form.cleaned_data
    return data | {"unit": data["unit"] and data["unit"].pk, "units": list(data["units"])}


def test_who_typed_nothing_new_keeps_what_others_have_stored(stored, others, typed):
    assert as_stored(meet(others, stored, typed)) == others


def test_who_is_alone_stores_what_was_typed(stored, typed, mine, units):
    form = meet(stored, stored, typed | mine)
    assert not form.errors
    assert as_stored(form) == {
        "text": "Några läser.",
        "day": date(2026, 5, 5),
        "amount": Decimal(7),
        "shared": False,
        "kind": "a",
        "unit": None,
        "units": units[1:],
    }


def test_who_typed_the_same_as_the_other_is_not_asked(stored, others, units):
    same = {
        "text": "Alla läser.\r\nVarje vecka.", "day": "2026-04-01", "amount": "9.50",
        "shared": "on", "kind": "b", "unit": str(units[1].pk), "units": [str(units[0].pk)],
    }  # fmt: skip
    assert as_stored(meet(others, stored, same)) == others


def test_different_fields_are_joined(stored, typed):
    form = meet(stored | {"day": date(2026, 4, 1)}, stored, typed | {"text": "Nytt"})
    assert not form.errors
    assert (form.cleaned_data["text"], form.cleaned_data["day"]) == ("Nytt", date(2026, 4, 1))


def test_where_both_have_changed_the_second_is_shown_both_and_asked(stored, others, typed, mine):
    form = meet(others, stored, typed | mine)
    assert set(form.errors) == set(mine) - {"kind"}  # one of two is no new choice
    assert form["text"].value() == "Några läser."
    text = form.conflicts["text"]
    assert [(piece.kind, piece.text) for piece in text.pieces] == [
        ("removed", "Några"),
        ("added", "Alla"),
        ("same", " läser."),
        ("added", "\nVarje vecka."),
    ]
    assert text.chosen is None
    shown = {name: "".join(p.text for p in form.conflicts[name].pieces) for name in form.errors}
    assert shown["day"] == "5 maj 2026 1 april 2026"
    assert shown["unit"] == " Ekorrens förskola"


def choose(form: EveryForm, whose: str) -> Typed:
    return {
        form.conflicts[name].choice_name: f"{whose} {form.conflicts[name].version}"
        for name in form.errors
    }


def test_the_choice_goes_through(stored, others, typed, mine, units):
    sent = typed | mine
    asked = meet(others, stored, sent)
    kept = meet(others, stored, sent | choose(asked, "mine"))
    assert not kept.errors
    assert kept.cleaned_data["text"] == "Några läser."
    assert list(kept.cleaned_data["units"]) == units[1:]
    taken = meet(others, stored, sent | choose(asked, "theirs"))
    assert not taken.errors
    assert as_stored(taken) == others


def test_sending_again_without_a_choice_is_no_choice(stored, others, typed, mine):
    again = EveryForm(meet(others, stored, typed | mine).data, initial=others)
    assert "text" in again.errors


def test_a_choice_is_between_the_versions_that_were_seen(stored, others, typed, mine):
    """Somebody has written a third time."""
    sent = typed | mine
    for whose in ("mine", "theirs"):
        chosen = sent | choose(meet(others, stored, sent), whose)
        third = meet(others | {"text": "Ingen läser."}, stored, chosen)
        assert set(third.errors) == {"text"}
        assert third.conflicts["text"].chosen is None


def test_a_choice_is_kept_when_something_else_is_wrong(stored, others, typed, mine):
    sent = typed | mine | {"kind": "c"}
    asked = meet(others, stored, sent)
    refused = meet(others, stored, sent | choose(meet(others, stored, typed | mine), "mine"))
    assert set(asked.errors) > {"kind"}
    assert set(refused.errors) == {"kind"}
    assert refused.conflicts["text"].chosen == "mine"


def test_who_takes_the_other_text_may_leave_a_mistake_of_their_own(stored, others, typed):
    sent = typed | {"text": "Elev 811218-9876"}
    asked = meet(others, stored, sent)
    assert len(asked.errors["text"]) == 2
    taken = meet(others, stored, sent | choose(asked, "theirs"))
    assert taken.cleaned_data["text"] == others["text"]


def test_a_row_that_somebody_has_added_or_taken_away_is_not_undone():
    class RowsForm(TogetherForm):
        day_1 = forms.DateField(required=False)
        day_2 = forms.DateField(required=False)

    one, two = {"day_1": date(2026, 3, 1)}, {"day_1": date(2026, 3, 1), "day_2": date(2026, 4, 1)}

    def meet(now: dict[str, Any], then: dict[str, Any], **typed: str) -> RowsForm:
        seen = RowsForm(initial=then)["seen"].value()
        form = RowsForm({"day_1": "2026-03-01", **typed, "seen": seen}, initial=now)
        form.is_valid()
        return form

    assert meet(now=two, then=one).cleaned_data == two
    assert meet(now=one, then=two, day_2="2026-04-01").cleaned_data["day_2"] is None
    assert set(meet(now=two, then=one, day_2="2026-05-01").errors) == {"day_2"}
    assert set(meet(now=one, then=two, day_2="2026-05-01").errors) == {"day_2"}


@pytest.mark.parametrize("seen", ["", "{", "[]", "7", '{"text": 7, "day": null}', "\x00"])
def test_nonsense_for_what_was_seen_hurts_nobody(stored, others, typed, seen: str):
    EveryForm(typed | {"seen": seen}, initial=others).is_valid()


def test_what_is_only_suggested_is_not_taken_for_stored(cast: Cast):
    class DayForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            model = Collaboration
            fields = ("due_on",)

    case = cast.ours.collaboration
    case.due_on = None
    yesterday, today = (DayForm(instance=case, initial={"due_on": d}) for d in ("2026-03-09", "10"))
    assert yesterday["seen"].value() == today["seen"].value()


def test_a_new_object_has_no_rivals():
    class CaseForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            model = Collaboration
            fields = ("name",)

    assert CaseForm()["seen"].value() == "{}"


# --- the pages -----------------------------------------------------------------------------


@pytest.fixture
def report(cast: Cast) -> Report:
    return factories.report(cast.ours.collaboration, cast.ours.school, text="Alla läser.")


TEXT = "lessons-1"  # of the only insats


class Writer:
    """Somebody at the form of a page."""

    def __init__(self, person: User, url: str) -> None:
        self.client, self.url = Client(), url
        self.client.force_login(person)
        form = self.client.get(url).context["form"]
        self.sent = {field.html_name: field.value() or "" for field in form}

    def send(self, **typed: str) -> Any:
        self.sent |= typed
        return self.client.post(self.url, self.sent)

    def choose(self, response: Any, whose: str) -> Any:
        page = response.content.decode()
        [(name, value)] = re.findall(rf'name="(choice_[\w-]+)" value="({whose} \w+)"', page)
        return self.send(**{name: value})


@pytest.fixture
def first(cast: Cast, report: Report) -> Writer:
    return Writer(cast.ours.principal, part_of(report))


@pytest.fixture
def second(cast: Cast, report: Report) -> Writer:
    return Writer(cast.ours.head_of_authority, part_of(report))


def text_of(report: Report) -> str:
    return report.answers.get(field="lessons").text


def part_of(report: Report) -> str:
    """The page on which the insats of the report is written."""
    return f"{report.get_absolute_url()}skriv/1/"


def test_the_second_sees_both_texts_and_chooses(report: Report, first: Writer, second: Writer):
    assert first.send(**{TEXT: "Alla läser mer."}).status_code == HTTPStatus.FOUND
    refused = second.send(**{TEXT: "Alla <b>skriver</b>."})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = refused.content.decode()
    assert "Alla &lt;b&gt;skriver&lt;/b&gt;.</textarea>" in page
    assert "läser mer.</ins>" in page
    assert not re.search(r'name="choice_[^>]* checked', page)
    assert second.send().status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert text_of(report) == "Alla läser mer."

    assert second.choose(refused, "mine").status_code == HTTPStatus.FOUND
    assert text_of(report) == "Alla <b>skriver</b>."


def test_the_second_may_take_the_other_text(report: Report, first: Writer, second: Writer):
    first.send(**{TEXT: "Alla läser mer."})
    assert second.choose(second.send(**{TEXT: "Jag"}), "theirs").status_code == HTTPStatus.FOUND
    assert text_of(report) == "Alla läser mer."


def test_facts_of_the_case_are_joined(cast: Cast):
    case = cast.ours.collaboration
    url = f"/samverkan/{case.pk}/uppgifter/"
    first, second = (
        Writer(person, url)
        for person in (cast.ours.process_supporter, cast.ours.second_process_supporter)
    )
    assert case.university
    university = Organisation.objects.filter(party="university").exclude(pk=case.university.pk)[0]
    assert first.send(university=str(university.pk)).status_code == HTTPStatus.FOUND
    assert second.send(reference="2026:1").status_code == HTTPStatus.FOUND
    now = Collaboration.objects.get(pk=case.pk)
    assert (now.university, now.reference) == (university, "2026:1")


def test_minutes_that_come_second_are_shown_beside_those_that_stand(cast: Cast):
    """A step is taken once: the second keeps the text, and may speak with the first."""
    meeting = factories.meeting(cast.ours.collaboration, state="held")
    url = f"/steg/mote/{meeting.pk}/write_minutes/"
    first = Writer(cast.ours.process_supporter, url)
    second = Writer(cast.ours.second_process_supporter, url)
    assert first.send(minutes="Alla mål är på god väg.").status_code == HTTPStatus.FOUND
    late = second.send(minutes="Två mål är nådda.")
    assert late.status_code == HTTPStatus.CONFLICT
    page = late.content.decode()
    assert "Två mål är nådda.</textarea>" in page
    assert "Alla</ins>" in page


def test_who_comes_second_is_shown_no_more_than_the_step_asks_for(cast: Cast):
    """The agency reads no draft by naming its field in a request of its own making."""
    client = Client()
    client.force_login(cast.ours.process_supporter)
    returned = factories.report(
        cast.ours.collaboration, cast.ours.preschool, state="returned", text="Hemligt utkast."
    )
    late = client.post(f"/steg/redovisning/{returned.pk}/accept/", {"text": "Utkast."})
    assert late.status_code == HTTPStatus.CONFLICT
    assert "Hemligt" not in late.content.decode()


def test_who_comes_second_to_themselves_loses_no_text_either(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="held")
    tabs = [
        Writer(cast.ours.process_supporter, f"/steg/mote/{meeting.pk}/write_minutes/")
        for _tab in range(2)
    ]
    tabs[0].send(minutes="Alla mål är på god väg.")
    assert tabs[0].send().status_code == HTTPStatus.FOUND
    assert (
        "Två mål är nådda.</textarea>" in tabs[1].send(minutes="Två mål är nådda.").content.decode()
    )


# --- a true race ---------------------------------------------------------------------------

ROUNDS = 20


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_asked(cast: Cast, report: Report):
    """Each on a connection of their own, from the same page, with a text of their own."""
    people = (cast.ours.principal, cast.ours.head_of_authority)
    start = threading.Barrier(2, timeout=30)
    outcomes: list[list[int]] = [[], []]
    kept: list[str] = []

    def save(number: int) -> None:
        try:
            for turn in range(ROUNDS):
                writer = Writer(people[number], part_of(report))
                start.wait()
                response = writer.send(**{TEXT: f"Person {number}, varv {turn}"})
                outcomes[number].append(response.status_code)
                if response.status_code == HTTPStatus.FOUND:
                    kept.append(writer.sent[TEXT])
                start.wait()
        finally:
            connection.close()

    rivals = [threading.Thread(target=save, args=(number,)) for number in range(2)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    pairs = Counter(tuple(sorted(pair)) for pair in zip(*outcomes, strict=True))
    assert pairs == {(HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY): ROUNDS}
    assert text_of(report) == kept[-1]
