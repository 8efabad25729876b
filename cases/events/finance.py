"""Ekonomisk redovisning."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Mistake, Node
from cases.reading import Key, Reader, Row, list_of, short, whole_number
from cases.story import Story
from cases.vocabulary import PAST_GATES, Told, event
from reports.actions import write_account, write_contact
from reports.models import CostKind, FinancialReport
from reports.permissions import can_keep_accounts
from reports.queries import Place, account_of
from sbs_workflow.engine import TransitionRefused

KINDS = tuple(Key(kind.value, Reader.money) for kind in CostKind)


def read_own_share(reader: Reader, node: Node) -> dict[str, Decimal]:
    return reader.keys(node, *KINDS)


def read_insats(reader: Reader, node: Node) -> Row:
    """What an insats cost, by kind; 0 is what the agreement has not divided."""
    values = reader.keys(
        node,
        Key("number", whole_number(0, 999), required=True),
        *KINDS,
        Key("own", read_own_share),
        Key("paid", Reader.money),
        Key("why", Reader.text),
    )
    return Row(node, values)


COSTS = Key("costs", list_of(read_insats))
CONTENT = (COSTS, Key("contact", short(200)), Key("reply", Reader.text))


def _report(story: Story) -> FinancialReport:
    """The account of the case, once time has opened it."""
    story.let_time_act()
    found = FinancialReport.objects.filter(collaboration=story.collaboration).first()
    if found is None:
        raise TransitionRefused(_("No money is agreed on that could be accounted for."))
    found.collaboration = story.collaboration
    return found


@event("write accounts", *CONTENT)
def write(story: Story, told: Told) -> None:
    _written(story, told)


def _written(story: Story, told: Told) -> FinancialReport:
    report = _report(story)
    by = story.somebody(can_keep_accounts, report, told)
    if told["costs"]:
        known = account_of(report).said()
        said = {place: value for row in told["costs"] for place, value in _said(row, known).items()}
        write_account(report=report, said=said, by=by, now=story.now)
    if told["contact"] or told["reply"]:
        write_contact(
            report=report,
            invoice_contact=told["contact"] or report.invoice_contact,
            reply=told["reply"] or report.reply,
            by=by,
            now=story.now,
        )
    return report


def _said(row: Row, known: dict[Place, Any]) -> dict[Place, Any]:
    """Every kind of cost of the insats; what the row does not name cost nothing."""
    number = row["number"]
    if Place(number, "explanation") not in known:
        raise Mistake(
            row.node, _("Insats %(number)s has no money of its own.") % {"number": number}
        )
    own = row["own"] or {}
    said: dict[Place, Any] = {
        Place(number, "explanation"): row["why"] or known[Place(number, "explanation")],
    }
    if row["paid"] is not None:
        said[Place(number, "paid")] = row["paid"]
    for kind in CostKind.values:
        said[Place(number, "used", kind)] = row[kind] or Decimal(0)
        said[Place(number, "own_share", kind)] = own.get(kind, Decimal(0))
    return said


@event("submit accounts", *CONTENT, PAST_GATES, Key("alone", Reader.text))
def submit(story: Story, told: Told) -> None:
    """Written, handed over and certified; ``alone`` says why one person does both."""
    report = _written(story, told)
    prepared = story.take_even_so(report.prepare, told)
    if told["alone"]:
        story.take(prepared.certify_alone, told, reason=told["alone"])
    else:
        story.take(prepared.certify, told)


@event("return accounts", Key("question", Reader.text, required=True))
def return_for_completion(story: Story, told: Told) -> None:
    story.take(_report(story).return_for_completion, told, question=told["question"])


@event("accept accounts")
def accept(story: Story, told: Told) -> None:
    story.take(_report(story).accept, told)


@event(
    "ask for repayment",
    Key("amount", Reader.money),
    Key("due", Reader.day, required=True),
    Key("reason", Reader.text, required=True),
)
def ask_for_repayment(story: Story, told: Told) -> None:
    """Of what was paid out and not used, where no amount is named."""
    report = _report(story)
    amount = told["amount"] or report.repayment_amount
    if amount is None:
        raise Mistake(told.node, _("Nothing is to be repaid: name the amount."))
    story.take(
        report.request_repayment,
        told,
        reason=told["reason"],
        repayment_amount=amount,
        repayment_due_on=told["due"],
    )


@event("settle accounts")
def settle(story: Story, told: Told) -> None:
    story.take(_report(story).settle, told)
