"""Who sees what: each party its own drafts, all three what is shared, nobody else anything."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import Model

from interventions.models import Agreement, Intervention, Visit
from organisations.models import Membership, Party, Role, User
from sbs_workflow.models import Assignment, Collaboration, SchoolAuthority, TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

AGENCY = {Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER}
ORGANISER = {Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, Role.PRINCIPAL, Role.PROCESS_LEADER}
UNIVERSITY = {Role.UNIVERSITY_LEAD, Role.TEAM_LEADER, Role.EDUCATION_LEADER}
ALL = AGENCY | ORGANISER | UNIVERSITY

Build = Callable[[Cast], Model]


def analysis(state: str, *, was_shared: bool) -> Build:
    return lambda cast: factories.analysis(
        cast.ours.collaboration,
        cast.ours.school,
        state=state,
        shared_on=TODAY if was_shared else None,
    )


def plan(state: str, *, was_shared: bool) -> Build:
    return lambda cast: factories.plan(
        cast.ours.collaboration,
        cast.ours.school,
        state=state,
        shared_on=TODAY if was_shared else None,
    )


def agreement(state: str, *, was_proposed: bool) -> Build:
    return lambda cast: factories.agreement(
        cast.ours.collaboration, state=state, proposed_on=TODAY if was_proposed else None
    )


def part(build: Build, *path: str) -> Build:
    """A row of what is built, such as its first problem and the first cause of that."""

    def found(cast: Cast) -> Model:
        instance: Any = build(cast)
        for name in path:
            step = getattr(instance, name)
            instance = step.first() if hasattr(step, "first") else step
        assert instance is not None
        return instance

    return found


def assignment_plan(state: str, *, was_sent: bool) -> Build:
    return lambda cast: factories.assignment_plan(
        cast.ours.collaboration, state=state, sent_on=TODAY if was_sent else None
    )


def asked_for_by(who: str) -> Build:
    """A draft of an amendment that this person has asked for."""
    return lambda cast: factories.agreement(
        cast.ours.collaboration, version=2, amended_by=getattr(cast.ours, who)
    )


def intervention(cast: Cast) -> Intervention:
    return factories.intervention(cast.ours.collaboration, units=[cast.ours.school])


def visit(cast: Cast, state: str) -> Visit:
    return factories.visit(
        cast.ours.collaboration,
        state=state,
        units=[cast.ours.school],
        interventions=[intervention(cast)],
    )


def terms_of(state: str) -> Build:
    def build(cast: Cast) -> Agreement:
        agreement = factories.agreement(cast.ours.collaboration, state=state)
        agreement.instalments.create(pays_on=TODAY, amount=100)
        agreement.reporting_dates.create(report_on=TODAY)
        return agreement

    return build


def outline(cast: Cast) -> Model:
    return intervention(cast).outlines.create(
        text="Tre träffar.", written_by=cast.ours.team_leader, written_at=NOW
    )


def deviation(cast: Cast) -> Model:
    return factories.deviation(intervention(cast), by=cast.ours.team_leader)


def rating(cast: Cast, state: str) -> Model:
    goal = part(plan(state, was_shared=state != "draft"), "planned_goals", "goal")(cast)
    return factories.rating(goal, by=cast.ours.principal)  # type: ignore[arg-type]


IN_REWORK = analysis("in_progress", was_shared=True)
PLAN_IN_REWORK = plan("draft", was_shared=True)
PLAN_DRAFT = plan("draft", was_shared=False)
PLAN_SHARED = plan("shared", was_shared=True)


def report(state: str) -> Build:
    return lambda cast: factories.report(cast.ours.collaboration, cast.ours.school, state=state)


def mapping(state: str) -> Build:
    return lambda cast: factories.mapping(cast.ours.collaboration, state=state)


def party_task(cast: Cast) -> Model:
    return factories.party_task(factories.meeting(cast.ours.collaboration), "organiser")


def change_proposal(cast: Cast) -> Model:
    return factories.change_proposal(factories.meeting(cast.ours.collaboration, state="minuted"))


def government_report(cast: Cast) -> Model:
    return factories.government_report(cast.agency)


SEEN_BY: dict[str, tuple[Build, set[Role]]] = {
    "candidate": (lambda cast: factories.put(cast.ours.collaboration, "candidate"), AGENCY),
    "offered": (lambda cast: factories.put(cast.ours.collaboration, "offered"), ALL),
    "active": (lambda cast: cast.ours.collaboration, ALL),
    "withdrawn": (lambda cast: factories.put(cast.ours.collaboration, "withdrawn"), ALL),
    "analysis not started": (analysis("not_started", was_shared=False), ORGANISER),
    "analysis in progress": (analysis("in_progress", was_shared=False), ORGANISER),
    "analysis shared": (analysis("shared", was_shared=True), ALL),
    "analysis returned": (analysis("in_progress", was_shared=True), ALL),
    "plan draft": (plan("draft", was_shared=False), ORGANISER),
    "plan adopted": (plan("adopted", was_shared=True), ALL),
    "agreement draft": (agreement("draft", was_proposed=False), AGENCY),
    "agreement proposed": (agreement("proposed", was_proposed=True), ALL),
    "agreement returned": (agreement("returned", was_proposed=True), ALL),
    # What a document consists of is read as it stands by its own side while it is reworked, and
    # by the others as it was shared.
    "problem of a draft": (part(analysis("in_progress", was_shared=False), "problems"), ORGANISER),
    "problem in rework": (part(IN_REWORK, "problems"), ORGANISER),
    "cause in rework": (part(IN_REWORK, "problems", "causes"), ORGANISER),
    "evidence in rework": (part(IN_REWORK, "problems", "evidence"), ORGANISER),
    "problem shared": (part(analysis("shared", was_shared=True), "problems"), ALL),
    "cause shared": (part(analysis("shared", was_shared=True), "problems", "causes"), ALL),
    "evidence shared": (part(analysis("shared", was_shared=True), "problems", "evidence"), ALL),
    "planned goal of a draft": (part(PLAN_DRAFT, "planned_goals"), ORGANISER),
    "planned goal in rework": (part(PLAN_IN_REWORK, "planned_goals"), ORGANISER),
    "planned goal shared": (part(PLAN_SHARED, "planned_goals"), ALL),
    "goal that no shared plan names": (part(PLAN_DRAFT, "planned_goals", "goal"), ORGANISER),
    "goal whose plan is reworked": (part(PLAN_IN_REWORK, "planned_goals", "goal"), ALL),
    "goal shared": (part(PLAN_SHARED, "planned_goals", "goal"), ALL),
    "rating of an unshared goal": (partial(rating, state="draft"), ORGANISER),
    "rating": (partial(rating, state="adopted"), ALL),
    "amendment that the huvudman asked for": (
        asked_for_by("head_of_authority"),
        AGENCY | {Role.HEAD_OF_AUTHORITY},
    ),
    "amendment that the team leader asked for": (
        asked_for_by("team_leader"),
        AGENCY | {Role.TEAM_LEADER},
    ),
    "terms of a draft": (part(terms_of("draft"), "terms"), AGENCY),
    "instalment of a draft": (part(terms_of("draft"), "instalments"), AGENCY),
    "reporting date of a draft": (part(terms_of("draft"), "reporting_dates"), AGENCY),
    "terms proposed": (part(terms_of("proposed"), "terms"), ALL),
    "instalment proposed": (part(terms_of("proposed"), "instalments"), ALL),
    "reporting date proposed": (part(terms_of("proposed"), "reporting_dates"), ALL),
    "assignment plan draft": (assignment_plan("draft", was_sent=False), AGENCY),
    "assignment plan sent": (assignment_plan("sent", was_sent=True), ALL),
    "assignment plan returned": (assignment_plan("returned", was_sent=True), ALL),
    "intervention": (intervention, ALL),
    "outline": (outline, ALL),
    "deviation": (deviation, ALL),
    "visit": (lambda cast: factories.visit(cast.ours.collaboration), ALL),
    "what an unshared log was about": (
        part(partial(visit, state="logged"), "touches"),
        UNIVERSITY,
    ),
    "what a shared log was about": (part(partial(visit, state="shared"), "touches"), ALL),
    "promise in an unshared log": (
        lambda cast: factories.promise(visit(cast, "logged"), is_shared=False),
        UNIVERSITY,
    ),
    "promise": (lambda cast: factories.promise(visit(cast, "shared")), ALL),
    "task of an unshared log": (
        lambda cast: factories.task(visit(cast, "logged"), cast.ours.school),
        ALL,
    ),
    "vacancy": (
        lambda cast: factories.vacancy(cast.ours.collaboration, Role.TEAM_LEADER),
        ALL,
    ),
    "address that takes no mail": (
        lambda cast: factories.address_trouble(
            cast.ours.collaboration, cast.ours.principal, Party.ORGANISER
        ),
        ALL,
    ),
    "school authority": (
        lambda cast: SchoolAuthority.objects.get(pk=cast.ours.organiser.pk),
        ALL,
    ),
    "meeting": (lambda cast: factories.meeting(cast.ours.collaboration), ALL),
    "mapping not begun": (mapping("not_begun"), ALL),
    "mapping begun": (
        mapping("begun"),
        UNIVERSITY | {Role.HEAD_OF_AUTHORITY, Role.COORDINATOR},
    ),
    "mapping done": (mapping("done"), ALL),
    "what a meeting waits for": (party_task, ALL),
    "change proposal": (change_proposal, ALL),
    "report to the government": (government_report, {Role.AGENCY_MANAGER}),
    "report scheduled": (report("scheduled"), ALL),
    "report open": (report("open"), ORGANISER),
    "report ready in the unit": (report("unit_ready"), ORGANISER),
    "report submitted": (report("submitted"), ALL),
}


def sees(user: User, instance: Model) -> bool:
    load_roles(user, TODAY)
    rows: Any = type(instance)._default_manager
    seen: bool = rows.visible_to(user).filter(pk=instance.pk).exists()
    return seen


@pytest.mark.parametrize("what", SEEN_BY)
def test_each_thing_is_seen_by_exactly_these(cast: Cast, what: str):
    build, expected = SEEN_BY[what]
    instance = build(cast)
    assert {role for role, user in cast.people.items() if sees(user, instance)} == expected
    # The agency's manager is one person, whoever's collaboration it is.
    strangers = [*cast.theirs.everybody, cast.outsider, cast.deactivated]
    assert [user for user in strangers if sees(user, instance)] == []


@pytest.mark.parametrize(
    "build",
    [
        analysis("in_progress", was_shared=False),
        part(IN_REWORK, "problems", "causes"),
        part(PLAN_DRAFT, "planned_goals"),
        part(PLAN_DRAFT, "planned_goals", "goal"),
        partial(rating, state="draft"),
        report("open"),
    ],
    ids=["analysis", "cause", "planned goal", "goal", "rating", "report"],
)
def test_a_unit_keeps_its_draft_from_the_other_units(cast: Cast, build: Build):
    assert not sees(cast.ours.preschool_principal, build(cast))


def test_a_role_in_one_case_opens_no_unshared_promise_of_another(cast: Cast):
    """Whoever is the team leader of one huvudman may be a process leader at another."""
    promise = factories.promise(visit(cast, "logged"), is_shared=False)
    Assignment.objects.create(
        collaboration=cast.theirs.collaboration,
        user=cast.ours.process_leader,
        role=Role.EDUCATION_LEADER,
        starts_on=TODAY,
    )
    assert sees(cast.ours.process_leader, cast.theirs.collaboration)
    assert not sees(cast.ours.process_leader, promise)


def test_each_side_sees_its_own_collaboration_only(cast: Cast):
    for side in (cast.ours, cast.theirs):
        for user in side.everybody:
            load_roles(user, TODAY)
            assert list(Collaboration.objects.visible_to(user)) == [side.collaboration]
    load_roles(cast.agency_manager, TODAY)
    assert Collaboration.objects.visible_to(cast.agency_manager).count() == 2


def test_a_role_that_has_ended_or_not_begun_shows_nothing(cast: Cast):
    ours = cast.ours.collaboration
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    Membership.objects.filter(user=cast.ours.coordinator).update(ends_on=yesterday)
    Assignment.objects.filter(user=cast.ours.team_leader).update(ends_on=yesterday)
    Membership.objects.filter(user=cast.ours.university_lead).update(starts_on=tomorrow)
    assert not sees(cast.ours.coordinator, ours)
    assert not sees(cast.ours.team_leader, ours)
    assert not sees(cast.ours.university_lead, ours)
    load_roles(cast.ours.university_lead, tomorrow)
    assert Collaboration.objects.visible_to(cast.ours.university_lead).exists()


def test_the_last_day_of_a_role_is_a_day_with_the_role(cast: Cast):
    Membership.objects.filter(user=cast.ours.coordinator).update(ends_on=TODAY)
    assert sees(cast.ours.coordinator, cast.ours.collaboration)


def test_a_principal_sees_the_cases_in_which_the_unit_takes_part(cast: Cast):
    without_school = factories.collaboration(
        cast, units=[cast.ours.administration, cast.ours.preschool]
    )
    assert not sees(cast.ours.principal, without_school)
    assert sees(cast.ours.preschool_principal, without_school)


def test_the_trail_is_seen_by_those_who_see_the_case(cast: Cast):
    TransitionRecord.objects.create(
        collaboration=cast.ours.collaboration,
        machine="samverkan",
        object_id=cast.ours.collaboration.pk,
        object_name="Ådalens kommun",
        transition="extend",
        from_state="active",
        to_state="extended",
        occurred_at=NOW,
    )
    for user, count in ((cast.ours.principal, 1), (cast.theirs.principal, 0), (cast.outsider, 0)):
        load_roles(user, TODAY)
        assert TransitionRecord.objects.visible_to(user).count() == count


def test_forgetting_to_load_the_roles_is_an_error_and_not_an_open_door(cast: Cast):
    with pytest.raises(KeyError):
        Collaboration.objects.visible_to(cast.agency_manager)
