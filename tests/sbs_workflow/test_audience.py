"""Who is meant by a role: reminders and to-do lists read the same people."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from notifications.audience import Row
from notifications.duties import open_duties, registry
from organisations.models import Membership, Party, Role, User
from sbs_workflow.audience import owed_by, people_for
from sbs_workflow.models import Assignment, Participation
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def row(cast: Cast, unit: str = "") -> Row:
    case = cast.ours.collaboration
    return Row(case.pk, case.pk, getattr(cast.ours, unit).pk if unit else None)


def names(cast: Cast, roles: tuple[str, ...], asked: Row) -> set[str]:
    [people] = people_for(roles, [asked], TODAY).values()
    return set(User.objects.filter(pk__in=people).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("roles", "unit", "expected"),
    [
        ([Role.PROCESS_SUPPORTER], "", {"Pia Processtödjare", "Per Processtödjare"}),
        ([Role.TEAM_LEADER], "", {"Ture Teamledare"}),
        ([Role.AGENCY_MANAGER], "", {"Maria Chef"}),
        ([Role.UNIVERSITY_LEAD], "", {"Linda Lärosätesansvarig"}),
        ([Role.HEAD_OF_AUTHORITY, Role.COORDINATOR], "", {"Sara Skolchef", "Samir Samordnare"}),
        ([Role.PRINCIPAL], "school", {"Rut Rektor"}),
        ([Role.PRINCIPAL], "preschool", {"Rolf Rektor"}),
        # The administration has no principal: the head of the authority answers for it.
        ([Role.PRINCIPAL], "administration", {"Sara Skolchef"}),
    ],
)
def test_these_people_are_meant(cast: Cast, roles: list[Role], unit: str, expected: set[str]):
    assert names(cast, tuple(roles), row(cast, unit)) == expected


def test_a_unit_that_loses_its_principal_falls_to_the_head_of_authority(cast: Cast):
    Membership.objects.filter(user=cast.ours.principal).update(ends_on=TODAY - timedelta(days=1))
    assert names(cast, (Role.PRINCIPAL,), row(cast, "school")) == {"Sara Skolchef"}
    assert names(cast, (Role.PRINCIPAL,), row(cast, "preschool")) == {"Rolf Rektor"}


def test_a_principal_who_has_left_the_house_is_no_principal(cast: Cast):
    User.objects.filter(pk=cast.ours.principal.pk).update(is_active=False)
    assert names(cast, (Role.PRINCIPAL,), row(cast, "school")) == {"Sara Skolchef"}


def test_everybody_is_found_in_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries):
    rows = [
        Row(unit.pk, side.collaboration.pk, unit.pk)
        for side in (cast.ours, cast.theirs)
        for unit in (side.school, side.preschool, side.administration)
    ]
    with django_assert_num_queries(3):
        found = people_for((Role.PRINCIPAL, Role.PROCESS_SUPPORTER), rows, TODAY)
    assert {len(people) for people in found.values()} == {3}


def everything_owed(cast: Cast) -> None:
    """For both sides, one object for each duty there is, due today."""
    for side in (cast.ours, cast.theirs):
        case, units = side.collaboration, (side.school, side.preschool, side.administration)
        for unit in units:
            factories.analysis(case, unit, due_on=TODAY)
            factories.plan(case, unit, due_on=TODAY)
            for number, state in enumerate(("open", "unit_ready", "submitted", "returned"), 1):
                factories.report(case, unit, state=state, number=number, due_on=TODAY)
                factories.report(case, unit, kind="final", state=state, number=number, due_on=TODAY)
        for state in ("draft", "proposed", "countersigned"):
            another = factories.collaboration(cast, side=side)
            factories.agreement(another, state=state, due_on=TODAY)
            factories.assignment_plan(another, state="draft", due_on=TODAY)
        factories.assignment_plan(case, state="sent", due_on=TODAY)
        factories.intervention(case, state="deviation_open", due_on=TODAY)
        for state in ("needed", "planned"):
            visit = factories.visit(case, state=state, due_on=TODAY)
            for unit in units:
                factories.task(visit, unit, due_on=TODAY)
        for kind in ("quality", "bilateral", "expectation", "introduction"):
            for state in ("needed", "booked", "held"):
                factories.meeting(case, kind=kind, state=state, due_on=TODAY)
        for party in Party:
            factories.meeting(case, state="held", initiator=party, due_on=TODAY)
        for state in ("candidate", "offered", "accepted", "agreed", "closed"):
            factories.collaboration(cast, side=side, state=state, due_on=TODAY)


def owed_according_to_reminders() -> set[tuple[str, str, str]]:
    """(duty, object, person) as the planner of reminders asks it, save what is one person's."""
    found = set()
    owed = open_duties(TODAY)
    for duty in (duty for duty in registry.values() if not duty.person):
        rows = [Row(d.object_id, d.scope_id, d.unit_id) for d in owed if d.duty is duty]
        for key, users in people_for(duty.owed_by, rows, TODAY).items():
            found |= {(duty.name, str(key), str(user)) for user in users}
    return found


def owed_according_to_to_do_lists() -> set[tuple[str, str, str]]:
    """The same as each person's own start page asks it."""
    found = set()
    for user in User.objects.all():
        load_roles(user, TODAY)
        for duty in open_duties(TODAY, mine=owed_by(user, TODAY)):
            if not duty.duty.person:
                found.add((duty.duty.name, str(duty.object_id), str(user.pk)))
    return found


def test_every_duty_is_owed_by_somebody_and_both_views_agree(cast: Cast):
    everything_owed(cast)
    reminded = owed_according_to_reminders()
    assert reminded == owed_according_to_to_do_lists()
    owed_by_role = {duty.name for duty in registry.values() if not duty.person}
    assert {name for name, _object, _user in reminded} == owed_by_role


@pytest.fixture
def owing_cast(cast: Cast) -> Cast:
    everything_owed(cast)
    return cast


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],  # each example is slow: it is not made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_both_views_agree_whoever_comes_and_goes(owing_cast: Cast, data: st.DataObject):
    """Any roles may end today or yesterday, begin tomorrow, and any account may be closed."""
    day = st.sampled_from([None, TODAY, TODAY - timedelta(days=1)])
    for model in (Membership, Assignment):
        for held in data.draw(
            st.lists(st.sampled_from(list(model.objects.order_by("pk"))), max_size=4)
        ):
            ends_on = data.draw(day)
            starts_on = data.draw(st.sampled_from([held.starts_on, TODAY + timedelta(days=1)]))
            if ends_on is None or ends_on >= starts_on:
                model.objects.filter(pk=held.pk).update(starts_on=starts_on, ends_on=ends_on)
    closed = data.draw(st.lists(st.sampled_from(list(User.objects.order_by("email"))), max_size=3))
    User.objects.update(is_active=True)
    User.objects.filter(pk__in=[user.pk for user in closed]).update(is_active=False)
    left = data.draw(st.sampled_from([None, owing_cast.ours.school, owing_cast.ours.preschool]))
    Participation.objects.update(left_on=None)
    Participation.objects.filter(unit=left).update(left_on=TODAY)
    assert owed_according_to_reminders() == owed_according_to_to_do_lists()
