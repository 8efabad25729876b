"""What is owed, as lists of it are read."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from notifications.duties import OpenDuty, open_duties
from organisations.models import Party, Role, User
from sbs_workflow.audience import owed_by


@dataclass(frozen=True)
class DutyRow:
    """One thing that somebody owes, with the words and the link that a list shows."""

    duty: OpenDuty
    today: date

    @property
    def label(self) -> str:
        return str(self.duty.duty.label)

    @property
    def why(self) -> str:
        return str(self.duty.duty.why)

    @property
    def url(self) -> str:
        return self.duty.url

    @property
    def snooze_url(self) -> str:
        """Where it is put off; empty where it cannot be."""
        return "" if self.duty.duty.is_formal else self._url_of("reminders:snooze")

    def _url_of(self, name: str) -> str:
        return reverse(name, args=[self.duty.object_id, self.duty.duty.name])

    @property
    def slid_because(self) -> str:
        return self.duty.slid_because

    @property
    def set_for(self) -> date:
        return self.duty.set_for

    @property
    def due_on(self) -> date:
        return self.duty.due_on

    @property
    def scope_name(self) -> str:
        return self.duty.scope_name

    @property
    def subject(self) -> str:
        return self.duty.subject

    @property
    def overdue(self) -> bool:
        return self.duty.is_overdue(self.today)

    @property
    def days_late(self) -> int:
        return (self.today - self.duty.due_on).days

    @property
    def party(self) -> Party:
        return party_owing(self.duty)

    @property
    def party_label(self) -> str:
        return str(self.party.label)


def party_owing(duty: OpenDuty) -> Party:
    """The party of those who owe a duty."""
    return Role(duty.duty.owed_by[0]).party


@dataclass(frozen=True)
class PartyDutyRow(DutyRow):
    """On the page of a collaboration: its name goes without saying, others' duties have no link."""

    is_ours: bool

    @property
    def scope_name(self) -> str:
        return ""

    @property
    def url(self) -> str:
        return self.duty.url if self.is_ours else ""


@dataclass(frozen=True)
class OwnDutyRow(DutyRow):
    """In a person's own list the party goes without saying."""

    @property
    def party_label(self) -> str:
        return ""


def duties_of(user: User, today: date, limit: int = 50) -> list[OwnDutyRow]:
    """What this person owes, overdue first (one query)."""
    owed = open_duties(today, mine=owed_by(user, today), limit=limit)
    return [OwnDutyRow(duty, today) for duty in owed]


def number_of_duties(user: User, today: date) -> int:
    """How many there are, for the bell; a hundred and more are a hundred (one query)."""
    return len(open_duties(today, mine=owed_by(user, today), limit=100))
