"""Which of the three colours somebody has marked a goal with, in whatever way they did it."""

import colorsys
import re
from functools import lru_cache

from organisations.swedish import fold
from plans.models import Level
from reports.reading.labels import plain_letters

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
    Level.ACHIEVED: (
        "uppnått", "uppnådd", "uppnådda", "uppnåtts", "uppfyllt", "grönt", "grön",
        "grönmarkerat", "ljusgrönt", "ljusgrön", "mörkgrönt", "mörkgrön", "achieved", "green", "🟢",
    ),
    Level.WELL_UNDER_WAY: (
        "på god väg", "gult", "gul", "gulmarkerat", "ljusgult", "ljusgul", "orange",
        "well under way", "yellow", "amber", "🟡", "🟠",
    ),
    Level.STARTED: (
        "påbörjat", "påbörjad", "påbörjats", "rött", "röd", "rödmarkerat", "ljusrött",
        "mörkrött", "started", "red", "🔴",
    ),
}  # fmt: skip
LEVEL_OF_WORD = {
    letters: level
    for level, words in WORDS.items()
    for word in words
    for letters in (word, plain_letters(word))
}
WORD_WITHIN = 60  # characters of either end
_ANY = "|".join(sorted(map(re.escape, LEVEL_OF_WORD), key=len, reverse=True))
_SEVERAL = rf"(?:{_ANY})(?:\s*[-–—/,=(]?\s*(?:{_ANY})\)?)*"
AT_START = re.compile(
    rf"^\W*?(?P<word>{_SEVERAL})(?:\s*[:.)\]–—-]+\s*|\s*$|\s*\n|(?<=[🟢🟡🟠🔴])\s*)",
    re.IGNORECASE,
)
AFTER_NUMBER = re.compile(
    rf"^(?P<goal>\W*mål\s*\d{{1,2}})\W{{1,3}}(?P<word>{_SEVERAL})(?:\s*[:.)\]–—-]+\s*|\s*$)",
    re.IGNORECASE,
)
AT_END = re.compile(
    rf"(?:\s*[(\[–—-]\s*(?P<word>{_SEVERAL})\s*[)\]]?|\s*(?P<sign>[🟢🟡🟠🔴]))\s*\.?$",
    re.IGNORECASE,
)
# Boxes to tick, as a content control or a symbol.
BOXES = "☐☒☑✓✔✅["
BOX = re.compile(rf"(?P<box>[{BOXES[:-1]}]|\[[ xX]?\])\s*(?P<words>[^{re.escape(BOXES)}]+)")
EMPTY_BOXES = ("☐", "[ ]", "[]")
HEX = re.compile("[0-9A-Fa-f]{6}")


def level_of_hex(value: str) -> Level | None:
    """By hue, so that every green is green; greys, black, blues and violets say nothing."""
    return _level_of_hue(value) if HEX.fullmatch(value) else None


@lru_cache(maxsize=256)
def _level_of_hue(value: str) -> Level | None:
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
    for found in (AT_START.search(first), AFTER_NUMBER.search(first), AT_END.search(text, last)):
        if found:
            groups = found.groupdict()
            words = re.findall(_ANY, groups["word"] or groups["sign"], re.IGNORECASE)
            levels = {LEVEL_OF_WORD[fold(word)] for word in words}
            if len(levels) == 1:
                goal, rest = groups.get("goal") or "", text[found.end() :].strip()
                before = f"{goal}: " if goal and rest else goal or text[: found.start()]
                return levels.pop(), (before + rest).strip()
    return None, text


def ticked(text: str) -> tuple[Level, str] | None:
    """The colour whose box is ticked at the end of a text, and what stands before the boxes."""
    if not any(box in text for box in BOXES):  # as in most texts
        return None
    boxes = list(BOX.finditer(text))
    words = [fold(each["words"]).strip(" .,;:/") for each in boxes]
    if len(boxes) < 2 or any(word not in LEVEL_OF_WORD for word in words):
        return None
    chosen = [
        LEVEL_OF_WORD[word]
        for each, word in zip(boxes, words, strict=True)
        if each["box"] not in EMPTY_BOXES
    ]
    return (chosen[0], text[: boxes[0].start()].strip()) if len(chosen) == 1 else None


NO_COLOUR = re.compile(r"^ännu ingen färg\s*(?::\s*|$)", re.IGNORECASE)


def is_only_a_word(text: str) -> bool:
    return fold(text).strip(" .:;()[]–-●■•") in LEVEL_OF_WORD


def is_only_a_sign(text: str) -> bool:
    """A dot or a square of a colour, with no words."""
    return bool(text.strip()) and not any(letter.isalnum() for letter in text)
