"""Making an agenda, and what each party wants the others to know before they meet."""

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.actions.preparation import note_prepared
from meetings.models import AgendaPoint, Meeting, PreparationLine
from meetings.permissions import can_prepare_meeting
from meetings.queries import rule_for
from organisations.models import User
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused

ON_ITS_WAY = (Meeting.State.NEEDED, Meeting.State.PROPOSED, Meeting.State.BOOKED)
OPEN_FOR_POINTS = (*ON_ITS_WAY, Meeting.State.HELD)
Where = Literal["up", "down"]


def lay_out_agenda(meeting: Meeting) -> None:
    """What was sent on from earlier meetings of the kind comes first, then the standing points.

    Doing it again adds only what has been sent on since.
    """
    is_new = not meeting.agenda.exists()
    _take_over_what_was_sent_on(meeting)
    if not is_new:
        return
    with override(settings.LANGUAGE_CODE):
        standing = [str(title) for title in rule_for(meeting.collaboration, meeting.kind).agenda]
    first = _next_position(meeting)
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, position=first + place, title=title)
        for place, title in enumerate(standing)
    )


def _take_over_what_was_sent_on(meeting: Meeting) -> None:
    waiting = AgendaPoint.objects.filter(
        meeting__collaboration=meeting.collaboration_id,
        meeting__kind=meeting.kind,
        state=AgendaPoint.State.SENT_ON,
        sent_on_to=None,
    ).exclude(meeting=meeting)
    for point in waiting.order_by("meeting__starts_at", "position"):
        point.sent_on_to = AgendaPoint.objects.create(
            meeting=meeting,
            position=_next_position(meeting),
            title=point.title,
            minutes=point.minutes,
            owner_party=point.owner_party,
            about=point.about,
        )
        point.save(update_fields=["sent_on_to"])


def _next_position(meeting: Meeting) -> int:
    last: int | None = meeting.agenda.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


@transaction.atomic
def add_point(*, meeting: Meeting, title: str, by: User, now: datetime, **fields: Any) -> Meeting:
    """Put a point last. One with the same title is the same one, sent twice."""
    fresh = _open_agenda(meeting, by, now)
    lay_out_agenda(fresh)
    AgendaPoint.objects.get_or_create(
        meeting=fresh, title=title, defaults={"position": _next_position(fresh), **fields}
    )
    return fresh


@transaction.atomic
def change_point(*, point: AgendaPoint, by: User, now: datetime, **fields: Any) -> Meeting:
    """Change the ``title``, the ``minutes`` or the ``owner_party`` of a point."""
    fresh = _open_agenda(point.meeting, by, now)
    for name, value in fields.items():
        setattr(point, name, value)
    point.save(update_fields=list(fields))
    return fresh


@transaction.atomic
def move_point(*, point: AgendaPoint, where: Where, by: User, now: datetime) -> Meeting:
    """Let a point change places with the one above or below; the first and last stay."""
    fresh = _open_agenda(point.meeting, by, now)
    points = list(fresh.agenda.all())
    here = points.index(point)
    there = max(0, min(len(points) - 1, here + (-1 if where == "up" else 1)))
    points[here], points[there] = points[there], points[here]
    for position, each in enumerate(points, 1):
        each.position = position
    AgendaPoint.objects.bulk_update(points, ["position"])
    return fresh


@transaction.atomic
def drop_point(*, point: AgendaPoint, by: User, now: datetime) -> Meeting:
    """Take a point away. What was said about one stays said."""
    fresh = _open_agenda(point.meeting, by, now)
    if point.outcome:
        raise TransitionRefused(_("Something is noted about the point: it stays."))
    point.delete()
    return fresh


@transaction.atomic
def send_point_on(*, point: AgendaPoint, by: User, now: datetime) -> Meeting:
    """Leave a point for the next meeting of the kind, where it comes first."""
    fresh = _open_agenda(point.meeting, by, now)
    point.state = AgendaPoint.State.SENT_ON
    point.save(update_fields=["state"])
    following = (
        Meeting.objects.filter(
            collaboration=fresh.collaboration_id, kind=fresh.kind, state__in=ON_ITS_WAY
        )
        .exclude(pk=fresh.pk)
        .first()
    )
    # One without an agenda takes it over when its agenda is laid out.
    if following and following.agenda.exists():
        _take_over_what_was_sent_on(following)
    return fresh


@transaction.atomic
def prepare_meeting(*, meeting: Meeting, text: str, by: User, now: datetime) -> Meeting:
    """Write the line of preparation of the party that ``by`` acts for, or that it has none."""
    fresh = _open_agenda(meeting, by, now)
    role = can_prepare_meeting.role_of(fresh, by)
    assert role is not None
    PreparationLine.objects.update_or_create(
        meeting=fresh, party=role.party, defaults={"text": text}
    )
    note_prepared(fresh, role.party)
    return fresh


def _open_agenda(meeting: Meeting, by: User, now: datetime) -> Meeting:
    fresh: Meeting = alone_with(meeting, may=can_prepare_meeting, by=by, now=now)
    if fresh.state not in OPEN_FOR_POINTS:
        raise TransitionRefused(_("The meeting is over: its agenda stands."))
    return fresh
