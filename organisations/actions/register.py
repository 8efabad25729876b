"""Taking in what the register of schools says: read, looked at, and carried out by a person."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from notifications.clock import local_date
from organisations.models import (
    Organisation,
    Party,
    RegisterFile,
    TakenIn,
    Unit,
    UnitSuccession,
    User,
)
from organisations.permissions import keeps_schools
from organisations.register import Change, Row, compare, read_register
from organisations.register.comparing import Kind
from organisations.renaming import renamed


def bring_register(
    *, name: str, content: bytes, with_new_organisers: bool, by: User, now: datetime
) -> RegisterFile:
    """Read a file of the register and keep what it says; nothing is changed by it yet.

    PermissionDenied unless ``by`` keeps the schools; NotARegisterError for what is none.
    """
    if not keeps_schools(by, local_date(now)):
        raise PermissionDenied
    rows = read_register(content)
    return RegisterFile.objects.create(
        name=name,
        brought_by=by,
        brought_at=now,
        with_new_organisers=with_new_organisers,
        rows=[row.as_data() for row in rows],
    )


@transaction.atomic
def take_in(
    *,
    file: RegisterFile,
    chosen: Collection[str],
    follows: Mapping[str, Collection[UUID]],
    by: User,
    now: datetime,
) -> list[TakenIn]:
    """Carry out the changes that were chosen by their keys, as far as they still are changes.

    ``follows`` says of a new unit, by its school unit code, which units it comes after. Doing it
    again changes nothing. PermissionDenied unless ``by`` keeps the schools.
    """
    if not keeps_schools(by, local_date(now)):
        raise PermissionDenied
    # Two who take in at the same moment come one after the other.
    file = RegisterFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    rows = [Row.from_data(data) for data in file.rows]
    comparison = compare(rows, with_new_organisers=file.with_new_organisers)
    taken: list[TakenIn] = []
    renamed_units: list[UUID] = []
    for change in comparison.changes:
        if change.key not in chosen:
            continue
        told = _carry_out(change, local_date(now))
        if told is None:
            continue
        before, after = told
        if change.kind == Kind.RENAMED and change.unit is not None:
            renamed_units.append(change.unit.pk)
        code = change.row.code
        if change.kind == Kind.NEW_ORGANISER:
            code = change.row.organisation_number
        elif change.kind == Kind.NEW_UNIT:
            possible = {unit.pk for unit in comparison.could_follow(change)}
            _note_successions(code, possible & set(follows.get(code, ())))
        taken.append(
            TakenIn(
                file=file, what=change.kind, code=code, before=before, after=after, by=by, at=now
            )
        )
    renamed(renamed_units)
    return TakenIn.objects.bulk_create(taken)


def _carry_out(change: Change, today: date) -> tuple[str, str] | None:
    """What it was before and is after; None for a unit whose organiser was not taken in."""
    row, unit = change.row, change.unit
    if change.kind == Kind.NEW_ORGANISER:
        return "", _new_organiser(row).name
    if unit is None:
        organiser = change.organiser or _organiser_of(row)
        return None if organiser is None else ("", _new_unit(organiser, row).name)
    before = unit.name
    match change.kind:
        case Kind.GETS_CODE:
            unit.school_unit_code = row.code
            unit.starts_on = unit.starts_on or _day(row.starts_on)
            before = ""
        case Kind.RENAMED:
            unit.name = _free_name(unit.organiser, row, but=unit)
        case Kind.DATED:
            before = f"{unit.starts_on or ''}–{unit.ends_on or ''}"
            unit.starts_on = _day(row.starts_on) or unit.starts_on
            unit.ends_on = _day(row.ends_on) or unit.ends_on
            unit.save()
            return before, f"{unit.starts_on or ''}–{unit.ends_on or ''}"
        case Kind.CEASED:
            unit.ends_on = max(_day(row.ends_on) or today, unit.starts_on or date.min)
            unit.save()
            return before, str(unit.ends_on)
    unit.save()
    return before, unit.school_unit_code if change.kind == Kind.GETS_CODE else unit.name


def _new_organiser(row: Row) -> Organisation:
    name = row.organiser or row.organisation_number
    if Organisation.objects.filter(name=name).exists():
        name = f"{name} ({row.organisation_number})"
    return Organisation.objects.create(
        party=Party.ORGANISER, name=name, organisation_number=row.organisation_number
    )


def _organiser_of(row: Row) -> Organisation | None:
    return Organisation.objects.filter(
        party=Party.ORGANISER, organisation_number=row.organisation_number
    ).first()


def _new_unit(organiser: Organisation, row: Row) -> Unit:
    return Unit.objects.create(
        organiser=organiser,
        kind=row.kind,
        name=_free_name(organiser, row),
        school_unit_code=row.code,
        starts_on=_day(row.starts_on),
        ends_on=_day(row.ends_on),
    )


def _free_name(organiser: Organisation, row: Row, but: Unit | None = None) -> str:
    """The name, with the code after it where another unit of the organiser has it already."""
    others = Unit.objects.filter(organiser=organiser, name=row.name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    return f"{row.name[:139]} ({row.code})" if others.exists() else row.name


def _note_successions(code: str, earlier: Collection[UUID]) -> None:
    later = Unit.objects.filter(school_unit_code=code, ends_on=None).first()
    if later is not None:
        UnitSuccession.objects.bulk_create(
            [UnitSuccession(earlier_id=key, later=later) for key in earlier],
            ignore_conflicts=True,
        )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
