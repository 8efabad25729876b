"""What the analyses and plans must have come to before a phase is left."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from organisations.models import Party
from plans.clarity import not_yet_whole
from plans.models import ActionPlan, SituationAnalysis
from plans.queries import PlanSaid
from sbs_workflow.gates import Reason, caution, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.ANALYSIS)
def unshared_analyses(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Every nulägesanalys is at least shared (inferred: domain.md 2.3)."""
    shared = (SituationAnalysis.State.SHARED, SituationAnalysis.State.CONCLUDED)
    for analysis in (
        SituationAnalysis.objects.of_present_units(collaboration)
        .exclude(state__in=shared)
        .select_related("unit")
        .order_by("unit__sort_key")
    ):
        yield Reason(
            _("%(unit)s has not shared its situation analysis.") % {"unit": analysis.unit},
            analysis.get_absolute_url(),
            None if analysis.shared_on else Party.ORGANISER,
        )


@gate(Phase.PLAN)
def unadopted_plans(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Every unit has an adopted åtgärdsplan (the order is sourced, the rule inferred)."""
    plans = ActionPlan.objects.of_present_units(collaboration).select_related("unit")
    plans = plans.order_by("unit__sort_key", "version")
    adopted = {plan.unit_id for plan in plans if plan.state == ActionPlan.State.ADOPTED}
    for plan in plans:
        if plan.unit_id not in adopted:
            yield Reason(
                _("%(unit)s has not adopted its action plan.") % {"unit": plan.unit},
                plan.get_absolute_url(),
                None if plan.shared_on else Party.ORGANISER,
            )


@caution(ActionPlan, "share")
def what_the_plan_lacks(plan: ActionPlan, today: date) -> Iterator[Reason]:
    """Cause, goal, effect and follow-up of every problem; practice bends (domain.md 2.5)."""
    for text in not_yet_whole(PlanSaid.of(plan)):
        yield Reason(text, plan.get_absolute_url(), Party.ORGANISER)
