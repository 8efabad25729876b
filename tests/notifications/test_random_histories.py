"""Planning against a naive scheduler that looks at everything each time, over random histories."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from notifications import clock
from notifications.duties import FIRST_RUNG, after, days, registry, working_days
from notifications.models import Exemption, OutboxMessage, Reminder
from notifications.open_days import slide
from notifications.planning import address, plan
from tests.notifications import errands
from tests.notifications.errands import Errand
from tests.notifications.test_planning import naive_step

STEPS = (days(-14), working_days(-3), days(1))
LADDER = (after(working_days(5), "chief"), after(days(20), "chief"))
FIRST_DAY = date(2027, 5, 3)


@dataclass
class Naive:
    """What a scheduler would have told that asks every errand about every step at every run."""

    planned: dict[tuple[UUID, date, int], str] = field(default_factory=dict)

    def run(self, today, machine):
        for it in Errand.objects.filter(is_done=False):
            for track in (STEPS, tuple(rung.offset for rung in LADDER)):
                step = naive_step(track, it.due_on, today)
                if step is not None:
                    number = step
                    if track is not STEPS:
                        [place] = [n for n, it in enumerate(track) if it.number == step]
                        number = FIRST_RUNG + place
                    self.planned.setdefault((it.pk, it.due_on, number), "planned")
        for key, status in self.planned.items():
            if status == "planned":
                self.planned[key] = self.outcome(key, today, machine)

    def outcome(self, key, today, machine):
        pk, due_on, step = key
        it = Errand.objects.get(pk=pk)
        exemption = machine.exemptions.get((pk, due_on), False)
        if it.is_done or it.is_paused or it.due_on != due_on or exemption is None:
            return "suppressed"
        if exemption and exemption > today:
            return "planned"
        return "told" if step >= FIRST_RUNG or it.owner_id else "planned"


class Histories(RuleBasedStateMachine):
    """Errands come, move, pause and are done; days pass, some of them without a run."""

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        Errand.objects.all().delete()
        users = get_user_model().objects
        self.people = [users.create(email=f"{name}@norrby.example", name=name) for name in "abc"]
        errands.chief[:] = [self.people[2].pk]
        self.today = FIRST_DAY
        self.naive = Naive()
        self.exemptions = {}

    def some(self, number):
        everyone = list(Errand.objects.order_by("pk"))
        return everyone[number % len(everyone)] if everyone else None

    @rule(ahead=st.integers(-30, 60), owner=st.integers(0, 2))
    def comes(self, ahead, owner):
        owner_id = self.people[owner].pk if owner < 2 else None
        Errand.objects.create(due_on=self.today + timedelta(days=ahead), owner_id=owner_id)

    @rule(which=st.integers(0, 9), ahead=st.integers(-5, 40))
    def moves(self, which, ahead):
        if it := self.some(which):
            Errand.objects.filter(pk=it.pk).update(due_on=self.today + timedelta(days=ahead))

    @rule(which=st.integers(0, 9), name=st.sampled_from(["is_done", "is_paused"]))
    def stops_or_goes_on(self, which, name):
        if it := self.some(which):
            Errand.objects.filter(pk=it.pk).update(**{name: not getattr(it, name)})

    @rule(which=st.integers(0, 9), owner=st.integers(0, 2))
    def changes_hands(self, which, owner):
        if it := self.some(which):
            owner_id = self.people[owner].pk if owner < 2 else None
            Errand.objects.filter(pk=it.pk).update(owner_id=owner_id)

    @rule(which=st.integers(0, 9), ahead=st.none() | st.integers(1, 14))
    def is_let_be(self, which, ahead):
        if it := self.some(which):
            until = None if ahead is None else self.today + timedelta(days=ahead)
            Exemption.objects.update_or_create(
                rule="errands.run", object_id=it.pk, due_on=it.due_on,
                defaults={
                    "scope_id": it.collaboration_id, "until": until, "reason": "x",
                    "by": self.people[0], "at": clock.start_of(self.today),
                },
            )  # fmt: skip
            self.exemptions[it.pk, it.due_on] = until

    @rule(passed=st.integers(-2, 12))
    def days_pass(self, passed):
        self.today = max(FIRST_DAY, self.today + timedelta(days=passed))

    @rule(times=st.integers(1, 3))
    def runs(self, times):
        self.naive.run(self.today, self)
        for minute in range(times):
            now = datetime.combine(self.today, time(9, minute), clock.STOCKHOLM)
            assert not plan(now).failed
            address(now)

    @rule()
    def mail_leaves(self):
        now = datetime.combine(self.today, time(10), clock.STOCKHOLM)
        OutboxMessage.objects.filter(status="due", not_before__lte=now).update(
            status="sent", closed_at=now
        )

    @invariant()
    def what_is_told_is_what_the_naive_one_told(self):
        rows = Reminder.objects.values_list("object_id", "due_on", "step", "status")
        assert {row[:3]: row[3] for row in rows} == self.naive.planned

    @invariant()
    def nobody_gets_two_mails_a_day(self):
        days_of = [
            (it.recipient_id, clock.local_date(it.not_before)) for it in OutboxMessage.objects.all()
        ]
        assert len(days_of) == len(set(days_of))
        assert all(day == slide(day) for _person, day in days_of)

    @invariant()
    def each_reminder_stands_in_one_digest_of_a_person(self):
        told = [
            (it.recipient_id, number)
            for it in OutboxMessage.objects.all()
            for number in it.context["reminders"]
        ]
        assert len(told) == len(set(told))

    def teardown(self):
        errands.chief.clear()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.portable
@pytest.mark.usefixtures("errand_table", "errand_duty")
def test_random_histories():
    registry.clear()
    errands.declare(steps=STEPS, escalation=LADDER)
    run(examples=25, steps=40)


@pytest.mark.soak
@pytest.mark.usefixtures("errand_table", "errand_duty")
def test_many_random_histories():
    registry.clear()
    errands.declare(steps=STEPS, escalation=LADDER)
    run(examples=1_000, steps=80)


def run(*, examples, steps):
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
