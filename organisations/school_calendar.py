"""The breaks that most school years have, as a suggestion: each school authority decides its own.

As the authorities of each county had them in 2020/21 (Skolporten, Grundskolans läsårstider).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from notifications.working_days import is_weekday

MONDAY, TUESDAY, FRIDAY = 0, 1, 4
AUTUMN_BREAK_WEEK = 44
USUAL_WINTER_BREAK_WEEK = 9
# By the first two digits of the municipality code, which name the county.
WINTER_BREAK_WEEKS = {
    "03": 8, "04": 8, "05": 8, "06": 7, "07": 8, "08": 8, "10": 8, "12": 8, "13": 8, "14": 7,
    "18": 8, "22": 10, "23": 10, "24": 10, "25": 10,
}  # fmt: skip


@dataclass(frozen=True)
class SuggestedBreak:
    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class SuggestedYear:
    begins_in: int
    first_day: date
    last_day: date
    breaks: tuple[SuggestedBreak, ...]


def school_year_around(day: date) -> int:
    """The calendar year in which the school year of that day begins; the summer ends one."""
    return day.year if day.month >= 7 else day.year - 1


def suggested_year(begins_in: int, municipality_code: str = "") -> SuggestedYear:
    """What a school year usually looks like; the names are in the active language."""
    spring = begins_in + 1
    return SuggestedYear(
        begins_in=begins_in,
        first_day=_weekday_from(date(begins_in, 8, 15), TUESDAY),
        last_day=_weekday_from(date(spring, 6, 8), FRIDAY),
        breaks=(
            _week(_("Autumn break"), begins_in, AUTUMN_BREAK_WEEK),
            SuggestedBreak(
                _("Christmas break"),
                max(date(begins_in, 12, 21), _monday_before(date(begins_in, 12, 24))),
                _monday_before(date(spring, 1, 6)) + timedelta(days=FRIDAY),
            ),
            _week(
                _("Winter break"),
                spring,
                WINTER_BREAK_WEEKS.get(municipality_code[:2], USUAL_WINTER_BREAK_WEEK),
            ),
            SuggestedBreak(
                _("Easter break"),
                easter_monday(spring) + timedelta(days=TUESDAY),
                easter_monday(spring) + timedelta(days=FRIDAY),
            ),
        ),
    )


def easter_monday(year: int) -> date:
    """The only Monday off that can lie between 23 March and 26 April."""
    first = _weekday_from(date(year, 3, 23), MONDAY)
    mondays = (first + timedelta(weeks=number) for number in range(5))
    return next(monday for monday in mondays if not is_weekday(monday))


def _week(name: str, year: int, week: int) -> SuggestedBreak:
    return SuggestedBreak(
        name,
        date.fromisocalendar(year, week, MONDAY + 1),
        date.fromisocalendar(year, week, FRIDAY + 1),
    )


def _weekday_from(day: date, weekday: int) -> date:
    """`day` itself, or the first such weekday after it."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _monday_before(day: date) -> date:
    """`day` itself, or the last Monday before it."""
    return day - timedelta(days=day.weekday())
