"""The red thread of one unit: problem, cause, goal, insats and rating, from left to right.

Each thing stands once in full, beside the first one that leads to it, and curves show other ways
there. From another problem a short pointer leads to it, lest curves run across the whole page.
What the thread lacks is drawn too, as a loose end with a word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolio.pictures.drawing import (
    NORMAL,
    SMALL,
    Branch,
    Part,
    Picture,
    Shape,
    Text,
    box,
    empty_picture,
)
from portfolio.pictures.levels import LEVELS, level_mark
from portfolio.pictures.text import clean, shortened, wrapped

PROBLEM, CAUSE, GOAL, INTERVENTION, RATING = range(5)
COLUMN, BETWEEN, TOP, GAP, LINE = 196, 34, 40, 14, 17
INSET, LINES = 12, 5


@dataclass(frozen=True)
class ThreadNode:
    """``level`` is a key of LEVELS, for ratings only; its word is then drawn too.

    ``number`` is the bare number, or nothing for what has none.
    """

    key: str
    number: str
    text: str
    url: str
    level: str = ""


@dataclass(frozen=True)
class Thread:
    """``links`` lead from key to key, always to a later column; a rating hangs on its goal."""

    problems: tuple[ThreadNode, ...] = ()
    causes: tuple[ThreadNode, ...] = ()
    goals: tuple[ThreadNode, ...] = ()
    interventions: tuple[ThreadNode, ...] = ()
    ratings: tuple[ThreadNode, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[tuple[ThreadNode, ...], ...]:
        return (self.problems, self.causes, self.goals, self.interventions, self.ratings)


def red_thread(thread: Thread, *, unit: str, slug: str = "thread") -> Picture:
    title = clean(_("The red thread of %(unit)s") % {"unit": unit})
    roots = tuple(_Tree(thread).roots())
    if not roots:
        empty = _("No problem is described yet.")
        return empty_picture(slug=slug, kind="thread", title=title, description=empty)
    drawing = _Drawing()
    bottom = drawing.place_all(roots)
    return Picture(
        slug,
        "thread",
        title,
        _("From each problem to its causes, goals, insatser and ratings."),
        _left(RATING) + COLUMN + 2,
        bottom + GAP,
        (*drawing.headings(), *drawing.curves, *drawing.nodes),
        branches=roots,
    )


# --- what follows from what ------------------------------------------------------------


class _Tree:
    def __init__(self, thread: Thread) -> None:
        self.columns = thread.columns
        self.nodes = {node.key: node for nodes in self.columns for node in nodes}
        self.column_of = {
            node.key: column for column, nodes in enumerate(self.columns) for node in nodes
        }
        self.after: dict[str, list[str]] = {key: [] for key in self.nodes}
        links = self._understood(thread.links)
        for key, following in sorted(links, key=lambda link: self.column_of[link[1]]):
            self.after[key].append(following)
        self.seen: set[str] = set()

    def _understood(self, links: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those that lead onward, but none past the causes to a goal that answers one of them."""
        onward = [
            (key, following)
            for key, following in dict.fromkeys(links)
            if self.column_of.get(key, RATING) < self.column_of.get(following, PROBLEM)
        ]
        answering = {following for key, following in onward if self.column_of[key] == CAUSE}
        return [
            (key, following)
            for key, following in onward
            if not self._passes_causes(key, following) or following not in answering
        ]

    def _passes_causes(self, key: str, following: str) -> bool:
        return (self.column_of[key], self.column_of[following]) == (PROBLEM, GOAL)

    def roots(self) -> Iterator[Branch]:
        """The problems, and after them whatever nothing leads to."""
        reached = {following for keys in self.after.values() for following in keys}
        for column, nodes in enumerate(self.columns):
            for node in nodes:
                if node.key not in reached:
                    yield self._with_what_is_missing_before(column, self._grown(node.key))

    def _with_what_is_missing_before(self, column: int, branch: Branch) -> Branch:
        missing = {
            CAUSE: _("Belongs to no problem"),
            GOAL: _("Answers no cause"),
            INTERVENTION: _("Serves no goal"),
        }
        if column not in missing:
            return branch
        return Branch(column - 1, missing[column], children=(branch,))

    def _grown(self, key: str) -> Branch:
        node, column = self.nodes[key], self.column_of[key]
        is_repeated = key in self.seen
        self.seen.add(key)
        children: list[Branch] = []
        if not is_repeated:
            children = [*self._loose_ends(key)]
            for following in self.after[key]:
                child = self._grown(following)
                if self._passes_causes(key, following):
                    child = self._with_what_is_missing_before(GOAL, child)
                children.append(child)
        return Branch(
            column,
            clean(node.text),
            key=key,
            name=clean(f"{_headings()[column]} {node.number}"),
            url=node.url,
            level=node.level,
            level_word=str(LEVELS[node.level][0]) if node.level else "",
            is_repeated=is_repeated,
            children=tuple(sorted(children, key=lambda child: child.column)),
        )

    def _loose_ends(self, key: str) -> Iterator[Branch]:
        column = self.column_of[key]
        follow = {self.column_of[each] for each in self.after[key]}
        missing = {PROBLEM: _("No cause yet"), CAUSE: _("No goal yet"), GOAL: _("No insats yet")}
        follow |= {CAUSE} if column == PROBLEM and GOAL in follow else set()
        if column in missing and column + 1 not in follow:
            yield Branch(column + 1, missing[column])
        if column == GOAL and not self._is_rated(key):
            yield Branch(RATING, _("Not rated yet"))

    def _is_rated(self, key: str) -> bool:
        """Itself, or by what is done for it."""
        ahead = [*self.after[key], *(far for near in self.after[key] for far in self.after[near])]
        return any(self.column_of[each] == RATING for each in ahead)


# --- where it stands -------------------------------------------------------------------


class _Drawing:
    """A branch has a band of the page to itself, so that nothing ever stands on anything else."""

    def __init__(self) -> None:
        self.free_from = [TOP] * 5
        self.places: dict[str, tuple[int, int]] = {}
        self.curves: list[Part] = []
        self.nodes: list[Part] = []

    def place_all(self, roots: Iterable[Branch]) -> int:
        bottom = TOP - 2 * GAP
        for root in roots:
            self.places = {}
            bottom = self._place(root, bottom + 2 * GAP)
        return bottom

    def _place(self, branch: Branch, floor: int) -> int:
        """No higher than ``floor``, and beside it what follows; gives where it all ends."""
        y = max(floor, self.free_from[branch.column])
        bottom = y + self._draw_node(branch, y)
        self.free_from[branch.column] = bottom + GAP
        self.places[branch.key] = start = (branch.column, y)
        floors: dict[int, int] = {}
        for child in branch.children:
            is_loose = branch.is_loose or child.is_loose
            if child.key not in self.places or is_loose:
                child_y = max(floors.get(child.column, y), self.free_from[child.column])
                end = self._place(child, child_y)
                floors[child.column] = end + GAP
                bottom = max(bottom, end)
                self._draw_curve(start, (child.column, child_y), is_loose=is_loose)
            else:
                self._draw_curve(start, self.places[child.key], is_loose=is_loose)
        return bottom

    def _draw_curve(self, start: tuple[int, int], end: tuple[int, int], *, is_loose: bool) -> None:
        """Along the first line of words of both, past a column behind what stands there."""
        (column, y), (to_column, to_y) = start, end
        x, bend, to_x = _left(column) + COLUMN, _left(to_column) - BETWEEN, _left(to_column)
        middle, y, to_y = (bend + to_x) // 2, y + LINE, to_y + LINE
        path = f"M{x},{y}H{bend}C{middle},{y} {middle},{to_y} {to_x},{to_y}"
        self.curves.append(Part((Shape(path, "loose-curve" if is_loose else "curve"),)))

    def _draw_node(self, branch: Branch, y: int) -> int:
        """Name, level and words below each other; gives the height."""
        x, room, line = _left(branch.column) + INSET, COLUMN - 2 * INSET, y + 6
        mark: tuple[Shape, ...] = ()
        texts = []
        if branch.name:
            line += LINE
            texts.append(Text(x, line - 2, shortened(branch.name, room, SMALL), "name"))
        if branch.level:
            line += LINE
            mark = level_mark(branch.level, x + 6, line - 5)
            word = shortened(branch.level_word, room - 20, NORMAL)
            texts.append(Text(x + 20, line, word, "strong", NORMAL))
        words = _("(see above)") if branch.is_repeated else branch.words
        for row in wrapped(words, room, NORMAL, lines=LINES) if words else ():
            line += LINE
            kind = "soft" if branch.is_loose or branch.is_repeated else "words"
            texts.append(Text(x, line, row, kind, NORMAL))
        height = line + 10 - y
        shape = box(_left(branch.column), y, COLUMN, height)
        kind = "loose" if branch.is_loose else "node"
        whole = " ".join(filter(None, (branch.name, branch.level_word, branch.words)))
        self.nodes.append(Part((Shape(shape, kind), *mark), tuple(texts), whole, branch.url))
        return height

    def headings(self) -> Iterator[Part]:
        for column, heading in enumerate(_headings()):
            yield Part(texts=(Text(_left(column), 22, heading, "strong", NORMAL),))


def _headings() -> tuple[str, ...]:
    return (_("Problem"), _("Cause"), _("Goal"), _("Insats"), _("Rating"))


def _left(column: int) -> int:
    return 1 + column * (COLUMN + BETWEEN)
