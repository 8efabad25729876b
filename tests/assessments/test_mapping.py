"""Mapping the capacity to improve: twice, together, and never to rank anybody (KAU 2018, R14)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from assessments.actions import write_mapping
from assessments.models import CapacityMapping, Dimension, DimensionRating
from assessments.queries import mapping_said
from notifications.duties import open_duties
from organisations.models import User
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

# In Swedish or, until it is translated, in English.
WHEN_AND_HOW = r"när och hur|when and how"
EVERY_LEVEL = r"nivå|level"
END = TODAY + timedelta(days=700)
EVERYTHING: dict[str, Any] = dict.fromkeys(Dimension, (3, "Det syns i arbetslagens möten."))


def begin_interventions(cast: Cast) -> None:
    perform(
        factories.put(cast.ours.collaboration, "agreed").start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        interventions_start_on=TODAY,
        interventions_end_on=END,
    )


def write(mapping: CapacityMapping, by: User, said: Mapping[str, Any] = EVERYTHING) -> None:
    write_mapping(
        mapping=mapping,
        mapped_on=TODAY,
        method="Samtal med ledningsgruppen.",
        said=said,
        by=by,
        now=NOW,
    )


def due_dates() -> dict[int, date | None]:
    return dict(CapacityMapping.objects.values_list("round", "due_on"))


def names(cast: Cast, today: date) -> list[str]:
    found = open_duties(today, scopes=[cast.ours.collaboration.pk])
    return [each.duty.name for each in found if each.duty.rule == "R14"]


def test_both_rounds_are_owed_from_the_first_day(cast: Cast):
    begin_interventions(cast)
    # Ten weeks before the end is a Sunday.
    assert due_dates() == {1: TODAY + timedelta(weeks=4), 2: date(2027, 11, 30)}


def test_the_second_follows_a_new_end_until_it_is_begun(cast: Cast):
    begin_interventions(cast)

    def extend(days: int) -> None:
        perform(
            cast.ours.collaboration.extend,
            by=cast.agency_manager,
            now=NOW,
            reason="En termin till.",
            interventions_end_on=END + timedelta(days=days),
        )

    extend(140)
    assert due_dates()[2] == date(2028, 4, 18)
    second = CapacityMapping.objects.get(round=2)
    perform(second.begin, by=cast.ours.team_leader, now=NOW)
    begun = due_dates()
    extend(280)
    assert due_dates() == begun


def test_it_is_begun_written_together_and_shared(cast: Cast):
    mapping = factories.mapping(cast.ours.collaboration, state="not_begun")
    begun = perform(mapping.begin, by=cast.ours.team_leader, now=NOW)
    assert (begun.begun_on, begun.due_on) == (TODAY, TODAY + timedelta(weeks=6))
    with pytest.raises(TransitionRefused, match=WHEN_AND_HOW):
        perform(begun.finish, by=cast.ours.team_leader, now=NOW)
    write(begun, cast.ours.team_leader, dict.fromkeys(Dimension, (None, "")))
    with pytest.raises(TransitionRefused, match=EVERY_LEVEL):
        perform(begun.finish, by=cast.ours.team_leader, now=NOW)
    write(begun, cast.ours.head_of_authority)
    done = perform(begun.finish, by=cast.ours.team_leader, now=NOW)
    assert (done.state, done.done_on, done.due_on) == ("done", TODAY, None)
    with pytest.raises(TransitionRefused):
        write(done, cast.ours.team_leader)


@pytest.mark.parametrize("who", ["process_supporter", "principal", "education_leader"])
def test_others_do_not_write_it(cast: Cast, who: str):
    mapping = factories.mapping(cast.ours.collaboration)
    with pytest.raises(PermissionDenied):
        write(mapping, getattr(cast.ours, who))


def test_a_level_can_be_taken_back_and_a_note_needs_one(cast: Cast):
    mapping = factories.mapping(cast.ours.collaboration)
    write(mapping, cast.ours.team_leader, EVERYTHING | {Dimension.ROLES: (None, "")})
    assert not mapping.ratings.filter(dimension=Dimension.ROLES).exists()
    assert mapping.ratings.get(dimension=Dimension.HISTORY).level == 3
    with pytest.raises(TransitionRefused):
        write(mapping, cast.ours.team_leader, EVERYTHING | {Dimension.ROLES: (None, "Otydligt.")})


@pytest.mark.parametrize(
    ("before", "now", "moved"), [(2, 3, "grown"), (3, 3, "as it was"), (3, 1, "weaker")]
)
def test_the_end_stands_beside_the_start_in_words(cast: Cast, before: int, now: int, moved: str):
    first = factories.mapping(cast.ours.collaboration, state="done")
    second = factories.mapping(cast.ours.collaboration, round=2)
    DimensionRating.objects.filter(mapping=first).update(level=before)
    DimensionRating.objects.filter(mapping=second).update(level=now)
    load_roles(cast.ours.team_leader, TODAY)
    with override("en"):
        rows = mapping_said(second, cast.ours.team_leader).rows
        assert {moved in row.moved for row in rows} == {True}
        alone = mapping_said(first, cast.ours.team_leader).rows
        assert {row.moved for row in alone} == {""}, "the start is compared with nothing"


def test_the_agency_reads_it_once_it_is_shared(cast: Cast, client: Client):
    mapping = factories.mapping(cast.ours.collaboration)
    client.force_login(cast.ours.process_supporter)
    assert client.get(mapping.get_absolute_url()).status_code == 404
    assert (
        mapping.get_absolute_url()
        not in client.get(cast.ours.collaboration.get_absolute_url()).content.decode()
    ), "no link to a closed page"
    perform(mapping.finish, by=cast.ours.team_leader, now=NOW)
    page = client.get(mapping.get_absolute_url()).content.decode()
    assert page.count("Det syns i arbetslagens möten.") == len(Dimension)
    assert 'data-draft="kartlaggning"' not in page


def test_two_write_in_the_same_form_and_neither_loses_a_note(cast: Cast, client: Client):
    mapping = factories.mapping(cast.ours.collaboration)
    client.force_login(cast.ours.team_leader)
    form = client.get(mapping.get_absolute_url()).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    write(mapping, cast.ours.coordinator, EVERYTHING | {Dimension.ROLES: (4, "Förstelärarna.")})
    saved = client.post(mapping.get_absolute_url(), answers | {"note_history": "Två projekt."})
    assert saved.status_code == 302
    notes = dict(mapping.ratings.values_list("dimension", "note"))
    assert (notes["roles"], notes["history"]) == ("Förstelärarna.", "Två projekt.")


def test_what_is_owed_of_a_mapping(cast: Cast):
    case = cast.ours.collaboration
    mapping = factories.mapping(case, state="not_begun", due_on=TODAY)
    assert names(cast, TODAY) == ["assessments.begin-mapping"]
    assert names(cast, TODAY - timedelta(days=29)) == []
    factories.put(mapping, "begun")
    assert names(cast, TODAY) == ["assessments.finish-mapping"]
    for state in ("done", "waived"):
        factories.put(mapping, state, due_on=None, mapped_on=TODAY, done_on=TODAY)
        assert names(cast, TODAY) == []


def test_the_lead_may_do_without_it_with_a_reason(cast: Cast):
    mapping = factories.mapping(cast.ours.collaboration, state="not_begun")
    with pytest.raises(PermissionDenied):
        perform(mapping.waive, by=cast.ours.team_leader, now=NOW, reason="Tiden räcker inte.")
    with pytest.raises(TransitionRefused):
        perform(mapping.waive, by=cast.ours.university_lead, now=NOW)
    waived = perform(
        mapping.waive, by=cast.ours.university_lead, now=NOW, reason="Gjordes i ett annat program."
    )
    assert (waived.state, waived.due_on) == ("waived", None)


@pytest.mark.parametrize(
    "fields", [{"round": 3}, {"state": "done", "mapped_on": None}, {"round": 1}]
)
def test_what_the_database_refuses(cast: Cast, fields: dict[str, Any]):
    factories.mapping(cast.ours.collaboration)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.mapping(cast.ours.collaboration, **fields)
