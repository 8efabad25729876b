"""What the content of a case consists of, found from the models themselves.

Every row of the houses of the process belongs to an object with a machine, reached by its foreign
keys: a cause to its problem, a problem to its analysis. So a new table is in the trail, and in no
archive until somebody has said how (``records.archive``), from the day it exists.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from assessments.models import CapacityMapping
from interventions.models import Agreement, AssignmentPlan, Visit
from meetings.models import Meeting, PreparationLine
from organisations.models import Party, User
from organisations.prose import LineField, ProseField
from plans.models import Goal, GoalRating, PlannedGoal
from plans.models.documents import OrganiserDocument
from reports.models import CollaborationSynthesis, FinancialReport, Report, UniversityReport
from sbs_workflow.acting import Rows
from sbs_workflow.engine import step_of
from sbs_workflow.models import Collaboration, Promise, WorkflowModel

# The houses whose rows are the content of cases.
HOUSES = ("sbs_workflow", "plans", "assessments", "interventions", "meetings", "reports")
# Rows of these houses that are no content of a case, each for a reason that somebody has judged.
NO_CONTENT = {
    "sbs_workflow.AddressTrouble": "derived from mail that came back",
    "sbs_workflow.TransitionRecord": "the trail itself",
    "sbs_workflow.Vacancy": "derived from roles that nobody holds",
    "meetings.CalendarFeed": "a person's own address for calendars",
    "meetings.LearningAnswer": "a person's own word, of which the others see the trend",
    "meetings.MeetingRule": "how often meetings are owed, in all cases",
    "meetings.PartyTask": "derived from the meeting and its answers",
    "meetings.PollAnswer": "who can come when, until the meeting is booked",
    "meetings.PollInvitation": "a question that was sent, with a personal key",
    "reports.FinancialCopy": "a copy of what was submitted, never changed",
    "reports.FrozenCopy": "a copy of what was submitted, never changed",
    "reports.SynthesisCopy": "a copy of what was published, never changed",
    "reports.UniversityCopy": "a copy of what was submitted, never changed",
}
# What the programme keeps for itself in rows of content.
OWN_BOOKKEEPING = {"state", "due_on", "number", "version", "sequence", "position", "rounds"}


@dataclass(frozen=True)
class Content:
    """A model whose rows are content, and the foreign keys that lead to the object they are of."""

    model: Any
    path: tuple[str, ...]
    fields: tuple[Any, ...]

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @cached_property
    def by_column(self) -> dict[str, Any]:
        return {field.column: field for field in self.model._meta.concrete_fields}

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns that people put something into."""
        return frozenset(field.column for field in self.fields)

    def row_of(self, values: dict[str, Any]) -> Any:
        """A row as it would be read from the database, by the names of its attributes."""
        row = self.model(**values)
        row._state.adding = False
        return row

    def load(self, keys: Iterable[Any]) -> list[Any]:
        """The rows with these keys, and the objects they are of (one query)."""
        rows = self.model._base_manager.filter(pk__in=list(keys))
        return list(rows.select_related("__".join(self.path)) if self.path else rows)

    def object_of(self, row: Any, known: Rows) -> WorkflowModel:
        """What the row is a part of, from rows that are known or by one query."""
        for place, name in enumerate(self.path):
            field = row._meta.get_field(name)
            key = field.related_model, getattr(row, field.attname)
            if key not in known and not field.is_cached(row):
                known[key] = _with_path(field.related_model, self.path[place + 1 :]).get(pk=key[1])
            if key in known:
                field.set_cached_value(row, known[key])
            row = getattr(row, name)
        found: WorkflowModel = row
        return found


def _with_path(model: Any, path: tuple[str, ...]) -> Any:
    """Rows of the model with what they are a part of, and the unit that the trail names."""
    end = model
    for name in path:
        end = end._meta.get_field(name).related_model
    joined = (*path, "unit") if "unit" in {f.name for f in end._meta.concrete_fields} else path
    rows = model._base_manager.all()
    return rows.select_related("__".join(joined)) if joined else rows


@cache
def contents() -> dict[str, Content]:
    """By the name of the table."""
    found = {}
    for house in HOUSES:
        for model in apps.get_app_config(house).get_models():
            path = path_to_object(model)
            if path is not None and model._meta.label not in NO_CONTENT:
                found[model._meta.db_table] = Content(model, path, tuple(_fields(model, path)))
    return found


@dataclass(frozen=True)
class Links:
    """A table of links between a row of content and others, such as the units of an insats."""

    owner: Content
    through: Any
    field: Any
    name: str

    @property
    def column(self) -> str:
        """The column that names the row to which the links belong."""
        return str(self.field.column)


@cache
def links() -> dict[str, Links]:
    """By the name of the table."""
    found = {}
    for content in contents().values():
        for field in content.model._meta.local_many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created:
                to_owner = through._meta.get_field(field.m2m_field_name())
                found[through._meta.db_table] = Links(content, through, to_owner, field.name)
    return found


@cache
def path_to_object(model: Any) -> tuple[str, ...] | None:
    """The shortest way over foreign keys to the object with a machine; empty where it is one.

    An object nearer than the case is preferred: a goal in a plan belongs to the plan.
    """
    if issubclass(model, WorkflowModel):
        return ()
    ways = list(_ways(model, (), set()))
    to_object = [way for way, end in ways if end is not Collaboration]
    to_case = [way for way, end in ways if end is Collaboration]
    return min(to_object or to_case, key=len, default=None)


def _ways(
    model: Any, before: tuple[str, ...], seen: set[Any]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or field.null or target in seen:
            continue
        if issubclass(target, WorkflowModel):
            yield (*before, field.name), target
        elif target._meta.app_label in HOUSES:
            yield from _ways(target, (*before, field.name), {*seen, model})


def _fields(model: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """What people put into a row, without what the programme keeps there."""
    stamps: set[str] = set()
    if issubclass(model, WorkflowModel):
        for declared in model.declared_transitions():
            stamps |= set(step_of(declared).stamps)
    for field in model._meta.concrete_fields:
        if field.primary_key or not field.editable or field.name in OWN_BOOKKEEPING | stamps:
            continue
        if field.name in path[:1] or field.related_model is Collaboration or _says_who(field):
            continue
        yield field


def _says_who(field: Any) -> bool:
    """Who wrote it and at which moment, which the trail says itself."""
    if field.related_model is User:
        return str(field.name).endswith("by")
    return isinstance(field, models.DateTimeField) and field.name not in ("starts_at", "ends_at")


def is_text(field: Any) -> bool:
    return isinstance(field, ProseField | LineField | models.TextField)


def draft_of(instance: Any, row: Any) -> tuple[str, UUID | None]:
    """Whose draft a row is while it is written, and of which unit; ("", None) once all may read.

    As ``visible_to`` and the pages of each house have it (domain.md 2.2).
    """
    match row:
        case Promise():
            return ("", None) if row.is_shared else (row.written_by, None)
        case PreparationLine():
            return row.party, None
        case Goal():
            return _until_named(row)
        case GoalRating():
            return _until_named(row.goal)
    match instance:
        case OrganiserDocument():
            if instance.shared_on is None or instance.is_open_for_writing:
                return Party.ORGANISER, instance.unit_id
        case Report():
            if instance.is_being_written:
                return Party.ORGANISER, instance.unit_id
        case CollaborationSynthesis():
            if instance.state == CollaborationSynthesis.State.DRAFT:
                return Party.ORGANISER, None
        case UniversityReport():
            if instance.is_being_written:
                return Party.UNIVERSITY, None
        case FinancialReport():
            if instance.is_being_written:
                return Party.ORGANISER, None
        case Agreement() | AssignmentPlan():
            if instance.is_open_for_writing:
                return Party.AGENCY, None
        case Visit():
            if instance.state not in (*LOOKED_AHEAD, Visit.State.SHARED):
                return Party.UNIVERSITY, None
        case CapacityMapping():
            if instance.state == CapacityMapping.State.BEGUN:
                return Party.UNIVERSITY, None
        case Meeting():
            if instance.state == Meeting.State.HELD:
                return instance.called_by, None
    return "", None


def _until_named(goal: Goal) -> tuple[str, UUID | None]:
    """A goal that no shared plan has named yet belongs to its unit and huvudman."""
    named = PlannedGoal.objects.filter(goal=goal, plan__shared_on__isnull=False).exists()
    return ("", None) if named else (Party.ORGANISER, goal.unit_id)


LOOKED_AHEAD = (
    Visit.State.NEEDED,
    Visit.State.PLANNED,
    Visit.State.CONFIRMED,
    Visit.State.CANCELLED,
)
