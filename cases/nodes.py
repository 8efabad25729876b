"""Case files as located texts, lists and mappings.

It is YAML with everything left out that surprises: every value is text, and anchors,
aliases, tags and repeated keys are refused. Each node knows the line it stands on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_BYTES = 1_000_000
MAX_DEPTH = 10
# The parser written in C, where the machine has it; both give the same events.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Node:
    """Lines and columns count from 1, as editors show them."""

    line: int
    column: int


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Sequence(Node):
    items: list[Node]


@dataclass(frozen=True)
class Mapping(Node):
    entries: list[tuple[Text, Node]] = field(default_factory=list)


START = Node(1, 1)


class Mistake(Exception):  # noqa: N818 - the editor's, not the program's
    """Something in a case file that cannot be right, and where it stands."""

    def __init__(self, node: Node, message: "StrOrPromise") -> None:
        self.node = node
        self.message = str(message)
        super().__init__(self.message)


def read_nodes(path: Path) -> Mapping:
    """The file as nodes. Raises Mistake when it cannot be read at all."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Mistake(START, _("The file is larger than a case file can be (1 MB)."))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Mistake(START, _("The file cannot be opened.")) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Mistake(Node(line, 1), _("Save the file as UTF-8: this cannot be read.")) from error
    return _whole_file(text)


def _whole_file(text: str) -> Mapping:
    try:
        events = yaml.parse(text, Loader=LOADER)
        content = [e for e in events if not isinstance(e, _FRAME)]
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, error) from error
    except yaml.YAMLError as error:
        raise Mistake(START, _("The file holds characters that are not text.")) from error
    if not content:
        raise Mistake(START, _("The file is empty."))
    rest = iter(content)
    whole = _node(rest, next(rest), depth=1)
    if another := next(rest, None):
        raise Mistake(_place(another), _("A case file holds one case: remove the line with ---."))
    if not isinstance(whole, Mapping):
        raise Mistake(whole, _("A case file begins with names such as collaboration: and story:."))
    return whole


_FRAME = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
)


def _not_yaml(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Mistake(START, _("The file is not written as YAML."))
    place = Node(mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    if mark.line < len(lines) and lines[mark.line].lstrip(" ").startswith("\t"):
        return Mistake(place, _("Indent with spaces: here is a tab."))
    return Mistake(
        place, _("The file is not written as YAML here: %(problem)s.") % {"problem": error.problem}
    )


def _place(event: Any) -> Node:
    return Node(event.start_mark.line + 1, event.start_mark.column + 1)


def _node(events: Iterator[Any], event: Any, *, depth: int) -> Node:
    place = _place(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise Mistake(place, _("References with & and * are not used in case files."))
    if event.tag:
        raise Mistake(place, _("Types with ! are not used in case files."))
    if depth > MAX_DEPTH:
        raise Mistake(place, _("This is nested too deeply."))
    if isinstance(event, yaml.ScalarEvent):
        return Text(place.line, place.column, event.value.strip())
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(events, inner, depth=depth + 1))
        return Sequence(place.line, place.column, items)
    return _mapping(events, place, depth)


def _mapping(events: Iterator[Any], place: Node, depth: int) -> Mapping:
    mapping = Mapping(place.line, place.column)
    seen: set[str] = set()
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(events, inner, depth=depth + 1)
        if not isinstance(key, Text):
            raise Mistake(key, _("A name must be a single word or line."))
        if key.value in seen:
            raise Mistake(key, _("%(name)s stands here twice.") % {"name": key.value})
        seen.add(key.value)
        mapping.entries.append((key, _node(events, next(events), depth=depth + 1)))
    return mapping
