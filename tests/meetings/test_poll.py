"""Finding a time: asking, answering without logging in, being reminded, choosing."""

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.actions import answer_poll, book_meeting, open_poll
from meetings.automatic import remind_those_who_are_silent, tell_whoever_asked
from meetings.models import Meeting, PollAnswer, PollInvitation, ProposedTime, TimePoll
from meetings.queries.poll import poll_page
from notifications import clock
from notifications.automatic import registry as each_tick
from notifications.clock import STOCKHOLM
from notifications.duties import OpenDuty, days, duty, open_duties
from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.models import Membership, Party, User
from sbs_workflow.audience import owed_by
from sbs_workflow.engine import SomebodyWasFirst, TransitionRefused, perform
from sbs_workflow.models import TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.questions import of_the_page

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

YES, PERHAPS, NO = PollAnswer.Answer.YES, PollAnswer.Answer.IF_NEED_BE, PollAnswer.Answer.NO
LAST_DAY = TODAY + timedelta(days=7)
QUERIES_AT_MOST = 10


def at(days: int, hour: int = 9) -> tuple[datetime, datetime]:
    starts_at = datetime.combine(TODAY + timedelta(days=days), time(hour), STOCKHOLM)
    return starts_at, starts_at + timedelta(hours=2)


TIMES = [at(14), at(15), at(16, 13)]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages' clock shows the cast's morning; nobody has been counted for too many attempts."""
    monkeypatch.setenv("CLOCK_OFFSET", str((NOW - datetime.now(STOCKHOLM)).total_seconds()))
    cache.clear()
    yield
    cache.clear()


def later(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setenv("CLOCK_OFFSET", str((now - datetime.now(STOCKHOLM)).total_seconds()))


def three_parties(cast: Cast) -> list[User]:
    return [cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader]


def asked_about(cast: Cast, **changes: Any) -> TimePoll:
    """A poll about a needed trepartsavstämning, opened by the process supporter."""
    meeting = changes.pop("meeting", None) or factories.meeting(cast.ours.collaboration)
    asked: dict[str, Any] = {
        "times": TIMES,
        "people": three_parties(cast),
        "answers_by": LAST_DAY,
        "by": cast.ours.process_supporter,
        "now": NOW,
        **changes,
    }
    return TimePoll.objects.get(meeting=open_poll(meeting=meeting, **asked), closed_at=None)


def invitation_of(poll: TimePoll, user: User) -> PollInvitation:
    return PollInvitation.objects.get(poll=poll, user=user)


def say(poll: TimePoll, user: User, *answers: str, now: datetime = NOW) -> PollInvitation:
    """One answer for each time, in the order of the times."""
    keys = poll.times.values_list("pk", flat=True)
    return answer_poll(
        invitation=invitation_of(poll, user),
        answers=dict(zip(keys, answers, strict=True)),
        now=now,
    )


def said(poll: TimePoll, user: User) -> list[str]:
    answers = PollAnswer.objects.filter(invitation=invitation_of(poll, user))
    return list(answers.order_by("time__starts_at").values_list("answer", flat=True))


def letters(template: str) -> dict[str, dict[str, Any]]:
    """The contexts of the letters that are not stopped, by the name of whoever gets them."""
    found = OutboxMessage.objects.filter(template=f"meetings/{template}").exclude(
        status=OutboxMessage.Status.CANCELLED
    )
    return {message.recipient.name: message.context for message in found if message.recipient}


def link_of(poll: TimePoll, user: User) -> str:
    return invitation_of(poll, user).link


def form_data(poll: TimePoll, *answers: str) -> dict[str, str]:
    keys = poll.times.values_list("pk", flat=True)
    return {f"time_{key}": answer for key, answer in zip(keys, answers, strict=True)}


def stored() -> list[Any]:
    """Everything that a link could change."""
    models: list[Any] = [PollAnswer, PollInvitation, ProposedTime, TimePoll, Meeting]
    return [list(model.objects.order_by("pk").values()) for model in models] + [
        OutboxMessage.objects.count(),
        TransitionRecord.objects.count(),
    ]


# --- asking --------------------------------------------------------------------------------


def test_everybody_is_asked_with_a_link_of_their_own(cast: Cast):
    poll = asked_about(cast)
    assert poll.meeting.state == "proposed"
    assert poll.meeting.due_on == TODAY + timedelta(days=30), "still to be booked by then"
    assert [(t.starts_at, t.ends_at) for t in poll.times.all()] == TIMES
    asked = letters("poll")
    assert asked.keys() == {user.name for user in three_parties(cast)}
    assert len({context["url"] for context in asked.values()}) == 3
    parties = dict(poll.invitations.values_list("user__name", "party"))
    assert parties["Sara Skolchef"] == Party.ORGANISER


def test_a_letter_tells_the_times_and_the_link_and_nobody_elses_address(cast: Cast):
    poll = asked_about(cast)
    for template in ("poll", "poll_reminder"):
        context = OutboxMessage.objects.filter(template="meetings/poll")[0].context
        sent = letter(f"meetings/{template}", context)
        for body in (sent.text, sent.html):
            assert context["url"] in body
            assert "24 mars 2026 09:00–11:00" in body
            assert "@" not in body
        assert poll.meeting.collaboration.organiser.name in sent.subject


def test_no_copy_of_a_link_is_kept(cast: Cast):
    asked_about(cast)
    assert OutboxMessage.objects.filter(template="meetings/poll", confidential=False).count() == 0


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_each_party_that_must_be_there_is_asked(cast: Cast, missing: int):
    people = three_parties(cast)
    del people[missing]
    with pytest.raises(TransitionRefused):
        asked_about(cast, people=people)
    assert not TimePoll.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_only_people_of_the_case_are_asked(cast: Cast):
    for stranger in (cast.outsider, cast.deactivated, cast.theirs.head_of_authority):
        with pytest.raises(TransitionRefused), transaction.atomic():
            asked_about(cast, people=[*three_parties(cast), stranger])
        Meeting.objects.all().delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"times": TIMES[:1]},
        {"times": [at(14, hour) for hour in range(8, 17)]},
        {"times": [at(14), at(14)]},
        {"answers_by": TODAY - timedelta(days=1)},
        {"answers_by": TODAY + timedelta(days=14)},
    ],
    ids=["one time", "nine times", "twice the same", "answers by yesterday", "answers too late"],
)
def test_what_cannot_be_asked(cast: Cast, wrong: dict[str, Any]):
    with pytest.raises(TransitionRefused):
        asked_about(cast, **wrong)
    assert Meeting.objects.get().state == "needed"


def test_others_do_not_ask(cast: Cast):
    for by in (cast.ours.team_leader, cast.ours.principal, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied), transaction.atomic():
            asked_about(cast, by=by)
        Meeting.objects.all().delete()


def test_two_who_ask_at_once_ask_once(cast: Cast):
    poll = asked_about(cast, seen_state="needed")
    with pytest.raises(SomebodyWasFirst):
        asked_about(
            cast,
            meeting=poll.meeting,
            by=cast.ours.second_process_supporter,
            seen_state="needed",
        )
    assert asked_about(cast, meeting=poll.meeting, seen_state="proposed") == poll, "sent twice"
    assert len(letters("poll")) == OutboxMessage.objects.count() == 3


def test_asking_about_other_times_closes_the_question_before(cast: Cast):
    first = asked_about(cast)
    second = asked_about(cast, meeting=first.meeting, times=[at(20), at(21)])
    closed = TimePoll.objects.get(pk=first.pk)
    assert closed.closed_at == NOW
    assert first != second
    cancelled = OutboxMessage.objects.filter(status="cancelled")
    assert cancelled.count() == 3, "nobody is sent the question that no longer holds"
    with pytest.raises(TransitionRefused):
        say(first, cast.ours.team_leader, YES, YES, YES)


# --- answering -----------------------------------------------------------------------------


def test_a_person_answers_and_changes_the_answers(cast: Cast):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    say(poll, leader, YES, NO, PERHAPS)
    answered = say(poll, leader, NO, NO, YES, now=NOW + timedelta(hours=1))
    assert said(poll, leader) == [NO, NO, YES]
    assert (answered.due_on, answered.answered_at) == (None, NOW + timedelta(hours=1))


def test_the_last_day_is_a_day_to_answer_and_the_next_is_not(cast: Cast):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    midnight = clock.start_of(LAST_DAY + timedelta(days=1))
    say(poll, leader, YES, YES, YES, now=midnight - timedelta(seconds=1))
    with pytest.raises(TransitionRefused) as refused:
        say(poll, leader, NO, NO, NO, now=midnight)
    assert "17 mars 2026" in str(refused.value)
    assert said(poll, leader) == [YES, YES, YES]


def test_somebody_who_has_left_answers_no_more_and_counts_no_more(cast: Cast):
    poll = asked_about(cast)
    head = cast.ours.head_of_authority
    for user in three_parties(cast):
        say(poll, user, YES, NO, NO)
    page = poll_page(poll.meeting, NOW)
    assert page
    assert page.times[0].verdict == "all"
    Membership.objects.filter(user=head).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(TransitionRefused):
        say(poll, head, YES, YES, YES)
    page = poll_page(poll.meeting, NOW)
    assert page
    assert page.times[0].missing == [Party.ORGANISER]
    assert (page.asked, page.answered) == (2, 2)


def test_a_closed_account_answers_nothing(cast: Cast, client: Client):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert client.get(link_of(poll, leader)).status_code == HTTPStatus.GONE


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one_of_them_whole(cast: Cast):
    """Not half of each: whoever comes last has the word about every time."""
    poll = asked_about(cast)
    leader = cast.ours.team_leader

    def answer(word: str) -> None:
        try:
            say(poll, leader, word, word, word)
        finally:
            connections.close_all()

    for _attempt in range(5):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(answer, (YES, NO)))
        assert said(poll, leader) in ([YES] * 3, [NO] * 3)
    assert PollAnswer.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_an_answer_while_the_time_is_booked_is_whole_or_refused(cast: Cast):
    leader = cast.ours.team_leader
    starts_at, ends_at = TIMES[0]

    def answer(poll: TimePoll) -> bool:
        try:
            say(poll, leader, YES, YES, YES)
        except TransitionRefused:
            return False
        finally:
            connections.close_all()
        return True

    def book(poll: TimePoll) -> Meeting:
        try:
            return book_meeting(
                meeting=poll.meeting,
                participants=three_parties(cast),
                starts_at=starts_at,
                ends_at=ends_at,
                form="digital",
                place="En länk",
                by=cast.ours.process_supporter,
                now=NOW,
            )
        finally:
            connections.close_all()

    for _attempt in range(5):
        poll = asked_about(cast)
        with ThreadPoolExecutor(2) as threads:
            answered, booked = threads.submit(answer, poll), threads.submit(book, poll)
        assert booked.result().state == "booked"
        assert said(poll, leader) == ([YES] * 3 if answered.result() else [])
        assert not poll.invitations.filter(due_on__isnull=False).exists()


def test_letters_are_in_swedish_whoever_asks(cast: Cast):
    with override("en"):
        asked_about(cast)
    assert letters("poll")["Ture Teamledare"]["meeting"] == "Trepartsavstämning"


# --- the personal link ---------------------------------------------------------------------


def test_the_page_tells_what_an_answer_needs_and_nothing_else(cast: Cast, client: Client):
    poll = asked_about(cast)
    for user in three_parties(cast):
        say(poll, user, YES, NO, PERHAPS)
    factories.put(poll.meeting.collaboration, "active", name="Hemlig ärenderubrik")
    leader = cast.ours.team_leader
    response = client.get(link_of(poll, leader))
    page = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    for told in ("Ådalens kommun", "24 mars 2026 09:00–11:00", "17 mars 2026"):
        assert told in page
    for user in User.objects.all():
        assert user.name not in page
        assert user.email not in page
    assert "Hemlig ärenderubrik" not in page
    assert str(poll.meeting.pk) not in page
    assert str(poll.meeting.collaboration_id) not in page
    assert len(re.findall(r"<input[^>]*\bchecked\b", page)) == 3, "own answers are filled in"


def test_the_answers_are_saved_on_one_page(cast: Cast, client: Client):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    link = link_of(poll, leader)
    response = client.post(link, form_data(poll, YES, PERHAPS, NO), follow=True)
    assert response.redirect_chain == [(link, HTTPStatus.FOUND)]
    assert said(poll, leader) == [YES, PERHAPS, NO]
    assert 'role="status"' in response.content.decode()


@pytest.mark.parametrize("wrong", ["", "kanske", "<script>"])
def test_a_wrong_answer_is_said_beside_its_time(cast: Cast, client: Client, wrong: str):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    response = client.post(link_of(poll, leader), form_data(poll, YES, wrong, NO))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "field__error" in response.content.decode()
    assert said(poll, leader) == []


def test_the_link_is_kept_from_others(cast: Cast, client: Client):
    poll = asked_about(cast)
    response = client.get(link_of(poll, cast.ours.team_leader))
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]


def test_no_log_tells_a_link(cast: Cast):
    link = link_of(asked_about(cast), cast.ours.team_leader)
    [console] = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    for path, told in ((link, "/svar/…/"), ("/kalender/abc.ics", "/kalender/….ics")):
        arguments = ("null", path)
        record = logging.LogRecord("django", 30, "", 1, "Forbidden (%s): %s", arguments, None)
        assert console.filter(record)
        assert console.format(record).endswith(f"Forbidden (null): {told}")


def test_the_form_is_protected_against_forgery(cast: Cast):
    poll = asked_about(cast)
    link = link_of(poll, cast.ours.team_leader)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, form_data(poll, YES, YES, YES)).status_code == HTTPStatus.FORBIDDEN
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(link).content.decode()
    )
    assert token
    sent = form_data(poll, YES, YES, YES) | {"csrfmiddlewaretoken": token[1]}
    elsewhere = strict.post(link, sent, headers={"origin": "https://ond.example"})
    assert elsewhere.status_code == HTTPStatus.FORBIDDEN
    assert PollAnswer.objects.count() == 0
    assert strict.post(link, sent).status_code == HTTPStatus.FOUND


def test_too_many_answers_are_refused_for_a_while(cast: Cast, client: Client):
    poll = asked_about(cast)
    link = link_of(poll, cast.ours.team_leader)
    statuses = [
        client.post(link, form_data(poll, YES, YES, YES)).status_code for _attempt in range(21)
    ]
    assert statuses == [HTTPStatus.FOUND] * 20 + [HTTPStatus.TOO_MANY_REQUESTS]
    other = link_of(poll, cast.ours.process_supporter)
    assert client.post(other, form_data(poll, NO, NO, NO)).status_code == HTTPStatus.FOUND


def test_programs_that_open_every_link_change_nothing(cast: Cast):
    """Every address in the letter, with GET and HEAD, many times and all at once."""
    poll = asked_about(cast)
    say(poll, cast.ours.team_leader, YES, NO, NO)
    addresses = {
        address
        for message in OutboxMessage.objects.filter(template="meetings/poll")
        for sent in [letter(message.template, message.context)]
        for address in re.findall(r"https?://[^\s\"<>]+", sent.text + sent.html)
    }
    paths = [re.sub(r"^https?://[^/]+", "", address) or "/" for address in addresses]
    assert sum("/svar/" in path for path in paths) == 3
    before = stored()
    for _time in range(10):
        for path in paths:
            scanner = Client()
            assert scanner.get(path).status_code in (HTTPStatus.OK, HTTPStatus.FOUND)
            assert scanner.head(path).status_code in (HTTPStatus.OK, HTTPStatus.FOUND)
            scanner.get(path + "?utm_source=scan")
            scanner.options(path)
    assert stored() == before


def forgeries(poll: TimePoll, user: User) -> Iterator[str]:
    """Links that look like ours and are not."""
    invitation = invitation_of(poll, user)
    token = invitation.link.strip("/").split("/")[-1]
    value, _dot, signature = token.rpartition(".")
    yield value
    yield token[:-1]
    yield token + "A"
    yield token.upper()
    yield f"{value}.{'A' * len(signature)}"
    yield f".{signature}"
    yield f"{poll.pk.hex}.{signature}"
    yield f"{invitation_of(poll, three_parties_of(poll)[0]).pk.hex}.{signature}"
    yield signing.Signer(salt="någon annanstans", sep=".").sign(invitation.pk.hex)
    yield signing.Signer(key="gissad nyckel", salt="meetings.poll", sep=".").sign(invitation.pk.hex)
    yield signing.dumps(invitation.pk.hex)
    yield str(invitation.pk)


def three_parties_of(poll: TimePoll) -> list[User]:
    return [i.user for i in poll.invitations.select_related("user").order_by("user__email")]


def test_forged_links_are_all_alike(cast: Cast, client: Client):
    poll = asked_about(cast)
    leader = cast.ours.team_leader
    before = stored()
    pages = set()
    for token in forgeries(poll, leader):
        for method in (client.get, client.post):
            response = method(f"/svar/{token}/")
            assert response.status_code == HTTPStatus.NOT_FOUND, token
            assert "Ådalen" not in response.content.decode()
            pages.add(re.sub(r"[A-Za-z0-9]{64}|/svar/[^\"]*", "", response.content.decode()))
    assert len(pages) == 1
    assert stored() == before


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(token=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_no_text_at_all_is_a_link(cast: Cast, token: str):
    if not PollInvitation.objects.exists():
        asked_about(cast)
    assert not PollInvitation.objects.of_token(token).exists()
    url = reverse("meetings:answer_by_link", args=["x"]).replace("x", "%s")
    assert Client().get(url % quote(token, safe="")).status_code == HTTPStatus.NOT_FOUND


def test_a_link_of_another_poll_answers_that_one_only(cast: Cast, client: Client):
    ours = asked_about(cast)
    talk = factories.meeting(cast.ours.collaboration, kind="bilateral")
    people = [cast.ours.process_supporter, cast.ours.team_leader]
    other = asked_about(cast, meeting=talk, people=people, by=cast.ours.team_leader)
    response = client.post(link_of(other, cast.ours.team_leader), form_data(ours, YES, YES, YES))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PollAnswer.objects.count() == 0


def test_links_stop_when_the_time_is_booked(cast: Cast, client: Client):
    poll = asked_about(cast)
    starts_at, ends_at = TIMES[0]
    booked = book_meeting(
        meeting=poll.meeting,
        participants=three_parties(cast),
        starts_at=starts_at,
        ends_at=ends_at,
        form="digital",
        place="En länk",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    assert booked.state == "booked"
    assert_the_links_have_stopped(poll, cast, client)


def test_links_stop_when_the_meeting_is_cancelled(cast: Cast, client: Client):
    poll = asked_about(cast)
    perform(poll.meeting.cancel, by=cast.ours.process_supporter, now=NOW, reason="Halka")
    assert_the_links_have_stopped(poll, cast, client)


def test_whoever_answered_is_told_that_no_time_need_be_kept_free(cast: Cast):
    poll = asked_about(cast)
    say(poll, cast.ours.team_leader, YES, YES, NO)
    perform(poll.meeting.cancel, by=cast.ours.process_supporter, now=NOW, reason="Halka")
    [(name, context)] = letters("poll_withdrawn").items()
    assert name == "Ture Teamledare"
    sent = letter("meetings/poll_withdrawn", context)
    for body in (sent.text, sent.html):
        assert "24 mars 2026 09:00–11:00" in body
        assert "/svar/" not in body


def assert_the_links_have_stopped(poll: TimePoll, cast: Cast, client: Client) -> None:
    before = stored()
    for user in three_parties(cast):
        for method in (client.get, client.post):
            response = method(link_of(poll, user), form_data(poll, YES, YES, YES))
            assert response.status_code == HTTPStatus.GONE
            assert "Ådalen" not in response.content.decode()
    assert stored() == before
    assert TimePoll.objects.get(pk=poll.pk).closed_at == NOW
    assert not PollInvitation.objects.filter(due_on__isnull=False).exists()
    assert letters("poll") == {}, "what was not mailed yet never is"


def test_after_the_last_day_a_clear_word_and_nothing_changed(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
):
    poll = asked_about(cast)
    say(poll, cast.ours.team_leader, YES, NO, NO)
    later(monkeypatch, clock.start_of(LAST_DAY + timedelta(days=1)))
    before = stored()
    for method in (client.get, client.post):
        response = method(link_of(poll, cast.ours.team_leader), form_data(poll, NO, NO, NO))
        assert response.status_code == HTTPStatus.GONE
        assert "17 mars 2026" in response.content.decode()
    assert stored() == before


def test_whoever_is_logged_in_comes_from_the_to_do_list(cast: Cast, client: Client):
    poll = asked_about(cast)
    leader, url = cast.ours.team_leader, invitation_of(poll, cast.ours.team_leader)
    client.force_login(leader)
    assert url.get_absolute_url() in client.get("/").content.decode()
    response = client.post(url.get_absolute_url(), form_data(poll, YES, NO, NO))
    assert response.status_code == HTTPStatus.FOUND
    assert said(poll, leader) == [YES, NO, NO]
    assert url.get_absolute_url() not in client.get("/").content.decode()
    for stranger in (cast.ours.process_supporter, cast.theirs.team_leader):
        client.force_login(stranger)
        assert client.get(url.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


# --- reminding and telling -----------------------------------------------------------------


def to_do(user: User, today: date = TODAY) -> list[OpenDuty]:
    load_roles(user, today)
    return [
        owed
        for owed in open_duties(today, mine=owed_by(user, today))
        if owed.duty.name == "meetings.answer-which-times"
    ]


def test_the_question_stands_in_the_list_of_each_who_is_silent(cast: Cast):
    poll = asked_about(cast)
    case = cast.ours.collaboration
    leader = cast.ours.team_leader
    [owed] = to_do(leader)
    assert (owed.due_on, owed.scope_id) == (LAST_DAY, case.pk)
    assert owed.url == invitation_of(poll, leader).get_absolute_url()
    assert to_do(cast.ours.coordinator) == to_do(cast.theirs.team_leader) == []
    in_the_case = [duty.duty.name for duty in open_duties(TODAY, scopes=[case.pk])]
    assert "meetings.answer-which-times" not in in_the_case, "it is nobody else's"
    say(poll, leader, NO, NO, NO)
    assert to_do(leader) == []
    assert to_do(cast.ours.head_of_authority)
    Membership.objects.filter(user=cast.ours.head_of_authority).update(
        ends_on=TODAY - timedelta(days=1)
    )
    assert to_do(User.objects.get(pk=cast.ours.head_of_authority.pk)) == []


def test_a_question_to_one_person_has_no_steps_of_its_own():
    with pytest.raises(ImproperlyConfigured):
        duty(
            "meetings.wrong",
            label="",
            why="",
            owed_by=(),
            opens=days(1),
            steps=(days(1),),
            action="",
            person="user_id",
        )(lambda: PollInvitation.objects.none())


def reminded(now: datetime) -> set[str]:
    """Who is reminded in the ticks of this moment, which come twice."""
    before = OutboxMessage.objects.filter(template="meetings/poll_reminder").values_list("pk")
    known = {pk for (pk,) in before}
    for _tick in range(2):
        remind_those_who_are_silent(now)
    new = OutboxMessage.objects.filter(template="meetings/poll_reminder").exclude(pk__in=known)
    return set(new.values_list("recipient__name", flat=True))


def test_only_the_silent_are_reminded_half_way_and_the_day_before(cast: Cast):
    assert {remind_those_who_are_silent, tell_whoever_asked} <= set(each_tick)
    poll = asked_about(cast)
    say(poll, cast.ours.process_supporter, YES, YES, YES)
    found = {
        (TODAY + timedelta(days=n)).isoformat(): names
        for n in range(10)
        if (names := reminded(NOW + timedelta(days=n)))
        and (n != 3 or say(poll, cast.ours.head_of_authority, NO, NO, YES))
    }
    silent = {"Sara Skolchef", "Ture Teamledare"}
    # Opened on a Tuesday, to be answered by the Tuesday after.
    assert found == {"2026-03-13": silent, "2026-03-16": {"Ture Teamledare"}}


def test_a_missed_night_is_caught_up_with_and_told_once(cast: Cast):
    poll = asked_about(cast)
    assert len(reminded(NOW + timedelta(days=5))) == 3
    assert len(reminded(NOW + timedelta(days=6))) == 3, "the day before the last"
    assert TimePoll.objects.get(pk=poll.pk).remind_on is None


def test_a_question_for_tomorrow_reminds_nobody_on_the_same_day(cast: Cast):
    poll = asked_about(cast, answers_by=TODAY + timedelta(days=1))
    assert poll.remind_on is None
    assert reminded(NOW) == reminded(NOW + timedelta(days=1)) == set()


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_case_that_stands_still_reminds_nobody(cast: Cast, state: str):
    poll = asked_about(cast)
    factories.put(poll.meeting.collaboration, state)
    assert reminded(NOW + timedelta(days=3)) == set()
    assert to_do(cast.ours.team_leader) == []


def test_who_has_left_is_not_reminded(cast: Cast):
    asked_about(cast)
    Membership.objects.filter(user=cast.ours.head_of_authority).update(ends_on=TODAY)
    assert reminded(NOW + timedelta(days=3)) == {"Pia Processtödjare", "Ture Teamledare"}


def test_whoever_asked_is_told_once_when_all_have_answered(cast: Cast):
    poll = asked_about(cast)
    for user in three_parties(cast):
        assert tell_whoever_asked(NOW) == 0
        say(poll, user, YES, NO, NO)
    assert [tell_whoever_asked(NOW) for _tick in range(3)] == [1, 0, 0]
    say(poll, cast.ours.team_leader, NO, NO, NO)
    assert tell_whoever_asked(NOW + timedelta(days=30)) == 0
    [(name, context)] = letters("poll_answers").items()
    assert name == "Pia Processtödjare"
    sent = letter("meetings/poll_answers", context)
    assert poll.get_absolute_url() in sent.text
    assert (context["answered"], context["silent"]) == (3, 0)


def test_whoever_asked_is_told_once_when_the_last_day_has_passed(cast: Cast):
    poll = asked_about(cast)
    say(poll, cast.ours.team_leader, YES, NO, NO)
    after = clock.start_of(LAST_DAY + timedelta(days=1))
    assert tell_whoever_asked(after - timedelta(seconds=1)) == 0
    assert [tell_whoever_asked(after) for _tick in range(3)] == [1, 0, 0]
    assert letters("poll_answers")["Pia Processtödjare"]["silent"] == 2


# --- choosing ------------------------------------------------------------------------------


def test_the_best_time_comes_first_and_says_whether_all_parties_can(cast: Cast):
    poll = asked_about(cast, people=[*three_parties(cast), cast.ours.coordinator])
    supporter, head, leader = three_parties(cast)
    say(poll, supporter, YES, YES, YES)
    say(poll, head, YES, NO, NO)
    say(poll, cast.ours.coordinator, NO, PERHAPS, YES)
    say(poll, leader, NO, YES, YES)
    page = poll_page(poll.meeting, NOW)
    assert page
    assert [(row.time.starts_at, row.verdict) for row in page.times] == [
        (TIMES[2][0], "all"),
        (TIMES[1][0], "if_need_be"),
        (TIMES[0][0], "some"),
    ]
    assert page.times[2].missing == [Party.UNIVERSITY]
    assert page.suggestion == page.times[0]
    assert (page.asked, page.answered) == (4, 4)


def test_nothing_is_suggested_before_all_parties_have_somebody_who_can(cast: Cast):
    poll = asked_about(cast)
    say(poll, cast.ours.team_leader, YES, YES, YES)
    page = poll_page(poll.meeting, NOW)
    assert page
    assert page.suggestion is None
    assert page.times[0].missing == [Party.AGENCY, Party.ORGANISER]


def test_a_meeting_that_nobody_was_asked_about_has_no_answers(cast: Cast, client: Client):
    meeting = factories.meeting(cast.ours.collaboration)
    assert poll_page(meeting, NOW) is None
    client.force_login(cast.ours.principal)
    response = client.get(reverse("meetings:times", args=[meeting.pk]))
    assert response.status_code == HTTPStatus.OK


def test_a_time_is_booked_from_its_answers(cast: Cast, client: Client):
    poll = asked_about(cast)
    supporter, head, leader = three_parties(cast)
    for user, answer in ((supporter, YES), (head, YES), (leader, NO)):
        say(poll, user, NO, answer, YES)
    client.force_login(supporter)
    page = client.get(poll.get_absolute_url()).content.decode()
    second = poll.times.all()[1]
    link = re.search(rf'href="([^"]+tid={second.pk})"', page)
    assert link
    form = client.get(link[1]).context["form"]
    assert form["day"].value() == TODAY + timedelta(days=15)
    assert (form["starts"].value(), form["ends"].value()) == (time(9), time(11))
    assert set(form["participants"].value()) == {str(supporter.pk), str(head.pk)}


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_a_time_of_nobodys_fills_in_nothing(cast: Cast, client: Client, key: str):
    poll = asked_about(cast)
    client.force_login(cast.ours.process_supporter)
    url = reverse("meetings:book", args=[poll.meeting_id])
    response = client.get(url, {"tid": key})
    assert response.status_code == HTTPStatus.OK
    assert response.context["form"]["day"].value() is None


def test_only_whoever_calls_the_meeting_is_offered_to_book(cast: Cast, client: Client):
    poll = asked_about(cast)
    offered = set()
    for role, person in cast.people.items():
        client.force_login(person)
        page = client.get(poll.get_absolute_url()).content.decode()
        assert "24 mars 2026" in page
        if "?tid=" in page:
            offered.add(role)
    assert offered == {"process_supporter", "agency_manager"}


# --- the form ------------------------------------------------------------------------------


def question(cast: Cast, **changes: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "seen_state": "needed",
        "answers_by": LAST_DAY.isoformat(),
        "participants": [str(user.pk) for user in three_parties(cast)],
    }
    for number, later_by in enumerate((14, 15), 1):
        day = (TODAY + timedelta(days=later_by)).isoformat()
        data |= {f"day_{number}": day, f"starts_{number}": "09:00", f"ends_{number}": "11:00"}
    return data | changes


def test_times_are_asked_about_from_a_form_of_rows(cast: Cast, client: Client):
    meeting = factories.meeting(cast.ours.collaboration)
    client.force_login(cast.ours.process_supporter)
    url = reverse("meetings:propose", args=[meeting.pk])
    data = question(cast, day_7="2026-04-10", starts_7="13:00", ends_7="14:30")
    seen = client.get(url).context["form"]["seen_state"].value()
    response = client.post(url, data | {"seen_state": seen})
    assert response.headers["Location"] == reverse("meetings:times", args=[meeting.pk])
    starts = [timezoned(t.starts_at) for t in ProposedTime.objects.all()]
    assert starts == ["24 09:00", "25 09:00", "10 13:00"]


def timezoned(moment: datetime) -> str:
    return f"{moment.astimezone(STOCKHOLM):%d %H:%M}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day_2": ""}, "day_2"),
        ({"ends_1": "08:00"}, "ends_1"),
        ({"day_1": "2026-03-09"}, "day_1"),
        ({"day_2": "2026-03-24"}, "day_2"),
        ({"day_3": "2026-03-29", "starts_3": "02:30", "ends_3": "04:00"}, "starts_3"),
        ({"day_3": "2026-10-25", "starts_3": "01:00", "ends_3": "02:30"}, "ends_3"),
        ({"day_3": "2026-04-01", "starts_3": "", "ends_3": "10:00"}, "starts_3"),
        ({"day_3": "0206-04-01", "starts_3": "09:00", "ends_3": "10:00"}, "day_3"),
        ({"answers_by": "2026-03-09"}, "answers_by"),
        ({"answers_by": "2026-03-24"}, "answers_by"),
        ({"participants": []}, "participants"),
        ({"participants": ["ingen"]}, "participants"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast, client: Client, changes: dict[str, Any], field: str
):
    meeting = factories.meeting(cast.ours.collaboration)
    client.force_login(cast.ours.process_supporter)
    url = reverse("meetings:propose", args=[meeting.pk])
    response = client.post(url, question(cast) | changes)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert field in response.context["form"].errors
    assert not TimePoll.objects.exists()


# --- what the pages ask the database -------------------------------------------------------


@pytest.mark.parametrize("page", ["times", "answer", "link"])
def test_the_pages_ask_few_questions_however_many_are_asked(cast: Cast, client: Client, page: str):
    few = asked_about(cast)
    everybody = list(cast.ours.everybody)
    talk = factories.meeting(cast.ours.collaboration)
    many = asked_about(
        cast, meeting=talk, people=everybody, times=[at(14, hour) for hour in range(8, 16)]
    )
    for user in everybody:
        say(many, user, *[YES] * 8)
    client.force_login(cast.ours.team_leader)
    asked = [questions(client, url_of(page, poll, cast.ours.team_leader)) for poll in (few, many)]
    assert asked[0] == asked[1] <= QUERIES_AT_MOST


def url_of(page: str, poll: TimePoll, user: User) -> str:
    invitation = invitation_of(poll, user)
    urls: dict[str, Callable[[], str]] = {
        "times": poll.get_absolute_url,
        "answer": invitation.get_absolute_url,
        "link": lambda: invitation.link,
    }
    return urls[page]()


def questions(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == HTTPStatus.OK
    return len(of_the_page(asked))


# --- what the database refuses -------------------------------------------------------------


def test_what_the_database_refuses(cast: Cast):
    poll = asked_about(cast)
    invitation, first = poll.invitations.all()[0], poll.times.all()[0]
    invitation.answers.create(time=first, answer=YES)
    refused: list[Callable[[], Any]] = [
        lambda: TimePoll.objects.create(
            meeting=poll.meeting, answers_by=TODAY, opened_by=poll.opened_by, opened_at=NOW
        ),
        lambda: TimePoll.objects.update(closed_at=NOW - timedelta(days=1)),
        lambda: poll.times.create(starts_at=NOW, ends_at=NOW),
        lambda: poll.times.create(starts_at=first.starts_at, ends_at=first.ends_at),
        lambda: invitation.answers.create(time=first, answer=NO),
        lambda: PollAnswer.objects.update(answer="maybe"),
        lambda: PollInvitation.objects.update(answered_at=NOW),
        lambda: PollInvitation.objects.update(party="guest"),
        lambda: poll.invitations.create(
            user=invitation.user, party="agency", collaboration=invitation.collaboration
        ),
    ]
    for write in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
