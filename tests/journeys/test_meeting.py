"""A trepartsavstämning from its booking to minutes that all three organisations stand behind."""

import re
from datetime import date, datetime, timedelta

from playwright.sync_api import Page, expect

from interventions.models import Agreement
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from notifications.invariants import breaches
from tests import factories
from tests.cast import TODAY, Cast
from tests.conftest import OpenPage
from tests.journeys.conftest import Clock, Post

MEETING_DAY = TODAY + timedelta(days=14)
DURING = datetime(2026, 3, 24, 9, 30, tzinfo=STOCKHOLM)
AFTER = datetime(2026, 3, 25, 8, 0, tzinfo=STOCKHOLM)


def test_four_people_meet_and_stand_behind_what_they_said(
    cast: Cast, open_page: OpenPage, post: Post, wall_clock: Clock
) -> None:
    ours = cast.ours
    supporter, leader = ours.process_supporter, ours.team_leader
    head, coordinator = ours.head_of_authority, ours.coordinator
    case = ours.collaboration
    factories.agreement(case, state="signed")
    visit = factories.visit(case, state="shared", units=[ours.school])
    factories.promise(visit, what="Skicka observationerna.", party="university")
    owed = factories.meeting(case)

    # The processtödjare books. The standing points are there, and the others add theirs.
    desk = open_page(f"/mote/{owed.pk}/boka/", person=supporter)
    desk.get_by_label("Dag").fill(MEETING_DAY.isoformat())
    desk.get_by_label("Från").fill("09:00")
    desk.get_by_label("Till").fill("10:00")
    desk.get_by_label("Plats eller länk").fill("Kommunhuset, Bryggan")
    for person in (supporter, leader, head, coordinator):
        desk.get_by_label(person.name).check()
    desk.get_by_role("button", name="Boka och bjud in").click()
    expect(desk.locator(".agenda__point")).to_have_count(4)

    phone = open_page(owed.get_absolute_url(), person=coordinator, size="phone", javascript=False)
    phone.get_by_role("link", name="Ändra dagordningen").click()
    phone.get_by_label("Punkt", exact=False).first.fill("Schemat för hösten")
    phone.get_by_label("Minuter").fill("70")
    phone.get_by_role("button", name="Lägg till punkten").click()
    expect(phone.get_by_text("Korta en punkt")).to_be_visible()
    phone.get_by_role("button", name=re.compile("Upp.*Schemat")).click()
    expect(phone.locator(".agenda__title").nth(3)).to_have_text("Schemat för hösten")
    phone.get_by_role("button", name=re.compile("Till nästa gång.*Schemat")).click()
    expect(phone.get_by_text("Korta en punkt")).to_have_count(0)

    # The teamledare writes a line, and reads the brief with what was promised.
    away = open_page(f"/mote/{owed.pk}/forberedelse/", person=leader)
    away.get_by_label("Vad vill ni ta upp?").fill("Tiden för handledning.")
    away.get_by_role("button", name="Spara").click()
    away.get_by_role("link", name="Underlag för mötet").click()
    expect(away.get_by_text("Tiden för handledning.")).to_be_visible()
    expect(away.get_by_text("Skicka observationerna.", exact=True)).to_be_visible()
    with away.expect_download() as download:
        away.get_by_role("link", name="Ladda ner som Word").click()
    assert download.value.suggested_filename.startswith("Underlag trepartsavstämning Ådalens")

    # They meet: the screen shows one point, and the notes survive a browser that is closed.
    wall_clock.set(DURING)
    desk.goto(owed.get_absolute_url())
    desk.get_by_role("link", name="För den delade skärmen").click()
    first_point = desk.get_by_role("heading", level=1).inner_text()
    desk.go_back()
    desk.get_by_role("link", name="Håll mötet").click()
    outcome = desk.get_by_label("Vad kom fram?").first
    outcome.fill("Alla tre ser att eleverna vet vad de ska göra.")
    expect(desk.locator("[data-draft-status]")).not_to_be_empty()
    desk.reload()
    expect(outcome).to_have_value("Alla tre ser att eleverna vet vad de ska göra.")
    desk.get_by_label("Beslut").fill("Observationerna fortsätter till jul.")
    desk.get_by_label("Löfte", exact=True).first.fill("Frigöra en timme i veckan.")
    desk.get_by_label("Vem ser till det").first.select_option(head.name)
    desk.get_by_label("Vad ska ändras i överenskommelsen").fill("Insats 1 förlängs en termin.")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_role("status").first).to_contain_text("Sparat")

    # The day after: who came, when they meet next, and minutes that begin with the notes.
    wall_clock.set(AFTER)
    desk.goto(owed.get_absolute_url())
    desk.get_by_role("link", name="Anteckna vilka som kom").click()
    desk.get_by_label("När träffas ni nästa gång?").fill("2026-06-10")
    desk.get_by_role("button", name="Anteckna", exact=True).click()
    desk.get_by_role("link", name="Skriv minnesanteckningarna").click()
    proposal = desk.get_by_role("textbox").input_value()
    assert first_point in proposal
    assert "Huvudman, Sara Skolchef: Frigöra en timme i veckan." in proposal
    desk.get_by_role("button", name="Skriv minnesanteckningarna").click()
    following = Meeting.objects.get(collaboration=case, kind="quality", state="needed")
    assert following.due_on == date(2026, 6, 10)
    assert Agreement.objects.get(state="draft").amendment_reason == "Insats 1 förlängs en termin."

    # Everybody who was invited gets a link; each party confirms; the minutes stand.
    post.deliver()
    path = owed.get_absolute_url()
    assert confirm(open_page(post.link_to(head.email, path), person=head)) == "Anteckningar skrivna"
    assert (
        confirm(open_page(post.link_to(leader.email, path), person=leader))
        == "Anteckningar bekräftade"
    )
    for person in (supporter, coordinator):
        assert post.link_to(person.email, path)

    # Was it an occasion for learning? Those who came read each other's answers.
    away.goto(f"/mote/{owed.pk}/lartillfalle/")
    away.get_by_label("Ja").check()
    away.get_by_label("Vad lärde du dig").fill("Att fråga eleverna först.")
    away.get_by_role("button", name="Svara").click()
    desk.goto(f"/mote/{owed.pk}/lartillfalle/")
    expect(desk.get_by_text("Att fråga eleverna först.")).to_be_visible()

    # What was promised opens the next brief, and the point that was sent on its agenda.
    desk.goto(f"/mote/{following.pk}/underlag/")
    expect(desk.get_by_text("Frigöra en timme i veckan.", exact=True)).to_be_visible()
    desk.goto(f"/mote/{following.pk}/dagordning/")
    desk.get_by_label("Punkt", exact=False).first.fill("Höstens besök")
    desk.get_by_role("button", name="Lägg till punkten").click()
    expect(desk.locator(".agenda__title").first).to_have_text("Schemat för hösten")
    assert breaches() == []


def confirm(page: Page) -> str:
    """Confirms the minutes for one's party; the state that the meeting then has."""
    page.get_by_role("link", name="Bekräfta minnesanteckningarna").first.click()
    page.get_by_role("button", name="Bekräfta för vår part").click()
    expect(page.get_by_role("status").first).to_contain_text("bekräftat")
    return page.locator(".heading-row .badge").inner_text()
