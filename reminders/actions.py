"""What people do about reminders: put off, waive, leave out, and choose when they come."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications import clock
from notifications.duties import FIRST_RUNG, Duty, OpenDuty, Timing
from notifications.models import Exemption, LeadTimes, MailChoice, Reminder
from notifications.planning import NOT_YET
from organisations.models import Role, User
from reminders.permissions import can_change_lead_times, can_waive_for
from reminders.queries import CHOSEN_OUT, owes
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import require

# Longer than that is no pause but a waiver (inferred).
LONGEST_SNOOZE = timedelta(days=14)


def refused_pause(until: date, today: date) -> str:
    """Why something cannot be put off until that day; empty when it can."""
    if today < until <= today + LONGEST_SNOOZE:
        return ""
    last = date_format(today + LONGEST_SNOOZE, "j F Y")
    return _("Choose a day after today, and %(day)s at the latest.") % {"day": last}


@transaction.atomic
def snooze(*, owed: OpenDuty, until: date, reason: str, by: User, now: datetime) -> Exemption:
    """Put off being reminded of a duty by somebody who owes it; refused for what is formal."""
    today = clock.local_date(now)
    if not owes(by, owed, today):
        raise TransitionRefused(_("This is not yours to put off."))
    _refuse_formal(owed.duty)
    if refused := refused_pause(until, today):
        raise TransitionRefused(refused)
    _tell_again(owed)
    return _let_be(owed, until=until, reason=reason, by=by, now=now)


@transaction.atomic
def waive(*, owed: OpenDuty, reason: str, by: User, now: datetime) -> Exemption:
    """Say that a duty need not be done this time: by the lead of the party that owes it."""
    collaboration = Collaboration.objects.lock(owed.scope_id)
    require(can_waive_for(Role(owed.duty.owed_by[0]).party), collaboration, by)
    _refuse_formal(owed.duty)
    return _let_be(owed, until=None, reason=reason, by=by, now=now)


@transaction.atomic
def end_exemption(*, exemption: Exemption, owed: OpenDuty, by: User, now: datetime) -> None:
    """Ask for it again: whoever may let it be may also take that back."""
    if exemption.is_waiver:
        _require_lead(owed, by)
    elif not owes(by, owed, clock.local_date(now)):
        raise PermissionDenied
    exemption.delete()


def leave_out(*, owed: OpenDuty, step: int, by: User, now: datetime) -> None:
    """Not this one: a single reminder that is to come is not told."""
    _require_lead(owed, by)
    Reminder.objects.update_or_create(
        rule=owed.duty.name,
        object_id=owed.object_id,
        due_on=owed.set_for,
        step=step,
        defaults={
            "scope_id": owed.scope_id,
            "status": Reminder.Status.SUPPRESSED,
            "reason": CHOSEN_OUT + by.name,
            "planned_at": now,
        },
    )


def put_back(*, owed: OpenDuty, step: int, by: User) -> None:
    """The reminder comes after all."""
    _require_lead(owed, by)
    Reminder.objects.filter(
        rule=owed.duty.name,
        object_id=owed.object_id,
        due_on=owed.set_for,
        step=step,
        status=Reminder.Status.SUPPRESSED,
        reason__startswith=CHOSEN_OUT,
    ).delete()


def change_lead_times(
    *, duty: Duty, collaboration: Collaboration | None, timing: Timing, by: User, now: datetime
) -> None:
    """Other lead times for a rule in one collaboration, or in the programme with None.

    The usual ones need no row, so that they follow the rule when it changes.
    """
    if collaboration is not None:
        require(can_change_lead_times, collaboration, by)
    scope = None if collaboration is None else collaboration.pk
    if collaboration is None and timing == duty.timing:
        LeadTimes.objects.filter(rule=duty.name, scope_id=None).delete()
        return
    LeadTimes.objects.update_or_create(
        rule=duty.name,
        scope_id=scope,
        defaults={
            "steps": " ".join(step.written for step in timing.steps),
            "escalation": " ".join(step.written for step in timing.escalation),
            "by": by,
            "at": now,
        },
    )


def follow_the_programme(*, duty: Duty, collaboration: Collaboration, by: User) -> None:
    """The collaboration has no lead times of its own any more."""
    require(can_change_lead_times, collaboration, by)
    LeadTimes.objects.filter(rule=duty.name, scope_id=collaboration.pk).delete()


def choose_mail(*, user_id: UUID, rhythm: str) -> None:
    """How often this person is reminded by mail of what is not formal."""
    MailChoice.objects.update_or_create(user_id=user_id, defaults={"rhythm": rhythm})


def _refuse_formal(duty: Duty) -> None:
    if duty.is_formal:
        raise TransitionRefused(_("This is a formal duty, which cannot be put off here."))


def _require_lead(owed: OpenDuty, by: User) -> None:
    collaboration = Collaboration.objects.get(pk=owed.scope_id)
    require(can_waive_for(Role(owed.duty.owed_by[0]).party), collaboration, by)


def _let_be(
    owed: OpenDuty, *, until: date | None, reason: str, by: User, now: datetime
) -> Exemption:
    exemption, _is_new = Exemption.objects.update_or_create(
        rule=owed.duty.name,
        object_id=owed.object_id,
        due_on=owed.set_for,
        defaults={
            "scope_id": owed.scope_id,
            "until": until,
            "reason": reason,
            "by": by,
            "at": now,
        },
    )
    return exemption


def _tell_again(owed: OpenDuty) -> None:
    """The last step that was told is told once more when the pause is over."""
    last = (
        Reminder.objects.filter(
            rule=owed.duty.name,
            object_id=owed.object_id,
            due_on=owed.set_for,
            step__lt=FIRST_RUNG,
            status=Reminder.Status.TOLD,
        )
        .order_by("-pk")
        .first()
    )
    if last is not None:
        Reminder.objects.filter(pk=last.pk).update(status=Reminder.Status.PLANNED, reason=NOT_YET)
