"""One object for every page, each in the state in which the page has most to offer."""

from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta

from django.db.models import Model

from interventions.models import Agreement, Intervention, Visit
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from plans.models import ActionPlan, SituationAnalysis
from reports.models import Report
from sbs_workflow.models import Assignment, Collaboration, Participation, WorkflowModel
from tests import factories
from tests.cast import TODAY, Side


@dataclass(frozen=True)
class Stage:
    collaboration: Collaboration
    analysis: SituationAnalysis
    drafted_analysis: SituationAnalysis
    plan: ActionPlan
    drafted_plan: ActionPlan
    agreement: Agreement
    drafted_agreement: Agreement
    intervention: Intervention
    needed_visit: Visit
    planned_visit: Visit
    shared_visit: Visit
    unshared_visit: Visit
    needed_meeting: Meeting
    proposed_meeting: Meeting
    booked_meeting: Meeting
    held_meeting: Meeting
    minuted_meeting: Meeting
    open_report: Report
    submitted_report: Report
    participation: Participation
    assignment: Assignment

    @property
    def objects(self) -> dict[str, Model]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def machines(self) -> list[WorkflowModel]:
        """Those of the objects that have a state."""
        return [each for each in self.objects.values() if isinstance(each, WorkflowModel)]


def set_stage(side: Side) -> Stage:
    case = side.collaboration
    people = [
        (side.process_supporter, "agency"),
        (side.head_of_authority, "organiser"),
        (side.team_leader, "university"),
    ]
    return Stage(
        collaboration=case,
        analysis=factories.analysis(case, side.school, state="concluded"),
        drafted_analysis=factories.analysis(case, side.preschool),
        plan=factories.plan(case, side.school, state="adopted"),
        drafted_plan=factories.plan(case, side.preschool),
        agreement=factories.agreement(case, state="signed"),
        drafted_agreement=factories.agreement(case, state="draft", version=2),
        intervention=factories.intervention(case, state="running", units=[side.school]),
        needed_visit=factories.visit(case),
        planned_visit=factories.visit(case, state="planned", units=[side.school]),
        shared_visit=factories.visit(case, state="shared", units=[side.school]),
        unshared_visit=factories.visit(case, state="logged", units=[side.school]),
        needed_meeting=factories.meeting(case),
        proposed_meeting=factories.meeting(case, kind="bilateral", state="proposed"),
        booked_meeting=factories.meeting(
            case,
            state="booked",
            participants=people,
            starts_at=datetime.combine(TODAY, time(8), STOCKHOLM),
            ends_at=datetime.combine(TODAY, time(9), STOCKHOLM),
        ),
        held_meeting=factories.meeting(case, state="held", participants=people),
        minuted_meeting=factories.meeting(case, state="minuted", participants=people),
        open_report=factories.report(case, side.school, due_on=TODAY + timedelta(days=20)),
        submitted_report=factories.report(case, side.preschool, state="submitted"),
        participation=case.participations.get(unit=side.preschool),
        assignment=case.assignments.get(user=side.education_leader),
    )
