"""The page where a guest's answer is brought as a file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from meetings.actions.replies import bring_reply
from meetings.forms.replies import ReplyForm
from meetings.models import Meeting
from meetings.queries.guests import may_bring_reply
from notifications import clock
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.pages import carry_out


@door(Meeting)
def reply(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    if not may_bring_reply(meeting, request.user):
        raise PermissionDenied
    form = ReplyForm(request.POST or None, request.FILES or None)
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Bring an answer from a calendar"),
        lead=_("An answer that was mailed to you instead of to Trepart counts here too."),
        submit=_("Read the answer"),
        done=_("The answer is read and stands beside the name."),
        action=lambda: bring_reply(
            meeting=meeting,
            reply=form.cleaned_data["file"],
            by=request.user,
            now=clock.now(),
        ),
    )
