"""Which documents a case has, who draws them up, and from which day they are official.

A document is a working paper while only its own party can reach it. It becomes an allmän handling
the day it is shared, sent, submitted or signed: then the party has drawn it up, and the two others,
who can reach it from that moment, have received it (TF 2 kap. 9 and 10 §§; domain.md 6.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from interventions.models import Agreement, AssignmentPlan, Visit
from meetings.models import Meeting
from organisations.models import Organisation, Party
from plans.models import ActionPlan, SituationAnalysis
from records.models.retention import RecordKind
from reports.models import (
    CollaborationSynthesis,
    FinancialReport,
    Report,
    UniversityReport,
    WrittenReport,
)
from sbs_workflow.models import Collaboration, WorkflowModel

EVERY = Q()


@dataclass(frozen=True)
class DocumentType:
    """``exists``: it has been begun; ``official``: others can reach it, since ``since``."""

    model: Any
    drawn_up_by: Callable[[Any], str]
    official: Q
    since: Any
    keep_as: Callable[[Any], str]
    exists: Q = EVERY

    @property
    def machine(self) -> str:
        slug: str = self.model.machine_slug
        return slug


def _by(party: Party) -> Callable[[Any], str]:
    return lambda _instance: party


def _keep(kind: RecordKind) -> Callable[[Any], str]:
    return lambda _instance: kind


def _keep_report(report: WrittenReport) -> str:
    is_final = report.kind == WrittenReport.Kind.FINAL
    return RecordKind.FINAL_REPORT if is_final else RecordKind.INTERIM_REPORT


WRITTEN_VISITS = (Visit.State.LOGGED, Visit.State.SHARED)
MINUTED = (Meeting.State.MINUTED, Meeting.State.APPROVED)
RECEIVED = (Report.State.SUBMITTED, Report.State.RETURNED, Report.State.ACCEPTED)
DOCUMENT_TYPES = (
    DocumentType(
        Collaboration,
        _by(Party.AGENCY),
        official=Q(offered_on__isnull=False),
        since=F("offered_on"),
        keep_as=_keep(RecordKind.AGREEMENT),
    ),
    DocumentType(
        SituationAnalysis,
        _by(Party.ORGANISER),
        official=Q(shared_on__isnull=False),
        since=F("shared_on"),
        keep_as=_keep(RecordKind.PLAN),
        exists=~Q(state=SituationAnalysis.State.NOT_STARTED),
    ),
    DocumentType(
        ActionPlan,
        _by(Party.ORGANISER),
        official=Q(shared_on__isnull=False),
        since=F("shared_on"),
        keep_as=_keep(RecordKind.PLAN),
    ),
    DocumentType(
        Agreement,
        _by(Party.AGENCY),
        official=Q(proposed_on__isnull=False),
        since=F("proposed_on"),
        keep_as=_keep(RecordKind.AGREEMENT),
    ),
    DocumentType(
        AssignmentPlan,
        _by(Party.AGENCY),
        official=Q(sent_on__isnull=False),
        since=F("sent_on"),
        keep_as=_keep(RecordKind.AGREEMENT),
    ),
    DocumentType(
        Visit,
        _by(Party.UNIVERSITY),
        official=Q(state=Visit.State.SHARED),
        since=F("takes_place_on"),
        keep_as=_keep(RecordKind.VISIT_LOG),
        exists=Q(state__in=WRITTEN_VISITS),
    ),
    DocumentType(
        Meeting,
        lambda meeting: meeting.called_by,
        official=Q(state__in=MINUTED),
        since=Coalesce("minuted_on", TruncDate("starts_at"), output_field=DateField()),
        keep_as=_keep(RecordKind.MINUTES),
        exists=Q(state__in=MINUTED),
    ),
    DocumentType(
        Report,
        _by(Party.ORGANISER),
        official=Q(state__in=RECEIVED),
        since=TruncDate("received_at", output_field=DateField()),
        keep_as=_keep_report,
        exists=~Q(state__in=[Report.State.SCHEDULED, Report.State.WAIVED]),
    ),
    DocumentType(
        UniversityReport,
        _by(Party.UNIVERSITY),
        official=Q(received_at__isnull=False),
        since=TruncDate("received_at", output_field=DateField()),
        keep_as=_keep_report,
        exists=~Q(state__in=[UniversityReport.State.SCHEDULED, UniversityReport.State.WAIVED]),
    ),
    DocumentType(
        CollaborationSynthesis,
        _by(Party.ORGANISER),
        official=Q(shared_on__isnull=False),
        since=F("shared_on"),
        # Domain.md 6.2 keeps it for good, as the final reports.
        keep_as=_keep(RecordKind.FINAL_REPORT),
    ),
    DocumentType(
        FinancialReport,
        _by(Party.ORGANISER),
        official=Q(received_at__isnull=False),
        since=TruncDate("received_at", output_field=DateField()),
        keep_as=_keep(RecordKind.FINANCIAL_REPORT),
        exists=~Q(state=FinancialReport.State.SCHEDULED),
    ),
)
BY_MACHINE = {each.machine: each for each in DOCUMENT_TYPES}


def organisation_of(collaboration: Collaboration, party: str) -> Organisation | None:
    """The authority that is this party of the case."""
    return {
        Party.AGENCY: collaboration.agency,
        Party.ORGANISER: collaboration.organiser,
        Party.UNIVERSITY: collaboration.university,
    }[Party(party)]


def party_of(collaboration: Collaboration, organisation: Organisation) -> Party:
    """Which party of the case an authority is."""
    return Party(organisation.party)


@dataclass(frozen=True)
class Paper:
    """A document of a case as a register knows it."""

    kind: DocumentType
    instance: WorkflowModel
    is_official_by_state: bool
    since: date | None

    @property
    def name(self) -> str:
        if isinstance(self.instance, Collaboration):
            return _("The case, %(name)s") % {"name": self.instance.name}
        if isinstance(self.instance, Meeting):
            return _("Minutes: %(meeting)s") % {"meeting": self.instance}
        return str(self.instance)

    @property
    def drawn_up_by(self) -> str:
        return self.kind.drawn_up_by(self.instance)
