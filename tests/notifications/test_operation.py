"""What operators hold on to: ticks, commands, health and the two Celery tasks."""

import ast
import io
import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from config.celery import app
from notifications import automatic, bounces, breaker, clock, health, invariants, outbox, tasks
from notifications.models import (
    CircuitBreaker,
    Heartbeat,
    OutboxMessage,
    Reminder,
    UndeliverableAddress,
)
from scripts.mailbox import Fault
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.usefixtures("errand_table", "errand_duty")]


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def step(monkeypatch):
    """Declares automatic steps that only this test has."""
    monkeypatch.setattr(automatic, "registry", [])
    return automatic.each_tick


class TestTick:
    def test_plans_addresses_and_leaves_a_sign_of_life(self, person, step):
        Errand.objects.create(due_on=NOW.date(), owner_id=person().pk)
        told = run("tick", "--now", NOW.isoformat())
        assert "planned: 1\naddressed: 1" in told
        assert Heartbeat.objects.get(name="tick").at == NOW
        assert "planned: 0\naddressed: 0" in run("tick", "--now", NOW.isoformat())

    def test_dry_run_tells_but_changes_nothing(self, person, step):
        Errand.objects.create(due_on=NOW.date(), owner_id=person().pk)
        assert "addressed: 1" in run("tick", "--now", "2027-03-09T08:00", "--dry-run")
        assert not Reminder.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_a_failing_step_stops_nothing_else_and_is_named(self, step, person, caplog):
        @step
        def fails(now):
            Errand.objects.create(due_on=now.date(), what="half done")
            raise RuntimeError

        @step
        def works(now):
            Errand.objects.create(due_on=now.date(), owner_id=person().pk)
            return 1

        with pytest.raises(CommandError, match="fails"):
            run("tick", "--now", NOW.isoformat())
        assert [it.what for it in Errand.objects.all()] == ["Karbyskolan"]
        assert Reminder.objects.count() == 1
        assert Heartbeat.objects.get(name="tick").at == NOW

    def test_steps_are_told_with_their_counts(self, step):
        @step
        def lapse(now):
            return 3

        assert "lapse: 3" in run("tick", "--now", NOW.isoformat())


@pytest.mark.django_db(transaction=True)
class TestSend:
    def enqueue(self, count):
        for number in range(count):
            outbox.enqueue(
                key=f"alert:{number}",
                address=f"person{number}@norrby.example",
                template="notifications/alert",
                context={"silent": "tick", "since": clock.now()},
                now=clock.now(),
            )

    def test_max_and_the_rest(self, mailbox, at_work):
        self.enqueue(5)
        with pytest.raises(CommandError, match="left due: 3"):
            run("send", "--max", "2")
        assert run("send", "--once") == "sent: 3\n"
        assert run("send") == ""
        assert Heartbeat.objects.filter(name="send").exists()

    def test_it_fails_while_the_server_takes_nothing(self, mailbox, at_work):
        self.enqueue(1)
        mailbox.faults = [Fault("mail", "4xx")]
        with pytest.raises(CommandError, match="left due: 1"):
            run("send")


class TestOutboxCommand:
    def test_lists_what_needs_a_person(self):
        outbox.enqueue(key="a", address="a@b.example", template="x", context={}, now=NOW)
        outbox.enqueue(key="b", address="a@b.example", template="x", context={}, now=NOW)
        OutboxMessage.objects.filter(key="a").update(status="failed", reason="550 No")
        OutboxMessage.objects.filter(key="b").update(status="in_doubt")
        Errand.objects.create(due_on=NOW.date())
        run("tick", "--now", NOW.isoformat())
        everything = run("outbox")
        assert "failed\ta\t" in everything
        assert "550 No" in everything
        assert "in_doubt\tb\t" in everything
        assert "no recipient\terrands.run" in everything
        assert run("outbox", "--in-doubt").startswith("in_doubt\tb\t")
        assert run("outbox", "--no-recipient").count("\n") == 1

    def test_holds_and_releases(self):
        outbox.enqueue(key="a", address="a@b.example", template="x", context={}, now=NOW)
        assert run("outbox", "--hold", "restored from a backup") == "held: 1\n"
        assert OutboxMessage.objects.get().status == "held"
        assert run("outbox", "--held").startswith("held\ta\t")
        assert run("outbox", "--release") == "released: 1\n"
        assert OutboxMessage.objects.get().status == "due"

    def test_what_was_held_and_has_arrived_after_all_is_not_sent_again(self):
        outbox.enqueue(key="a", address="a@b.example", template="x", context={}, now=NOW)
        run("outbox", "--hold", "restored from a backup")
        assert run("outbox", "--settle", "a", "--arrived") == "a: sent\n"
        assert run("outbox", "--release") == "released: 0\n"
        assert OutboxMessage.objects.get().status == "sent"

    def test_settles_what_is_in_doubt_by_evidence(self):
        for key in ("there", "not there", "secret"):
            outbox.enqueue(
                key=key,
                address="a@b.example",
                template="x",
                context={"code": "1234"},
                now=NOW,
                confidential=key == "secret",
            )
        OutboxMessage.objects.update(status="in_doubt")
        assert run("outbox", "--settle", "there", "--arrived") == "there: sent\n"
        assert run("outbox", "--settle", "secret", "--arrived") == "secret: sent\n"
        assert run("outbox", "--settle", "not there", "--again") == "not there: due\n"
        statuses = dict(OutboxMessage.objects.values_list("key", "status"))
        assert statuses == {"there": "sent", "not there": "due", "secret": "sent"}
        assert invariants.breaches() == []
        for wrong in (
            ("--settle", "there", "--arrived"),
            ("--settle", "nowhere", "--again"),
            ("--settle", "there"),
            ("--arrived",),
        ):
            with pytest.raises(CommandError):
                run("outbox", *wrong)

    def test_lists_addresses_that_take_no_mail_until_they_do(self):
        UndeliverableAddress.objects.create(
            address="anna@norrby.example", since=NOW, reason="550 5.1.1 Unknown", message_id="<a>"
        )
        line = "undeliverable\tanna@norrby.example\t2027-03-09\t550 5.1.1 Unknown\n"
        assert run("outbox", "--undeliverable") == run("outbox") == line
        run("outbox", "--clear", "Anna@norrby.example")
        assert bounces.refusing(["anna@norrby.example"]) == set()
        with pytest.raises(CommandError):
            run("outbox", "--clear", "anna@norrby.example")


class TestInvariants:
    def test_nothing_is_wrong(self):
        assert "is true" in run("verify_invariants")

    def test_each_breach_is_named(self):
        outbox.enqueue(
            key="a", address="a@b.example", template="x", context={}, now=NOW, confidential=True
        )
        OutboxMessage.objects.update(
            status="sent", closed_at=NOW, message_id="", text="the code is 1234"
        )
        with pytest.raises(CommandError) as told:
            run("verify_invariants")
        assert str(told.value).count("\n") == 1


class TestHealth:
    def ask(self, view):
        answer = view(RequestFactory().get("/health"))
        return answer.status_code, json.loads(answer.content)

    @pytest.mark.parametrize("silent", ["tick", "send"])
    def test_ready_only_while_something_plans_and_something_sends(self, step, silent):
        assert self.ask(health.ready)[0] == 503
        run("tick")
        assert self.ask(health.ready)[0] == 503
        run("send")
        assert self.ask(health.ready)[0] == 200
        Heartbeat.objects.filter(name=silent).update(at=clock.now() - timedelta(seconds=200))
        status, figures = self.ask(health.ready)
        assert status == 503
        assert 200 <= figures[f"last_{silent}_age"] < 260
        assert self.ask(health.health)[0] == 200

    def test_a_run_that_lies_ahead_is_as_old_as_it_is_far(self, step):
        run("tick")
        run("send")
        Heartbeat.objects.filter(name="tick").update(at=clock.now() + timedelta(hours=2))
        status, figures = self.ask(health.ready)
        assert (status, figures["last_tick_age"] > 7000) == (503, True)

    def test_not_ready_while_the_mail_server_refuses_everything(self, step):
        run("tick")
        run("send")
        just_now, long_ago = (clock.now() - timedelta(seconds=n) for n in (30, 300))
        breaker.trip(breaker.Cause.SERVER, "535 No", breaker.FLOWS, just_now)
        assert self.ask(health.ready)[0] == 200
        CircuitBreaker.objects.update(opened_at=long_ago)
        status, figures = self.ask(health.ready)
        assert status == 503
        assert 300 <= figures["mail_stopped_age"] < 360
        assert "no mail leaves before" in run("outbox")
        assert "535 No" in run("outbox")

    def test_figures(self):
        for key in "abc":
            outbox.enqueue(key=key, address="a@b.example", template="x", context={}, now=NOW)
        OutboxMessage.objects.filter(key="a").update(status="failed")
        OutboxMessage.objects.filter(key="b").update(status="in_doubt")
        OutboxMessage.objects.filter(key="c").update(not_before=clock.now() - timedelta(seconds=30))
        _, figures = self.ask(health.health)
        assert figures.keys() == {
            "db",
            "last_tick_age",
            "last_send_age",
            "mail_stopped_age",
            "oldest_due_age",
            "in_doubt",
            "failed",
            "undeliverable",
            "redis",
            "disk",
        }
        assert (figures["failed"], figures["in_doubt"]) == (1, 1)
        assert 30 <= figures["oldest_due_age"] < 90
        assert figures["redis"]

    def test_a_broker_that_is_away_is_told(self, settings):
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
        assert self.ask(health.health)[1]["redis"] is False


class TestCelery:
    """A message only wakes: late, lost or doubled it changes nothing (reliability.md 4.3)."""

    def test_few_tasks_each_worthless_after_its_interval(self):
        for entry in app.conf.beat_schedule.values():
            assert entry["options"]["expires"] <= entry["schedule"]
        scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
        app.loader.import_default_modules()
        ours = {name for name in app.tasks if not name.startswith("celery.")}
        assert scheduled == {"notifications.tick", "notifications.send_some"}
        assert ours == scheduled | {"notifications.read_mailbox"}

    def test_the_mailbox_is_read_where_there_is_one(self, tmp_path):
        environment = os.environ | {"REPLIES_URL": f"maildir://{tmp_path}"}
        ask = "from config.celery import app; print(app.conf.beat_schedule['read_mailbox'])"
        told = subprocess.run(
            [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
        )
        entry = ast.literal_eval(told.stdout)
        assert entry["task"] == "notifications.read_mailbox"
        assert entry["options"]["expires"] <= entry["schedule"] == 300

    def test_nothing_is_kept_in_the_broker(self):
        assert app.conf.task_ignore_result
        assert not app.conf.result_backend
        assert not app.conf.task_acks_late
        assert app.conf.accept_content == ["json"]
        assert str(django_settings.VAR_DIR) in app.conf.beat_schedule_filename

    @pytest.mark.django_db(transaction=True)
    def test_the_tasks_are_the_commands(self, person, mailbox, step, at_work):
        Errand.objects.create(due_on=clock.today(), owner_id=person().pk)
        tasks.tick()
        tasks.tick()
        tasks.send_some()
        tasks.send_some()
        assert len(mailbox.deliveries()) == 1
        assert {it.name for it in Heartbeat.objects.all()} >= {"tick", "send"}
