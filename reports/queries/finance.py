"""What a financial report says: amounts by insats and kind of cost, their sums, and what is wrong.

The same value is shown on the page, written as a workbook, and frozen at submission.
``Account.read`` and ``Account.plain`` are each other's inverse.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.db.models import Prefetch, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from interventions.models import IN_FORCE, Agreement, Instalment
from organisations.models import User
from reports.models import Cost, CostKind, FinancialCopy, FinancialInsats, FinancialReport
from reports.money import ZERO, divided, in_kronor, total
from reports.queries.findings import Weight
from sbs_workflow.models import Collaboration

UNDIVIDED = 0  # the number of what the agreement has not divided among its insatser
# Whose money counts: also once it has been fulfilled or ended before its time.
COUNTING = (*IN_FORCE, Agreement.State.FULFILLED, Agreement.State.TERMINATED)


class Place(NamedTuple):
    """One cell that people fill in: of which insats, which column, and for which kind of cost.

    The columns are ``used`` and ``own_share`` with a kind, ``paid`` and ``explanation`` without.
    """

    number: int
    column: str
    kind: str = ""

    @property
    def slug(self) -> str:
        """A name for forms, such as ``2-used-travel``."""
        return "-".join(filter(None, (str(self.number), self.column, self.kind)))


@dataclass(frozen=True)
class CostSaid:
    """One kind of cost of an insats; None is not said yet."""

    kind: str
    used: Decimal | None = None
    own_share: Decimal | None = None

    @property
    def label(self) -> str:
        return str(CostKind(self.kind).label)


@dataclass(frozen=True)
class InsatsAccount:
    """One insats: what it was granted, what was paid out, and what became of it."""

    number: int
    name: str
    granted: Decimal
    paid: Decimal | None = None
    explanation: str = ""
    costs: list[CostSaid] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.number}. {self.name}" if self.number else self.name

    @property
    def used(self) -> Decimal:
        return total(cost.used for cost in self.costs)

    @property
    def own_share(self) -> Decimal:
        return total(cost.own_share for cost in self.costs)

    @property
    def unused(self) -> Decimal:
        """Used and unused are what was granted; below zero more was used than that."""
        return self.granted - self.used

    @property
    def is_begun(self) -> bool:
        return any(cost.used is not None or cost.own_share is not None for cost in self.costs)

    def said(self) -> dict[Place, Any]:
        """Every cell that people fill in, and what is in it."""
        found: dict[Place, Any] = {
            Place(self.number, "paid"): self.paid,
            Place(self.number, "explanation"): self.explanation,
        }
        for cost in self.costs:
            found[Place(self.number, "used", cost.kind)] = cost.used
            found[Place(self.number, "own_share", cost.kind)] = cost.own_share
        return found


@dataclass(frozen=True)
class Account:
    """The whole report. ``agreed`` is the amount of the agreement when the report opened."""

    report: str
    agreed: Decimal
    insatser: list[InsatsAccount]
    invoice_contact: str = ""
    question: str = ""
    reply: str = ""

    @property
    def granted(self) -> Decimal:
        return total(each.granted for each in self.insatser)

    @property
    def paid(self) -> Decimal:
        return total(each.paid for each in self.insatser)

    @property
    def used(self) -> Decimal:
        return total(each.used for each in self.insatser)

    @property
    def own_share(self) -> Decimal:
        return total(each.own_share for each in self.insatser)

    @property
    def unused(self) -> Decimal:
        return self.granted - self.used

    @property
    def to_repay(self) -> Decimal:
        """What was paid out and not used."""
        return max(self.paid - self.used, ZERO)

    @property
    def by_kind(self) -> list[CostSaid]:
        """The sum of each kind of cost over all insatser."""
        costs = [cost for each in self.insatser for cost in each.costs]
        return [
            CostSaid(
                kind,
                total(cost.used for cost in costs if cost.kind == kind),
                total(cost.own_share for cost in costs if cost.kind == kind),
            )
            for kind in CostKind.values
        ]

    def insats(self, number: int) -> InsatsAccount | None:
        return next((each for each in self.insatser if each.number == number), None)

    def said(self) -> dict[Place, Any]:
        return {place: value for each in self.insatser for place, value in each.said().items()}

    def plain(self) -> dict[str, Any]:
        """As JSON holds it: amounts as texts, so that no öre is lost."""
        return {
            "report": self.report,
            "agreed": str(self.agreed),
            "invoice_contact": self.invoice_contact,
            "question": self.question,
            "reply": self.reply,
            "insatser": [
                {
                    "number": each.number,
                    "name": each.name,
                    "granted": str(each.granted),
                    "paid": _as_text(each.paid),
                    "explanation": each.explanation,
                    "costs": [
                        [cost.kind, _as_text(cost.used), _as_text(cost.own_share)]
                        for cost in each.costs
                    ],
                }
                for each in self.insatser
            ],
        }

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Self:
        insatser = [
            InsatsAccount(
                number=each["number"],
                name=each["name"],
                granted=Decimal(each["granted"]),
                paid=_as_amount(each["paid"]),
                explanation=each["explanation"],
                costs=[
                    CostSaid(kind, _as_amount(used), _as_amount(own_share))
                    for kind, used, own_share in each["costs"]
                ],
            )
            for each in plain["insatser"]
        ]
        rest = {name: plain[name] for name in ("report", "invoice_contact", "question", "reply")}
        return cls(agreed=Decimal(plain["agreed"]), insatser=insatser, **rest)


def _as_text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _as_amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# --- where it comes from ---------------------------------------------------------------------


def account_of(report: FinancialReport) -> Account:
    """As it stands now (two queries)."""
    rows = FinancialInsats.objects.filter(report=report).prefetch_related(
        Prefetch("costs", Cost.objects.order_by())
    )
    return Account(
        report=str(report.pk),
        agreed=report.agreed,
        insatser=[_insats(row) for row in rows],
        invoice_contact=report.invoice_contact,
        question=report.question,
        reply=report.reply,
    )


def _insats(row: FinancialInsats) -> InsatsAccount:
    said = {cost.kind: cost for cost in row.costs.all()}
    return InsatsAccount(
        number=row.number,
        name=row.name,
        granted=row.granted,
        paid=row.paid,
        explanation=row.explanation,
        costs=[
            CostSaid(kind, said[kind].used, said[kind].own_share)
            if kind in said
            else CostSaid(kind)
            for kind in CostKind.values
        ],
    )


def account_for(report: FinancialReport, user: User) -> Account | None:
    """What this person may read: while it is written, the others read what they have received."""
    if report.state == FinancialReport.State.SCHEDULED:
        return None
    if report.is_being_written and not report.is_own_side(user):
        copy = FinancialCopy.objects.filter(report=report).defer("file").last()
        return Account.read(copy.content) if copy else None
    return account_of(report)


def copies_of(report: FinancialReport) -> list[FinancialCopy]:
    """Every submission, the latest first, without the files (one query)."""
    copies = FinancialCopy.objects.filter(report=report).select_related("frozen_by")
    return list(copies.defer("file", "content").order_by("-round"))


def agreements_with_money() -> QuerySet[Agreement]:
    return Agreement.objects.filter(state__in=COUNTING, amount__gt=0)


def agreement_that_counts(collaboration: Collaboration) -> Agreement | None:
    """The latest version that has come into force."""
    versions = Agreement.objects.filter(collaboration=collaboration, state__in=COUNTING)
    return versions.order_by("-version").first()


def granted_by(agreement: Agreement, today: date) -> list[InsatsAccount]:
    """What the agreement divides among its insatser, and what its instalments have paid by today.

    An instalment belongs to the whole agreement, so it is divided as the grant is.
    """
    assert agreement.amount is not None
    found = [
        (terms.number, terms.name, terms.amount)
        for terms in agreement.terms.filter(amount__gt=0).order_by("number")
    ]
    rest = agreement.amount - total(amount for _number, _name, amount in found)
    if rest > 0:
        name = _("Not divided among the insatser") if found else _("The whole agreement")
        found.append((UNDIVIDED, name, rest))
    paid = Instalment.objects.filter(agreement=agreement, pays_on__lte=today)
    sums = divided(
        paid.aggregate(sum=Sum("amount"))["sum"] or ZERO,
        [amount or ZERO for _number, _name, amount in found],
    )
    return [
        InsatsAccount(number=number, name=name, granted=amount or ZERO, paid=part)
        for (number, name, amount), part in zip(found, sums, strict=True)
    ]


# --- what is missing or wrong ----------------------------------------------------------------


@dataclass(frozen=True)
class MoneyFinding:
    """``stop``: it cannot be handed over so; ``contradiction``: two figures disagree; or advice.

    ``number`` is the insats it is about, None for the whole report.
    """

    weight: Weight
    text: str
    report: str
    number: int | None = None

    @property
    def url(self) -> str:
        """The page on which it is mended."""
        if self.number is None:
            return reverse("reports:finance_contact", args=[self.report])
        return reverse("reports:finance_insats", args=[self.report, self.number])


Found = tuple[Weight, str, int | None]


def money_findings(account: Account) -> list[MoneyFinding]:
    found = [*_of_the_whole(account)]
    for each in account.insatser:
        found += _of_insats(each)
    order = {"stop": 0, "contradiction": 1, "advice": 2}
    return [
        MoneyFinding(weight, text, account.report, number)
        for weight, text, number in sorted(found, key=lambda finding: order[finding[0]])
    ]


def _of_the_whole(account: Account) -> Iterator[Found]:
    first = account.insatser[0].number if account.insatser else None
    if account.unused < 0:
        text = _(
            "In all %(amount)s more is used than was granted. What goes beyond the grant is your"
            " own share."
        )
        yield "stop", text % {"amount": in_kronor(-account.unused)}, first
    if not account.invoice_contact.strip():
        yield "stop", _("Say whom the agency can send an invoice to."), None
    if account.granted != account.agreed:
        text = _("The insatser have %(granted)s in all, and the agreement says %(agreed)s.")
        said = {"granted": in_kronor(account.granted), "agreed": in_kronor(account.agreed)}
        yield "contradiction", text % said, first
    if account.paid > account.granted:
        text = _("%(amount)s more is paid out than was granted.")
        yield "contradiction", text % {"amount": in_kronor(account.paid - account.granted)}, first


def _of_insats(insats: InsatsAccount) -> Iterator[Found]:
    name = {"insats": insats.title}
    if not insats.is_begun:
        yield (
            "stop",
            _("%(insats)s: nothing is said of its costs. Write 0 for none.") % name,
            (insats.number),
        )
        return
    if insats.unused > 0 and not insats.explanation.strip():
        text = _("%(insats)s: %(amount)s is not used, and nothing says why.")
        yield "stop", text % {**name, "amount": in_kronor(insats.unused)}, insats.number
    if insats.unused < 0:
        text = _("%(insats)s: %(amount)s more is used than was granted.")
        yield "contradiction", text % {**name, "amount": in_kronor(-insats.unused)}, insats.number
    other = next((cost for cost in insats.costs if cost.kind == CostKind.OTHER), None)
    if other and other.used and not insats.explanation.strip():
        text = _("%(insats)s: say what the other costs were.")
        yield "advice", text % name, insats.number
