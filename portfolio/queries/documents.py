"""The documents of a collaboration and how far they have come."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext

from assessments.models import CapacityMapping
from interventions.models import Agreement, AssignmentPlan, Intervention
from organisations.models import Party, User
from plans.models import ActionPlan, Goal, Level, SituationAnalysis
from portfolio.queries.columns import ALWAYS, NO_DATE, NO_UNIT, text, whether
from portfolio.queries.goals import goals_as_documents
from portfolio.queries.track import TrackStep
from reports.models import CollaborationSynthesis, FinancialReport, Report, UniversityReport
from sbs_workflow.models import (
    Collaboration,
    Participation,
)
from sbs_workflow.permissions import roles_held


@dataclass(frozen=True)
class Document:
    """An analysis, plan, goal, report, agreement, insats or mapping in a list.

    The state of a goal is the colour that is agreed on.
    """

    kind: str
    pk: UUID
    unit_id: UUID | None
    state: str
    number: int
    name: str
    due_on: date | None
    is_readable: bool

    @property
    def model(self) -> Any:
        return DOCUMENTS[self.kind].model

    @property
    def label(self) -> str:
        if self.kind == "mapping":
            return str(CapacityMapping(round=self.number))
        if self.kind == "intervention":
            return f"{self.number}. {self.name}"
        if self.model is UniversityReport:
            kind = self.kind.removeprefix(UniversityReport.PREFIX)
            return str(UniversityReport(kind=kind, number=self.number))
        if self.kind in Report.Kind.values:
            label = str(Report.Kind(self.kind).label)
            return f"{label} {self.number}" if self.kind == Report.Kind.INTERIM else label
        name = str(self.model._meta.verbose_name).capitalize()
        if self.number == 1:
            return name
        return gettext("%(name)s, version %(number)s") % {"name": name, "number": self.number}

    @property
    def state_label(self) -> str:
        states: Any = Level if self.kind == "goal" else self.model.State
        return str(states(self.state).label)

    @property
    def url(self) -> str:
        return reverse(DOCUMENTS[self.kind].url_name, args=[self.pk]) if self.is_readable else ""


@dataclass(frozen=True)
class DocumentKind:
    model: Any
    url_name: str
    done: tuple[str, ...]


UNIVERSITY_REPORT = DocumentKind(
    UniversityReport,
    "reports:university_report",
    (*UniversityReport.DELIVERED, UniversityReport.State.WAIVED),
)
DOCUMENTS = {
    "analysis": DocumentKind(
        SituationAnalysis,
        "plans:analysis",
        (SituationAnalysis.State.SHARED, SituationAnalysis.State.CONCLUDED),
    ),
    "plan": DocumentKind(ActionPlan, "plans:plan", (ActionPlan.State.ADOPTED,)),
    "agreement": DocumentKind(
        Agreement,
        "interventions:agreement",
        (Agreement.State.SIGNED, Agreement.State.DECIDED, Agreement.State.FULFILLED),
    ),
    "assignment": DocumentKind(
        AssignmentPlan,
        "interventions:assignment",
        (AssignmentPlan.State.CONFIRMED, AssignmentPlan.State.CLOSED),
    ),
    "intervention": DocumentKind(
        Intervention, "interventions:intervention", (Intervention.State.COMPLETED,)
    ),
    "interim": DocumentKind(Report, "reports:report", (Report.State.ACCEPTED, Report.State.WAIVED)),
    "university_interim": UNIVERSITY_REPORT,
    "mapping": DocumentKind(
        CapacityMapping,
        "assessments:mapping",
        (CapacityMapping.State.DONE, CapacityMapping.State.WAIVED),
    ),
    "goal": DocumentKind(Goal, "portfolio:goal", ()),
    "final": DocumentKind(Report, "reports:report", (Report.State.ACCEPTED, Report.State.WAIVED)),
    "university_final": UNIVERSITY_REPORT,
    "synthesis": DocumentKind(
        CollaborationSynthesis,
        "reports:written_synthesis",
        (CollaborationSynthesis.State.PUBLISHED,),
    ),
    "finance": DocumentKind(FinancialReport, "reports:finance", FinancialReport.ACCEPTED_STATES),
}


ONE = Value(1, output_field=IntegerField())
NO_NAME = text("")
SHARED = whether(Q(shared_on__isnull=False))
# What is readable by a rule of its own, which ``visible_to`` knows.
READ_BY_RULE = (CapacityMapping, UniversityReport, CollaborationSynthesis)


@cache
def _rows() -> dict[Any, QuerySet[Any, Any]]:
    """The columns of a document in each table, put together once: that takes longer than to ask.

    The last one, whether it is open to all parties, is missing where a rule of its own says so.
    """
    columns: dict[Any, tuple[Any, ...]] = {
        SituationAnalysis: (
            text("analysis"), "pk", "unit_id", "state", ONE, NO_NAME, "due_on", SHARED,
        ),
        ActionPlan: (
            text("plan"), "pk", "unit_id", "state", "version", NO_NAME, "due_on", SHARED,
        ),
        Report: (
            "kind", "pk", "unit_id", "state", "number", NO_NAME, "deadline_on",
            whether(~Q(state__in=Report.UNSUBMITTED)),
        ),
        Agreement: (
            text("agreement"), "pk", NO_UNIT, "state", "version", NO_NAME, "due_on",
            whether(Q(proposed_on__isnull=False)),
        ),
        AssignmentPlan: (
            text("assignment"), "pk", NO_UNIT, "state", "version", NO_NAME, "due_on",
            whether(Q(sent_on__isnull=False)),
        ),
        Intervention: (
            text("intervention"), "pk", NO_UNIT, "state", "number", "name", NO_DATE, ALWAYS,
        ),
        CapacityMapping: (
            text("mapping"), "pk", NO_UNIT, "state", "round", NO_NAME, "due_on",
        ),
        UniversityReport: (
            Concat(text(UniversityReport.PREFIX), "kind", output_field=CharField()),
            "pk", NO_UNIT, "state", "number", NO_NAME, "deadline_on",
        ),
        CollaborationSynthesis: (
            text("synthesis"), "pk", NO_UNIT, "state", ONE, NO_NAME, "due_on",
        ),
        FinancialReport: (
            text("finance"), "pk", NO_UNIT, "state", ONE, NO_NAME, "deadline_on",
            whether(Q(received_at__isnull=False) | Q(state=FinancialReport.State.SCHEDULED)),
        ),
    }  # fmt: skip
    return {model: model.objects.order_by().values_list(*of) for model, of in columns.items()}


def documents_of(collaboration: Collaboration, user: User) -> list[Document]:
    """Every document of the collaboration, and whether this person may read it (one query)."""
    held = roles_held(user)
    all_units = collaboration.organiser_id in held.in_organisations
    sides = {role.party for role in held.for_object(collaboration)}
    rows = {model: all_.filter(collaboration=collaboration) for model, all_ in _rows().items()}
    for model in READ_BY_RULE:
        open_to_user = model.objects.visible_to(user).values("pk")
        rows[model] = rows[model].annotate(is_open=whether(Q(pk__in=open_to_user)))
    first, *others = rows.values()
    union = first.union(*others, goals_as_documents(collaboration, user), all=True)
    found = []
    for kind, pk, unit, state, number, name, due_on, is_open in union:
        if kind == "goal" and not name:
            continue
        if DOCUMENTS[kind].model in READ_BY_RULE:
            own = False
        elif kind == "finance":
            own = all_units
        else:
            own = all_units or unit in held.in_units if unit else Party.AGENCY in sides
        found.append(Document(kind, pk, unit, state, number, name, due_on, bool(is_open or own)))
    order = list(DOCUMENTS)
    return sorted(found, key=lambda d: (order.index(d.kind), d.number))


@dataclass(frozen=True)
class UnitTrack:
    """A unit's way through the phases, and its documents."""

    participation: UUID
    name: str
    has_left: bool
    is_own: bool
    steps: list[TrackStep]
    documents: list[Document]
    goals: list[Document]


def unit_tracks(
    participations: Iterable[Participation],
    documents: Sequence[Document],
    own: Container[UUID],
) -> list[UnitTrack]:
    """For each unit how far its own documents and its goals have come; ``own`` are the reader's."""
    by_unit: dict[UUID | None, list[Document]] = defaultdict(list)
    goals: dict[UUID | None, list[Document]] = defaultdict(list)
    for document in documents:
        (goals if document.kind == "goal" else by_unit)[document.unit_id].append(document)
    return [
        UnitTrack(
            participation.pk,
            participation.unit.name,
            participation.left_on is not None,
            participation.unit_id in own,
            [_track_step(d) for d in _latest(by_unit[participation.unit_id])],
            by_unit[participation.unit_id],
            goals[participation.unit_id],
        )
        for participation in participations
    ]


def _latest(documents: Iterable[Document]) -> list[Document]:
    """Of plans only the version in force, or the newest."""
    plans = [d for d in documents if d.kind == "plan"]
    in_force = [d for d in plans if d.state == ActionPlan.State.ADOPTED] or plans[-1:]
    return [d for d in documents if d.kind != "plan" or d in in_force]


def _track_step(document: Document) -> TrackStep:
    if document.state in DOCUMENTS[document.kind].done:
        status = "done"
    elif document.state in ("not_started", "scheduled"):
        status = "ahead"
    else:
        status = "current"
    return TrackStep(document.label, status, document.state_label)
