"""Words in a picture: how wide they are, and how they are made to fit.

They are measured with the font that the PNG is drawn with. It is wider than those of the pages, so
that what fits here fits there too.
"""

import re
from functools import cache
from importlib.resources import files

from ziafont.font import Font

# A bare machine has no fonts: DejaVu Sans comes as a file of this package.
FONT = str(files("ziafont") / "fonts" / "DejaVuSans.ttf")
ELLIPSIS = "…"
# In ems: what the font lacks, such as emoji, is drawn by another one.
WIDTH_OF_UNKNOWN = 1.4
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(words: str) -> str:
    """One line without the signs that XML refuses."""
    return " ".join(NOT_IN_XML.sub("", words).split())


def width_of(words: str, size: int) -> float:
    return size * sum(map(_ems, words))


def shortened(words: str, width: float, size: int) -> str:
    """As much as fits on one line."""
    return wrapped(words, width, size, lines=1)[0]


def wrapped(words: str, width: float, size: int, *, lines: int) -> list[str]:
    """At most so many lines; the last one ends with an ellipsis where words are left out."""
    rest = clean(words)
    found: list[str] = []
    while rest and len(found) < lines:
        line = _first_line(rest, width, size)
        found.append(line)
        rest = rest[len(line) :].lstrip()
    if rest:
        found[-1] = _fitting(found[-1], width - width_of(ELLIPSIS, size), size) + ELLIPSIS
    return found or [""]


def _first_line(words: str, width: float, size: int) -> str:
    """Broken between words, or within one that is wider than the line."""
    line = _fitting(words, width, size)
    if len(line) == len(words) or words[len(line)] == " " or " " not in line:
        return line.rstrip()
    return line.rpartition(" ")[0]


def _fitting(words: str, width: float, size: int) -> str:
    """As many signs as fit, but at least one, so that wrapping comes to an end."""
    used = 0.0
    for place, sign in enumerate(words):
        used += size * _ems(sign)
        if used > width and place:
            return words[:place]
    return words


@cache
def _ems(sign: str) -> float:
    glyph = _font().glyphindex(sign)
    if not glyph:
        return WIDTH_OF_UNKNOWN
    return _font().advance(glyph, None) / _font().info.layout.unitsperem


@cache
def _font() -> Font:
    return Font(FONT)
