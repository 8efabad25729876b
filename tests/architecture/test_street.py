"""One street, one house per concept, the same rooms in every house (house.md 1 and 2)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

pytestmark = pytest.mark.portable

ROOT = Path(settings.BASE_DIR)
ROOMS = {
    "__init__", "actions", "admin", "apps", "automatic", "duties", "effects", "forms", "gates",
    "invariants", "management", "migrations", "models", "permissions", "queries", "tasks", "urls",
    "views",
}  # fmt: skip
# What a house has beside the rooms of every house, and what for.
OWN_ROOMS = {
    "sbs_workflow": {
        "audience": "who is meant by a role",
        "acting": "who acts, for the trail of the house above",
        "differences": "what two versions of a text do not share",
        "diagrams": "the machines as people read them",
        "doors": "who may come in",
        "engine": "the one way to change a state",
        "handing_over": "the form that asks who takes over a role",
        "headcounts": "functions and numbers as people write them",
        "middleware": "support that looks over the shoulder",
        "pages": "what the pages about one object share",
        "rulebook": "the duties as people read them",
        "search": "what the search for cases looks in",
        "successors": "what somebody leaves behind, and who could take it over",
        "welcome": "how roles in a case are given to who accepts an invitation",
        "widgets": "the inputs of steps",
        "writing": "two people in the same form",
    },
    "plans": {
        "clarity": "what would make a goal clearer",
        "wording": "words that follow the form of school",
    },
    "meetings": {
        "invitations": "meetings as calendars know them",
        "mailbox": "where the answers of calendars arrive",
    },
    "reports": {
        "blanks": "the forms of the agency as data",
        "brief": "what a meeting needs to know, as a document",
        "drafts": "what is counted in many reports, as a document to write on in",
        "excel": "the only place that knows Excel",
        "layout": "a report as a document, for the page and the file",
        "money": "amounts as people write them",
        "pdf": "a document as PDF",
        "reading": "what a file in Word says",
        "richtext": "the little markup of a text",
        "word": "the only place that knows Word",
    },
    "records": {
        "archive": "a whole case as one file that other programs open",
        "chain": "what shows that the trail was not touched",
        "contents": "which rows are the content of a case",
        "context_processors": "what the menu on every page asks",
        "database": "Django's own, which write the trail as a transaction ends",
        "documents": "which documents a case has, and which of them are official",
        "doors": "to a register, and to a person's data",
        "middleware": "who is at work, and what they read",
        "recorder": "hears every change of content",
        "statements": "what a statement says that it writes",
        "triggers": "what the database itself refuses",
    },
    "portfolio": {
        "feed": "a person's calendar as calendar programs read it",
        "pictures": "what people look at rather than read",
    },
    "organisations": {
        "adapter": "how django-allauth behaves here",
        "doors": "who may come in, where no case is asked about",
        "login": "how people log in",
        "prose": "what people write in their own words",
        "register": "the register of schools as a file",
        "renaming": "what follows when something is renamed",
        "school_calendar": "the breaks that most school years have",
        "swedish": "Swedish order and search",
        "welcome": "what somebody who accepts an invitation is given",
    },
    "notifications": {
        "alerts": "who watches the watchers",
        "leaps": "a clock that leaps far ahead",
        "audience": "asks the upper house who is meant",
        "bounces": "mail that comes back",
        "breaker": "leaves a mail server alone that refuses everything",
        "clock": "the one clock",
        "context": "a message's words as plain data",
        "delivery": "from claimed to sent",
        "digests": "many reminders in one letter",
        "failpoints": "where a test may kill a process",
        "health": "what operators ask",
        "letters": "a message as it is sent",
        "mailbox": "where answers and returned mail arrive",
        "outbox": "the door to mail",
        "planning": "from duties to reminders",
        "smtp": "the dialogue with the mail server",
        "ticks": "what happens every minute",
        "working_days": "the Swedish calendar",
        "forecast": "what will be told in the days to come",
        "lead_times": "the usual lead times, or those that were changed",
        "open_days": "the days and hours in which people can be asked",
        "planned": "long questions that PostgreSQL plans once",
        "unsubscribing": "the link in a reminder that ends them",
    },
    "cases": {
        "accounts": "the demo's people",
        "bulk": "many cases for benchmarks",
        "case_file": "what a file of a case may say",
        "context_processors": "the demo's log-ins beside the log-in form",
        "dates": "days told in months from the start",
        "events": "what can happen in a case",
        "files": "the demo's cases",
        "nodes": "the lines of a file",
        "reading": "from a file to a story, with every error's line",
        "story": "what is told of a case",
        "vocabulary": "the words of a file",
    },
}
NEVER = {"common", "core", "helpers", "signals", "utils"}


def rooms_of(house: Path) -> set[str]:
    names = {path.stem if path.is_file() else path.name for path in house.iterdir()}
    return names - {"__pycache__"}


def first_party() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/apps.py")}


def contract() -> dict[str, Any]:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    found: dict[str, Any] = tools["importlinter"]
    return found


def test_every_house_is_on_the_street():
    assert first_party() == set(settings.STREET)
    installed = [app.name for app in apps.get_app_configs() if app.name in first_party()]
    assert installed == settings.STREET


def test_the_street_is_the_order_that_the_import_linter_keeps():
    [street] = [c for c in contract()["contracts"] if c["id"] == "street"]
    on_a_level = [layer.replace(" ", "").split("|") for layer in street["layers"]]
    levels = {name: level for level, names in enumerate(on_a_level) for name in names}
    standing = [name for name in levels if not name.startswith("(")]
    assert set(standing) == {"config", *settings.STREET}
    assert [levels[house] for house in settings.STREET] == sorted(
        levels[house] for house in settings.STREET
    )
    assert set(contract()["root_packages"]) == set(standing)


@pytest.mark.parametrize("house", settings.STREET)
def test_a_house_has_only_rooms_that_we_know(house: str):
    assert rooms_of(ROOT / house) - ROOMS - set(OWN_ROOMS.get(house, {})) == set()


def test_rooms_that_are_gone_are_struck_out():
    gone = {
        f"{house}/{room}"
        for house, rooms in OWN_ROOMS.items()
        for room in rooms
        if room not in rooms_of(ROOT / house)
    }
    assert gone == set()


def test_nothing_is_called_common():
    for house in settings.STREET:
        inside = {path.stem for path in (ROOT / house).rglob("*.py")}
        assert inside.isdisjoint(NEVER), house


def test_a_new_room_is_found_out(tmp_path: Path):
    (tmp_path / "utils.py").touch()
    (tmp_path / "models.py").touch()
    assert rooms_of(tmp_path) - ROOMS == {"utils"}
