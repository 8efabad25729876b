"""Who is told when: ladders, hours, holidays, changed lead times, pauses and people's choices."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from notifications import clock
from notifications.audience import Closure
from notifications.delivery import drain
from notifications.duties import after, days, open_duties, registry, working_days
from notifications.forecast import forecast
from notifications.models import Exemption, LeadTimes, MailChoice, OutboxMessage, Reminder
from notifications.open_days import next_moment, slide
from notifications.planning import NOT_YET, address, plan
from notifications.unsubscribing import person_of
from tests.notifications import errands
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.usefixtures("errand_table", "errand_duty")]
TODAY = clock.local_date(NOW)
A_DAY = timedelta(days=1)
AUTUMN_BREAK = Closure(date(2027, 11, 1), date(2027, 11, 5), "Höstlov")


def local(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=clock.STOCKHOLM)


def declared(**changes):
    registry.clear()
    errands.declare(**changes)
    return registry["errands.run"]


def tell(day, *, at=9):
    """One tick at an hour of a day; gives the moment."""
    now = datetime.combine(day, datetime.min.time(), clock.STOCKHOLM) + timedelta(hours=at)
    result = plan(now)
    assert not result.failed
    address(now)
    return now


def sent_all():
    OutboxMessage.objects.filter(status="due").update(status="sent", closed_at=NOW)


def told_days(first, last):
    """On which days a person gets a mail, by their id, when the scheduler runs each morning."""
    told: dict[UUID | None, list[date]] = {}
    day = first
    while day <= last:
        now = tell(day, at=8)
        due = OutboxMessage.objects.filter(status="due", not_before__lte=now)
        for message in due:
            told.setdefault(message.recipient_id, []).append(day)
        due.update(status="sent", closed_at=now)
        day += A_DAY
    return told


class TestLadder:
    def test_others_are_told_later_and_once_each(self, person):
        runner, chief = person(), person()
        declared(steps=(days(-7), days(1)), escalation=(after(days(7), "chief"),))
        errands.chief.append(chief.pk)
        Errand.objects.create(due_on=date(2027, 3, 15), owner_id=runner.pk)
        assert told_days(date(2027, 3, 1), date(2027, 4, 5)) == {
            runner.pk: [date(2027, 3, 8), date(2027, 3, 16)],
            chief.pk: [date(2027, 3, 22)],
        }

    def test_a_missed_month_catches_up_with_the_latest_of_each_track(self, person):
        runner, chief = person(), person()
        declared(
            steps=(days(-7), days(1)), escalation=(after(days(7), "chief"), after(days(9), "chief"))
        )
        errands.chief.append(chief.pk)
        Errand.objects.create(due_on=TODAY - timedelta(days=12), owner_id=runner.pk)
        tell(TODAY)
        assert sorted(Reminder.objects.values_list("step", flat=True)) == [2, 10_001]

    def test_it_says_that_it_is_not_theirs_to_do(self, person, mailbox):
        chief = person()
        declared(escalation=(after(days(0), "chief"),))
        errands.chief.append(chief.pk)
        Errand.objects.create(due_on=TODAY, owner_id=person().pk)
        tell(TODAY)
        drain(lambda: NOW)
        texts = {
            str(mail["to"]): mail.get_body(("plain",)).get_content() for mail in mailbox.messages()
        }
        assert "Errands are run by those who have them." not in texts[chief.email]
        assert len(texts) == 2

    def test_who_owes_it_is_not_told_twice(self, person, mailbox):
        both = person()
        declared(escalation=(after(days(0), "chief"),))
        errands.chief.append(both.pk)
        Errand.objects.create(due_on=TODAY, owner_id=both.pk)
        tell(TODAY)
        drain(lambda: NOW)
        [mail] = mailbox.messages()
        assert "Errands are run by those who have them." in mail.get_body(("plain",)).get_content()


class TestLeadTimes:
    def test_one_scope_has_its_own(self, person):
        here, elsewhere = person(), person()
        own = Errand.objects.create(due_on=date(2027, 3, 15), owner_id=here.pk)
        Errand.objects.create(due_on=date(2027, 3, 15), owner_id=elsewhere.pk)
        LeadTimes.objects.create(
            rule="errands.run", scope_id=own.collaboration_id, steps="-3", by=here, at=NOW
        )
        assert told_days(date(2027, 3, 1), date(2027, 4, 1)) == {
            here.pk: [date(2027, 3, 12)],
            elsewhere.pk: [date(2027, 3, 8), date(2027, 3, 15), date(2027, 3, 22)],
        }

    def test_a_change_tells_no_step_again(self, person):
        one = person()
        Errand.objects.create(due_on=date(2027, 3, 15), owner_id=one.pk)
        tell(date(2027, 3, 8))
        sent_all()
        LeadTimes.objects.create(rule="errands.run", steps="-20 -5w 2", by=one, at=NOW)
        told = told_days(date(2027, 3, 9), date(2027, 4, 1))
        assert told == {one.pk: [date(2027, 3, 17)]}


class TestHours:
    @pytest.mark.parametrize(
        ("moment", "leaves"),
        [
            (local(2027, 3, 9, 9), local(2027, 3, 9, 9)),
            (local(2027, 3, 9, 3), local(2027, 3, 9, 7, 30)),
            (local(2027, 3, 9, 16), local(2027, 3, 10, 7, 30)),
            (local(2027, 3, 12, 17), local(2027, 3, 15, 7, 30)),  # a Friday
            (local(2027, 3, 28, 1), local(2027, 3, 30, 7, 30)),  # the night that loses an hour
            (local(2027, 10, 31, 2), local(2027, 11, 1, 7, 30)),  # the night that has one twice
            (local(2027, 7, 12, 9), local(2027, 8, 9, 7, 30)),  # week 28
        ],
    )
    def test_mail_leaves_on_working_days_in_working_hours(self, moment, leaves):
        assert next_moment(moment) == leaves
        assert next_moment(moment).utcoffset() == leaves.utcoffset()

    def test_what_is_urgent_does_not_wait_for_the_summer_to_end(self):
        assert next_moment(local(2027, 7, 12, 9), urgent=True) == local(2027, 7, 12, 9)
        assert next_moment(local(2027, 7, 10, 9), urgent=True) == local(2027, 7, 12, 7, 30)

    def test_a_digest_that_missed_its_afternoon_does_not_come_in_the_night(self, person, mailbox):
        Errand.objects.create(due_on=TODAY, owner_id=person().pk)
        tell(TODAY, at=15)
        assert drain(lambda: local(2027, 3, 9, 22)) == {}
        assert drain(lambda: local(2027, 3, 10, 7, 30)) == {"sent": 1}


class TestHolidays:
    @pytest.fixture(autouse=True)
    def _away(self):
        errands.away.append(AUTUMN_BREAK)

    def test_a_due_date_slides_and_says_why(self):
        declared()
        Errand.objects.create(due_on=date(2027, 11, 3))
        [it] = open_duties(date(2027, 11, 3))
        assert it.due_on == slide(date(2027, 11, 6)) == date(2027, 11, 8)
        assert it.set_for == date(2027, 11, 3)
        assert it.slid_because == "Höstlov"
        assert not it.is_overdue(date(2027, 11, 8))
        assert it.is_overdue(date(2027, 11, 9))

    def test_steps_count_from_where_it_slides_to_and_mail_waits(self, person):
        one = person()
        declared(steps=(days(-7), days(0), days(1)))
        Errand.objects.create(due_on=date(2027, 11, 3), owner_id=one.pk)
        assert told_days(date(2027, 10, 20), date(2027, 11, 30)) == {
            one.pk: [date(2027, 11, 8), date(2027, 11, 9)]
        }

    def test_a_step_that_planning_wrote_too_early_waits_for_its_day(self, person):
        declared(steps=(days(1),))
        Errand.objects.create(due_on=date(2027, 11, 3), owner_id=person().pk)
        tell(date(2027, 11, 4))
        assert Reminder.objects.get().reason == NOT_YET
        assert not OutboxMessage.objects.exists()

    def test_what_is_formal_and_late_takes_the_waiting_digest_along(self, person):
        one = person()
        errands.declare("errands.formal", steps=(days(1),), formal=True)
        Errand.objects.create(due_on=date(2027, 11, 10), owner_id=one.pk)
        tell(date(2027, 11, 3))
        [waiting] = OutboxMessage.objects.all()
        assert waiting.not_before == local(2027, 11, 8, 7, 30)
        Errand.objects.create(due_on=date(2027, 10, 28), owner_id=one.pk)
        tell(date(2027, 11, 4))
        waiting.refresh_from_db()
        assert waiting.not_before == local(2027, 11, 4, 9)
        assert waiting.key.endswith("2027-11-04")
        assert OutboxMessage.objects.count() == 1


class TestLettingBe:
    def test_a_pause_is_over_when_it_is_over(self, person):
        one = person()
        it = Errand.objects.create(due_on=date(2027, 3, 15), owner_id=one.pk)
        Exemption.objects.create(
            rule="errands.run", object_id=it.pk, scope_id=it.collaboration_id, due_on=it.due_on,
            until=date(2027, 3, 18), reason="Sjuk.", by=one, at=NOW,
        )  # fmt: skip
        assert open_duties(date(2027, 3, 17)) == []
        assert [each.object_id for each in open_duties(date(2027, 3, 17), let_be=True)] == [it.pk]
        assert [each.object_id for each in open_duties(date(2027, 3, 18))] == [it.pk]
        assert told_days(date(2027, 3, 1), date(2027, 3, 21)) == {one.pk: [date(2027, 3, 18)]}

    def test_what_is_waived_is_neither_shown_nor_told(self, person):
        one = person()
        it = Errand.objects.create(due_on=TODAY, owner_id=one.pk)
        Exemption.objects.create(
            rule="errands.run", object_id=it.pk, scope_id=it.collaboration_id, due_on=it.due_on,
            reason="Behövs inte.", by=one, at=NOW,
        )  # fmt: skip
        assert open_duties(TODAY) == []
        assert told_days(TODAY, TODAY + timedelta(days=20)) == {}

    def test_a_new_due_date_is_a_new_duty(self, person):
        one = person()
        it = Errand.objects.create(due_on=TODAY, owner_id=one.pk)
        Exemption.objects.create(
            rule="errands.run", object_id=it.pk, scope_id=it.collaboration_id, due_on=it.due_on,
            reason="Behövs inte.", by=one, at=NOW,
        )  # fmt: skip
        Errand.objects.update(due_on=TODAY + A_DAY)
        assert len(open_duties(TODAY)) == 1


class TestChoices:
    @pytest.mark.parametrize(
        ("rhythm", "days_told"),
        [
            ("now", [date(2027, 3, 9), date(2027, 3, 16)]),
            ("daily", [date(2027, 3, 9), date(2027, 3, 16)]),
            ("weekly", [date(2027, 3, 15), date(2027, 3, 22)]),
            ("never", None),
        ],
    )
    def test_how_often(self, person, rhythm, days_told):
        one = person()
        MailChoice.objects.create(user=one, rhythm=rhythm)
        Errand.objects.create(due_on=date(2027, 3, 9), owner_id=one.pk)
        declared(steps=(days(0), days(7)))
        told = told_days(date(2027, 3, 8), date(2027, 3, 30))
        assert told.get(one.pk) == days_told

    def test_at_once_is_more_than_once_a_day(self, person):
        one = person()
        MailChoice.objects.create(user=one, rhythm="now")
        for hour in (9, 10):
            Errand.objects.create(due_on=TODAY, owner_id=one.pk)
            now = tell(TODAY, at=hour)
            assert OutboxMessage.objects.get(status="due").not_before == now
            sent_all()

    def test_what_is_formal_comes_daily_whatever_is_chosen(self, person):
        one = person()
        MailChoice.objects.create(user=one, rhythm="never")
        declared(formal=True)
        Errand.objects.create(due_on=TODAY, owner_id=one.pk)
        assert told_days(TODAY, TODAY) == {one.pk: [TODAY]}

    def test_mail_that_can_be_ended_says_where(self, person, mailbox):
        one = person()
        Errand.objects.create(due_on=TODAY, owner_id=one.pk)
        tell(TODAY)
        drain(lambda: NOW)
        [mail] = mailbox.messages()
        link = str(mail["list-unsubscribe"]).strip("<>")
        assert person_of(link.rstrip("/").rpartition("/")[2]) == one.pk
        assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"

    def test_what_is_formal_cannot_be_ended(self, person, mailbox):
        declared(formal=True)
        Errand.objects.create(due_on=TODAY, owner_id=person().pk)
        tell(TODAY)
        drain(lambda: NOW)
        [mail] = mailbox.messages()
        assert mail["list-unsubscribe"] is None


class TestForecast:
    def test_everything_that_is_told_was_foreseen(self, person):
        """On its day, whatever the calendar says."""
        one, chief = person(), person()
        declared(
            steps=(working_days(-5), days(0), days(3)),
            escalation=(after(working_days(5), "chief"),),
        )
        errands.chief.append(chief.pk)
        errands.away.append(AUTUMN_BREAK)
        today = date(2027, 10, 18)
        tell(today)
        sent_all()
        for ahead in range(1, 40, 3):
            Errand.objects.create(due_on=today + timedelta(days=ahead), owner_id=one.pk)
        tell(today)
        sent_all()
        coming = forecast(today, days=30)
        expected = {(it.begins_on, it.duty.object_id, it.step) for it in coming}
        told: set[tuple[date, UUID, int]] = set()
        for ahead in range(1, 31):
            day = today + timedelta(days=ahead)
            tell(day)
            before = {key[1:] for key in told}
            found = Reminder.objects.filter(status="told", planned_at__gt=local(2027, 10, 18, 12))
            told |= {
                (day, it.object_id, it.step)
                for it in found
                if (it.object_id, it.step) not in before
            }
            sent_all()
        assert told <= expected
        assert len(told) > 20

    def test_in_a_fixed_number_of_questions(self, person, django_assert_num_queries):
        for ahead in range(20):
            Errand.objects.create(due_on=TODAY + timedelta(days=ahead), owner_id=person().pk)
        with django_assert_num_queries(7):
            assert len(forecast(TODAY, days=30)) > 40
