"""A story is replayed through the rules of the house, all of it or nothing."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext as _

from cases.actions import CaseFilesRefused, load_cases
from interventions.models import Agreement, Intervention, Visit
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from notifications.models import OutboxMessage
from organisations.models import Membership, Organisation, Unit, User
from plans.models import SituationAnalysis
from reports.models import Report
from sbs_workflow.models import Assignment, Collaboration, TransitionRecord
from tests.cases.conftest import SMALL_CASE, WriteCase

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2026, 3, 10, 9, tzinfo=STOCKHOLM)


def load(path: Path) -> Collaboration:
    return load_cases([path], now=NOW)[0]


def refusals_of(*paths: Path) -> list[str]:
    with pytest.raises(CaseFilesRefused) as refused:
        load_cases(paths, now=NOW)
    assert not Collaboration.objects.exists()
    assert not User.objects.exists()
    assert not Organisation.objects.exists()
    return refused.value.lines


def test_every_step_is_recorded_at_its_own_date_by_who_took_it(write_case: WriteCase) -> None:
    collaboration = load(write_case())
    assert collaboration.state == Collaboration.State.PLANNING
    accepted = TransitionRecord.objects.get(transition="accept")
    assert accepted.occurred_at.date() == date(2025, 2, 12)
    assert accepted.by is not None
    assert accepted.by.email == "sara@asele.test"
    shared = TransitionRecord.objects.filter(machine="nulagesanalys", transition="share")
    assert {record.by.email for record in shared if record.by} == {
        "rut@asele.test",
        "sara@asele.test",
    }
    assert not TransitionRecord.objects.filter(occurred_at__gt=NOW).exists()


def test_what_a_rule_refuses_is_told_with_its_line_and_the_rules_own_words(
    write_case: WriteCase,
) -> None:
    path = write_case("  - 2025-03-03: start analysis\n", "  - 2025-03-03: start planning\n")
    (line,) = refusals_of(path)[:1]
    assert line.startswith(f"{path}:25:5: ")


def test_a_gate_is_told_in_its_own_words(write_case: WriteCase) -> None:
    path = write_case("stod2: {name: Två Stöd", "stod3: {name: Två Stöd")
    path.write_text(path.read_text().replace("process_supporter from", "team_leader from", 1))
    lines = refusals_of(path)
    assert f"{path}:25:5: {_('Two process supporters must be named.')}" in lines


def test_whoever_does_it_must_hold_the_role_on_that_day(write_case: WriteCase) -> None:
    path = write_case("    mandate: Nämnden § 7", "    mandate: Nämnden § 7\n    by: rektor")
    assert refusals_of(path)[0].startswith(f"{path}:23:5: ")
    path = write_case("head_of_authority from 2024-01-01", "head_of_authority from 2025-06-01")
    (line, *_rest) = refusals_of(path)
    assert line.startswith(f"{path}:23:5: ")
    assert "head_of_authority" in line


def test_an_event_that_begins_in_vain_is_told_once(write_case: WriteCase) -> None:
    path = write_case(more="  - 2026-02-12: visit\n    log: Vi var där.\n")
    assert [line.split(": ")[0] for line in refusals_of(path)] == [
        f"{path}:{SMALL_CASE.count(chr(10)) + 1}:5"
    ]


def test_one_spoilt_file_keeps_the_others_out(write_case: WriteCase) -> None:
    good = write_case(name="good.yaml")
    bad = write_case("channel: telephone", "channel: drums", name="bad.yaml")
    lines = refusals_of(good, bad)
    assert all(line.startswith(f"{bad}:") for line in lines)


def test_loading_twice_is_refused_kindly(write_case: WriteCase) -> None:
    load(write_case())
    before = TransitionRecord.objects.count()
    with pytest.raises(CaseFilesRefused) as refused:
        load(write_case())
    text = _("%(name)s is already loaded.") % {"name": "Åsele kommun"}
    assert refused.value.lines == [f"{write_case()}:1:1: {text}"]
    assert TransitionRecord.objects.count() == before


def test_known_people_and_organisations_are_used_again(write_case: WriteCase) -> None:
    load(write_case())
    second = write_case("name: Åsele kommun\n", "name: Åsele igen\n", name="second.yaml")
    load(second)
    assert User.objects.count() == 6
    assert Organisation.objects.count() == 3
    assert Unit.objects.count() == 2
    assert Membership.objects.count() == 3
    assert Assignment.objects.count() == 6


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Eva Chef, ", "Eva Annan, ", 14),
        ("agency: Skolverket", "agency: Umeå universitet", 7),
        ("municipality_code: 2463", "municipality_code: 2464", 8),
        ("Centralskolan, kind: compulsory", "Centralskolan, kind: preschool", 11),
        ("name: Förvaltningen", "name: Kansliet", 12),
        ("agency_manager from 2020-01-01", "agency_manager from 2019-01-01", 14),
        ("Centralskolan, kind", "Nya skolan, school_unit_code: 12345678, kind", 11),
    ],
)
def test_what_contradicts_the_known_is_told_with_its_line(
    write_case: WriteCase, old: str, new: str, line: int
) -> None:
    load(write_case("Centralskolan, kind", "Centralskolan, school_unit_code: 12345678, kind"))
    path = write_case(old, new, name="second.yaml")
    path.write_text(path.read_text().replace("name: Åsele kommun\n", "name: Åsele igen\n"))
    with pytest.raises(CaseFilesRefused) as refused:
        load(path)
    assert any(said.startswith(f"{path}:{line}:") for said in refused.value.lines)
    assert Collaboration.objects.count() == 1


MEETINGS = """\
  - 2025-10-07 10:00: expectation talk
    booked: 2025-09-22
    minutes: Vi är överens.
  - 2026-03-05 13:00: introduction
    place: Kommunhuset
  - today+9wd 13:00: introduction
    booked: today-2wd
"""


def test_nobody_is_told_what_they_have_been_to(write_case: WriteCase) -> None:
    load(write_case(more=MEETINGS))
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {"suppressed"}


def test_a_meeting_goes_as_far_as_the_day_of_loading(write_case: WriteCase) -> None:
    load(write_case(more=MEETINGS))
    states = Meeting.objects.exclude(starts_at=None).order_by("starts_at")
    assert [meeting.state for meeting in states] == ["approved", "held", "booked"]
    silence = TransitionRecord.objects.get(transition="approve_by_silence")
    assert silence.by is None
    assert silence.occurred_at.date() == date(2025, 10, 25)


def test_a_dry_run_keeps_nothing(write_case: WriteCase) -> None:
    call_command("load_case", write_case(), "--dry-run", "--today", "2026-03-10")
    assert not Collaboration.objects.exists()


def test_the_command_prints_every_mistake_and_fails(write_case: WriteCase) -> None:
    path = write_case("channel: telephone", "channel: drums")
    with pytest.raises(CommandError, match=r"case\.yaml:22:14: "):
        call_command("load_case", path, "--today", "2026-03-10")


TAKEN_OVER = """\
story:
  - 2026-01-12: take over
    state: active
    documents: Nulägesanalys, planer och överenskommelse finns i dnr BUN 2024/118.
    channel: letter
    mandate: Nämnden § 7
    reference: BUN 2024/118
    expectation_talk: 2025-05-12
    from: 2025-06-02
    to: 2027-05-28
    interventions:
      - name: Undervisning i lärgrupper
        participants: Alla lärare
        units: all
  - 2026-02-12: visit
    planned: 2026-01-20
    log: Första besöket som finns här.
"""


def test_a_case_under_way_is_taken_over_by_its_present_state(write_case: WriteCase) -> None:
    path = write_case()
    path.write_text(path.read_text().split("story:")[0] + TAKEN_OVER)
    collaboration = load(path)
    assert collaboration.state == Collaboration.State.ACTIVE
    assert collaboration.interventions_start_on == date(2025, 6, 2)
    assert SituationAnalysis.objects.filter(state="concluded").count() == 2
    assert Agreement.objects.get().state == Agreement.State.SIGNED
    assert Intervention.objects.get().state == Intervention.State.RUNNING
    assert Visit.objects.get(state="shared").month == date(2026, 2, 1)
    # What lies before is not owed here.
    assert not Visit.objects.filter(state="needed", month__lt=date(2026, 1, 1)).exists()
    assert not Report.objects.filter(state="open", deadline_on__lt=date(2026, 1, 12)).exists()
    started = TransitionRecord.objects.get(transition="start_interventions")
    assert "BUN 2024/118" in started.reason


@pytest.mark.parametrize("state", ["analysing", "planning", "agreed"])
def test_a_case_can_be_taken_over_in_every_state_of_its_beginning(
    write_case: WriteCase, state: str
) -> None:
    path = write_case()
    story = TAKEN_OVER.split("  - 2026-02-12")[0].replace("state: active", f"state: {state}")
    path.write_text(path.read_text().split("story:")[0] + story)
    assert load(path).state == state
