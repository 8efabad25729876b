"""The pages where guests answer, and where an answer is brought as a file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from meetings.actions.replies import answer_invitation, bring_reply
from meetings.forms.replies import AnswerForm, ReplyForm
from meetings.models import Meeting
from meetings.queries.guests import answer_of, may_bring_reply
from notifications import clock
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.pages import carry_out


@door(Meeting)
def attend(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """For those who are invited, whose calendar may not answer for them."""
    answer = answer_of(meeting, request.user)
    if answer is None:
        raise PermissionDenied
    form = AnswerForm(request.POST or None, initial={"answer": answer})
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Answer the invitation"),
        submit=_("Answer"),
        done=_("Thank you. Your answer stands beside your name."),
        action=lambda: answer_invitation(
            meeting=meeting, answer=form.cleaned_data["answer"], by=request.user, now=clock.now()
        ),
    )


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
