"""A visit is logged standing in the corridor: few touches, and no word lost on the way."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page, expect

from interventions.models import InterimTask, Visit
from sbs_workflow.models import Promise
from tests.cast import PASSWORD, Cast
from tests.conftest import OpenPage
from tests.pages.stage import Stage

WRITTEN = "Vi prövade gemensam lektionsstart i tre klasser."
TASK = "Pröva starten i två klasser till."
PROMISE = "Vi tar med filmerna nästa gång."
TOUCHES_AT_MOST = 6


def test_a_visit_with_a_task_and_a_promise_takes_two_pages_and_six_touches(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    phone = open_page("/", person=cast.ours.team_leader, size="phone")
    pages = [phone.url]
    phone.on("framenavigated", lambda frame: pages.append(frame.url))
    touched = []
    for target, words in (
        (phone.get_by_role("link", name="Logga besöket"), ""),
        (phone.get_by_label("Vad gjordes?"), WRITTEN),
        (phone.get_by_text("Till nästa gång: uppgifter och löften"), ""),
        (phone.get_by_label("Uppgift 1"), TASK),
        (phone.get_by_label("Löfte 1"), PROMISE),
        (phone.get_by_role("button", name="Spara loggen"), ""),
    ):
        target.tap()
        phone.keyboard.type(words)
        touched.append(target)
    expect(phone.get_by_role("status").first).to_contain_text("Besöket är loggat.")
    assert len(touched) <= TOUCHES_AT_MOST
    # The start page, the form, and what came of it.
    assert len(pages) == 3

    visit = Visit.objects.get(pk=stage.planned_visit.pk)
    assert (visit.state, visit.log) == ("shared", WRITTEN)
    assert [task.text for task in visit.tasks.all()] == [TASK]
    assert Promise.objects.get(made_in=visit.pk).what == PROMISE


def lose_the_connection(phone: Page, _who: str) -> None:
    phone.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        phone.reload()
    phone.context.set_offline(False)
    phone.reload()


def lose_the_connection_while_sending(phone: Page, _who: str) -> None:
    form = phone.url
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        phone.get_by_role("button", name="Spara loggen").tap()
    phone.context.set_offline(False)
    phone.goto(form)


def lose_the_session(phone: Page, who: str) -> None:
    phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    phone.get_by_role("button", name="Spara loggen").tap()
    phone.get_by_label("E-postadress").fill(who)
    phone.locator("input[type=password]").fill(PASSWORD)
    phone.get_by_role("button", name="Logga in").tap()


@pytest.mark.parametrize(
    "mishap", [lose_the_connection, lose_the_connection_while_sending, lose_the_session]
)
def test_a_half_written_log_survives(
    cast: Cast, stage: Stage, open_page: OpenPage, mishap: Callable[[Page, str], None]
) -> None:
    leader = cast.ours.team_leader
    phone = open_page(f"/besok/{stage.planned_visit.pk}/logga/", person=leader, size="phone")
    phone.get_by_label("Vad gjordes?").fill(WRITTEN)
    phone.get_by_text("Insatser och mål").tap()
    phone.get_by_label("1. Undervisning i matematik").check()
    phone.get_by_text("Till nästa gång: uppgifter och löften").tap()
    phone.get_by_label("Uppgift 1").fill(TASK)
    phone.get_by_label("Löfte 1").fill(PROMISE)
    expect(phone.locator("[data-draft-status]")).to_contain_text("Sparat på den här enheten")

    mishap(phone, leader.email)

    expect(phone.locator("[data-draft-status]")).to_contain_text("Återställd text")
    expect(phone.get_by_label("Vad gjordes?")).to_have_value(WRITTEN)
    # What was written in a folded part is unfolded, so that it is seen.
    expect(phone.get_by_label("Uppgift 1")).to_be_visible()
    expect(phone.get_by_label("Uppgift 1")).to_have_value(TASK)
    expect(phone.get_by_label("Löfte 1")).to_have_value(PROMISE)
    expect(phone.get_by_label("1. Undervisning i matematik")).to_be_checked()
    phone.get_by_role("button", name="Spara loggen").tap()
    expect(phone.get_by_role("status").first).to_contain_text("Besöket är loggat.")
    assert InterimTask.objects.filter(visit=stage.planned_visit.pk, text=TASK).count() == 1
    assert Promise.objects.filter(made_in=stage.planned_visit.pk, what=PROMISE).count() == 1
