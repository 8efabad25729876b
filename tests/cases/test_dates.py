from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.dates import Calendar
from notifications.clock import STOCKHOLM
from notifications.working_days import is_weekday

pytestmark = pytest.mark.portable
ANY_DAY = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-14", date(2019, 5, 14)),
        ("today", date(2026, 3, 10)),
        ("today-2w", date(2026, 2, 24)),
        ("today+9d", date(2026, 3, 19)),
        ("today-4wd", date(2026, 3, 4)),
        ("today-3d", date(2026, 3, 6)),  # a Saturday slides back
        ("today+4d", date(2026, 3, 16)),  # and slides on ahead of today
        ("month day 12", date(2026, 3, 12)),
        ("month-2 day 14", date(2026, 1, 14)),
        ("month+1 day 1", date(2026, 4, 1)),
    ],
)
def test_dates_are_read_as_seen_from_the_day_of_loading(text: str, day: date) -> None:
    assert Calendar(date(2026, 3, 10)).day(text) == day


def test_a_time_may_follow() -> None:
    read = Calendar(date(2026, 3, 10)).moment("2019-05-14 13:30")
    assert read == datetime(2019, 5, 14, 13, 30, tzinfo=STOCKHOLM)


def test_july_is_not_counted() -> None:
    assert Calendar(date(2026, 8, 12)).day("month-1 day 15") == date(2026, 6, 15)
    assert Calendar(date(2026, 7, 12)).day("month+1 day 15") == date(2026, 9, 15)
    assert Calendar(date(2026, 6, 12)).day("month+1 day 17") == date(2026, 8, 17)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today-",
        "2019-02-30",
        "14/5 2019",
        "month day 40",
        "today+1y",
        "2019-05-14 25:00",
        "0001-01-01",
    ],
)
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are datetime's own
        Calendar(date(2026, 3, 10)).moment(text)


@given(today=ANY_DAY, count=st.integers(-400, 400), unit=st.sampled_from(["d", "w", "wd"]))
def test_a_relative_date_is_never_on_a_day_off(today: date, count: int, unit: str) -> None:
    day = Calendar(today).day(f"today{count:+d}{unit}")
    assert is_weekday(day)
    if count < 0:
        assert day <= today
    if count > 0:
        assert day >= today


@given(today=ANY_DAY, count=st.integers(-30, 30))
def test_months_apart_are_months_with_visits(today: date, count: int) -> None:
    months = [Calendar(today).day(f"month{n:+d} day 15").replace(day=1) for n in (count, count + 1)]
    assert months[0] < months[1]
    assert all(month.month != 7 for month in months)
    assert months[1] - months[0] <= timedelta(days=62)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-07", [(2026, 7)]),
        ("2026-06..2026-08", [(2026, 6), (2026, 8)]),
        ("month", [(2026, 3)]),
        ("month-1..month+1", [(2026, 2), (2026, 3), (2026, 4)]),
        ("2026-02..month", [(2026, 2), (2026, 3)]),
    ],
)
def test_months_are_their_first_days_and_a_period_has_no_july(
    text: str, months: list[tuple[int, int]]
) -> None:
    read = Calendar(date(2026, 3, 10)).months(text)
    assert read == [date(year, month, 1) for year, month in months]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-03..", "2026-03..2026-01", "1989-12", "month..today"]
)
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are datetime's own
        Calendar(date(2026, 3, 10)).months(text)


def test_the_time_given_holds_where_none_is_written() -> None:
    assert Calendar(date(2026, 3, 10)).moment("today", at=time(17)).hour == 17
