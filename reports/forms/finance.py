"""The money of an insats as people write it, and what they take from a workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineInput, ProseInput
from reports.excel import MoneyProposal
from reports.forms.files import FileForm
from reports.models import FinancialReport
from reports.money import NoAmountError, as_typed, read_amount
from reports.queries import Account, CostSaid, InsatsAccount, Place
from sbs_workflow.writing import TogetherForm, digest


class MoneyInput(forms.DecimalField):
    """An amount in kronor, with or without öre, as people write it; None where nothing is said."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})
        self.widget.attrs |= {"inputmode": "decimal"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, Decimal):
            return value
        try:
            return read_amount(str(value or ""))
        except NoAmountError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return as_typed(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class CostRow:
    """One kind of cost with its two inputs."""

    cost: CostSaid
    used: forms.BoundField
    own_share: forms.BoundField


class InsatsMoneyForm(TogetherForm):
    """Everything that the huvudman says of the money of one insats."""

    def __init__(self, *args: Any, insats: InsatsAccount, **options: Any) -> None:
        self.insats = insats
        self.places = {place.slug: place for place in insats.said()}
        initial = {place.slug: value for place, value in insats.said().items()}
        super().__init__(*args, initial=initial, **options)
        for cost in insats.costs:
            name = {"kind": cost.label}
            used, own_share = self._places_of(cost)
            self.fields[used.slug] = MoneyInput(label=_("%(kind)s, used") % name)
            self.fields[own_share.slug] = MoneyInput(label=_("%(kind)s, own share") % name)
        self.fields[Place(insats.number, "paid").slug] = MoneyInput(
            label=_("Paid out by the agency, in kronor"),
            help_text=_("Filled in from the instalments of the agreement. Mend it if it is wrong."),
        )
        self.fields[Place(insats.number, "explanation").slug] = ProseInput(
            label=_("Explanation"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Needed where something is not used: why, and what became of it."),
        )

    def _places_of(self, cost: CostSaid) -> tuple[Place, Place]:
        number = self.insats.number
        return Place(number, "used", cost.kind), Place(number, "own_share", cost.kind)

    def rows(self) -> Iterator[CostRow]:
        for cost in self.insats.costs:
            used, own_share = self._places_of(cost)
            yield CostRow(cost, self[used.slug], self[own_share.slug])

    @property
    def below_the_costs(self) -> list[forms.BoundField]:
        return [self[Place(self.insats.number, column).slug] for column in ("paid", "explanation")]

    def said(self) -> dict[Place, Any]:
        """What ``write_account`` is given; what was not sent is not emptied."""
        return {
            place: self.cleaned_data[slug]
            for slug, place in self.places.items()
            if slug in self.data
        }


class ContactForm(TogetherForm):
    """Whom an invoice goes to, and the reply to what the agency has asked."""

    def __init__(self, *args: Any, report: FinancialReport, **options: Any) -> None:
        self.report = report
        initial = {"invoice_contact": report.invoice_contact}
        if report.question:
            initial["reply"] = report.reply
        super().__init__(*args, initial=initial, **options)
        if report.question:
            self.fields["reply"] = ProseInput(
                label=_("Reply to the questions of the agency"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=_("Mend the amounts as well, where they were wrong."),
            )
        self.fields["invoice_contact"] = LineInput(
            label=_("Contact for an invoice"),
            required=False,
            max_length=200,
            help_text=_(
                "Name, and e-mail or telephone: used only if something is to be paid back."
            ),
        )

    def said(self) -> dict[str, str]:
        return {
            "invoice_contact": self.cleaned_data["invoice_contact"],
            "reply": self.cleaned_data.get("reply", self.report.reply),
        }


class WorkbookForm(FileForm):
    file = forms.FileField(
        label=_("Excel file (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )


@dataclass(frozen=True)
class TakenAmount:
    proposal: MoneyProposal
    take: forms.BoundField
    value: forms.BoundField
    seen: forms.BoundField


class TakeMoneyForm(forms.Form):
    """Of what a workbook says, cell by cell, what a person takes; it can be mended first.

    Built from the proposals on the way out, and from what was sent on the way back.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        account: Account,
        proposals: Sequence[MoneyProposal] = (),
        trusts: bool = True,
    ) -> None:
        super().__init__(data)
        self.stored = account.said()
        self.fields["take"] = forms.CharField(required=False, initial="1", widget=forms.HiddenInput)
        self.proposals = {each.place: each for each in proposals}
        self.places = [
            place
            for place in self.stored
            if place in self.proposals or f"value-{place.slug}" in self.data
        ]
        for place in self.places:
            self._add(place, trusts)

    def _add(self, place: Place, trusts: bool) -> None:
        proposal = self.proposals.get(place)
        self.fields[f"take-{place.slug}"] = forms.BooleanField(
            label=_("Take in: %(what)s") % {"what": proposal.label}
            if proposal
            else _("Take this in"),
            required=False,
            initial=trusts,
        )
        options: dict[str, Any] = {
            "label": proposal.label if proposal else _("As it will be stored"),
            "required": False,
            "initial": proposal.now if proposal else "",
        }
        is_text = place.column == "explanation"
        self.fields[f"value-{place.slug}"] = (
            ProseInput(widget=forms.Textarea(attrs={"rows": 3}), **options)
            if is_text
            else MoneyInput(**options)
        )
        self.fields[f"seen-{place.slug}"] = forms.CharField(
            required=False, initial=digest(self.stored[place]), widget=forms.HiddenInput
        )

    def clean(self) -> dict[str, Any]:
        """Nothing is taken over what somebody has stored since."""
        data = super().clean() or {}
        for place in self.places:
            stored = self.stored[place]
            is_as_seen = data.get(f"seen-{place.slug}") == digest(stored)
            is_stored = data.get(f"value-{place.slug}") == stored
            if data.get(f"take-{place.slug}") and not is_as_seen and not is_stored:
                error = _("Somebody has changed this cell meanwhile. Read the file again.")
                self.add_error(f"value-{place.slug}", error)
        return data

    def said(self) -> dict[Place, Any]:
        """What was taken."""
        return {
            place: self.cleaned_data[f"value-{place.slug}"]
            for place in self.places
            if self.cleaned_data[f"take-{place.slug}"]
        }

    def rows(self) -> Iterator[TakenAmount]:
        for place, proposal in self.proposals.items():
            names = (f"{part}-{place.slug}" for part in ("take", "value", "seen"))
            take, value, seen = (self[name] for name in names)
            yield TakenAmount(proposal, take, value, seen)
