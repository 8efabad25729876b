"""Every row of a case that a person may see, as plain data.

Nothing is exported that is not named here: a row in ``visible_to`` may still hold a text that its
page shows to one party only, such as the log of a visit before it is shared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from assessments.models import CapacityMapping, DimensionRating
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    EarlierAccount,
    EarlierInsats,
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
from meetings.models import (
    AgendaPoint,
    ChangeProposal,
    Decision,
    Meeting,
    MeetingParticipant,
    MinutesApproval,
)
from organisations.models import User
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
from records.contents import path_to_object
from records.documents import MINUTED
from records.models import ContentChange, Registration
from reports.models import (
    Answer,
    CollaborationSynthesis,
    Cost,
    Excerpt,
    FinancialCopy,
    FinancialInsats,
    FinancialReport,
    FrozenCopy,
    Passage,
    Question,
    Report,
    SynthesisCopy,
    UniversityAnswer,
    UniversityCopy,
    UniversityReport,
)
from sbs_workflow.models import (
    Assignment,
    Collaboration,
    Participation,
    Promise,
    TransitionRecord,
)

ROWS_AT_A_TIME = 500
# Columns that help the programme to search and sort, or repeat what stands elsewhere.
NOT_TOLD = {"search_text", "sort_key", "as_shared", "file", "pdf", "content"}
Data = dict[str, Any]


def _everything(row: Any, user: User) -> Data:
    return {}


def _texts_open_to(row: Any, user: User) -> Data:
    """While it is reworked, others read it as it was shared."""
    return dict(row.texts_for(user))


def _log_if_open(row: Any, user: User) -> Data:
    if row.log_is_open_to(user):
        return {}
    return {"log": None, "next_steps": None, "participants": None, "duration_minutes": None}


def _minutes_if_written(row: Any, user: User) -> Data:
    """Until they are written, they are a proposal that the programme has put together."""
    return {} if row.has_minutes else {"minutes": None}


@dataclass(frozen=True)
class Archived:
    """A model in the archive: what of a row is told in other words, and which rows are told."""

    model: Any
    instead: Callable[[Any, User], Data] = _everything
    only: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    def rows(self, collaboration: Collaboration, user: User) -> Any:
        """Those of the case that this person may see."""
        rows = self._seen(user).filter(**self.only)
        if self.model is Collaboration:
            return rows.filter(pk=collaboration.pk)
        return rows.filter(**{self._path_to_case(): collaboration})

    def of_object(self, instance: Any, user: User) -> Any:
        """Those that are parts of one object."""
        path = path_to_object(self.model) or ()
        return self._seen(user).filter(**self.only, **{"__".join(path): instance})

    def is_part_of(self, model: Any) -> bool:
        path = path_to_object(self.model)
        if not path:
            return False
        end = self.model
        for name in path:
            end = end._meta.get_field(name).related_model
        return bool(end is model)

    def _seen(self, user: User) -> Any:
        rows = self.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            return rows.visible_to(user)
        # A part without a page of its own is seen with what it is part of.
        parent = self.model._meta.get_field((path_to_object(self.model) or ("",))[0])
        seen = parent.related_model._default_manager.visible_to(user)
        return rows.filter(**{f"{parent.name}__in": seen})

    def _path_to_case(self) -> str:
        path = path_to_object(self.model)
        names = list(path or ())
        end = self.model
        for name in names:
            end = end._meta.get_field(name).related_model
        return "__".join(names if end is Collaboration else [*names, "collaboration"])

    def as_data(self, row: Any, user: User) -> Data:
        told: Data = {"model": self.label, "id": plain(row.pk)}
        for column in row._meta.concrete_fields:
            if not column.primary_key and column.name not in NOT_TOLD:
                told[column.attname] = plain(getattr(row, column.attname))
        for many in row._meta.local_many_to_many:
            told[many.name] = [plain(each.pk) for each in getattr(row, many.name).all()]
        return told | self.instead(row, user)


def _only_submitted(row: Any, user: User) -> Data:
    """While a report is completed or mended, others read the copy that was submitted."""
    reworked = row.report.is_being_written and not row.report.is_own_side(user)
    return {"text": None, "level": None} if reworked else {}


def _is_reworked(report: FinancialReport, user: User) -> bool:
    return report.is_being_written and not report.is_own_side(user)


def _reply_if_submitted(row: Any, user: User) -> Data:
    return {"reply": None, "invoice_contact": None} if _is_reworked(row, user) else {}


def _amounts_if_submitted(row: Any, user: User) -> Data:
    return {"paid": None, "explanation": None} if _is_reworked(row.report, user) else {}


def _costs_if_submitted(row: Any, user: User) -> Data:
    return {"used": None, "own_share": None} if _is_reworked(row.insats.report, user) else {}


ARCHIVED = (
    Archived(Collaboration),
    Archived(Participation),
    Archived(Assignment),
    Archived(SituationAnalysis, _texts_open_to),
    Archived(Problem),
    Archived(Cause),
    Archived(Evidence),
    Archived(ActionPlan, _texts_open_to),
    Archived(Goal),
    Archived(PlannedGoal),
    Archived(GoalRating),
    Archived(EarlierInsats),
    Archived(EarlierAccount),
    Archived(Agreement),
    Archived(Terms),
    Archived(Instalment),
    Archived(ReportingDate),
    Archived(AssignmentPlan),
    Archived(PlannedMonth),
    Archived(Intervention),
    Archived(Outline),
    Archived(Deviation),
    Archived(Visit, _log_if_open),
    Archived(Touch),
    Archived(InterimTask),
    Archived(Promise),
    Archived(CapacityMapping),
    Archived(DimensionRating),
    Archived(Meeting, _minutes_if_written),
    Archived(MeetingParticipant),
    Archived(AgendaPoint),
    Archived(Decision, only={"meeting__state__in": MINUTED}),
    Archived(MinutesApproval),
    Archived(ChangeProposal),
    Archived(Report),
    Archived(Answer, _only_submitted),
    Archived(Question),
    Archived(FrozenCopy),
    Archived(CollaborationSynthesis),
    Archived(Passage),
    Archived(Excerpt),
    Archived(SynthesisCopy),
    Archived(UniversityReport),
    Archived(UniversityAnswer, _only_submitted),
    Archived(UniversityCopy),
    Archived(FinancialReport, _reply_if_submitted),
    Archived(FinancialInsats, _amounts_if_submitted),
    Archived(Cost, _costs_if_submitted),
    Archived(FinancialCopy),
    Archived(TransitionRecord),
    Archived(ContentChange),
    Archived(Registration),
)
# What is content of a case and not in its archive, each for a reason that somebody has judged.
LEFT_OUT = {
    "meetings.TimePoll": "who could come when; the meeting says when it was",
    "meetings.ProposedTime": "who could come when; the meeting says when it was",
    "meetings.PreparationLine": "a party's own notes before a meeting; its agenda and minutes stay",
}


def lines_of(
    archived: Archived, collaboration: Collaboration, user: User, people: set[UUID]
) -> Iterator[Data]:
    """The rows as data, some hundred in memory at a time; who is named is added to ``people``."""
    rows = archived.rows(collaboration, user).order_by("pk")
    many = [field.name for field in archived.model._meta.local_many_to_many]
    if archived.model in (Answer, Question):
        rows = rows.select_related("report__collaboration", "report__unit")
    elif archived.model in (FinancialInsats, UniversityAnswer):
        rows = rows.select_related("report__collaboration")
    elif archived.model is Cost:
        rows = rows.select_related("insats__report__collaboration")
    elif archived.model in (FinancialReport, Visit):
        rows = rows.select_related("collaboration")
    persons = [
        column.attname
        for column in archived.model._meta.concrete_fields
        if column.related_model is User
    ]
    for row in rows.prefetch_related(*many).iterator(ROWS_AT_A_TIME):
        people |= {key for name in persons if (key := getattr(row, name))}
        yield archived.as_data(row, user)


def plain(value: Any) -> Any:
    """A column as JSON knows it: moments in ISO 8601 with their offset, amounts as text."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case Model():
            return plain(value.pk)
        case bytes() | memoryview():
            return None
    return value
