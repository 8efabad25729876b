"""Pages, in-process, logged in and warm, against a bare page of one flat query."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import brotli
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import database, measure
from benchmarks.load import Load, load
from benchmarks.measure import Goal, Row, at_most, duration, in_turns
from notifications import clock
from organisations.models import User

VIEWS_A_TURN = 4


class Page(NamedTuple):
    """A page of ours as one person sees it, and how many rows of data it shows."""

    what: str
    client: Client
    path: str
    rows: int
    slowest: Goal
    queries: Goal
    html: Goal | None = None

    @property
    def bare(self) -> str:
        return f"bare page of {self.rows} rows"

    def see(self) -> bytes:
        return see(self.client, self.path)

    def see_bare(self) -> bytes:
        return see(self.client, f"/bare/{self.rows}")


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    database.require_postgresql()
    rounds = 1 if options.tiny else measure.ROUNDS
    sizes = [40, 60] if options.tiny else [150, 1_500]
    sizes += [15_000] * options.full
    with database.fresh(*map(name_of, sizes)):
        measure.say_where(database=database.server())
        pages: list[dict[int, Page]] = [{}, {}, {}, {}]
        for size in sizes:
            measure.progress(f"loading {size:,} collaborations")
            database.use(name_of(size))
            for of_size, page in zip(pages, pages_of(load(size, clock.today())), strict=True):
                of_size[size] = page
        portfolio, start, few_visits, many_visits = pages
        rows = [row for page in (portfolio, start, few_visits) for row in compare(page, rounds)]
        smallest = min(sizes)
        rows.append(flat_in_visits(few_visits[smallest], many_visits[smallest], smallest, rounds))
        rows.append(weight(portfolio[smallest]))
        measure.report(rows, options.json)


def log_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def see(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content


def pages_of(loaded: Load) -> list[Page]:
    """The portfolio of who sees everything; start page and case of who follows twelve."""
    manager, supporter = log_in(loaded.manager), log_in(loaded.supporter)
    few, many = loaded.few_visits.get_absolute_url(), loaded.many_visits.get_absolute_url()
    duties_and_cases = rb'class="duty[ "]|<article'

    def page(what: str, client: Client, path: str, row: bytes, **goals: Goal) -> Page:
        return Page(what, client, path, len(re.findall(row, see(client, path))), **goals)

    detail = {"slowest": at_most(3), "queries": at_most(12)}
    return [
        page("portfolio", manager, "/samverkan/", rb'<th scope="row">',
             slowest=at_most(1.6), queries=at_most(8), html=at_most(1000)),
        page("start page", supporter, "/", duties_and_cases,
             slowest=at_most(3), queries=at_most(8)),
        page("collaboration", supporter, few, rb"<li", **detail),
        page("collaboration with 600 visits", supporter, many, rb"<li", **detail),
    ]  # fmt: skip


def compare(pages: dict[int, Page], rounds: int) -> list[Row]:
    """One page in databases of every size, in turns with its bare twin."""
    sides: dict[str, Callable[[], object]] = {}
    for size, page in pages.items():
        sides[f"ours {size}"] = partial(repeat, size, page.see)
        sides[f"bare {size}"] = partial(repeat, size, page.see_bare)
    smallest, largest = min(pages), max(pages)
    measure.progress(f"measuring the {pages[smallest].what}")
    turns = in_turns(sides, rounds=rounds)
    seconds = {name: [taken / VIEWS_A_TURN for taken in side] for name, side in turns.items()}
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
    return [*rows, grown]


def figures(page: Page, size: int, ours: measure.Seconds, bare: measure.Seconds) -> list[Row]:
    database.use(name_of(size))
    with CaptureQueriesContext(connection) as asked:
        html = page.see()
    return [
        duration(page.bare, size, page.rows, bare),
        duration(
            page.what, size, page.rows, ours, against=page.bare, others=bare, goal=page.slowest
        ),
        Row(f"{page.what}: queries", size, page.rows, len(asked), "queries", goal=page.queries),
        Row(f"{page.what}: HTML a row", size, page.rows, len(html) / page.rows, "bytes",
            goal=page.html),
    ]  # fmt: skip


def flat_in_visits(few: Page, many: Page, size: int, rounds: int) -> Row:
    """The same case, but for ten times as many visits."""
    measure.progress("measuring cases with few and with many visits")
    seconds = in_turns(
        {"few": partial(repeat, size, few.see), "many": partial(repeat, size, many.see)},
        rounds=rounds,
    )
    return duration(
        many.what,
        size,
        many.rows,
        [taken / VIEWS_A_TURN for taken in seconds["many"]],
        against="collaboration with 60 visits",
        others=[taken / VIEWS_A_TURN for taken in seconds["few"]],
        goal=at_most(1.2),
    )


def weight(page: Page) -> Row:
    """What a browser fetches beside the page, compressed as it travels."""
    addresses = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.see().decode())
    files = [finders.find(address) for address in addresses]
    size = sum(len(brotli.compress(Path(file).read_bytes())) for file in files if file)
    return Row("CSS and JS, compressed", None, len(files), size, "bytes", goal=at_most(40_000))


def repeat(size: int, see_page: Callable[[], bytes]) -> None:
    database.use(name_of(size))
    for _ in range(VIEWS_A_TURN):
        see_page()


def name_of(size: int) -> str:
    return f"cases_{size}"


if __name__ == "__main__":
    main()
