"""The red thread as a case file tells it, and what the rules say when a file breaks it."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext as _

from cases.actions import CaseFilesRefused, load_cases
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    InterimTask,
    Intervention,
    Terms,
    Touch,
    Visit,
)
from notifications.clock import STOCKHOLM
from plans.models import ActionPlan, Evidence, GoalRating, PlannedGoal, Problem, SituationAnalysis
from sbs_workflow.models import Promise, TransitionRecord
from tests.cases.conftest import RED_THREAD, SMALL_CASE, WriteCase

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2026, 3, 10, 9, tzinfo=STOCKHOLM)
# The line on which the story of the red thread begins.
FIRST = SMALL_CASE.count("\n") + 1


@pytest.fixture
def _told(write_case: WriteCase) -> None:
    load_cases([write_case(more=RED_THREAD)], now=NOW)


def planned(version: int) -> dict[int, PlannedGoal]:
    rows = PlannedGoal.objects.filter(plan__version=version, plan__unit__name="Centralskolan")
    return {row.goal.number: row for row in rows.select_related("goal")}


@pytest.mark.usefixtures("_told")
def test_problems_have_causes_and_evidence() -> None:
    problem = Problem.objects.get(analysis__unit__name="Centralskolan")
    assert problem.analysis.prioritised_areas == ["Undervisningens kvalitet"]
    assert [cause.number for cause in problem.causes.all()] == [1, 2]
    evidence = Evidence.objects.get(problem=problem)
    assert (evidence.kind, evidence.voice) == ("statistics", "staff")
    assert evidence.noted_on == date(2025, 6, 16)


@pytest.mark.usefixtures("_told")
def test_goals_answer_causes_and_are_kept_when_the_plan_is_revised() -> None:
    old, new = planned(1), planned(2)
    assert [cause.number for cause in old[1].causes.all()] == [1, 2]
    assert (old[1].baseline, old[1].follow_up_by) == ("Tre lärare", "rektor")
    assert old[2].follow_up_on == date(2027, 6, 16)
    assert sorted(new) == [1, 3]
    # What version 2 does not tell of goal 1 is as it was.
    assert new[1].target == "Alla lärare, på film eller på plats"
    assert (new[1].text, new[1].measure) == (old[1].text, old[1].measure)
    assert list(new[1].causes.all()) == list(old[1].causes.all())
    plans = ActionPlan.objects.filter(unit__name="Centralskolan").order_by("version")
    assert [plan.state for plan in plans] == ["superseded", "adopted"]


@pytest.mark.usefixtures("_told")
def test_what_is_shared_in_spite_of_a_caution_is_recorded_with_the_reason() -> None:
    shared = TransitionRecord.objects.filter(machine="atgardsplan", transition="share")
    overridden = shared.exclude(overridden=[]).get()
    assert "Förvaltningen" in overridden.object_name
    assert overridden.reason.startswith("Förvaltningen bestämmer")


@pytest.mark.usefixtures("_told")
def test_an_amendment_changes_and_drops_insatser_and_keeps_the_rest() -> None:
    first, second = Agreement.objects.order_by("version")
    assert (first.state, second.state) == ("superseded", "signed")
    assert second.amended_by is not None
    assert second.amended_by.name == "Sara Skolchef"
    assert list(first.instalments.values_list("amount", flat=True)) == [200_000, 100_000]
    assert list(second.instalments.values_list("amount", flat=True)) == [350_000]
    assert second.reporting_dates.count() == 2
    kept = Terms.objects.get(agreement=second)
    assert kept.name == "Se varandras lektioner"
    assert kept.participants == [["lärare", 24], ["rektor", 1]]
    assert [goal.number for goal in kept.goals.all()] == [1]
    assert kept.ends_on == date(2027, 6, 11)
    lessons, talks = Intervention.objects.order_by("number")
    assert (lessons.state, talks.state) == ("extended", "cancelled")
    assert (talks.provider, talks.provider_name) == ("consultant", "Konsulten")
    assert [outline.text for outline in lessons.outlines.all()] == [
        "Två filmer i stället för en.",
        "Vi börjar med en film.",
    ]
    deviation = Deviation.objects.get()
    assert deviation.outcome == Deviation.Outcome.AMENDED


@pytest.mark.usefixtures("_told")
def test_the_assignment_thins_out_and_is_asked_for_again() -> None:
    draft, confirmed = AssignmentPlan.objects.all()
    assert (draft.state, confirmed.state) == ("draft", "confirmed")
    assert confirmed.team == "Lo Ledare\nEn kollega"
    days = dict(confirmed.months.values_list("month", "days"))
    assert days[date(2025, 10, 1)] == 2
    assert days[date(2027, 6, 1)] == Decimal("0.5")
    assert date(2026, 7, 1) not in days
    # A month without planned days owes no visit.
    assert not Visit.objects.filter(month=date(2027, 1, 1), due_on__isnull=False).exists()


@pytest.mark.usefixtures("_told")
def test_a_visit_leaves_touches_promises_and_tasks() -> None:
    visit = Visit.objects.get(takes_place_on=date(2025, 10, 20))
    assert visit.participants == [["lärare", 12], ["rektor", 1]]
    touched = Touch.objects.filter(visit=visit)
    assert touched.filter(intervention__number=1).count() == 1
    assert touched.filter(goal__number=1).count() == 1
    kept, dropped = Promise.objects.filter(made_in=visit.pk).order_by("settled_on")
    assert (kept.party, kept.outcome, kept.word) == ("university", "kept", "Skickade.")
    assert kept.due_on == date(2025, 10, 31)
    assert (dropped.party, dropped.outcome) == ("organiser", "dropped")
    task = InterimTask.objects.get(visit=visit)
    assert (task.state, task.course, task.report) == ("discussed", "partly", "Hälften hann.")
    steps = TransitionRecord.objects.filter(object_id=task.pk).order_by("occurred_at")
    assert [step.transition for step in steps] == ["begin", "report_back", "discuss"]


@pytest.mark.usefixtures("_told")
def test_each_party_has_its_colour_and_the_meeting_agrees_on_one() -> None:
    ratings = {rating.whose: rating for rating in GoalRating.objects.all()}
    assert {whose: rating.level for whose, rating in ratings.items()} == {
        "organiser": "well_under_way",
        "university": "started",
        "agreed": "started",
    }
    assert ratings["organiser"].by.name == "Rut Rektor"
    assert ratings["university"].evidence_kind == "observation"
    assert "3 december 2025" in ratings["agreed"].occasion


WRONG = [
    ("      - number: 1\n        to: 2027-06-11", "number: 1", "number: 7", "number: 7"),
    ("skolan 1.2]", "skolan 1.2", "skolan 1.9", "skolan 1.9"),
    ("goals: [skolan 1, skolan 2]", "skolan 2]", "skolan 5]", "skolan 5]"),
    ("- {goal: skolan 1, level: started, why: Halva", "skolan 1", "skolan 8", "skolan 8"),
    ("drop: [skolan 2]", "skolan 2", "skolan 6", "skolan 6"),
    ("        - number: 1\n          target", "number: 1", "number: 4", "number: 4"),
    ("- problem: 1\n          causes: 2", "causes: 2", "causes: 3", "problem: 1"),
]


@pytest.mark.parametrize(("where", "old", "new", "at"), WRONG, ids=[row[2] for row in WRONG])
def test_what_is_named_but_not_there_is_told_at_its_own_place(
    write_case: WriteCase, where: str, old: str, new: str, at: str
) -> None:
    assert RED_THREAD.count(where) == 1
    path = write_case(more=RED_THREAD.replace(where, where.replace(old, new)))
    start = path.read_text().index(where.replace(old, new))
    before = path.read_text()[: path.read_text().index(at, start)]
    place = f"{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    with pytest.raises(CaseFilesRefused) as refused:
        load_cases([path], now=NOW)
    said = _("%(what)s %(number)s is unknown here.") % {"what": "[a-zåäö ]+", "number": r"\d"}
    assert re.fullmatch(re.escape(f"{path}:{place}: ") + said, refused.value.lines[0])


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        ("given: 2025-10-20\n    units: [skolan]\n    course", "given: 2025-10-21\n    units: "
         "[skolan]\n    course", "2025-11-05: report task"),
        ("    party: university\n    word", "    party: agency\n    word", "keep promise"),
        ("    past_gates: Förv", "    participants: Förv", "2025-09-24: share plan"),
        ("    team: [Lo Ledare, En kollega]\n", "", "confirm assignment"),
        ("    numbers: 1\n    text: Två", "    numbers: 3\n    text: Två", "adapt insats"),
    ],
)  # fmt: skip
def test_what_a_rule_refuses_is_told_at_the_event(
    write_case: WriteCase, old: str, new: str, event: str
) -> None:
    assert RED_THREAD.count(old) == 1
    path = write_case(more=RED_THREAD.replace(old, new))
    lines = path.read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if event in line and n >= FIRST)
    with pytest.raises(CaseFilesRefused) as refused:
        load_cases([path], now=NOW)
    assert refused.value.lines[0].startswith(f"{path}:{number}:5: ")


REWRITTEN = """\
  - 2025-09-17: reopen analysis
    units: [skolan]
    reason: Nya resultat.
  - 2025-09-18: write analysis
    problems:
      skolan:
        - number: 1
          area: Likvärdighet
          causes: [Vi planerar ensamma.]
          drop_causes: 2
        - text: Ett problem som togs bort.
  - 2025-09-19: share analysis
    drop: [skolan 2]
"""


def test_an_analysis_is_rewritten_in_part(write_case: WriteCase) -> None:
    load_cases([write_case(more=REWRITTEN)], now=NOW)
    problem = Problem.objects.get(analysis__unit__name="Centralskolan")
    assert problem.text == "Eleverna når olika långt i olika klasser."
    assert problem.development_area == "Likvärdighet"
    assert [cause.text for cause in problem.causes.all()] == ["Vi planerar ensamma."]
    # Only the unit that the event speaks of is touched.
    states = SituationAnalysis.objects.order_by("unit__name").values_list("state", flat=True)
    assert list(states) == ["shared", "concluded"]


ACCEPTED = """\
  - 2026-01-20: accept deviation
    reason: Det ryms i tiden.
"""


def test_a_deviation_can_be_accepted(write_case: WriteCase) -> None:
    story = RED_THREAD.split("  - 2026-01-19")[0] + ACCEPTED
    load_cases([write_case(more=story)], now=NOW)
    assert Deviation.objects.get().outcome == Deviation.Outcome.ACCEPTED
    assert set(Intervention.objects.values_list("state", flat=True)) == {"running"}


def test_an_assignment_is_revised_by_hand(write_case: WriteCase) -> None:
    story = RED_THREAD.split("  - 2026-01-15")[0]
    story += "  - 2026-01-15: revise assignment\n  - 2026-01-16: send assignment\n"
    story += "  - 2026-01-19: confirm assignment\n    team: Lo Ledare ensam\n"
    load_cases([write_case(more=story)], now=NOW)
    new, old = AssignmentPlan.objects.all()
    assert (new.state, new.team) == ("confirmed", "Lo Ledare ensam")
    # Only the team was told anew.
    assert list(new.months.values_list("month", "days")) == list(
        old.months.values_list("month", "days")
    )
