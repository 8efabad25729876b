"""Every page, whom it is for and what its form is given: written by people, not read from the code.

``seen_by`` are those who may open the page, ``done_by`` those whose form is taken in; the others
of our collaboration are refused with 403, and everybody else gets 404.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Dimension
from interventions.effects import months_between
from organisations.models import Role, Unit
from reports.queries import content_of
from sbs_workflow.models import WorkflowModel
from sbs_workflow.writing import digest
from tests.cast import TODAY, Cast
from tests.meetings.test_replies import reply_file
from tests.pages.stage import Stage

Data = dict[str, Any]
EVERYBODY = frozenset(Role)
SUPPORTERS = frozenset({Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER})
LEADERS = frozenset({Role.TEAM_LEADER, Role.UNIVERSITY_LEAD})
VISITORS = frozenset({Role.TEAM_LEADER, Role.EDUCATION_LEADER})
DECIDERS = frozenset({Role.HEAD_OF_AUTHORITY, Role.PRINCIPAL})
AUTHORITY = frozenset({Role.HEAD_OF_AUTHORITY, Role.COORDINATOR})
# The principal and the process leader of the cast work in the school, not in the preschool.
PREPARERS = SUPPORTERS | LEADERS | AUTHORITY
# Who is invited to the meetings of the stage.
GUESTS = frozenset({Role.PROCESS_SUPPORTER, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER})
HEAD = frozenset({Role.HEAD_OF_AUTHORITY})
LEADS = frozenset({Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY, Role.UNIVERSITY_LEAD})
REGISTRARS = SUPPORTERS | AUTHORITY | {Role.UNIVERSITY_LEAD}
NOBODY = UUID(int=0)
PLAN_VISIT = "interventions.plan-visit"
NAMERS = SUPPORTERS | {Role.UNIVERSITY_LEAD}
# Who may let a process leader into the school of the cast.
INVITERS = AUTHORITY | {Role.PRINCIPAL}
UNIVERSITY = LEADERS | VISITORS
WRITERS = AUTHORITY | {Role.PRINCIPAL, Role.PROCESS_LEADER}


@dataclass(frozen=True)
class PageOfObject:
    """A page about one object of the stage, or about none."""

    name: str
    about: str = ""
    step: str = ""
    seen_by: frozenset[Role] = EVERYBODY
    done_by: frozenset[Role] = frozenset()
    answers: Callable[[Cast, Stage], Data] | None = None
    # What a person may get wrong, and the field that says so.
    wrong: Data = field(default_factory=dict)
    wrong_field: str = ""
    # A file for another program, which no browser shows.
    is_file: bool = False
    # What its address says after the key of the object; the name of another object of the stage
    # stands for its key.
    slugs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return "-".join(filter(None, (self.name, self.about, self.step, *self.slugs)))

    @property
    def has_form(self) -> bool:
        return self.answers is not None

    def url(self, stage: Stage) -> str:
        if not self.about:
            return reverse(self.name, args=self.slugs)
        instance = stage.objects[self.about]
        if self.step:
            assert isinstance(instance, WorkflowModel)
            return reverse(self.name, args=[instance.machine_slug, instance.pk, self.step])
        rest = [stage.objects[each].pk if each in stage.objects else each for each in self.slugs]
        return reverse(self.name, args=[instance.pk, *rest])


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def booking(cast: Cast, stage: Stage) -> Data:
    side = cast.ours
    invited = (side.process_supporter, side.head_of_authority, side.team_leader)
    return {
        "seen_state": "needed",
        "day": day(14),
        "starts": "09:00",
        "ends": "11:00",
        "form": "digital",
        "place": "Länken i kallelsen",
        "participants": [str(person.pk) for person in invited],
    }


def an_answer_from_a_calendar(cast: Cast, stage: Stage) -> Data:
    file = reply_file(stage.booked_meeting, cast.ours.process_supporter)
    return {"file": FileSentAgain("invite.ics", file)}


def what_a_file_says(cast: Cast, stage: Stage) -> Data:
    """One cell of a file that was edited in Word, taken in."""
    cell = content_of(stage.open_report).cell("lessons", "1")
    assert cell is not None
    return {
        "take": "1",
        "take-lessons-1": "on",
        "text-lessons-1": "Insatsen har lett till andra rutiner.",
        "level-lessons-1": "",
        "seen-lessons-1": digest([cell.text, cell.level]),
    }


def what_a_workbook_says(cast: Cast, stage: Stage) -> Data:
    """One cell of a sheet that was filled in, taken in."""
    return {
        "take": "1",
        "take-1-used-travel": "on",
        "value-1-used-travel": "12 500",
        "seen-1-used-travel": digest(Decimal(0)),
    }


class FileSentAgain(SimpleUploadedFile):
    """A file that each of several posts reads from its beginning."""

    def read(self, *arguments: Any) -> Any:
        self.seek(0)
        return super().read(*arguments)


def a_log(cast: Cast, stage: Stage) -> Data:
    return {
        "units": [str(cast.ours.school.pk)],
        "log": "Vi prövade gemensam lektionsstart i tre klasser.",
        "next_steps": "Rut bokar nästa observation.",
        "kind": "supervision",
        "form": "on_site",
        "duration_minutes": "240",
        "participants": "lärare: 12",
        "interventions": [str(stage.intervention.pk)],
        "goals": [str(stage.goal.pk)],
        "promise_1": "Rektor frigör en timme i veckan.",
        "promise_party_1": "organiser",
        "promise_by_1": day(30),
        "promise_party_2": "university",
        "promise_party_3": "university",
        "task_1": "Pröva starten i en klass till.",
        "share": "on",
    }


def nothing(cast: Cast, stage: Stage) -> Data:
    """The page asks for nothing but that it is meant."""
    return {}


def a_vacant_role(stage: Stage) -> Data:
    return {
        "ends_on": day(30),
        "starts_on": day(0),
        f"successor_{stage.membership.pk}": "vacant",
        f"word_{stage.membership.pk}": "Rektorn tar det tills vidare.",
    }


def a_goal(stage: Stage) -> Data:
    return {
        "problem": str(stage.drafted_problem.pk),
        "causes": [str(stage.drafted_cause.pk)],
        "text": "Varje barn väljer varje dag något själv.",
        "short_term_effect": "Materialet står där barnen når det.",
        "long_term_effect": "Barnen tar egna initiativ.",
        "measure": "Observationer, två per termin.",
        "baseline": "Tre av tio barn väljer själva.",
        "target": "Nio av tio barn väljer själva.",
        "follow_up_on": day(200),
        "follow_up_by": "Arbetslaget",
    }


def some_terms(cast: Cast, stage: Stage) -> Data:
    return {
        "name": "Språkutvecklande arbetssätt",
        "development_area": "Språkutveckling",
        "provider": "university",
        "provider_name": "",
        "participants": "lärare: 24\nrektor: 1",
        "units": [str(cast.ours.school.pk)],
        "goals": [str(stage.goal.pk)],
        "causes": [str(stage.cause.pk)],
        "starts_on": day(10),
        "ends_on": day(200),
        "amount": "250000",
    }


def months_of(stage: Stage) -> Iterator[date]:
    case = stage.collaboration
    assert case.interventions_start_on is not None
    assert case.interventions_end_on is not None
    return months_between(case.interventions_start_on, case.interventions_end_on)


def spare_unit(cast: Cast) -> Unit:
    """A unit of our huvudman that does not take part."""
    return Unit.objects.get_or_create(
        organiser=cast.ours.organiser, kind=Unit.Kind.PRESCHOOL, name="Solstrålens förskola"
    )[0]


PAGES = [
    PageOfObject("portfolio:start"),
    PageOfObject("portfolio:collaborations"),
    PageOfObject("portfolio:process"),
    PageOfObject("meetings:my_calendar"),
    PageOfObject("reminders:to_do"),
    PageOfObject("reminders:bell", is_file=True),
    PageOfObject("reminders:coming"),
    PageOfObject("reminders:rules"),
    # These are for staff, whom the cast has none of, or want something that is let be.
    PageOfObject("reminders:rule", slugs=(PLAN_VISIT,), seen_by=frozenset()),
    PageOfObject("reminders:operation", seen_by=frozenset()),
    PageOfObject("reminders:settle_message", slugs=("1",), seen_by=frozenset()),
    PageOfObject("reminders:ask_again", "needed_visit", slugs=(PLAN_VISIT,), seen_by=frozenset()),
    PageOfObject(
        "reminders:leave_out",
        "needed_visit",
        slugs=(PLAN_VISIT, f"{day(1)}_-20"),
        seen_by=frozenset(),
    ),
    PageOfObject("reminders:rules_of_case", "collaboration"),
    PageOfObject(
        "reminders:mail_choice",
        done_by=EVERYBODY,
        answers=lambda cast, stage: {"rhythm": "weekly"},
        wrong={"rhythm": "hourly"},
        wrong_field="rhythm",
    ),
    PageOfObject(
        "reminders:snooze",
        "needed_visit",
        slugs=(PLAN_VISIT,),
        seen_by=frozenset({Role.TEAM_LEADER}),
        done_by=frozenset({Role.TEAM_LEADER}),
        answers=lambda cast, stage: {"until": day(7), "reason": "Vi väntar på skolans schema."},
        wrong={"until": day(-1)},
        wrong_field="until",
    ),
    PageOfObject(
        "reminders:waive",
        "needed_visit",
        slugs=(PLAN_VISIT,),
        seen_by=frozenset({Role.UNIVERSITY_LEAD}),
        done_by=frozenset({Role.UNIVERSITY_LEAD}),
        answers=lambda cast, stage: {"reason": "Månaden är full av prov."},
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject(
        "reminders:rule_of_case",
        "collaboration",
        slugs=(PLAN_VISIT,),
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        done_by=frozenset({Role.AGENCY_MANAGER}),
        answers=lambda cast, stage: {"steps": "-7", "escalation": "+5", "save": "1"},
        wrong={"steps": "snart"},
        wrong_field="steps",
    ),
    PageOfObject("portfolio:collaboration", "collaboration"),
    PageOfObject("portfolio:history", "collaboration"),
    PageOfObject("portfolio:here_we_are", "collaboration"),
    PageOfObject("portfolio:calendar", "collaboration"),
    PageOfObject("portfolio:pictures", "collaboration"),
    PageOfObject("portfolio:picture_png", "collaboration", slugs=("belastning",), is_file=True),
    PageOfObject("portfolio:thread", "participation"),
    PageOfObject("portfolio:thread_png", "participation", is_file=True),
    PageOfObject("portfolio:goal", "goal"),
    PageOfObject("portfolio:goal_png", "goal", is_file=True),
    PageOfObject(
        "meetings:colours",
        "held_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            f"level_{stage.goal.pk}": "started",
            f"why_{stage.goal.pk}": "Vi har börjat i två klasser.",
        },
    ),
    PageOfObject("plans:analysis", "analysis"),
    PageOfObject(
        "plans:analysis",
        "drafted_analysis",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Många elever når inte målen i matematik.",
            "views_of_children": "Vi vill ha mer hjälp.",
            "participants": "Alla lärare, i två möten.",
            "priorities": "Undervisningens kvalitet\nTrygghet",
        },
        wrong={"text": "x" * 20_001},
        wrong_field="text",
    ),
    PageOfObject(
        "plans:new_problem",
        "drafted_analysis",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Barnen får sällan välja själva.",
            "development_area": "Trygghet och delaktighet",
            "new_cause_1": "Miljön är ordnad för de vuxna.",
            "new_cause_2": "Vi dokumenterar utan att följa upp.",
        },
        wrong={"text": " "},
        wrong_field="text",
    ),
    PageOfObject(
        "plans:problem",
        "drafted_problem",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Barnen får sällan välja själva.",
            "development_area": "",
            f"cause_{stage.drafted_cause.pk}": "Miljön är ordnad för de vuxna.",
            "new_cause_1": "",
            "new_cause_2": "Vi dokumenterar utan att följa upp.",
        },
        wrong={"development_area": "x" * 201},
        wrong_field="development_area",
    ),
    PageOfObject(
        "plans:problem_goes",
        "unanswered_problem",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject(
        "plans:new_evidence",
        "drafted_problem",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Vi har sett det i åtta av tio observationer.",
            "kind": "observation",
            "voice": "staff",
            "noted_on": day(-20),
            "cause": str(stage.drafted_cause.pk),
        },
        wrong={"noted_on": day(1)},
        wrong_field="noted_on",
    ),
    PageOfObject(
        "plans:evidence",
        "drafted_evidence",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Föräldrarna säger detsamma.",
            "kind": "interview",
            "voice": "guardians",
            "noted_on": day(-2),
            "cause": "",
        },
        wrong={"text": ""},
        wrong_field="text",
    ),
    PageOfObject(
        "plans:evidence_goes",
        "drafted_evidence",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject("plans:plan", "plan"),
    PageOfObject("plans:plan", "revised_plan"),
    PageOfObject("plans:differences", "revised_plan"),
    PageOfObject(
        "plans:new_goal",
        "drafted_plan",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: a_goal(stage),
        wrong={"text": " "},
        wrong_field="text",
    ),
    PageOfObject(
        "plans:planned_goal",
        "drafted_goal",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: a_goal(stage),
        wrong={"follow_up_on": "till våren"},
        wrong_field="follow_up_on",
    ),
    PageOfObject(
        "plans:goal_goes",
        "drafted_goal",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject(
        "plans:rate",
        "goal",
        done_by=EVERYBODY,
        answers=lambda cast, stage: {
            "level": "well_under_way",
            "justification": "Sju av tio elever vet vad de ska göra.",
            "evidence_kind": "survey",
            "evidence": "Enkäten i mars.",
        },
        wrong={"justification": ""},
        wrong_field="justification",
    ),
    PageOfObject(
        "plans:plan",
        "drafted_plan",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "text": "Gemensam lektionsstart.",
            "follow_up": "Varje termin.",
            "participants": "Arbetslagen.",
        },
        wrong={"follow_up": "x" * 10_001},
        wrong_field="follow_up",
    ),
    PageOfObject(
        "plans:revise",
        "plan",
        seen_by=DECIDERS,
        done_by=DECIDERS,
        answers=lambda cast, stage: {"reason": "Nya resultat från vårens prov."},
        wrong={"reason": " "},
        wrong_field="reason",
    ),
    PageOfObject("interventions:agreement", "agreement"),
    PageOfObject("interventions:agreement", "drafted_agreement", seen_by=SUPPORTERS),
    PageOfObject(
        "interventions:edit_agreement",
        "drafted_agreement",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "kind": "agreement",
            "reference": "Dnr 2026:311",
            "starts_on": day(0),
            "ends_on": day(700),
            "amount": "250000",
        },
        wrong={"ends_on": day(-1)},
        wrong_field="ends_on",
    ),
    PageOfObject(
        "interventions:payment_plan",
        "drafted_agreement",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "pays_on_1": day(30),
            "amount_1": "125000",
            "pays_on_2": day(300),
            "amount_2": "125000",
            "report_on_1": day(180),
            "report_on_2": "",
        },
        wrong={"amount_2": "-1"},
        wrong_field="amount_2",
    ),
    PageOfObject(
        "interventions:amend",
        "agreement",
        seen_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER},
    ),
    PageOfObject("interventions:agreement_differences", "drafted_agreement", seen_by=SUPPORTERS),
    PageOfObject(
        "interventions:new_terms",
        "drafted_agreement",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: some_terms(cast, stage),
        wrong={"ends_on": day(9)},
        wrong_field="ends_on",
    ),
    PageOfObject(
        "interventions:edit_terms",
        "drafted_terms",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: some_terms(cast, stage),
        wrong={"name": ""},
        wrong_field="name",
    ),
    PageOfObject(
        "interventions:terms_go",
        "drafted_terms",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=nothing,
    ),
    PageOfObject("interventions:assignment", "confirmed_assignment"),
    PageOfObject("interventions:assignment", "drafted_assignment", seen_by=SUPPORTERS),
    PageOfObject(
        "interventions:edit_assignment",
        "drafted_assignment",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {"text": "Handledning i matematik, en dag i månaden."},
        wrong={"text": "x" * 10_001},
        wrong_field="text",
    ),
    PageOfObject(
        "interventions:answer",
        "sent_assignment",
        seen_by=LEADERS,
        done_by=LEADERS,
        answers=lambda cast, stage: {
            "team": "Ture Teamledare och Ulla Utbildningsledare.",
            **{f"days_{month:%Y_%m}": "1.5" for month in months_of(stage)},
        },
        wrong={"team": ""},
        wrong_field="team",
    ),
    PageOfObject(
        "interventions:revise_assignment",
        "confirmed_assignment",
        seen_by=SUPPORTERS | LEADERS,
        done_by=SUPPORTERS | LEADERS,
        answers=nothing,
    ),
    PageOfObject("interventions:intervention", "intervention"),
    PageOfObject("interventions:intervention", "deviating_intervention"),
    PageOfObject(
        "interventions:links",
        "intervention",
        seen_by=SUPPORTERS | LEADERS | {Role.HEAD_OF_AUTHORITY},
        done_by=SUPPORTERS | LEADERS | {Role.HEAD_OF_AUTHORITY},
        answers=lambda cast, stage: {
            "goals": [str(stage.goal.pk)],
            "causes": [str(stage.cause.pk)],
        },
        wrong={"goals": ["00000000-0000-4000-8000-000000000000"]},
        wrong_field="goals",
    ),
    PageOfObject(
        "interventions:outline",
        "planned_intervention",
        seen_by=LEADERS,
        done_by=LEADERS,
        answers=lambda cast, stage: {"text": "Tre träffar med uppgifter emellan."},
        wrong={"text": ""},
        wrong_field="text",
    ),
    PageOfObject(
        "interventions:adapt",
        "intervention",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=lambda cast, stage: {
            "text": "Fyra träffar med uppgifter emellan.",
            "reason": "Lärarna bad om en träff till.",
        },
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject("interventions:visit", "planned_visit"),
    PageOfObject("interventions:visit", "unshared_visit"),
    PageOfObject("interventions:visit", "shared_visit"),
    PageOfObject("interventions:prepare", "planned_visit"),
    PageOfObject("interventions:task", "task"),
    PageOfObject(
        "interventions:finish_visit",
        "planned_visit",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=nothing,
    ),
    PageOfObject(
        "interventions:plan_visit",
        "needed_visit",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=lambda cast, stage: {
            "seen_state": "needed",
            "takes_place_on": day(7),
            "form": "on_site",
            "units": [str(cast.ours.school.pk)],
        },
        wrong={"takes_place_on": "0206-03-10"},
        wrong_field="takes_place_on",
    ),
    PageOfObject(
        "interventions:move_visit",
        "planned_visit",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=lambda cast, stage: {"seen_state": "planned", "takes_place_on": day(3)},
        wrong={"takes_place_on": "i morgon"},
        wrong_field="takes_place_on",
    ),
    PageOfObject(
        "interventions:log_visit",
        "planned_visit",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=a_log,
        wrong={"duration_minutes": "4"},
        wrong_field="duration_minutes",
    ),
    PageOfObject(
        "interventions:log_unplanned",
        "collaboration",
        seen_by=VISITORS,
        done_by=VISITORS,
        answers=lambda cast, stage: a_log(cast, stage) | {"takes_place_on": day(-1)},
        wrong={"takes_place_on": day(1)},
        wrong_field="takes_place_on",
    ),
    PageOfObject("meetings:meeting", "minuted_meeting"),
    PageOfObject(
        "meetings:call",
        "collaboration",
        seen_by=SUPPORTERS | LEADERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {"kind": "introduction"},
        wrong={"kind": "kalas"},
        wrong_field="kind",
    ),
    PageOfObject("meetings:rules"),
    PageOfObject("meetings:rules_of_case", "collaboration"),
    PageOfObject("meetings:rule", slugs=("quality",), seen_by=frozenset()),
    PageOfObject(
        "meetings:rule_of_case",
        "collaboration",
        slugs=("quality",),
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        done_by=frozenset({Role.AGENCY_MANAGER}),
        answers=lambda cast, stage: {
            "initiator": "organiser",
            "required": ["agency", "organiser", "university"],
            "cadence_days": "120",
            "at_least": "3",
            "agenda": "Läget mot målen\nDet som behöver ändras",
            "save": "1",
        },
        wrong={"cadence_days": "3"},
        wrong_field="cadence_days",
    ),
    PageOfObject(
        "meetings:propose",
        "needed_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "seen_state": "needed",
            "day_1": day(14),
            "starts_1": "13:00",
            "ends_1": "15:00",
            "day_2": day(15),
            "starts_2": "13:00",
            "ends_2": "15:00",
            "answers_by": day(7),
            "participants": booking(cast, stage)["participants"],
        },
        wrong={"ends_2": "12:00"},
        wrong_field="ends_2",
    ),
    PageOfObject("meetings:times", "proposed_meeting"),
    PageOfObject(
        "meetings:answer",
        "question",
        seen_by=frozenset({Role.TEAM_LEADER}),
        done_by=frozenset({Role.TEAM_LEADER}),
        answers=lambda cast, stage: {
            f"time_{time.pk}": "if_need_be" for time in stage.question.poll.times.all()
        },
    ),
    PageOfObject(
        "meetings:book",
        "needed_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=booking,
        wrong={"day": day(-1)},
        wrong_field="day",
    ),
    PageOfObject(
        "meetings:reschedule",
        "booked_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            **booking(cast, stage),
            "seen_state": "booked",
            "day": day(21),
            "reason": "Halva gruppen är sjuk.",
        },
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject(
        "meetings:reply",
        "booked_meeting",
        seen_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER},
        done_by=SUPPORTERS,
        answers=an_answer_from_a_calendar,
    ),
    PageOfObject(
        "meetings:hold",
        "booked_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "seen_state": "booked",
            "present": booking(cast, stage)["participants"],
            "next_on": day(100),
        },
        wrong={"present": ["ingen"]},
        wrong_field="present",
    ),
    PageOfObject(
        "meetings:agenda",
        "booked_meeting",
        seen_by=PREPARERS,
        done_by=PREPARERS,
        answers=lambda cast, stage: {
            "title": "Handledningens omfattning",
            "minutes": "20",
            "owner_party": "university",
        },
        wrong={"minutes": "0"},
        wrong_field="minutes",
    ),
    PageOfObject(
        "meetings:point",
        "point",
        seen_by=PREPARERS,
        done_by=PREPARERS,
        answers=lambda cast, stage: {
            "title": "Hur insatserna har landat",
            "minutes": "40",
            "owner_party": "organiser",
        },
        wrong={"title": " "},
        wrong_field="title",
    ),
    PageOfObject(
        "meetings:prepare",
        "booked_meeting",
        seen_by=PREPARERS,
        done_by=PREPARERS,
        answers=lambda cast, stage: {"text": "Vi vill tala om tiden för handledning."},
        wrong={"text": "x" * 1_001},
        wrong_field="text",
    ),
    PageOfObject(
        "meetings:before",
        "preparing",
        seen_by=PREPARERS,
        done_by=PREPARERS,
        answers=lambda cast, stage: {"text": "Vi vill tala om tiden för handledning."},
        wrong={"text": "x" * 1_001},
        wrong_field="text",
    ),
    PageOfObject("meetings:before", "unanswered"),
    PageOfObject(
        "meetings:attend",
        "booked_meeting",
        seen_by=GUESTS,
        done_by=GUESTS,
        answers=lambda cast, stage: {"answer": "accepted"},
        wrong={"answer": "kanske"},
        wrong_field="answer",
    ),
    PageOfObject(
        "meetings:change",
        "change",
        seen_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY},
        done_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY},
        answers=lambda cast, stage: {"because": "Insatsen ryms i den som pågår."},
        wrong={"because": ""},
        wrong_field="because",
    ),
    PageOfObject(
        "meetings:conduct",
        "booked_meeting",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            f"outcome_{stage.point.pk}": "Alla tre ser att eleverna vet vad de ska göra.",
            "decisions": "Observationerna fortsätter till jul.",
            "promise_1": "Frigöra en timme i veckan.",
            "promise_party_1": "organiser",
            "promise_person_1": str(cast.ours.head_of_authority.pk),
            "promise_by_1": day(30),
            "promise_party_2": "university",
            "promise_party_3": "agency",
            "change": "",
        },
        wrong={"promise_person_1": str(NOBODY)},
        wrong_field="promise_person_1",
    ),
    PageOfObject("meetings:screen", "booked_meeting"),
    PageOfObject(
        "meetings:confirm",
        "minuted_meeting",
        seen_by=AUTHORITY | LEADERS,
        done_by=AUTHORITY | LEADERS,
        answers=lambda cast, stage: {"seen_state": "minuted"},
    ),
    PageOfObject(
        "meetings:learning",
        "held_meeting",
        seen_by=GUESTS,
        done_by=GUESTS,
        answers=lambda cast, stage: {"answer": "yes", "word": "Att fråga innan vi svarar."},
        wrong={"answer": "kanske"},
        wrong_field="answer",
    ),
    PageOfObject("assessments:mapping", "started_mapping"),
    PageOfObject(
        "assessments:mapping",
        "begun_mapping",
        seen_by=VISITORS | LEADERS | AUTHORITY,
        done_by=LEADERS | AUTHORITY,
        answers=lambda cast, stage: {
            "mapped_on": day(0),
            "method": "Samtal med ledningsgruppen.",
            **{f"level_{each}": "3" for each in Dimension},
            **{f"note_{each}": "Det syns i arbetslagens möten." for each in Dimension},
        },
        wrong={"mapped_on": "9999-12-31"},
        wrong_field="mapped_on",
    ),
    PageOfObject(
        "assessments:government_report",
        "government_report",
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        done_by=frozenset({Role.AGENCY_MANAGER}),
        answers=lambda cast, stage: {"seen": "0", "note": "Vi frågar huvudmännen i januari."},
        wrong={"note": "x" * 2_001},
        wrong_field="note",
    ),
    PageOfObject("portfolio:year", "government_report", seen_by=frozenset({Role.AGENCY_MANAGER})),
    PageOfObject(
        "portfolio:year_png",
        "government_report",
        slugs=("farger",),
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        is_file=True,
    ),
    PageOfObject(
        "reports:yearly_in_word",
        "government_report",
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        is_file=True,
    ),
    PageOfObject(
        "reports:yearly_in_pdf",
        "government_report",
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        is_file=True,
    ),
    PageOfObject("reports:brief", "booked_meeting"),
    PageOfObject("reports:brief_in_word", "booked_meeting", is_file=True),
    PageOfObject("reports:brief_in_pdf", "booked_meeting", is_file=True),
    PageOfObject("reports:report", "submitted_report"),
    PageOfObject("reports:report", "open_report", seen_by=WRITERS),
    PageOfObject("reports:report", "returned_report"),
    PageOfObject(
        "reports:write",
        "open_report",
        slugs=("1",),
        seen_by=WRITERS,
        done_by=WRITERS,
        answers=lambda cast, stage: {"lessons-1": "Insatsen har lett till nya rutiner."},
        wrong={"lessons-1": "x" * 50_001},
        wrong_field="lessons-1",
    ),
    # A part of the page of writing, fetched by itself.
    PageOfObject("reports:writers", "open_report", seen_by=WRITERS, is_file=True),
    PageOfObject("reports:preview", "submitted_report"),
    PageOfObject("reports:in_word", "submitted_report", is_file=True),
    PageOfObject("reports:in_pdf", "submitted_report", is_file=True),
    PageOfObject("reports:frozen", "submitted_report", slugs=("1",), is_file=True),
    PageOfObject("reports:differences", "submitted_report"),
    PageOfObject("reports:synthesis", "collaboration"),
    PageOfObject("reports:synthesis_word", "collaboration", is_file=True),
    PageOfObject("reports:synthesis_pdf", "collaboration", is_file=True),
    PageOfObject("reports:collected", "collaboration", is_file=True),
    PageOfObject("reports:collected_pdf", "collaboration", is_file=True),
    PageOfObject("reports:written_synthesis", "synthesis"),
    PageOfObject("reports:written_synthesis_word", "synthesis", is_file=True),
    PageOfObject("reports:written_synthesis_pdf", "synthesis", is_file=True),
    PageOfObject(
        "reports:write_synthesis",
        "synthesis",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "introduction": "Tre enheter har arbetat tillsammans i tre år.",
            "conclusion": "Förvaltningens ledningsgrupp följer det vidare.",
        },
        wrong={"introduction": "x" * 20_001},
        wrong_field="introduction",
    ),
    PageOfObject(
        "reports:synthesis_section",
        "synthesis",
        slugs=("tema-collegial",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {"text": "Vi lär av varandra.", "search": ""},
        wrong={"text": "x" * 20_001},
        wrong_field="text",
    ),
    PageOfObject(
        "reports:return",
        "submitted_report",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "seen_state": "submitted",
            "reason": "Berätta mer om lärdomarna.",
            "question-lessons-1": "Vad skulle ni göra annorlunda?",
        },
        wrong={"reason": " "},
        wrong_field="reason",
    ),
    PageOfObject(
        "reports:read_in",
        "open_report",
        seen_by=WRITERS,
        done_by=WRITERS,
        answers=what_a_file_says,
        wrong={"text-lessons-1": "x" * 50_001},
        wrong_field="text-lessons-1",
    ),
    PageOfObject(
        "reports:take_up", "submitted_report", seen_by=frozenset({Role.PROCESS_SUPPORTER})
    ),
    PageOfObject("reports:earlier_insatser", "collaboration"),
    PageOfObject("reports:earlier_insats", "earlier_insats"),
    PageOfObject("reports:earlier_insats", "drafted_earlier_insats", seen_by=AUTHORITY),
    PageOfObject(
        "reports:take_back_insats",
        "earlier_insats",
        seen_by=WRITERS,
        done_by=WRITERS,
        answers=lambda cast, stage: {},
    ),
    PageOfObject(
        "reports:bring_in",
        "drafted_plan",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "rows": "problem-1,goal-1,colour-1",
            "take-problem-1": "on",
            "text-problem-1": "Få elever återkommer.",
            "take-goal-1": "on",
            "text-goal-1": "Varje elev återkommer.",
            "of-goal-1": "problem-1",
            "take-colour-1": "on",
            "text-colour-1": "",
            "of-colour-1": "goal-1",
            "level-colour-1": "started",
            "day-colour-1": "2025-06-12",
            "from-colour-1": "Delredovisning 2025-06-12",
        },
        wrong={"take-colour-1": "on", "day-colour-1": "i somras"},
        wrong_field="day-colour-1",
    ),
    PageOfObject(
        "reports:reply",
        "report_question",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {"reply": "Vi skulle börja i mindre grupper."},
        wrong={"reply": " "},
        wrong_field="reply",
    ),
    PageOfObject("reports:university_report", "submitted_university_report"),
    PageOfObject("reports:university_report", "drafted_university_report", seen_by=UNIVERSITY),
    PageOfObject(
        "reports:university_write",
        "drafted_university_report",
        slugs=("lardomar",),
        seen_by=UNIVERSITY,
        done_by=UNIVERSITY,
        answers=lambda cast, stage: {"lessons": "Vi börjar i elevsvaren nästa gång också."},
        wrong={"lessons": "x" * 50_001},
        wrong_field="lessons",
    ),
    PageOfObject(
        "reports:university_writers", "drafted_university_report", seen_by=UNIVERSITY, is_file=True
    ),
    PageOfObject("reports:university_preview", "submitted_university_report"),
    PageOfObject("reports:university_in_word", "submitted_university_report", is_file=True),
    PageOfObject("reports:university_in_pdf", "submitted_university_report", is_file=True),
    PageOfObject(
        "reports:university_frozen", "submitted_university_report", slugs=("1",), is_file=True
    ),
    PageOfObject("reports:university_differences", "submitted_university_report"),
    PageOfObject("reports:finance", "returned_accounts"),
    PageOfObject("reports:finance_in_excel", "returned_accounts", is_file=True),
    PageOfObject("reports:finance_frozen", "returned_accounts", slugs=("1",), is_file=True),
    PageOfObject(
        "reports:finance_insats",
        "returned_accounts",
        slugs=("1",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "1-used-substitutes": "250 000,50",
            "1-used-travel": "12500",
            "1-own_share-other": "0",
            "1-paid": "300 000 kr",
            "1-explanation": "Ett besök ställdes in.",
        },
        wrong={"1-used-travel": "-1"},
        wrong_field="1-used-travel",
    ),
    PageOfObject(
        "reports:finance_contact",
        "returned_accounts",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "invoice_contact": "Ekonomienheten, 012-345 67",
            "reply": "Två tågresor till Stockholm.",
        },
        wrong={"invoice_contact": "x" * 201},
        wrong_field="invoice_contact",
    ),
    PageOfObject(
        "reports:finance_read_in",
        "returned_accounts",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=what_a_workbook_says,
        wrong={"value-1-used-travel": "tolv"},
        wrong_field="value-1-used-travel",
    ),
    PageOfObject("reports:templates", seen_by=frozenset({Role.AGENCY_MANAGER})),
    PageOfObject(
        "reports:blank_form",
        slugs=("university_final",),
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        is_file=True,
    ),
    PageOfObject("reports:template", "report_form", seen_by=frozenset({Role.AGENCY_MANAGER})),
    PageOfObject(
        "sbs_workflow:step",
        "held_meeting",
        step="write_minutes",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {"seen_state": "held", "minutes": "Alla mål är på god väg."},
        wrong={"minutes": ""},
        wrong_field="minutes",
    ),
    PageOfObject(
        "sbs_workflow:step",
        "minuted_meeting",
        step="ask_for_correction",
        seen_by=AUTHORITY | LEADERS,
        done_by=AUTHORITY | LEADERS,
        answers=lambda cast, stage: {"seen_state": "minuted", "reason": "Datumet är fel."},
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject(
        "sbs_workflow:step",
        "collaboration",
        step="pause",
        seen_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY},
        done_by=SUPPORTERS | {Role.HEAD_OF_AUTHORITY},
        answers=lambda cast, stage: {
            "seen_state": "active",
            "resume_on": day(60),
            "reason": "Rektorsbyte på två enheter.",
        },
        wrong={"resume_on": "9999-12-31"},
        wrong_field="resume_on",
    ),
    PageOfObject(
        "sbs_workflow:step",
        "intervention",
        step="complete",
        seen_by=LEADERS,
        done_by=LEADERS,
        answers=lambda cast, stage: {"seen_state": "running", "ends_on": day(30)},
        wrong={"ends_on": day(-1)},
        wrong_field="ends_on",
    ),
    PageOfObject(
        "sbs_workflow:step",
        "task",
        step="report_back",
        seen_by=WRITERS,
        done_by=WRITERS,
        answers=lambda cast, stage: {
            "seen_state": "given",
            "course": "partly",
            "report": "Vi hann med en klass.",
        },
        wrong={"course": "utmärkt"},
        wrong_field="course",
    ),
    PageOfObject(
        "sbs_workflow:step",
        "deviating_intervention",
        step="settle_deviation",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "seen_state": "deviation_open",
            "reason": "Handledningen tas igen i höst.",
        },
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject(
        "sbs_workflow:settle_promise",
        "promise",
        done_by=EVERYBODY,
        answers=lambda cast, stage: {"outcome": "kept", "word": "En timme i veckan."},
        wrong={"outcome": "glömt"},
        wrong_field="outcome",
    ),
    PageOfObject(
        "sbs_workflow:new_collaboration",
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        done_by=frozenset({Role.AGENCY_MANAGER}),
        answers=lambda cast, stage: {
            "name": "Ådalen, andra omgången",
            "organiser": str(cast.ours.organiser.pk),
            "university": "",
            "cohort": "VT2027",
            "reference": "",
            "selection_source": "Skolinspektionen 2026:3",
            "contact_person": "Sara Skolchef",
        },
        wrong={"name": ""},
        wrong_field="name",
    ),
    PageOfObject(
        "sbs_workflow:describe",
        "collaboration",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {
            "name": "Ådalens kommun",
            "university": str(cast.ours.university.pk),
            "cohort": "VT2025",
            "reference": "Dnr 2025:7",
            "selection_source": "Skolinspektionen 2025:114",
            "contact_person": "Sara Skolchef",
        },
        wrong={"university": "00000000-0000-4000-8000-000000000000"},
        wrong_field="university",
    ),
    PageOfObject(
        "sbs_workflow:new_unit",
        "collaboration",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {"unit": str(spare_unit(cast).pk)},
        wrong={"unit": ""},
        wrong_field="unit",
    ),
    PageOfObject(
        "sbs_workflow:unit_leaves",
        "participation",
        seen_by=SUPPORTERS,
        done_by=SUPPORTERS,
        answers=lambda cast, stage: {"reason": "Förskolan läggs ner."},
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject("sbs_workflow:school_calendars"),
    PageOfObject("sbs_workflow:school_calendar", "organiser"),
    PageOfObject(
        "sbs_workflow:new_break",
        "organiser",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "name": "Studiedag",
            "kind": "closed",
            "first_day": "2026-11-16",
            "last_day": "2026-11-16",
        },
        wrong={"last_day": "2027-11-16"},
        wrong_field="last_day",
    ),
    PageOfObject(
        "sbs_workflow:new_school_year",
        "organiser",
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {"first_day": "2027-08-17", "last_day": "2028-06-09"},
        wrong={"last_day": "2027-08-17"},
        wrong_field="last_day",
    ),
    PageOfObject(
        "sbs_workflow:break",
        "organiser",
        slugs=("school_break",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {
            "name": "Höstlov",
            "kind": "holiday",
            "first_day": "2026-10-26",
            "last_day": "2026-11-01",
        },
        wrong={"name": ""},
        wrong_field="name",
    ),
    PageOfObject(
        "sbs_workflow:school_year",
        "organiser",
        slugs=("school_year",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=lambda cast, stage: {"first_day": "2026-08-17", "last_day": "2027-06-11"},
        wrong={"first_day": "i augusti"},
        wrong_field="first_day",
    ),
    PageOfObject(
        "sbs_workflow:break_goes",
        "organiser",
        slugs=("school_break",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject(
        "sbs_workflow:school_year_goes",
        "organiser",
        slugs=("school_year",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject(
        "sbs_workflow:adopt",
        "organiser",
        slugs=("2027",),
        seen_by=AUTHORITY,
        done_by=AUTHORITY,
        answers=nothing,
    ),
    PageOfObject(
        "sbs_workflow:vacancy",
        "vacancy",
        done_by=NAMERS,
        answers=lambda cast, stage: {
            "email": cast.ours.education_leader.email,
            "name": "",
            "starts_on": day(0),
        },
        wrong={"email": "ulla"},
        wrong_field="email",
    ),
    PageOfObject(
        "sbs_workflow:addresstrouble",
        "address_trouble",
        seen_by=frozenset({Role.UNIVERSITY_LEAD}),
        done_by=frozenset({Role.UNIVERSITY_LEAD}),
        answers=lambda cast, stage: {"email": cast.ours.education_leader.email},
        wrong={"email": "ulla"},
        wrong_field="email",
    ),
    PageOfObject("organisations:account"),
    PageOfObject("organisations:sessions"),
    PageOfObject("organisations:school_register", seen_by=frozenset({Role.AGENCY_MANAGER})),
    PageOfObject(
        "organisations:schools_file",
        "register_file",
        seen_by=frozenset({Role.AGENCY_MANAGER}),
        done_by=frozenset({Role.AGENCY_MANAGER}),
        answers=nothing,
    ),
    PageOfObject("organisations:see_as", "leaver", seen_by=frozenset()),
    PageOfObject("organisations:stop_seeing", seen_by=frozenset()),
    PageOfObject("organisations:second_factor"),
    PageOfObject("organisations:people", "organiser", seen_by=INVITERS),
    PageOfObject(
        "organisations:invite",
        "organiser",
        seen_by=INVITERS,
        done_by=INVITERS,
        answers=lambda cast, stage: {
            "role": "process_leader",
            "unit": str(cast.ours.school.pk),
            "name": "Nina Ny",
            "email": "nina@adalen.example",
        },
        wrong={"email": "nina"},
        wrong_field="email",
    ),
    PageOfObject(
        "organisations:revoke",
        "invitation",
        seen_by=INVITERS,
        done_by=INVITERS,
        answers=lambda cast, stage: {},
    ),
    PageOfObject(
        "sbs_workflow:new_assignment",
        "collaboration",
        seen_by=NAMERS,
        done_by=NAMERS,
        answers=lambda cast, stage: {
            "role": "education_leader",
            "email": "olle@utanfor.example",
            "name": "Olle Utomstående",
            "starts_on": day(0),
        },
        wrong={"email": "olle"},
        wrong_field="email",
    ),
    PageOfObject(
        "sbs_workflow:assignment_ends",
        "assignment",
        seen_by=NAMERS,
        done_by=NAMERS,
        answers=lambda cast, stage: {
            "ends_on": day(30),
            "starts_on": day(0),
            f"successor_{stage.assignment.pk}": str(cast.ours.team_leader.pk),
        },
        wrong={"ends_on": day(-4000)},
        wrong_field="ends_on",
    ),
    PageOfObject(
        "sbs_workflow:membership_ends",
        "membership",
        seen_by=INVITERS,
        done_by=INVITERS,
        answers=lambda cast, stage: a_vacant_role(stage),
        wrong={"starts_on": "snart"},
        wrong_field="starts_on",
    ),
    PageOfObject(
        "sbs_workflow:person_leaves",
        "organiser",
        slugs=("leaver",),
        seen_by=INVITERS,
        done_by=INVITERS,
        answers=lambda cast, stage: a_vacant_role(stage),
        wrong={"ends_on": "snart"},
        wrong_field="ends_on",
    ),
    # For support alone.
    PageOfObject("sbs_workflow:close_account", "leaver", seen_by=frozenset()),
    PageOfObject("records:readings", "collaboration", seen_by=LEADS),
    PageOfObject("records:papers", "collaboration"),
    PageOfObject(
        "records:register_paper",
        "collaboration",
        slugs=("redovisning", "submitted_report"),
        seen_by=REGISTRARS,
        done_by=REGISTRARS,
        answers=lambda cast, stage: {
            "number": "BUN 2026/182-609",
            "status": "official",
            "kind": "received",
            "dated_on": day(-3),
            "secrecy": "OSL 23 kap. 1 §",
        },
        wrong={"dated_on": "snart"},
        wrong_field="dated_on",
    ),
    PageOfObject("records:archive", "collaboration", is_file=True),
    PageOfObject(
        "records:hold",
        "collaboration",
        seen_by=LEADS,
        done_by=LEADS,
        answers=lambda cast, stage: {"reason": "En tvist om betalningen."},
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject("records:registers"),
    PageOfObject("records:register", "organiser", seen_by=AUTHORITY),
    PageOfObject("records:register_file", "organiser", seen_by=AUTHORITY, is_file=True),
    PageOfObject(
        "records:retention",
        done_by=LEADS,
        answers=lambda cast, stage: {
            "kind": "letter",
            "years": "5",
            "decision": "KS 2026:114 § 12",
        },
        wrong={"decision": ""},
        wrong_field="decision",
    ),
    PageOfObject("records:thin_out", seen_by=frozenset({Role.AGENCY_MANAGER})),
    PageOfObject("records:my_data"),
    PageOfObject("records:my_data_file", is_file=True),
    PageOfObject(
        "records:my_name",
        done_by=EVERYBODY,
        answers=lambda cast, stage: {"name": "Rut Ek"},
        wrong={"name": "Rut 811218-9876"},
        wrong_field="name",
    ),
    PageOfObject("records:people"),
    PageOfObject("records:person", "leaver", seen_by=HEAD),
    PageOfObject("records:person_file", "leaver", seen_by=HEAD, is_file=True),
    PageOfObject(
        "records:protect",
        "leaver",
        seen_by=HEAD,
        done_by=HEAD,
        answers=lambda cast, stage: {"reason": "Skyddade personuppgifter."},
        wrong={"reason": ""},
        wrong_field="reason",
    ),
    PageOfObject(
        "records:pseudonymise",
        "leaver",
        seen_by=HEAD,
        done_by=HEAD,
        answers=lambda cast, stage: {
            "reason": "Har slutat.",
            "is_sure": "on",
            f"successor_{stage.membership.pk}": "vacant",
            f"word_{stage.membership.pk}": "Rektorn tar det tills vidare.",
        },
        wrong={"reason": ""},
        wrong_field="reason",
    ),
]
FORMS = [page for page in PAGES if page.has_form]
# The others ask once before something is taken away or noted, and for nothing more.
ASKING = [page for page in FORMS if page.wrong_field]
