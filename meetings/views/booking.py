"""The pages of a meeting: call, book, move, hold; its minutes are an ordinary step."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.actions import (
    agree_on_colours,
    book_meeting,
    call_meeting,
    hold_meeting,
    propose_meeting,
    reschedule_meeting,
)
from meetings.forms.booking import (
    AttendanceForm,
    BookingForm,
    CallForm,
    ColoursForm,
    RescheduleForm,
    TimeForm,
)
from meetings.models import Meeting
from meetings.permissions import can_call_meeting, can_run_meeting
from meetings.queries import new_meeting
from notifications import clock
from plans.models import GoalRating
from plans.queries import colours_of, goals_known_to
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out, object_page
from sbs_workflow.queries import people_of


@door(Meeting)
@require_safe
def meeting(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    context = {
        "instance": meeting,
        "page": object_page(meeting, request.user, clock.today()),
        "may_agree_on_colours": meeting.may_agree_on_colours
        and can_run_meeting(meeting, request.user),
        "agreed": GoalRating.objects.visible_to(request.user)
        .filter(agreed_in=meeting.pk)
        .select_related("goal__unit"),
        "participants": meeting.participants.select_related("user").order_by("party", "user__name"),
    }
    return render(request, "meetings/meeting.html", context)


@door(Collaboration, may=can_call_meeting)
def call(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Choose a kind, and go on to booking it."""
    kinds = [
        kind
        for kind in Meeting.Kind.values
        if can_run_meeting(new_meeting(collaboration, kind), request.user)
    ]
    form = CallForm(request.POST or None, kinds=kinds)
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("New meeting"),
        submit=_("Go on"),
        done=_("Now choose the time and the people."),
        action=lambda: call_meeting(
            collaboration=collaboration,
            kind=form.cleaned_data["kind"],
            by=request.user,
            now=clock.now(),
        ),
        goes_on_to="meetings:book",
    )


@door(Meeting, may=can_run_meeting)
def propose(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    form = TimeForm(request.POST or None, now=clock.now(), meeting=meeting)
    return carry_out(
        request,
        form,
        about=meeting,
        lead=_lead(meeting),
        title=_("Propose a time"),
        submit=_("Propose"),
        done=_("The time is proposed."),
        action=lambda: propose_meeting(
            meeting=meeting,
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
            **form.times(),
        ),
    )


@door(Meeting, may=can_run_meeting)
def book(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    people = people_of(meeting.collaboration, clock.today())
    form = BookingForm(request.POST or None, now=clock.now(), meeting=meeting, people=people)
    return carry_out(
        request,
        form,
        about=meeting,
        lead=_lead(meeting),
        title=_("Book the meeting"),
        submit=_("Book and invite"),
        done=_("The meeting is booked, and the invitations are on their way."),
        action=lambda: book_meeting(
            meeting=meeting,
            participants=form.users(),
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
            form=form.cleaned_data["form"],
            place=form.cleaned_data["place"],
            **form.times(),
        ),
    )


@door(Meeting, may=can_run_meeting)
def reschedule(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    people = people_of(meeting.collaboration, clock.today())
    form = RescheduleForm(request.POST or None, now=clock.now(), meeting=meeting, people=people)
    return carry_out(
        request,
        form,
        about=meeting,
        lead=_lead(meeting),
        title=_("Move or change the meeting"),
        submit=_("Save and tell everybody"),
        done=_("The meeting is changed, and everybody whom it concerns is told."),
        action=lambda: reschedule_meeting(
            meeting=meeting,
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
            reason=form.cleaned_data["reason"],
            participants=form.users(),
            form=form.cleaned_data["form"],
            place=form.cleaned_data["place"],
            **form.times(),
        ),
    )


@door(Meeting, may=can_run_meeting)
def hold(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    form = AttendanceForm(request.POST or None, meeting=meeting)
    return carry_out(
        request,
        form,
        about=meeting,
        lead=_lead(meeting),
        title=_("Record who came"),
        submit=_("Record"),
        done=_("It is recorded who came."),
        action=lambda: hold_meeting(
            meeting=meeting,
            present=form.users(),
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
        ),
    )


@door(Meeting, may=can_run_meeting)
def colours(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """The goals of the case, each party's colour, and the one that they agree on now."""
    sayings = goals_known_to(request.user, meeting.collaboration)
    form = ColoursForm(
        request.POST or None,
        sayings=sayings,
        colours=colours_of(row.goal_id for row in sayings),
    )
    return carry_out(
        request,
        form,
        about=meeting,
        lead=_lead(meeting),
        title=_("Agree on colours"),
        submit=_("Save the colours"),
        done=_("The agreed colours are saved."),
        action=lambda: _agree(request, meeting, form),
        draft="colours",
        template="meetings/colours.html",
    )


@transaction.atomic
def _agree(request: PersonRequest, meeting: Meeting, form: ColoursForm) -> Meeting:
    for agreed in form.agreed():
        agree_on_colours(meeting=meeting, by=request.user, now=clock.now(), **agreed)
    return meeting


def _lead(meeting: Meeting) -> str:
    """Which meeting, and by when it is to be booked."""
    lead = f"{meeting.get_kind_display()}, {meeting.collaboration.name}"
    if meeting.state != meeting.State.NEEDED or meeting.due_on is None:
        return lead
    by = _("to be booked by %(date)s") % {"date": date_format(meeting.due_on, "j F Y")}
    return f"{lead} – {by}"
