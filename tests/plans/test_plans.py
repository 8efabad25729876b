"""Nulägesanalys and åtgärdsplan: guards, gates, effects, actions and duties."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from notifications.duties import open_duties
from notifications.working_days import is_working_day
from plans.actions import revise_plan, write_document
from plans.models import ActionPlan, SituationAnalysis
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Collaboration, Participation, Phase, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def owed(collaboration: Collaboration, today: date = TODAY) -> list[tuple[str, str]]:
    return [
        (duty.duty.name, duty.subject)
        for duty in open_duties(today, scopes=[collaboration.pk])
        if duty.duty.name.startswith("plans.")
    ]


# --- guards --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "step", "emptied"),
    [
        ("in_progress", "share", "views_of_children"),
        ("shared", "conclude", "participants"),
        ("shared", "conclude", "priorities"),
    ],
)
def test_an_analysis_goes_on_only_when_it_says_this(
    cast: Cast, state: str, step: str, emptied: str
):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school, state=state)
    SituationAnalysis.objects.update(**{emptied: " \n "})
    with pytest.raises(TransitionRefused):
        perform(getattr(analysis, step), by=cast.ours.principal, now=NOW)


def test_sharing_and_concluding_are_dated_and_what_was_shared_stays_readable(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    shared = perform(analysis.share, by=cast.ours.principal, now=NOW)
    assert shared.shared_on == TODAY
    returned = perform(
        shared.return_with_comments, by=cast.agency_manager, now=NOW, reason="Fördjupa"
    )
    assert (returned.shared_on, returned.is_open_for_writing) == (TODAY, True)
    shared = perform(returned.share, by=cast.ours.principal, now=NOW + timedelta(days=1))
    concluded = perform(shared.conclude, by=cast.ours.principal, now=NOW)
    assert (concluded.concluded_on, concluded.due_on) == (TODAY, None)


@pytest.mark.parametrize(
    ("state", "may"),
    [("analysing", True), ("planning", True), ("agreed", False), ("active", False)],
)
def test_an_analysis_is_reopened_before_the_agreement_only(cast: Cast, state: str, may: bool):
    analysis = factories.analysis(
        factories.put(cast.ours.collaboration, state), cast.ours.school, state="concluded"
    )
    if may:
        reopened = perform(analysis.reopen, by=cast.agency_manager, now=NOW, reason="Nya resultat")
        assert (reopened.state, reopened.concluded_on) == ("in_progress", None)
        return
    with pytest.raises(TransitionRefused):
        perform(analysis.reopen, by=cast.agency_manager, now=NOW, reason="Nya resultat")


# --- gates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("not_started", True), ("in_progress", True), ("shared", False), ("concluded", False)],
)
def test_the_analysis_phase_ends_when_every_analysis_is_shared(
    cast: Cast, state: str, is_open: bool
):
    case = cast.ours.collaboration
    analysis = factories.analysis(case, cast.ours.school, state=state)
    factories.analysis(case, cast.ours.preschool, state="shared")
    reasons = open_gates(case, Phase.ANALYSIS, TODAY)
    assert [reason.url for reason in reasons] == [analysis.get_absolute_url()] * is_open
    assert all("Älvskolan" in reason.text for reason in reasons)


def test_a_unit_that_has_left_holds_nobody_up(cast: Cast):
    case = cast.ours.collaboration
    factories.analysis(case, cast.ours.school, state="not_started")
    factories.plan(case, cast.ours.school)
    Participation.objects.filter(unit=cast.ours.school).update(left_on=TODAY)
    assert open_gates(case, Phase.ANALYSIS, TODAY) == []
    assert not any("Älvskolan" in r.text for r in open_gates(case, Phase.PLAN, TODAY))


def test_the_plan_phase_ends_when_every_unit_has_an_adopted_plan(cast: Cast):
    case, school = cast.ours.collaboration, cast.ours.school

    def missing() -> list[str]:
        return [r.url for r in open_gates(case, Phase.PLAN, TODAY) if school.name in r.text]

    plan = factories.plan(case, school, state="discussed")
    assert missing() == [plan.get_absolute_url()]
    factories.put(plan, "adopted")
    assert missing() == []
    factories.plan(case, school, state="draft", version=2)
    assert missing() == [], "the version in force counts while the next one is written"


# --- effects -------------------------------------------------------------------------------


def test_starting_the_analysis_gives_each_unit_one(cast: Cast):
    case = factories.put(cast.ours.collaboration, "accepted")
    Participation.objects.filter(unit=cast.ours.preschool).update(left_on=TODAY)
    perform(case.start_analysis, by=cast.agency_manager, now=NOW, analysis_starts_on=TODAY)
    analyses = SituationAnalysis.objects.filter(collaboration=case)
    assert {a.unit for a in analyses} == {cast.ours.school, cast.ours.administration}
    assert {a.state for a in analyses} == {"not_started"}
    for analysis in analyses:
        assert analysis.due_on is not None
        assert is_working_day(analysis.due_on)
        assert TODAY + timedelta(days=150) <= analysis.due_on < TODAY + timedelta(days=157)


def test_starting_to_plan_gives_each_unit_a_plan(cast: Cast):
    case = factories.put(cast.ours.collaboration, "analysing")
    perform(case.start_planning, by=cast.agency_manager, now=NOW)
    plans = ActionPlan.objects.filter(collaboration=case)
    assert len(plans) == 3 == SituationAnalysis.objects.filter(collaboration=case).count()
    assert {(plan.version, plan.state) for plan in plans} == {(1, "draft")}
    assert all(plan.due_on and plan.due_on > TODAY for plan in plans)


def test_adopting_the_next_version_replaces_the_one_in_force(cast: Cast):
    case, school = cast.ours.collaboration, cast.ours.school
    old = factories.plan(case, school, state="adopted")
    other = factories.plan(case, cast.ours.preschool, state="adopted")
    new = factories.plan(case, school, state="discussed", version=2)
    goal = old.planned_goals.get().goal
    perform(new.adopt, by=cast.ours.principal, now=NOW)
    assert dict(ActionPlan.objects.values_list("pk", "state")) == {
        old.pk: "superseded", new.pk: "adopted", other.pk: "adopted",
    }  # fmt: skip
    record = TransitionRecord.objects.get(object_id=old.pk)
    assert (record.transition, record.by) == ("supersede", cast.ours.principal)
    assert "2" in record.reason
    assert goal.plannings.count() == 2, "both versions keep what they say of the goal"


# --- actions -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["principal", "process_leader", "head_of_authority", "coordinator"])
def test_the_unit_and_its_huvudman_write(cast: Cast, who: str):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    written = write_document(
        document=analysis, by=getattr(cast.ours, who), now=NOW, text="Så här ser det ut."
    )
    assert SituationAnalysis.objects.get(pk=written.pk).text == "Så här ser det ut."


@pytest.mark.parametrize(
    "who", ["process_supporter", "team_leader", "preschool_principal", "university_lead"]
)
def test_the_others_do_not(cast: Cast, who: str):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    with pytest.raises(PermissionDenied):
        write_document(document=analysis, by=getattr(cast.ours, who), now=NOW, text="Nej")
    with pytest.raises(PermissionDenied):
        write_document(document=analysis, by=cast.theirs.head_of_authority, now=NOW, text="Nej")


def test_a_plan_is_written_as_long_as_it_is_a_draft(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    write_document(document=plan, by=cast.ours.principal, now=NOW, text="Ny")
    with pytest.raises(TransitionRefused):
        write_document(
            document=factories.put(plan, "shared"), by=cast.ours.principal, now=NOW, text="Sen"
        )


def test_revising_opens_the_next_version_with_the_text_of_the_last(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    revised = revise_plan(plan=plan, reason="Trepartsavstämningen", by=cast.ours.principal, now=NOW)
    assert (revised.version, revised.state, revised.text) == (2, "draft", plan.text)
    assert (revised.revision_reason, revised.shared_on) == ("Trepartsavstämningen", None)
    assert factories.put(plan, "adopted").adopted_on == TODAY
    with pytest.raises(TransitionRefused):
        revise_plan(plan=plan, reason="En gång till", by=cast.ours.principal, now=NOW)


def test_a_new_version_is_offered_until_one_is_being_written(cast: Cast, client: Client):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    client.force_login(cast.ours.principal)
    offer = reverse("plans:revise", args=[plan.pk])
    assert offer in client.get(plan.get_absolute_url()).content.decode()
    revised = revise_plan(plan=plan, reason="Nya prov", by=cast.ours.principal, now=NOW)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert offer not in page
    assert revised.get_absolute_url() in page


@pytest.mark.parametrize("state", ["draft", "shared", "superseded"])
def test_only_the_adopted_plan_is_revised(cast: Cast, state: str):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state=state)
    with pytest.raises(TransitionRefused):
        revise_plan(plan=plan, reason="Ändrat", by=cast.ours.principal, now=NOW)


@pytest.mark.parametrize("who", ["process_leader", "coordinator", "process_supporter"])
def test_only_those_who_decide_revise(cast: Cast, who: str):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    for by in (getattr(cast.ours, who), getattr(cast.theirs, who), cast.theirs.principal):
        with pytest.raises(PermissionDenied):
            revise_plan(plan=plan, reason="Ändrat", by=by, now=NOW)


# --- duties --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(SituationAnalysis.State))
def test_an_analysis_is_owed_until_it_is_shared(cast: Cast, state: str):
    case = cast.ours.collaboration
    factories.analysis(case, cast.ours.school, state=state, due_on=TODAY + timedelta(days=150))
    expected = [("plans.share-analysis", "Älvskolan")] * (state in ("not_started", "in_progress"))
    assert owed(case) == expected
    assert owed(case, TODAY - timedelta(days=1)) == [], "it is not shown before its time"


@pytest.mark.parametrize("state", list(ActionPlan.State))
def test_a_plan_is_owed_until_it_is_adopted(cast: Cast, state: str):
    case = cast.ours.collaboration
    shown_on = TODAY + timedelta(days=2)  # sixty days before a Monday
    due_on = shown_on + timedelta(days=60)
    factories.plan(case, cast.ours.school, state=state, due_on=due_on)
    expected = [("plans.adopt-plan", "Älvskolan")] * (state in ("draft", "shared", "discussed"))
    assert owed(case, shown_on) == expected
    assert owed(case, shown_on - timedelta(days=1)) == []


@pytest.mark.parametrize("state", ["paused", "withdrawn", "terminated", "closed"])
def test_nothing_is_owed_in_a_case_that_stands_still(cast: Cast, state: str):
    factories.analysis(cast.ours.collaboration, cast.ours.school, due_on=TODAY)
    factories.plan(cast.ours.collaboration, cast.ours.school, due_on=TODAY)
    assert owed(factories.put(cast.ours.collaboration, state)) == []


def test_nothing_is_owed_by_a_unit_that_has_left(cast: Cast):
    factories.analysis(cast.ours.collaboration, cast.ours.school, due_on=TODAY)
    Participation.objects.filter(unit=cast.ours.school).update(left_on=TODAY)
    assert owed(cast.ours.collaboration) == []


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    case, school = cast.ours.collaboration, cast.ours.school
    factories.analysis(case, school)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.analysis(case, school)
    factories.plan(case, school, state="adopted")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.plan(case, school, state="adopted", version=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.plan(case, school, state="draft", version=1)
