"""Every page, in-process, logged in and warm, against a bare page of one flat query."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import brotli
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from benchmarks import database, measure
from benchmarks.load import Load, LoadedCase, load
from benchmarks.logging_visits import logging_a_visit
from benchmarks.measure import Goal, Row, at_most, duration, in_turns, queries_of
from notifications import clock
from organisations.models import Role, User

VIEWS_A_TURN = 4
# What a person counts as a row: of a list, a table, facts or a form.
ROW = rb"<(?:li|tr|dt|label)\b"
# Every page of a case: its address, what it is about, and who looks at it.
PAGES_OF_A_CASE = (
    ("history", "portfolio:history", "collaboration", Role.PROCESS_SUPPORTER),
    ("calendar", "portfolio:calendar", "collaboration", Role.PROCESS_SUPPORTER),
    ("pictures", "portfolio:pictures", "collaboration", Role.PROCESS_SUPPORTER),
    ("situation analysis", "plans:analysis", "analysis", Role.PROCESS_SUPPORTER),
    ("action plan", "plans:plan", "plan", Role.PROCESS_SUPPORTER),
    ("action plan: differences", "plans:differences", "revised_plan", Role.HEAD_OF_AUTHORITY),
    ("goal", "portfolio:goal", "goal", Role.PROCESS_SUPPORTER),
    ("red thread", "portfolio:thread", "participation", Role.PROCESS_SUPPORTER),
    ("agreement", "interventions:agreement", "agreement", Role.PROCESS_SUPPORTER),
    (
        "agreement: differences",
        "interventions:agreement_differences",
        "amended_agreement",
        Role.PROCESS_SUPPORTER,
    ),
    ("assignment", "interventions:assignment", "assignment", Role.TEAM_LEADER),
    ("insats", "interventions:intervention", "intervention", Role.TEAM_LEADER),
    ("visit", "interventions:visit", "visit", Role.TEAM_LEADER),
    ("preparation of a visit", "interventions:prepare", "planned_visit", Role.TEAM_LEADER),
    ("log form", "interventions:log_visit", "planned_visit", Role.TEAM_LEADER),
    ("task", "interventions:task", "task", Role.TEAM_LEADER),
    ("meeting", "meetings:meeting", "meeting", Role.PROCESS_SUPPORTER),
    ("report", "reports:report", "report", Role.PROCESS_SUPPORTER),
)


class Pace(NamedTuple):
    rounds: int
    views: int  # in each turn


class Page(NamedTuple):
    """A page of ours as one person sees it, how many rows it shows, and a bare page of as many."""

    what: str
    client: Client
    path: str
    rows: int
    bare: str = "steps"
    slowest: Goal | None = None
    queries: Goal | None = None
    html: Goal | None = None

    @property
    def bare_name(self) -> str:
        return f"bare page of {self.rows} rows"

    def see(self) -> bytes:
        return see(self.client, self.path)

    def see_bare(self) -> bytes:
        return see(self.client, f"/bare/{self.bare}/{self.rows}")


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    database.require_postgresql()
    pace = Pace(rounds=1, views=1) if options.tiny else Pace(measure.ROUNDS, VIEWS_A_TURN)
    sizes = [40] if options.tiny else [150, 1_500]
    sizes += [15_000] * options.full
    with database.fresh(*map(name_of, sizes)):
        measure.say_where(database=database.server())
        loads: dict[int, Load] = {}
        for size in sizes:
            measure.progress(f"loading {size:,} collaborations")
            database.use(name_of(size))
            loads[size] = load(size, clock.today())
        measure.report(rows_of(loads, pace), options.json)


def rows_of(loads: dict[int, Load], pace: Pace) -> list[Row]:
    pages: dict[str, dict[int, Page]] = {}
    for size, loaded in loads.items():
        database.use(name_of(size))
        for page in pages_of(loaded):
            pages.setdefault(page.what, {})[size] = page
    rows = [row for sizes in pages.values() for row in compare(sizes, pace)]
    smallest = min(loads)
    database.use(name_of(smallest))
    loaded = loads[smallest]
    rows += flat_in_content(pages["collaboration"][smallest], large(loaded), smallest, pace)
    rows += logging_a_visit(loaded.case)
    return [*rows, weight(pages["portfolio"][smallest])]


def log_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def see(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content


def page(what: str, client: Client, path: str, row: bytes = ROW, **rest: object) -> Page:
    rows = len(re.findall(row, see(client, path)))
    return Page(what, client, path, rows, **rest)  # type: ignore[arg-type]


def pages_of(loaded: Load) -> Iterator[Page]:
    """The portfolio of who sees everything, the start page of who follows four cases, a case."""
    manager, supporter = log_in(loaded.manager), log_in(loaded.supporter)
    yield page("portfolio", manager, "/samverkan/", rb'<th scope="row">', bare="cases",
               slowest=at_most(1.6), queries=at_most(8), html=at_most(1000))  # fmt: skip
    yield page("start page", supporter, "/", rb'class="duty[ "]|<article', bare="cases",
               slowest=at_most(3), queries=at_most(8))  # fmt: skip
    yield page("process", supporter, reverse("portfolio:process"))
    yield collaboration("collaboration", loaded.case)
    people = {
        Role.PROCESS_SUPPORTER: log_in(loaded.case.holder(Role.PROCESS_SUPPORTER)),
        Role.TEAM_LEADER: log_in(loaded.case.holder(Role.TEAM_LEADER)),
        Role.HEAD_OF_AUTHORITY: log_in(loaded.case.head),
    }
    for what, name, about, role in PAGES_OF_A_CASE:
        yield page(what, people[role], reverse(name, args=[loaded.case.objects[about].pk]))


def collaboration(what: str, case: LoadedCase) -> Page:
    client = log_in(case.holder(Role.PROCESS_SUPPORTER))
    path = case.collaboration.get_absolute_url()
    return page(what, client, path, slowest=at_most(3), queries=at_most(12))


def large(loaded: Load) -> Page:
    return collaboration("collaboration with ten times as much", loaded.large_case)


def compare(pages: dict[int, Page], pace: Pace) -> list[Row]:
    """One page in databases of every size, in turns with its bare twin."""
    sides: dict[str, Callable[[], object]] = {}
    for size, page in pages.items():
        sides[f"ours {size}"] = partial(repeat, size, page.see, pace.views)
        sides[f"bare {size}"] = partial(repeat, size, page.see_bare, pace.views)
    smallest, largest = min(pages), max(pages)
    measure.progress(f"measuring the {pages[smallest].what}")
    turns = in_turns(sides, rounds=pace.rounds)
    seconds = {name: [taken / pace.views for taken in side] for name, side in turns.items()}
    rows = [
        row
        for size, page in pages.items()
        for row in figures(page, size, seconds[f"ours {size}"], seconds[f"bare {size}"])
    ]
    grown = duration(
        pages[largest].what,
        largest,
        pages[largest].rows,
        seconds[f"ours {largest}"],
        against=f"itself at n = {smallest:,}",
        others=seconds[f"ours {smallest}"],
        goal=at_most(1.2),
    )
    return [*rows, grown, *queries_of_every_size(pages)]


def figures(page: Page, size: int, ours: measure.Seconds, bare: measure.Seconds) -> Iterator[Row]:
    yield duration(
        page.what, size, page.rows, ours, against=page.bare_name, others=bare, goal=page.slowest
    )
    if page.html:
        database.use(name_of(size))
        bytes_a_row = len(page.see()) / page.rows
        yield Row(f"{page.what}: HTML a row", size, page.rows, bytes_a_row, "bytes", goal=page.html)


def queries_of_every_size(pages: dict[int, Page]) -> list[Row]:
    """One row where every size asks as much."""
    rows = [queries(page, size) for size, page in pages.items()]
    alike = len({row.value for row in rows}) == 1
    return [replace(rows[0], n=None, k=None)] if alike else rows


def queries(page: Page, size: int) -> Row:
    database.use(name_of(size))
    asked = queries_of(page.see)
    return Row(f"{page.what}: queries", size, page.rows, asked, "queries", goal=page.queries)


def flat_in_content(page: Page, large: Page, size: int, pace: Pace) -> list[Row]:
    """A case like the other, but with ten times the goals, insatser and visits."""
    measure.progress("measuring cases with little and with much content")
    seconds = in_turns(
        {
            "little": partial(repeat, size, page.see, pace.views),
            "much": partial(repeat, size, large.see, pace.views),
        },
        rounds=pace.rounds,
    )
    grown = duration(
        large.what,
        size,
        large.rows,
        [taken / pace.views for taken in seconds["much"]],
        against=f"itself with a tenth, {page.rows} rows",
        others=[taken / pace.views for taken in seconds["little"]],
    )
    return [grown, queries(large, size)]


def weight(page: Page) -> Row:
    """What a browser fetches beside the page, compressed as it travels."""
    addresses = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.see().decode())
    files = [finders.find(address) for address in addresses]
    size = sum(len(brotli.compress(Path(file).read_bytes())) for file in files if file)
    return Row("CSS and JS, compressed", None, len(files), size, "bytes", goal=at_most(40_000))


def repeat(size: int, see_page: Callable[[], bytes], views: int) -> None:
    database.use(name_of(size))
    for _ in range(views):
        see_page()


def name_of(size: int) -> str:
    return f"cases_{size}"


if __name__ == "__main__":
    main()
