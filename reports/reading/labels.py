"""Which question a label asks, also when somebody has changed its words a little."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from organisations.swedish import fold
from reports.blanks import shipped
from reports.models import ReportKind

LONGEST_LABEL = 400  # characters: longer is an answer
ALIKE = 0.72  # of difflib's ratio: a label with some words changed

NUMBER = r"^(\w\) ?)?(\d+[.)] ?)?\W*"
# What gives a question away, the most telling first: each of its signs must be there.
SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("deviations", (r"\bavsteg",)),
    ("follow_up", (r"\b(delaktig|medverkat|deltagit)", r"uppfölj|på vilket sätt|utvärder")),
    ("not_reached", (r"\bmål", r"\b(inte|ej|icke|ouppnådda)\b.*n(å|ått)")),
    ("improvements", (r"utsträckning|synliga förbättringar|grad av måluppfyllelse",)),
    (
        "expected_effects",
        (r"effekt", r"angiv|anget|angett|åtgärdsplan|förvänta|på (lång|kort) sikt"),
    ),
    ("observed_effects", (r"effekt", r"\b(se|ser|sett|märk|hittills|syns|uppnådda)")),
    ("lessons", (r"lärdom|lärt (oss|er)",)),
    ("participants", (r"namn på insats|insatsens namn|antal deltagare",)),
    ("causes", (NUMBER + r"(bakomliggande )?orsak",)),
    ("problems", (NUMBER + r"(identifierade )?(problem|utmaning)",)),
    ("goals", (NUMBER + r"mål(en|sättning|sättningar)?\b", r"åtgärdsplan|insats|mål\w*\W*$")),
)


@dataclass(frozen=True)
class Known:
    """A question and how sure it is: 1 word for word, lower by likeness."""

    field: str
    confidence: float


@cache
def known_labels() -> dict[str, str]:
    """The questions of every shipped form by their labels as they are compared."""
    return {
        comparable(label): question.id
        for kind in ReportKind
        for question in shipped(kind).questions
        for label in (question.label, question.preschool, question.short)
        if label and question.repeat != "area"
    }


def comparable(label: str) -> str:
    return " ".join(re.findall(r"\w+", fold(label)))


@lru_cache(maxsize=1024)
def question_of(label: str) -> Known | None:
    """The question that ``label`` asks; None where it asks none that a form knows."""
    if not label.strip() or len(label) > LONGEST_LABEL:
        return None
    words, labels = comparable(label), known_labels()
    if words in labels:
        return Known(labels[words], 1.0)
    folded = fold(label)
    for field, signs in SIGNS:
        if all(re.search(sign, folded) for sign in signs):
            return Known(field, max(0.8, _likeness(words, field)))
    ratios = {known: SequenceMatcher(None, words, known).ratio() for known in labels}
    best = max(ratios, key=lambda known: ratios[known])
    return Known(labels[best], round(ratios[best], 2)) if ratios[best] >= ALIKE else None


def _likeness(words: str, field: str) -> float:
    ratios = [
        SequenceMatcher(None, words, known).ratio()
        for known, each in known_labels().items()
        if each == field
    ]
    return round(min(0.99, max(ratios, default=0)), 2)
