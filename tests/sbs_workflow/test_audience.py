"""Who is meant by a role: reminders and to-do lists read the same people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from meetings.models import PartyTask
from notifications.audience import Closure, Row
from notifications.duties import open_duties, registry
from organisations.models import Membership, Party, Role, SchoolBreak, User
from sbs_workflow.audience import closures_of, owed_by, people_for
from sbs_workflow.models import NEEDED_ROLES, Assignment, Participation
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def row(cast: Cast, unit: str = "") -> Row:
    case = cast.ours.collaboration
    return Row(case.pk, case.pk, getattr(cast.ours, unit).pk if unit else None)


def names(
    cast: Cast, roles: tuple[str, ...], asked: Row, *, with_deputies: bool = False
) -> set[str]:
    [people] = people_for(roles, [asked], TODAY, with_deputies=with_deputies).values()
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


def end(held: Any, **fields: Any) -> None:
    held.update(ends_on=TODAY - timedelta(days=1), **fields)


def give(cast: Cast, user: User, role: Role, *, is_deputy: bool = False) -> Assignment:
    return Assignment.objects.create(
        collaboration=cast.ours.collaboration,
        user=user,
        role=role,
        starts_on=TODAY - timedelta(days=7),
        is_deputy=is_deputy,
    )


def test_a_deputy_is_meant_where_nobody_else_is_and_once_it_is_overdue(cast: Cast):
    give(cast, cast.ours.education_leader, Role.TEAM_LEADER, is_deputy=True)
    ordinary, deputy = {"Ture Teamledare"}, {"Ulla Utbildningsledare"}
    assert names(cast, (Role.TEAM_LEADER,), row(cast)) == ordinary
    assert names(cast, (Role.TEAM_LEADER,), row(cast), with_deputies=True) == ordinary | deputy
    end(Assignment.objects.filter(user=cast.ours.team_leader))
    assert names(cast, (Role.TEAM_LEADER,), row(cast)) == deputy


def test_the_deputy_of_a_principal_comes_before_the_head_of_authority(cast: Cast):
    principals = Membership.objects.filter(unit=cast.ours.school, role=Role.PRINCIPAL)
    principals.filter(user=cast.deactivated).update(user=cast.ours.process_leader, is_deputy=True)
    asked = row(cast, "school")
    assert names(cast, (Role.PRINCIPAL,), asked) == {"Rut Rektor"}
    end(principals.filter(user=cast.ours.principal))
    assert names(cast, (Role.PRINCIPAL,), asked) == {"Petra Processledare"}
    end(principals)
    assert names(cast, (Role.PRINCIPAL,), asked) == {"Sara Skolchef"}


@pytest.mark.parametrize(
    ("role", "lead"),
    [
        (Role.PROCESS_SUPPORTER, "Maria Chef"),
        (Role.COORDINATOR, "Sara Skolchef"),
        (Role.TEAM_LEADER, "Linda Lärosätesansvarig"),
    ],
)
def test_what_nobody_in_a_party_holds_goes_to_its_own_lead(cast: Cast, role: Role, lead: str):
    for model in (Assignment, Membership):
        end(model.objects.filter(role=role))
    assert names(cast, (role,), row(cast)) == {lead}


def test_one_who_is_left_in_a_party_is_enough(cast: Cast):
    end(Assignment.objects.filter(role=Role.TEAM_LEADER))
    roles = (Role.TEAM_LEADER, Role.EDUCATION_LEADER)
    assert names(cast, roles, row(cast)) == {"Ulla Utbildningsledare"}


def test_what_concerns_a_whole_party_is_owed_by_its_own_people(cast: Cast):
    asked = Row(cast.ours.organiser.pk, cast.ours.organiser.pk)
    assert names(cast, (Role.COORDINATOR,), asked) == {"Samir Samordnare"}
    end(Membership.objects.filter(role=Role.COORDINATOR))
    assert names(cast, (Role.COORDINATOR,), asked) == {"Sara Skolchef"}


def test_a_lead_that_is_missing_too_is_replaced_by_no_other_party(cast: Cast):
    end(Assignment.objects.filter(role=Role.TEAM_LEADER))
    end(Membership.objects.filter(role=Role.UNIVERSITY_LEAD))
    assert names(cast, (Role.TEAM_LEADER,), row(cast)) == set()


def test_each_party_of_a_duty_has_its_own_stand_in(cast: Cast):
    end(Assignment.objects.filter(role=Role.TEAM_LEADER))
    roles = (Role.PROCESS_SUPPORTER, Role.TEAM_LEADER)
    assert names(cast, roles, row(cast)) == {
        "Pia Processtödjare", "Per Processtödjare", "Linda Lärosätesansvarig",
    }  # fmt: skip


def theirs_to_do(user: User, name: str, on: date = TODAY) -> int:
    """How often a duty stands in a person's list, read anew."""
    user = User.objects.get(pk=user.pk)
    load_roles(user, on)
    mine = open_duties(on, mine=owed_by(user, on))
    return sum(owed.duty.name == name for owed in mine)


@pytest.mark.parametrize("days_late", [0, 1])
def test_a_deputy_has_it_to_do_once_it_is_overdue(cast: Cast, days_late: int):
    deputy = cast.ours.coordinator
    give(cast, deputy, Role.PROCESS_SUPPORTER, is_deputy=True)
    factories.collaboration(cast)  # another case, in which nothing is theirs
    factories.put(cast.ours.collaboration, "accepted", due_on=TODAY - timedelta(days=days_late))
    start = "sbs_workflow.start-analysis"
    assert theirs_to_do(deputy, start) == days_late
    assert theirs_to_do(cast.ours.process_supporter, start) == 1


def test_a_deputy_has_it_to_do_while_nobody_else_holds_the_role(cast: Cast):
    deputy, lead = cast.ours.coordinator, cast.ours.university_lead
    give(cast, deputy, Role.TEAM_LEADER, is_deputy=True)
    factories.meeting(cast.ours.collaboration, kind="bilateral", due_on=TODAY)
    talk = "meetings.hold-bilateral-talk"
    assert theirs_to_do(deputy, talk) == 0
    end(Assignment.objects.filter(role=Role.TEAM_LEADER, is_deputy=False))
    assert (theirs_to_do(deputy, talk), theirs_to_do(lead, talk)) == (1, 0)
    end(Assignment.objects.filter(role=Role.TEAM_LEADER))
    assert (theirs_to_do(deputy, talk), theirs_to_do(lead, talk)) == (0, 1)


# --- when they are away --------------------------------------------------------------------

AUTUMN = Closure(TODAY - timedelta(days=2), TODAY + timedelta(days=3), "Sportlov")


def close(cast: Cast, closure: Closure = AUTUMN) -> None:
    SchoolBreak.objects.create(
        organisation=cast.ours.organiser,
        first_day=closure.first,
        last_day=closure.last,
        name=closure.name,
    )


def test_the_people_of_a_school_authority_are_away_and_nobody_else(
    cast: Cast, django_assert_max_num_queries
):
    close(cast)
    people = [user.pk for side in (cast.ours, cast.theirs) for user in side.everybody]
    with django_assert_max_num_queries(2):
        away = closures_of([*people, cast.agency_manager.pk], TODAY, TODAY)
    ours = cast.ours
    assert away == {
        user.pk: [AUTUMN]
        for user in (
            ours.head_of_authority,
            ours.coordinator,
            ours.principal,
            ours.preschool_principal,
            ours.process_leader,
        )
    }


def test_only_the_days_that_are_asked_about_count(cast: Cast):
    close(cast)
    close(cast, Closure(TODAY + timedelta(days=20), TODAY + timedelta(days=25), "Påsklov"))
    head = cast.ours.head_of_authority.pk
    for days, expected in ((3, ["Sportlov"]), (20, ["Sportlov", "Påsklov"])):
        until = TODAY + timedelta(days=days)
        found = closures_of([head], TODAY, until)[head]
        assert [closure.name for closure in found] == expected
    assert closures_of([head], TODAY + timedelta(days=4), TODAY + timedelta(days=19)) == {}


def test_what_the_authority_owes_slides_past_its_break_and_what_others_owe_does_not(cast: Cast):
    close(cast)
    factories.put(cast.ours.collaboration, "offered", due_on=TODAY)
    factories.put(cast.theirs.collaboration, "offered", due_on=TODAY)
    answer = {
        owed.scope_id: owed
        for owed in open_duties(TODAY)
        if owed.duty.name == "sbs_workflow.answer-offer"
    }
    ours, theirs = (answer[side.collaboration.pk] for side in (cast.ours, cast.theirs))
    assert (ours.closures, ours.due_on) == ((AUTUMN,), date(2026, 3, 16))
    assert (theirs.closures, theirs.due_on) == ((), TODAY)
    factories.put(cast.ours.collaboration, "accepted", due_on=TODAY)
    [start] = [
        owed
        for owed in open_duties(TODAY, scopes=[cast.ours.collaboration.pk])
        if owed.duty.name == "sbs_workflow.start-analysis"
    ]
    assert (start.closures, start.due_on) == ((), TODAY)


EASTER = (
    Closure(date(2026, 3, 28), date(2026, 4, 2), "Påsklov"),
    Closure(date(2026, 4, 7), date(2026, 4, 8), 'Dagar för "planering"'),
    Closure(date(2026, 4, 9), date(2026, 4, 10), "Stängt"),
)


@pytest.mark.parametrize(
    ("set_for", "due_on", "because"),
    [
        (date(2026, 3, 27), date(2026, 3, 27), ""),
        (
            date(2026, 3, 30), date(2026, 4, 13),
            'Påsklov, then Dagar för "planering", then Stängt',
        ),
        (
            date(2026, 4, 4), date(2026, 4, 13),
            'not a working day, then Dagar för "planering", then Stängt',
        ),
        (date(2026, 4, 10), date(2026, 4, 13), "Stängt"),
        (date(2026, 4, 11), date(2026, 4, 13), "not a working day"),
    ],
)  # fmt: skip
def test_a_due_date_slides_past_all_breaks_that_touch(
    cast: Cast, set_for: date, due_on: date, because: str
):
    for closure in EASTER:
        close(cast, closure)
    factories.put(cast.ours.collaboration, "offered", due_on=set_for)
    [owed] = [
        it for it in open_duties(set_for, scopes=[cast.ours.collaboration.pk])
        if it.duty.name == "sbs_workflow.answer-offer"
    ]  # fmt: skip
    with override("en"):
        assert (owed.due_on, owed.slid_because) == (due_on, because)
    deputy = cast.ours.principal
    Membership.objects.create(
        user=deputy,
        organisation=cast.ours.organiser,
        role=Role.HEAD_OF_AUTHORITY,
        starts_on=TODAY,
        is_deputy=True,
    )
    day_after = due_on + timedelta(days=1)
    for day in (due_on, day_after):
        told = theirs_to_do(deputy, "sbs_workflow.answer-offer", on=day)
        assert told == owed.is_overdue(day) == (day == day_after)


def test_what_waits_for_the_end_of_a_break_is_not_overdue_to_a_deputy(cast: Cast):
    factories.put(cast.ours.collaboration, "offered", due_on=TODAY - timedelta(days=1))
    deputy = cast.ours.principal
    Membership.objects.create(
        user=deputy,
        organisation=cast.ours.organiser,
        role=Role.HEAD_OF_AUTHORITY,
        starts_on=TODAY,
        is_deputy=True,
    )
    assert theirs_to_do(deputy, "sbs_workflow.answer-offer") == 1
    close(cast)
    assert theirs_to_do(deputy, "sbs_workflow.answer-offer") == 0


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
    for year, checks in ((2027, 0), (2026, 3)):
        factories.government_report(cast.agency, year=year, checks_done=checks, due_on=TODAY)
    for side in (cast.ours, cast.theirs):
        case, units = side.collaboration, (side.school, side.preschool, side.administration)
        for unit in units:
            factories.analysis(case, unit, due_on=TODAY)
            factories.plan(case, unit, due_on=TODAY)
            states = ("open", "unit_ready", "submitted", "returned", "accepted")
            for number, state in enumerate(states, 1):
                factories.report(case, unit, state=state, number=number, due_on=TODAY)
                factories.report(case, unit, kind="final", state=state, number=number, due_on=TODAY)
        for state in ("draft", "proposed", "countersigned"):
            another = factories.collaboration(cast, side=side)
            factories.agreement(another, state=state, due_on=TODAY)
            factories.assignment_plan(another, state="draft", due_on=TODAY)
        for state in (
            "open",
            "prepared",
            "submitted",
            "returned",
            "accepted",
            "repayment_requested",
        ):
            another = factories.collaboration(cast, side=side)
            factories.financial_report(another, state=state, due_on=TODAY)
        factories.agreement(case, state="signed", due_on=TODAY)
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
            meeting = factories.meeting(case, state="held", initiator=party, due_on=TODAY)
            for waited_for in PartyTask.Kind.values:
                factories.party_task(meeting, party, waited_for, due_on=TODAY)
        factories.change_proposal(meeting, due_on=TODAY)
        for kind, state in (("interim", "draft"), ("final", "draft"), ("interim", "submitted")):
            number = 2 if state == "submitted" else 1
            factories.university_report(case, kind=kind, state=state, number=number, due_on=TODAY)
        factories.mapping(case, state="not_begun", due_on=TODAY)
        factories.synthesis(case, due_on=TODAY)
        factories.mapping(case, round=2, due_on=TODAY)
        for role in NEEDED_ROLES:
            factories.vacancy(case, role, unit=side.school if role == Role.PRINCIPAL else None)
        for party in Party:
            factories.address_trouble(case, side.principal, party)
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
    """Any roles may end today or yesterday, begin tomorrow or be a deputy's, and any account may be
    closed.
    """
    day = st.sampled_from([None, TODAY, TODAY - timedelta(days=1)])
    for model in (Membership, Assignment):
        for held in data.draw(
            st.lists(st.sampled_from(list(model.objects.order_by("pk"))), max_size=4)
        ):
            ends_on = data.draw(day)
            starts_on = data.draw(st.sampled_from([held.starts_on, TODAY + timedelta(days=1)]))
            if ends_on is None or ends_on >= starts_on:
                model.objects.filter(pk=held.pk).update(
                    starts_on=starts_on, ends_on=ends_on, is_deputy=data.draw(st.booleans())
                )
    closed = data.draw(st.lists(st.sampled_from(list(User.objects.order_by("email"))), max_size=3))
    User.objects.update(is_active=True)
    User.objects.filter(pk__in=[user.pk for user in closed]).update(is_active=False)
    left = data.draw(st.sampled_from([None, owing_cast.ours.school, owing_cast.ours.preschool]))
    Participation.objects.update(left_on=None)
    Participation.objects.filter(unit=left).update(left_on=TODAY)
    assert owed_according_to_reminders() == owed_according_to_to_do_lists()
