"""The pictures: nothing stands on anything else, nothing is lost, and each can leave as PNG."""

import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

from portfolio.pictures import (
    Bar,
    GroupOfBars,
    InterventionOnLine,
    LoadOfTerm,
    LoadOfUnit,
    MonthOfSupport,
    Picture,
    RatingPoint,
    Thread,
    ThreadNode,
    as_png,
    bars,
    history,
    load,
    red_thread,
    svg,
    taper,
    timeline,
)
from portfolio.pictures.drawing import Legend, Text
from portfolio.pictures.levels import LEVELS, WHOSE
from portfolio.pictures.png import MOST_PIXELS
from portfolio.pictures.text import width_of, wrapped
from tests.accessibility import assert_accessible

pytestmark = pytest.mark.portable

TODAY = date(2026, 11, 22)
STYLE = Path(settings.BASE_DIR, "static", "css", "trepart.css").read_text()
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script> & \"quotes' ]]>",
    "שלום עולם مرحبا \u202ereversed",
    "👩‍👩‍👧‍👦 🎉 漢字" * 20,
    "null\x00 bell\x07 \ud800 \ufffe",
    "Ä" * 10_000,
    "långa ord och korta " * 500,
    "",
]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


# --- what is drawn -----------------------------------------------------------------------


def months(count: int = 40) -> list[MonthOfSupport]:
    return [
        MonthOfSupport(date(2025 + i // 12, i % 12 + 1, 15), i % 4 / 2, i % 3) for i in range(count)
    ]


def units(words: str = "Unit") -> list[LoadOfUnit]:
    def terms(first: int) -> tuple[LoadOfTerm, ...]:
        return tuple(
            LoadOfTerm(term, (words,) * ((first + place) % 12), 2 * place, place % 2 == 0)
            for place, term in enumerate(TERMS[:-1])
        )

    return [LoadOfUnit(f"{number} {words}", terms(number)) for number in range(12)]


TERMS = ["HT2025", "VT2026", "HT2026", "VT2027"]


def interventions(count: int = 40, words: str = "Insats") -> list[InterventionOnLine]:
    starts = [date(2025, 1, 31) + timedelta(days=40 * number) for number in range(count)]
    return [
        InterventionOnLine(
            f"{number}.",
            words,
            words,
            words,
            start,
            start + timedelta(days=300),
            f"/insatser/{number}/",
            visits=(start + timedelta(days=30), start - timedelta(days=3)),
            deviations=(start + timedelta(days=60),),
        )
        for number, start in enumerate(starts)
    ]


def points() -> list[RatingPoint]:
    """Everybody rates on the same day, again and again."""
    days = [date(2025, 9, 1) + timedelta(days=50 * number) for number in range(8)]
    return [
        RatingPoint(day, list(LEVELS)[(3 - place // 2) % 4], whose)
        for place, day in enumerate(days)
        for whose in WHOSE
    ]


def nodes(kind: str, count: int, words: str, level: str = "") -> tuple[ThreadNode, ...]:
    return tuple(
        ThreadNode(f"{kind}{n}", f"{n} {words}", words, f"/{kind}/{n}/", level)
        for n in range(count)
    )


def thread(words: str = "Some words of the kind that people write about their school") -> Thread:
    """20 problems, 40 goals that share 15 insatser, and everything that may be missing."""
    links = [(f"problem{n // 2}", f"cause{n}") for n in range(30)]
    links += [(f"cause{n % 25}", f"goal{n}") for n in range(35)]
    links += [("problem3", "goal0"), ("problem4", "goal36")]
    links += [(f"goal{n}", f"insats{n % 7}") for n in range(30)]
    links += [(f"goal{n}", f"insats{(3 * n) % 11}") for n in range(20)]
    links += [(f"goal{n}", f"rating{n}") for n in range(0, 30, 3)]
    links += [("insats0", "rating1"), ("insats0", "nothing"), ("goal1", "problem1")]
    return Thread(
        nodes("problem", 20, words),
        nodes("cause", 32, words),
        nodes("goal", 40, words),
        nodes("insats", 15, words),
        nodes("rating", 30, words, "started"),
        tuple(links),
    )


def all_pictures(words: str = "Some words", today: date = TODAY) -> list[Picture]:
    return [
        taper(months(), today=today),
        taper(months(2), today=today, slug="few-months"),
        load(units(words), terms=TERMS),
        timeline(interventions(words=words), today=today),
        timeline(interventions(1, words), today=today, slug="one-insats"),
        history(points(), today=today, goal=words),
        red_thread(thread(words), unit=words),
        goals_by_colour(words),
        bars(
            [GroupOfBars("", (Bar(words, 0),))],
            title=words,
            described=words,
            columns=COLUMNS,
            slug="one-bar",
        ),
    ]


COLUMNS = ("Form", "Colour", "Goals")


def goals_by_colour(words: str) -> Picture:
    groups = [
        GroupOfBars(
            f"{number} {words}",
            (*(Bar(level, 7**place, level) for place, level in enumerate(LEVELS)), Bar(words, 3)),
        )
        for number in range(3)
    ]
    return bars(groups, title=words, described=words, columns=COLUMNS, slug="colours")


def empty_pictures() -> list[Picture]:
    return [
        taper([], today=TODAY),
        load([], terms=TERMS),
        timeline([], today=TODAY),
        history([], today=TODAY),
        red_thread(Thread(), unit="Storskolan"),
        bars([], title="Goals", described="No goal yet.", columns=COLUMNS, slug="colours"),
    ]


PICTURES = [
    "taper",
    "few months",
    "load",
    "timeline",
    "one insats",
    "ratings",
    "thread",
    "colours",
    "one bar",
]


@pytest.fixture(params=range(len(PICTURES)), ids=PICTURES)
def picture(request: pytest.FixtureRequest) -> Picture:
    return all_pictures()[request.param]


# --- geometry ----------------------------------------------------------------------------


def box_of(text: Text) -> tuple[float, float, float, float]:
    width = width_of(text.words, text.size)
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    return left, text.y - 0.75 * text.size, left + width, text.y + 0.2 * text.size


def overlaps(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def assert_well_placed(picture: Picture) -> None:
    texts = [text for part in picture.parts for text in part.texts if text.words]
    boxes = [(box_of(text), text.words) for text in texts]
    for box, words in boxes:
        assert box[0] >= 0, words
        assert box[1] >= 0, words
        assert box[2] <= picture.width, words
        assert box[3] <= picture.height, words
    for (one, words), (other, other_words) in combinations(boxes, 2):
        assert not overlaps(one, other), (words, other_words)
    assert min(text.size for text in texts) >= 11


@pytest.mark.parametrize("today", [date(2025, 1, 1), TODAY, date(2027, 7, 2), date(2028, 4, 30)])
def test_no_words_stand_on_others_or_outside(today: date):
    for picture in all_pictures(today=today):
        assert_well_placed(picture)


def test_a_legend_goes_on_below_where_it_is_too_wide():
    legend = Legend(0, 10, 200)
    for words in ("Planned days", "Done days", "July, summer"):
        legend.add(lambda x, y: (), words)
    texts = [text for part in legend.parts for text in part.texts]
    assert texts[0].y < texts[-1].y < legend.bottom
    assert all(box_of(text)[2] <= 200 for text in texts)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_any_words_are_drawn_within_their_place_and_stay_words(words: str):
    for picture in all_pictures(words):
        assert_well_placed(picture)
        drawn = ET.fromstring(svg(picture))
        assert {each.tag.removeprefix(SVG) for each in drawn.iter()} <= {
            "svg", "title", "desc", "g", "a", "path", "text",
        }  # fmt: skip


def test_words_that_do_not_fit_end_with_an_ellipsis_and_stand_whole_in_the_title():
    long = "Undervisningen varierar " * 400
    problem = ThreadNode("problem0", "1", long, "/problem/")
    picture = red_thread(Thread((problem,)), unit="Storskolan")
    drawn = svg(picture)
    assert "…</text>" in drawn
    titles = [each.text for each in ET.fromstring(drawn).iter(f"{SVG}title")]
    assert f"Problem 1 {long.strip()}" in titles


@pytest.mark.parametrize("width", [1, 40, 150])
@pytest.mark.parametrize("words", ["a b c", "Långtbortistanskt ord", "W" * 300, "å " * 300, ""])
def test_wrapping_keeps_every_sign_until_the_lines_are_full(words: str, width: int):
    lines = wrapped(words, width, 13, lines=10_000)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(len(line) == 1 or width_of(line, 13) <= width for line in lines)


def shapes(picture: Picture, kind: str) -> list[str]:
    return [
        shape.path
        for part in picture.parts
        for shape in part.shapes
        if shape.kind.split()[0] == kind
    ]


def numbers(pattern: str, path: str) -> list[int]:
    found = re.fullmatch(pattern, path)
    assert found, path
    return [int(number) for number in found.groups()]


def rectangles(picture: Picture, *kinds: str) -> list[tuple[float, ...]]:
    paths = [path for kind in kinds for path in shapes(picture, kind)]
    found = [numbers(r"M(-?\d+),(\d+)h(\d+)v(\d+)h.*", path) for path in paths]
    return [(x, y, x + width, y + height) for x, y, width, height in found]


def test_no_node_of_the_thread_stands_on_another_or_outside():
    picture = red_thread(thread(), unit="Storskolan")
    boxes = rectangles(picture, "node", "loose")
    assert len(boxes) > 137
    for one, other in combinations(boxes, 2):
        assert not overlaps(one, other)
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= picture.width
        assert bottom <= picture.height


def test_what_follows_stands_beside_what_it_follows_from():
    """The second cause waits until the goals of the first have had their room."""
    given = Thread(
        nodes("problem", 1, "Problem"),
        nodes("cause", 2, "Cause"),
        nodes("goal", 3, "Goal"),
        links=(
            *(("problem0", f"cause{n}") for n in range(2)),
            *((f"cause{n // 2}", f"goal{n}") for n in range(3)),
        ),
    )
    boxes = rectangles(red_thread(given, unit="Storskolan"), "node")
    tops = [sorted(top for left, top, *_rest in boxes if left == each) for each in columns(boxes)]
    problems, causes, goals = tops
    assert problems + causes[1:] == goals[::2]


def columns(boxes: list[tuple[float, ...]]) -> list[float]:
    return sorted({left for left, *_rest in boxes})


def test_bars_stay_inside_even_when_a_year_was_typed_wrong():
    wrong = InterventionOnLine(
        "1.", "Insats", "", "", date(202, 1, 1), date(9998, 12, 1), "/", (date(9999, 12, 31),)
    )
    picture = timeline([wrong, *interventions(2)], today=TODAY)
    assert picture.width < 10_000
    for left, _top, right, _bottom in rectangles(picture, "bar", "visit"):
        assert left >= 0
        assert right <= picture.width
    far = MonthOfSupport(date(2202, 1, 1), 1, 0)
    assert taper([*months(3), far], today=TODAY).width < 10_000


# --- what they say -------------------------------------------------------------------------


def test_the_taper_shows_months_that_nobody_named_and_where_today_is():
    picture = taper(
        [MonthOfSupport(date(2026, 5, 4), 2, 1.25), MonthOfSupport(date(2026, 12, 1), 0.5, 0)],
        today=TODAY,
    )
    assert [row.cells for row in picture.rows][:3] == [
        ("May 2026", "2", "1.25"),
        ("June 2026", "0", "0"),
        ("July 2026", "0", "0"),
    ]
    assert len(picture.rows) == 8
    assert len(shapes(picture, "planned")) == 3  # two months and the legend
    assert len(shapes(picture, "done")) == 2
    assert len(shapes(picture, "summer")) == 2
    assert len(shapes(picture, "today")) == 1
    assert not shapes(taper(months(3), today=TODAY), "today")


def test_numbers_and_months_follow_the_reader():
    with translation.override("sv"):
        picture = taper([MonthOfSupport(date(2026, 5, 4), 1.5, 1)], today=TODAY)
    assert picture.rows[0].cells == ("maj 2026", "1,5", "1")


def test_units_keep_their_order_and_collisions_have_a_mark_and_a_word():
    calm, busy = LoadOfTerm("HT2025", ("A",), 1), LoadOfTerm("VT2026", ("A", "B"), 9, crowded=True)
    given = [LoadOfUnit("Östra", (busy,)), LoadOfUnit("Alby", (calm,))]
    picture = load(given, terms=["HT2025", "VT2026"])
    assert [row.cells for row in picture.rows] == [
        ("Östra", "HT2025", "–", "0", ""),
        ("Östra", "VT2026", "A, B", "9", "Many at once"),
        ("Alby", "HT2025", "A", "1", ""),
        ("Alby", "VT2026", "–", "0", ""),
    ]
    assert len(shapes(picture, "alert")) == 2  # the cell and the legend
    assert svg(picture).count(">Many at once</text>") == 2


def test_every_insats_has_a_row_and_a_way_to_its_page():
    given = [
        *interventions(3),
        InterventionOnLine("4.", "Later", "", "planned", None, None, "/insatser/4/"),
        InterventionOnLine("5.", "Open", "", "", date(2026, 1, 2), None, "/insatser/5/"),
    ]
    picture = timeline(given, today=TODAY)
    assert [row.url for row in picture.rows] == [each.url for each in given]
    assert picture.rows[3].cells[3] == "no period yet"
    assert picture.rows[4].cells[3] == "from 2 January 2026"
    drawn = ET.fromstring(svg(picture))
    assert [each.attrib["href"] for each in drawn.iter(f"{SVG}a")] == [each.url for each in given]
    assert len(rectangles(picture, "bar")) == 5  # one has no days; the legend has one
    assert len(shapes(picture, "alert")) == 4


def test_each_rating_stands_on_its_level_and_agreements_make_the_line():
    given = [
        RatingPoint(date(2026, 9, 1), "achieved", "agreed"),
        RatingPoint(date(2026, 3, 1), "started", "university"),
        RatingPoint(date(2026, 3, 1), "started", "agreed"),
    ]
    picture = history(given, today=TODAY)
    assert [row.cells for row in picture.rows] == [
        ("1 March 2026", "University", "Started"),
        ("1 March 2026", "Agreed", "Started"),
        ("1 September 2026", "Agreed", "Achieved"),
    ]
    (line,) = shapes(picture, "agreed-line")
    start, step = numbers(r"M\d+,(\d+)H\d+V(\d+)H\d+", line)
    assert step < start
    words = {text.words for part in picture.parts for text in part.texts}
    assert {str(word) for word, _share in LEVELS.values()} <= words
    assert not shapes(history(given[1:2], today=TODAY), "agreed-line")


def loose_ends(given: Thread) -> list[str]:
    picture = red_thread(given, unit="Storskolan")
    return [
        " ".join(text.words for text in part.texts)
        for part in picture.parts
        if part.shapes and part.shapes[0].kind == "loose"
    ]


WHOLE = {
    "problems": nodes("problem", 1, "Problem"),
    "causes": nodes("cause", 1, "Cause"),
    "goals": nodes("goal", 1, "Goal"),
    "interventions": nodes("insats", 1, "Insats"),
    "ratings": nodes("rating", 1, "Rating", "achieved"),
}
LINKS = (
    ("problem0", "cause0"),
    ("cause0", "goal0"),
    ("goal0", "insats0"),
    ("goal0", "rating0"),
)
PAST_CAUSES = (*LINKS[2:], ("problem0", "goal0"))


def test_a_whole_thread_has_no_loose_end():
    assert loose_ends(Thread(**WHOLE, links=LINKS)) == []
    by_insats = (*LINKS[:3], ("insats0", "rating0"))
    assert loose_ends(Thread(**WHOLE, links=by_insats)) == []


@pytest.mark.parametrize(
    ("kept", "links", "expected"),
    [
        (("problems",), LINKS, ["No cause yet"]),
        (("problems", "causes"), LINKS, ["No goal yet"]),
        (("problems", "causes", "goals"), LINKS, ["No insats yet", "Not rated yet"]),
        (("problems", "causes", "goals", "interventions"), LINKS, ["Not rated yet"]),
        (("problems", "causes", "goals", "ratings"), LINKS, ["No insats yet"]),
        (tuple(WHOLE), LINKS[1:], ["No cause yet", "Belongs to no problem"]),
        (tuple(WHOLE), PAST_CAUSES, ["Answers no cause", "Belongs to no problem", "No goal yet"]),
        (("interventions",), LINKS, ["Serves no goal"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(
    kept: tuple[str, ...], links: tuple[tuple[str, str], ...], expected: list[str]
):
    given = Thread(**{name: WHOLE[name] for name in kept}, links=links)
    assert loose_ends(given) == expected
    listed = render_to_string(
        "components/picture.html", {"picture": red_thread(given, unit="Storskolan")}
    )
    assert listed.count('class="branches__loose"') == len(expected)


def shared_insats(*, problems: int) -> Picture:
    given = Thread(
        nodes("problem", problems, "Problem"),
        nodes("cause", 2, "Cause"),
        nodes("goal", 2, "Goal"),
        nodes("insats", 1, "Insats"),
        links=(
            *((f"problem{n % problems}", f"cause{n}") for n in range(2)),
            *((f"cause{n}", f"goal{n}") for n in range(2)),
            *((f"goal{n}", "insats0") for n in range(2)),
        ),
    )
    return red_thread(given, unit="Storskolan")


def test_what_a_problem_needs_twice_stands_once_with_a_curve_from_each():
    picture = shared_insats(problems=1)
    assert len(shapes(picture, "node")) == 1 + 2 + 2 + 1
    assert len(shapes(picture, "curve")) == 2 + 2 + 2
    assert "(see above)" not in svg(picture)
    assert render_to_string("components/picture.html", {"picture": picture}).count("see above") == 1


def test_what_another_problem_needs_too_is_pointed_to():
    """Else curves would run across the whole page."""
    picture = shared_insats(problems=2)
    assert len(shapes(picture, "node")) == 2 + 2 + 2 + 1 + 1
    assert len(shapes(picture, "curve")) == 2 + 2 + 2
    assert svg(picture).count(">(see above)</text>") == 1


def test_what_has_no_number_is_named_by_its_kind_where_it_is_linked():
    cause = ThreadNode("cause0", "", "Nobody plans together", "/cause/")
    picture = red_thread(Thread(causes=(cause,)), unit="Storskolan")
    page = render_to_string("components/picture.html", {"picture": picture})
    assert '<a href="/cause/">Cause</a>' in page
    assert ">Cause</text><text" in page


def test_every_node_of_the_thread_leads_to_its_page_in_picture_and_list():
    given = thread()
    picture = red_thread(given, unit="Storskolan")
    everything = {node.url for column in given.columns for node in column}
    drawn = ET.fromstring(svg(picture))
    assert {each.attrib["href"] for each in drawn.iter(f"{SVG}a")} == everything
    listed = render_to_string("pictures/branches.html", {"branches": picture.branches})
    assert set(re.findall(r'href="([^"]+)"', listed)) == everything


# --- as markup -----------------------------------------------------------------------------


def test_markup_says_what_it_is_and_holds_no_style(picture: Picture):
    markup = svg(picture)
    assert not re.search(r"<style|style=|fill=|stroke=", markup)
    drawn = ET.fromstring(markup)
    has_links = drawn.find(f".//{SVG}a") is not None
    assert drawn.attrib["role"] == ("group" if has_links else "img")
    assert drawn.attrib["viewBox"] == f"0 0 {drawn.attrib['width']} {drawn.attrib['height']}"
    ids = {each.attrib["id"] for each in drawn.iter() if "id" in each.attrib}
    assert ids == {drawn.attrib["aria-labelledby"], drawn.attrib["aria-describedby"]}
    assert svg(picture) == markup


def test_the_table_beside_holds_every_row(picture: Picture):
    page = render_to_string("components/picture.html", {"picture": picture, "png_url": "/a.png"})
    assert 'href="/a.png"' in page
    cells = [cell for row in picture.rows for cell in row.cells]
    found = re.findall(r"<bdi>(.*?)</bdi>(?:</a>)?</t[hd]>", page)
    assert found == cells


@pytest.mark.parametrize("place", range(5))
def test_what_is_empty_says_so_calmly(place: int):
    empty = empty_pictures()[place]
    page = render_to_string("components/picture.html", {"picture": empty, "png_url": "/a.png"})
    assert empty.description in page
    assert "<svg" not in page
    assert "/a.png" not in page
    assert_well_placed(empty)


def test_every_kind_has_a_look():
    """In the rules that the PNG takes too: one line each, and tokens for colours."""
    kinds = {
        kind
        for picture in [*all_pictures(), *empty_pictures()]
        for part in picture.parts
        for kinds in (*(s.kind for s in part.shapes), *(t.kind for t in part.texts))
        for kind in kinds.replace("drawn__", "").split()
    }
    looks = set(re.findall(r"^  \.drawn__([\w-]+) \{ [^}]+ \}$", STYLE, re.MULTILINE))
    assert kinds - {"party"} <= looks
    assert looks <= kinds | set(LEVELS)


# --- as PNG --------------------------------------------------------------------------------


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the pixels as red, green, blue and opacity, by the PNG specification."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        chunks[kind] = chunks.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 6)
    raw, stride = zlib.decompress(chunks[b"IDAT"]), 4 * width
    rows, above = [], bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        row = bytearray(raw[start + 1 : start + 1 + stride])
        for i in range(stride):
            left, up = row[i - 4] if i > 3 else 0, above[i]
            corner = above[i - 4] if i > 3 else 0
            guess = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
            row[i] = (row[i] + (0, left, up, (left + up) // 2, guess)[raw[start]]) % 256
        rows.append(row)
        above = row
    return width, height, [bytes(row[i : i + 4]) for row in rows for i in range(0, stride, 4)]


def colour(token: str) -> bytes:
    """The light one of the style sheet."""
    (digits,) = re.findall(rf"--{token}: light-dark\(#(\w+),", STYLE)
    return bytes.fromhex(digits * 2 if len(digits) == 3 else digits) + b"\xff"


def test_the_png_has_the_size_and_the_light_colours_of_the_pages():
    picture = taper(months(8), today=date(2025, 2, 3))
    width, height, found = pixels(as_png(svg(picture), width=320))
    assert (width, height) == (320, round(320 * picture.height / picture.width))
    assert found[0] == b"\xff\xff\xff\xff"
    assert {colour("accent"), colour("sunken")} <= set(found)


def test_words_are_drawn_without_any_font_of_the_machine():
    """The picture has words alone, and resvg is told to pass over the machine's own fonts."""
    _width, _height, found = pixels(as_png(svg(taper([], today=TODAY)), width=320))
    assert found.count(b"\xff\xff\xff\xff") < len(found) - 300


def test_a_very_long_picture_becomes_narrower_rather_than_too_large():
    long = f'<svg xmlns="{SVG[1:-1]}" width="500" height="20000"><desc/></svg>'
    width, height = struct.unpack(">II", as_png(long, width=1600)[16:24])
    assert width < 1600
    assert width * height <= 1.01 * MOST_PIXELS


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_any_words_can_leave_as_png(words: str):
    for picture in all_pictures(words):
        png = as_png(svg(picture), width=100)
        assert struct.unpack(">I", png[16:20]) == (100,)


# --- on a page -----------------------------------------------------------------------------


WORDS_OF_MANY_FONTS = "Skolan 漢字漢字漢字漢字漢字漢字 🎉🎉🎉🎉🎉🎉🎉 Ångström"


def page_with_everything() -> str:
    figures = "".join(
        render_to_string("components/picture.html", {"picture": picture, "png_url": "#"})
        for picture in [
            *all_pictures(WORDS_OF_MANY_FONTS),
            *(p for p in empty_pictures() if p.kind == "load"),
        ]
    )
    return (
        '<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width">'
        f'<title>Pictures</title><style>{STYLE}</style><main class="page"><h1>Pictures</h1>'
        f"{figures}</main></html>"
    )


MEASURE = """() => {
  const out = [];
  for (const text of document.querySelectorAll("svg text")) {
    const box = text.parentNode.querySelector(".drawn__node, .drawn__loose");
    const inside = (box || text.ownerSVGElement).getBoundingClientRect();
    const own = text.getBoundingClientRect();
    if (own.left < inside.left - 1 || own.right > inside.right + 1) out.push(text.textContent);
  }
  return out;
}"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_them_whole_and_readable(
    browser: Browser, width: int, scheme: Literal["light", "dark"]
):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page.set_content(page_with_everything())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(MEASURE) == []
        assert_the_thread_can_be_walked(page, narrow=width < 768)
        assert_accessible(page)
    finally:
        page.close()


def assert_the_thread_can_be_walked(page: Page, *, narrow: bool) -> None:
    """As a picture where there is room, as a list on a phone, and never as both."""
    assert page.locator("#thread-title").locator("..").is_visible() is not narrow
    assert page.locator(".branches a").first.is_visible() is narrow
