"""The agenda of a meeting: standing points, what is sent on, and what each party prepares."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.actions import (
    add_point,
    book_meeting,
    change_point,
    drop_point,
    move_point,
    prepare_meeting,
    send_point_on,
)
from meetings.models import USUAL, AgendaPoint, Meeting
from meetings.queries import agenda_of
from organisations.models import User
from sbs_workflow.engine import TransitionRefused
from tests import factories
from tests.cast import NOW, Cast
from tests.questions import of_the_page

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

NEXT_WEEK = NOW + timedelta(days=7)


def three_parties(cast: Cast) -> list[User]:
    return [cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader]


def book(cast: Cast, meeting: Meeting) -> Meeting:
    return book_meeting(
        meeting=meeting,
        participants=three_parties(cast),
        by=cast.ours.process_supporter,
        now=NOW,
        starts_at=NEXT_WEEK,
        ends_at=NEXT_WEEK + timedelta(hours=1),
        form=Meeting.Form.DIGITAL,
        place="En länk",
    )


def titles(meeting: Meeting) -> list[str]:
    return [point.title for point in meeting.agenda.all()]


def points(meeting: Meeting, *names: str) -> list[AgendaPoint]:
    return [
        factories.agenda_point(meeting, title=name, position=position)
        for position, name in enumerate(names, 1)
    ]


def test_booking_lays_out_the_four_purposes(cast: Cast):
    meeting = book(cast, factories.meeting(cast.ours.collaboration))
    assert titles(meeting) == [str(title) for title in USUAL["quality"].agenda]
    assert len(titles(meeting)) == 4


def test_what_was_sent_on_comes_first_and_only_once(cast: Cast):
    case, by = cast.ours.collaboration, cast.ours.process_supporter
    held = factories.meeting(case, state="held")
    talk = factories.meeting(case, kind="bilateral", state="held")
    first, second = points(held, "Rektorsbytet", "Lokalerna")
    [of_the_talk] = points(talk, "Förväntningarna")
    for point in (second, first):
        send_point_on(point=point, by=by, now=NOW)
    send_point_on(point=of_the_talk, by=cast.ours.team_leader, now=NOW)
    following = book(cast, factories.meeting(case))
    assert titles(following)[:3] == ["Rektorsbytet", "Lokalerna", str(USUAL["quality"].agenda[0])]
    assert AgendaPoint.objects.get(pk=first.pk).sent_on_to == following.agenda.all()[0]
    # The standing points are laid out once, and nothing is taken over twice.
    add_point(meeting=following, title="Schemat", by=by, now=NOW)
    assert len(titles(following)) == 7


def test_a_point_reaches_a_next_meeting_that_is_booked_already(cast: Cast):
    case = cast.ours.collaboration
    held = factories.meeting(case, state="held")
    following = book(cast, factories.meeting(case))
    [point] = points(held, "Rektorsbytet")
    send_point_on(point=point, by=cast.ours.head_of_authority, now=NOW)
    assert titles(following)[-1] == "Rektorsbytet"


def test_the_first_point_of_a_meeting_without_an_agenda_comes_after_the_standing_ones(cast: Cast):
    needed = factories.meeting(cast.ours.collaboration)
    add_point(meeting=needed, title="Schemat", by=cast.ours.team_leader, now=NOW)
    add_point(meeting=needed, title="Schemat", by=cast.ours.team_leader, now=NOW)
    assert titles(needed)[4:] == ["Schemat"]


def test_points_change_places_and_the_ends_stay(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    first, second, third = points(meeting, "Ett", "Två", "Tre")
    by = cast.ours.coordinator
    move_point(point=third, where="up", by=by, now=NOW)
    assert titles(meeting) == ["Ett", "Tre", "Två"]
    move_point(point=first, where="up", by=by, now=NOW)
    move_point(point=second, where="down", by=by, now=NOW)
    assert titles(meeting) == ["Ett", "Tre", "Två"]
    move_point(point=first, where="down", by=by, now=NOW)
    assert titles(meeting) == ["Tre", "Ett", "Två"]


def test_a_point_with_an_outcome_is_not_dropped(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    [said] = points(meeting, "Sagt")
    said.outcome = "Vi är överens."
    said.save()
    plain = factories.agenda_point(meeting, title="Osagt", position=2)
    with pytest.raises(TransitionRefused):
        drop_point(point=said, by=cast.ours.team_leader, now=NOW)
    drop_point(point=plain, by=cast.ours.team_leader, now=NOW)
    assert titles(meeting) == ["Sagt"]


def test_the_agenda_stands_once_minutes_are_written(cast: Cast):
    minuted = factories.meeting(cast.ours.collaboration, state="minuted")
    [point] = points(minuted, "Ett")
    with pytest.raises(TransitionRefused):
        change_point(point=point, title="Två", by=cast.ours.process_supporter, now=NOW)
    with pytest.raises(TransitionRefused):
        add_point(meeting=minuted, title="Två", by=cast.ours.process_supporter, now=NOW)
    assert titles(minuted) == ["Ett"]


def test_only_parties_of_the_meeting_write_in_its_agenda(cast: Cast):
    talk = factories.meeting(cast.ours.collaboration, kind="bilateral", state="booked")
    [point] = points(talk, "Ett")
    strangers = (cast.ours.head_of_authority, cast.ours.principal, cast.theirs.process_supporter)
    for by in strangers:
        with pytest.raises(PermissionDenied):
            add_point(meeting=talk, title="Två", by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            drop_point(point=point, by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            prepare_meeting(meeting=talk, text="Hej", by=by, now=NOW)
    assert titles(talk) == ["Ett"]


def test_the_length_leaves_out_what_is_sent_on(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    factories.agenda_point(meeting, minutes=90)
    factories.agenda_point(meeting, position=2, title="Två", minutes=40)
    sent = factories.agenda_point(meeting, position=3, title="Tre", minutes=60)
    assert agenda_of(meeting).too_long_by == 70
    send_point_on(point=sent, by=cast.ours.team_leader, now=NOW)
    agenda = agenda_of(meeting)
    assert (agenda.planned, agenda.lasts, agenda.too_long_by) == (130, 120, 10)


def test_a_party_has_one_line_of_preparation(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    said = [
        (cast.ours.head_of_authority, "Tiden räcker inte."),
        (cast.ours.coordinator, "Tiden räcker nu."),
        (cast.ours.team_leader, "Vi vill visa observationerna."),
    ]
    for by, text in said:
        prepare_meeting(meeting=meeting, text=text, by=by, now=NOW)
    assert dict(meeting.preparation.values_list("party", "text")) == {
        "organiser": "Tiden räcker nu.",
        "university": "Vi vill visa observationerna.",
    }


def test_the_buttons_work_without_javascript(cast: Cast, client: Client):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    first, second = points(meeting, "Ett", "Två")
    client.force_login(cast.ours.team_leader)
    url = f"/mote/{meeting.pk}/dagordning/"
    assert client.post(url, {"press": f"down {first.pk}"}).status_code == 302
    assert titles(meeting) == ["Två", "Ett"]
    client.post(url, {"press": f"send_on {second.pk}"})
    client.post(url, {"press": f"drop {first.pk}"})
    assert list(meeting.agenda.values_list("title", "state")) == [("Två", "sent_on")]
    foreign = factories.agenda_point(factories.meeting(cast.theirs.collaboration))
    for press in ("drop", f"drop {foreign.pk}", f"sing {second.pk}", "drop %00"):
        assert client.post(url, {"press": press}).status_code == 404, press


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "Två"), ("?punkt=1", "Ett"), ("?punkt=9", "Tre"), ("?punkt=" + "9" * 5000, "Tre"),
     ("?punkt=tre", "Två"), ("?punkt=٣", "Tre")],
)  # fmt: skip
def test_the_screen_shows_one_point_and_no_person(
    cast: Cast, client: Client, asked: str, shown: str
):
    people = [(user, "agency") for user in three_parties(cast)]
    meeting = factories.meeting(cast.ours.collaboration, state="booked", participants=people)
    first, *_others = points(meeting, "Ett", "Två", "Tre")
    AgendaPoint.objects.filter(pk=first.pk).update(state="dealt_with")
    client.force_login(cast.ours.team_leader)
    page = client.get(f"/mote/{meeting.pk}/skarm/{asked}").content.decode()
    assert f'<h1 dir="auto">{shown}</h1>' in page
    for user in three_parties(cast):
        assert user.name not in page


@pytest.mark.parametrize("state", list(Meeting.State))
def test_the_page_of_a_meeting_asks_ten_questions_at_most(cast: Cast, client: Client, state: str):
    people = [(user, "agency") for user in three_parties(cast)]
    meeting = factories.meeting(cast.ours.collaboration, state=state, participants=people)
    points(meeting, *"abcdefgh")
    client.force_login(cast.ours.process_supporter)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(meeting.get_absolute_url()).status_code == 200
    assert len(of_the_page(asked)) <= 10, of_the_page(asked)
