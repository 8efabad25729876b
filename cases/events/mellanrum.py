"""Between the visits: tasks that are tried and talked about, promises that are kept or not."""

from django.utils.translation import gettext as _

from cases.reading import Key, Reader, choice, for_units
from cases.story import Story
from cases.vocabulary import UNITS, Told, event
from interventions.models import InterimTask
from organisations.models import Party, Role
from sbs_workflow.actions import settle_promise
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Promise
from sbs_workflow.permissions import holds

# The day of the visit at which a task was given or a promise made.
GIVEN = Key("given", Reader.day, required=True)
MADE = Key("made", Reader.day, required=True)
PROMISES = (MADE, Key("party", choice(Party), required=True), Key("word", Reader.text))


def _tasks(story: Story, told: Told) -> list[InterimTask]:
    found = InterimTask.objects.filter(
        collaboration=story.collaboration,
        visit__takes_place_on=told["given"],
        unit__in=story.chosen_units(told),
    )
    if not found:
        raise TransitionRefused(_("No task was given to these units on that day."))
    return list(found)


@event("begin task", UNITS, GIVEN)
def begin(story: Story, told: Told) -> None:
    for task in _tasks(story, told):
        story.take(task.begin, told)


@event(
    "report task",
    UNITS,
    GIVEN,
    Key("course", choice(InterimTask.Course), required=True),
    Key("text", for_units(Reader.text), required=True),
)
def report(story: Story, told: Told) -> None:
    for task in _tasks(story, told):
        text = story.text_of(told, "text", task.unit)
        story.take(task.report_back, told, course=told["course"], report=text)


@event("discuss task", UNITS, GIVEN)
def discuss(story: Story, told: Told) -> None:
    for task in _tasks(story, told):
        story.take(task.discuss, told)


@event("keep promise", *PROMISES)
def keep(story: Story, told: Told) -> None:
    _settle(story, told, Promise.Outcome.KEPT)


@event("drop promise", *PROMISES)
def drop(story: Story, told: Told) -> None:
    _settle(story, told, Promise.Outcome.DROPPED)


def _settle(story: Story, told: Told, outcome: str) -> None:
    """All that the party promised that day and that is still open."""
    promises = Promise.objects.open().filter(
        collaboration=story.collaboration, made_on=told["made"], party=told["party"]
    )
    if not promises:
        raise TransitionRefused(_("That party has no open promise from that day."))
    own = holds(*(role for role in Role if role.party == told["party"]))
    for promise in list(promises):
        settle_promise(
            promise=promise,
            outcome=outcome,
            word=told["word"] or "",
            by=story.somebody(own, promise, told),
            now=story.now,
        )
