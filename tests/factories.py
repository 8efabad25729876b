"""Objects as they look in any state, built directly: never by walking transitions.

Every text that a guard asks for is filled, so that a test empties what it is about.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from interventions.models import Agreement, Intervention, Visit
from meetings.models import Meeting, MeetingParticipant
from notifications.clock import STOCKHOLM
from organisations.models import Organisation, Role, Unit, User
from organisations.swedish import search_text
from plans.models import ActionPlan, SituationAnalysis
from reports.models import Report
from sbs_workflow.models import Assignment, Collaboration, Participation, WorkflowModel

if TYPE_CHECKING:
    from tests.cast import Cast, Side

# A Tuesday in a month without days off.
TODAY = date(2026, 3, 10)
W = TypeVar("W", bound=WorkflowModel)
STOPPED = ("paused", "withdrawn", "terminated")


def collaboration(
    cast: "Cast", *, state: str = "active", side: "Side | None" = None, **fields: Any
) -> Collaboration:
    """One more collaboration of our side (or of ``side``), with the same units and people."""
    side = side or cast.ours
    return open_collaboration(
        agency=cast.agency,
        organiser=side.organiser,
        university=fields.pop("university", side.university),
        units=fields.pop("units", [side.administration, side.school, side.preschool]),
        assigned=[
            (side.process_supporter, Role.PROCESS_SUPPORTER),
            (side.second_process_supporter, Role.PROCESS_SUPPORTER),
            (side.team_leader, Role.TEAM_LEADER),
            (side.education_leader, Role.EDUCATION_LEADER),
        ],
        state=state,
        **fields,
    )


def open_collaboration(
    *,
    agency: Organisation,
    organiser: Organisation,
    university: Organisation | None,
    units: Sequence[Unit],
    assigned: Iterable[tuple[User, Role]],
    state: str = "active",
    today: date = TODAY,
    **fields: Any,
) -> Collaboration:
    """A collaboration that is a year old, with its units and people since its first day."""
    started_on = today - timedelta(days=365)
    created = Collaboration.objects.create(
        **{
            "name": organiser.name,
            "agency": agency,
            "organiser": organiser,
            "university": university,
            "state": state,
            "stopped_in": "active" if state in STOPPED else "",
            "due_on": today + timedelta(days=28) if state == "offered" else None,
            "selection_source": "Skolinspektionen 2025:114",
            "contact_person": "Sara Skolchef",
            "interventions_start_on": today - timedelta(days=90),
            "interventions_end_on": today + timedelta(days=640),
            "search_text": search_text([organiser.name, *(unit.name for unit in units)]),
            **fields,
        }
    )
    Participation.objects.bulk_create(
        Participation(collaboration=created, unit=unit, joined_on=started_on) for unit in units
    )
    Assignment.objects.bulk_create(
        Assignment(collaboration=created, user=user, role=role, starts_on=started_on)
        for user, role in assigned
    )
    return created


def put(instance: W, state: str, **fields: Any) -> W:
    """The same object, read anew, in another state: past the machine, as a test may."""
    if state in STOPPED and isinstance(instance, Collaboration):
        fields = {"stopped_in": "active", **fields}
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    rows.update(state=state, **fields)
    return rows.get()


def analysis(
    collaboration: Collaboration, unit: Unit, *, state: str = "in_progress", **fields: Any
) -> SituationAnalysis:
    shared = state in ("shared", "concluded")
    return SituationAnalysis.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "state": state,
            "text": "Eleverna når inte målen i matematik.",
            "participants": "Alla lärare, i två möten.",
            "views_of_children": "Eleverna vill ha mer hjälp i början av lektionen.",
            "due_on": None if state == "concluded" else TODAY + timedelta(days=30),
            "shared_on": TODAY if shared else None,
            "concluded_on": TODAY if state == "concluded" else None,
            **fields,
        }
    )


def plan(
    collaboration: Collaboration, unit: Unit, *, state: str = "draft", **fields: Any
) -> ActionPlan:
    settled = state in ("adopted", "superseded")
    return ActionPlan.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "state": state,
            "text": "Vi börjar varje lektion med ett gemensamt problem.",
            "participants": "Arbetslagen.",
            "follow_up": "Varje termin i ledningsgruppen.",
            "due_on": None if settled else TODAY + timedelta(days=30),
            "shared_on": None if state == "draft" else TODAY,
            "adopted_on": TODAY if settled else None,
            **fields,
        }
    )


def agreement(collaboration: Collaboration, *, state: str = "draft", **fields: Any) -> Agreement:
    return Agreement.objects.create(
        **{
            "collaboration": collaboration,
            "state": state,
            "kind": Agreement.Kind.DECISION if state == "decided" else Agreement.Kind.AGREEMENT,
            "reference": "Dnr 2026:118",
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=730),
            "proposed_on": None if state == "draft" else TODAY,
            "due_on": TODAY + timedelta(days=20),
            **fields,
        }
    )


def intervention(
    collaboration: Collaboration,
    *,
    state: str = "planned",
    units: Sequence[Unit] = (),
    **fields: Any,
) -> Intervention:
    number = Intervention.objects.filter(collaboration=collaboration).count() + 1
    created = Intervention.objects.create(
        **{
            "collaboration": collaboration,
            "number": number,
            "name": "Undervisning i matematik",
            "participants": "Lärare i matematik, årskurs 4 till 9",
            "state": state,
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=300),
            **fields,
        }
    )
    created.units.set(units)
    return created


def visit(
    collaboration: Collaboration,
    *,
    state: str = "needed",
    units: Sequence[Unit] = (),
    **fields: Any,
) -> Visit:
    """The visit of this month; a planned one took place the day before yesterday."""
    has_day = state not in ("needed", "cancelled")
    is_logged = state in ("logged", "shared")
    created = Visit.objects.create(
        **{
            "collaboration": collaboration,
            "month": TODAY.replace(day=1),
            "state": state,
            "takes_place_on": TODAY - timedelta(days=2) if has_day else None,
            "due_on": None if is_logged or state == "cancelled" else TODAY + timedelta(days=1),
            "log": "Handledning i två grupper." if is_logged else "",
            **fields,
        }
    )
    created.units.set(units)
    return created


def meeting(
    collaboration: Collaboration,
    *,
    kind: str = "quality",
    state: str = "needed",
    participants: Iterable[tuple[User, str]] = (),
    **fields: Any,
) -> Meeting:
    """A meeting owed in a month, or one that was set to yesterday at ten."""
    has_time = state not in ("needed", "cancelled")
    starts_at = datetime.combine(TODAY - timedelta(days=1), time(10), STOCKHOLM)
    created = Meeting.objects.create(
        **{
            "collaboration": collaboration,
            "kind": kind,
            "state": state,
            "starts_at": starts_at if has_time else None,
            "ends_at": starts_at + timedelta(hours=2) if has_time else None,
            "form": Meeting.Form.ON_SITE if has_time else "",
            "place": "Kommunhuset, Bryggan" if has_time else "",
            "due_on": TODAY + timedelta(days=30) if state in ("needed", "proposed") else TODAY,
            "minutes": "Alla mål är på god väg." if state in ("minuted", "approved") else "",
            **fields,
        }
    )
    MeetingParticipant.objects.bulk_create(
        MeetingParticipant(meeting=created, user=user, party=party) for user, party in participants
    )
    return created


def report(
    collaboration: Collaboration,
    unit: Unit,
    *,
    kind: str = "interim",
    state: str = "open",
    **fields: Any,
) -> Report:
    was_received = state in ("submitted", "returned", "accepted")
    deadline = TODAY + timedelta(days=40)
    return Report.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "kind": kind,
            "state": state,
            "deadline_on": deadline,
            "due_on": None if state in ("accepted", "waived") else deadline,
            "text": "Insatsen har lett till nya rutiner.",
            "received_at": datetime.combine(TODAY, time(8), STOCKHOLM) if was_received else None,
            **fields,
        }
    )
