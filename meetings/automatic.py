"""Steps that time itself takes with a meeting."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.actions.poll import remind_the_silent, tell_that_answers_are_in
from meetings.models import Meeting, PartyTask, PollInvitation, TimePoll
from notifications.automatic import each_tick
from notifications.clock import local_date
from sbs_workflow.engine import perform_all
from sbs_workflow.models import LIVE


@each_tick
def let_minutes_stand(now: datetime) -> int:
    """Minutes nobody objected to within ten working days stand, and are shown as unanswered."""
    silent = Meeting.objects.filter(state=Meeting.State.MINUTED, due_on__lt=local_date(now))
    return perform_all(
        Meeting, "approve_by_silence", list(silent.values_list("pk", flat=True)), now=now
    )


@each_tick
def ask_no_longer(now: datetime) -> int:
    """Once the day of a meeting has passed it is too late to prepare it."""
    return PartyTask.objects.filter(due_on__lt=local_date(now)).update(due_on=None)


@each_tick
def remind_those_who_are_silent(now: datetime) -> int:
    """Half-way and on the working day before the last, and nobody who has answered."""
    polls = _open_polls().filter(remind_on__lte=local_date(now), answers_by__gte=local_date(now))
    for poll in polls:
        remind_the_silent(poll, now)
    return len(polls)


@each_tick
def tell_whoever_asked(now: datetime) -> int:
    """Once: when everybody has answered, or the last day to answer has passed."""
    silent = PollInvitation.objects.filter(poll=OuterRef("pk"), answered_at__isnull=True)
    polls = _open_polls().filter(
        ~Exists(silent) | Q(answers_by__lt=local_date(now)), told_at__isnull=True
    )
    for poll in polls:
        tell_that_answers_are_in(poll, now)
    return len(polls)


def _open_polls() -> QuerySet[TimePoll]:
    """Of cases that go on, each locked with what its letters tell."""
    return (
        TimePoll.objects.filter(
            closed_at__isnull=True, meeting__collaboration__state__in=list(LIVE)
        )
        .select_related("opened_by", "meeting__collaboration__organiser")
        .select_for_update(of=("self",))
    )
