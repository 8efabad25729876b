"""Rows that wait to be written together."""

from collections import defaultdict
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, UUIDField

from interventions.models import Agreement, Intervention, Visit
from meetings.models import Meeting, MeetingParticipant
from organisations.models import Membership, Organisation, Unit, User
from plans.models import ActionPlan, SituationAnalysis
from reports.models import Report
from sbs_workflow.models import Assignment, Collaboration, Participation, TransitionRecord

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
    ActionPlan,
    Agreement,
    Intervention,
    Intervention.units.through,
    Visit,
    Visit.units.through,
    Meeting,
    MeetingParticipant,
    Report,
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

    def write(self) -> None:
        for model in ORDER:
            model._default_manager.bulk_create(self._waiting[model], batch_size=AT_ONCE)
        self._waiting.clear()
