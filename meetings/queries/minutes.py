"""What the minutes are made of, and who may be asked about the meeting."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import (
    AgendaPoint,
    ChangeProposal,
    Meeting,
    MeetingParticipant,
    MinutesApproval,
)
from organisations.models import Party, User
from sbs_workflow.models import Promise


def proposed_minutes(meeting: Meeting) -> str:
    """The outcomes, decisions and promises as a text to go on from (four queries)."""
    return "\n\n".join("\n".join(lines) for lines in _chapters(meeting) if lines)


def _chapters(meeting: Meeting) -> Iterator[list[str]]:
    for point in meeting.agenda.all():
        if point.outcome:
            yield [point.title, point.outcome]
        elif point.state == AgendaPoint.State.SENT_ON:
            yield [point.title, _("Sent to next time.")]
    if decisions := [f"• {decision.text}" for decision in meeting.decisions.all()]:
        yield [_("Decisions"), *decisions]
    promises = Promise.objects.filter(made_in=meeting.pk, replaces=None).select_related("person")
    if lines := [f"• {_promised(promise)}" for promise in promises]:
        yield [_("Promises"), *lines]
    for change in ChangeProposal.objects.filter(meeting=meeting):
        yield [_("Change of the agreement"), change.text]


def _promised(promise: Promise) -> str:
    who = f"{promise.party_label}, {promise.person}" if promise.person else promise.party_label
    if promise.due_on is None:
        return f"{who}: {promise.what}"
    day = date_format(promise.due_on, "j F Y")
    return _("%(who)s: %(what)s (by %(day)s)") % {"who": who, "what": promise.what, "day": day}


@dataclass(frozen=True)
class Confirmation:
    """A party that is asked about the minutes, and who confirmed them for it, if anybody did."""

    party: Party
    approval: MinutesApproval | None
    was_silent: bool


def confirmations_of(meeting: Meeting) -> list[Confirmation]:
    """What each party says about the minutes (one query, and none before they are written)."""
    if meeting.state not in (Meeting.State.MINUTED, Meeting.State.APPROVED):
        return []
    approvals = {row.party: row for row in meeting.approvals.select_related("by")}
    stands = meeting.state == Meeting.State.APPROVED
    return [
        Confirmation(party, approvals.get(party), was_silent=stands and party not in approvals)
        for party in meeting.confirming_parties
    ]


def load_participants(meeting: Meeting) -> None:
    """Whoever asks for ``meeting.participants.all()`` then has them, party by party (one query)."""
    invited = MeetingParticipant.objects.select_related("user").order_by("party", "user__name")
    prefetch_related_objects([meeting], Prefetch("participants", invited))


def proposed_change(meeting: Meeting) -> ChangeProposal | None:
    """What the parties want to change is a proposal once the minutes are written."""
    return ChangeProposal.objects.filter(meeting=meeting).first() if meeting.has_minutes else None


def was_there(meeting: Meeting, user: User) -> bool:
    """Whoever was invited counts as having come, until it is said who did (one query)."""
    took_place = meeting.state in (*Meeting.WAS_HELD, Meeting.State.NOT_QUORATE)
    invited = meeting.participants.all()
    return took_place and any(p.user_id == user.pk and p.came is not False for p in invited)
