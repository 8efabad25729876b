"""What becomes of the avsteg that an accepted report tells of (domain.md 2.9)."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from interventions.actions import amend_agreement
from interventions.models import Agreement
from meetings.actions import add_point, drop_point
from meetings.models import Meeting
from organisations.models import Party, User
from reports.models import Report
from reports.permissions import can_take_up_deviations
from reports.queries import deviations_in
from reports.queries.deviations import WAITING, point_about
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused

TITLE = 200  # characters of a point


class Where(StrEnum):
    MEETING = "meeting"
    AMENDMENT = "amendment"


def next_three_party_meeting(report: Report) -> Meeting | None:
    """The next trepartsavstämning: one with a time before one that is only needed."""
    waiting = Meeting.objects.filter(
        collaboration=report.collaboration_id, kind=Meeting.Kind.QUALITY, state__in=WAITING
    )
    booked = waiting.filter(starts_at__isnull=False).order_by("starts_at").first()
    return booked or waiting.order_by("due_on").first()


@transaction.atomic
def take_up_deviations(*, report: Report, where: Where, by: User, now: datetime) -> Report:
    """Put the avsteg on the agenda of the next three-party meeting, or begin an amendment.

    With an amendment they are no longer owed, and with a point they are not as long as the meeting
    takes place within their time; then what the meeting wants changed is owed (R5). Once again
    changes nothing, save that the point follows to an earlier meeting. TransitionRefused where
    there is no such meeting, or no agreement in force.
    """
    fresh: Report = alone_with(report, may=can_take_up_deviations, by=by, now=now)
    if fresh.state != Report.State.ACCEPTED or not (said := deviations_in(fresh)):
        raise TransitionRefused(_("No avsteg of an accepted report is left to take up."))
    with override(settings.LANGUAGE_CODE):
        title = _("Avsteg in %(report)s: %(said)s") % {"report": fresh, "said": said}
    if where == Where.MEETING:
        _put_on_the_agenda(fresh, " ".join(title.split())[:TITLE], by, now)
    else:
        in_force = Agreement.objects.filter(collaboration=fresh.collaboration_id).in_force().first()
        if in_force is None:
            raise TransitionRefused(_("No agreement is in force that could be amended."))
        amend_agreement(agreement=in_force, reason=title, by=by, now=now)
        fresh.due_on = None
        fresh.save(update_fields=["due_on"])
    return fresh


def _put_on_the_agenda(report: Report, title: str, by: User, now: datetime) -> None:
    meeting = next_three_party_meeting(report)
    if meeting is None:
        raise TransitionRefused(_("There is no three-party meeting ahead. Call one first."))
    point = point_about(report)
    if point is not None:
        if point.meeting == meeting:
            return
        drop_point(point=point, by=by, now=now)
    add_point(
        meeting=meeting, title=title, by=by, now=now, owner_party=Party.AGENCY, about=report.pk
    )
