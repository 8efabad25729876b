"""Leaving a role: somebody takes it over at once, or it is said what happens meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import outbox
from notifications.clock import local_date
from organisations.models import Membership, Role, User
from organisations.permissions import is_support
from sbs_workflow.acting import act
from sbs_workflow.actions.cases import give_role
from sbs_workflow.actions.gaps import end_vacancies
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Assignment, Collaboration, Handover
from sbs_workflow.permissions import can_assign
from sbs_workflow.queries import colleagues_in, load_roles
from sbs_workflow.successors import (
    Held,
    cases_of,
    may_end,
    organisation_of,
    place_of,
    promises_of,
)


@dataclass(frozen=True)
class Left:
    """A role that is left, to a successor or with a word about why there is none yet."""

    held: Held
    successor: User | None = None
    word: str = ""


@transaction.atomic
def hand_over(
    *,
    roles: Sequence[Left],
    ends_on: date,
    starts_on: date,
    by: User,
    now: datetime,
    close_account: bool = False,
) -> list[Handover]:
    """End these roles of one person and give each to its successor, all or none.

    The successors hold them from ``starts_on``, which may come before the last day, so that both
    can meet. ``close_account`` shuts the account of somebody who holds no role anywhere after that;
    a role that had yet to begin ends on the day on which it would have, and is taken over from it.
    PermissionDenied unless ``by`` may give every one of the roles, or is support who closes an
    account; TransitionRefused for a successor who does not work there, and where there is neither
    successor nor word.
    """
    for left in roles:
        if not (may_end(by, left.held, local_date(now)) or (close_account and is_support(by))):
            raise PermissionDenied
        if ends_on < left.held.starts_on and not close_account:
            raise TransitionRefused(_("The role ends before it begins."))
        _refuse_unless_taken_care_of(left, local_date(now))
    handovers = [_leave(left, ends_on, starts_on, by=by, now=now) for left in roles]
    leaver = roles[0].held.user
    for left in roles:
        _pass_promises_on(left, the_day_after=ends_on + timedelta(days=1))
    if close_account:
        _close_account_without_roles(leaver, ends_on, local_date(now))
    end_vacancies(local_date(now))
    for successor in {left.successor for left in roles if left.successor}:
        taken = [left.held for left in roles if left.successor == successor]
        _tell(successor, taken, starts_on=starts_on, ends_on=ends_on, by=by, now=now)
    return handovers


def _refuse_unless_taken_care_of(left: Left, today: date) -> None:
    if left.successor is None:
        if not left.word:
            raise TransitionRefused(_("Name a successor, or say what happens meanwhile."))
        return
    colleagues = colleagues_in(organisation_of(left.held), today)
    if left.successor == left.held.user or left.successor not in colleagues:
        raise TransitionRefused(_("Choose somebody else who works in the organisation."))


def _leave(left: Left, ends_on: date, starts_on: date, *, by: User, now: datetime) -> Handover:
    held = left.held
    ends_on, starts_on = max(ends_on, held.starts_on), max(starts_on, held.starts_on)
    if isinstance(held, Assignment):
        _end_assignment(left, held, ends_on, starts_on, by=by, now=now)
    else:
        _end_membership(left, held, ends_on, starts_on, by=by, now=now)
    handover, _is_new = Handover.objects.update_or_create(
        held=held.pk,
        defaults={
            "role": held.role,
            "organisation": organisation_of(held),
            "unit": getattr(held, "unit", None),
            "collaboration": getattr(held, "collaboration", None),
            "leaver": held.user,
            "successor": left.successor,
            "word": left.word,
            "by": by,
            "at": now,
        },
    )
    return handover


def _end_assignment(
    left: Left, held: Assignment, ends_on: date, starts_on: date, *, by: User, now: datetime
) -> None:
    case = Collaboration.objects.lock(held.collaboration_id)
    role = Role(held.role)
    act(by=by, role=can_assign[role.party].role_of(case, by), now=now, reason=left.word)
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    if left.successor:
        give_role(case, left.successor, role, starts_on, is_deputy=held.is_deputy)


def _end_membership(
    left: Left, held: Membership, ends_on: date, starts_on: date, *, by: User, now: datetime
) -> None:
    act(by=by, role=None, now=now, reason=left.word)
    where = {"organisation": held.organisation, "unit": held.unit, "role": held.role}
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    if left.successor:
        Membership.objects.get_or_create(
            user=left.successor,
            **where,
            is_deputy=held.is_deputy,
            ends_on=None,
            defaults={"starts_on": starts_on},
        )


def _pass_promises_on(left: Left, the_day_after: date) -> None:
    """What the person was to see to is the successor's, or the party's where there is none yet.

    Whoever still takes part for the party keeps what they have promised.
    """
    party = Role(left.held.role).party
    # Read anew: the roles that are left have ended only now.
    held = load_roles(User.objects.get(pk=left.held.user_id), the_day_after)
    gone_from = [
        case
        for case in cases_of(left.held)
        if party not in {role.party for role in held.for_object(case)}
    ]
    promises = promises_of(left.held.user_id, Role(left.held.role), gone_from)
    promises.update(person=left.successor)


def _close_account_without_roles(person: User, ends_on: date, today: date) -> None:
    """An account that is needed elsewhere or by support stays open, and nobody is told where."""
    if ends_on > today:
        raise TransitionRefused(_("The account can be closed on the last day at the earliest."))
    # Those that ended today are over with the account.
    tomorrow = today + timedelta(days=1)
    held = load_roles(User.objects.get(pk=person.pk), tomorrow)
    if not (held.in_collaborations or held.in_organisations or held.in_units):
        accounts = User.objects.filter(pk=person.pk, is_staff=False, is_superuser=False)
        accounts.update(is_active=False)


def _tell(
    successor: User,
    taken: Iterable[Held],
    *,
    starts_on: date,
    ends_on: date,
    by: User,
    now: datetime,
) -> None:
    """One letter with one link: to where the case stands, or to the cases where they are many."""
    taken = list(taken)
    cases = {case.pk for held in taken for case in cases_of(held)}
    path = (
        reverse("portfolio:here_we_are", args=[*cases])
        if len(cases) == 1
        else reverse("portfolio:collaborations")
    )
    outbox.enqueue(
        key=f"sbs_workflow.handover:{taken[0].pk}:{successor.pk}:{starts_on}",
        recipient=successor.pk,
        template="sbs_workflow/handover",
        context={
            "by": by.name,
            "leaver": taken[0].user.name,
            "roles": [f"{Role(held.role).label}, {place_of(held)}" for held in taken],
            "starts_on": starts_on,
            "ends_on": ends_on,
            "path": path,
        },
        now=now,
    )
