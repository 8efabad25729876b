"""What the pictures of a year are drawn from."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from portfolio.pictures import Bar, GroupOfBars, Picture, bars
from reports.queries import ColourSpread, Group, YearlyAccount, name_among


def units_of_year(account: YearlyAccount) -> Picture:
    return bars(
        [
            GroupOfBars(
                "", _bars_of(account.scope.forms, [group.units for group in account.scope.forms])
            )
        ],
        title=_("Units by form of school"),
        described=_("How many units of each form of school took part in the year."),
        columns=("", _("Form of school"), _("Units")),
        slug="enheter",
    )


def areas_of_year(account: YearlyAccount) -> Picture:
    return bars(
        [GroupOfBars("", _bars_of(account.areas, [group.count for group in account.areas]))],
        title=_("Insatser by development area"),
        described=_("How many insatser of each development area went on in the year."),
        columns=("", _("Development area"), _("Insatser")),
        slug="omraden",
    )


def colours_of_year(account: YearlyAccount) -> Picture:
    """By form of school, and then all: where there is one form only it is all of them."""
    forms: Sequence[ColourSpread] = account.results_by_form
    named = [(name_among(spread, forms), spread) for spread in forms] if len(forms) > 1 else []
    groups = [
        GroupOfBars(
            name if named else "",
            tuple(Bar(word, count, level, "planned") for level, word, count in spread.rows),
        )
        for name, spread in [*named, (_("All"), account.results)]
        if spread.goals
    ]
    return bars(
        groups,
        title=_("Goals by colour"),
        described=_("How many goals had each colour that all three had agreed on."),
        columns=(_("Form of school"), _("Colour"), _("Goals")),
        slug="farger",
    )


def _bars_of(groups: Sequence[Group], counts: Sequence[int]) -> tuple[Bar, ...]:
    return tuple(
        Bar(name_among(group, groups), count) for group, count in zip(groups, counts, strict=True)
    )


PICTURES_OF_A_YEAR: dict[str, Callable[[YearlyAccount], Picture]] = {
    "enheter": units_of_year,
    "omraden": areas_of_year,
    "farger": colours_of_year,
}
