"""The little that a text in a report may hold beside words: a strict subset of Markdown.

Paragraphs, lists, bold, italic and links. It is stored as people write it, shown as pages and
Word show it, and read back from Word as the same text. There is no way to HTML but through here.

    An empty line ends a paragraph.        - or 1. begins an item of a list.
    **bold**, *italic*                     [words](https://address)
    A backslash before * [ ] - or \\ makes it a plain character.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["paragraph", "bullet", "number"]


@dataclass(frozen=True)
class Run:
    """Words of one look; a line break inside a paragraph is a new line in ``text``."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""

    def looks_like(self, other: "Run") -> bool:
        return replace(self, text="") == replace(other, text="")


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list."""

    style: Style
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def grouped(blocks: Iterable[Block]) -> list[tuple[Style, list[Block]]]:
    """Paragraphs one by one, and the items of a list together, as pages mark them up."""
    groups: list[tuple[Style, list[Block]]] = []
    for block in blocks:
        if groups and block.style != "paragraph" and groups[-1][0] == block.style:
            groups[-1][1].append(block)
        else:
            groups.append((block.style, [block]))
    return groups


ITEM = re.compile(r"(?P<bullet>[-•–] +)|(?P<number>\d{1,3}[.)] +)")
ADDRESS = r"https?://[^\s<>\"()\\]+"
TOKEN = re.compile(
    rf"""(?P<escaped>\\[\\*\[\]\-.•–)])
    | (?P<link>\[(?P<words>(?:\\.|[^\[\]\\\n])+)\]\((?P<address>{ADDRESS})\))
    | (?P<bare>{ADDRESS})
    | (?P<stars>\*{{1,3}})""",
    re.VERBOSE,
)
BOLD, ITALIC = "**", "*"


def read(text: str) -> list[Block]:
    """The blocks of a text; whatever is no markup of ours is words."""
    return [block for lines in _paragraphs(text) for block in _blocks(lines)]


def _paragraphs(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Lines that follow an item without an empty line between belong to it."""
    style: Style = "paragraph"
    held: list[str] = []
    for line in lines:
        if found := ITEM.match(line):
            if held:
                yield Block(style, tuple(_runs("\n".join(held))))
            style = "bullet" if found["bullet"] else "number"
            held = [line[found.end() :]]
        else:
            held.append(line)
    yield Block(style, tuple(_runs("\n".join(held))))


def _runs(text: str) -> list[Run]:
    """Bold and italic end with the block; a star that nothing closes is a star."""
    tokens = list(_tokens(text))
    for kind in (BOLD, ITALIC):
        _pair(tokens, kind)
    runs, look = [], Run("")
    for token in tokens:
        if token.toggles:
            bold, italic = token.kind == BOLD, token.kind == ITALIC
            look = replace(look, bold=look.bold ^ bold, italic=look.italic ^ italic)
        else:
            runs.append(replace(look, text=token.text, link=token.link))
    return _tidied(runs)


@dataclass
class _Token:
    """Words, perhaps a link; or stars that may open or close something."""

    text: str
    link: str = ""
    kind: str = ""
    opens: bool = False
    closes: bool = False
    toggles: bool = False


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    for match in TOKEN.finditer(text):
        if match.start() > at:
            yield _Token(text[at : match.start()])
        at = match.end()
        if match["escaped"]:
            yield _Token(match["escaped"][1])
        elif match["link"]:
            yield _Token(ESCAPED.sub(r"\1", match["words"]), match["address"])
        elif match["bare"]:
            address = match["bare"].rstrip(".,;:!?*")
            yield _Token(address, address)
            if rest := match["bare"][len(address) :]:
                yield from _tokens(rest)
        else:
            opens = not text[match.end() : match.end() + 1].isspace() and match.end() < len(text)
            closes = not text[match.start() - 1 : match.start()].isspace() and match.start() > 0
            for kind in {1: (ITALIC,), 2: (BOLD,), 3: (BOLD, ITALIC)}[len(match["stars"])]:
                yield _Token(kind, kind=kind, opens=opens, closes=closes)
    if at < len(text):
        yield _Token(text[at:])


def _pair(tokens: list[_Token], kind: str) -> None:
    """Every star that opens something and the next that closes it."""
    opened: _Token | None = None
    for token in tokens:
        if token.kind != kind:
            continue
        if opened is None:
            opened = token if token.opens else None
        elif token.closes:
            opened.toggles = token.toggles = True
            opened = None


def _tidied(runs: Iterable[Run]) -> list[Run]:
    """Neighbours that look alike are one, and no look begins or ends in white space."""
    return _joined(piece for run in _joined(runs) for piece in _without_outer_space(run))


def _without_outer_space(run: Run) -> Iterator[Run]:
    inner = run.text.strip()
    if not inner or run == Run(run.text):
        yield Run(run.text)
        return
    before, _inner, after = run.text.partition(inner)
    yield from (Run(before), replace(run, text=inner), Run(after))


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if run.text and joined and not run.link and run.looks_like(joined[-1]):
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return joined


# --- back to text --------------------------------------------------------------------------

ESCAPED = re.compile(r"\\([\\*\[\]\-.•–)])")
NEEDS_ESCAPE = re.compile(r"\\(?=[\\*\[\]\-.•–)])|\\$|\*|[\[\]]")


def write(blocks: Iterable[Block]) -> str:
    """The text that ``read`` reads as these blocks; empty ones are left out."""
    lines: list[str] = []
    number, before = 0, ""
    for block in blocks:
        words = _written(_tidied(_in_lines(block.runs)))
        if not words.strip():
            continue
        number = number + 1 if block.style == "number" else 0
        mark = {"paragraph": "", "bullet": "- ", "number": f"{number}. "}[block.style]
        if lines and (block.style == "paragraph" or before == "paragraph"):
            lines.append("")
        lines.append(mark + words)
        before = block.style
    return "\n".join(lines)


def _in_lines(runs: Iterable[Run]) -> Iterator[Run]:
    """Without empty lines, and without white space where a line begins or ends."""
    is_at_start, pending = True, ""
    for run in runs:
        text = re.sub(r"[^\S\n]*\n\s*", "\n", run.text)
        text = text.lstrip() if is_at_start else text
        bare = text.rstrip()
        space = text[len(bare) :]
        if bare:
            if pending and "\n" in pending + bare[:1]:
                pending = "\n"
                bare = bare.lstrip()
            if pending:
                yield Run(pending)
            yield replace(run, text=bare)
            is_at_start, pending = False, space
        else:
            pending += space
        if "\n" in pending:
            pending = "\n"


def _written(runs: list[Run]) -> str:
    said, look = "", Run("")
    for place, run in enumerate(runs):
        said += _stars(look, run)
        look = run
        if run.link:
            following = runs[place + 1].text if place + 1 < len(runs) else " "
            said += _link(run, before=said, after=following)
        else:
            said += _escaped(run.text)
    said += _stars(look, Run(""))
    return "\n".join(map(_no_item, said.split("\n")))


def _stars(before: Run, after: Run) -> str:
    return BOLD * (before.bold ^ after.bold) + ITALIC * (before.italic ^ after.italic)


def _link(run: Run, *, before: str, after: str) -> str:
    stands_alone = run.text == run.link and (not before or before[-1].isspace())
    if stands_alone and after[0].isspace():
        return run.link
    words = re.sub(r"([\\*\[\]])", r"\\\1", run.text.replace("\n", " "))
    return f"[{words}]({run.link})"


def _escaped(text: str) -> str:
    return NEEDS_ESCAPE.sub(lambda found: f"\\{found[0]}", text)


def _no_item(line: str) -> str:
    """A line of words that looks like an item of a list is made no item."""
    found = ITEM.match(line)
    if not found:
        return line
    mark = found[0].rstrip()
    return f"{mark[:-1]}\\{mark[-1]}{line[len(mark) :]}"


def plain(text: str) -> str:
    """The words alone, a line for each block, as they are compared and counted."""
    return "\n".join(block.text for block in read(text))


def as_list(lines: Iterable[str]) -> str:
    """An item for each text, whatever it holds."""
    return write(Block("bullet", (Run(" ".join(line.split())),)) for line in lines if line.strip())


def items(text: str) -> list[str]:
    """The words of each block: how a list is read again."""
    return [words for block in read(text) if (words := " ".join(block.text.split()))]
