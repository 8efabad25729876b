"""Besök: planned, carried out and logged."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Node
from cases.reading import (
    NUMBER,
    Key,
    Reader,
    choice,
    for_units,
    list_of,
    read_numbered,
    read_people,
    whole_number,
)
from cases.story import Story, numbered
from cases.vocabulary import REASON, UNITS, Stage, Told, event, event_in_stages
from interventions.actions import (
    Log,
    PromiseMade,
    TaskGiven,
    log_unplanned_visit,
    log_visit,
    plan_visit,
)
from interventions.models import Intervention, Visit
from interventions.permissions import can_log_visit
from notifications.working_days import add_working_days
from organisations.models import Party, Unit
from sbs_workflow.engine import TransitionRefused

PLANNED_BEFORE = -15  # working days
LOGGED_AFTER = 1  # working days


def read_promise(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(
        node,
        Key("party", choice(Party), required=True),
        Key("what", Reader.text, required=True),
        Key("by", Reader.day),
    )


LOG = (
    UNITS,
    Key("kind", choice(Visit.Kind)),
    Key("form", choice(Visit.Form)),
    Key("minutes", whole_number(5, 900)),
    Key("participants", read_people),
    Key("interventions", list_of(NUMBER)),
    Key("goals", list_of(read_numbered)),
    Key("next", Reader.text),
    Key("promises", list_of(read_promise)),
    Key("tasks", for_units(Reader.text)),
    Key("share", Reader.yes_or_no),
)


@event_in_stages(
    "visit",
    *LOG,
    Key("planned", Reader.moment),
    Key("confirmed", Reader.moment),
    Key("log", Reader.text),
    Key("logged", Reader.moment),
)
def visit(told: Told) -> Iterator[Stage]:
    """It is planned three weeks ahead and logged the day after; without ``log`` planned only."""
    yield Stage(
        told["planned"] or _working_days_from(told, PLANNED_BEFORE), lambda s: _plan(s, told)
    )
    if told["confirmed"]:
        yield Stage(told["confirmed"], lambda story: _confirm(story, told))
    if told["log"]:
        logged_at = told["logged"] or _working_days_from(told, LOGGED_AFTER)
        yield Stage(logged_at, lambda story: _log(story, told))


def _working_days_from(told: Told, count: int) -> datetime:
    day = add_working_days(told.day, count)
    return told.moment.replace(year=day.year, month=day.month, day=day.day)


def _plan(story: Story, told: Told) -> None:
    needed = _needed(story, told.day)
    by = story.somebody(can_log_visit, needed, told)
    plan_visit(
        visit=needed,
        takes_place_on=told.day,
        units=story.chosen_units(told),
        form=told["form"] or Visit.Form.ON_SITE,
        by=by,
        now=story.now,
    )


def _needed(story: Story, day: date) -> Visit:
    month = day.replace(day=1)
    visits = Visit.objects.filter(collaboration=story.collaboration)
    needed = visits.filter(month=month, state=Visit.State.NEEDED).first()
    if needed is None and not visits.exists():
        raise TransitionRefused(
            _(
                "No visit is owed yet on %(day)s, three weeks before this one. Write on which day "
                "it is planned, such as planned: %(later)s, once the interventions have started."
            )
            % {"day": story.today, "later": day}
        )
    if needed is None:
        raise TransitionRefused(
            _("No visit is owed in %(month)s. Write extra visit instead.")
            % {"month": f"{month:%Y-%m}"}
        )
    return needed


def _planned(story: Story, told: Told) -> Visit:
    return Visit.objects.get(
        collaboration=story.collaboration,
        takes_place_on=told.day,
        state__in=[Visit.State.PLANNED, Visit.State.CONFIRMED],
    )


def _confirm(story: Story, told: Told) -> None:
    story.take(_planned(story, told).confirm, told)


def _log(story: Story, told: Told) -> None:
    planned = _planned(story, told)
    by = story.somebody(can_log_visit, planned, told)
    log = _log_of(story, told, list(planned.units.all()))
    log_visit(visit=planned, log=log, by=by, now=story.now)


def _log_of(story: Story, told: Told, units: list[Unit]) -> Log:
    details = {
        "duration_minutes": told["minutes"],
        "kind": told["kind"],
        "form": told["form"],
        "participants": told["participants"],
    }
    insatser = Intervention.objects.filter(collaboration=story.collaboration)
    tasks = {unit: story.text_of(told, "tasks", unit) for unit in units}
    return Log(
        text=told["log"],
        next_steps=told["next"] or "",
        units=units,
        interventions=[numbered(insatser, n, told.node) for n in told["interventions"] or ()],
        goals=[story.goal(named) for named in told["goals"] or ()],
        promises=[
            PromiseMade(promise["party"], promise["what"], promise.get("by"))
            for promise in told["promises"] or ()
        ],
        tasks=[TaskGiven(unit, text) for unit, text in tasks.items() if text],
        details={name: value for name, value in details.items() if value is not None},
        share=told["share"] is not False,
    )


@event("extra visit", *LOG, Key("log", Reader.text, required=True))
def extra_visit(story: Story, told: Told) -> None:
    """A visit that nobody had planned, or a second one in a month."""
    by = story.somebody(can_log_visit, story.collaboration, told)
    log_unplanned_visit(
        collaboration=story.collaboration,
        takes_place_on=told.day,
        log=_log_of(story, told, story.chosen_units(told)),
        by=by,
        now=story.now,
    )


@event("no visit", Key("until", Reader.day), REASON)
def no_visit(story: Story, told: Told) -> None:
    """The month goes without a visit; with ``until`` every month up to it that has none."""
    last = (told["until"] or told.day).replace(day=1)
    first = date.min if told["until"] else last
    for needed in Visit.objects.filter(
        collaboration=story.collaboration, state=Visit.State.NEEDED, month__range=(first, last)
    ).order_by("month"):
        story.take(needed.skip, told, reason=told["reason"])
