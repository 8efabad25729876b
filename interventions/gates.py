"""What must be agreed before the interventions, and finished before the final reports."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from interventions.models import IN_FORCE, Agreement, Intervention
from organisations.models import Party
from sbs_workflow.gates import Reason, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.PLAN)
def agreement_not_in_force(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """The agreement is signed by both, or decided, and names what is to be done.

    The order is sourced, the rule inferred (domain.md 2.3).
    """
    interventions = Intervention.objects.filter(collaboration=OuterRef("collaboration"))
    agreements = Agreement.objects.filter(collaboration=collaboration).annotate(
        names_interventions=Exists(interventions)
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
