"""Uppdragsplanen: what the lärosäte is to do, with whom, and on how many days of each month."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from interventions.actions import answer_assignment, revise_assignment, write_assignment
from interventions.models import AssignmentPlan, PlannedMonth, Visit
from notifications.duties import open_duties
from notifications.working_days import add_working_days
from sbs_workflow.engine import TransitionRefused, choices, perform
from sbs_workflow.models import Collaboration, TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def answer(cast: Cast, plan: AssignmentPlan, days: Mapping[date, str], team: str = "Ture") -> None:
    answer_assignment(
        assignment=plan,
        team=team,
        days={month: Decimal(count) for month, count in days.items()},
        by=cast.ours.team_leader,
        now=NOW,
    )


def confirm(cast: Cast, plan: AssignmentPlan) -> AssignmentPlan:
    fresh = AssignmentPlan.objects.get(pk=plan.pk)
    confirmed: AssignmentPlan = perform(fresh.confirm, by=cast.ours.team_leader, now=NOW)
    return confirmed


# --- writing and answering -----------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_the_agency_writes_it_until_it_is_sent(cast: Cast, state: str):
    plan = factories.assignment_plan(cast.ours.collaboration, state=state)
    write_assignment(assignment=plan, text="Tre dagar.", by=cast.ours.process_supporter, now=NOW)
    for by in (cast.ours.team_leader, cast.ours.head_of_authority, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            write_assignment(assignment=plan, text="Nej", by=by, now=NOW)
    sent = perform(AssignmentPlan.objects.get().send, by=cast.agency_manager, now=NOW)
    assert (sent.text, sent.sent_on) == ("Tre dagar.", TODAY)
    assert sent.due_on == add_working_days(TODAY, 15)
    with pytest.raises(TransitionRefused):
        write_assignment(assignment=plan, text="Sen", by=cast.agency_manager, now=NOW)


def test_it_is_sent_with_a_text_and_to_somebody(cast: Cast):
    plan = factories.assignment_plan(cast.ours.collaboration, text="")
    with pytest.raises(TransitionRefused):
        perform(plan.send, by=cast.agency_manager, now=NOW)
    AssignmentPlan.objects.update(text="Tre dagar.")
    Collaboration.objects.filter(pk=cast.ours.collaboration.pk).update(university=None)
    with pytest.raises(TransitionRefused):
        perform(plan.send, by=cast.agency_manager, now=NOW)


def test_the_university_answers_with_its_team_and_days(cast: Cast):
    plan = factories.assignment_plan(cast.ours.collaboration, state="sent", team="")
    plan.months.all().delete()
    for _missing_both in range(1):
        with pytest.raises(TransitionRefused) as told:
            confirm(cast, plan)
        assert len(told.value.reasons) == 2
    # A day within the month counts as the month, and a month without days is planned too.
    answer(cast, plan, {MAY: "0", date(2026, 4, 15): "1.5"})
    assert list(plan.months.values_list("month", "days")) == [
        (APRIL, Decimal("1.5")), (MAY, Decimal(0)),
    ]  # fmt: skip
    answer(cast, plan, {APRIL: "2"}, team="Ulla")
    assert list(plan.months.values_list("month", "days")) == [(APRIL, Decimal(2))]
    confirmed = confirm(cast, plan)
    assert (confirmed.team, confirmed.confirmed_on, confirmed.due_on) == ("Ulla", TODAY, None)


@pytest.mark.parametrize("state", ["draft", "returned", "confirmed", "superseded", "closed"])
def test_it_is_answered_while_it_waits_for_an_answer(cast: Cast, state: str):
    plan = factories.assignment_plan(cast.ours.collaboration, state=state)
    months = plan.months.count()
    with pytest.raises(TransitionRefused):
        answer(cast, plan, {APRIL: "1"})
    assert plan.months.count() == months


def test_others_do_not_answer(cast: Cast):
    plan = factories.assignment_plan(cast.ours.collaboration, state="sent")
    for by in (cast.ours.education_leader, cast.agency_manager, cast.theirs.team_leader):
        with pytest.raises(PermissionDenied):
            answer_assignment(assignment=plan, team="Vi", days={}, by=by, now=NOW)


def test_whoever_has_it_before_them_is_given_three_weeks(cast: Cast):
    plan = factories.assignment_plan(cast.ours.collaboration, state="sent", due_on=TODAY)
    returned = perform(
        plan.return_with_comment, by=cast.ours.university_lead, now=NOW, reason="För många dagar"
    )
    assert returned.due_on == add_working_days(TODAY, 15)


# --- versions ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["process_supporter", "team_leader", "university_lead"])
def test_the_next_version_begins_with_what_holds_and_is_begun_once(cast: Cast, who: str):
    first = factories.assignment_plan(cast.ours.collaboration, state="confirmed")
    by = getattr(cast.ours, who)
    second = revise_assignment(assignment=first, by=by, now=NOW)
    assert (second.version, second.state, second.sent_on) == (2, "draft", None)
    assert (second.text, second.team, second.agreement) == (
        first.text, first.team, first.agreement,
    )  # fmt: skip
    assert list(second.months.values_list("month", "days")) == list(
        first.months.values_list("month", "days")
    )
    assert revise_assignment(assignment=first, by=by, now=NOW).pk == second.pk
    factories.put(second, "sent")
    confirm(cast, second)
    assert dict(AssignmentPlan.objects.values_list("version", "state")) == {
        1: "superseded", 2: "confirmed",
    }  # fmt: skip
    assert "2" in TransitionRecord.objects.get(object_id=first.pk).reason


@pytest.mark.parametrize("state", ["draft", "sent", "returned", "superseded", "closed"])
def test_only_the_confirmed_version_is_revised(cast: Cast, state: str):
    plan = factories.assignment_plan(cast.ours.collaboration, state=state)
    with pytest.raises(TransitionRefused):
        revise_assignment(assignment=plan, by=cast.ours.team_leader, now=NOW)
    with pytest.raises(PermissionDenied):
        revise_assignment(assignment=plan, by=cast.ours.head_of_authority, now=NOW)


# --- the taper -----------------------------------------------------------------------------


@pytest.fixture
def going_on(cast: Cast) -> Collaboration:
    """Insatser from April to September; July is no month of visits."""
    return factories.put(
        cast.ours.collaboration,
        "active",
        interventions_start_on=APRIL,
        interventions_end_on=date(2026, 9, 30),
    )


def owed(case: Collaboration) -> list[int]:
    """The months for which a visit is owed."""
    rows = Visit.objects.filter(collaboration=case, state="needed", due_on__isnull=False)
    return sorted(visit.month.month for visit in rows)


def sent(case: Collaboration, days: dict[int, float], version: int = 1) -> AssignmentPlan:
    plan = factories.assignment_plan(case, state="sent", version=version)
    plan.months.all().delete()
    factories.plan_months(plan, {date(2026, month, 1): count for month, count in days.items()})
    return plan


def test_months_without_days_owe_no_visit(cast: Cast, going_on: Collaboration):
    confirm(cast, sent(going_on, {4: 1, 5: 0, 6: 0.5, 8: 0}))
    assert owed(going_on) == [4, 6, 9], "a month that nobody has planned is a month as usual"


def test_a_plan_confirmed_before_the_insatser_begin_waits_for_them(
    cast: Cast, going_on: Collaboration
):
    factories.put(going_on, "agreed")
    confirm(cast, sent(going_on, {4: 1, 5: 0}))
    assert owed(going_on) == []
    perform(
        Collaboration.objects.get(pk=going_on.pk).start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Samtalet hålls i april.",
        interventions_start_on=APRIL,
        interventions_end_on=date(2026, 9, 30),
    )
    assert owed(going_on) == [4, 6, 8, 9]


def test_a_revised_plan_takes_visits_away_and_gives_them_back(cast: Cast, going_on: Collaboration):
    confirm(cast, sent(going_on, {4: 1, 5: 1, 6: 1, 8: 1, 9: 0}))
    assert owed(going_on) == [4, 5, 6, 8]
    factories.put(Visit.objects.get(month=APRIL), "planned", takes_place_on=APRIL)
    confirm(cast, sent(going_on, {4: 0, 5: 0, 6: 1, 8: 1, 9: 1}, version=2))
    assert owed(going_on) == [6, 8, 9]
    assert Visit.objects.get(month=APRIL).state == "planned", "what is planned stays"
    confirm(cast, sent(going_on, {4: 1, 5: 2, 6: 1, 8: 0, 9: 0}, version=3))
    assert owed(going_on) == [5, 6]
    assert Visit.objects.filter(month=MAY).count() == 1
    assert Visit.objects.get(month=MAY).due_on == date(2026, 4, 27), "the 25th is a Saturday"


def test_nothing_is_owed_again_after_the_insatser(cast: Cast, going_on: Collaboration):
    confirm(cast, sent(going_on, {4: 1}))
    factories.put(going_on, "reporting")
    Visit.objects.update(due_on=None)
    confirm(cast, sent(going_on, {4: 1, 5: 1}, version=2))
    assert owed(going_on) == []


def test_the_form_suggests_days_that_thin_out_toward_the_end(cast: Cast, client: Client):
    case = factories.put(
        cast.ours.collaboration,
        "active",
        interventions_start_on=date(2026, 8, 10),
        interventions_end_on=date(2027, 12, 20),
    )
    plan = factories.assignment_plan(case, state="sent")
    plan.months.all().delete()
    client.force_login(cast.ours.team_leader)
    form = client.get(reverse("interventions:answer", args=[plan.pk])).context["form"]
    suggested = {name: form[name].value() for name in form.fields if name.startswith("days_")}
    assert len(suggested) == 16, "seventeen months, but not July"
    assert {suggested[f"days_2027_{month:02}"] for month in (1, 2, 3, 4, 5, 6)} == {1}
    assert [suggested[f"days_2027_{month:02}"] for month in (8, 9, 10, 11, 12)] == [1, 0, 1, 0, 1]
    # Once answered, what was answered is shown.
    answer(cast, plan, {date(2026, 8, 1): "2.5"})
    form = client.get(reverse("interventions:answer", args=[plan.pk])).context["form"]
    assert form["days_2026_08"].value() == Decimal("2.5")
    assert form["days_2027_12"].value() == 0


# --- the insatser wait for it --------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "state", "count"),
    [
        ("university", "confirmed", 0),
        ("university", "sent", 1),
        ("university", "", 1),
        ("spsm", "sent", 0),
        ("consultant", "", 0),
    ],
)
def test_an_insats_of_the_university_begins_before_it_is_confirmed_with_a_reason(
    cast: Cast, provider: str, state: str, count: int
):
    case = cast.ours.collaboration
    plan = factories.assignment_plan(case, state=state) if state else None
    intervention = factories.intervention(case, provider=provider)
    by = cast.ours.team_leader
    load_roles(by, TODAY)
    [ready] = choices(intervention, by, TODAY)
    assert [reason.url for reason in ready.open_gates] == [
        plan.get_absolute_url() if plan else ""
    ] * count
    if count:
        with pytest.raises(TransitionRefused):
            perform(intervention.make_ready, by=by, now=NOW)
    perform(intervention.make_ready, by=by, now=NOW, past_gates=True, reason="Planen kommer")
    assert len(TransitionRecord.objects.get().overridden) == count


# --- duties --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("draft", "interventions.send-assignment"),
        ("returned", "interventions.send-assignment"),
        ("sent", "interventions.confirm-assignment"),
        ("confirmed", ""),
        ("superseded", ""),
        ("closed", ""),
    ],
)
def test_the_duties_of_an_assignment(cast: Cast, state: str, name: str):
    case = cast.ours.collaboration
    shown_on = TODAY + timedelta(days=2)  # sixty days before a Monday
    factories.assignment_plan(case, state=state, due_on=shown_on + timedelta(days=60))

    def names(today: date) -> list[str]:
        found = [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]
        return [each for each in found if each.endswith("assignment")]

    assert names(shown_on) == ([name] if name else [])
    assert names(shown_on - timedelta(days=1)) == []
    factories.put(case, "paused")
    assert names(shown_on) == []


def test_constraints(cast: Cast):
    plan = factories.assignment_plan(cast.ours.collaboration, state="confirmed")
    month = PlannedMonth.objects.first()
    assert month is not None

    def refuses(make: Any, *given: Any, **fields: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make(*given, **fields)

    refuses(factories.assignment_plan, cast.ours.collaboration)
    refuses(factories.assignment_plan, cast.ours.collaboration, version=2, state="confirmed")
    refuses(plan.months.create, month=month.month, days=1)
    refuses(plan.months.create, month=date(2030, 1, 1), days=-1)
    refuses(plan.months.create, month=date(2030, 1, 1), days=32)
