"""Steps that time itself takes with a collaboration."""

from datetime import datetime, timedelta

from notifications.automatic import each_tick
from notifications.clock import local_date
from sbs_workflow.actions import keep_address_troubles, keep_vacancies
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import UNDER_WAY, Collaboration

LAPSES_AFTER = timedelta(weeks=4)  # inferred: domain.md 2.3


@each_tick
def lapse_unanswered_offers(now: datetime) -> int:
    """An offer lapses four weeks after the reply was due."""
    unanswered = Collaboration.objects.filter(
        state=Collaboration.State.OFFERED, due_on__lt=local_date(now) - LAPSES_AFTER
    )
    for collaboration in unanswered:
        perform(collaboration.lapse, by=None, now=now)
    return len(unanswered)


@each_tick
def end_interventions_in_time(now: datetime) -> int:
    """The final reports begin when the period is over, unless something must be settled first."""
    over = Collaboration.objects.filter(
        state__in=UNDER_WAY, interventions_end_on__lt=local_date(now)
    )
    ended = 0
    for collaboration in over:
        try:
            perform(collaboration.end_interventions, by=None, now=now)
            ended += 1
        except TransitionRefused:
            continue  # the open gates are shown on the page of the case
    return ended


@each_tick
def notice_vacant_roles(now: datetime) -> int:
    return keep_vacancies(local_date(now))


@each_tick
def notice_people_without_mail(now: datetime) -> int:
    return keep_address_troubles(local_date(now))
