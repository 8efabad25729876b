"""Leaving a role: it is handed over whole, or it is said what happens meanwhile."""

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from notifications import clock
from notifications.models import OutboxMessage
from organisations.models import Membership, Party, Role, User
from sbs_workflow.actions import Left, hand_over
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Assignment, Handover, Promise
from sbs_workflow.queries import load_roles, people_of
from sbs_workflow.successors import roles_in, roles_to_leave
from tests import factories
from tests.cast import LONG_AGO, NOW, PASSWORD, TODAY, Cast, member, person

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

TOMORROW = TODAY + timedelta(days=1)
IN_A_MONTH = TODAY + timedelta(days=30)


def assignment_of(user: User) -> Assignment:
    return Assignment.objects.select_related("collaboration", "user").get(user=user)


def membership_of(user: User) -> Membership:
    return Membership.objects.select_related("organisation", "unit", "user").get(user=user)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Somebody of our university who takes part in no case yet."""
    new = person("Tyra Teamledare", "tyra@adalen.example")
    new.save()
    member(new, cast.ours.university, Role.UNIVERSITY_LEAD).save()
    return new


def leave(held, *, to: User | None = None, word: str = "", by: User, **when) -> list[Handover]:
    days = {"ends_on": IN_A_MONTH, "starts_on": TODAY} | when
    return hand_over(roles=[Left(held, to, word)], by=by, now=NOW, **days)


def test_a_successor_has_the_role_and_the_promises_and_a_letter_with_one_link(
    cast: Cast, colleague: User
):
    side, case = cast.ours, cast.ours.collaboration
    promise = factories.promise(
        factories.visit(case, state="shared"), party=Party.UNIVERSITY, person=side.team_leader
    )
    leave(assignment_of(side.team_leader), to=colleague, by=side.university_lead)

    leaders = {p.user_id for p in people_of(case, IN_A_MONTH) if p.role == Role.TEAM_LEADER}
    assert leaders == {side.team_leader.pk, colleague.pk}
    after = people_of(case, IN_A_MONTH + timedelta(days=1))
    assert {p.user_id for p in after if p.role == Role.TEAM_LEADER} == {colleague.pk}
    assert Promise.objects.get(pk=promise.pk).person == colleague
    [letter] = OutboxMessage.objects.filter(template="sbs_workflow/handover")
    assert letter.recipient == colleague
    assert letter.context["path"] == reverse("portfolio:here_we_are", args=[case.pk])
    handover = Handover.objects.get()
    assert (handover.leaver, handover.successor, handover.by) == (
        side.team_leader,
        colleague,
        side.university_lead,
    )


def test_doing_it_again_changes_nothing(cast: Cast, colleague: User):
    side = cast.ours
    for _time in range(2):
        leave(assignment_of(side.team_leader), to=colleague, by=side.university_lead)
    assert Assignment.objects.filter(user=colleague).count() == 1
    assert Handover.objects.count() == 1
    assert OutboxMessage.objects.filter(template="sbs_workflow/handover").count() == 1


def test_nobody_leaves_without_a_successor_or_a_word(cast: Cast):
    side = cast.ours
    held = assignment_of(side.team_leader)
    with pytest.raises(TransitionRefused):
        leave(held, by=side.university_lead)
    assert assignment_of(side.team_leader).ends_on is None
    leave(held, word="Linda svarar till jul.", by=side.university_lead)
    assert Handover.objects.get().word == "Linda svarar till jul."
    assert assignment_of(side.team_leader).ends_on == IN_A_MONTH
    assert not OutboxMessage.objects.exists()


def test_what_is_vacant_leaves_its_promises_with_the_party(cast: Cast):
    side = cast.ours
    visit = factories.visit(side.collaboration, state="shared")
    promise = factories.promise(visit, party=Party.UNIVERSITY, person=side.team_leader)
    leave(assignment_of(side.team_leader), word="Vi söker någon.", by=side.university_lead)
    assert Promise.objects.get(pk=promise.pk).person is None


def test_whoever_still_takes_part_keeps_what_they_promised(cast: Cast, colleague: User):
    side = cast.ours
    visit = factories.visit(side.collaboration, state="shared")
    promise = factories.promise(visit, party=Party.UNIVERSITY, person=side.team_leader)
    Assignment.objects.create(
        collaboration=side.collaboration,
        user=side.team_leader,
        role=Role.EDUCATION_LEADER,
        starts_on=LONG_AGO,
    )
    held = Assignment.objects.get(user=side.team_leader, role=Role.TEAM_LEADER)
    leave(held, to=colleague, by=side.university_lead)
    assert Promise.objects.get(pk=promise.pk).person == side.team_leader


def test_a_stranger_or_oneself_is_no_successor(cast: Cast):
    side = cast.ours
    for nobody in (cast.outsider, cast.theirs.team_leader, side.principal, side.team_leader):
        with pytest.raises(TransitionRefused):
            leave(assignment_of(side.team_leader), to=nobody, by=side.university_lead)
    assert not Handover.objects.exists()


def test_only_who_may_give_the_role_hands_it_over(cast: Cast):
    side = cast.ours
    principal, leader = membership_of(side.principal), assignment_of(side.team_leader)
    for held, others in (
        (principal, (side.coordinator, side.process_supporter, cast.theirs.head_of_authority)),
        (leader, (side.head_of_authority, side.team_leader, cast.theirs.university_lead)),
    ):
        for by in (*others, cast.outsider):
            with pytest.raises(PermissionDenied):
                leave(held, word="Nej.", by=by)


def test_all_or_none(cast: Cast):
    """A second role that cannot be handed over keeps the first as it was."""
    side = cast.ours
    first, second = membership_of(side.principal), membership_of(side.process_leader)
    with pytest.raises(TransitionRefused):
        hand_over(
            roles=[Left(first, side.preschool_principal), Left(second)],
            ends_on=TODAY,
            starts_on=TODAY,
            by=side.head_of_authority,
            now=NOW,
        )
    assert membership_of(side.principal).ends_on is None
    assert not Handover.objects.exists()


def test_a_principal_of_another_unit_takes_over_the_school(cast: Cast):
    side = cast.ours
    held = membership_of(side.principal)
    leave(held, to=side.preschool_principal, by=side.head_of_authority, ends_on=TODAY)
    units = Membership.objects.current(TOMORROW).filter(user=side.preschool_principal)
    assert {each.unit for each in units} == {side.school, side.preschool}
    assert not Membership.objects.current(TOMORROW).filter(user=side.principal).exists()


def test_an_account_is_closed_when_nothing_is_left_and_kept_where_it_is_needed(cast: Cast):
    side = cast.ours
    close: dict[str, Any] = {
        "close_account": True,
        "word": "Tjänsten dras in.",
        "by": side.head_of_authority,
    }
    member(side.coordinator, cast.theirs.organiser, Role.COORDINATOR).save()
    ours = Membership.objects.get(user=side.coordinator, organisation=side.organiser)
    leave(ours, ends_on=TODAY, **close)
    assert User.objects.get(pk=side.coordinator.pk).is_active
    leave(membership_of(side.process_leader), ends_on=TODAY, **close)
    assert not User.objects.get(pk=side.process_leader.pk).is_active
    with pytest.raises(TransitionRefused):
        leave(membership_of(side.principal), ends_on=TOMORROW, **close)


def test_what_goes_over_is_shown_for_each_role(cast: Cast):
    side = cast.ours
    factories.meeting(side.collaboration, due_on=TODAY)
    rows = roles_in(cast.agency, side.process_supporter, TODAY)
    [role] = roles_to_leave(rows, TODAY)
    assert [duty.duty.name for duty in role.duties] == ["meetings.book-quality-meeting"]
    assert side.second_process_supporter in role.candidates
    assert not {side.process_supporter, side.principal, cast.outsider} & set(role.candidates)


# --- the pages ------------------------------------------------------------------------------


@pytest.fixture
def log_in(client: Client) -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        assert client.login(email=user.email, password=PASSWORD)
        return client

    return log_in


def test_the_successor_is_led_to_where_things_stand_for_sixty_days(
    cast: Cast, colleague: User, log_in, monkeypatch: pytest.MonkeyPatch
):
    side, case = cast.ours, cast.ours.collaboration
    leave(assignment_of(side.team_leader), to=colleague, by=side.university_lead)
    here = reverse("portfolio:here_we_are", args=[case.pk])
    here_and_now = Handover.objects.about(case)
    assert here_and_now.to(colleague, TODAY + timedelta(days=59)).exists()
    assert not here_and_now.to(colleague, TODAY + timedelta(days=60)).exists()
    assert not here_and_now.to(side.team_leader, TODAY).exists()
    elsewhere = Handover.objects.about(cast.theirs.collaboration)
    assert not elsewhere.to(colleague, TODAY).exists()
    for successor, case_of, is_led in (
        (colleague, case, True),
        (colleague, cast.theirs.collaboration, False),
        (side.team_leader, case, False),
    ):
        held = load_roles(successor, TODAY + timedelta(days=30))
        assert held.has_taken_over(case_of, []) == is_led
    Handover.objects.update(at=NOW + timedelta(days=4000))
    client = log_in(colleague)
    assert here in client.get(case.get_absolute_url()).content.decode()
    assert side.team_leader.name in client.get(here).content.decode()


def test_the_page_of_the_leaver_asks_for_every_role_the_lead_may_give(cast: Cast, log_in):
    side = cast.ours
    url = reverse("sbs_workflow:person_leaves", args=[side.university.pk, side.team_leader.pk])
    client = log_in(side.university_lead)
    page = client.get(url)
    assert page.status_code == HTTPStatus.OK
    [role] = page.context["form"].roles
    assert role.held == assignment_of(side.team_leader)
    answer = {
        "ends_on": IN_A_MONTH.isoformat(),
        "starts_on": TODAY.isoformat(),
        f"successor_{role.held.pk}": "vacant",
        f"word_{role.held.pk}": "",
    }
    assert client.post(url, answer).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Handover.objects.exists()
    answer[f"successor_{role.held.pk}"] = str(side.university_lead.pk)
    assert client.post(url, answer).status_code == HTTPStatus.FOUND
    assert Handover.objects.get().successor == side.university_lead


@pytest.mark.parametrize("who", ["head_of_authority", "coordinator", "principal"])
def test_the_list_of_people_leads_to_no_page_that_is_closed(cast: Cast, client: Client, who: str):
    client.force_login(getattr(cast.ours, who))
    page = client.get(reverse("organisations:people", args=[cast.ours.organiser.pk]))
    offered = re.findall(r'href="([^"]+/slutar/)"', page.content.decode())
    assert offered
    assert all(client.get(address).status_code == HTTPStatus.OK for address in offered)
    leading = Membership.objects.get(user=cast.ours.head_of_authority)
    closed = reverse("sbs_workflow:membership_ends", args=[leading.pk])
    assert (closed in offered) == (who == "head_of_authority")


# --- for support ----------------------------------------------------------------------------


@pytest.fixture
def support(db: None) -> User:
    return User.objects.create_superuser("drift@trepart.example", PASSWORD, name="Drift")


def test_support_closes_no_account_that_is_needed(cast: Cast, support: User, client: Client):
    """In the admin pages it is refused, with the way to say who takes over."""
    client.force_login(support)
    person = cast.ours.team_leader  # whose role an upper house keeps
    url = reverse("admin:organisations_user_change", args=[person.pk])
    none = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    sent = {"name": person.name, "email": person.email} | none
    page = client.post(url, sent)
    assert reverse("sbs_workflow:close_account", args=[person.pk]) in page.content.decode()
    assert User.objects.get(pk=person.pk).is_active
    client.post(reverse("admin:organisations_user_change", args=[cast.outsider.pk]), {
        "name": cast.outsider.name, "email": cast.outsider.email, **none,
    })  # fmt: skip
    assert not User.objects.get(pk=cast.outsider.pk).is_active, "nothing is in their hands"


def test_support_closes_an_account_at_once_and_drops_nothing(
    cast: Cast, support: User, log_in, monkeypatch: pytest.MonkeyPatch
):
    side = cast.ours
    member(side.team_leader, side.university, Role.UNIVERSITY_LEAD).save()
    person_in = log_in(side.team_leader)
    client = Client()
    client.force_login(support)
    url = reverse("sbs_workflow:close_account", args=[side.team_leader.pk])
    assigned, leading = (role.held for role in client.get(url).context["form"].roles[::-1])
    answer = {f"successor_{assigned.pk}": str(side.university_lead.pk)}
    assert client.post(url, answer).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    answer |= {f"successor_{leading.pk}": "vacant", f"word_{leading.pk}": "Ulla svarar."}
    assert client.post(url, answer).status_code == HTTPStatus.FOUND
    assert not User.objects.get(pk=side.team_leader.pk).is_active
    assert person_in.get("/").status_code == HTTPStatus.FOUND
    taken = Handover.objects.get(held=assigned.pk)
    assert (taken.successor, taken.by) == (side.university_lead, support)
    people = people_of(side.collaboration, clock.today())
    assert {p.user_id for p in people if p.role == Role.TEAM_LEADER} == {side.university_lead.pk}


def test_the_page_that_closes_accounts_is_for_support_with_two_steps(
    cast: Cast, support: User, client: Client, settings
):
    url = reverse("sbs_workflow:close_account", args=[cast.ours.team_leader.pk])
    half = User.objects.create_user("half@trepart.example", PASSWORD, name="Halv", is_staff=True)
    for somebody in (cast.agency_manager, cast.ours.university_lead, half):
        client.force_login(somebody)
        assert client.get(url).status_code == HTTPStatus.NOT_FOUND
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(support)
    assert client.get(url).headers["Location"] == reverse("organisations:second_factor")


def test_support_hands_over_nothing_without_closing(cast: Cast, support: User):
    held = assignment_of(cast.ours.team_leader)
    with pytest.raises(PermissionDenied):
        leave(held, word="Nej.", by=support)
