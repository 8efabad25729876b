"""The portfolio is found again by its address: filters, search, order and pages."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from notifications.clock import STOCKHOLM
from organisations.swedish import search_text
from portfolio.queries.events import events_of
from sbs_workflow.models import Collaboration
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.portable


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


@pytest.fixture
def supporter(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ours.process_supporter)
    return client


def names(client: Client, address: str) -> list[str]:
    return [case.name for case in client.get(address).context["cases"]]


def case(cast: Cast, name: str, state: str = "active") -> Collaboration:
    return factories.collaboration(cast, name=name, state=state, search_text=search_text([name]))


def test_search_knows_swedish_letters_and_any_order(cast: Cast, supporter: Client):
    case(cast, "Östra Ängelholm")
    case(cast, "Orsa")
    for words in ("östra", "ÖSTRA", "ängel ÖSTRA"):
        assert names(supporter, f"/samverkan/?sok={words}") == ["Östra Ängelholm"]
    assert names(supporter, "/samverkan/?sok=ostra") in ([], ["Östra Ängelholm"])


def test_the_order_is_swedish_and_turns_round(cast: Cast, supporter: Client):
    for name in ("Övertorneå", "Åmål", "Ängelholm", "Zinkgruvan"):
        case(cast, name)
    in_order = ["Zinkgruvan", "Ådalens kommun", "Åmål", "Ängelholm", "Övertorneå"]
    assert names(supporter, "/samverkan/") == in_order
    assert names(supporter, "/samverkan/?sortera=-namn") == in_order[::-1]


def test_filters_by_phase_by_lateness_and_by_having_ended(cast: Cast, supporter: Client):
    case(cast, "Planerar", state="planning")
    late = case(cast, "Sent ute")
    factories.meeting(late, due_on=TODAY - timedelta(days=1))
    case(cast, "Avslutad", state="closed")
    assert names(supporter, "/samverkan/?fas=plan") == ["Planerar"]
    assert names(supporter, "/samverkan/?forsenat=on") == ["Sent ute"]
    assert "Avslutad" not in names(supporter, "/samverkan/")
    assert "Avslutad" in names(supporter, "/samverkan/?avslutade=on")
    assert "Avslutad" in names(supporter, "/samverkan/?sok=avslutad")


def test_a_row_says_what_is_late_and_what_its_phase_does_not_tell(cast: Cast, supporter: Client):
    for name, kinds in (("Sent ute", ["quality"]), ("Senare ute", ["quality", "bilateral"])):
        late = case(cast, name)
        for kind in kinds:
            factories.meeting(late, kind=kind, due_on=TODAY - timedelta(days=1))
    case(cast, "Vilar", state="paused")
    case(cast, "Fortsätter", state="extended")
    rows = {row.name: row for row in supporter.get("/samverkan/").context["cases"]}
    assert (rows["Sent ute"].overdue_label, rows["Sent ute"].state_note) == ("1 försenad", "")
    assert rows["Senare ute"].overdue_label == "2 försenade"
    assert (rows["Vilar"].overdue_label, rows["Vilar"].state_note) == ("", "Pausad")
    assert rows["Fortsätter"].state_note == "Förlängd"
    page = supporter.get("/samverkan/").content.decode()
    assert all(text in page for text in ("1 försenad<", "2 försenade<", ">Pausad<", ">Förlängd<"))


def test_pages_keep_the_filters_in_their_address(cast: Cast, supporter: Client):
    for number in range(51):
        case(cast, f"Ort {number:02}")
    response = supporter.get("/samverkan/?sok=ort&sortera=-namn")
    assert len(response.context["cases"]) == 50
    assert response.context["page"].paginator.count == 51
    assert "sok=ort" in response.context["query"]
    assert "sortera=-namn" in response.context["query"]
    assert names(supporter, "/samverkan/?sok=ort&sortera=-namn&page=2") == ["Ort 00"]


def test_an_empty_start_page_says_what_comes_next(cast: Cast):
    client = Client()
    client.force_login(cast.outsider)
    page = client.get("/").content.decode()
    assert "Du har inget att göra just nu" in page
    assert "Fråga processtödjaren" in page


def test_an_empty_list_says_whether_a_filter_or_a_role_is_missing(cast: Cast):
    client = Client()
    client.force_login(cast.outsider)
    with_filter = client.get("/samverkan/?sok=zzz", headers={"accept-language": "en"})
    without = client.get("/samverkan/", headers={"accept-language": "en"})
    assert b"Nothing found" in with_filter.content
    assert b"Nothing found" not in without.content
    assert b"Show ended ones too" in without.content


@pytest.mark.parametrize(("state", "shown"), [("active", 1), ("closed", 0)])
def test_what_was_owed_when_a_case_ended_is_not_shown_as_still_to_be_booked(
    cast: Cast, state: str, shown: int
):
    over = case(cast, "Älvvik", state=state)
    factories.meeting(over, due_on=None)
    assert len(events_of(over)) == shown
