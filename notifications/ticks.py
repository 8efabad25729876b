"""The minute's work: steps that time itself takes, then planning, then addressing."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from notifications import alerts, automatic
from notifications.planning import address, plan

log = logging.getLogger(__name__)


@dataclass
class TickResult:
    changed: dict[str, int] = field(default_factory=dict)
    planned: int = 0
    addressed: int = 0
    failed: list[str] = field(default_factory=list)


def run(now: datetime) -> TickResult:
    """One tick; what fails is logged and named, and stops nothing else."""
    result = TickResult()
    for step in automatic.registry:
        name = f"{step.__module__}.{step.__name__}"
        try:
            with transaction.atomic():
                result.changed[name] = step(now)
        except Exception:
            log.exception("The automatic step %s failed", name)
            result.failed.append(name)
    planned = plan(now)
    result.planned = planned.planned
    result.failed += planned.failed
    result.addressed = address(now)
    alerts.leave_sign_of_life("tick", now)
    return result
