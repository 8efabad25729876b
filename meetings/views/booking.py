"""The pages of a meeting: call, book, move, hold; its minutes are an ordinary step."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
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
    reschedule_meeting,
)
from meetings.actions.agenda import OPEN_FOR_POINTS
from meetings.actions.minutes import WHILE_MEETING
from meetings.forms.booking import (
    AttendanceForm,
    BookingForm,
    CallForm,
    ColoursForm,
    RescheduleForm,
)
from meetings.models import Meeting
from meetings.permissions import (
    can_call_meeting,
    can_prepare_meeting,
    can_run_meeting,
    can_settle_change,
)
from meetings.queries import (
    Confirmation,
    agenda_of,
    confirmations_of,
    kinds_called_by,
    load_participants,
    proposed_change,
    rule_for,
    was_there,
)
from meetings.queries.guests import answer_of, lacks_expectation_talk, may_bring_reply
from meetings.queries.poll import booking_from_poll
from notifications import clock
from organisations.models import User
from plans.models import GoalRating
from plans.queries import colours_of, goals_known_to
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import ObjectPage, carry_out, object_page
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import people_of


@door(Meeting)
@require_safe
def meeting(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    user = request.user
    load_participants(meeting)
    confirmations = confirmations_of(meeting)
    context = {
        "instance": meeting,
        "page": _still_to_do(object_page(meeting, user, clock.today()), confirmations, user),
        "may_agree_on_colours": meeting.may_agree_on_colours and can_run_meeting(meeting, user),
        "agreed": GoalRating.objects.visible_to(user)
        .filter(agreed_in=meeting.pk)
        .select_related("goal__unit"),
        "participants": meeting.participants.all(),
        "agenda": None if meeting.has_minutes else agenda_of(meeting),
        "may_prepare": meeting.state in OPEN_FOR_POINTS and can_prepare_meeting(meeting, user),
        "may_conduct": meeting.state in WHILE_MEETING and can_run_meeting(meeting, user),
        "lacks_expectation_talk": lacks_expectation_talk(meeting),
        "may_answer": answer_of(meeting, user) is not None,
        "change": proposed_change(meeting),
        "may_settle_change": can_settle_change(meeting, user),
        "may_bring_reply": may_bring_reply(meeting, user),
        "confirmations": confirmations,
        "was_there": was_there(meeting, user),
    }
    return render(request, "meetings/meeting.html", context)


def _still_to_do(page: ObjectPage, confirmations: list[Confirmation], user: User) -> ObjectPage:
    """Nobody is asked to confirm what their party has confirmed."""
    parties = {role.party for role in roles_held(user).for_object(page.collaboration)}
    if not any(each.approval and each.party in parties for each in confirmations):
        return page
    return replace(page, choices=[c for c in page.choices if c.declared.name != "approve"])


@door(Collaboration, may=can_call_meeting)
def call(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Choose a kind, and go on to booking it."""
    kinds = kinds_called_by(request.user, collaboration)
    if not kinds:
        raise PermissionDenied
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
def book(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    people = people_of(meeting.collaboration, clock.today())
    form = BookingForm(
        request.POST or None,
        initial=booking_from_poll(meeting, request.GET.get("tid", "")),
        now=clock.now(),
        meeting=meeting,
        people=people,
    )
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
    cadence = rule_for(meeting.collaboration, meeting.kind).cadence_days
    goes_on = meeting.collaboration.is_under_way
    form = AttendanceForm(
        request.POST or None, meeting=meeting, cadence_days=cadence if goes_on else None
    )
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
            next_on=form.cleaned_data.get("next_on"),
            no_next_because=form.cleaned_data.get("no_next_because", ""),
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
