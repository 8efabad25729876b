"""Which of the three colours somebody has marked a goal with, in whatever way they did it."""

import colorsys
import re

from organisations.swedish import fold
from plans.models import Level

HIGHLIGHTS = {
    "green": Level.ACHIEVED,
    "darkGreen": Level.ACHIEVED,
    "yellow": Level.WELL_UNDER_WAY,
    "darkYellow": Level.WELL_UNDER_WAY,
    "red": Level.STARTED,
    "darkRed": Level.STARTED,
}
# The words of the form, those of our own file, and what people write instead of marking.
WORDS = {
    Level.ACHIEVED: ("uppnått", "uppnåtts", "uppnådd", "grönt", "grön"),
    Level.WELL_UNDER_WAY: ("på god väg", "gult", "gul"),
    Level.STARTED: ("påbörjat", "påbörjad", "rött", "röd"),
}
LEVEL_OF_WORD = {word: level for level, words in WORDS.items() for word in words}
WORD_WITHIN = 60  # characters of either end
_ANY = "|".join(sorted(map(re.escape, LEVEL_OF_WORD), key=len, reverse=True))
_SEVERAL = rf"(?:{_ANY})(?:\s*[-–—/,=(]?\s*(?:{_ANY})\)?)*"
AT_START = re.compile(rf"^\W*(?P<word>{_SEVERAL})\s*(?:[:.)\]–—-]+\s*|$)", re.IGNORECASE)
AT_END = re.compile(rf"\s*[(\[–—-]\s*(?P<word>{_SEVERAL})\s*[)\]]?\s*\.?$", re.IGNORECASE)


def level_of_hex(value: str) -> Level | None:
    """By hue, so that every green is green; greys, black, blues and violets say nothing."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", value):
        return None
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, saturation, brightness = colorsys.rgb_to_hsv(red, green, blue)
    degrees = hue * 360
    if saturation < 0.12 or brightness < 0.2:
        return None
    if degrees < 22 or degrees >= 335:
        return Level.STARTED
    if degrees < 67:
        return Level.WELL_UNDER_WAY
    return Level.ACHIEVED if degrees < 170 else None


def word_at_either_end(text: str) -> tuple[Level | None, str]:
    """The colour that a text begins or ends with as a word, and the text without it."""
    first, last = text[:WORD_WITHIN], max(0, len(text) - WORD_WITHIN)
    for found in (AT_START.search(first), AT_END.search(text, last)):
        if found:
            words = re.findall(_ANY, found["word"], re.IGNORECASE)
            levels = {LEVEL_OF_WORD[fold(word)] for word in words}
            if len(levels) == 1:
                return levels.pop(), (text[: found.start()] + text[found.end() :]).strip()
    return None, text


NO_COLOUR = re.compile(r"^ännu ingen färg\s*(?::\s*|$)", re.IGNORECASE)


def is_only_a_word(text: str) -> bool:
    return fold(text).strip(" .:;()[]–-●■•") in LEVEL_OF_WORD
