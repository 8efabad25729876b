"""Case files as located texts, lists and mappings.

It is YAML with everything left out that surprises: every value is text, and anchors,
aliases, tags and repeated keys are refused. Each node knows the line it stands on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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


# What YAML takes for text; with anything else no editor wrote the file.
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _whole_file(text: str) -> Mapping:
    if found := _NOT_TEXT.search(text):
        before = text[: found.start()]
        place = Node(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        raise Mistake(place, _("The file holds characters that are not text."))
    try:
        return _one_case(e for e in yaml.parse(text, Loader=LOADER) if not isinstance(e, _FRAME))
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, error) from error


def _one_case(content: Iterator[Any]) -> Mapping:
    """Read as far as it is right: what is nested without end would take the parser minutes."""
    first = next(content, None)
    if first is None:
        raise Mistake(START, _("The file is empty."))
    whole = _node(content, first, depth=1)
    if another := next(content, None):
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

# What the parser says, by a part of it, and what somebody who has never met YAML can do about it.
_UNCLOSED = "unexpected end of stream"
_IN_PLAIN_WORDS = {
    _UNCLOSED: gettext_noop("The quotation mark that stands here is never closed."),
    "mapping values are not allowed": gettext_noop(
        "A colon with a space after it ends a name. Put the whole text in double quotes, or on a "
        "line of its own after >-."
    ),
    "cannot start any token": gettext_noop(
        "A text cannot begin with this sign. Put the whole text in double quotes."
    ),
    "expected": gettext_noop(
        "This does not fit what stands above it: look at the indentation and the quotation marks."
    ),
}

_ODD_INDENTATION = re.compile(r" *([\t\u00a0])")
_INSTEAD_OF_SPACES = {
    "\t": gettext_noop("Indent with spaces: here is a tab."),
    "\u00a0": gettext_noop("Indent with ordinary spaces: here is a non-breaking one."),
}


def _not_yaml(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    problem = error.problem or ""
    is_unclosed = _UNCLOSED in problem
    mark = (error.context_mark if is_unclosed else None) or error.problem_mark
    if mark is None:
        return Mistake(START, _("The file is not written as YAML."))
    place = Node(mark.line + 1, mark.column + 1)
    for number, line in reversed(list(enumerate(text.split("\n")[: place.line], start=1))):
        if found := _ODD_INDENTATION.match(line):
            return Mistake(Node(number, found.end()), _(_INSTEAD_OF_SPACES[found[1]]))
    for part, plain_words in _IN_PLAIN_WORDS.items():
        if part in problem:
            return Mistake(place, _(plain_words))
    return Mistake(
        place, _("The file is not written as YAML here: %(problem)s.") % {"problem": problem}
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
