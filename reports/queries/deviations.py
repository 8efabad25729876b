"""The avsteg that a submitted report tells of, and where they are taken up."""

from meetings.models import AgendaPoint, Meeting
from reports.models import Report
from reports.queries.content import Content, latest_copy
from reports.richtext import plain

DEVIATIONS = "deviations"
WAITING = (Meeting.State.NEEDED, Meeting.State.PROPOSED, Meeting.State.BOOKED)


def deviations_in(report: Report) -> str:
    """What the report says of avsteg, as plain words; empty where it tells of none (one query)."""
    copy = latest_copy(report)
    cells = Content.read(copy.content).cells if copy else ()
    said = (plain(cell.text) for cell in cells if cell.field == DEVIATIONS)
    return "\n".join(text for text in said if text.strip())


def point_about(report: Report) -> AgendaPoint | None:
    """Where the avsteg stand on the agenda of a meeting to come (one query)."""
    points = AgendaPoint.objects.filter(
        about=report.pk, state=AgendaPoint.State.OPEN, meeting__state__in=WAITING
    )
    return points.select_related("meeting__collaboration").first()
