"""The pages before, during and after a meeting: its agenda, preparation, notes and answers."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.actions import (
    add_point,
    answer_about_learning,
    change_point,
    confirm_minutes,
    drop_point,
    keep_notes,
    move_point,
    prepare_meeting,
    send_point_on,
)
from meetings.actions.minutes import settle_change
from meetings.forms.agenda import (
    ChangeForm,
    ConfirmForm,
    LearningForm,
    NotesForm,
    PointForm,
    PreparationForm,
)
from meetings.models import AgendaPoint, ChangeProposal, Meeting, PartyTask
from meetings.permissions import (
    can_approve_minutes,
    can_prepare_meeting,
    can_run_meeting,
    can_settle_change,
)
from meetings.queries import agenda_of, confirmations_of, was_there
from meetings.views import booking
from notifications import clock
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Promise
from sbs_workflow.pages import carry_out

PRESSES: dict[str, Callable[..., Meeting]] = {
    "up": partial(move_point, where="up"),
    "down": partial(move_point, where="down"),
    "drop": drop_point,
    "send_on": send_point_on,
}


@door(Meeting, may=can_prepare_meeting, alone=True)
def agenda(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """The points in their order, each with its buttons, and one more to add."""
    if "press" in request.POST:
        return _press(request, meeting)
    form = PointForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Agenda"),
        submit=_("Add the point"),
        done=_("The point is on the agenda."),
        action=lambda: add_point(meeting=meeting, by=request.user, now=clock.now(), **form.said()),
        goes_on_to="meetings:agenda",
        template="meetings/agenda.html",
        agenda=agenda_of(meeting),
    )


def _press(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """A button of one point, such as ``up <key>``."""
    what, _space, key = request.POST["press"].partition(" ")
    points = {str(point.pk): point for point in meeting.agenda.select_related("meeting")}
    if what not in PRESSES or key not in points:
        raise Http404
    try:
        PRESSES[what](point=points[key], by=request.user, now=clock.now())
    except TransitionRefused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:agenda", pk=meeting.pk)


@door(AgendaPoint, may=can_prepare_meeting, alone=True)
def point(request: PersonRequest, point: AgendaPoint) -> HttpResponse:
    stored = {name: getattr(point, name) for name in ("title", "minutes", "owner_party")}
    form = PointForm(request.POST or None, initial=stored)
    return carry_out(
        request,
        form,
        about=point.meeting,
        title=_("Change the point"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: change_point(point=point, by=request.user, now=clock.now(), **form.said()),
        goes_on_to="meetings:agenda",
    )


@door(Meeting, may=can_prepare_meeting, alone=True)
def prepare(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """One's own party's line, with the others' above it."""
    role = can_prepare_meeting.role_of(meeting, request.user)
    assert role is not None
    lines = {line.party: line for line in meeting.preparation.all()}
    own = lines.pop(role.party, None)
    form = PreparationForm(request.POST or None, initial={"text": own.text if own else ""})
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Prepare the meeting"),
        submit=_("Save"),
        done=_("Saved. The others read it too."),
        action=lambda: prepare_meeting(
            meeting=meeting, text=form.cleaned_data["text"], by=request.user, now=clock.now()
        ),
        draft="preparation",
        template="meetings/prepare.html",
        lines=[line for line in lines.values() if line.text],
        party=role.party,
    )


@door(PartyTask)
def before(request: PersonRequest, task: PartyTask) -> HttpResponse:
    """What a reminder before a meeting leads to: what to prepare, or who has not answered."""
    page = prepare if task.kind == PartyTask.Kind.PREPARE else booking.meeting
    return page(request, pk=task.meeting_id)


@door(ChangeProposal, may=can_settle_change, alone=True)
def change(request: PersonRequest, change: ChangeProposal) -> HttpResponse:
    """A change that the parties proposed, until a word is said on what came of it."""
    if change.settled_on:
        return redirect(change.meeting)
    form = ChangeForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=change.meeting,
        title=_("Proposed change of the agreement"),
        submit=_("Note what came of it"),
        done=_("Noted."),
        action=lambda: (
            settle_change(
                change=change,
                because=form.cleaned_data["because"],
                by=request.user,
                now=clock.now(),
            ).meeting
        ),
        template="meetings/change.html",
        change=change,
    )


@door(Meeting, may=can_run_meeting, alone=True)
def conduct(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Taking notes while the parties meet: outcomes, decisions, promises and a change."""
    points = list(meeting.agenda.all())
    change = getattr(meeting, "change", None)
    form = NotesForm(
        request.POST or None,
        points=points,
        participants=list(meeting.participants.select_related("user").order_by("party", "pk")),
        initial={
            "decisions": "\n".join(decision.text for decision in meeting.decisions.all()),
            "change": change.text if change else "",
        },
    )
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Hold the meeting"),
        submit=_("Save"),
        done=_("Saved. The proposal for the minutes follows."),
        action=lambda: keep_notes(
            meeting=meeting, kept=form.said(), by=request.user, now=clock.now()
        ),
        draft="notes",
        goes_on_to="meetings:conduct",
        template="meetings/conduct.html",
        promises=Promise.objects.visible_to(request.user).filter(made_in=meeting.pk),
    )


@door(Meeting)
@require_safe
def screen(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """For the shared screen: one point at a time, in large type, and nothing private."""
    points = agenda_of(meeting).points
    context = {"meeting": meeting, "points": points, **_around(points, request.GET.get("punkt"))}
    return render(request, "meetings/screen.html", context)


def _around(points: list[AgendaPoint], wanted: str | None) -> dict[str, Any]:
    """The point that is shown, by its number, or else the first that is still open."""
    if not points:
        return {}
    open_ones = (n for n, p in enumerate(points, 1) if p.state == AgendaPoint.State.OPEN)
    number = int(wanted[:3]) if wanted and wanted.isdecimal() else next(open_ones, 1)
    number = max(1, min(len(points), number))
    return {
        "number": number,
        "point": points[number - 1],
        "before": number - 1,
        "after": number + 1 if number < len(points) else 0,
    }


@door(Meeting, may=can_approve_minutes)
def confirm(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    form = ConfirmForm(request.POST or None, initial={"seen_state": meeting.as_seen})
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Confirm the minutes"),
        submit=_("Confirm for our party"),
        done=_("You have confirmed the minutes."),
        action=lambda: confirm_minutes(
            meeting=meeting,
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
        ),
        template="meetings/confirm.html",
        confirmations=confirmations_of(meeting),
    )


@door(Meeting)
def learning(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """One question to each who came; the answers are read by those who came, and nobody else."""
    if not was_there(meeting, request.user):
        raise PermissionDenied
    answers = list(meeting.learning.select_related("user").order_by("user__name"))
    own = next((each for each in answers if each.user_id == request.user.pk), None)
    form = LearningForm(
        request.POST or None, initial={"answer": own.answer, "word": own.word} if own else None
    )
    return carry_out(
        request,
        form,
        about=meeting,
        title=_("Was it an occasion for learning?"),
        submit=_("Answer"),
        done=_("Thank you. Those who were there can read your answer."),
        action=lambda: answer_about_learning(
            meeting=meeting, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        goes_on_to="meetings:learning",
        template="meetings/learning.html",
        answers=answers,
    )
