"""Nulägesanalys and åtgärdsplan of the units."""

from typing import Any

from django.utils.translation import gettext as _

from cases.reading import Key, Reader
from cases.story import Story
from cases.vocabulary import REASON, Told, event
from organisations.models import Unit
from plans.actions import can_revise, can_write, revise_plan, write_document
from plans.models import ActionPlan, SituationAnalysis
from sbs_workflow.engine import TransitionRefused

UNITS = Key("units", Reader.unit_keys)
TEXT = Key("text", Reader.text_for_units, required=True)
PARTICIPANTS = Key("participants", Reader.text_for_units)
CHILDREN = Key("children", Reader.text_for_units)
FOLLOW_UP = Key("follow_up", Reader.text_for_units)


def _analysis(story: Story, unit: Unit) -> SituationAnalysis:
    found = SituationAnalysis.objects.filter(collaboration=story.collaboration, unit=unit)
    return _existing(found.select_related("unit").first(), unit)


def _plan(story: Story, unit: Unit) -> ActionPlan:
    """The newest version."""
    found = ActionPlan.objects.filter(collaboration=story.collaboration, unit=unit)
    return _existing(found.select_related("unit").order_by("-version").first(), unit)


def _existing(document: Any, unit: Unit) -> Any:
    if document is None:
        raise TransitionRefused(
            _("%(unit)s has no such document in this phase.") % {"unit": unit.name}
        )
    return document


def _write(story: Story, told: Told, document: Any, **names: str) -> Any:
    """Store the texts the event gives: field name and the key that tells it."""
    texts = {
        field: text
        for field, name in names.items()
        if (text := story.text_of(told, name, document.unit))
    }
    if not texts:
        return document
    by = story.somebody(can_write, document, told)
    return write_document(document=document, by=by, now=story.now, **texts)


@event("write analysis", UNITS, TEXT, CHILDREN, PARTICIPANTS)
def write_analysis(story: Story, told: Told) -> None:
    """Begins it where that has not been done."""
    for unit in story.chosen_units(told):
        _written_analysis(story, told, unit)


def _written_analysis(story: Story, told: Told, unit: Unit) -> SituationAnalysis:
    analysis = _analysis(story, unit)
    if analysis.state == SituationAnalysis.State.NOT_STARTED:
        analysis = story.take(analysis.start, told)
    written: SituationAnalysis = _write(
        story,
        told,
        analysis,
        text="text",
        views_of_children="children",
        participants="participants",
    )
    return written


@event("share analysis", UNITS, Key("text", Reader.text_for_units), CHILDREN, PARTICIPANTS)
def share_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_written_analysis(story, told, unit).share, told)


@event("return analysis", UNITS, REASON)
def return_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_analysis(story, unit).return_with_comments, told, reason=told["reason"])


@event("conclude analysis", UNITS)
def conclude_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_analysis(story, unit).conclude, told)


@event("reopen analysis", UNITS, REASON)
def reopen_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_analysis(story, unit).reopen, told, reason=told["reason"])


@event("write plan", UNITS, TEXT, FOLLOW_UP, PARTICIPANTS)
def write_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        _written_plan(story, told, unit)


def _written_plan(story: Story, told: Told, unit: Unit) -> ActionPlan:
    written: ActionPlan = _write(
        story,
        told,
        _plan(story, unit),
        text="text",
        follow_up="follow_up",
        participants="participants",
    )
    return written


@event("share plan", UNITS, Key("text", Reader.text_for_units), FOLLOW_UP, PARTICIPANTS)
def share_plan(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_written_plan(story, told, unit).share, told)


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
