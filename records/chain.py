"""The chain of a case's trail: each link holds the digest of a row and of the link before it.

Whoever changes, removes or slips in a row of the trail must reckon every later link anew, and then
the head is another than the one that was written down elsewhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Subquery

from records.models import ContentChange, TrailLink
from sbs_workflow.models import Collaboration, TransitionRecord

Of = TrailLink.Of
MODELS: dict[str, Any] = {Of.STEP: TransitionRecord, Of.CHANGE: ContentChange}
ROWS_AT_A_TIME = 500
SEALED_AT_ONCE = 5_000
LATEST_OUT_OF_ORDER = 10_000
NOTHING_BEFORE = ""


def digest_of(row: Any, before: str) -> str:
    """SHA-256 of the row's columns as JSON, in the order of their names, and of the link before."""
    columns = {f.attname: _plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}
    written = json.dumps(
        {"before": before, "model": row._meta.label_lower, "row": columns},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    """A column in one way of writing, whichever database it comes from."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case UUID():
            return str(value)
        case str():
            return str(value)  # a choice of an enumeration is its value
    return value


def link(rows: Sequence[Any]) -> None:
    """Append rows of the trail to the chains of their cases, in the order given (two queries).

    The cases must be locked: two who append at the same place would fork the chain.
    """
    cases = sorted({row.collaboration_id for row in rows})
    heads = _heads(cases)
    added = []
    for row in rows:
        position, before = heads.get(row.collaboration_id, (0, NOTHING_BEFORE))
        of = Of.STEP if isinstance(row, TransitionRecord) else Of.CHANGE
        digest = digest_of(row, before)
        heads[row.collaboration_id] = position + 1, digest
        added.append(
            TrailLink(
                collaboration_id=row.collaboration_id,
                position=position + 1,
                of=of,
                record_id=row.pk,
                digest=digest,
            )
        )
    TrailLink.objects.bulk_create(added)


def seal() -> int:
    """Link every row of the trail that is in no chain yet, in a transaction; returns how many.

    Rows become visible in another order than that of their keys, so that it looks some way back.
    """
    rows = [row for of, model in MODELS.items() for row in _unsealed(of, model)]
    if rows:
        lock_cases({row.collaboration_id for row in rows})
        # Another tick may have sealed some of them while this one waited.
        fresh = [row for of, model in MODELS.items() for row in _unsealed(of, model)]
        link(sorted(fresh, key=lambda row: (row.occurred_at, row.pk)))
        rows = fresh
    return len(rows)


def _last_sealed(of: str) -> int:
    """The highest key that is in a chain; 0 when none is."""
    return TrailLink.objects.filter(of=of).aggregate(last=Max("record_id"))["last"] or 0


def _unsealed(of: str, model: Any) -> list[Any]:
    last = _last_sealed(of)
    linked = TrailLink.objects.filter(of=of, record_id=OuterRef("pk"))
    late = model.objects.filter(~Exists(linked), pk__gt=last - LATEST_OUT_OF_ORDER)
    return list(late.order_by("pk")[:SEALED_AT_ONCE])


def _heads(cases: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
    """The place and the digest of the last link of each case that has any (one query)."""
    links = TrailLink.objects.filter(collaboration=OuterRef("pk")).order_by("-position")
    rows = Collaboration.objects.filter(pk__in=list(cases)).annotate(
        last=Subquery(links.values("position")[:1]), head=Subquery(links.values("digest")[:1])
    )
    found = rows.filter(last__isnull=False).order_by().values_list("pk", "last", "head")
    return {case: (position, digest) for case, position, digest in found}


@dataclass(frozen=True)
class Verdict:
    """How far the trail is whole: the number of links, what was tampered with, and the head.

    ``head`` is one digest of the heads of all chains, to be written down outside the database: a
    trail that was cut off at its end, or reckoned anew, has another one.
    """

    links: int
    breaches: tuple[str, ...]
    head: str

    @property
    def breach(self) -> str:
        """The first one, if any."""
        return next(iter(self.breaches), "")


def verify() -> Verdict:
    """Every chain from its first link to its last, some hundred rows in memory at a time."""
    count, heads, breaches = 0, sha256(), list[str]()
    links = TrailLink.objects.order_by("collaboration", "position")
    for case, of_case in groupby(
        links.iterator(ROWS_AT_A_TIME), key=lambda each: each.collaboration_id
    ):
        position, digest = 0, NOTHING_BEFORE
        for batch in _batches(of_case):
            rows = _rows_of(batch)
            for each in batch:
                row = rows.get((each.of, each.record_id))
                if breach := _breach(each, row, position + 1, digest):
                    breaches.append(breach)
                # What follows is held against what is written here, so that each breach is told.
                position, digest = each.position, each.digest
                count += 1
        heads.update(f"{case} {position} {digest}\n".encode())
    return Verdict(count, (*breaches, *_rows_without_link()), heads.hexdigest())


def _batches(links: Iterator[TrailLink]) -> Iterator[list[TrailLink]]:
    batch: list[TrailLink] = []
    for each in links:
        batch.append(each)
        if len(batch) == ROWS_AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows_of(batch: list[TrailLink]) -> dict[tuple[str, int], Any]:
    return {
        (of, key): row
        for of, model in MODELS.items()
        for key, row in model.objects.in_bulk(
            [each.record_id for each in batch if each.of == of]
        ).items()
    }


def _breach(each: TrailLink, row: Any, position: int, before: str) -> str:
    where = f"case {each.collaboration_id}, link {each.position}, {each.of} {each.record_id}"
    if each.position != position:
        return f"{where}: link {position} is missing"
    if row is None:
        return f"{where}: the row is gone"
    if digest_of(row, before) != each.digest:
        return f"{where}: the row or its link is no longer what was written"
    return ""


def _rows_without_link() -> Iterator[str]:
    """Rows that somebody has slipped in past the chain; the newest wait for the next tick."""
    for of, model in MODELS.items():
        linked = TrailLink.objects.filter(of=of, record_id=OuterRef("pk"))
        for stray in model.objects.filter(~Exists(linked), pk__lte=_last_sealed(of)).iterator():
            yield f"case {stray.collaboration_id}, {of} {stray.pk}: the row is in no chain"


def lock_cases(cases: Iterable[UUID]) -> None:
    """The lock that every change of a case takes; taken again it costs a query and nothing else."""
    list(
        Collaboration.objects.select_for_update(no_key=True)
        .filter(pk__in=sorted(cases))
        .order_by("pk")
        .values_list("pk")
    )
