"""Four people of three organisations find a time, each from a link in a letter."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from meetings.actions import close_polls
from meetings.models import Meeting, PollAnswer
from notifications.invariants import breaches
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.conftest import OpenPage
from tests.journeys.conftest import Post
from tests.journeys.test_accessibility import assert_for_everybody
from tests.pages.stage import Stage

DAYS = [TODAY + timedelta(days=number) for number in (14, 15, 16)]
# Who, and what they say of each of the three times.
YES, PERHAPS, NO = "Ja", "Om det behövs", "Nej"


def test_four_people_find_a_time_and_meet(cast: Cast, open_page: OpenPage, post: Post) -> None:
    ours = cast.ours
    supporter = ours.process_supporter
    answers = {
        supporter: (YES, YES, YES),
        ours.head_of_authority: (NO, YES, YES),
        ours.coordinator: (PERHAPS, NO, YES),
        ours.team_leader: (YES, YES, NO),
    }
    meeting = factories.meeting(ours.collaboration)

    # The processtödjare proposes three times from the meeting's page.
    desk = open_page(meeting.get_absolute_url(), person=supporter)
    desk.get_by_role("link", name="Fråga vilka tider som passar").first.click()
    for number, day in enumerate(DAYS, 1):
        row = desk.get_by_role("group", name=f"Tid {number}", exact=True)
        row.get_by_label("Dag").fill(day.isoformat())
    for person in cast.ours.everybody:
        box = desk.get_by_label(f"{person.name}, ")
        if box.count():
            box.first.set_checked(person in answers)
    desk.get_by_role("button", name="Skicka frågan").click()
    expect(desk.get_by_role("status")).to_contain_text("Frågan är på väg")

    # Each answers on a phone: one page, and no more touches than times and one.
    post.deliver()
    for person, words in answers.items():
        phone = open_page(post.link_to(person.email, r"/svar/\S+"), size="phone")
        assert touches_to_answer(phone, words) <= len(DAYS) + 1
        expect(phone.get_by_role("status")).to_contain_text("Tack")
        assert phone.url == post.link_to(person.email, r"/svar/\S+")
        expect(phone.get_by_role("link", name="Logga ut")).to_have_count(0)
    assert PollAnswer.objects.count() == 12

    # The answers are in: the processtödjare is told, and books the time that all parties can.
    post.deliver()
    assert "Alla har svarat" in post.to(supporter.email)[-1]["subject"]
    desk.goto(post.link_to(supporter.email, f"/mote/{meeting.pk}/tider/"))
    best = desk.get_by_role("row").nth(1)
    expect(best).to_contain_text("25 mars 2026")
    expect(best).to_contain_text("Alla parter kan")
    best.get_by_role("link", name="Boka den här tiden").click()
    expect(desk.get_by_label("Dag")).to_have_value(DAYS[1].isoformat())
    expect(desk.get_by_label(ours.coordinator.name)).not_to_be_checked()
    desk.get_by_label("Plats eller länk").fill("Kommunhuset, Bryggan")
    desk.get_by_role("button", name="Boka och bjud in").click()
    expect(desk.get_by_role("status")).to_contain_text("Mötet är bokat")
    booked = Meeting.objects.get(pk=meeting.pk)
    assert booked.state == "booked"

    # The links lead nowhere any more, and say so kindly.
    phone = open_page(post.link_to(ours.coordinator.email, r"/svar/\S+"), size="phone")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Det går inte längre att svara")
    assert breaches() == []


def touches_to_answer(phone: Page, words: tuple[str, ...]) -> int:
    """From the link in the letter to the saved answers."""
    pages: list[str] = []
    phone.on("framenavigated", lambda frame: pages.append(frame.url))
    for number, word in enumerate(words):
        phone.get_by_role("group").nth(number).get_by_label(word, exact=True).tap()
    phone.get_by_role("button", name="Spara mina svar").tap()
    expect(phone.get_by_role("status")).to_be_visible()
    # The same page, as it came back.
    assert len(pages) == 1
    return len(words) + 1


def test_an_answer_needs_no_javascript(cast: Cast, open_page: OpenPage, post: Post) -> None:
    meeting = factories.meeting(cast.ours.collaboration, state="proposed")
    leader = cast.ours.team_leader
    poll = factories.poll(meeting, [(leader, "university")], by=cast.ours.process_supporter)
    invitation = poll.invitations.get()
    page = open_page(invitation.link, javascript=False)
    page.get_by_role("button", name="Spara mina svar").click()
    expect(page.get_by_role("alert")).to_contain_text("Säg om tiden passar dig")
    for number in range(2):
        page.get_by_role("group").nth(number).get_by_label(PERHAPS, exact=True).check()
    page.get_by_role("button", name="Spara mina svar").click()
    expect(page.get_by_role("status")).to_contain_text("Tack")
    assert set(invitation.answers.values_list("answer", flat=True)) == {"if_need_be"}


def test_the_page_behind_a_link_is_for_everybody(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    """Empty, with something to correct, and when nothing can be answered any more."""
    page = open_page(stage.question.link)
    assert_for_everybody(page)
    page.get_by_role("button", name="Spara mina svar").click()
    page.get_by_role("alert").wait_for()
    assert_for_everybody(page)
    close_polls(stage.proposed_meeting, NOW)
    page.goto(stage.question.link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Det går inte längre att svara")
    assert_for_everybody(page)
