"""Swedish order and Swedish search, the same in every database (stack.md 2.3).

Neither SQLite nor PostgreSQL without ICU sorts å, ä and ö after z, and SQLite
folds case for ASCII only. So both keys are computed here and stored.
"""

import re
import unicodedata
from collections.abc import Iterable

_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "ö": "}"})


def fold(text: str) -> str:
    """``text`` as it is compared: composed, without case, white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def sort_key(text: str) -> str:
    """A key whose code point order is the Swedish alphabet's order."""
    return fold(text).translate(_AFTER_Z)


def search_text(parts: Iterable[str]) -> str:
    """What a search looks in: every part folded, one space between."""
    return " ".join(fold(part) for part in parts if part)


def search_words(query: str) -> list[str]:
    """The folded words a person typed; each must be found (at most eight, to bound the query)."""
    return re.findall(r"\S+", fold(query))[:8]
