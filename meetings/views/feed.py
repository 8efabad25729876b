"""The page where a person gets the private address of their calendar."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meetings.actions.feed import open_calendar_feed, revoke_calendar_feed
from meetings.queries.feed import feed_address
from notifications import clock
from sbs_workflow.doors import PersonRequest, signed_in


@signed_in
def my_calendar(request: PersonRequest) -> HttpResponse:
    if "new" in request.POST:
        open_calendar_feed(by=request.user, now=clock.now())
        messages.success(request, _("Here is your new address."))
        return redirect("meetings:my_calendar")
    if "revoke" in request.POST:
        revoke_calendar_feed(by=request.user, now=clock.now())
        messages.success(request, _("The address does not work any more."))
        return redirect("meetings:my_calendar")
    context = {"address": feed_address(request.user)}
    response = render(request, "meetings/my_calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response
