"""The pages of a poll: ask, answer with or without an account, and choose a time."""

from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.actions import answer_poll, open_poll
from meetings.forms.poll import AnswersForm, PollForm
from meetings.models import Meeting, PollInvitation
from meetings.permissions import can_run_meeting
from meetings.queries.poll import invitation_of_link, poll_page, to_answer, why_closed
from notifications import clock
from sbs_workflow.doors import PersonRequest, door, public
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import carry_out
from sbs_workflow.queries import people_of


@door(Meeting, may=can_run_meeting)
def propose(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    now = clock.now()
    people = people_of(meeting.collaboration, clock.local_date(now))
    form = PollForm(request.POST or None, now=now, meeting=meeting, people=people)
    return carry_out(
        request,
        form,
        about=meeting,
        lead=f"{meeting.get_kind_display()}, {meeting.collaboration.name}",
        title=_("Ask which times suit"),
        submit=_("Send the question"),
        done=_("The question is on its way to everybody you chose."),
        action=lambda: open_poll(
            meeting=meeting,
            times=form.times,
            people=form.users(),
            answers_by=form.cleaned_data["answers_by"],
            by=request.user,
            now=now,
            seen_state=form.cleaned_data["seen_state"],
        ),
        goes_on_to="meetings:times",
        template="meetings/propose.html",
    )


@door(Meeting)
@require_safe
def times(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    context = {
        "meeting": meeting,
        "page": poll_page(meeting, clock.now()),
        "may_book": meeting.state == Meeting.State.PROPOSED
        and can_run_meeting(meeting, request.user),
    }
    return render(request, "meetings/times.html", context)


@door(PollInvitation)
def answer(request: PersonRequest, invitation: PollInvitation) -> HttpResponse:
    """The same page for those who come from their to-do list."""
    return _answer(request, invitation)


@public
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link may answer, and sees what an answer needs and nothing else.

    Only a POST changes anything: programs that look through mail open every link in it.
    """
    invitation = invitation_of_link(token)
    if invitation is None:
        raise Http404
    too_many = None
    if request.method == "POST":
        too_many = ratelimit.consume_or_429(request, action="answer_poll", key=token)
    response = too_many or _answer(request, invitation)
    # No page is told the link. With "no-referrer" browsers send the form from the origin "null",
    # which the protection against forged forms refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, invitation: PollInvitation) -> HttpResponse:
    now = clock.now()
    invitation = to_answer(invitation)
    if reason := why_closed(invitation, now):
        return _gone(request, reason)
    form = AnswersForm(
        request.POST or None,
        times=list(invitation.poll.times.all()),
        given=dict(invitation.answers.values_list("time", "answer")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_poll(invitation=invitation, answers=form.answers(), now=now)
        except TransitionRefused as refused:
            return _gone(request, str(refused))
        last_day = date_format(invitation.poll.answers_by, "j F")
        messages.success(
            request,
            _("Thank you, your answers are saved. You can change them until %(day)s.")
            % {"day": last_day},
        )
        return redirect(request.path)
    context = {
        "poll": invitation.poll,
        "form": form,
        "organiser": invitation.collaboration.organiser,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "meetings/answer.html", context, status=status)


def _gone(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "meetings/answer_gone.html", {"reason": reason}, status=HTTPStatus.GONE)
