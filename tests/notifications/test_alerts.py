"""Scheduler and sender watch each other."""

from datetime import timedelta

import pytest

from notifications import clock, tasks
from notifications.alerts import leave_sign_of_life
from notifications.delivery import drain
from notifications.models import Heartbeat, OutboxMessage
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.portable, pytest.mark.django_db(transaction=True)]
WATCHED = [("send", "tick"), ("tick", "send")]


@pytest.fixture(autouse=True)
def _somebody_to_tell(settings):
    settings.ALERTS_TO = ["drift@norrby.example", "jour@norrby.example"]


def beat(name, minutes):
    leave_sign_of_life(name, NOW + timedelta(minutes=minutes))


def told():
    return list(OutboxMessage.objects.order_by("pk").values_list("key", flat=True))


@pytest.mark.parametrize(("watcher", "silent"), WATCHED)
def test_silence_is_told_once_an_hour(watcher, silent, mailbox):
    beat(silent, 0)
    for minute in range(4):
        beat(watcher, minute)
        assert told() == []
    for minute in range(4, 60):
        beat(watcher, minute)
    assert told() == [
        f"alert:{silent}:2027-03-09T08:drift@norrby.example",
        f"alert:{silent}:2027-03-09T08:jour@norrby.example",
    ]
    assert drain(lambda: NOW + timedelta(minutes=5)) == {"sent": 2}
    text = mailbox.message(1).get_body(("plain",)).get_content()
    assert "9 mars 2027 09:00" in text
    for minute in range(60, 90):
        beat(watcher, minute)
    assert len(told()) == 4


@pytest.mark.parametrize(("watcher", "silent"), WATCHED)
def test_who_was_away_itself_tells_nothing(watcher, silent):
    beat(silent, 0)
    beat(watcher, 0)
    beat(watcher, 60 * 24 * 7)
    assert told() == []
    assert Heartbeat.objects.get(name=watcher).at == NOW + timedelta(days=7)


def test_a_new_place_is_not_silent():
    for minute in range(10):
        beat("tick", minute)
    assert told() == []


def test_alerts_that_could_not_leave_do_not_pile_up(mailbox):
    beat("tick", 0)
    for minute in range(0, 180, 3):
        beat("send", minute)
    assert len(told()) == 6
    assert drain(lambda: NOW + timedelta(minutes=179)) == {"sent": 2}


def test_the_task_of_the_sender_watches(mailbox):
    now = clock.now()
    Heartbeat.objects.create(name="tick", at=now - timedelta(minutes=10))
    Heartbeat.objects.create(name="send", at=now - timedelta(seconds=5))
    tasks.send_some()
    assert {key.split(":")[1] for key in told()} == {"tick"}
