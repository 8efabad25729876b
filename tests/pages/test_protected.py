"""Whoever is protected is named to their own party alone: on no page, in no file, feed or mail."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from interventions.models import AssignmentPlan
from meetings.actions.feed import open_calendar_feed
from organisations.models import Party, Role, User
from records.actions import protect
from tests.cast import NOW, Cast, member
from tests.pages.stage import Stage
from tests.pages.test_sweep import as_sent, own_addresses

LogIn = Callable[[User | None], Client]
# Who of each party is protected, and who reads: the huvudman's people read as the lärosäte's do.
PROTECTED = {
    Party.AGENCY: Role.PROCESS_SUPPORTER,
    Party.ORGANISER: Role.PRINCIPAL,
    Party.UNIVERSITY: Role.EDUCATION_LEADER,
}
READERS = {Party.AGENCY: Role.AGENCY_MANAGER, Party.UNIVERSITY: Role.TEAM_LEADER}


@pytest.fixture
def marks(cast: Cast, stage: Stage) -> dict[Party, re.Pattern[str]]:
    """The name and the address of three people, who are protected after all has been done.

    What people have written in their own words stays as they wrote it, and so names nobody here.
    """
    AssignmentPlan.objects.exclude(team="").update(team="Två personer.")
    leads = (cast.agency_manager, cast.ours.head_of_authority, cast.ours.university_lead)
    found = {}
    for (party, role), by in zip(PROTECTED.items(), leads, strict=True):
        person = cast.people[role]
        found[party] = re.compile(rf"{person.name}|(?<![\w.]){re.escape(person.email)}")
        protect(person=person, reason="Beslut", by=by, now=NOW)
    return found


def test_nobody_of_another_party_reads_the_name_or_the_address(
    cast: Cast, stage: Stage, marks: dict[Party, re.Pattern[str]], log_in: LogIn
):
    addresses = own_addresses(stage)
    found = []
    for party, role in READERS.items():
        client = log_in(cast.people[role])
        feed = open_calendar_feed(by=cast.people[role], now=NOW)
        others = [pattern for other, pattern in marks.items() if other != party]
        for address in [*addresses, reverse("portfolio:feed", args=[feed.token])]:
            text = as_sent(client.get(address))
            found += [f"{role} {address}" for other in others if other.search(text)]
        of_case = as_sent(client.get(stage.collaboration.get_absolute_url()))
        assert marks[party].search(of_case), "the own party reads it"
    assert found == []


def test_who_works_in_a_school_elsewhere_is_no_colleague_here(cast: Cast, log_in: LogIn):
    """A principal of another huvudman who also leads our team is told as the lärosäte is."""
    protect(person=cast.ours.principal, reason="Beslut", by=cast.ours.head_of_authority, now=NOW)
    leader = cast.ours.team_leader
    member(leader, cast.theirs.organiser, Role.PRINCIPAL, unit=cast.theirs.school).save()
    case = cast.ours.collaboration.get_absolute_url()
    for page in (case, reverse("portfolio:here_we_are", args=[cast.ours.collaboration.pk])):
        shown = as_sent(log_in(leader).get(page))
        assert cast.ours.coordinator.email in shown
        assert f">{cast.ours.principal.email}" not in shown
        assert "Rut Rektor" not in shown
