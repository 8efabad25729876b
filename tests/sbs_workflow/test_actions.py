"""What people do with a collaboration: it works, is forbidden, is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organisations.actions import accept
from organisations.models import Invitation, Role, Unit, User
from sbs_workflow.actions import (
    add_unit,
    assign,
    assign_or_invite,
    create_collaboration,
    describe_collaboration,
    end_assignment,
    let_unit_leave,
    write,
)
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Assignment, Collaboration, Participation
from sbs_workflow.permissions import holds
from sbs_workflow.queries import people_of
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def another_school(cast: Cast) -> Unit:
    return Unit.objects.create(
        organiser=cast.ours.organiser, kind=Unit.Kind.COMPULSORY, name="Östanskolan"
    )


def test_the_agency_opens_a_case_that_can_be_found(cast: Cast):
    case = create_collaboration(
        by=cast.agency_manager,
        now=NOW,
        name="Ådalen 2026",
        agency=cast.agency,
        organiser=cast.ours.organiser,
        reference="Dnr 2026:7",
    )
    assert case.state == "candidate"
    assert Collaboration.objects.get(search_text__contains="dnr 2026:7 ådalens kommun") == case


def test_nobody_else_opens_a_case(cast: Cast):
    for user in (cast.ours.process_supporter, cast.ours.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            create_collaboration(
                by=user, now=NOW, name="Ny", agency=cast.agency, organiser=cast.ours.organiser
            )
    assert not Collaboration.objects.filter(name="Ny").exists()


def test_a_unit_joins_once_and_is_found(cast: Cast):
    ours, school = cast.ours.collaboration, another_school(cast)
    joined = add_unit(collaboration=ours, unit=school, by=cast.ours.process_supporter, now=NOW)
    again = add_unit(collaboration=ours, unit=school, by=cast.agency_manager, now=NOW)
    assert (joined, joined.joined_on) == (again, TODAY)
    assert Collaboration.objects.filter(search_text__contains="östanskolan").exists()


def test_a_unit_leaves_while_the_case_goes_on(cast: Cast):
    part = Participation.objects.get(
        collaboration=cast.ours.collaboration, unit=cast.ours.preschool
    )
    let_unit_leave(
        participation=part, reason="Sammanslagen", by=cast.ours.process_supporter, now=NOW
    )
    part.refresh_from_db()
    assert (part.left_on, part.leave_reason) == (TODAY, "Sammanslagen")
    names = {person.name for person in people_of(cast.ours.collaboration, TODAY)}
    assert "Rolf Rektor" not in names
    assert "Rut Rektor" in names


def test_a_university_is_matched(cast: Cast):
    case = factories.collaboration(cast, university=None)
    matched = describe_collaboration(
        collaboration=case,
        university=cast.theirs.university,
        by=cast.ours.process_supporter,
        now=NOW,
    )
    assert matched.university == cast.theirs.university
    assert Collaboration.objects.filter(pk=case.pk, search_text__contains="södra").exists()


@pytest.mark.parametrize(
    "who", ["head_of_authority", "team_leader", "university_lead", "principal"]
)
def test_the_case_is_kept_by_the_agency(cast: Cast, who: str):
    by = getattr(cast.ours, who)
    ours = cast.ours.collaboration
    part = ours.participations.get(unit=cast.ours.school)
    with pytest.raises(PermissionDenied):
        add_unit(collaboration=ours, unit=another_school(cast), by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        let_unit_leave(participation=part, reason="Nej", by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        describe_collaboration(
            collaboration=ours, university=cast.theirs.university, by=by, now=NOW
        )


def test_the_other_collaborations_process_supporter_keeps_another_case(cast: Cast):
    with pytest.raises(PermissionDenied):
        describe_collaboration(
            collaboration=cast.ours.collaboration,
            university=cast.theirs.university,
            by=cast.theirs.process_supporter,
            now=NOW,
        )


# --- people --------------------------------------------------------------------------------


def test_a_new_team_leader_takes_over_from_the_present_one(cast: Cast):
    ours = cast.ours.collaboration
    new = assign(
        collaboration=ours,
        user=cast.outsider,
        role=Role.TEAM_LEADER,
        starts_on=TODAY,
        by=cast.ours.university_lead,
        now=NOW,
    )
    before = Assignment.objects.get(user=cast.ours.team_leader)
    assert (new.starts_on, before.ends_on) == (TODAY, YESTERDAY)
    leaders = [p.user_id for p in people_of(ours, TODAY) if p.role == Role.TEAM_LEADER]
    assert leaders == [cast.outsider.pk]


def name(cast: Cast, user: User, *, is_deputy: bool) -> Assignment:
    return assign(
        collaboration=cast.ours.collaboration,
        user=user,
        role=Role.TEAM_LEADER,
        starts_on=TODAY,
        is_deputy=is_deputy,
        by=cast.ours.university_lead,
        now=NOW,
    )


def test_a_deputy_stands_beside_the_team_leader(cast: Cast):
    for _time in range(2):
        name(cast, cast.ours.education_leader, is_deputy=True)
    leaders = [p for p in people_of(cast.ours.collaboration, TODAY) if p.role == Role.TEAM_LEADER]
    assert [(p.name, p.is_deputy) for p in leaders] == [
        ("Ture Teamledare", False), ("Ulla Utbildningsledare", True),
    ]  # fmt: skip
    assert leaders[0].role_label != leaders[1].role_label


def test_a_deputy_who_takes_over_is_a_deputy_no_longer(cast: Cast):
    deputy = name(cast, cast.ours.education_leader, is_deputy=True)
    name(cast, cast.ours.education_leader, is_deputy=False)
    assert Assignment.objects.get(pk=deputy.pk).ends_on == TODAY
    named = Assignment.objects.filter(role=Role.TEAM_LEADER, ends_on=None)
    assert list(named.filter(collaboration=cast.ours.collaboration).values_list("is_deputy")) == [
        (False,)
    ]


def test_a_deputy_who_is_new_is_invited_as_one(cast: Cast):
    assign_or_invite(
        collaboration=cast.ours.collaboration,
        email="ny@norra.example",
        name="Nina Ny",
        role=Role.TEAM_LEADER,
        starts_on=TODAY,
        is_deputy=True,
        by=cast.ours.university_lead,
        now=NOW,
    )
    accept(invitation=Invitation.objects.get(), by=cast.outsider, now=NOW)
    leaders = Assignment.objects.current(TODAY).filter(
        collaboration=cast.ours.collaboration, role=Role.TEAM_LEADER
    )
    assert dict(leaders.values_list("user__name", "is_deputy")) == {
        "Ture Teamledare": False, "Olle Utomstående": True,
    }  # fmt: skip


def test_a_takeover_on_the_first_day_still_leaves_that_day(cast: Cast):
    Assignment.objects.filter(user=cast.ours.team_leader).update(starts_on=TODAY)
    assign(
        collaboration=cast.ours.collaboration,
        user=cast.outsider,
        role=Role.TEAM_LEADER,
        starts_on=TODAY,
        by=cast.agency_manager,
        now=NOW,
    )
    assert Assignment.objects.get(user=cast.ours.team_leader).ends_on == TODAY


def test_naming_somebody_twice_changes_nothing(cast: Cast):
    same = assign(
        collaboration=cast.ours.collaboration,
        user=cast.ours.team_leader,
        role=Role.TEAM_LEADER,
        starts_on=TODAY,
        by=cast.agency_manager,
        now=NOW,
    )
    assert (same.starts_on < TODAY, same.ends_on) == (True, None)


def test_an_assignment_ends_and_the_role_with_it(cast: Cast):
    held = Assignment.objects.get(user=cast.ours.education_leader)
    end_assignment(assignment=held, ends_on=TODAY, by=cast.ours.university_lead, now=NOW)
    current = Assignment.objects.current
    assert held in current(TODAY)
    assert held not in current(TOMORROW)


def test_the_university_names_its_own_people_and_nobody_elses(cast: Cast):
    held = Assignment.objects.get(user=cast.ours.process_supporter)
    with pytest.raises(PermissionDenied):
        assign(
            collaboration=cast.ours.collaboration,
            user=cast.outsider,
            role=Role.PROCESS_SUPPORTER,
            starts_on=TODAY,
            by=cast.ours.university_lead,
            now=NOW,
        )
    with pytest.raises(PermissionDenied):
        end_assignment(assignment=held, ends_on=TODAY, by=cast.ours.university_lead, now=NOW)


@pytest.mark.parametrize("role", [Role.PROCESS_SUPPORTER, Role.TEAM_LEADER, Role.EDUCATION_LEADER])
def test_nobody_else_names_people(cast: Cast, role: Role):
    for user in (
        cast.ours.head_of_authority,
        cast.ours.team_leader,
        cast.theirs.university_lead,
        cast.theirs.process_supporter,
        cast.outsider,
        cast.deactivated,
    ):
        with pytest.raises(PermissionDenied):
            assign(
                collaboration=cast.ours.collaboration,
                user=cast.outsider,
                role=role,
                starts_on=TODAY,
                by=user,
                now=NOW,
            )


# --- writing in documents ------------------------------------------------------------------


def test_writing_changes_the_named_fields_and_no_other(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    analysis.participants = "Läst på en gammal sida"
    written = write(
        instance=analysis,
        may=holds(Role.PRINCIPAL),
        by=cast.ours.principal,
        now=NOW,
        text="Ny text",
    )
    written.refresh_from_db()
    assert (written.text, written.participants) == ("Ny text", "Alla lärare, i två möten.")


def test_writing_is_refused_once_the_document_is_closed(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school, state="shared")
    with pytest.raises(TransitionRefused):
        write(
            instance=analysis,
            may=holds(Role.PRINCIPAL),
            by=cast.ours.principal,
            now=NOW,
            text="För sent",
        )
    with pytest.raises(PermissionDenied):
        write(
            instance=analysis,
            may=holds(Role.PRINCIPAL),
            by=cast.ours.preschool_principal,
            now=NOW,
            text="Inte mitt",
        )


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    ours = cast.ours.collaboration
    part = ours.participations.get(unit=cast.ours.school)
    held = Assignment.objects.get(user=cast.ours.team_leader)

    def refuses(model, **fields: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)

    refuses(Participation, collaboration=ours, unit=part.unit, joined_on=TODAY)
    refuses(
        Participation,
        collaboration=cast.theirs.collaboration,
        unit=part.unit,
        joined_on=TODAY,
        left_on=YESTERDAY,
    )
    named = {"collaboration": ours, "starts_on": TODAY}
    refuses(Assignment, **named, user=cast.outsider, role=Role.TEAM_LEADER)
    refuses(Assignment, **named, user=cast.ours.education_leader, role=Role.EDUCATION_LEADER)
    refuses(Assignment, **named, user=held.user, role=Role.EDUCATION_LEADER, ends_on=YESTERDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.put(ours, "active", interventions_end_on=date(2020, 1, 1))
