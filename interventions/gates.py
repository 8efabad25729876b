"""What must be agreed before the interventions, and finished before the final reports."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from interventions.models import Agreement, Intervention
from sbs_workflow.gates import Reason, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.PLAN)
def agreement_not_in_force(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """The agreement is signed by both, or decided (the order is sourced, the rule inferred)."""
    agreement = Agreement.objects.filter(collaboration=collaboration).first()
    if agreement is None:
        yield Reason(_("There is no agreement yet."))
    elif not Agreement.objects.filter(collaboration=collaboration).in_force().exists():
        yield Reason(_("The agreement is not signed."), agreement.get_absolute_url())


@gate(Phase.PLAN)
def no_interventions_agreed(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    if not Intervention.objects.filter(collaboration=collaboration).exists():
        yield Reason(_("The agreement names no insats."))


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
