"""Åtgärdsplan: goals and how they are followed up, and the versions of the plan."""

from typing import Any

from cases.events.analyses import existing, write_texts
from cases.nodes import Node
from cases.reading import (
    NUMBER,
    Key,
    Reader,
    Reference,
    Row,
    each_unit,
    for_units,
    list_of,
    read_numbered,
    read_row,
    short,
)
from cases.story import Story, numbered
from cases.vocabulary import PAST_GATES, REASON, UNITS, Told, event
from organisations.models import Unit
from plans.actions import drop_goal, revise_plan, write_goal
from plans.models import ActionPlan, Problem
from plans.permissions import can_revise, can_write

TEXTS = {"text": "text", "follow_up": "follow_up", "participants": "participants"}
SAID = {
    "short": "short_term_effect",
    "long": "long_term_effect",
    "measure": "measure",
    "baseline": "baseline",
    "target": "target",
}


def read_follow_up(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(node, Key("on", Reader.day), Key("by", short(200)))


def read_goal(reader: Reader, node: Node) -> Row:
    return read_row(
        reader,
        node,
        Key("problem", NUMBER),
        Key("causes", list_of(NUMBER)),
        Key("text", Reader.text),
        *(Key(name, Reader.text) for name in SAID),
        Key("follow_up", read_follow_up),
        new=("problem", "text"),
    )


GOALS = Key("goals", each_unit(list_of(read_goal)))
CONTENT = (
    GOALS,
    Key("drop", list_of(read_numbered)),
    Key("text", for_units(Reader.text)),
    Key("follow_up", for_units(Reader.text)),
    Key("participants", for_units(Reader.text)),
)


def _plan(story: Story, unit: Unit) -> ActionPlan:
    """The newest version."""
    found = ActionPlan.objects.filter(collaboration=story.collaboration, unit=unit)
    plan: ActionPlan = existing(found.select_related("unit").order_by("-version").first(), unit)
    return plan


@event("write plan", UNITS, *CONTENT)
def write_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        _written(story, told, unit)


def _written(story: Story, told: Told, unit: Unit) -> ActionPlan:
    plan = _plan(story, unit)
    for named in told["drop"] or ():
        if story.units[named.unit] == unit:
            _drop(story, told, plan, named)
    write_goals(story, told, plan)
    written: ActionPlan = write_texts(story, told, plan, TEXTS)
    return written


def _drop(story: Story, told: Told, plan: ActionPlan, named: Reference) -> None:
    planned = numbered(plan.planned_goals, named.number, named.node, field="goal__number")
    drop_goal(planned=planned, by=story.somebody(can_write, plan, told), now=story.now)


def write_goals(story: Story, told: Told, plan: ActionPlan) -> None:
    for row in story.said_of(told, "goals", plan.unit) or ():
        _write_goal(story, told, plan, row)


def _write_goal(story: Story, told: Told, plan: ActionPlan, row: Row) -> None:
    """What the row does not tell of a known goal stays as it is."""
    planned = row["number"] and numbered(
        plan.planned_goals, row["number"], row.node, field="goal__number"
    )
    problem: Any = planned.problem if planned else None
    if row["problem"]:
        of_unit = Problem.objects.filter(
            analysis__collaboration=plan.collaboration_id, analysis__unit=plan.unit_id
        )
        problem = numbered(of_unit, row["problem"], row.node)
    said = {field: row[name] for name, field in SAID.items() if row[name]}
    for name, value in (row["follow_up"] or {}).items():
        said[f"follow_up_{name}"] = value
    write_goal(
        plan=plan,
        planned=planned,
        problem=problem,
        causes=_causes(problem, planned, row),
        text=row["text"] or planned.text,
        by=story.somebody(can_write, plan, told),
        now=story.now,
        **said,
    )


def _causes(problem: Any, planned: Any, row: Row) -> list[Any]:
    if row["causes"] is None and planned:
        return list(planned.causes.all())
    return [numbered(problem.causes, number, row.node) for number in row["causes"] or ()]


@event("share plan", UNITS, *CONTENT, PAST_GATES)
def share_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take_even_so(_written(story, told, unit).share, told)


@event("discuss plan", UNITS)
def discuss_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_plan(story, unit).discuss, told)


@event("rework plan", UNITS, REASON)
def rework_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_plan(story, unit).rework, told, reason=told["reason"])


@event("adopt plan", UNITS)
def adopt_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_plan(story, unit).adopt, told)


@event("revise plan", UNITS, REASON)
def open_next_version(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        plan = _plan(story, unit)
        by = story.somebody(can_revise, plan, told)
        revise_plan(plan=plan, reason=told["reason"], by=by, now=story.now)
