"""How far a collaboration has come through the phases."""

from dataclasses import dataclass

from sbs_workflow.models import (
    Collaboration,
    CollaborationState,
    Phase,
)

TRACK = (
    Phase.ANALYSIS,
    Phase.PLAN,
    Phase.AGREEMENT,
    Phase.INTERVENTIONS,
    Phase.REPORTING,
)


@dataclass(frozen=True)
class TrackStep:
    label: str
    status: str
    note: str = ""


def track(collaboration: Collaboration) -> list[TrackStep]:
    """The phases of the collaboration itself."""
    phase = collaboration.phase
    position = (
        TRACK.index(phase) if phase in TRACK else (len(TRACK) if phase == Phase.CLOSED else -1)
    )
    stopped = collaboration.state == CollaborationState.PAUSED or collaboration.ended_early
    now = "paused" if stopped else "current"
    return [
        TrackStep(
            str(step.label),
            "done" if number < position else now if number == position else "ahead",
        )
        for number, step in enumerate(TRACK)
    ]
