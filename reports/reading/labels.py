"""Which question a label asks, also when somebody has changed its words a little."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from organisations.swedish import fold
from reports.blanks import shipped
from reports.models import ReportKind

LONGEST_LABEL = 400  # characters: longer is an answer
ALIKE = 0.72  # of difflib's ratio: a label with some words changed
# Of the groups of three letters that two labels have in common: less is never ``ALIKE``.
SOMEWHAT_ALIKE = 0.4
COMPARED_CLOSELY = 2
BEGINS_ALIKE = 0.6
FEWEST_WORDS = 3  # of a label that an answer follows on the same line


def plain_letters(text: str) -> str:
    """``text`` as it is compared, without the rings and dots that a scanner loses."""
    letters = unicodedata.normalize("NFD", fold(text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# What stands between a label and its answer, with the advice that the form gives in brackets.
BETWEEN = re.compile(r"[\s:.?)–-]*(?:\([^()]{0,200}\)[\s:.?–-]*)?")
NUMBER = r"^(\w\) ?)?(\d+[.)] ?)?\W*"
# What gives a question away, the most telling first: each of its signs must be there.
SIGNS: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...] = tuple(
    (question, tuple(re.compile(plain_letters(sign)) for sign in signs))
    for question, signs in (
        ("deviations", (r"\bavsteg",)),
        ("follow_up", (r"\b(delaktig|medverkat|deltagit)", r"uppfölj|på vilket sätt|utvärder")),
        ("not_reached", (r"\bmål", r"\b(inte|ej|icke)\b.*(upp|\b)nå|\bouppnå")),
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
        (
            "goals",
            (NUMBER + r"mål(en|sättning|sättningar)?\b", r"åtgärdsplan|insats|mål[a-z]*\W*$"),
        ),
    )
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
        comparable(words): question.id
        for kind in ReportKind
        for question in shipped(kind).questions
        for label in (question.label, question.preschool, question.short)
        if label and question.repeat != "area"
        for words in (label, label.partition("(")[0])
        if words.strip()
    }


@cache
def _letters_of_labels() -> dict[str, frozenset[str]]:
    return {label: _threes(label) for label in known_labels()}


def comparable(label: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", plain_letters(label)))


def question_in(kind: str, label: str) -> Known | None:
    """The question of the form of ``kind`` that ``label`` asks.

    The forms of the lärosäte are known by their own words only: no sign gives their questions away.
    """
    if kind in ReportKind.values:
        return question_of(label)
    words, labels = comparable(label), _labels_of(kind)
    if not words or len(label) > LONGEST_LABEL:
        return None
    if words in labels:
        return Known(labels[words], 1.0)
    best, ratio = max(
        ((each, SequenceMatcher(None, words, each).ratio()) for each in labels),
        key=lambda found: found[1],
    )
    return Known(labels[best], round(ratio, 2)) if ratio >= ALIKE else None


@cache
def _labels_of(kind: str) -> dict[str, str]:
    return {
        comparable(label): question.id
        for question in shipped(kind).questions
        for label in (question.label, question.short)
        if label
    }


def _threes(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 3] for place in range(len(text) - 2))


@lru_cache(maxsize=1024)
def question_of(label: str) -> Known | None:
    """The question that ``label`` asks; None where it asks none that a form knows."""
    if not label.strip() or len(label) > LONGEST_LABEL:
        return None
    words, labels = comparable(label), known_labels()
    if words in labels:
        return Known(labels[words], 1.0)
    folded = plain_letters(label)
    for field, signs in SIGNS:
        if all(sign.search(folded) for sign in signs):
            known = [each for each in labels if labels[each] == field]
            return Known(field, max(0.8, min(0.99, _likest(words, known)[1])))
    best, likeness = _likest(words, list(labels))
    return Known(labels[best], likeness) if likeness >= ALIKE else None


def _likest(words: str, labels: list[str]) -> tuple[str, float]:
    """The most alike of ``labels``; only those with most letters in common are compared closely."""
    threes, known = _threes(words), _letters_of_labels()
    shared = {
        label: 2 * len(threes & known[label]) / ((len(threes) + len(known[label])) or 1)
        for label in labels
    }
    near = sorted((share, label) for label, share in shared.items() if share >= SOMEWHAT_ALIKE)
    best, likeness = "", 0.0
    for _share, label in near[-COMPARED_CLOSELY:]:
        ratio = SequenceMatcher(None, words, label).ratio()
        if ratio > likeness:
            best, likeness = label, ratio
    return best, round(likeness, 2)


@lru_cache(maxsize=1024)
def begins_a_label(line: str) -> bool:
    """Whether a line may be the first of a label that goes on in the next."""
    if len(line) > LONGEST_LABEL:
        return False
    threes = _threes(comparable(line))
    return bool(threes) and any(
        len(threes & known) >= BEGINS_ALIKE * len(threes) for known in _letters_of_labels().values()
    )


@cache
def _labels_by_their_words() -> list[tuple[list[str], str]]:
    """The longer labels by the number of their words, the longest first."""
    found = [(label.split(), field) for label, field in known_labels().items()]
    return sorted(
        (each for each in found if len(each[0]) >= FEWEST_WORDS), key=lambda each: -len(each[0])
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(label[0] for label, _field in _labels_by_their_words())


def is_a_label(text: str) -> bool:
    """Whether a text is a label of a form, word for word."""
    return len(text) <= LONGEST_LABEL and comparable(text) in known_labels()


def label_at_start(text: str) -> tuple[Known, int] | None:
    """A label that an answer follows on the same line, and where the answer begins."""
    first = re.search(r"[^\W_]+", text[:LONGEST_LABEL])
    if first is None or plain_letters(first[0]) not in _first_words():
        return None
    found = list(re.finditer(r"[^\W_]+", text[: 2 * LONGEST_LABEL]))
    words = [plain_letters(each[0]) for each in found]
    for label, field in _labels_by_their_words():
        if words[: len(label)] == label and len(words) > len(label):
            end = found[len(label) - 1].end()
            between = BETWEEN.match(text, end)
            return Known(field, 1.0), between.end() if between else end
    return None
