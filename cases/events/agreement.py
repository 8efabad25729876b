"""Överenskommelse and insatser."""

from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Node
from cases.reading import ALL, Key, Reader, choice, short
from cases.story import Story
from cases.vocabulary import REASON, Told, event
from interventions.actions import add_intervention, amend_agreement, write_agreement
from interventions.models import IN_FORCE, PENDING, Agreement, Intervention
from interventions.permissions import can_amend, can_propose_agreement
from sbs_workflow.engine import TransitionRefused

NUMBERS = Key("numbers", Reader.numbers)


def read_interventions(reader: Reader, node: Node) -> list[dict[str, Any]]:
    return [
        reader.keys(
            item,
            Key("name", short(200), required=True),
            Key("area", short(200)),
            Key("participants", short(300)),
            Key("provider", choice(Intervention.Provider)),
            Key("provider_name", short(150)),
            Key("units", Reader.unit_keys, required=True),
            Key("from", Reader.day),
            Key("to", Reader.day),
        )
        for item in reader.items(node)
    ]


TERMS = (
    Key("reference", short(50)),
    Key("kind", choice(Agreement.Kind)),
    Key("from", Reader.day),
    Key("to", Reader.day),
    Key("amount", Reader.money),
    Key("interventions", read_interventions),
)


def _pending(story: Story) -> Agreement:
    found = Agreement.objects.filter(collaboration=story.collaboration, state__in=PENDING).first()
    if found is None:
        raise TransitionRefused(_("No agreement is being prepared."))
    return found


def _in_force(story: Story) -> Agreement:
    found = Agreement.objects.filter(collaboration=story.collaboration, state__in=IN_FORCE).first()
    if found is None:
        raise TransitionRefused(_("No agreement is in force."))
    return found


@event("write agreement", *TERMS)
def write_terms(story: Story, told: Told) -> None:
    agreement = _pending(story)
    by = story.somebody(can_propose_agreement, agreement, told)
    terms = {
        "reference": told["reference"],
        "kind": told["kind"],
        "starts_on": told["from"],
        "ends_on": told["to"],
        "amount": told["amount"],
    }
    given = {name: value for name, value in terms.items() if value is not None}
    if given:
        write_agreement(agreement=agreement, by=by, now=story.now, **given)
    for entry in told["interventions"] or ():
        add_intervention(
            collaboration=story.collaboration,
            units=[story.units[key] for key in entry["units"]],
            by=by,
            now=story.now,
            name=entry["name"],
            development_area=entry.get("area", ""),
            participants=entry.get("participants", ""),
            provider=entry.get("provider", Intervention.Provider.UNIVERSITY),
            provider_name=entry.get("provider_name", ""),
            starts_on=entry.get("from"),
            ends_on=entry.get("to"),
        )


@event("propose agreement", *TERMS)
def propose(story: Story, told: Told) -> None:
    write_terms(story, told)
    story.take(_pending(story).propose, told)


@event("return agreement", REASON)
def return_with_comment(story: Story, told: Told) -> None:
    story.take(_pending(story).return_with_comment, told, reason=told["reason"])


@event("sign for organiser")
def sign_for_organiser(story: Story, told: Told) -> None:
    story.take(_pending(story).sign_for_organiser, told)


@event("sign for agency")
def sign_for_agency(story: Story, told: Told) -> None:
    story.take(_pending(story).sign_for_agency, told)


@event("decide agreement")
def decide(story: Story, told: Told) -> None:
    story.take(_pending(story).decide, told)


@event("amend agreement", REASON)
def amend(story: Story, told: Told) -> None:
    agreement = _in_force(story)
    by = story.somebody(can_amend, agreement, told)
    amend_agreement(agreement=agreement, reason=told["reason"], by=by, now=story.now)


@event("reject amendment", REASON)
def reject(story: Story, told: Told) -> None:
    story.take(_pending(story).reject, told, reason=told["reason"])


@event("fulfil agreement")
def fulfil(story: Story, told: Told) -> None:
    story.take(_in_force(story).fulfil, told)


@event("terminate agreement", REASON)
def terminate(story: Story, told: Told) -> None:
    story.take(_in_force(story).terminate, told, reason=told["reason"])


def _chosen(story: Story, told: Told) -> list[Intervention]:
    """The insatser with the numbers given; without any, all that are not over."""
    found = list(Intervention.objects.filter(collaboration=story.collaboration))
    numbers = told["numbers"] or ALL
    if numbers == ALL:
        return [intervention for intervention in found if not intervention.is_over]
    by_number = {intervention.number: intervention for intervention in found}
    if missing := [str(number) for number in numbers if number not in by_number]:
        raise TransitionRefused(_("There is no insats %(numbers)s.") % {"numbers": missing[0]})
    return [by_number[number] for number in numbers]


@event("start insats", NUMBERS)
def start(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        ready = story.take(intervention.make_ready, told)
        story.take(ready.start, told, starts_on=told.day)


@event("adapt insats", NUMBERS, REASON)
def adapt(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.adapt, told, reason=told["reason"])


@event("report deviation", NUMBERS, REASON)
def report_deviation(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.report_deviation, told, reason=told["reason"])


@event("settle deviation", NUMBERS, REASON)
def settle_deviation(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.settle_deviation, told, reason=told["reason"])


@event("extend insats", NUMBERS, Key("to", Reader.day, required=True), REASON)
def extend(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.extend, told, reason=told["reason"], ends_on=told["to"])


@event("complete insats", NUMBERS)
def complete(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.complete, told, ends_on=told.day)


@event("cancel insats", NUMBERS, REASON)
def cancel(story: Story, told: Told) -> None:
    for intervention in _chosen(story, told):
        story.take(intervention.cancel, told, reason=told["reason"])
