"""How likely a paragraph repeats a goal."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from organisations.swedish import fold

GOAL_NUMBER = re.compile(r"^\W*(?:mål\s*)?(?P<number>\d{1,2})\s*[:.)–-]\s*", re.IGNORECASE)
SAME_GOAL = 0.6
SHORTEST_BEGINNING = 12  # letters of a goal that may begin a longer paragraph
COMPARED_BY_LETTERS = 300
FIRST_WORDS = 40
COMPARED_AT_MOST = 20_000_000  # letters by letters: some seconds


def without_number(text: str) -> str:
    number = GOAL_NUMBER.match(text)
    return (text[number.end() :].strip() if number else "") or text.strip()


@lru_cache(maxsize=256)
def _comparable(text: str) -> str:
    return fold(without_number(text)).strip(" .")


@lru_cache(maxsize=256)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """The first words of a long text, each with the one that follows it."""
    words = text[: FIRST_WORDS * 12].split()[:FIRST_WORDS]
    return frozenset(pairwise(words))


class Likeness:
    """How likely a paragraph repeats a goal: word for word, or as the beginning of more.

    Long texts are compared by the words that they begin with. Comparing letters costs the product
    of both lengths; a file gets so much of it and no more, and then only the same words are the
    same.
    """

    def __init__(self) -> None:
        self.left = COMPARED_AT_MOST

    def __call__(self, goal: str, text: str) -> float:
        if not goal or not text:
            return 0
        known, said = _comparable(goal), _comparable(text)
        if not known or not said:
            return 0
        if known == said:
            return 1
        if len(known) > SHORTEST_BEGINNING and said.startswith(known):
            return 0.9
        shorter, longer = sorted((len(known), len(said)))
        if 2 * shorter / (shorter + longer) < SAME_GOAL:
            return 0
        if longer > COMPARED_BY_LETTERS:
            one, other = _pairs(known), _pairs(said)
            return 2 * len(one & other) / ((len(one) + len(other)) or 1)
        if self.left <= 0:
            return 0
        self.left -= len(known) * len(said)
        matcher = SequenceMatcher(None, known, said, autojunk=False)
        if matcher.quick_ratio() < SAME_GOAL:
            return 0
        return matcher.ratio()
