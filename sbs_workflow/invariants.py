"""What must always be true of cases and their trail (reliability.md 4.1)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import Lag

from notifications.invariants import invariant
from organisations.models import SchoolBreak, SchoolYear
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel


@invariant
def the_trail_ends_where_the_object_is() -> Iterator[str]:
    """Of an object that has records, the last one tells its state and its case."""
    of_object = TransitionRecord.objects.filter(object_id=OuterRef("pk")).order_by("-pk")
    for machine in WorkflowModel.machines():
        case = "pk" if machine is Collaboration else "collaboration_id"
        rows: Any = machine._default_manager.annotate(
            told=Subquery(of_object.values("to_state")[:1]),
            told_of=Subquery(of_object.values("collaboration_id")[:1]),
        ).filter(told__isnull=False)
        for row in rows.exclude(told=F("state"), told_of=F(case)):
            yield f"{machine.machine_slug} {row.pk} is {row.state}, but its trail says {row.told}"


@invariant
def the_trail_has_no_gaps() -> Iterator[str]:
    """Every step begins where the one before it ended."""
    before = Window(Lag("to_state"), partition_by=F("object_id"), order_by=F("pk").asc())
    records = TransitionRecord.objects.order_by().annotate(before=before)
    for record in records.filter(before__isnull=False).exclude(before=F("from_state")):
        yield (
            f"{record.machine} {record.object_id} went from {record.from_state},"
            f" but was {record.before}"
        )


@invariant
def what_was_stopped_knows_where() -> Iterator[str]:
    stopped = (
        Collaboration.State.PAUSED,
        Collaboration.State.WITHDRAWN,
        Collaboration.State.TERMINATED,
    )
    for case in Collaboration.objects.filter(state__in=stopped, stopped_in=""):
        yield f"samverkan {case.pk} is {case.state}, but nothing tells what it was before"


@invariant
def no_two_periods_of_a_school_authority_share_a_day() -> Iterator[str]:
    for model in (SchoolBreak, SchoolYear):
        rows: Any = model._default_manager.order_by()
        before = Window(
            Lag("last_day"), partition_by=F("organisation"), order_by=F("first_day").asc()
        )
        for row in rows.annotate(before=before).filter(before__gte=F("first_day")):
            yield f"{model._meta.verbose_name} {row.pk} begins before the one before it has ended"
