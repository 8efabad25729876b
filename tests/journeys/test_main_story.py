"""The main story, from end to end: a reminder, a meeting of three parties, a visit, a new phase."""

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from interventions.models import Intervention, Visit
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from notifications.invariants import breaches
from tests import factories
from tests.cast import PASSWORD, TODAY, Cast
from tests.conftest import OpenPage
from tests.journeys.conftest import Clock, Post

MEETING_DAY = TODAY + timedelta(days=14)
AFTER_THE_MEETING = datetime(2026, 3, 25, 8, 0, tzinfo=STOCKHOLM)


def test_the_parties_meet_the_visit_is_logged_and_the_phase_moves_on(
    cast: Cast, open_page: OpenPage, post: Post, wall_clock: Clock
) -> None:
    ours = cast.ours
    supporter, leader, head = ours.process_supporter, ours.team_leader, ours.head_of_authority
    case = ours.collaboration
    owed = factories.meeting(case, due_on=TODAY - timedelta(days=5))
    factories.intervention(case, state="running", units=[ours.school])
    factories.visit(
        case,
        state="planned",
        units=[ours.school],
        takes_place_on=MEETING_DAY,
        due_on=MEETING_DAY + timedelta(days=3),
    )

    # The processtödjare is late with the trepartsavstämning, and a mail says so.
    post.deliver()
    assert "Boka nästa trepartsavstämning" in post.last_to(supporter.email)
    assert "5 mars 2026" in post.last_to(supporter.email)

    # Its link leads through log-in to the form, and the meeting is booked.
    page = open_page(post.link_to(supporter.email, f"/mote/{owed.pk}/boka/"))
    log_in_with_password(page, supporter.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Boka mötet")
    page.get_by_label("Dag").fill(MEETING_DAY.isoformat())
    page.get_by_label("Från").fill("09:00")
    page.get_by_label("Till").fill("11:00")
    page.get_by_label("Plats eller länk").fill("Kommunhuset, Bryggan")
    for person in (supporter, leader, head):
        page.get_by_label(person.name).check()
    page.get_by_role("button", name="Boka och bjud in").click()
    expect(page.get_by_role("status")).to_contain_text("Mötet är bokat")
    assert "Boka nästa trepartsavstämning" not in start_page(page)

    # The invitations arrive with people of all three parties.
    post.deliver()
    for person in (supporter, leader, head):
        assert "24 mars 2026 09:00" in post.all_to(person.email)
        assert "Kommunhuset, Bryggan" in post.all_to(person.email)
    # It is the first time that university and huvudman meet: the two-party talk comes before.
    assert "Boka förväntanssamtalet" in post.last_to(leader.email)

    # They meet. The day after, the processtödjare records who came and writes the minutes.
    wall_clock.set(AFTER_THE_MEETING)
    page.goto("/")
    page.get_by_role("link", name="Anteckna vilka som kom").click()
    page.get_by_role("button", name="Anteckna", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Det är antecknat vilka som kom.")
    page.get_by_role("link", name="Skriv minnesanteckningarna").click()
    page.get_by_role("textbox").fill("Alla tre parter ser att matematiken är på god väg.")
    page.get_by_role("button", name="Skriv minnesanteckningarna").click()
    expect(page.get_by_text("matematiken är på god väg")).to_be_visible()
    assert "Anteckna vilka som kom" not in start_page(page)

    # The next one is owed at once.
    following = Meeting.objects.get(collaboration=case, kind="quality", state="needed")
    page.goto(following.get_absolute_url())
    expect(page.get_by_text("2 juli 2026")).to_be_visible()

    # The teamledare logs the visit from a phone.
    phone = open_page("/", person=leader, size="phone")
    assert touches_to_log_the_visit(phone) <= 6
    expect(phone.get_by_role("status").first).to_contain_text("Besöket är loggat.")
    assert Visit.objects.get(collaboration=case).state == "shared"
    assert "Logga besöket" not in start_page(phone)

    # The phase is closed with its reason, until the insats is completed.
    page.goto(case.get_absolute_url())
    reason = "Insats 1. Undervisning i matematik är inte avslutad."
    expect(page.get_by_role("link", name=reason)).to_be_visible()
    intervention = Intervention.objects.get(collaboration=case)
    desk = open_page(intervention.get_absolute_url(), person=leader)
    desk.get_by_role("link", name="Avsluta insatsen").first.click()
    desk.get_by_role("main").get_by_role("button").last.click()
    expect(desk.get_by_role("status")).to_contain_text("Klart")

    page.goto(case.get_absolute_url())
    expect(page.get_by_text(reason)).to_have_count(0)
    page.get_by_role("link", name="Gå vidare till slutredovisningen").click()
    page.get_by_role("button", name="Gå vidare till slutredovisningen").click()
    expect(page.get_by_role("status")).to_contain_text("Klart")
    case.refresh_from_db()
    assert case.state == "reporting"
    assert breaches() == []


def log_in_with_password(page: Page, email: str) -> None:
    page.get_by_label("E-postadress").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


def start_page(page: Page) -> str:
    page.goto("/")
    return page.get_by_role("main").inner_text()


def touches_to_log_the_visit(phone: Page) -> int:
    """From the start page over one form; what is known already is filled in already."""
    touches = 0
    pages = [phone.url]
    phone.on("framenavigated", lambda frame: pages.append(frame.url))
    duty = phone.get_by_role("link", name="Logga besöket")
    what_was_done = phone.get_by_label("Vad gjordes?")
    for target in (duty, what_was_done):
        target.tap()
        touches += 1
    phone.keyboard.type("Vi prövade gemensam lektionsstart i tre klasser.")
    assert phone.get_by_label("Älvskolan").is_checked()
    phone.get_by_role("button", name="Spara loggen").tap()
    touches += 1
    phone.wait_for_url("**/besok/*/")
    # The start page, the form, and what came of it.
    assert len(pages) == 3
    return touches
