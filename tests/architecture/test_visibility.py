"""Who sees what: each party its own drafts, all three what is shared, nobody else anything."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from organisations.models import Membership, Role, User
from sbs_workflow.models import Assignment, Collaboration, TransitionRecord, WorkflowModel
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

AGENCY = {Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER}
ORGANISER = {Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, Role.PRINCIPAL, Role.PROCESS_LEADER}
UNIVERSITY = {Role.UNIVERSITY_LEAD, Role.TEAM_LEADER, Role.EDUCATION_LEADER}
ALL = AGENCY | ORGANISER | UNIVERSITY

Build = Callable[[Cast], WorkflowModel]


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


def report(state: str) -> Build:
    return lambda cast: factories.report(cast.ours.collaboration, cast.ours.school, state=state)


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
    "intervention": (lambda cast: factories.intervention(cast.ours.collaboration), ALL),
    "visit": (lambda cast: factories.visit(cast.ours.collaboration), ALL),
    "meeting": (lambda cast: factories.meeting(cast.ours.collaboration), ALL),
    "report scheduled": (report("scheduled"), ALL),
    "report open": (report("open"), ORGANISER),
    "report ready in the unit": (report("unit_ready"), ORGANISER),
    "report submitted": (report("submitted"), ALL),
}


def sees(user: User, instance: WorkflowModel) -> bool:
    load_roles(user, TODAY)
    return type(instance).objects.visible_to(user).filter(pk=instance.pk).exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", SEEN_BY)
def test_each_thing_is_seen_by_exactly_these(cast: Cast, what: str):
    build, expected = SEEN_BY[what]
    instance = build(cast)
    assert {role for role, user in cast.people.items() if sees(user, instance)} == expected
    # The agency's manager is one person, whoever's collaboration it is.
    strangers = [*cast.theirs.everybody, cast.outsider, cast.deactivated]
    assert [user for user in strangers if sees(user, instance)] == []


@pytest.mark.parametrize("build", [analysis("in_progress", was_shared=False), report("open")],
                         ids=["analysis", "report"])  # fmt: skip
def test_a_unit_keeps_its_draft_from_the_other_units(cast: Cast, build: Build):
    assert not sees(cast.ours.preschool_principal, build(cast))


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
