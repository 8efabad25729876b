"""Every kind of mistake is told with its line and column, and nothing can hurt the reader."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from cases.case_file import Mistakes, read_case
from cases.events import EVENTS
from cases.vocabulary import EventKind
from tests.cases.conftest import RED_THREAD, SMALL_CASE, WriteCase

pytestmark = pytest.mark.portable
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def mistakes_in(path: Path) -> list[tuple[int, int, str]]:
    with pytest.raises(Mistakes) as refused:
        read_case(path, TODAY)
    return [(m.node.line, m.node.column, m.message) for m in refused.value.found]


def test_the_small_case_is_read(write_case: WriteCase) -> None:
    case = read_case(write_case(), TODAY)
    assert [told.kind.name for told in case.story][:2] == ["offer", "accept"]
    # The traps of YAML: nothing is taken for a number, a truth or a date.
    assert next(iter(case.organisations.values())).name == "Skolverket"
    assert {told.municipality_code for told in case.organisations.values()} == {"", "2463"}


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (
            "selection_source:",
            "selection_sourse:",
            "selection_sourse",
            "selection_sourse is unknown. Do you mean selection_source?",
        ),
        ("opened: 2025-01-13", "opened: 13/1 2025", "13/1 2025", "This is no date."),
        ("code: 2463", "code: 24", "24}", "Write 4 digits."),
        ("kind: compulsory", "kind: skola", "skola}", "skola is unknown. These are known: "),
        ("ett@agency.test", "ett", "ett, ", "This is no e-mail address."),
        ("of skolan", "of skola", "principal", "Do you mean skolan?"),
        ("principal of skolan", "principal", "principal from", "principal is held in a unit"),
        ("ager from 2020", "ager since 2020", "agency_manager", "Write such as: principal of UNIT"),
        ("channel: telephone", "channel: phone", "phone", "Do you mean telephone?"),
        ("start analysis", "begin analysis", "begin", "begin analysis is unknown. Do you mean"),
        ("2025-03-03:", "2027-03-03:", "2027-03-03", "This lies after the day of loading"),
        ("    mandate: Nämnden § 7\n", "", "2025-02-12", "mandate is missing."),
        ("mandate: Nämnden § 7", "mandate:", "\n  - 2025-03-03", "Here a value is missing."),
        ("telephone\n", "telephone\n    by: rektorn\n", "rektorn", "Do you mean rektor?"),
        ("2025-09-16: start", "start", "start planning", "An event begins with its date"),
        (
            "participants: Alla arbetslag",
            "participants: [Alla]",
            "[Alla]",
            "Here a text is expected.",
        ),
        ("2025-01-13\n", "2027-01-13\n", "2027-01-13", "This lies after the day of loading"),
        ("Nämnden § 7", "N" * 201, "N" * 201, "Write at most 200 characters."),
        ("Nämnden § 7", "Elev 811218-9876", "Elev", "remove 811218-****."),
        ("2025-01-20: offer", "offer: 2025-01-20", "offer:", "The date comes first, such as"),
        (
            "2025-01-20: offer",
            "2025-01-12: offer",
            "2025-01-12",
            "before the day on which the case",
        ),
        ("  skolan: {name", "  all: {name", "all:", "Choose another short name: one word"),
        ("  skolan: {name", "  vår skola: {name", "vår skola:", "Choose another short name"),
        ("  skolan: {name", '  "": {name', '"": {', "Choose another short name"),
        ("name: Förvaltningen", "name: Centralskolan", "{name: Centralskolan, kind: adm", "twice"),
        ("tva@agency.test", "ETT@agency.test", "{name: Två", "ett@agency.test stands here twice."),
        ("ett@agency.test", f"{'e' * 60}@{'a.' * 100}test", "e" * 60, "at most 254 characters"),
        ("Nämnden § 7", "Nämnden: § 7", ": § 7", "A colon with a space after it ends a name."),
        ("Nämnden § 7", "@Nämnden § 7", "@Nämnden", "A text cannot begin with this sign."),
        ("Nämnden § 7", '"Nämnden § 7', '"Nämnden', "The quotation mark that stands here is nev"),
        ("    mandate:", "   mandate:", "mandate:", "This does not fit what stands above it"),
        ("    mandate:", "\u00a0\u00a0 mandate:", "\u00a0", "ordinary spaces: here is a non-break"),
        ("Nämnden § 7", "Nämnden\a", "\a", "The file holds characters that are not text."),
    ],
)
def test_each_mistake_is_told_with_its_place(
    write_case: WriteCase, old: str, new: str, at: str, message: str
) -> None:
    path = write_case(old, new)
    before = path.read_text().split(at)[0]
    place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    found = mistakes_in(path)
    assert [said for line, column, said in found if (line, column) == place and message in said]


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("- problem: 1\n          causes: [1", "- causes: [1", "causes", "problem is missing."),
        ("causes: 2\n", "causes: två\n", "två", "Write a whole number."),
        ("measure: Loggar", "meassure: Loggar", "meassure", "Do you mean measure?"),
        ("on: 2026-06-10", "on: 10/6 2026", "10/6 2026", "This is no date."),
        ("    goals:\n      skolan:\n", "    goals:\n      skola:\n", "skola:", "you mean skolan?"),
        ("skolan 1, skolan 2", "skolan 1, skola 2", "skola 2", "Do you mean skolan?"),
        ("[skolan 1, skolan 2]", "[skolan 1.2]", "skolan 1.2]", "such as karby 1."),
        ("[skolan 1.2]", "[skolan 1]", "skolan 1]", "such as karby 1.2."),
        ("level: well_under_way", "level: green", "green", "green is unknown. These are known"),
        ("kind: observation", "kind: gossip", "gossip", "gossip is unknown."),
        ("{party: university, what", "{party: school, what", "school,", "school is unknown."),
        ("course: partly", "course: half", "half", "half is unknown. These are known: "),
        ("2025-10..2026-06: 2", "2025-13..2026-06: 2", "2025-13", "This is no month."),
        ("2027-01: 0", "2026-12: 0", "2026-12: 0", "2026-12 stands here twice."),
        ("2027-01: 0", "2027-01: 32", "32", "Write a number of days, such as 1 or 0.5."),
        ("2027-01: 0", "2027-01: -1", "-1", "Write a number of days, such as 1 or 0.5."),
        ("{on: 2025-11-03, amount: 200 000}", "{on: 2025-11-03}", "{on", "amount is missing."),
        ("Lärarna bad om det.", "L" * 10_001, "L" * 10_001, "Write at most 10000 characters."),
        ("Hälften hann.", "Elev 811218-9876", "Elev 81", "remove 811218-****."),
    ],
)  # fmt: skip
def test_each_mistake_in_the_red_thread_is_told_with_its_place(
    write_case: WriteCase, old: str, new: str, at: str, message: str
) -> None:
    assert old in RED_THREAD
    path = write_case(more=RED_THREAD.replace(old, new, 1))
    start = len(SMALL_CASE) + RED_THREAD.index(old)
    text = path.read_text()
    before = text[: text.index(at, start)]
    place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    found = mistakes_in(path)
    assert [said for line, column, said in found if (line, column) == place and message in said]


def test_an_insats_cannot_end_before_it_begins(write_case: WriteCase) -> None:
    path = write_case(more=RED_THREAD.replace("to: 2026-06-12", "to: 2025-06-12"))
    line = path.read_text().split("- name: Se varandras")[0].count("\n") + 1
    assert mistakes_in(path) == [(line, 9, "The end must come after the start.")]


def test_evidence_cannot_be_from_a_day_that_has_not_come(write_case: WriteCase) -> None:
    path = write_case("on: 2025-06-16", "on: 2026-06-16")
    assert [message for *_place, message in mistakes_in(path)] == [
        "This lies after the day of loading and cannot have happened."
    ]


def test_all_mistakes_are_told_at_once(write_case: WriteCase) -> None:
    path = write_case("2025-01-20: offer", "2025-01-32: offer")
    path.write_text(path.read_text().replace("kind: compulsory", "kind: skola"))
    path.write_text(path.read_text().replace("lo@umu.test", "lo"))
    assert [line for line, *_rest in mistakes_in(path)] == [11, 19, 21]


def test_a_missing_part_is_told(write_case: WriteCase) -> None:
    path = write_case("story:", "stories:")
    messages = " ".join(message for *_place, message in mistakes_in(path))
    assert "story" in messages


HOSTILE = {
    "billion laughs": b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "an alias": b"collaboration: &x {name: y}\nstory: *x\n",
    "a tag": b"collaboration: !!python/object/apply:os.system ['true']\n",
    "a tab": b"collaboration:\n\tname: x\n",
    "a repeated name": b"story: []\nstory: []\n",
    "another encoding": "collaboration: {name: Åsele}\n".encode("latin-1"),
    "UTF-16": "collaboration: {}\n".encode("utf-16"),
    "binary": bytes(range(256)) * 10,
    "zero bytes": b"\0" * 1_000,
    "nothing": b"",
    "only a comment": b"# hej\n",
    "a list": b"- x\n",
    "a text": b"hej\n",
    "two documents": b"a: b\n---\na: b\n",
    "deep lists": b"[" * 5_000,
    "deep mappings": b"story: " + b"{a: " * 5_000,
    "an unfinished quotation": b'story: "hej\n',
    "a mapping as a name": b"? {a: b}\n: c\n",
    "mappings for minutes": b"{" * 500_000,
    "lists within lists": b"a: " + b"- " * 400_000,
    "too large": b"# " + b"x" * 50_000_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_with_a_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    for line, column, message in mistakes_in(path):
        assert line >= 1
        assert column >= 1
        assert message


def test_tabs_get_a_message_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(HOSTILE["a tab"])
    assert mistakes_in(path) == [(2, 1, "Indent with spaces: here is a tab.")]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path / "none.yaml") == [(1, 1, "The file cannot be opened.")]


def test_names_are_one_line_and_numbers_are_written_in_one_way(write_case: WriteCase) -> None:
    code = "municipality_code: 2463"
    path = write_case("name: Åsele kommun, " + code, 'name: "Åsele\\n kommun", ' + code)
    path.write_text(path.read_text().replace(code, "organisation_number: 2021005489"))
    told = next(t for t in read_case(path, TODAY).organisations.values() if t.organisation_number)
    assert (told.name, told.organisation_number) == ("Åsele kommun", "202100-5489")


def test_line_endings_and_byte_order_mark_of_windows_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL_CASE.replace("\n", "\r\n").encode())
    assert read_case(path, TODAY).collaboration["name"] == "Åsele kommun"


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "case-files.md"


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_the_guide_tells_of_every_event_and_its_keys(kind: EventKind) -> None:
    guide = GUIDE.read_text()
    assert f"`{kind.name}`" in guide
    for key in kind.keys:
        assert re.search(rf"[` ]{key.name}[`:]", guide), key.name
