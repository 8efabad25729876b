"""Insatser: their outline, what they serve, and what could not be kept."""

from cases.reading import ALL, Key, Reader, list_of, read_cause, read_numbered
from cases.story import Story, numbered
from cases.vocabulary import PAST_GATES, REASON, Told, event
from interventions.actions import adapt_outline, link_intervention, write_outline
from interventions.models import Intervention
from interventions.permissions import can_lead_interventions, can_link, can_log_visit

NUMBERS = Key("numbers", Reader.numbers)
OUTLINE = Key("text", Reader.text, required=True)


def chosen(story: Story, told: Told) -> list[Intervention]:
    """The insatser with the numbers given; without any, all that are not over."""
    found = Intervention.objects.filter(collaboration=story.collaboration)
    if told["numbers"] in (None, ALL):
        return [intervention for intervention in found if not intervention.is_over]
    return [numbered(found, number, told.node) for number in told["numbers"]]


@event("write outline", NUMBERS, OUTLINE)
def outline(story: Story, told: Told) -> None:
    for intervention in chosen(story, told):
        by = story.somebody(can_lead_interventions, intervention, told)
        write_outline(intervention=intervention, text=told["text"], by=by, now=story.now)


@event("adapt insats", NUMBERS, OUTLINE, REASON)
def adapt(story: Story, told: Told) -> None:
    for intervention in chosen(story, told):
        adapt_outline(
            intervention=intervention,
            text=told["text"],
            reason=told["reason"],
            by=story.somebody(can_log_visit, intervention, told),
            now=story.now,
        )


@event(
    "link insats",
    NUMBERS,
    Key("goals", list_of(read_numbered)),
    Key("causes", list_of(read_cause)),
)
def link(story: Story, told: Told) -> None:
    """What is left out stays as it is."""
    for intervention in chosen(story, told):
        goals = [story.goal(named) for named in told["goals"] or ()]
        causes = [story.cause(named) for named in told["causes"] or ()]
        link_intervention(
            intervention=intervention,
            goals=goals or intervention.goals.all(),
            causes=causes or intervention.causes.all(),
            by=story.somebody(can_link, intervention, told),
            now=story.now,
        )


@event("start insats", NUMBERS, PAST_GATES)
def start(story: Story, told: Told) -> None:
    begin(story, told, past_gates=told["past_gates"] or "")


def begin(story: Story, told: Told, *, past_gates: str) -> None:
    """``past_gates`` is the reason for beginning although something is missing."""
    for intervention in chosen(story, told):
        ready = story.take(
            intervention.make_ready, told, reason=past_gates, past_gates=bool(past_gates)
        )
        story.take(ready.start, told, starts_on=told.day)


@event("complete insats", NUMBERS)
def complete(story: Story, told: Told) -> None:
    for intervention in chosen(story, told):
        story.take(intervention.complete, told, ends_on=told.day)


@event("report deviation", NUMBERS, REASON)
def report_deviation(story: Story, told: Told) -> None:
    for intervention in chosen(story, told):
        story.take(intervention.report_deviation, told, reason=told["reason"])


@event("accept deviation", NUMBERS, REASON)
def accept_deviation(story: Story, told: Told) -> None:
    """Those that are open; otherwise the agreement is amended."""
    for intervention in chosen(story, told):
        if told["numbers"] or intervention.state == Intervention.State.DEVIATION_OPEN:
            story.take(intervention.settle_deviation, told, reason=told["reason"])
