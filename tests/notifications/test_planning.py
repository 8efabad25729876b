import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import clock
from notifications.delivery import Batch, drain
from notifications.duties import LAST_STEP_STAYS_OPEN, Offset, registry
from notifications.models import OutboxMessage, Reminder
from notifications.planning import NO_RECIPIENT, address, plan
from notifications.smtp import Wire
from tests.notifications import errands
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.usefixtures("errand_table", "errand_duty")]
TODAY = clock.local_date(NOW)
A_DAY = timedelta(days=1)


def errand(due_on=TODAY, **fields):
    return Errand.objects.create(due_on=due_on, **fields)


def digests():
    return OutboxMessage.objects.filter(template="notifications/digest").order_by("pk")


def steps_planned():
    return list(Reminder.objects.order_by("pk").values_list("step", flat=True))


def naive_step(steps, due_on, today):
    """The rule in words: of the steps begun the furthest, as long as the last one is open."""
    begun = [step for step in steps if step.from_date(due_on) <= today]
    if not begun:
        return None
    a_while_ago = today - LAST_STEP_STAYS_OPEN
    if all(step.from_date(due_on) <= a_while_ago for step in steps):
        return None
    return min(begun, key=lambda step: step.latest_due_on(today)).number


class TestWindows:
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        today=st.dates(date(2026, 1, 1), date(2029, 12, 31)),
        steps=st.lists(
            st.builds(Offset, st.integers(-40, 25), st.booleans()),
            min_size=1,
            max_size=5,
            unique_by=lambda step: step.number,
        ),
    )
    def test_like_a_naive_reference(self, today, steps):
        Errand.objects.all().delete()
        Reminder.objects.all().delete()
        registry.clear()
        errands.declare(steps=tuple(steps))
        Errand.objects.bulk_create(
            Errand(due_on=today + timedelta(days=days)) for days in range(-80, 80)
        )
        plan(clock.start_of(today))
        expected = {
            (due_on, step)
            for due_on in Errand.objects.values_list("due_on", flat=True)
            if (step := naive_step(steps, due_on, today)) is not None
        }
        assert set(Reminder.objects.values_list("due_on", "step")) == expected

    def test_each_step_on_its_day_and_once(self):
        errand(due_on=date(2027, 3, 15))
        told = {}
        for day in range(60):
            today = date(2027, 3, 1) + timedelta(days=day)
            for minute in range(3):
                planned = plan(clock.start_of(today) + timedelta(minutes=minute)).planned
                if planned:
                    told[today] = planned
        assert told == {date(2027, 3, 8): 1, date(2027, 3, 15): 1, date(2027, 3, 22): 1}
        assert steps_planned() == [step.number for step in errands.STEPS]

    def test_a_missed_fortnight_catches_up_with_the_latest_step_only(self):
        errand(due_on=TODAY)
        plan(NOW + timedelta(days=14))
        assert steps_planned() == [errands.STEPS[2].number]

    def test_what_is_long_past_is_not_told_any_more(self):
        errand(due_on=TODAY - timedelta(days=60))
        assert plan(NOW).planned == 0

    def test_a_new_due_date_is_told_anew(self):
        moved = errand()
        plan(NOW)
        moved.due_on += A_DAY
        moved.save()
        assert plan(NOW + A_DAY).planned == 1

    def test_paused_errands_are_planned_but_not_told(self):
        """Planning joins nothing; that the surroundings say no is asked before anybody is told."""
        errand(is_paused=True)
        assert plan(NOW).planned == 1
        assert address(NOW) == 0
        assert Reminder.objects.get().status == Reminder.Status.SUPPRESSED

    def test_one_statement_for_each_duty(self, django_assert_num_queries):
        errands.declare("errands.run-again")
        errand()
        with django_assert_num_queries(3):  # and one for the lead times that were changed
            assert plan(NOW).planned == 2

    def test_a_duty_without_steps_is_shown_but_never_told(self):
        registry.clear()
        errands.declare(steps=())
        errand()
        assert plan(NOW).planned == 0

    @pytest.mark.django_db(transaction=True)
    def test_a_duty_with_a_fault_stops_no_other(self, caplog):
        errand()
        errands.declare("errands.broken", steps=(Offset(0, True), None))
        result = plan(NOW)
        assert (result.planned, result.failed) == (1, ["errands.broken"])
        assert "errands.broken" in caplog.text


class TestAddressing:
    def test_one_digest_for_each_person(self, person):
        one, other = person(), person()
        mine = [errand(owner_id=one.pk), errand(owner_id=one.pk, due_on=TODAY - A_DAY)]
        errand(owner_id=other.pk)
        plan(NOW)
        assert address(NOW) == 3
        assert {digest.recipient_id for digest in digests()} == {one.pk, other.pk}
        numbers = digests().get(recipient=one).context["reminders"]
        assert set(Reminder.objects.filter(pk__in=numbers).values_list("object_id", flat=True)) == {
            it.pk for it in mine
        }
        assert digests().get(recipient=one).key == f"digest:{one.pk}:2027-03-09"

    def test_many_reminders_take_few_queries(self, person, django_assert_max_num_queries):
        people = [person() for _ in range(20)]
        for number in range(200):
            errand(owner_id=people[number % 20].pk)
        plan(NOW)
        with django_assert_max_num_queries(25):
            assert address(NOW) == 200
        assert digests().count() == 20

    def test_a_digest_that_waits_takes_more(self, person):
        one = person()
        errand(owner_id=one.pk)
        plan(NOW)
        address(NOW)
        errand(owner_id=one.pk)
        plan(NOW)
        address(NOW)
        assert len(digests().get().context["reminders"]) == 2

    def test_after_the_mail_of_the_day_the_rest_waits_for_tomorrow(self, person):
        one = person()
        errand(owner_id=one.pk)
        plan(NOW)
        address(NOW)
        digests().update(status="sent", closed_at=NOW)
        for _ in range(2):
            errand(owner_id=one.pk)
            plan(NOW)
            address(NOW)
        today, tomorrow = digests()
        assert tomorrow.key == f"digest:{one.pk}:2027-03-10"
        assert tomorrow.not_before == datetime(2027, 3, 10, 7, 30, tzinfo=clock.STOCKHOLM)
        assert (len(today.context["reminders"]), len(tomorrow.context["reminders"])) == (1, 2)

    def test_nobody_to_tell_stays_visible_until_somebody_is_there(self, person):
        alone = errand()
        plan(NOW)
        assert address(NOW) == 0
        assert Reminder.objects.get().reason == NO_RECIPIENT
        Errand.objects.filter(pk=alone.pk).update(owner_id=person().pk)
        assert address(NOW) == 1
        assert Reminder.objects.get().reason == ""
        assert address(NOW) == 0

    def test_done_before_it_is_told_is_not_told(self, person):
        done = errand(owner_id=person().pk)
        plan(NOW)
        Errand.objects.filter(pk=done.pk).update(is_done=True)
        assert address(NOW) == 0
        assert Reminder.objects.get().status == Reminder.Status.SUPPRESSED
        assert not digests().exists()

    def test_a_rule_that_exists_no_more_is_dropped(self, person):
        errand(owner_id=person().pk)
        plan(NOW)
        registry.clear()
        assert address(NOW) == 0
        assert Reminder.objects.get().status == Reminder.Status.SUPPRESSED


@pytest.mark.django_db(transaction=True)
def test_eight_planners_at_once_plan_and_tell_once(person):
    people = [person() for _ in range(10)]
    Errand.objects.bulk_create(
        Errand(due_on=TODAY, owner_id=people[number % 10].pk) for number in range(300)
    )
    together = threading.Barrier(8)

    def plan_and_address():
        together.wait()
        plan(NOW)
        address(NOW)
        connection.close()

    planners = [threading.Thread(target=plan_and_address) for _ in range(8)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()

    assert Reminder.objects.filter(status=Reminder.Status.TOLD).count() == 300
    assert sorted(len(it.context["reminders"]) for it in digests()) == [30] * 10


@pytest.mark.django_db(transaction=True)
class TestDigestLeaves:
    """From planning to the mail server and back."""

    def test_in_swedish_with_overdue_first_and_a_link_each(self, person, mailbox):
        me = person(email="anna@norrby.example")
        late = errand(TODAY - timedelta(days=8), owner_id=me.pk, place="Älvdalen", what="Näs & Co")
        soon = errand(owner_id=me.pk, place="Norrby", what="Bällstaberg")
        plan(NOW)
        address(NOW)
        assert drain(lambda: NOW) == {"sent": 1}

        (mail,) = mailbox.messages()
        assert mail["to"] == "anna@norrby.example"
        assert mail["auto-submitted"] == "auto-generated"
        text = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        for body in (text, html):
            assert body.index("Älvdalen") < body.index("Norrby")
            assert "Errands are run by those who have them." in body
            assert f"http://localhost:8000/errands/{late.pk}/" in body
            assert f"http://localhost:8000/errands/{soon.pk}/" in body
            assert "1 mars 2027" in body
        assert "Näs & Co" in text
        assert "Näs &amp; Co" in html
        sent = digests().get()
        assert (sent.status, sent.closed_at) == ("sent", NOW)
        assert sent.text == text.replace("\r\n", "\n")
        assert mail["message-id"] == sent.message_id

    def test_what_is_done_meanwhile_falls_away(self, person, mailbox):
        me = person()
        done, open_ = errand(owner_id=me.pk), errand(owner_id=me.pk)
        plan(NOW)
        address(NOW)
        Errand.objects.filter(pk=done.pk).update(is_done=True)
        drain(lambda: NOW)
        text = mailbox.message(1).get_body(("plain",)).get_content()
        assert str(open_.pk) in text
        assert str(done.pk) not in text

    @pytest.mark.parametrize(
        "change",
        [
            {"is_done": True},
            {"is_paused": True},
            {"due_on": TODAY + timedelta(days=90)},
            {"owner_id": None},
        ],
    )
    def test_nothing_left_means_no_mail(self, person, mailbox, change):
        it = errand(owner_id=person().pk)
        plan(NOW)
        address(NOW)
        Errand.objects.filter(pk=it.pk).update(**change)
        assert drain(lambda: NOW) == {"cancelled": 1}
        assert mailbox.deliveries() == []
        assert digests().get().reason

    def test_two_steps_about_the_same_thing_make_one_line(self, person, mailbox):
        it = errand(TODAY - timedelta(days=1), owner_id=person().pk)
        plan(NOW - timedelta(days=4))
        plan(NOW)
        assert Reminder.objects.count() == 2
        address(NOW)
        drain(lambda: NOW)
        text = mailbox.message(1).get_body(("plain",)).get_content()
        assert text.count(str(it.pk)) == 1

    @pytest.mark.parametrize("left", [0, 1])
    def test_what_is_done_while_the_mail_server_listens_falls_away(self, person, mailbox, left):
        """The last look is taken between the server's 354 and the body."""
        me = person()
        done, *open_ = [errand(owner_id=me.pk) for _ in range(left + 1)]
        plan(NOW)
        address(NOW)
        batch = Batch.claim(NOW, 10)
        (parcel,) = batch.pack()
        assert str(done.pk) in parcel.letter.text
        Errand.objects.filter(pk=done.pk).update(is_done=True)
        with Wire() as wire:
            batch.hand_over({wire.open_lines(1)[0]: parcel})
        assert digests().get().status == ("sent" if left else "cancelled")
        texts = [mail.get_body(("plain",)).get_content() for mail in mailbox.messages()]
        assert len(texts) == left
        assert all(str(done.pk) not in text and str(open_[0].pk) in text for text in texts)
