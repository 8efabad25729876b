"""Changing a rule of meetings on a page, with what it would do in view."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from meetings.actions.rules import change_meeting_rule, difference
from meetings.models import USUAL, KindRule, Meeting, MeetingRule
from meetings.queries import rule_for
from meetings.queries.owed import what_would_change
from notifications.working_days import next_working_day
from organisations.models import Party
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

QUALITY = USUAL["quality"]


def with_cadence(days: int) -> KindRule:
    return KindRule(
        QUALITY.initiator, QUALITY.required, days, QUALITY.at_least, tuple(map(str, QUALITY.agenda))
    )


def owed(cast: Cast, due_on: date) -> Meeting:
    return factories.meeting(cast.ours.collaboration, kind="quality", due_on=due_on)


def due_after(cast: Cast, days: int) -> date:
    starts_on = cast.ours.collaboration.interventions_start_on
    assert starts_on is not None
    return next_working_day(max(TODAY, starts_on + timedelta(days=days)))


def test_it_is_seen_before_it_is_done_where_what_would_be_owed_when(cast: Cast):
    case = cast.ours.collaboration
    meeting = owed(cast, TODAY + timedelta(days=3))
    [change] = what_would_change("quality", difference(with_cadence(700), "quality", case), TODAY)
    assert change.collaboration == case
    assert change.before is not None
    assert change.before.due_on == meeting.due_on
    assert change.after.due_on is not None
    assert Meeting.objects.get(pk=meeting.pk).due_on == meeting.due_on
    assert not MeetingRule.objects.exists()


def test_what_is_to_be_booked_follows_and_what_is_booked_does_not(cast: Cast):
    case = cast.ours.collaboration
    meeting = owed(cast, TODAY + timedelta(days=300))
    booked = factories.meeting(cast.theirs.collaboration, kind="quality", state="booked")
    rule = KindRule(Party.ORGANISER, QUALITY.required, 30, 4, QUALITY.agenda)
    cast.agency_manager.is_staff = True
    change_meeting_rule(proposed=difference(rule, "quality"), by=cast.agency_manager, now=NOW)
    fresh = Meeting.objects.get(pk=meeting.pk)
    assert (fresh.called_by, fresh.due_on) == (Party.ORGANISER, due_after(cast, 30))
    assert Meeting.objects.get(pk=booked.pk).called_by == Party.AGENCY
    assert not Meeting.objects.filter(
        collaboration=cast.theirs.collaboration, state="needed"
    ).exists()
    assert rule_for(case, "quality").cadence_days == 30


def test_a_rule_calls_for_a_meeting_where_none_is_owed(cast: Cast):
    case = cast.ours.collaboration
    rule = KindRule(Party.AGENCY, QUALITY.required, 60, None, USUAL["introduction"].agenda)
    proposed = difference(rule, "introduction", case)
    [change] = what_would_change("introduction", proposed, TODAY)
    assert change.before is None
    change_meeting_rule(proposed=proposed, by=cast.agency_manager, now=NOW)
    assert Meeting.objects.get(kind="introduction").due_on == change.after.due_on


def test_only_what_differs_is_kept_and_the_usual_needs_no_row(cast: Cast):
    case = cast.ours.collaboration
    assert not difference(with_cadence(100), "quality").says_something
    row = difference(with_cadence(60), "quality", case)
    assert (row.cadence_days, row.initiator, row.required, row.agenda) == (60, "", [], "")
    change_meeting_rule(proposed=row, by=cast.agency_manager, now=NOW)
    assert MeetingRule.objects.get().cadence_days == 60
    usual = MeetingRule(kind="quality", collaboration=case)
    change_meeting_rule(proposed=usual, by=cast.agency_manager, now=NOW)
    assert not MeetingRule.objects.exists()


def test_nobody_else_changes_a_rule(cast: Cast):
    case = cast.ours.collaboration
    for by in (cast.ours.process_supporter, cast.ours.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            change_meeting_rule(
                proposed=difference(with_cadence(60), "quality", case), by=by, now=NOW
            )
    with pytest.raises(PermissionDenied):
        change_meeting_rule(
            proposed=difference(with_cadence(60), "quality"), by=cast.agency_manager, now=NOW
        )


def test_the_page_shows_saves_and_goes_back(cast: Cast, client: Client):
    case = cast.ours.collaboration
    client.force_login(cast.agency_manager)
    url = reverse("meetings:rule_of_case", args=[case.pk, "quality"])
    said = client.get(url).context["form"].initial | {"cadence_days": 200}
    owed(cast, TODAY + timedelta(days=3))
    seen = client.post(url, said)
    assert (seen.status_code, len(seen.context["seen"])) == (HTTPStatus.OK, 1)
    assert not MeetingRule.objects.exists()
    assert client.post(url, said | {"save": "1"}).status_code == HTTPStatus.FOUND
    assert MeetingRule.objects.get().cadence_days == 200
    assert client.post(url, said | {"usual": "1"}).status_code == HTTPStatus.FOUND
    assert not MeetingRule.objects.exists()
    wrong = client.post(url, said | {"required": ["university"]})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
