"""Taking up the avsteg that an accepted report tells of."""

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications import clock
from reports.actions import Where, next_three_party_meeting, take_up_deviations
from reports.forms import TakeUpForm
from reports.models import Report
from reports.permissions import can_take_up_deviations
from reports.queries import deviations_in
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.pages import carry_out


@door(Report, may=can_take_up_deviations, alone=True)
def take_up(request: PersonRequest, report: Report) -> HttpResponse:
    form = TakeUpForm(request.POST or None, meeting=next_three_party_meeting(report))
    lead = deviations_in(report)
    if report.due_on:
        lead += "\n\n" + _("It is to be decided by %(day)s.") % {
            "day": date_format(report.due_on, "j F Y")
        }
    return carry_out(
        request,
        form,
        about=report,
        title=_("Take up the avsteg"),
        lead=lead or _("The report tells of no avsteg."),
        submit=_("Take it up"),
        done=_("The avsteg is taken up."),
        action=lambda: take_up_deviations(
            report=report,
            where=Where(form.cleaned_data["where"]),
            by=request.user,
            now=clock.now(),
        ),
    )
