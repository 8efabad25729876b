"""What is different between two versions of a text, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]
# Comparing may cost the product of both lengths; longer texts are shown as wholly rewritten.
COMPARED_AT_MOST = 10_000 * 10_000  # words, of two texts of some 60,000 characters


@dataclass(frozen=True)
class Piece:
    """A stretch of text that only the old version has, only the new one, or both."""

    kind: Kind
    text: str


def word_difference(old: str, new: str) -> list[Piece]:
    """The pieces, in order: those not added make up ``old``, those not removed ``new``."""
    return list(_joined(_pieces(_words(old), _words(new))))


def line_difference(old: str, new: str) -> list[Piece]:
    """As ``word_difference`` for lists: a line is kept, taken away or new as a whole."""
    before, after = ([f"{line}\n" for line in text.splitlines()] for text in (old, new))
    return list(_joined(_compared(before, after)))


def _words(text: str) -> list[str]:
    """Each with the white space before it: two strange texts do not meet in their spaces."""
    return re.findall(r"\s*\S+|\s+$", text)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Strips what begins and ends alike, which is most of it, and compares the rest."""
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    old_end, new_end = len(old) - last, len(new) - last
    yield Piece("same", "".join(old[:first]))
    yield from _compared(old[first:old_end], new[first:new_end])
    yield Piece("same", "".join(old[old_end:]))


def _alike(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) * len(new) > COMPARED_AT_MOST:
        yield Piece("removed", "".join(old))
        yield Piece("added", "".join(new))
        return
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("removed", "".join(old[a:b]))
            yield Piece("added", "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and with neighbours of a kind as one."""
    last = Piece("same", "")
    for piece in pieces:
        if piece.kind == last.kind:
            last = Piece(piece.kind, last.text + piece.text)
        elif piece.text:
            if last.text:
                yield last
            last = piece
    if last.text:
        yield last
