"""What holds for a kind of meeting in a case: the usual, as the administrator has changed it."""

from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from meetings.models import USUAL, KindRule, Meeting, MeetingRule
from meetings.permissions import can_run_meeting
from organisations.models import User
from sbs_workflow.models import Collaboration


def rules_for(collaboration: Collaboration | None) -> Mapping[str, KindRule]:
    """The rule of every kind; the case's own changes go before the programme's (one query).

    Those of the programme alone where there is no case.
    """
    rules = dict(USUAL)
    for change in _changes(collaboration):
        rules[change.kind] = change.changed(rules[change.kind])
    return rules


def changed_kinds(collaboration: Collaboration | None) -> set[str]:
    """The kinds of which the case, or the programme, says something of its own (one query)."""
    return set(
        MeetingRule.objects.filter(collaboration=collaboration).values_list("kind", flat=True)
    )


def _changes(collaboration: Collaboration | None) -> QuerySet[MeetingRule]:
    wanted = Q(collaboration__isnull=True)
    if collaboration is not None:
        wanted |= Q(collaboration=collaboration)
    return MeetingRule.objects.filter(wanted).order_by(F("collaboration").asc(nulls_first=True))


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
