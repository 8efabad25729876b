"""What would change here if the register's file were taken in: nothing is written yet."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.models import Organisation, Party, Unit
from organisations.register.reading import Row
from organisations.swedish import fold


class Kind(TextChoices):
    """In the order in which they are carried out."""

    NEW_ORGANISER = "new_organiser", gettext_lazy("New school authority")
    NEW_UNIT = "new_unit", gettext_lazy("New unit")
    GETS_CODE = "gets_code", gettext_lazy("Gets its school unit code")
    RENAMED = "renamed", gettext_lazy("Other name")
    DATED = "dated", gettext_lazy("Other days")
    CEASED = "ceased", gettext_lazy("Has ceased")


@dataclass(frozen=True)
class Change:
    """One thing that the register says otherwise than we do."""

    kind: Kind
    row: Row
    organiser: Organisation | None = None
    unit: Unit | None = None

    @property
    def key(self) -> str:
        about = self.row.organisation_number if self.kind == Kind.NEW_ORGANISER else self.row.code
        return f"{self.kind}-{about}"

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def place(self) -> str:
        return self.organiser.name if self.organiser else self.row.organiser


@dataclass(frozen=True)
class Comparison:
    changes: list[Change] = field(default_factory=list)
    faults: list[Row] = field(default_factory=list)
    # Units of ours with a code that the file, though it knows their organiser, does not name.
    unnamed: list[Unit] = field(default_factory=list)
    same: int = 0
    # Rows of school authorities that are not here, and of none.
    elsewhere: int = 0

    def could_follow(self, change: Change) -> list[Unit]:
        """Units of the same organiser that have ceased: a split or a merger makes new units of
        them, and the register does not say which.
        """
        if change.kind != Kind.NEW_UNIT or change.organiser is None:
            return []
        ceasing = [c.unit for c in self.changes if c.kind == Kind.CEASED and c.unit]
        gone = [u for u in change.organiser.units.all() if u.ends_on]
        found = {unit.pk: unit for unit in (*ceasing, *gone)}
        return [u for u in found.values() if u.organiser_id == change.organiser.pk]


def compare(rows: Sequence[Row], *, with_new_organisers: bool = False) -> Comparison:
    """Against the school authorities that are here, and others where they are asked for.

    A fixed number of queries.
    """
    here = {
        each.organisation_number: each
        for each in Organisation.objects.filter(party=Party.ORGANISER)
        .exclude(organisation_number="")
        .prefetch_related("units")
    }
    in_use = {
        unit.school_unit_code: unit
        for unit in Unit.objects.filter(ends_on=None)
        .exclude(school_unit_code="")
        .select_related("organiser")
    }
    found = Comparison()
    of_organiser: dict[str, list[Row]] = defaultdict(list)
    elsewhere = 0
    told: set[str] = set()
    for row in rows:
        if fault := row.fault or _fault_here(row, in_use.get(row.code), told):
            found.faults.append(replace(row, fault=fault))
            continue
        told.add(row.code)
        if row.organisation_number in here or (with_new_organisers and row.organisation_number):
            of_organiser[row.organisation_number].append(row)
        else:
            elsewhere += 1
    same = 0
    for number, of_one in of_organiser.items():
        organiser = here.get(number)
        if organiser is None:
            opened = [row for row in of_one if not row.has_ceased]
            if opened:
                found.changes.append(Change(Kind.NEW_ORGANISER, opened[0]))
            found.changes.extend(Change(Kind.NEW_UNIT, row) for row in opened)
            continue
        same += _compare_units(organiser, of_one, found)
    order = list(Kind)
    found.changes.sort(key=lambda c: (order.index(c.kind), c.place, c.row.name))
    return Comparison(found.changes, found.faults, found.unnamed, same, elsewhere)


def _fault_here(row: Row, holder: Unit | None, told: Container[str]) -> str:
    """Why a row that is right in itself cannot be taken in beside what is here and in the file."""
    if row.code in told:
        return _("The file names the unit twice.")
    if holder is None or row.has_ceased:
        return ""
    if holder.organiser.organisation_number != row.organisation_number:
        return _("%(unit)s of %(organiser)s has this code, and must end there first.") % {
            "unit": holder.name,
            "organiser": holder.organiser.name,
        }
    starts_on, ends_on = row.starts_on or str(holder.starts_on or ""), row.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        return _("It ends before it begins.")
    return ""


def _compare_units(organiser: Organisation, told: Iterable[Row], found: Comparison) -> int:
    """Adds what differs; how many do not."""
    units = list(organiser.units.all())
    by_code = {unit.school_unit_code: unit for unit in units if unit.school_unit_code}
    by_name = {fold(unit.name): unit for unit in units if not unit.school_unit_code}
    named, same = set(), 0
    for row in told:
        unit = by_code.get(row.code)
        if unit is not None:
            named.add(row.code)
            changes = list(_differences(organiser, unit, row))
            found.changes.extend(changes)
            same += not changes
        elif row.has_ceased:
            same += 1  # over before it was ever here
        elif (namesake := by_name.get(fold(row.name))) and namesake.kind == row.kind:
            found.changes.append(Change(Kind.GETS_CODE, row, organiser, namesake))
        else:
            found.changes.append(Change(Kind.NEW_UNIT, row, organiser))
    found.unnamed.extend(u for code, u in by_code.items() if code not in named and not u.ends_on)
    return same


def _differences(organiser: Organisation, unit: Unit, row: Row) -> Iterable[Change]:
    if row.has_ceased and unit.ends_on is None:
        yield Change(Kind.CEASED, row, organiser, unit)
        return
    # A second unit of the same name carries its code after it.
    if row.name not in (unit.name, unit.name.removesuffix(f" ({row.code})")):
        yield Change(Kind.RENAMED, row, organiser, unit)
    ours = [str(day or "") for day in (unit.starts_on, unit.ends_on)]
    theirs = [row.starts_on or ours[0], row.ends_on or ours[1]]
    if ours != theirs:
        yield Change(Kind.DATED, row, organiser, unit)
