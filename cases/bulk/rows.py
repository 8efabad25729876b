"""Rows that wait to be written together."""

import json
from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Model, UUIDField

from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    Instalment,
    InterimTask,
    Intervention,
    Outline,
    PlannedMonth,
    ReportingDate,
    Terms,
    Touch,
    Visit,
)
from meetings.models import Meeting, MeetingParticipant
from organisations.models import Membership, Organisation, Unit, User
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    Goal,
    GoalRating,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from reports.models import (
    Cost,
    FinancialInsats,
    FinancialReport,
    Report,
    UniversityAnswer,
    UniversityReport,
)
from sbs_workflow.models import (
    Assignment,
    Collaboration,
    Participation,
    Promise,
    TransitionRecord,
)

M = TypeVar("M", bound=Model)
AT_ONCE = 1_000
# What others point at comes first.
ORDER: tuple[type[Model], ...] = (
    Organisation,
    Unit,
    User,
    Membership,
    Collaboration,
    Participation,
    Assignment,
    SituationAnalysis,
    Problem,
    Cause,
    Evidence,
    ActionPlan,
    Goal,
    PlannedGoal,
    PlannedGoal.causes.through,
    Agreement,
    Instalment,
    ReportingDate,
    Terms,
    Terms.units.through,
    Terms.goals.through,
    Terms.causes.through,
    Intervention,
    Intervention.units.through,
    Intervention.goals.through,
    Intervention.causes.through,
    Outline,
    Deviation,
    AssignmentPlan,
    PlannedMonth,
    Visit,
    Visit.units.through,
    Touch,
    Promise,
    InterimTask,
    Meeting,
    MeetingParticipant,
    GoalRating,
    Report,
    UniversityReport,
    UniversityAnswer,
    FinancialReport,
    FinancialInsats,
    Cost,
    TransitionRecord,
)


class Rows:
    """Collects new rows and writes them in few statements; all chance comes from ``random``."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._waiting: dict[type[Model], list[Any]] = defaultdict(list)

    def add(self, model: type[M], **fields: Any) -> M:
        """A new row; where we choose its primary key, it is the same for the same seed."""
        if isinstance(model._meta.pk, UUIDField):
            fields["id"] = UUID(int=self.random.getrandbits(128), version=4)
        row = model(**fields)
        self._waiting[model].append(row)
        return row

    def link(self, relation: Any, owner: Model, keys: Iterable[UUID]) -> None:
        """Rows of a many-to-many relation, such as ``Visit.units``."""
        source, target = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
        for key in keys:
            self.add(relation.through, **{source: owner.pk, target: key})

    def write(self) -> None:
        write = _write_as_json if connection.vendor == "postgresql" else _write
        for model in ORDER:
            if waiting := self._waiting[model]:
                write(model, waiting)
        self._waiting.clear()


def _write(model: type[Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=AT_ONCE)


def _write_as_json(model: type[Model], rows: list[Any]) -> None:
    """One value for each table: three times as fast as a parameter for each column."""
    chosen = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    columns = ", ".join(connection.ops.quote_name(str(f.column)) for f in chosen)
    values = [{f.column: getattr(row, f.attname) for f in chosen} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {columns}"
            f" FROM json_populate_recordset(NULL::{model._meta.db_table}, %s)",
            [json.dumps(values, default=str)],
        )
