"""The agenda as it is shown: its points, and whether they fit into the meeting."""

from dataclasses import dataclass

from meetings.models import AgendaPoint, Meeting


@dataclass(frozen=True)
class Agenda:
    points: list[AgendaPoint]
    # Of the meeting, in minutes; None until it has a time.
    lasts: int | None

    @property
    def planned(self) -> int:
        """Minutes of the points that are taken up in this meeting."""
        taken_up = (p for p in self.points if p.state != AgendaPoint.State.SENT_ON)
        return sum(point.minutes or 0 for point in taken_up)

    @property
    def too_long_by(self) -> int:
        """Minutes that the points have too many."""
        return max(0, self.planned - self.lasts) if self.lasts else 0


def agenda_of(meeting: Meeting) -> Agenda:
    """One query."""
    lasts = None
    if meeting.starts_at and meeting.ends_at:
        lasts = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return Agenda(list(meeting.agenda.all()), lasts)
