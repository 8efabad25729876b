"""What holds for a kind of meeting in a case: the usual, as the administrator has changed it."""

from collections.abc import Mapping

from django.db.models import F, Q

from meetings.models import USUAL, KindRule, Meeting, MeetingRule
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
    rule, usual = rule_for(collaboration, kind), USUAL[kind]
    return Meeting(
        collaboration=collaboration,
        kind=kind,
        initiator=rule.initiator if rule.initiator != usual.initiator else "",
        required=list(rule.required) if rule.required != usual.required else [],
    )
