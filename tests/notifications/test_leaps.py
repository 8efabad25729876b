"""A clock that leaps half a year ahead stops everything until a person says that it is right."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from notifications import alerts, clock, leaps, tasks
from notifications.models import Heartbeat, OutboxMessage, Reminder
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _everything_ran_a_moment_ago(at_work, mailbox):
    for name in ("tick", "send"):
        alerts.leave_sign_of_life(name, NOW)


@pytest.fixture
def leap(monkeypatch):
    """The clock shows so many days more than it should."""

    def leap(days):
        shift = NOW + timedelta(days=days) - (clock.now() - clock._shift())
        monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))

    return leap


def run_everything():
    for run in (tasks.tick, tasks.send_some):
        try:
            run()
        except leaps.LeapError:
            yield "refused"
        else:
            yield "ran"


def test_a_year_of_mail_is_not_sent_until_somebody_says_what_time_it_is(
    leap, errand_duty, errand_table, person
):
    one = person()
    for week in range(70):
        Errand.objects.create(due_on=NOW.date() + timedelta(weeks=week), owner_id=one.pk)
    leap(400)
    assert list(run_everything()) == ["refused", "refused"]
    for command in ("tick", "send"):
        with pytest.raises(CommandError, match=r"manage\.py tick --now 2028-04-12T08:"):
            call_command(command)
    assert not Reminder.objects.exists()
    assert not OutboxMessage.objects.exists()
    call_command("tick", "--now", "2028-04-12T08:00Z")
    assert OutboxMessage.objects.count() == 1
    assert list(run_everything()) == ["ran", "ran"]


def test_it_goes_on_by_itself_when_the_clock_is_put_right(leap):
    leap(400)
    assert list(run_everything()) == ["refused", "refused"]
    leap(0)
    assert list(run_everything()) == ["ran", "ran"]


@pytest.mark.parametrize("days", [-400, -1, 0, 5, 40, 179])
def test_an_absence_or_a_clock_that_goes_back_stops_nothing(leap, days):
    leap(days)
    assert list(run_everything()) == ["ran", "ran"]


def test_a_new_place_has_nothing_to_compare_with(leap):
    Heartbeat.objects.all().delete()
    leap(4000)
    assert list(run_everything()) == ["ran", "ran"]
