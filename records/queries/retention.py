"""How long each kind is kept in a case, and what may be thinned out today (domain.md 6.2)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from notifications.models import OutboxMessage, Reminder
from organisations.models import Organisation, Role, User
from records.documents import DOCUMENT_TYPES
from records.models import LegalHold, ReadRecord, RetentionRule, Thinned
from records.models.retention import RecordKind
from sbs_workflow.models import Collaboration, TransitionRecord
from sbs_workflow.permissions import roles_held

# Years after the end of the case; None is kept for good. Domain.md 6.2: agreements, plans and final
# reports are kept, interim reports for ten years, letters and reminders for two. The rest inferred.
USUAL_YEARS: dict[RecordKind, int | None] = {
    RecordKind.AGREEMENT: None,
    RecordKind.PLAN: None,
    RecordKind.FINAL_REPORT: None,
    RecordKind.INTERIM_REPORT: 10,
    RecordKind.FINANCIAL_REPORT: 10,
    RecordKind.MINUTES: None,
    RecordKind.VISIT_LOG: None,
    RecordKind.TRAIL: None,
    RecordKind.LETTER: 2,
    RecordKind.REMINDER: 2,
    RecordKind.READING: 2,
}
# The trail is what shows that all this went by decision: no rule thins it out.
REMOVABLE = tuple(kind for kind in RecordKind if kind != RecordKind.TRAIL)
CaseState = Collaboration.State
ENDED = (
    CaseState.DECLINED,
    CaseState.LAPSED,
    CaseState.CLOSED,
    CaseState.FOLLOWED_UP,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
)
CLOSED_LETTERS = [
    OutboxMessage.Status.SENT,
    OutboxMessage.Status.FAILED,
    OutboxMessage.Status.CANCELLED,
    OutboxMessage.Status.SUPPRESSED,
]


@dataclass(frozen=True)
class Item:
    """A row that may be thinned out; the same words in the decision as on the page."""

    kind: str
    case: str
    model: str
    pk: str
    name: str


@dataclass(frozen=True)
class Thinning:
    """What one case has that may be thinned out, by kind."""

    collaboration: Collaboration
    ended_on: date
    counts: dict[str, int]


def as_listed(items: Iterable[Item]) -> list[dict[str, str]]:
    return [asdict(item) for item in items]


def hash_of(items: list[dict[str, str]]) -> str:
    """SHA-256 of the list, to be sure that what is decided is what was seen."""
    return sha256(json.dumps(items, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def rules_of(organisation: Organisation) -> list[tuple[RecordKind, int | None, str, bool]]:
    """Each kind with its years, the decision behind them, and whether that is its own."""
    own = {rule.kind: rule for rule in RetentionRule.objects.filter(organisation=organisation)}
    return [
        (kind, own[kind].years, own[kind].decision, True)
        if kind in own
        else (kind, USUAL_YEARS[kind], "", False)
        for kind in RecordKind
    ]


def ended_cases(agency_of: User | None) -> QuerySet[Collaboration]:
    """Ended cases without a hold; those of the agency that the person leads, or all."""
    last = TransitionRecord.objects.filter(object_id=OuterRef("pk")).order_by("-occurred_at")
    standing = LegalHold.objects.filter(collaboration=OuterRef("pk"), lifted_at=None)
    rows = Collaboration.objects.filter(~Exists(standing), state__in=ENDED).annotate(
        last_step_at=Subquery(last.values("occurred_at")[:1])
    )
    if agency_of is not None:
        _cases, organisations, _units = roles_held(agency_of).scopes_of([Role.AGENCY_MANAGER])
        rows = rows.filter(agency__in=organisations)
    return rows.order_by("sort_key")


def ended_on(case: Any) -> date | None:
    if case.closed_on:
        closed: date = case.closed_on
        return closed
    return timezone.localtime(case.last_step_at).date() if case.last_step_at else None


def kinds_due(cases: Iterable[Any], today: date) -> dict[UUID, list[RecordKind]]:
    """What of each case has been kept as long as all three parties want it (one query).

    There is one copy for three authorities: the longest time counts, and for good is longest.
    """
    cases = list(cases)
    parties = {
        case.pk: [key for key in (case.agency_id, case.organiser_id, case.university_id) if key]
        for case in cases
    }
    own = {
        (rule.organisation_id, rule.kind): rule.years
        for rule in RetentionRule.objects.filter(
            organisation__in={key for keys in parties.values() for key in keys}
        )
    }
    due: dict[UUID, list[RecordKind]] = {}
    for case in cases:
        end = ended_on(case)
        if end is None:
            continue
        for kind in REMOVABLE:
            years = [own.get((key, kind), USUAL_YEARS[kind]) for key in parties[case.pk]]
            if None in years:
                continue
            longest = max(year for year in years if year is not None)
            if _years_later(end, longest) <= today:
                due.setdefault(case.pk, []).append(kind)
    return due


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)


def rows_of(kind: RecordKind, case: UUID) -> Iterator[Any]:
    """The rows of a kind in a case, some hundred in memory at a time."""
    match kind:
        case RecordKind.LETTER:
            letters = OutboxMessage.objects.filter(scope_id=case, status__in=CLOSED_LETTERS)
            yield from letters.order_by("pk").iterator(500)
        case RecordKind.REMINDER:
            yield from Reminder.objects.filter(scope_id=case).order_by("pk").iterator(500)
        case RecordKind.READING:
            yield from ReadRecord.objects.filter(collaboration=case).order_by("pk").iterator(500)
        case _:
            yield from _documents_of(kind, case)


def _documents_of(kind: RecordKind, case: UUID) -> Iterator[Any]:
    """Documents that are kept as this kind and still have their words.

    The case itself is no document of this sort: its name and its people are what the rest hangs on.
    """
    thinned = Thinned.objects.values("object_id")
    for each in DOCUMENT_TYPES:
        if each.model is Collaboration:
            continue
        rows = each.model._base_manager.filter(each.exists, collaboration=case)
        for document in rows.exclude(pk__in=thinned).order_by("pk").iterator(500):
            if each.keep_as(document) == kind:
                yield document


def items_due(today: date, *, agency_of: User | None = None) -> Iterator[Item]:
    """Every row that may be thinned out today, some hundred in memory at a time."""
    cases = list(ended_cases(agency_of))
    due = kinds_due(cases, today)
    for case in cases:
        for kind in due.get(case.pk, []):
            for row in rows_of(kind, case.pk):
                yield Item(
                    kind=kind.value,
                    case=str(case.pk),
                    model=row._meta.label_lower,
                    pk=str(row.pk),
                    name=_name(kind, row),
                )


def _name(kind: RecordKind, row: Any) -> str:
    match kind:
        case RecordKind.LETTER:
            return f"{row.created_at:%Y-%m-%d} {row.template}"
        case RecordKind.READING:
            return f"{row.hour:%Y-%m-%d} {row.what}"
    return str(row)


def thinnings_due(today: date, user: User) -> list[Thinning]:
    """What may be thinned out, case by case, counted."""
    cases = list(ended_cases(user))
    due = kinds_due(cases, today)
    found = []
    for case in cases:
        counts = {
            str(kind.label): count
            for kind in due.get(case.pk, [])
            if (count := sum(1 for _row in rows_of(kind, case.pk)))
        }
        end = ended_on(case)
        if counts and end:
            found.append(Thinning(case, end, counts))
    return found
