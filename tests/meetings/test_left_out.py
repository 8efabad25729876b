"""Who was asked about times and is not invited is told so, and nobody else."""

from datetime import timedelta

import pytest

from meetings.actions import book_meeting
from notifications.models import OutboxMessage
from sbs_workflow.models import Assignment
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def book_without_some(cast: Cast) -> list[OutboxMessage]:
    """All of the asked are invited but the second process supporter and the education leader."""
    side = cast.ours
    asked = [
        (side.process_supporter, "agency"),
        (side.second_process_supporter, "agency"),
        (side.head_of_authority, "organiser"),
        (side.team_leader, "university"),
        (side.education_leader, "university"),
    ]
    meeting = factories.meeting(side.collaboration, state="proposed")
    factories.poll(meeting, asked, by=side.process_supporter)
    book_meeting(
        meeting=meeting,
        participants=[side.process_supporter, side.head_of_authority, side.team_leader],
        by=side.process_supporter,
        now=NOW,
        starts_at=NOW + timedelta(days=14),
        ends_at=NOW + timedelta(days=14, hours=2),
        form="digital",
        place="En länk som bara de inbjudna ska ha",
    )
    return list(OutboxMessage.objects.filter(template="meetings/booked_without"))


def test_they_need_not_keep_the_times_free(cast: Cast):
    letters = book_without_some(cast)
    side = cast.ours
    assert {letter.recipient for letter in letters} == {
        side.second_process_supporter,
        side.education_leader,
    }
    for letter in letters:
        assert "En länk" not in str(letter.context)
        assert letter.calendar == ""


def test_whoever_has_left_the_case_hears_nothing_of_it(cast: Cast):
    Assignment.objects.filter(user=cast.ours.education_leader).update(
        ends_on=TODAY - timedelta(days=1)
    )
    assert [letter.recipient for letter in book_without_some(cast)] == [
        cast.ours.second_process_supporter
    ]
