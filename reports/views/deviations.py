"""Taking up the avsteg that an accepted report tells of."""

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.models import Meeting
from notifications import clock
from reports.actions import Where, next_three_party_meeting, take_up_deviations
from reports.forms import TakeUpForm
from reports.models import Report
from reports.permissions import can_take_up_deviations
from reports.queries import deviations_in
from reports.queries.deviations import point_about
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.pages import carry_out


@door(Report, may=can_take_up_deviations, alone=True)
def take_up(request: PersonRequest, report: Report) -> HttpResponse:
    meeting = next_three_party_meeting(report)
    form = TakeUpForm(request.POST or None, meeting=meeting, by_when=_by_when(report, meeting))
    return carry_out(
        request,
        form,
        about=report,
        title=_("Take up the avsteg"),
        lead=deviations_in(report) or _("The report tells of no avsteg."),
        submit=_("Take it up"),
        done=_("The avsteg is taken up."),
        action=lambda: take_up_deviations(
            report=report,
            where=Where(form.cleaned_data["where"]),
            by=request.user,
            now=clock.now(),
        ),
    )


def _by_when(report: Report, meeting: Meeting | None) -> str:
    if report.due_on is None:
        return ""
    said = [_("It is to be decided by %(day)s.") % {"day": date_format(report.due_on, "j F Y")}]
    if point := point_about(report):
        said.append(_("It stands on the agenda: %(meeting)s.") % {"meeting": point.meeting})
    if meeting and meeting.starts_at and localtime(meeting.starts_at).date() > report.due_on:
        said.append(
            _("The next three-party meeting comes later: it stays on your list until it is dealt "
              "with. Book an earlier meeting, or amend the agreement.")
        )  # fmt: skip
    return " ".join(said)
