"""What is kept of a meeting, who confirms the minutes, promises that change, and the next date."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from interventions.models import Agreement
from meetings.actions import (
    Kept,
    PromiseMade,
    answer_about_learning,
    confirm_minutes,
    hold_meeting,
    keep_notes,
)
from meetings.automatic import let_minutes_stand
from meetings.models import ChangeProposal, Decision, LearningAnswer, Meeting, MinutesApproval
from meetings.queries import confirmations_of
from notifications.models import OutboxMessage
from organisations.models import Party, User
from sbs_workflow.actions import settle_promise
from sbs_workflow.engine import SomebodyWasFirst, TransitionRefused, perform
from sbs_workflow.models import Promise
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def three_parties(cast: Cast) -> list[tuple[User, str]]:
    side = cast.ours
    return [
        (side.process_supporter, "agency"),
        (side.head_of_authority, "organiser"),
        (side.team_leader, "university"),
    ]


def meeting_in(cast: Cast, state: str, **fields: Any) -> Meeting:
    return factories.meeting(
        cast.ours.collaboration, state=state, participants=three_parties(cast), **fields
    )


def write_minutes(cast: Cast, meeting: Meeting) -> Meeting:
    minuted: Meeting = perform(
        meeting.write_minutes, by=cast.ours.process_supporter, now=NOW, minutes="Vi är överens."
    )
    return minuted


# --- notes ---------------------------------------------------------------------------------


def test_notes_become_the_proposal_for_the_minutes(cast: Cast):
    meeting = meeting_in(cast, "held")
    first = factories.agenda_point(meeting, title="Hur det har landat")
    second = factories.agenda_point(meeting, title="Schemat", position=2)
    kept = Kept(
        outcomes={first.pk: "Eleverna vet vad de ska göra.", second.pk: ""},
        decisions=["Observationerna fortsätter."],
        promises=[
            PromiseMade(Party.ORGANISER, "Frigöra tid.", cast.ours.principal, TODAY),
            PromiseMade(Party.UNIVERSITY, "Skicka underlag."),
        ],
        change="En insats till.",
    )
    for _twice in range(2):
        keep_notes(meeting=meeting, kept=kept, by=cast.ours.process_supporter, now=NOW)
    assert list(meeting.agenda.values_list("title", "state")) == [
        ("Hur det har landat", "dealt_with"),
        ("Schemat", "open"),
    ]
    assert Promise.objects.filter(made_in=meeting.pk, is_shared=True).count() == 2
    assert Decision.objects.filter(meeting=meeting).count() == 1
    text = Meeting.objects.get(pk=meeting.pk).minutes
    for said in (
        "Hur det har landat\nEleverna vet vad de ska göra.",
        "• Observationerna fortsätter.",
        "Rut Rektor: Frigöra tid.",
        "• Lärosäte: Skicka underlag.",
        "En insats till.",
    ):
        assert said in text
    assert "Schemat" not in text


def test_notes_leave_written_minutes_alone(cast: Cast):
    meeting = meeting_in(cast, "held")
    back = perform(
        write_minutes(cast, meeting).ask_for_correction,
        by=cast.ours.team_leader,
        now=NOW,
        reason="Fel datum",
    )
    keep_notes(
        meeting=back, kept=Kept({}, ["Nytt beslut"]), by=cast.ours.process_supporter, now=NOW
    )
    assert Meeting.objects.get(pk=back.pk).minutes == "Vi är överens."


def test_the_proposal_is_not_shown_as_minutes_but_begins_them(cast: Cast, client: Client):
    meeting = meeting_in(cast, "held")
    keep_notes(
        meeting=meeting, kept=Kept({}, ["Vi fortsätter."]), by=cast.ours.process_supporter, now=NOW
    )
    client.force_login(cast.ours.process_supporter)
    assert "Vi fortsätter." not in client.get(meeting.get_absolute_url()).content.decode()
    step = client.get(f"/steg/mote/{meeting.pk}/write_minutes/").content.decode()
    assert "• Vi fortsätter." in step


@pytest.mark.parametrize("state", ["needed", "minuted", "approved", "cancelled", "not_quorate"])
def test_no_notes_outside_the_meeting(cast: Cast, state: str):
    meeting = meeting_in(cast, state)
    with pytest.raises(TransitionRefused):
        keep_notes(meeting=meeting, kept=Kept({}, ["Nej"]), by=cast.ours.process_supporter, now=NOW)
    assert not Decision.objects.exists()


def test_only_who_runs_the_meeting_takes_notes(cast: Cast):
    meeting = meeting_in(cast, "booked")
    for by in (cast.ours.team_leader, cast.ours.head_of_authority, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            keep_notes(meeting=meeting, kept=Kept({}, ["Nej"]), by=by, now=NOW)


def test_a_person_promises_for_their_own_party(cast: Cast, client: Client):
    meeting = meeting_in(cast, "booked")
    client.force_login(cast.ours.process_supporter)
    data = {
        "promise_1": "Frigöra tid.",
        "promise_party_1": "university",
        "promise_person_1": str(cast.ours.head_of_authority.pk),
        "promise_party_2": "agency",
        "promise_party_3": "agency",
    }
    url = f"/mote/{meeting.pk}/halla/"
    assert client.post(url, data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(url, data | {"promise_party_1": "organiser"}).status_code == HTTPStatus.FOUND
    assert Promise.objects.get().person == cast.ours.head_of_authority


# --- a change of the agreement -------------------------------------------------------------


def propose_a_change(cast: Cast) -> Meeting:
    meeting = meeting_in(cast, "held")
    kept = Kept({}, change="Insats 2 förlängs till sommaren.")
    keep_notes(meeting=meeting, kept=kept, by=cast.ours.process_supporter, now=NOW)
    return write_minutes(cast, meeting)


def test_a_change_becomes_a_draft_of_the_agreement(cast: Cast):
    factories.agreement(cast.ours.collaboration, state="signed")
    propose_a_change(cast)
    draft = Agreement.objects.get(state="draft")
    assert (draft.version, draft.amendment_reason) == (2, "Insats 2 förlängs till sommaren.")
    assert ChangeProposal.objects.get().amendment == draft.pk


def test_a_change_waits_where_nothing_can_be_amended(cast: Cast):
    propose_a_change(cast)
    factories.agreement(cast.ours.collaboration, state="signed")
    factories.agreement(cast.ours.collaboration, state="draft", version=2)
    propose_a_change(cast)
    assert not ChangeProposal.objects.exclude(amendment=None).exists()
    assert Agreement.objects.filter(version__gt=1).count() == 1


# --- minutes -------------------------------------------------------------------------------


def test_everybody_who_was_invited_is_told_each_time_minutes_are_written(cast: Cast):
    minuted = write_minutes(cast, meeting_in(cast, "held"))
    back = perform(
        minuted.ask_for_correction, by=cast.ours.team_leader, now=NOW, reason="Fel datum"
    )
    later = NOW + timedelta(hours=1)
    perform(back.write_minutes, by=cast.ours.process_supporter, now=later, minutes="Rättat.")
    told = OutboxMessage.objects.filter(template="meetings/minuted")
    assert sorted(told.values_list("recipient__name", flat=True)) == sorted(
        2 * [user.name for user, _party in three_parties(cast)]
    )


def test_the_minutes_stand_when_both_other_parties_have_confirmed(cast: Cast):
    minuted = write_minutes(cast, meeting_in(cast, "held"))
    for by in (cast.ours.head_of_authority, cast.ours.coordinator):
        assert confirm_minutes(meeting=minuted, by=by, now=NOW).state == "minuted"
    assert confirm_minutes(meeting=minuted, by=cast.ours.team_leader, now=NOW).state == "approved"
    said = {row.party: row.approval and row.approval.by for row in confirmations_of(minuted)}
    assert said == {"organiser": cast.ours.head_of_authority, "university": cast.ours.team_leader}
    with pytest.raises(SomebodyWasFirst):
        confirm_minutes(meeting=minuted, by=cast.ours.university_lead, now=NOW)


def test_a_talk_of_two_is_confirmed_by_the_other(cast: Cast):
    talk = factories.meeting(cast.ours.collaboration, kind="bilateral", state="minuted")
    confirmed = confirm_minutes(meeting=talk, by=cast.ours.process_supporter, now=NOW)
    assert confirmed.state == "approved"


def test_who_wrote_does_not_confirm(cast: Cast):
    minuted = meeting_in(cast, "minuted")
    for by in (cast.ours.process_supporter, cast.ours.principal, cast.theirs.team_leader):
        with pytest.raises(PermissionDenied):
            confirm_minutes(meeting=minuted, by=by, now=NOW)
    assert not MinutesApproval.objects.exists()


def test_another_party_that_calls_is_asked_by_none_and_asks_the_others(cast: Cast):
    minuted = meeting_in(cast, "minuted", initiator=Party.ORGANISER)
    with pytest.raises(PermissionDenied):
        confirm_minutes(meeting=minuted, by=cast.ours.head_of_authority, now=NOW)
    confirm_minutes(meeting=minuted, by=cast.ours.process_supporter, now=NOW)
    assert confirm_minutes(meeting=minuted, by=cast.ours.team_leader, now=NOW).state == "approved"


def test_a_correction_is_confirmed_anew(cast: Cast):
    minuted = write_minutes(cast, meeting_in(cast, "held"))
    confirm_minutes(meeting=minuted, by=cast.ours.head_of_authority, now=NOW)
    back = perform(minuted.ask_for_correction, by=cast.ours.team_leader, now=NOW, reason="Datum")
    again = write_minutes(cast, back)
    assert confirm_minutes(meeting=again, by=cast.ours.team_leader, now=NOW).state == "minuted"


def test_silence_is_shown_as_silence(cast: Cast, client: Client):
    meeting = meeting_in(cast, "minuted", due_on=TODAY)
    confirm_minutes(meeting=meeting, by=cast.ours.team_leader, now=NOW)
    assert [row.was_silent for row in confirmations_of(meeting)] == [False, False]
    assert let_minutes_stand(NOW + timedelta(days=1)) == 1
    stands = Meeting.objects.get(pk=meeting.pk)
    silent = {row.party: row.was_silent for row in confirmations_of(stands)}
    assert silent == {"organiser": True, "university": False}


def test_a_party_that_has_confirmed_is_not_asked_again(cast: Cast, client: Client):
    meeting = meeting_in(cast, "minuted")
    url = f"/mote/{meeting.pk}/bekrafta/"

    def is_asked(user: User) -> bool:
        client.force_login(user)
        return f'href="{url}"' in client.get(meeting.get_absolute_url()).content.decode()

    assert is_asked(cast.ours.head_of_authority)
    client.post(url, {"seen_state": "minuted"})
    assert not is_asked(cast.ours.head_of_authority)
    assert not is_asked(cast.ours.coordinator)
    assert is_asked(cast.ours.team_leader)


# --- promises ------------------------------------------------------------------------------


def test_a_changed_promise_is_followed_by_a_new_one(cast: Cast):
    promise = factories.promise(
        factories.visit(cast.ours.collaboration, state="shared"), person=cast.ours.principal
    )
    later = TODAY + timedelta(days=60)
    for _twice in range(2):
        settle_promise(
            promise=promise,
            outcome=Promise.Outcome.CHANGED,
            word="Hösten är full.",
            what="Tid från och med januari.",
            due_on=later,
            by=cast.ours.team_leader,
            now=NOW,
        )
    old, new = Promise.objects.get(pk=promise.pk), Promise.objects.get(replaces=promise)
    assert (old.outcome, old.word, old.what) == ("changed", "Hösten är full.", promise.what)
    assert (new.what, new.due_on, new.is_open) == ("Tid från och med januari.", later, True)
    assert (new.party, new.person, new.made_in) == (old.party, old.person, old.made_in)


def test_a_change_that_changes_nothing_is_sent_back(cast: Cast, client: Client):
    promise = factories.promise(factories.visit(cast.ours.collaboration, state="shared"))
    client.force_login(cast.ours.principal)
    url = f"/lofte/{promise.pk}/"
    data = {"outcome": "changed", "what": promise.what, "due_on": str(promise.due_on)}
    assert client.post(url, data).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(url, data | {"due_on": "2026-12-01"}).status_code == HTTPStatus.FOUND
    assert Promise.objects.count() == 2


# --- next time -----------------------------------------------------------------------------


def hold(cast: Cast, client: Client, **answers: Any) -> tuple[int, Meeting]:
    meeting = meeting_in(cast, "booked")
    client.force_login(cast.ours.process_supporter)
    present = [str(user.pk) for user, _party in three_parties(cast)]
    data = {"seen_state": meeting.as_seen, "present": present, **answers}
    status = client.post(f"/mote/{meeting.pk}/genomfort/", data).status_code
    return status, Meeting.objects.get(pk=meeting.pk)


def test_closing_asks_for_the_next_date_or_a_reason(cast: Cast, client: Client):
    status, refused = hold(cast, client)
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    factories.put(refused, "cancelled")
    day = TODAY + timedelta(days=40)
    assert hold(cast, client, next_on=day.isoformat())[0] == HTTPStatus.FOUND
    assert Meeting.objects.get(state="needed").due_on == day


def test_a_reason_keeps_the_next_one_from_being_owed(cast: Cast, client: Client):
    status, held = hold(cast, client, no_next_because="Insatserna är klara i juni.")
    assert (status, held.state) == (HTTPStatus.FOUND, "held")
    assert held.no_next_because == "Insatserna är klara i juni."
    assert not Meeting.objects.filter(state="needed").exists()


def test_the_next_comes_after_this_one(cast: Cast, client: Client):
    status, _held = hold(cast, client, next_on=(TODAY - timedelta(days=1)).isoformat())
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_without_a_party_nothing_is_asked_and_it_is_owed_again(cast: Cast, client: Client):
    status, held = hold(cast, client, present=[str(cast.ours.process_supporter.pk)])
    assert (status, held.state) == (HTTPStatus.FOUND, "not_quorate")
    assert Meeting.objects.filter(state="needed").exists()


def test_a_next_one_that_is_being_found_stays_as_it_is(cast: Cast):
    following = factories.meeting(
        cast.ours.collaboration,
        state="booked",
        starts_at=NOW + timedelta(days=90),
        ends_at=NOW + timedelta(days=90, hours=1),
    )
    meeting = meeting_in(cast, "booked")
    hold_meeting(
        meeting=meeting,
        present=[user for user, _party in three_parties(cast)],
        by=cast.ours.process_supporter,
        now=NOW,
        next_on=TODAY + timedelta(days=50),
    )
    assert Meeting.objects.get(pk=following.pk).due_on == following.due_on


# --- an occasion for learning --------------------------------------------------------------


def test_who_came_answers_and_reads_and_nobody_else(cast: Cast, client: Client):
    meeting = meeting_in(cast, "held")
    meeting.participants.filter(user=cast.ours.team_leader).update(came=False)
    for word in ("Inget särskilt.", "Att lyssna på eleverna."):
        answer_about_learning(
            meeting=meeting, answer="yes", word=word, by=cast.ours.head_of_authority, now=NOW
        )
    assert LearningAnswer.objects.get().word == "Att lyssna på eleverna."
    url = f"/mote/{meeting.pk}/lartillfalle/"
    client.force_login(cast.ours.process_supporter)
    assert "Att lyssna på eleverna." in client.get(url).content.decode()
    for stranger in (cast.ours.team_leader, cast.ours.principal, cast.agency_manager):
        client.force_login(stranger)
        assert client.get(url).status_code == HTTPStatus.FORBIDDEN
        with pytest.raises(TransitionRefused):
            answer_about_learning(meeting=meeting, answer="no", word="", by=stranger, now=NOW)


def test_nothing_is_asked_before_the_meeting(cast: Cast):
    with pytest.raises(TransitionRefused):
        answer_about_learning(
            meeting=meeting_in(cast, "booked"),
            answer="yes",
            word="",
            by=cast.ours.team_leader,
            now=NOW,
        )
