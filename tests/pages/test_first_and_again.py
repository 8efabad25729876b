"""Somebody else was first, the same answer is sent twice, or the page is old."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from interventions.models import (
    Agreement,
    AssignmentPlan,
    EarlierAccount,
    EarlierInsats,
    Instalment,
    InterimTask,
    Intervention,
    Outline,
    PlannedMonth,
    Terms,
    Touch,
    Visit,
)
from meetings.actions import reschedule_meeting
from meetings.models import Meeting
from notifications.models import OutboxMessage
from organisations.models import User
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    Goal,
    GoalRating,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from sbs_workflow.engine import perform
from sbs_workflow.models import Assignment, Collaboration, Promise, TransitionRecord
from tests import factories
from tests.cast import NOW, Cast
from tests.pages.catalogue import FORMS, PageOfObject, booking, day
from tests.pages.stage import Stage
from tests.pages.test_every_page import answers, whoever_does

LogIn = Callable[[User | None], Client]


@pytest.mark.portable
def test_who_comes_second_is_told_who_was_first_and_when(cast: Cast, stage: Stage, log_in: LogIn):
    url, data = f"/mote/{stage.needed_meeting.pk}/boka/", booking(cast, stage)
    assert log_in(cast.ours.process_supporter).post(url, data).status_code == HTTPStatus.FOUND

    response = log_in(cast.ours.second_process_supporter).post(url, data | {"place": "Annan plats"})

    assert response.status_code == HTTPStatus.CONFLICT
    assert f"Pia Processtödjare, {NOW.day} mars 09:" in response.context["reason"]
    assert "bokat" in response.context["reason"]
    assert response.context["url"] == stage.needed_meeting.get_absolute_url()
    assert b"data-keep-drafts" in response.content
    assert Meeting.objects.get(pk=stage.needed_meeting.pk).place == "Länken i kallelsen"


def test_an_old_page_of_a_step_is_answered_as_one_that_came_second(
    cast: Cast, stage: Stage, log_in: LogIn
):
    """The state is the same again, but not the one that the person decided about."""
    held = stage.held_meeting
    url = f"/steg/mote/{held.pk}/write_minutes/"
    perform(
        held.write_minutes,
        by=cast.ours.process_supporter,
        now=NOW,
        minutes="Överens.",
    )
    for method in ("get", "post"):
        response = getattr(log_in(cast.ours.second_process_supporter), method)(url)
        assert response.status_code == HTTPStatus.CONFLICT
    response = log_in(cast.ours.process_supporter).get(url)
    assert response["Location"] == held.get_absolute_url()


def test_what_time_itself_has_done_is_told_too(cast: Cast, stage: Stage, log_in: LogIn):
    perform(stage.minuted_meeting.approve_by_silence, by=None, now=NOW)
    response = log_in(cast.ours.team_leader).post(
        f"/steg/mote/{stage.minuted_meeting.pk}/approve/", {"seen_state": "minuted"}
    )
    assert response.status_code == HTTPStatus.CONFLICT
    assert response.context["reason"].startswith("Kalendern, ")


def test_two_people_who_move_the_same_meeting_hear_of_each_other(
    cast: Cast, stage: Stage, log_in: LogIn
):
    meeting = stage.booked_meeting
    url = reverse("meetings:reschedule", args=[meeting.pk])
    other = log_in(cast.ours.second_process_supporter)
    seen = other.get(url).context["form"]["seen_state"].value()
    reschedule_meeting(
        meeting=meeting,
        starts_at=NOW + timedelta(days=7),
        ends_at=NOW + timedelta(days=7, hours=1),
        reason="Krock.",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    late = {"seen_state": seen, "day": day(30), "reason": "Krock."}
    response = other.post(url, booking(cast, stage) | late)
    assert response.status_code == HTTPStatus.CONFLICT
    assert str(cast.ours.process_supporter) in response.context["reason"]


def effects() -> tuple[int, ...]:
    counted = (
        Collaboration, Assignment, TransitionRecord, OutboxMessage, Meeting, Visit, Intervention,
        ActionPlan, Problem, Cause, Evidence, Goal, PlannedGoal, GoalRating, Agreement, Terms,
        Instalment, AssignmentPlan, PlannedMonth, Outline, Touch, InterimTask, Promise,
        EarlierInsats, EarlierAccount,
    )  # fmt: skip
    return tuple(model._default_manager.count() for model in counted)


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.id)
def test_the_same_answer_twice_has_one_effect(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    client = log_in(whoever_does(page, cast))
    url, data = page.url(stage), answers(page, cast, stage)
    first = client.post(url, data)
    after_first = effects()

    second = client.post(url, data)

    assert effects() == after_first
    if page.name == "sbs_workflow:new_unit":  # is no longer among the choices
        assert second.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        return
    if page.name.endswith(("_goes", "_go")):
        assert second.status_code == HTTPStatus.NOT_FOUND
        return
    assert second.status_code == HTTPStatus.FOUND, second.content.decode()
    if page.name.startswith(("sbs_workflow", "meetings", "interventions:log_visit")):
        assert second["Location"] == first["Location"]


@pytest.mark.portable
def test_who_presses_twice_is_told_that_it_is_done(cast: Cast, stage: Stage, log_in: LogIn):
    client = log_in(cast.ours.team_leader)
    page = next(page for page in FORMS if page.name == "interventions:log_visit")
    client.post(page.url(stage), answers(page, cast, stage))
    second = client.post(page.url(stage), answers(page, cast, stage))
    said = [str(message) for message in get_messages(second.wsgi_request)]
    assert said[-1] == "Redan gjort: Besök 8 mars 2026: delat."
    assert second["Location"] == stage.planned_visit.get_absolute_url()


@pytest.mark.portable
def test_words_written_after_it_was_closed_stay_in_the_form(
    cast: Cast, stage: Stage, log_in: LogIn
):
    document = factories.put(stage.drafted_analysis, "shared")
    response = log_in(cast.ours.preschool_principal).post(
        document.get_absolute_url(), {"text": "En lång text som skrevs för sent."}
    )
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "En lång text som skrevs för sent." in response.content.decode()
    assert "Den är inte längre öppen för skrivning." in response.content.decode()
    kept = SituationAnalysis.objects.get(pk=document.pk)
    assert kept.text == document.text


def test_a_step_with_a_page_of_its_own_is_taken_there_only(cast: Cast, stage: Stage, log_in: LogIn):
    """Else a meeting could be held without anybody having come."""
    meeting = stage.booked_meeting
    response = log_in(cast.ours.process_supporter).post(
        f"/steg/mote/{meeting.pk}/hold/", {"seen_state": "booked"}
    )
    assert response["Location"] == f"/mote/{meeting.pk}/genomfort/"
    assert Meeting.objects.get(pk=meeting.pk).state == "booked"


def test_a_form_changes_only_the_fields_that_it_shows(cast: Cast, stage: Stage, log_in: LogIn):
    """Mass assignment: whatever else is sent along is left out (reliability.md A7)."""
    everything = {
        field.name: "1"
        for field in SituationAnalysis._meta.concrete_fields
        if field.name not in SituationAnalysis.TEXTS
    }
    document = stage.drafted_analysis
    before = SituationAnalysis.objects.filter(pk=document.pk).values(*everything).get()
    response = log_in(cast.ours.preschool_principal).post(
        document.get_absolute_url(), everything | {"text": "Ny text", "is_staff": "1"}
    )
    assert response.status_code == HTTPStatus.FOUND
    assert SituationAnalysis.objects.filter(pk=document.pk).values(*everything).get() == before
