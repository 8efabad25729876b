"""Överenskommelse om insatser: its terms, money and versions."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Node
from cases.reading import (
    NUMBER,
    Key,
    Reader,
    Row,
    choice,
    list_of,
    read_cause,
    read_numbered,
    read_people,
    read_row,
    refuse_end_before_start,
    short,
)
from cases.story import Story, numbered
from cases.vocabulary import PAST_GATES, REASON, Told, event
from interventions.actions import (
    amend_agreement,
    drop_terms,
    write_agreement,
    write_payment_plan,
    write_terms,
)
from interventions.models import IN_FORCE, PENDING, Agreement, Intervention, Terms
from interventions.permissions import can_amend, can_propose_agreement
from organisations.models import User
from sbs_workflow.engine import TransitionRefused

# The keys of an insats that are fields of its terms, and their names there.
FIELDS = {
    "name": "name",
    "area": "development_area",
    "provider": "provider",
    "provider_name": "provider_name",
    "participants": "participants",
    "from": "starts_on",
    "to": "ends_on",
    "amount": "amount",
}
HEAD = {
    "reference": "reference",
    "kind": "kind",
    "from": "starts_on",
    "to": "ends_on",
    "amount": "amount",
}


def read_terms(reader: Reader, node: Node) -> Row:
    row = read_row(
        reader,
        node,
        Key("name", short(200)),
        Key("area", short(200)),
        Key("provider", choice(Intervention.Provider)),
        Key("provider_name", short(150)),
        Key("participants", read_people),
        Key("units", Reader.unit_keys),
        Key("goals", list_of(read_numbered)),
        Key("causes", list_of(read_cause)),
        Key("from", Reader.day),
        Key("to", Reader.day),
        Key("amount", Reader.money),
        new=("name", "units"),
    )
    refuse_end_before_start(row.values, node)
    return row


def read_instalment(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(
        node,
        Key("on", Reader.day, required=True),
        Key("amount", Reader.money, required=True),
    )


TERMS = (
    Key("reference", short(50)),
    Key("kind", choice(Agreement.Kind)),
    Key("from", Reader.day),
    Key("to", Reader.day),
    Key("amount", Reader.money),
    Key("interventions", list_of(read_terms)),
    Key("instalments", list_of(read_instalment)),
    Key("reporting_dates", list_of(Reader.day)),
)
CONTENT = (*TERMS, Key("drop_interventions", list_of(NUMBER)))


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


@event("write agreement", *CONTENT)
def write(story: Story, told: Told) -> None:
    refuse_end_before_start(told.values, told.node)
    agreement = _pending(story)
    by = story.somebody(can_propose_agreement, agreement, told)
    head = {field: told[name] for name, field in HEAD.items() if told[name] is not None}
    if head:
        write_agreement(agreement=agreement, by=by, now=story.now, **head)
    _write_payment_plan(story, told, agreement, by)
    for number in told["drop_interventions"] or ():
        terms = numbered(agreement.terms, number, told.node)
        drop_terms(terms=terms, by=by, now=story.now)
    for row in told["interventions"] or ():
        _write_terms(story, agreement, row, by)


def _write_payment_plan(story: Story, told: Told, agreement: Agreement, by: User) -> None:
    """What the event does not tell of the money and the reports stays as it is."""
    if told["instalments"] is None and told["reporting_dates"] is None:
        return
    instalments = list(agreement.instalments.values_list("pays_on", "amount"))
    if told["instalments"] is not None:
        instalments = [(each["on"], each["amount"]) for each in told["instalments"]]
    dates = list(agreement.reporting_dates.values_list("report_on", flat=True))
    write_payment_plan(
        agreement=agreement,
        instalments=instalments,
        reporting_dates=told["reporting_dates"] or dates,
        by=by,
        now=story.now,
    )


def _write_terms(story: Story, agreement: Agreement, row: Row, by: User) -> None:
    terms = row["number"] and numbered(agreement.terms, row["number"], row.node)
    said = {field: row[name] for name, field in FIELDS.items() if row[name] is not None}
    if row["provider"]:
        said.setdefault("provider_name", "")  # that of the provider before
    write_terms(
        agreement=agreement,
        terms=terms,
        by=by,
        now=story.now,
        **_links(story, terms, row),
        **said,
    )


def _links(story: Story, terms: Terms | None, row: Row) -> dict[str, Any]:
    """Units, goals and causes; those that the row does not tell stay as they are."""
    read: dict[str, Callable[[Any], Any]] = {
        "units": story.units.__getitem__,
        "goals": story.goal,
        "causes": story.cause,
    }
    known = {name: list(getattr(terms, name).all()) if terms else [] for name in read}
    return {
        name: known[name] if row[name] is None else [find(named) for named in row[name]]
        for name, find in read.items()
    }


@event("propose agreement", *CONTENT, PAST_GATES)
def propose(story: Story, told: Told) -> None:
    write(story, told)
    story.take_even_so(_pending(story).propose, told)


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
