"""The characters that a PDF can show, since the standards want each one drawn by a font in it.

Source Sans 3 has Latin, Greek and Cyrillic; DejaVu Sans adds Arabic, Hebrew and many signs.
"""

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from struct import iter_unpack, unpack_from


def _folder_of(package: str) -> Path:
    """Where it lies, without loading what it does with its fonts."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


FOLDERS = (
    str(_folder_of("fontpkg_source_sans_3") / "files"),
    str(_folder_of("ziafont") / "fonts"),
)
UPRIGHT = (
    Path(FOLDERS[0]) / "SourceSans3[wght].ttf",
    Path(FOLDERS[1]) / "DejaVuSans.ttf",
)
# Stands for a character that neither font has.
UNKNOWN = "□"
# PDF/A has no string longer than 32,767 bytes, and a word is one string.
ENDLESS = re.compile(r"\S{4000}")
# Where words may be divided, and how letters join: without a shape, but not without a meaning.
JOINERS = frozenset("\u00ad\u200c\u200d")


def shown(text: str) -> str:
    """``text`` with a sign for each character that cannot be drawn, and with words that end."""
    if strange := set(text) - drawn():
        text = text.translate({ord(each): _instead_of(each) for each in strange})
    return ENDLESS.sub(r"\g<0> ", text)


@cache
def drawn() -> frozenset[str]:
    """Every character that a text may keep, and the line break."""
    known = {chr(code) for font in UPRIGHT for code in _characters_of(font.read_bytes())}
    without_shape = {each for each in known if unicodedata.category(each)[0] in "CZ"}
    return frozenset(known - without_shape | JOINERS | {"\n", " ", "\u00a0"})


def _instead_of(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\t" or category[0] == "Z":
        return " "
    if category in ("Cc", "Cf", "Cs") or _is_none(character):
        return ""
    return UNKNOWN


def _is_none(character: str) -> bool:
    """The code points that Unicode promises never to make a character of."""
    return "\ufdd0" <= character <= "\ufdef" or ord(character) & 0xFFFE == 0xFFFE


def _characters_of(font: bytes) -> list[int]:
    """The code points of a font file: its ``cmap`` of format 12 (OpenType, ISO/IEC 14496-22)."""
    [tables] = unpack_from(">H", font, 4)
    offsets = {tag: at for tag, _sum, at, _size in iter_unpack(">4sIII", font[12:][: 16 * tables])}
    cmap = font[offsets[b"cmap"] :]
    [maps] = unpack_from(">H", cmap, 2)
    for _platform, _encoding, at in iter_unpack(">HHI", cmap[4:][: 8 * maps]):
        if unpack_from(">H", cmap, at) == (12,):
            [groups] = unpack_from(">I", cmap, at + 12)
            ranges = iter_unpack(">III", cmap[at + 16 :][: 12 * groups])
            return [code for first, last, _glyph in ranges for code in range(first, last + 1)]
    raise ValueError("The font has no map of format 12.")
