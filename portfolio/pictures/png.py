"""A picture as PNG for documents: drawn by resvg with a font of its own, in the light colours.

How shapes look stands once, in the style sheet of the pages: its rules for ``.drawn__…`` are taken
from there, with the colours that they name.
"""

import re
from functools import cache
from math import isqrt
from pathlib import Path

import resvg_py
from django.conf import settings

from portfolio.pictures.text import FONT

TOKEN = re.compile(r"(--[\w-]+):\s*(?:light-dark\()?([^;,]+)[^;]*;")
SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
RULE = re.compile(r"^ *(\.drawn__[^{]+\{[^}]*\})", re.MULTILINE)
# Of four bytes each while they are drawn.
MOST_PIXELS = 16_000_000
# The font file has one weight: its strokes are thickened where the pages write bold.
BOLD = """
.drawn__strong { stroke: var(--ink); stroke-width: 0.5px; }
.drawn__name { stroke: var(--accent); stroke-width: 0.5px; }
"""


def as_png(svg: str, *, width: int) -> bytes:
    """``width`` in pixels, less where the picture is very long; the height follows."""
    styled = svg.replace("<desc", f"<style>{_style()}</style><desc", 1)
    return resvg_py.svg_to_bytes(
        svg_string=styled,
        width=min(width, _affordable_width(svg)),
        background="white",
        skip_system_fonts=True,
        font_files=[FONT],
        font_family="DejaVu Sans",
    )


def _affordable_width(svg: str) -> int:
    size = SIZE.search(svg)
    assert size, "our template says the size of every picture"
    width, height = map(int, size.groups())
    return isqrt(MOST_PIXELS * width // height)


@cache
def _style() -> str:
    sheet = Path(settings.BASE_DIR, "static", "css", "trepart.css").read_text()
    colours = dict(TOKEN.findall(sheet.partition("@layer base")[0]))
    rules = "".join(RULE.findall(sheet))
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], rules + BOLD)
