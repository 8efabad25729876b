"""What the pages about a poll of times show, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import Meeting, PollAnswer, PollInvitation, ProposedTime, TimePoll
from notifications.clock import local_date
from organisations.models import Party
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import people_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES, IF_NEED_BE = PollAnswer.Answer.YES, PollAnswer.Answer.IF_NEED_BE

# --- answering -----------------------------------------------------------------------------


def invitation_of_link(token: str) -> PollInvitation | None:
    return PollInvitation.objects.of_token(token).first()


def to_answer(invitation: PollInvitation) -> PollInvitation:
    """With all that the page to answer on tells (one query)."""
    related = ("user", "poll__meeting", "collaboration__organiser")
    return PollInvitation.objects.select_related(*related).get(pk=invitation.pk)


def why_closed(invitation: PollInvitation, now: datetime) -> str:
    """Why this person cannot answer any more, in words that tell nothing else."""
    poll = invitation.poll
    if poll.closed_at is not None or not _is_still_there(invitation, now):
        return _("The question about times is closed. You need not do anything.")
    if not poll.is_open(now):
        return _("The last day to answer was %(day)s. Your answers stand as they were.") % {
            "day": date_format(poll.answers_by, "j F Y")
        }
    return ""


def _is_still_there(invitation: PollInvitation, now: datetime) -> bool:
    here = those_here(invitation.collaboration, now)
    return invitation.user.is_active and invitation.user_id in here


def those_here(collaboration: Collaboration, now: datetime) -> set[UUID]:
    """Who takes part in the case today."""
    return {person.user_id for person in people_of(collaboration, local_date(now))}


# --- choosing ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What one person says of a time; nothing yet when ``answer`` is empty."""

    name: str
    answer: str

    @property
    def label(self) -> "StrOrPromise":
        return PollAnswer.Answer(self.answer).label if self.answer else _("no answer yet")


@dataclass(frozen=True)
class TimeAnswers:
    """A time, and what the people of each party that must be there say of it."""

    time: ProposedTime
    said_by: dict[Party, list[Said]]

    def _parties_with(self, *answers: str) -> set[Party]:
        return {
            party for party, said in self.said_by.items() if any(s.answer in answers for s in said)
        }

    @property
    def verdict(self) -> str:
        """``all`` when each party has a yes, ``if_need_be`` when each has somebody, or ``some``."""
        if self._parties_with(YES) == self.said_by.keys():
            return "all"
        return "some" if self.missing else "if_need_be"

    @property
    def missing(self) -> list[Party]:
        """The parties of which nobody can come, as far as is known."""
        can = self._parties_with(YES, IF_NEED_BE)
        return [party for party in self.said_by if party not in can]

    @property
    def rank(self) -> tuple[int, int, int, datetime]:
        """The best first: fewest parties missing, then most parties and people with a yes."""
        answers = [said.answer for people in self.said_by.values() for said in people]
        return (
            len(self.missing),
            -len(self._parties_with(YES)),
            -(2 * answers.count(YES) + answers.count(IF_NEED_BE)),
            self.time.starts_at,
        )


@dataclass(frozen=True)
class PollPage:
    poll: TimePoll
    times: list[TimeAnswers]
    asked: int
    answered: int
    is_open: bool

    @property
    def suggestion(self) -> TimeAnswers | None:
        """The best of the times that all parties can, once somebody has answered."""
        return self.times[0] if self.times and not self.times[0].missing else None


def poll_page(meeting: Meeting, now: datetime) -> PollPage | None:
    """The latest poll about the meeting, the best of its times first (five queries).

    Those who have left the case are not counted.
    """
    poll = meeting.polls.select_related("opened_by").first()
    if poll is None:
        return None
    here = those_here(meeting.collaboration, now)
    invitations = list(
        poll.invitations.filter(user__in=here).select_related("user").order_by("user__name")
    )
    answers = {
        (answer.time_id, answer.invitation_id): answer.answer
        for answer in PollAnswer.objects.filter(invitation__in=[i.pk for i in invitations])
    }
    times = []
    for time in poll.times.all():
        said_by: dict[Party, list[Said]] = {party: [] for party in meeting.required_parties}
        for invitation in invitations:
            said = Said(invitation.user.name, answers.get((time.pk, invitation.pk), ""))
            said_by.setdefault(Party(invitation.party), []).append(said)
        times.append(TimeAnswers(time, said_by))
    return PollPage(
        poll=poll,
        times=sorted(times, key=lambda row: row.rank),
        asked=len(invitations),
        answered=sum(invitation.answered_at is not None for invitation in invitations),
        is_open=poll.is_open(now),
    )


def booking_from_poll(meeting: Meeting, key: str) -> dict[str, Any]:
    """What the booking form is filled with from a time of the meeting's poll; nothing if none.

    Everybody who was asked is invited, save those who said that they cannot come.
    """
    try:
        time = ProposedTime.objects.get(pk=UUID(key), poll__meeting=meeting)
    except (ValueError, ProposedTime.DoesNotExist):
        return {}
    cannot = time.answers.filter(answer=PollAnswer.Answer.NO).values("invitation")
    invited = PollInvitation.objects.filter(poll=time.poll_id).exclude(pk__in=cannot)
    starts, ends = timezone.localtime(time.starts_at), timezone.localtime(time.ends_at)
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "participants": [str(key) for key in invited.values_list("user", flat=True)],
    }
