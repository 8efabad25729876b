"""What must have been said before the interventions begin."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from meetings.models import Meeting
from sbs_workflow.gates import Reason, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.AGREEMENT)
def expectation_talk_not_held(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Team leader and process supporters agree on expectations (KAU 2018; as a gate inferred)."""
    talks = Meeting.objects.filter(collaboration=collaboration, kind=Meeting.Kind.EXPECTATION)
    if not any(talk.state in Meeting.WAS_HELD for talk in talks):
        planned = next((t for t in talks if t.state != Meeting.State.CANCELLED), None)
        yield Reason(
            _("The expectation talk has not been held."),
            planned.get_absolute_url() if planned else "",
        )
