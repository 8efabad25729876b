"""The calendar of a school authority as it is stored."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import override

from organisations.models import Organisation, SchoolBreak, SchoolYear
from organisations.school_calendar import easter_monday, school_year_around, suggested_year

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

FIRST = date(2026, 10, 26)


@pytest.fixture
def authority(db: None) -> Organisation:
    return Organisation.objects.create(party="organiser", name="Ådalens kommun")


@pytest.mark.parametrize(
    ("model", "days", "is_stored"),
    [
        (SchoolBreak, 1, True),
        (SchoolBreak, 100, True),
        (SchoolBreak, 101, False),
        (SchoolBreak, 0, False),
        (SchoolYear, 300, True),
        (SchoolYear, 366, True),
        (SchoolYear, 367, False),
        (SchoolYear, 1, False),
    ],
)
def test_the_database_keeps_periods_within_reason(
    authority: Organisation, model: type[Model], days: int, is_stored: bool
):
    last_day = FIRST + timedelta(days=days - 1)
    period = model(organisation=authority, first_day=FIRST, last_day=last_day)
    if is_stored:
        period.save()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            period.save()
    assert model._default_manager.count() == is_stored


def test_a_period_lasts_to_the_end_of_its_last_day(authority: Organisation):
    SchoolBreak.objects.create(
        organisation=authority, name="Höstlov", first_day=FIRST, last_day=date(2026, 10, 30)
    )
    found = {
        days: SchoolBreak.objects.between(
            FIRST + timedelta(days=days), FIRST + timedelta(days=days)
        ).exists()
        for days in (-1, 0, 4, 5)
    }
    assert found == {-1: False, 0: True, 4: True, 5: False}


def test_a_school_year_is_named_after_both_its_years(authority: Organisation):
    year = SchoolYear(organisation=authority, first_day=date(2099, 8, 17))
    assert str(year) == "2099/00"


# --- what is suggested ------------------------------------------------------------------------


def test_a_school_year_is_suggested_as_it_usually_is():
    with override("en"):
        year = suggested_year(2026, "0180")
    assert (year.first_day, year.last_day) == (date(2026, 8, 18), date(2027, 6, 11))
    assert [(each.name, each.first_day, each.last_day) for each in year.breaks] == [
        ("Autumn break", date(2026, 10, 26), date(2026, 10, 30)),
        ("Christmas break", date(2026, 12, 21), date(2027, 1, 8)),
        ("Winter break", date(2027, 3, 1), date(2027, 3, 5)),
        ("Easter break", date(2027, 3, 30), date(2027, 4, 2)),
    ]


@pytest.mark.parametrize(
    ("municipality", "week"), [("1480", 7), ("1280", 8), ("0180", 9), ("2480", 10), ("", 9)]
)
def test_the_winter_break_follows_the_county(municipality: str, week: int):
    winter = suggested_year(2026, municipality).breaks[2]
    assert winter.first_day.isocalendar().week == week


@pytest.mark.parametrize("day", ["2024-04-01", "2025-04-21", "2035-03-26", "2038-04-26"])
def test_easter_monday_is_found_between_its_earliest_and_its_latest_day(day: str):
    expected = date.fromisoformat(day)
    assert easter_monday(expected.year) == expected


@pytest.mark.parametrize("begins_in", range(2020, 2045))
def test_every_suggestion_can_be_stored(authority: Organisation, begins_in: int):
    year = suggested_year(begins_in)
    breaks = sorted(year.breaks, key=lambda each: each.first_day)
    days = [year.first_day, *(d for b in breaks for d in (b.first_day, b.last_day)), year.last_day]
    assert days == sorted(days)
    for each in breaks:
        SchoolBreak.objects.create(organisation=authority, **vars(each))
    assert school_year_around(year.first_day) == school_year_around(year.last_day) == begins_in
