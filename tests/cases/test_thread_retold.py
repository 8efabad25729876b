"""The red thread told otherwise, and what the rules say when a file breaks it."""

import re
from datetime import datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from cases.actions import CaseFilesRefused, load_cases
from interventions.models import AssignmentPlan, Deviation, Intervention
from notifications.clock import STOCKHOLM
from plans.models import Problem, SituationAnalysis
from tests.cases.conftest import RED_THREAD, SMALL_CASE, WriteCase

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2026, 3, 10, 9, tzinfo=STOCKHOLM)
# The line on which the story of the red thread begins.
FIRST = SMALL_CASE.count("\n") + 1


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


def test_a_refusal_says_of_which_unit(write_case: WriteCase) -> None:
    path = write_case(more=RED_THREAD.replace("    past_gates: Förv", "    participants: Förv"))
    with pytest.raises(CaseFilesRefused) as refused:
        load_cases([path], now=NOW)
    assert ":5: Åtgärdsplan, Förvaltningen: " in refused.value.lines[0]


def test_a_visit_that_would_be_planned_before_any_is_owed_says_what_to_write(
    write_case: WriteCase,
) -> None:
    planned = "    planned: 2025-10-07\n"
    assert planned in RED_THREAD
    path = write_case(more=RED_THREAD.replace(planned, ""))
    with pytest.raises(CaseFilesRefused) as refused, translation.override("en"):
        load_cases([path], now=NOW)
    assert "such as planned: 2025-10-20, once the" in refused.value.lines[0]


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
