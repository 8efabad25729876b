"""With the keyboard alone, without JavaScript, and after a session that was lost."""

from datetime import timedelta

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from interventions.models import Visit
from meetings.models import Meeting
from sbs_workflow.models import Promise
from tests.cast import PASSWORD, TODAY, Cast
from tests.conftest import OpenPage
from tests.pages.stage import Stage

STEPS_AT_MOST = 60
WRITTEN = "Vi prövade gemensam lektionsstart i tre klasser."


def walk_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(STEPS_AT_MOST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {target}")


def walk_to_choice(page: Page, choice: Locator) -> None:
    """Tab to the group, and step through it until the choice is made."""
    group = choice.locator("xpath=ancestor::fieldset[1]").get_by_role("radio")
    walk_to(page, group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if choice.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"The keyboard does not choose {choice}")


def test_a_visit_is_logged_with_the_keyboard_alone(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    page = open_page(f"/besok/{stage.planned_visit.pk}/logga/")
    walk_to(page, page.get_by_label("E-postadress"))
    page.keyboard.type(cast.ours.team_leader.email)
    walk_to(page, page.locator("input[type=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Logga besöket")
    walk_to(page, page.get_by_label("Vad gjordes?"))
    page.keyboard.type(WRITTEN)
    walk_to(page, page.locator("summary", has_text="Till nästa gång"))
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_label("Uppgift 1"))
    page.keyboard.type("Pröva en klass till.")
    walk_to(page, page.get_by_label("Löfte 1"))
    page.keyboard.type("Vi tar med filmerna.")
    walk_to(page, page.get_by_label("Vem lovar").first)
    page.keyboard.type("Lär")
    walk_to(page, page.get_by_role("button", name="Spara loggen"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Besöket är loggat.")
    visit = Visit.objects.get(pk=stage.planned_visit.pk)
    assert visit.log == WRITTEN
    assert visit.tasks.get().text == "Pröva en klass till."
    assert Promise.objects.get(made_in=visit.pk).party == "university"


def test_a_problem_and_its_evidence_are_written_with_the_keyboard_alone(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    analysis = stage.drafted_analysis
    page = open_page(analysis.get_absolute_url(), person=cast.ours.preschool_principal)
    walk_to(page, page.get_by_role("link", name="Lägg till ett problem"))
    page.keyboard.press("Enter")
    for label, words in (
        ("Problemet", "Barnen får sällan välja själva."),
        ("Utvecklingsområde", "Trygghet och delaktighet"),
        ("Orsak", "Miljön är ordnad för de vuxna."),
    ):
        walk_to(page, page.get_by_label(label).first)
        page.keyboard.type(words)
    walk_to(page, page.get_by_role("button", name="Spara problemet"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Problemet är sparat.")
    written = analysis.problems.get(text="Barnen får sällan välja själva.")
    assert [cause.text for cause in written.causes.all()] == ["Miljön är ordnad för de vuxna."]
    walk_to(
        page, page.locator(f"#problem-{written.pk}").get_by_role("link", name="Notera underlag")
    )
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_label("Vad det visar"))
    page.keyboard.type("Åtta av tio observationer visar det.")
    for chosen in ("Observation", "Personal"):
        walk_to_choice(page, page.get_by_label(chosen, exact=True))
    walk_to(page, page.get_by_label("När det noterades"))
    page.keyboard.type("03022026")
    walk_to(page, page.get_by_role("button", name="Spara underlaget"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Underlaget är noterat.")
    assert written.evidence.get().voice == "staff"


def test_the_first_tab_leads_past_the_navigation(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    page = open_page("/", person=cast.ours.team_leader)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_visit_is_logged_without_javascript(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    page = open_page("/", person=cast.ours.team_leader, size="phone", javascript=False)
    page.get_by_role("link", name="Logga besöket").click()
    page.get_by_role("button", name="Spara loggen").click()
    expect(page.get_by_role("alert")).to_contain_text("Vad gjordes?")
    page.get_by_label("Vad gjordes?").fill(WRITTEN)
    page.get_by_role("button", name="Spara loggen").click()
    expect(page.get_by_role("status")).to_contain_text("Besöket är loggat.")
    assert Visit.objects.get(pk=stage.planned_visit.pk).state == "shared"


def test_a_meeting_is_booked_without_javascript(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    ours = cast.ours
    page = open_page(
        f"/mote/{stage.needed_meeting.pk}/boka/", person=ours.process_supporter, javascript=False
    )
    page.get_by_label("Dag").fill((TODAY + timedelta(days=9)).isoformat())
    page.get_by_label("Från").fill("13:00")
    page.get_by_label("Till").fill("15:00")
    page.get_by_label("Plats eller länk").fill("Digitalt")
    page.get_by_label(ours.team_leader.name).uncheck()
    page.get_by_role("button", name="Boka och bjud in").click()
    expect(page.get_by_role("alert")).to_contain_text("Bjud in någon från")
    assert page.get_by_label("Plats eller länk").input_value() == "Digitalt"
    page.get_by_label(ours.team_leader.name).check()
    page.get_by_role("button", name="Boka och bjud in").click()
    expect(page.get_by_role("status")).to_contain_text("Mötet är bokat")
    assert Meeting.objects.get(pk=stage.needed_meeting.pk).state == "booked"


def test_words_outlive_a_lost_session(cast: Cast, stage: Stage, open_page: OpenPage) -> None:
    leader = cast.ours.team_leader
    page = open_page(f"/besok/{stage.planned_visit.pk}/logga/", person=leader)
    page.get_by_label("Vad gjordes?").fill(WRITTEN)
    expect(page.get_by_role("status")).to_contain_text("Sparat på den här enheten")

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Spara loggen").click()
    page.get_by_label("E-postadress").fill(leader.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()

    expect(page.get_by_label("Vad gjordes?")).to_have_value(WRITTEN)
    expect(page.locator("[data-draft-status]")).to_contain_text("Återställd text")
    page.get_by_role("button", name="Spara loggen").click()
    expect(page.get_by_role("status").first).to_contain_text("Besöket är loggat.")

    # What has been received is kept on the device no longer.
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


def test_who_logs_out_leaves_no_words_behind(cast: Cast, stage: Stage, open_page: OpenPage) -> None:
    page = open_page(f"/besok/{stage.planned_visit.pk}/logga/", person=cast.ours.team_leader)
    page.get_by_label("Vad gjordes?").fill(WRITTEN)
    expect(page.get_by_role("status")).to_contain_text("Sparat på den här enheten")
    page.get_by_text(cast.ours.team_leader.name).first.click()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    assert page.evaluate("localStorage.length") == 0
