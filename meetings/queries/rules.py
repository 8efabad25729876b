"""What holds for a kind of meeting in a case: the usual, as the administrator has changed it."""

from collections.abc import Mapping

from django.db.models import F, Q

from meetings.models import USUAL, KindRule, Meeting, MeetingRule
from meetings.permissions import can_run_meeting
from organisations.models import User
from sbs_workflow.models import Collaboration


def rules_for(collaboration: Collaboration) -> Mapping[str, KindRule]:
    """The rule of every kind; the case's own changes go before the programme's (one query)."""
    rules = dict(USUAL)
    changes = MeetingRule.objects.filter(
        Q(collaboration=collaboration) | Q(collaboration__isnull=True)
    ).order_by(F("collaboration").asc(nulls_first=True))
    for change in changes:
        rules[change.kind] = change.changed(rules[change.kind])
    return rules


def rule_for(collaboration: Collaboration, kind: str) -> KindRule:
    return rules_for(collaboration)[kind]


def new_meeting(collaboration: Collaboration, kind: str) -> Meeting:
    """An unsaved meeting that keeps what the rule says where that is not the usual."""
    return meeting_under(rule_for(collaboration, kind), collaboration, kind)


def kinds_called_by(user: User, collaboration: Collaboration) -> list[str]:
    """The kinds of meeting that this person may call in the case (one query)."""
    return [
        kind
        for kind, rule in rules_for(collaboration).items()
        if can_run_meeting(meeting_under(rule, collaboration, kind), user)
    ]


def meeting_under(rule: KindRule, collaboration: Collaboration, kind: str) -> Meeting:
    """An unsaved meeting as the rule wants it; what is usual is not stored."""
    usual = USUAL[kind]
    return Meeting(
        collaboration=collaboration,
        kind=kind,
        initiator=rule.initiator if rule.initiator != usual.initiator else "",
        required=list(rule.required) if rule.required != usual.required else [],
    )
