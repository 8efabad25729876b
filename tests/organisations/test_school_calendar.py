"""The calendar of a school authority as it is stored."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from organisations.models import Organisation, SchoolBreak, SchoolYear

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
    period = model(organisation=authority, first_day=FIRST, last_day=last_day)  # type: ignore[misc]
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
