"""What must be agreed before the interventions, and finished before the final reports."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from interventions.models import IN_FORCE, Agreement, AssignmentPlan, Intervention, Terms
from organisations.models import Party
from sbs_workflow.gates import Reason, caution, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.PLAN)
def agreement_not_in_force(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """The agreement is signed by both, or decided, and names what is to be done.

    The order is sourced, the rule inferred (domain.md 2.3).
    """
    terms = Terms.objects.filter(agreement__collaboration=OuterRef("collaboration"))
    agreements = Agreement.objects.filter(collaboration=collaboration).annotate(
        names_interventions=Exists(terms)
    )
    latest = agreements.first()
    if latest is None:
        yield Reason(_("There is no agreement yet."))
        return
    url, private_to = latest.get_absolute_url(), None if latest.proposed_on else Party.AGENCY
    if latest.version == 1 and latest.state not in IN_FORCE:
        yield Reason(_("The agreement is not signed."), url, private_to)
    if not latest.names_interventions:
        yield Reason(_("The agreement names no insats."), url, private_to)


@gate(Phase.INTERVENTIONS)
def unfinished_interventions(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Every insats is completed or cancelled (inferred)."""
    over = (Intervention.State.COMPLETED, Intervention.State.CANCELLED)
    for intervention in Intervention.objects.filter(collaboration=collaboration).exclude(
        state__in=over
    ):
        yield Reason(
            _("Insats %(name)s is not finished.") % {"name": intervention},
            intervention.get_absolute_url(),
        )


@caution(Agreement, "propose")
def what_does_not_add_up(agreement: Agreement, today: date) -> Iterator[Reason]:
    """Periods and money: practice bends, and then somebody says why (inferred)."""
    url = agreement.get_absolute_url()
    terms = list(agreement.terms.order_by("number"))
    for each in terms:
        if runs_outside(each, agreement):
            yield Reason(
                _("Insats %(name)s runs outside the period of the agreement.") % {"name": each}, url
            )
    for what, amounts in (
        (_("The amounts of the insatser"), [each.amount for each in terms]),
        (_("The instalments"), agreement.instalments.values_list("amount", flat=True)),
    ):
        known = [amount for amount in amounts if amount is not None]
        if known and agreement.amount is not None and sum(known) != agreement.amount:
            yield Reason(
                _("%(what)s do not add up to the amount of the agreement.") % {"what": what}, url
            )


def runs_outside(terms: Terms, agreement: Agreement) -> bool:
    starts_early = terms.starts_on and agreement.starts_on and terms.starts_on < agreement.starts_on
    ends_late = terms.ends_on and agreement.ends_on and terms.ends_on > agreement.ends_on
    return bool(starts_early or ends_late)


@caution(Intervention, "make_ready")
def assignment_not_confirmed(intervention: Intervention, today: date) -> Iterator[Reason]:
    """The lärosäte's insats waits for the uppdragsplan (inferred: domain.md 2.8)."""
    if intervention.provider != Intervention.Provider.UNIVERSITY:
        return
    plans = AssignmentPlan.objects.filter(collaboration=intervention.collaboration_id)
    if not plans.filter(state=AssignmentPlan.State.CONFIRMED).exists():
        latest = plans.first()
        yield Reason(
            _("The assignment plan is not confirmed."), latest.get_absolute_url() if latest else ""
        )
