"""A report from an empty page to what the agency has received: written, completed in Word, sent."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.urls import reverse
from docx import Document
from playwright.sync_api import Page, expect

from reports.models import FrozenCopy, Report
from tests.cast import Cast
from tests.conftest import OpenPage
from tests.journeys.test_accessibility import assert_for_everybody
from tests.pages.stage import Stage


def part_of(report: Report) -> str:
    return reverse("reports:write", args=[report.pk, "1"])


def autosaved(page: Page) -> Any:
    return expect(page.locator("[data-autosave-status]"))


def test_two_write_one_edits_in_word_and_the_huvudman_submits(
    cast: Cast, stage: Stage, open_page: OpenPage, tmp_path: Path
) -> None:
    report = stage.open_report
    page = open_page(part_of(report), person=cast.ours.principal)
    assert_for_everybody(page)
    lessons = page.locator("textarea[name='lessons-1']")
    lessons.fill("Börja i **elevsvaren**.")
    autosaved(page).not_to_be_empty()
    assert report.answers.get(field="lessons", row="1").text == "Börja i **elevsvaren**."

    colleague = open_page(part_of(report), person=cast.ours.process_leader, size="phone")
    expect(colleague.get_by_text(cast.ours.principal.name).first).to_be_visible()
    colleague.locator("textarea[name='observed_effects-1']").fill("Fler elever frågar varför.")
    autosaved(colleague).not_to_be_empty()

    # What the colleague wrote turns up where nobody else has typed.
    lessons.press_sequentially(" Håll ut.")
    expect(page.locator("textarea[name='observed_effects-1']")).to_have_value(
        "Fler elever frågar varför."
    )

    page.goto(report.get_absolute_url())
    with page.expect_download() as download:
        page.locator(f"a[href='{reverse('reports:in_word', args=[report.pk])}']").click()
    document = Document(BytesIO(Path(download.value.path()).read_bytes()))
    row = next(r for r in document.tables[0].rows if "inte uppnåtts" in r.cells[0].text)
    row.cells[1].paragraphs[0].text = "En grupp började senare."
    edited = tmp_path / "redovisning.docx"
    document.save(str(edited))

    page.goto(reverse("reports:read_in", args=[report.pk]))
    page.locator("input[type=file]").set_input_files(edited)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("ins").first).to_contain_text("En grupp började senare.")
    assert_for_everybody(page)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**{report.get_absolute_url()}")
    assert report.answers.get(field="not_reached", row="1").text == "En grupp började senare."

    take(page, report, "mark_ready")
    head = open_page(report.get_absolute_url(), person=cast.ours.head_of_authority)
    take(head, report, "submit")
    [copy] = FrozenCopy.objects.filter(report=report)
    reader = open_page(report.get_absolute_url(), person=cast.ours.process_supporter)
    expect(reader.locator(".document")).to_contain_text("Fler elever frågar varför.")
    expect(reader.locator(".document strong", has_text="elevsvaren")).to_be_visible()
    expect(reader.locator(".sha")).to_have_text(copy.sha256)
    assert_for_everybody(reader)


def take(page: Page, report: Report, step: str) -> None:
    page.goto(reverse("sbs_workflow:step", args=["redovisning", report.pk, step]))
    reason = page.locator("textarea[name=reason]")
    if reason.count():
        reason.fill("Det är så det ser ut.")
        page.locator("input[name=past_gates]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**{report.get_absolute_url()}")
