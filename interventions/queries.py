"""Reads of the agreement's versions, and of what a visit begins with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from interventions.models import Agreement, EarlierInsats, InterimTask, Intervention, Terms, Visit
from organisations.models import User
from sbs_workflow.differences import Piece, line_difference, word_difference
from sbs_workflow.headcounts import in_words, read_headcounts
from sbs_workflow.models import Collaboration, Promise


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class TermsChange:
    """``kind`` is added, changed, extended or dropped."""

    kind: str
    title: str
    fields: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True)
class AgreementChanges:
    texts: list[FieldChange]
    insatser: list[TermsChange]


AGREEMENT_FIELDS = ("kind", "reference", "starts_on", "ends_on", "amount")
TERMS_FIELDS = (*Terms.FIELDS, "amount", *Terms.LINKS)


def changes_between(older: Agreement, newer: Agreement) -> AgreementChanges:
    """What ``newer`` adds, changes, extends and drops (a fixed number of queries)."""
    before, after = _by_number(older), _by_number(newer)
    return AgreementChanges(
        texts=[
            *_field_changes(older, newer, AGREEMENT_FIELDS),
            *_row_changes(_("Instalments"), _instalments(older), _instalments(newer)),
            *_row_changes(_("Reporting dates"), _reporting(older), _reporting(newer)),
        ],
        insatser=[
            change
            for number in sorted(before.keys() | after.keys())
            if (change := _terms_change(before.get(number), after.get(number)))
        ],
    )


def _by_number(agreement: Agreement) -> dict[int, Terms]:
    rows = agreement.terms.prefetch_related("units", "goals__unit", "causes")
    return {terms.number: terms for terms in rows}


def _terms_change(old: Terms | None, new: Terms | None) -> TermsChange | None:
    if old is None:
        return TermsChange("added", str(new))
    if new is None:
        return TermsChange("dropped", str(old))
    fields = list(_field_changes(old, new, TERMS_FIELDS))
    if not fields:
        return None
    is_longer = old.ends_on and new.ends_on and new.ends_on > old.ends_on
    only_longer = is_longer and len(fields) == 1
    return TermsChange("extended" if only_longer else "changed", str(new), fields)


def _field_changes(old: Any, new: Any, names: tuple[str, ...]) -> Iterator[FieldChange]:
    for name in names:
        label = str(type(old)._meta.get_field(name).verbose_name)
        yield from _row_changes(label[:1].upper() + label[1:], _said(old, name), _said(new, name))


def _row_changes(label: str, before: str, after: str) -> Iterator[FieldChange]:
    if before != after:
        # Lists are told line by line, everything else word by word.
        is_list = "\n" in before + after
        tell = line_difference if is_list else word_difference
        yield FieldChange(label, tell(before, after))


def _said(instance: Any, name: str) -> str:
    """The value of a field in words."""
    if name in Terms.LINKS:
        return "\n".join(str(each) for each in getattr(instance, name).all())
    value = getattr(instance, name)
    if value in (None, ""):
        return ""
    match name:
        case "participants":
            return in_words(value)
        case "amount":
            return f"{number_format(value, 0, force_grouping=True)} kr"
        case "starts_on" | "ends_on":
            return date_format(value, "j F Y")
        case "provider" | "kind":
            return str(dict(instance._meta.get_field(name).flatchoices)[value])
    return str(value)


def _instalments(agreement: Agreement) -> str:
    return "\n".join(
        f"{date_format(row.pays_on, 'j F Y')}: {_said(row, 'amount')}"
        for row in agreement.instalments.all()
    )


def _reporting(agreement: Agreement) -> str:
    days = agreement.reporting_dates.values_list("report_on", flat=True)
    return "\n".join(date_format(day, "j F Y") for day in days)


@dataclass(frozen=True)
class Preparation:
    """What a visit begins with: first the tasks, then what was promised and done last time."""

    tasks: list[InterimTask]
    promises: list[Promise]
    last: Visit | None
    interventions: list[Intervention]


def preparation_of(visit: Visit, user: User) -> Preparation:
    """For the units of the visit, or for all where none is chosen yet (five queries)."""
    units = visit.unit_keys
    collaboration = visit.collaboration_id
    tasks = InterimTask.objects.filter(collaboration=collaboration).exclude(
        state=InterimTask.State.DISCUSSED
    )
    earlier = Visit.objects.filter(
        collaboration=collaboration, state__in=[Visit.State.LOGGED, Visit.State.SHARED]
    ).exclude(pk=visit.pk)
    running = Intervention.objects.filter(
        collaboration=collaboration,
        state__in=[Intervention.State.RUNNING, Intervention.State.EXTENDED],
    )
    if units:
        tasks = tasks.filter(unit__in=units)
        earlier = earlier.filter(units__in=units)
        running = running.filter(units__in=units)
    if visit.takes_place_on:
        earlier = earlier.filter(takes_place_on__lt=visit.takes_place_on)
    # What was reported is talked about first.
    order = {InterimTask.State.REPORTED: 0}
    return Preparation(
        tasks=sorted(tasks.select_related("unit"), key=lambda task: order.get(task.state, 1)),
        promises=list(Promise.objects.visible_to(user).open().filter(collaboration=collaboration)),
        last=earlier.order_by("-takes_place_on").first(),
        interventions=list(running.distinct()),
    )


def who_came_last(visit: Visit) -> list[Any]:
    """Who took part the last time, to begin the list with (one query)."""
    last = (
        Visit.objects.filter(collaboration=visit.collaboration_id)
        .exclude(participants=[])
        .order_by("-takes_place_on")
        .values_list("participants", flat=True)
    )
    found = last.first()
    return list(found) if found else []


def begun_with(agreement: Agreement, earlier: EarlierInsats | None) -> dict[str, Any]:
    """What a new insats of the agreement begins with: its period, and what is told of before."""
    period = {"starts_on": agreement.starts_on, "ends_on": agreement.ends_on}
    if earlier is None:
        return period
    return {
        **period,
        "name": earlier.name,
        "development_area": earlier.development_area,
        # A report has them in a line or in several; the form has a function a line.
        "participants": read_headcounts(earlier.participants.replace(", ", "\n")),
        "units": [earlier.plan.unit_id],
        "goals": list(earlier.goals.all()),
    }


def earlier_insatser(
    collaboration: Collaboration, user: User, *, with_taken_back: bool = False
) -> list[EarlierInsats]:
    """Those that reports from before tell of, as far as this person may read them (one query)."""
    rows = EarlierInsats.objects.visible_to(user).filter(plan__collaboration=collaboration)
    return list(
        (rows if with_taken_back else rows.filter(taken_back_on=None))
        .select_related("plan__unit")
        .defer("plan__as_shared")
        .order_by(F("number").asc(nulls_last=True), "name", "plan__unit__sort_key")
    )


def told_before(intervention: Intervention, user: User) -> list[EarlierInsats]:
    """What reports from before tell of the insats with this number, unit by unit (one query)."""
    rows = EarlierInsats.objects.visible_to(user).filter(taken_back_on=None)
    rows = rows.filter(
        plan__collaboration=intervention.collaboration_id, number=intervention.number
    )
    return list(rows.select_related("plan__unit").defer("plan__as_shared"))
