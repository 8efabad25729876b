"""An avsteg of an accepted report is taken up: as a point of a meeting, or as an amendment."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from interventions.models import Agreement
from meetings.actions import Kept, drop_point, keep_notes, lay_out_agenda, send_point_on
from meetings.models import AgendaPoint, Meeting
from notifications.duties import open_duties
from reports.actions import Where, take_up_deviations
from reports.models import Report
from sbs_workflow.engine import TransitionRefused, perform
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SAID = "Insats 2 började en termin senare, eftersom rektor byttes."
DUTY = "reports.take-up-deviations"


def submitted(cast: Cast, text: str = SAID) -> Report:
    """An interim report of our school that tells of an avsteg, as it was submitted."""
    ours = cast.ours
    report = factories.report(ours.collaboration, ours.school, kind="interim", state="unit_ready")
    factories.answer(report, "deviations", text=text, by=ours.principal)
    sent: Report = perform(report.submit, by=ours.head_of_authority, now=NOW)
    return sent


def accepted(cast: Cast, text: str = SAID) -> Report:
    report: Report = perform(submitted(cast, text).accept, by=cast.ours.process_supporter, now=NOW)
    return Report.objects.get(pk=report.pk)


def next_meeting(cast: Cast) -> Meeting:
    return factories.meeting(cast.ours.collaboration, state="needed")


def owed(days: int = 10) -> list[str]:
    found = open_duties(TODAY + timedelta(days=days))
    return [each.duty.name for each in found if each.duty.name == DUTY]


def test_it_is_to_be_decided_within_thirty_days(cast: Cast):
    report = accepted(cast)
    assert report.due_on is not None
    assert timedelta(days=30) <= report.due_on - TODAY <= timedelta(days=35)
    assert owed() == [DUTY]


def test_a_report_without_avsteg_owes_nothing(cast: Cast):
    assert accepted(cast, "").due_on is None
    assert owed() == []


def test_it_becomes_a_point_of_the_next_meeting_once(cast: Cast):
    report, meeting = accepted(cast), next_meeting(cast)
    for _twice in range(2):
        take_up_deviations(
            report=report, where=Where.MEETING, by=cast.ours.process_supporter, now=NOW
        )
    [point] = AgendaPoint.objects.filter(meeting=meeting, title__contains=SAID)
    assert str(cast.ours.school) in point.title
    assert owed() == []


def booked(cast: Cast, days: int) -> Meeting:
    """A three-party meeting so many days from now."""
    starts_at = NOW + timedelta(days=days)
    return factories.meeting(
        cast.ours.collaboration,
        state="booked",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )


def take_up_in_a_meeting(cast: Cast, report: Report) -> None:
    take_up_deviations(report=report, where=Where.MEETING, by=cast.ours.process_supporter, now=NOW)


def test_a_point_of_a_meeting_after_the_thirty_days_settles_nothing_by_itself(cast: Cast):
    report, meeting = accepted(cast), booked(cast, 50)
    take_up_in_a_meeting(cast, report)
    assert owed() == owed(days=60) == [DUTY]
    point = AgendaPoint.objects.get(about=report.pk)
    factories.put(meeting, "held")
    keep_notes(
        meeting=Meeting.objects.get(pk=meeting.pk),
        kept=Kept(outcomes={point.pk: "Insatsen förlängs."}),
        by=cast.ours.process_supporter,
        now=NOW + timedelta(days=51),
    )
    assert owed(days=60) == [], "the meeting has decided"


def test_a_meeting_that_moves_takes_the_duty_along(cast: Cast):
    report, meeting = accepted(cast), booked(cast, 20)
    take_up_in_a_meeting(cast, report)
    assert owed() == []
    for changed, expected in (
        ({"starts_at": NOW + timedelta(days=50), "ends_at": NOW + timedelta(days=51)}, [DUTY]),
        ({"starts_at": NOW + timedelta(days=20)}, []),
        ({"state": "not_quorate"}, [DUTY]),
        ({"state": "held"}, []),
        ({"state": "approved"}, [DUTY]),
    ):
        Meeting.objects.filter(pk=meeting.pk).update(**changed)
        assert owed() == expected, changed


def test_a_point_that_is_dropped_or_sent_on_settles_nothing(cast: Cast):
    report, meeting = accepted(cast), booked(cast, 20)
    take_up_in_a_meeting(cast, report)
    booked(cast, 60)
    send_point_on(
        point=AgendaPoint.objects.get(about=report.pk), by=cast.ours.process_supporter, now=NOW
    )
    assert owed() == [DUTY]
    lay_out_agenda(Meeting.objects.exclude(pk=meeting.pk).get(starts_at__gt=NOW))
    sent_on = AgendaPoint.objects.get(about=report.pk, state="open")
    assert sent_on.meeting != meeting
    drop_point(point=sent_on, by=cast.ours.process_supporter, now=NOW)
    assert owed() == [DUTY]


def test_the_point_follows_to_an_earlier_meeting(cast: Cast):
    report, late = accepted(cast), booked(cast, 50)
    take_up_in_a_meeting(cast, report)
    early = booked(cast, 10)
    take_up_in_a_meeting(cast, report)
    assert AgendaPoint.objects.get(about=report.pk).meeting == early
    assert not late.agenda.filter(title__contains=SAID).exists()
    assert owed() == []


def test_the_page_says_that_a_meeting_comes_too_late(cast: Cast, client: Client):
    report = accepted(cast)
    booked(cast, 50)
    client.force_login(cast.ours.process_supporter)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = f"/redovisning/{report.pk}/avsteg/"
    client.post(address, {"where": "meeting"})
    page = client.get(address).content.decode()
    assert "It stands on the agenda" in page
    assert "comes later" in page


def test_it_becomes_an_amendment(cast: Cast):
    report = accepted(cast)
    factories.agreement(cast.ours.collaboration, state="signed")
    take_up_deviations(
        report=report, where=Where.AMENDMENT, by=cast.ours.process_supporter, now=NOW
    )
    draft = Agreement.objects.get(version=2)
    assert SAID in draft.amendment_reason
    assert owed() == []


def test_without_a_meeting_or_an_agreement_it_stays_owed(cast: Cast):
    report = accepted(cast)
    for where in Where:
        with pytest.raises(TransitionRefused):
            take_up_deviations(report=report, where=where, by=cast.ours.process_supporter, now=NOW)
    assert owed() == [DUTY]


def test_a_report_that_is_not_accepted_is_not_taken_up(cast: Cast):
    report = submitted(cast)
    next_meeting(cast)
    with pytest.raises(TransitionRefused):
        take_up_deviations(
            report=report, where=Where.MEETING, by=cast.ours.process_supporter, now=NOW
        )


def test_the_page_offers_both(cast: Cast):
    report, meeting = accepted(cast), next_meeting(cast)
    client = Client()
    client.force_login(cast.ours.process_supporter)
    address = f"/redovisning/{report.pk}/avsteg/"
    assert address in client.get(report.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert SAID in page
    assert client.post(address, {"where": "meeting"}).status_code == 302
    assert meeting.agenda.filter(title__contains=SAID).exists()
    client.force_login(cast.ours.principal)
    assert client.get(address).status_code == 403
