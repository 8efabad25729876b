"""One duty that somebody names, and those that are let be."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from notifications.duties import OpenDuty, open_duties, registry, shown
from notifications.models import Exemption
from organisations.models import User
from sbs_workflow.audience import owed_by
from sbs_workflow.models import Collaboration


def owed_about(user: User, rule: str, object_id: UUID) -> OpenDuty | None:
    """The duty of that name about an object, if it stands where this person may look."""
    duty = registry.get(rule)
    if duty is None or duty.person:
        return None
    rows = duty.standing_rows().filter(
        pk=object_id, **{f"{duty.scope}__in": Collaboration.objects.visible_to(user).values("pk")}
    )
    return next(iter(shown(duty, rows)), None)


def owes(user: User, owed: OpenDuty, today: date) -> bool:
    """Whether it is this person's to do."""
    condition = owed_by(user, today)(owed.duty)
    if condition is None:
        return False
    return owed.duty.standing_rows().filter(condition, pk=owed.object_id).exists()


def exemptions_from(owed: OpenDuty) -> QuerySet[Exemption]:
    """How this duty is let be: one row or none."""
    return Exemption.objects.filter(
        rule=owed.duty.name, object_id=owed.object_id, due_on=owed.set_for
    )


@dataclass(frozen=True)
class LetBe:
    """A duty that is put off or waived, by whom and why."""

    exemption: Exemption
    duty: OpenDuty

    @property
    def label(self) -> str:
        return str(self.duty.duty.label)


def waits_of(user: User, today: date) -> list[LetBe]:
    """What this person owes and has been put off or waived (two queries)."""
    return _with_exemptions(open_duties(today, mine=owed_by(user, today), let_be=True), today)


def let_be_in(collaboration: Collaboration, today: date) -> list[LetBe]:
    """What is put off or waived in a collaboration (two queries)."""
    owed = open_duties(today, scopes=[collaboration.pk], let_be=True)
    return _with_exemptions(owed, today)


def _with_exemptions(owed: list[OpenDuty], today: date) -> list[LetBe]:
    standing = Exemption.objects.standing(today).filter(object_id__in={it.object_id for it in owed})
    found = {(it.rule, it.object_id, it.due_on): it for it in standing.select_related("by")}
    return [
        LetBe(found[key], it)
        for it in owed
        if (key := (it.duty.name, it.object_id, it.set_for)) in found
    ]
