"""Steps that time itself takes with a meeting."""

from datetime import datetime

from meetings.models import Meeting
from notifications.automatic import each_tick
from notifications.clock import local_date
from sbs_workflow.engine import perform_all


@each_tick
def let_minutes_stand(now: datetime) -> int:
    """Minutes nobody objected to within ten working days stand, and are shown as unanswered."""
    silent = Meeting.objects.filter(state=Meeting.State.MINUTED, due_on__lt=local_date(now))
    return perform_all(
        Meeting, "approve_by_silence", list(silent.values_list("pk", flat=True)), now=now
    )
