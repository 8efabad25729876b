"""The states of a collaboration, and the phases as people speak of them (domain.md 2.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """The phases as people speak of them; a collaboration's phase follows from its state."""

    OFFER = "offer", _("Offer")
    ANALYSIS = "analysis", _("Situation analysis")
    PLAN = "plan", _("Action plan")
    AGREEMENT = "agreement", _("Agreement")
    INTERVENTIONS = "interventions", _("Interventions")
    REPORTING = "reporting", _("Final report")
    CLOSED = "closed", _("Closed")


class CollaborationState(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Offer accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    ANALYSING = "analysing", _("Analysing")
    PLANNING = "planning", _("Planning")
    AGREED = "agreed", _("Agreed")
    ACTIVE = "active", _("Interventions under way")
    EXTENDED = "extended", _("Extended")
    REPORTING = "reporting", _("Final reporting")
    CLOSED = "closed", _("Closed")
    FOLLOWED_UP = "followed_up", _("Followed up")
    PAUSED = "paused", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TERMINATED = "terminated", _("Terminated")


# The states in which work goes on: what may be paused, withdrawn or terminated.
WORKING: tuple[CollaborationState, ...] = (
    CollaborationState.ACCEPTED,
    CollaborationState.ANALYSING,
    CollaborationState.PLANNING,
    CollaborationState.AGREED,
    CollaborationState.ACTIVE,
    CollaborationState.EXTENDED,
    CollaborationState.REPORTING,
)
# The states in which somebody may owe something.
LIVE: tuple[CollaborationState, ...] = (CollaborationState.OFFERED, *WORKING)
# The states in which interventions, visits and their meetings go on.
UNDER_WAY: tuple[CollaborationState, ...] = (CollaborationState.ACTIVE, CollaborationState.EXTENDED)

PHASE_OF_STATE: dict[str, Phase] = {
    CollaborationState.CANDIDATE: Phase.OFFER,
    CollaborationState.OFFERED: Phase.OFFER,
    CollaborationState.ACCEPTED: Phase.OFFER,
    CollaborationState.DECLINED: Phase.OFFER,
    CollaborationState.LAPSED: Phase.OFFER,
    CollaborationState.ANALYSING: Phase.ANALYSIS,
    CollaborationState.PLANNING: Phase.PLAN,
    CollaborationState.AGREED: Phase.AGREEMENT,
    CollaborationState.ACTIVE: Phase.INTERVENTIONS,
    CollaborationState.EXTENDED: Phase.INTERVENTIONS,
    CollaborationState.REPORTING: Phase.REPORTING,
    CollaborationState.CLOSED: Phase.CLOSED,
    CollaborationState.FOLLOWED_UP: Phase.CLOSED,
}


def phase_of(state: str, stopped_in: str) -> Phase:
    """The phase a collaboration is in, or was in when it was paused or ended early."""
    return PHASE_OF_STATE.get(state) or PHASE_OF_STATE.get(stopped_in, Phase.OFFER)
