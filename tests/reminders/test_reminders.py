"""Putting off, waiving, leaving out, choosing: who may, what comes of it, and what is refused."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from notifications.clock import STOCKHOLM
from notifications.duties import OpenDuty, days, open_duties, registry
from notifications.forecast import forecast
from notifications.models import Exemption, LeadTimes, MailChoice, Reminder
from notifications.planning import address, plan
from notifications.unsubscribing import link_for
from organisations.models import User
from reminders import actions
from reminders.queries import coming_to, let_be_in, owed_about, preview, rules, waits_of
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]
A_WEEK = timedelta(days=7)
PLAN_VISIT = "interventions.plan-visit"
WRITE_REPORT = "reports.write-interim-report"


def loaded(user: User, today: date = TODAY) -> User:
    load_roles(user, today)
    return user


@pytest.fixture
def team_leader(cast: Cast) -> User:
    return loaded(cast.ours.team_leader)


@pytest.fixture
def owed(cast: Cast, team_leader: User) -> OpenDuty:
    """A visit that the team leader has to plan within a week."""
    visit = factories.visit(cast.ours.collaboration, due_on=TODAY + A_WEEK)
    found = owed_about(team_leader, PLAN_VISIT, visit.pk)
    assert found
    return found


@pytest.fixture
def log_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[User], Client]:
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


def snooze(owed: OpenDuty, by: User, until: date = TODAY + A_WEEK) -> Exemption:
    return actions.snooze(owed=owed, until=until, reason="Sjuk.", by=by, now=NOW)


def own_duties(user: User) -> list[str]:
    from sbs_workflow.audience import owed_by

    return [it.duty.name for it in open_duties(TODAY, mine=owed_by(user, TODAY))]


class TestPuttingOff:
    def test_it_waits_where_everybody_sees_it(self, cast: Cast, owed: OpenDuty, team_leader: User):
        snooze(owed, team_leader)
        assert PLAN_VISIT not in own_duties(team_leader)
        assert [it.label for it in waits_of(team_leader, TODAY)] == [str(owed.duty.label)]
        [shown] = let_be_in(cast.ours.collaboration, TODAY)
        assert (shown.exemption.by, shown.exemption.reason) == (team_leader, "Sjuk.")

    def test_what_was_told_is_told_again_when_the_pause_is_over(
        self, owed: OpenDuty, team_leader: User
    ):
        plan(NOW)
        address(NOW)
        told = Reminder.objects.get(rule=PLAN_VISIT, status="told")
        snooze(owed, team_leader)
        plan(NOW)
        address(NOW)
        told.refresh_from_db()
        assert told.status == "planned"
        address(NOW + A_WEEK)
        told.refresh_from_db()
        assert told.status == "told"

    @pytest.mark.parametrize("until", [TODAY, TODAY - A_WEEK, TODAY + timedelta(days=15)])
    def test_not_into_the_past_and_not_for_long(
        self, owed: OpenDuty, team_leader: User, until: date
    ):
        with pytest.raises(TransitionRefused):
            snooze(owed, team_leader, until)

    def test_only_by_those_who_owe_it(self, cast: Cast, owed: OpenDuty):
        with pytest.raises(TransitionRefused):
            snooze(owed, loaded(cast.ours.principal))

    def test_nothing_formal(self, cast: Cast):
        principal = loaded(cast.ours.principal)
        report = factories.report(cast.ours.collaboration, cast.ours.school, due_on=TODAY)
        formal = owed_about(principal, WRITE_REPORT, report.pk)
        assert formal
        assert formal.duty.is_formal
        with pytest.raises(TransitionRefused):
            snooze(formal, principal)

    def test_it_can_be_asked_for_again(self, owed: OpenDuty, team_leader: User):
        exemption = snooze(owed, team_leader)
        actions.end_exemption(exemption=exemption, owed=owed, by=team_leader, now=NOW)
        assert PLAN_VISIT in own_duties(team_leader)


class TestWaiving:
    def test_by_the_lead_of_the_party_that_owes_it(self, cast: Cast, owed: OpenDuty):
        lead = loaded(cast.ours.university_lead)
        actions.waive(owed=owed, reason="Studiedag.", by=lead, now=NOW)
        assert PLAN_VISIT not in own_duties(loaded(cast.ours.team_leader))
        assert not [it for it in forecast(TODAY, days=30) if not it.let_be]

    @pytest.mark.parametrize("role", ["team_leader", "head_of_authority", "process_supporter"])
    def test_by_nobody_else(self, cast: Cast, owed: OpenDuty, role: str):
        with pytest.raises(PermissionDenied):
            actions.waive(owed=owed, reason="x", by=loaded(getattr(cast.ours, role)), now=NOW)

    def test_who_may_not_waive_may_not_take_it_back(self, cast: Cast, owed: OpenDuty):
        lead = loaded(cast.ours.university_lead)
        waiver = actions.waive(owed=owed, reason="Studiedag.", by=lead, now=NOW)
        with pytest.raises(PermissionDenied):
            actions.end_exemption(
                exemption=waiver, owed=owed, by=loaded(cast.ours.team_leader), now=NOW
            )


class TestLookingAhead:
    @pytest.fixture
    def owed(self, cast: Cast, team_leader: User) -> OpenDuty:
        """A visit that nobody has been reminded of yet."""
        visit = factories.visit(cast.ours.collaboration, due_on=TODAY + timedelta(days=15))
        found = owed_about(team_leader, PLAN_VISIT, visit.pk)
        assert found
        return found

    def test_each_sees_what_is_told_in_their_own_cases(self, cast: Cast, owed: OpenDuty):
        factories.visit(cast.theirs.collaboration, due_on=TODAY + A_WEEK)
        rows = coming_to(loaded(cast.ours.principal), TODAY)
        assert {row.coming.duty.scope_id for row in rows} == {cast.ours.collaboration.pk}
        assert {"Ture Teamledare"} <= {name for row in rows for name in row.names}
        assert not any(row.may_leave_out for row in rows)

    def test_not_this_one(self, cast: Cast, owed: OpenDuty):
        lead = loaded(cast.ours.university_lead)
        row = next(row for row in coming_to(lead, TODAY) if row.may_leave_out)
        step = row.coming.step
        actions.leave_out(owed=owed, step=step, by=lead, now=NOW)
        left_out = next(each for each in coming_to(lead, TODAY) if each.coming.step == step)
        assert left_out.left_out_by == "Linda Lärosätesansvarig"
        plan(NOW + timedelta(days=30))
        address(NOW + timedelta(days=30))
        assert Reminder.objects.get(rule=PLAN_VISIT, step=step).status == "suppressed"
        actions.put_back(owed=owed, step=step, by=lead)
        assert not Reminder.objects.filter(rule=PLAN_VISIT, step=step).exists()

    def test_in_a_fixed_number_of_queries(self, cast: Cast, django_assert_max_num_queries):
        user = loaded(cast.agency_manager)
        for number in range(12):
            due_on, month = TODAY + timedelta(days=11 + number), date(2027, number + 1, 1)
            factories.visit(cast.ours.collaboration, due_on=due_on, month=month)
        with django_assert_max_num_queries(8 * len(registry)):
            assert len(coming_to(user, TODAY)) > 12


class TestLeadTimes:
    def test_a_preview_tells_what_a_change_would_do(self, cast: Cast, owed: OpenDuty):
        timing = owed.duty.timing_with(LeadTimes(steps="1 2 3 4"))
        seen = preview(owed.duty, timing, TODAY, cast.ours.collaboration)
        assert (seen.letters_before, seen.letters_after) == (
            len([it for it in seen.before for _ in it.people]),
            len([it for it in seen.after for _ in it.people]),
        )
        assert seen.letters_after > seen.letters_before
        assert not LeadTimes.objects.exists()

    def test_a_case_of_its_own_and_back(self, cast: Cast, owed: OpenDuty):
        manager, case = loaded(cast.agency_manager), cast.ours.collaboration
        timing = owed.duty.timing_with(LeadTimes(steps="-2"))
        actions.change_lead_times(
            duty=owed.duty, collaboration=case, timing=timing, by=manager, now=NOW
        )
        [row] = [row for row in rules(case.pk) if row.duty is owed.duty]
        assert row.timing.steps == (days(-2),)
        assert row.is_changed
        actions.follow_the_programme(duty=owed.duty, collaboration=case, by=manager)
        assert not any(row.is_changed for row in rules(case.pk))

    def test_by_the_agency_alone(self, cast: Cast, owed: OpenDuty, team_leader: User):
        with pytest.raises(PermissionDenied):
            actions.change_lead_times(
                duty=owed.duty,
                collaboration=cast.ours.collaboration,
                timing=owed.duty.timing,
                by=team_leader,
                now=NOW,
            )

    @pytest.mark.parametrize(
        ("steps", "escalation"),
        [
            ("x", "+20"),
            ("-14 1e5", "+20"),
            ("-999999", "+20"),
            ("", "+20"),
            ("-1", ""),
            ("-1", "1 2 3 4"),
        ],
    )
    def test_what_cannot_be_read_stays_in_the_form(
        self, cast: Cast, log_in: Callable[[User], Client], steps: str, escalation: str
    ):
        duty = next(each for each in registry.values() if each.ladder and not each.is_formal)
        url = f"/samverkan/{cast.ours.collaboration.pk}/regler/{duty.name}/"
        response = log_in(cast.agency_manager).post(
            url, {"steps": steps, "escalation": escalation, "save": "1"}
        )
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert not LeadTimes.objects.exists()

    def test_the_page_shows_the_effect_and_saves_it(
        self, cast: Cast, owed: OpenDuty, log_in: Callable[[User], Client]
    ):
        client = log_in(cast.agency_manager)
        url = f"/samverkan/{cast.ours.collaboration.pk}/regler/{PLAN_VISIT}/"
        rungs = " ".join(f"+{number}a" for number in range(8, 8 + len(owed.duty.ladder)))
        sent = {"steps": "-5 -1", "escalation": rungs}
        assert client.post(url, sent).context["preview"].after
        assert not LeadTimes.objects.exists()
        assert client.post(url, sent | {"save": "1"}).status_code == HTTPStatus.FOUND
        assert LeadTimes.objects.get().steps == "-5 -1"
        client.post(url, {"usual": "1"})
        assert not LeadTimes.objects.exists()


class TestMail:
    def test_opening_the_link_changes_nothing_and_pressing_it_does(self, cast: Cast):
        link = link_for(cast.ours.principal.pk).partition("8000")[2]
        assert Client().get(link).status_code == HTTPStatus.OK
        assert not MailChoice.objects.exists()
        sent = {"List-Unsubscribe": "One-Click"}
        response = Client(enforce_csrf_checks=True).post(link, sent)
        assert response.status_code == HTTPStatus.OK
        assert MailChoice.objects.get().rhythm == "never"

    def test_a_forged_link_is_no_link(self, cast: Cast):
        link = link_for(cast.ours.principal.pk).partition("8000")[2]
        assert Client().post(link[:-3] + "xx/").status_code == HTTPStatus.NOT_FOUND
        assert not MailChoice.objects.exists()
