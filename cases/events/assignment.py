"""Uppdragsplan: what the lärosäte is to do, with whom and on how many days."""

from django.utils.translation import gettext as _

from cases.reading import Key, Reader, read_days, read_lines
from cases.story import Story
from cases.vocabulary import REASON, Told, event
from interventions.actions import answer_assignment, revise_assignment, write_assignment
from interventions.models import AssignmentPlan
from interventions.permissions import (
    can_answer_assignment,
    can_propose_agreement,
    can_revise_assignment,
)
from sbs_workflow.engine import TransitionRefused

TEXT = Key("text", Reader.text)
ANSWER = (Key("team", read_lines), Key("days", read_days))


def _newest(story: Story) -> AssignmentPlan:
    found = AssignmentPlan.objects.filter(collaboration=story.collaboration).first()
    if found is None:
        raise TransitionRefused(_("No assignment plan is being prepared."))
    return found


@event("write assignment", TEXT)
def write(story: Story, told: Told) -> None:
    assignment = _newest(story)
    if told["text"]:
        by = story.somebody(can_propose_agreement, assignment, told)
        write_assignment(assignment=assignment, text=told["text"], by=by, now=story.now)


@event("send assignment", TEXT)
def send(story: Story, told: Told) -> None:
    write(story, told)
    story.take(_newest(story).send, told)


@event("return assignment", REASON)
def return_with_comment(story: Story, told: Told) -> None:
    story.take(_newest(story).return_with_comment, told, reason=told["reason"])


@event("answer assignment", *ANSWER)
def answer(story: Story, told: Told) -> None:
    """What the event does not tell stays as it is."""
    assignment = _newest(story)
    if told["team"] is None and told["days"] is None:
        return
    known = dict(assignment.months.values_list("month", "days"))
    answer_assignment(
        assignment=assignment,
        team=told["team"] or assignment.team,
        days=told["days"] or known,
        by=story.somebody(can_answer_assignment, assignment, told),
        now=story.now,
    )


@event("confirm assignment", *ANSWER)
def confirm(story: Story, told: Told) -> None:
    answer(story, told)
    story.take(_newest(story).confirm, told)


@event("revise assignment")
def revise(story: Story, told: Told) -> None:
    confirmed = AssignmentPlan.objects.filter(
        collaboration=story.collaboration, state=AssignmentPlan.State.CONFIRMED
    ).first()
    if confirmed is None:
        raise TransitionRefused(_("Only the confirmed assignment plan can be revised."))
    by = story.somebody(can_revise_assignment, confirmed, told)
    revise_assignment(assignment=confirmed, by=by, now=story.now)


@event("close assignment")
def close(story: Story, told: Told) -> None:
    story.take(_newest(story).close, told)
