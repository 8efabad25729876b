from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from notifications.audience import Closure
from notifications.duties import Offset, days, working_days
from notifications.open_days import slide, slide_back, why_slid
from notifications.working_days import add_working_days, is_working_day, next_working_day

pytestmark = pytest.mark.portable
some_day = st.dates(date(2024, 1, 1), date(2032, 12, 31))
some_offset = st.builds(Offset, st.integers(-60, 60), st.booleans())


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),  # New Year's Day
        date(2026, 1, 6),  # Epiphany
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension Day
        date(2025, 6, 6),  # National Day
        date(2026, 6, 19),  # Midsummer Eve
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
        date(2026, 7, 6),  # week 28
        date(2026, 7, 31),  # week 31
    ],
)
def test_days_off(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 5, 15), date(2026, 10, 30)])
def test_days_between_holidays_are_worked(day):
    assert is_working_day(day)


def test_counting_starts_from_the_working_day_the_date_slides_to():
    saturday = date(2026, 11, 21)
    assert add_working_days(saturday, 0) == date(2026, 11, 23)
    assert add_working_days(saturday, 1) == date(2026, 11, 24)
    assert add_working_days(saturday, -1) == date(2026, 11, 20)


def test_christmas_is_long():
    assert add_working_days(date(2026, 12, 23), 3) == date(2026, 12, 30)


def test_everything_is_counted_from_where_the_due_date_slides_to():
    saturday = date(2026, 11, 21)
    assert days(-3).from_date(saturday) == date(2026, 11, 20)
    assert days(1).from_date(saturday) == date(2026, 11, 24)
    assert days(1).from_date(date(2026, 7, 10)) == date(2026, 8, 4)


@given(some_day, st.integers(-40, 40))
def test_counting_back_undoes_counting_on(day, count):
    there = add_working_days(day, count)
    assert is_working_day(there)
    assert add_working_days(there, -count) == next_working_day(day)


@given(some_day, some_offset)
def test_latest_due_date_is_the_last_whose_day_has_come(today, offset):
    latest = offset.latest_due_on(today)
    assert offset.from_date(latest) <= today
    assert offset.from_date(latest + timedelta(days=1)) > today


@given(some_offset)
def test_an_offset_is_read_as_it_was_written(offset):
    assert Offset.read(offset.written) == offset


def test_offsets_read_as_they_are_said():
    assert days(-3).from_date(date(2026, 11, 20)) == date(2026, 11, 17)
    assert working_days(-3).from_date(date(2026, 11, 23)) == date(2026, 11, 18)


some_breaks = st.lists(
    st.builds(
        lambda first, length: Closure(first, first + timedelta(days=length), f"Lov {first}"),
        st.dates(date(2026, 3, 1), date(2026, 9, 30)),
        st.integers(0, 40),
    ),
    max_size=6,
)


@given(st.dates(date(2026, 3, 1), date(2026, 9, 30)), some_breaks)
def test_a_day_slides_past_every_break_and_back(day, closures):
    def is_open(it):
        return is_working_day(it) and not any(each.first <= it <= each.last for each in closures)

    there = slide(day, closures)
    assert there >= day
    assert is_open(there)
    assert not any(is_open(day + timedelta(days=n)) for n in range((there - day).days))
    assert slide_back(there, closures) == there
    assert (why_slid(day, closures) == "") == (there == day)
    before = slide_back(day, closures)
    assert is_open(before)
    assert not any(is_open(day - timedelta(days=n)) for n in range((day - before).days))


def test_the_whole_reason_is_told_in_its_order():
    lov = Closure(date(2026, 6, 22), date(2026, 7, 3), "Kommunledigt")
    with override("en"):
        assert why_slid(date(2026, 6, 19), [lov]) == (
            "not a working day, then Kommunledigt, then weeks 28 to 31 are summer"
        )
        assert why_slid(date(2026, 6, 24), [lov]) == (
            "Kommunledigt, then weeks 28 to 31 are summer"
        )
        assert why_slid(date(2026, 6, 20)) == "not a working day"
