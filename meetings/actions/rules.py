"""Changing what holds for a kind of meeting, in the programme or in one case."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from meetings.models import USUAL, KindRule, Meeting, MeetingRule
from meetings.permissions import can_change_meeting_rules
from meetings.queries.owed import RuleChange, rule_under, what_would_change
from meetings.queries.rules import meeting_under
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import require
from sbs_workflow.queries import load_roles


def difference(
    rule: KindRule, kind: str, collaboration: Collaboration | None = None
) -> MeetingRule:
    """An unsaved row that says what ``rule`` says differently from what holds above it."""
    programme = MeetingRule.objects.filter(kind=kind, collaboration=None).first()
    above = rule_under(kind, programme) if collaboration else USUAL[kind]
    is_new_agenda = tuple(map(str, rule.agenda)) != tuple(map(str, above.agenda))
    return MeetingRule(
        kind=kind,
        collaboration=collaboration,
        initiator=rule.initiator if rule.initiator != above.initiator else "",
        required=list(rule.required) if set(rule.required) != set(above.required) else [],
        cadence_days=rule.cadence_days if rule.cadence_days != above.cadence_days else None,
        at_least=rule.at_least if rule.at_least != above.at_least else None,
        agenda="\n".join(map(str, rule.agenda)) if is_new_agenda else "",
    )


@transaction.atomic
def change_meeting_rule(*, proposed: MeetingRule, by: User, now: datetime) -> list[RuleChange]:
    """Let ``proposed`` hold, and let what is still to be booked follow it.

    A row that says nothing of its own is not kept. PermissionDenied unless ``by`` runs the
    programme, or manages the agency whose case it is.
    """
    if proposed.collaboration is None:
        if not by.is_staff:
            raise PermissionDenied
    else:
        load_roles(by, local_date(now))
        Collaboration.objects.lock(proposed.collaboration.pk)
        require(can_change_meeting_rules, proposed.collaboration, by)
    changes = what_would_change(proposed.kind, proposed, local_date(now))
    MeetingRule.objects.filter(kind=proposed.kind, collaboration=proposed.collaboration).delete()
    if proposed.says_something:
        proposed.save()
    for change in changes:
        _follow(change, proposed.kind)
    return changes


def _follow(change: RuleChange, kind: str) -> None:
    """The meeting that is to be booked becomes as the rule wants it, or comes to be."""
    Collaboration.objects.lock(change.collaboration.pk)
    owed = Meeting.objects.filter(
        collaboration=change.collaboration, kind=kind, state=Meeting.State.NEEDED
    ).first()
    wanted = meeting_under(change.rule, change.collaboration, kind)
    meeting = owed or wanted
    meeting.initiator, meeting.required = wanted.initiator, wanted.required
    meeting.due_on = change.after.due_on
    meeting.save()
