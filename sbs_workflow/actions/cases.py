"""What people do with a collaboration itself; its steps are taken through ``engine.perform``."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from notifications.clock import local_date
from notifications.working_days import next_working_day
from organisations.actions import invite
from organisations.models import Organisation, Party, Role, Unit, User
from sbs_workflow.acting import act
from sbs_workflow.actions.gaps import end_vacancies
from sbs_workflow.engine import TransitionRefused, with_unit
from sbs_workflow.models import (
    OFFER_WITHIN,
    Assignment,
    Collaboration,
    Participation,
    Promise,
)
from sbs_workflow.permissions import (
    Permission,
    can_assign,
    can_manage_collaboration,
    can_open_collaboration,
    can_settle_promise,
    require,
)
from sbs_workflow.queries import colleague_with, load_roles
from sbs_workflow.search import refresh_search_texts


@transaction.atomic
def create_collaboration(
    *,
    by: User,
    now: datetime,
    name: str,
    agency: Organisation,
    organiser: Organisation,
    **details: Any,
) -> Collaboration:
    """Open a case as a candidate. PermissionDenied unless ``by`` manages the agency.

    A candidate that is the same in every field is the same case, sent twice.
    """
    today = local_date(now)
    collaboration = Collaboration(name=name, agency=agency, organiser=organiser, **details)
    collaboration.due_on = next_working_day(today + OFFER_WITHIN)
    load_roles(by, today)
    _require(can_open_collaboration, collaboration, by, now)
    sent_before = Collaboration.objects.filter(
        name=name,
        agency=agency,
        organiser=organiser,
        state=Collaboration.State.CANDIDATE,
        **details,
    ).first()
    if sent_before:
        return sent_before
    collaboration.save()
    refresh_search_texts(Collaboration.objects.filter(pk=collaboration.pk))
    return collaboration


@transaction.atomic
def add_unit(*, collaboration: Collaboration, unit: Unit, by: User, now: datetime) -> Participation:
    """Let a unit of the huvudman take part, or come back; doing it again changes nothing."""
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    _require(can_manage_collaboration, collaboration, by, now)
    participation, _created = Participation.objects.update_or_create(
        collaboration=collaboration,
        unit=unit,
        defaults={"left_on": None, "leave_reason": ""},
        create_defaults={"joined_on": local_date(now)},
    )
    refresh_search_texts(Collaboration.objects.filter(pk=collaboration.pk))
    return participation


@transaction.atomic
def let_unit_leave(
    *, participation: Participation, reason: str, by: User, now: datetime
) -> Participation:
    """A unit may leave, by merger or closure, while the case goes on (domain.md 2.3)."""
    load_roles(by, local_date(now))
    Collaboration.objects.lock(participation.collaboration_id)
    _require(can_manage_collaboration, participation.collaboration, by, now)
    participation.left_on = local_date(now)
    participation.leave_reason = reason
    participation.save(update_fields=["left_on", "leave_reason"])
    return participation


@transaction.atomic
def describe_collaboration(
    *, collaboration: Collaboration, by: User, now: datetime, **details: Any
) -> Collaboration:
    """Change what the agency knows of the case, such as its ``name`` or its ``university``.

    The university is named near the end of the analysis (VAL 2019).
    """
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    _require(can_manage_collaboration, collaboration, by, now)
    for name, value in details.items():
        setattr(collaboration, name, value)
    collaboration.save(update_fields=[*details, "sort_key"])
    refresh_search_texts(Collaboration.objects.filter(pk=collaboration.pk))
    return collaboration


@transaction.atomic
def assign(
    *,
    collaboration: Collaboration,
    user: User,
    role: Role,
    starts_on: date,
    by: User,
    now: datetime,
    is_deputy: bool = False,
) -> Assignment:
    """Give a person a role in the collaboration from a day on.

    A new team leader takes over from the present one, whose assignment ends the day before. So
    does somebody who has been the deputy from themselves, and the other way around.
    """
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    _require(can_assign[role.party], collaboration, by, now)
    assignment = give_role(collaboration, user, role, starts_on, is_deputy=is_deputy)
    end_vacancies(local_date(now))
    return assignment


def give_role(
    collaboration: Collaboration, user: User, role: Role, starts_on: date, *, is_deputy: bool
) -> Assignment:
    """As ``assign``, by an action that has asked who may and has locked the case."""
    taken_over = Q(user=user, is_deputy=not is_deputy)
    if role == Role.TEAM_LEADER and not is_deputy:
        taken_over |= ~Q(user=user) & Q(is_deputy=False)
    for earlier in Assignment.objects.filter(
        taken_over, collaboration=collaboration, role=role, ends_on=None
    ):
        earlier.ends_on = max(earlier.starts_on, starts_on - timedelta(days=1))
        earlier.save(update_fields=["ends_on"])
    assignment, _created = Assignment.objects.get_or_create(
        collaboration=collaboration,
        user=user,
        role=role,
        ends_on=None,
        defaults={"starts_on": starts_on, "is_deputy": is_deputy},
    )
    return assignment


@transaction.atomic
def assign_or_invite(
    *,
    collaboration: Collaboration,
    email: str,
    name: str,
    role: Role,
    starts_on: date,
    by: User,
    now: datetime,
    is_deputy: bool = False,
) -> Collaboration:
    """Give a role to a colleague, or invite to it whoever does not belong to the organisation yet.

    Whether somebody elsewhere has that address is told to nobody: they are invited as well.
    TransitionRefused when nobody has named the university, or the person to be invited.
    """
    parties = {Party.AGENCY: collaboration.agency, Party.UNIVERSITY: collaboration.university}
    organisation = parties[role.party]
    if organisation is None:
        raise TransitionRefused(_("Name the university of the case first."))
    colleague = colleague_with(email, organisation, local_date(now))
    if colleague is not None:
        assign(
            collaboration=collaboration,
            user=colleague,
            role=role,
            starts_on=starts_on,
            by=by,
            now=now,
            is_deputy=is_deputy,
        )
        return collaboration
    if not name:
        raise TransitionRefused(_("Write the name too: the person is new in the organisation."))
    load_roles(by, local_date(now))
    invite(
        by=by,
        email=email,
        name=name,
        role=role,
        organisation=organisation,
        starts_on=starts_on,
        now=now,
        is_deputy=is_deputy,
        scope_id=collaboration.pk,
        scope_name=collaboration.name,
    )
    return collaboration


@transaction.atomic
def end_assignment(*, assignment: Assignment, ends_on: date, by: User, now: datetime) -> Assignment:
    load_roles(by, local_date(now))
    _require(can_assign[Role(assignment.role).party], assignment.collaboration, by, now)
    assignment.ends_on = ends_on
    assignment.save(update_fields=["ends_on"])
    return assignment


def _require(may: Permission, instance: Any, by: User, now: datetime) -> None:
    """PermissionDenied unless ``may`` lets through; then it is ``by`` who acts, says the trail."""
    require(may, instance, by)
    act(by=by, role=may.role_of(instance, by), now=now)


def alone_with(instance: Any, *, may: Permission, by: User, now: datetime) -> Any:
    """The object as it stands now, with its collaboration locked until the transaction ends.

    PermissionDenied unless ``may`` lets through. To be called in a transaction.
    """
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(instance.collaboration_key)
    fresh: Any = collaboration
    if not isinstance(instance, Collaboration):
        fresh = with_unit(type(instance)._default_manager).get(pk=instance.pk)
        fresh.collaboration = collaboration
    require(may, fresh, by)
    act(by=by, role=may.role_of(fresh, by), now=now, about=fresh)
    return fresh


def open_for_writing(instance: Any, *, may: Permission, by: User, now: datetime) -> Any:
    """As ``alone_with``; TransitionRefused once the document is no longer open for writing."""
    fresh = alone_with(instance, may=may, by=by, now=now)
    if not fresh.is_open_for_writing:
        raise TransitionRefused(_("It is no longer open for writing."))
    return fresh


@transaction.atomic
def write(*, instance: Any, may: Permission, by: User, now: datetime, **fields: Any) -> Any:
    """Store what was written in a document while it is open for writing; returns it as saved."""
    fresh = open_for_writing(instance, may=may, by=by, now=now)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(fields))
    return fresh


@transaction.atomic
def settle_promise(
    *,
    promise: Promise,
    outcome: str,
    word: str,
    by: User,
    now: datetime,
    what: str = "",
    due_on: date | None = None,
) -> Promise:
    """Note that a promise was kept, changed or dropped, with a word about it.

    A changed one stays as it was said, and is followed by one that says ``what`` by ``due_on``.
    """
    fresh: Promise = alone_with(promise, may=can_settle_promise, by=by, now=now)
    if fresh.settled_on:
        return fresh  # somebody was first, or pressed twice
    fresh.settled_on = local_date(now)
    fresh.outcome = outcome
    fresh.word = word
    fresh.save(update_fields=["settled_on", "outcome", "word"])
    if outcome == Promise.Outcome.CHANGED:
        _promise_instead(fresh, what=what, due_on=due_on, made_on=local_date(now))
    return fresh


def _promise_instead(promise: Promise, *, what: str, due_on: date | None, made_on: date) -> None:
    Promise.objects.create(
        collaboration=promise.collaboration,
        made_in=promise.made_in,
        made_on=made_on,
        party=promise.party,
        person=promise.person,
        what=what or promise.what,
        due_on=due_on,
        written_by=promise.written_by,
        is_shared=promise.is_shared,
        replaces=promise,
    )
