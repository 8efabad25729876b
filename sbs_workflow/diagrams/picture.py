"""A machine as a picture: the main way in the middle, returns on its left, exits on its right.

Written for a phone: nothing is wider than 360 units, of which one is a pixel there. Every step
that does not lead from one box of the middle to the next has a number, which the list below names.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sbs_workflow.diagrams.arrows import Arrow, arrows
from sbs_workflow.models import WorkflowModel

WIDTH = 360
MIDDLE, MIDDLE_WIDTH = 52, 180
ASIDE, ASIDE_WIDTH = 258, 100
LINE = 15
PADDING = 10
# How many letters go on a line of each column.
MIDDLE_LETTERS, GAP_LETTERS, ASIDE_LETTERS, LIST_LETTERS = 26, 24, 13, 50


class Text(NamedTuple):
    x: int
    y: int
    words: str
    kind: str


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int
    kind: str

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


class Line(NamedTuple):
    path: str
    kind: str
    points: bool


class Step(NamedTuple):
    """All arrows of one name: what the picture calls one step."""

    name: str
    label: str
    who: str
    arrows: list[Arrow]


@dataclass
class Picture:
    """What the template draws; positions are whole units, so that no language writes a comma."""

    slug: str
    title: str
    description: str
    width: int = WIDTH
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def svg(machine: type[WorkflowModel]) -> SafeString:
    """The machine in the reader's language, as markup of its own."""
    return render_to_string("sbs_workflow/diagram.svg", {"picture": _Drawing(machine).picture()})


def _steps_of(machine: type[WorkflowModel]) -> list[Step]:
    by_name: dict[str, list[Arrow]] = {}
    for arrow in arrows(machine):
        by_name.setdefault(arrow.name, []).append(arrow)
    return [
        Step(name, str(found[0].step.label), _who(found), found) for name, found in by_name.items()
    ]


def _who(found: Iterable[Arrow]) -> str:
    roles = dict.fromkeys(str(role.label) for arrow in found for role in arrow.roles)
    return ", ".join(roles) or _("By itself")


def _wrapped(words: str, letters: int) -> list[str]:
    return textwrap.wrap(words, letters, break_on_hyphens=False)


def _main_way(machine: type[WorkflowModel]) -> list[str]:
    """From the first state along the first step that leads on, those with a button first."""
    way = [machine.first_state()]
    while True:
        onwards = [
            arrow
            for arrow in arrows(machine)
            if arrow.source == way[-1] and arrow.target not in way and not arrow.step.is_exit
        ]
        if not onwards:
            return way
        way.append(min(onwards, key=lambda arrow: not arrow.step.offered).target)


class _Drawing:
    """Places boxes first, then the lines between them, then the list of numbered steps."""

    def __init__(self, machine: type[WorkflowModel]) -> None:
        self.labels = machine.state_labels()
        self.steps = _steps_of(machine)
        self.way = _main_way(machine)
        self.next_on_way = set(zip(self.way, self.way[1:], strict=False))
        aside = [
            step
            for step in self.steps
            if {(a.source, a.target) for a in step.arrows} - self.next_on_way
        ]
        self.numbers = {step.name: number for number, step in enumerate(aside, 1)}
        self.places: dict[str, Box] = {}
        name = str(machine._meta.verbose_name)
        self.drawn = Picture(
            slug=machine.machine_slug,
            title=name[:1].upper() + name[1:],
            description=" ".join(self._sentence(step) for step in self.steps),
        )

    def picture(self) -> Picture:
        bottom = max(self._draw_main_way(), self._draw_asides())
        self._draw_returns()
        self._draw_exits()
        self.drawn.height = self._draw_list(bottom + 2 * LINE)
        return self.drawn

    def _sentence(self, step: Step) -> str:
        return f"{step.label}: {self._from_to(step)} ({step.who})."

    def _from_to(self, step: Step) -> str:
        def named(states: Iterable[str]) -> str:
            wanted = set(states)
            return ", ".join(label for state, label in self.labels.items() if state in wanted)

        sources = named(arrow.source for arrow in step.arrows)
        targets = named(arrow.target for arrow in step.arrows)
        return f"{sources} → {targets}"

    # --- boxes -----------------------------------------------------------------------------

    def _draw_main_way(self) -> int:
        y = 4
        for state, following in zip(self.way, [*self.way[1:], None], strict=True):
            box = self._box(state, MIDDLE, y, MIDDLE_WIDTH, MIDDLE_LETTERS, "middle")
            y = box.y + box.height
            if following is not None:
                y = self._draw_gap(y, state, following)
        return y

    def _draw_gap(self, top: int, state: str, following: str) -> int:
        """The arrow to the next box of the middle, and beside it which steps lead there."""
        x, y = MIDDLE + 28, top + 4
        for step in self.steps:
            if not any((a.source, a.target) == (state, following) for a in step.arrows):
                continue
            for words, kind in ((step.label, "step"), (step.who, "who")):
                for line in _wrapped(words, GAP_LETTERS):
                    y += LINE
                    self.drawn.texts.append(Text(x, y, line, kind))
            y += 5
        bottom = y + 8
        self.drawn.lines.append(Line(f"M{MIDDLE + 14},{top} V{bottom}", "onwards", points=True))
        return bottom

    def _draw_asides(self) -> int:
        """The other states, each beside those that it is reached from, none on top of another."""
        bottom = 4
        beside = [state for state in self.labels if state not in self.way]
        for state in sorted(beside, key=self._reached_at):
            height = self._height(state, ASIDE_LETTERS, with_numbers=True)
            y = max(bottom, self._reached_at(state) - height // 2)
            box = self._box(state, ASIDE, y, ASIDE_WIDTH, ASIDE_LETTERS, "aside")
            bottom = box.y + box.height + PADDING
        return bottom

    def _reached_at(self, state: str) -> int:
        """The height in the middle of the states it is reached from, later ones counting too."""
        heights = [
            self.places[arrow.source].middle
            for step in self.steps
            for arrow in step.arrows
            if arrow.target == state and arrow.source in self.way
        ]
        return sum(heights) // len(heights) if heights else 0

    def _height(self, state: str, letters: int, *, with_numbers: bool) -> int:
        lines = len(_wrapped(self.labels[state], letters)) + int(with_numbers)
        return lines * LINE + PADDING

    def _box(self, state: str, x: int, y: int, width: int, letters: int, kind: str) -> Box:
        numbers = self._numbers_into(state) if kind == "aside" else ""
        height = self._height(state, letters, with_numbers=bool(numbers))
        box = self.places[state] = Box(x, y, width, height, kind)
        self.drawn.boxes.append(box)
        words = [(line, "state") for line in _wrapped(self.labels[state], letters)]
        if numbers:
            words.append((numbers, "numbers"))
        for row, (line, text_kind) in enumerate(words, 1):
            self.drawn.texts.append(Text(x + width // 2, y + row * LINE + 1, line, text_kind))
        return box

    def _numbers_into(self, state: str) -> str:
        steps = [s for s in self.steps if any(a.target == state for a in s.arrows)]
        return ", ".join(
            str(self.numbers[step.name]) for step in steps if step.name in self.numbers
        )

    # --- lines -----------------------------------------------------------------------------

    def _draw_returns(self) -> None:
        """Steps within the middle that do not lead to the next box: curves on the left."""
        curves: dict[tuple[str, str], list[int]] = {}
        for step in self.steps:
            for pair in dict.fromkeys((a.source, a.target) for a in step.arrows):
                if set(pair) <= set(self.way) and pair not in self.next_on_way:
                    curves.setdefault(pair, []).append(self.numbers[step.name])
        for (source, target), numbers in curves.items():
            self._draw_curve(self.places[source], self.places[target], numbers)

    def _draw_curve(self, source: Box, target: Box, numbers: list[int]) -> None:
        is_loop = source == target
        start, end = source.middle - 5, target.middle + 5
        if is_loop:
            start, end = source.middle + 7, source.middle - 7
        boxes_between = abs(self._row(source) - self._row(target))
        reach = min(24 + 14 * boxes_between, 58)
        x = MIDDLE - reach
        self.drawn.lines.append(
            Line(f"M{MIDDLE},{start} C{x},{start} {x},{end} {MIDDLE},{end}", "return", points=True)
        )
        label = ", ".join(map(str, numbers))
        self.drawn.texts.append(
            Text(MIDDLE - reach * 3 // 4, (start + end) // 2 + 4, label, "number")
        )

    def _row(self, box: Box) -> int:
        return list(self.places.values()).index(box)

    def _draw_exits(self) -> None:
        """From the middle to the states beside it and back: one bracket for each such state."""
        beside = [state for state in self.places if state not in self.way]
        for place, state in enumerate(beside):
            box = self.places[state]
            pairs = {(a.source, a.target) for step in self.steps for a in step.arrows}
            into = [s for s in self.way if (s, state) in pairs]
            back = [s for s in self.way if (state, s) in pairs]
            rail = MIDDLE + MIDDLE_WIDTH + 7 + 4 * (place % 4)
            ticks = [(self.places[s].middle + 3 * (place % 4) - 4, s) for s in {*into, *back}]
            for y, source in ticks:
                edge = MIDDLE + MIDDLE_WIDTH
                self.drawn.lines.append(Line(f"M{rail},{y} H{edge}", "exit", points=source in back))
            heights = [y for y, _source in ticks] + [box.middle]
            self.drawn.lines.append(
                Line(f"M{rail},{min(heights)} V{max(heights)}", "exit", points=False)
            )
            self.drawn.lines.append(
                Line(f"M{rail},{box.middle} H{ASIDE}", "exit", points=bool(into))
            )

    # --- the list --------------------------------------------------------------------------

    def _draw_list(self, y: int) -> int:
        for step in self.steps:
            if step.name not in self.numbers:
                continue
            self.drawn.texts.append(Text(18, y, str(self.numbers[step.name]), "number"))
            for words, kind in (
                (step.label, "step"), (step.who, "who"), (self._from_to(step), "who")
            ):  # fmt: skip
                for line in _wrapped(words, LIST_LETTERS):
                    self.drawn.texts.append(Text(34, y, line, kind))
                    y += LINE
            y += 7
        return y
