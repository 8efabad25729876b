"""What old redovisningar would make of a plan: rows for a person to look through, none stored.

A report lists problems, causes, goals and effects of an insats without saying which belongs to
which. Where it can be known it is proposed, with how sure that is; the rest a person chooses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from plans.actions.imports import same_words
from reports.reading.matrices import read_report
from reports.reading.understanding import Guess, ReadInsats, Understanding
from reports.richtext import plain

KINDS = ("problem", "cause", "goal", "effect", "colour")
MOST_ROWS = 180  # of one turn: what a form of ours may hold
SHORT, LONG = "short", "long"
TERM = re.compile(r"^\W*på (?P<term>kort|lång) sikt\W*", re.IGNORECASE)
DAY = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
DAY_IN_WORDS = re.compile(r"\b(?P<day>\d{1,2}) (?P<month>[a-zåäö]+) (?P<year>20\d\d)\b", re.I)
GUESSED, IN_ORDER = 0.5, 0.7
KEPT = ("not_reached", "observed_effects", "lessons", "follow_up")


@dataclass
class ProposedRow(Guess):
    """A row of a plan that a report names; ``of`` is the row that it belongs to.

    ``known`` says that the plan or the analysis has the same words already.
    """

    key: str
    text: str
    of: str = ""
    confidence: float = 1.0
    told_in: str = ""
    area: str = ""
    term: str = ""
    level: str = ""
    day: date | None = None
    known: bool = False

    @property
    def kind(self) -> str:
        return self.key.partition("-")[0]

    @property
    def note(self) -> str:
        """Where it stands, how sure it is, and whether it is there already."""
        about = _("%(where)s – understood to %(percent)s per cent (%(certainty)s)") % {
            "where": self.told_in,
            "percent": self.percent,
            "certainty": self.certainty,
        }
        return _("%(about)s – already there") % {"about": about} if self.known else about


@dataclass
class OldReport:
    """One file: what it is called, the day of its colours and how that day is known."""

    name: str
    day: date | None
    insatser: list[str] = field(default_factory=list)


@dataclass
class History:
    """Everything that the files would make, and what they say that a plan has no place for."""

    reports: list[OldReport] = field(default_factory=list)
    rows: list[ProposedRow] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[ProposedRow]:
        return [row for row in self.rows if row.kind == kind]


@dataclass(frozen=True)
class AlreadyThere:
    """The words of the plan and its analysis as they are compared."""

    problems: Mapping[str, str] = field(default_factory=dict)
    causes: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()


def read_history(files: Iterable[tuple[str, bytes]], there: AlreadyThere) -> History:
    """What the files would make of a plan. Raises NotReadable, with the name of the file."""
    teller = _Teller(there)
    for name, file in files:
        teller.tell(name, read_report(file))
    return teller.found


class _Teller:
    def __init__(self, there: AlreadyThere) -> None:
        self.there = there
        self.found = History()
        self.seen: dict[tuple[str, str, str], ProposedRow] = {}

    def tell(self, name: str, found: Understanding) -> None:
        with override(settings.LANGUAGE_CODE):  # as the reports are written
            report = OldReport(_title(name, found), _day_of(found) or found.changed_on)
        self.found.reports.append(report)
        self.found.warnings += [f"{report.name}: {warning}" for warning in found.warnings]
        for area in found.areas:
            for insats in area.interventions:
                report.insatser.append(insats.name)
                self._insats(insats, area.name, report)
        for text in found.unplaced:
            self._keep(report.name, text)
        for cell in found.once.values():
            self._keep(report.name, plain(cell.markdown))

    def _insats(self, insats: ReadInsats, area: str, report: OldReport) -> None:
        where = f"{report.name}, {insats.name}" if insats.name else report.name
        sure = {name: cell.confidence for name, cell in insats.cells.items()}
        problems = [
            self._row("problem", text, sure["problems"], where, area=area)
            for text in insats.items("problems")
        ]
        causes = insats.items("causes")
        for text, of, guess in _belonging(causes, problems, self.there.problems):
            self._row("cause", text, sure["causes"] * guess, where, of=of)
        said = [goal for goal in insats.goals if goal.text]
        goals = []
        for goal, (text, of, guess) in zip(
            said, _belonging([g.text for g in said], problems, self.there.problems), strict=True
        ):
            row = self._row("goal", text, goal.confidence * guess, where, of=of)
            goals.append(row)
            self._colour(row, goal.rating, plain(goal.markdown), report, goal.confidence)
        effects = insats.items("expected_effects")
        for text, of, guess in _belonging(effects, goals, {}):
            term = TERM.match(text)
            words = text[term.end() :].strip() if term else text
            self._row(
                "effect",
                words[:1].upper() + words[1:],
                sure["expected_effects"] * guess,
                where,
                of=of,
                term=LONG if term and term["term"].lower() == "lång" else SHORT,
            )
        self._keep(where, insats.participants and plain(insats.participants))
        for name in KEPT:
            self._keep(where, plain(insats.markdown(name)))

    def _colour(
        self, goal: ProposedRow, level: str, why: str, report: OldReport, sure: float
    ) -> None:
        if level:
            self._row("colour", why, sure, report.name, of=goal.key, level=level, day=report.day)
        else:
            self._keep(f"{report.name}, {goal.text}", why)

    def _row(
        self, kind: str, text: str, confidence: float, where: str, of: str = "", **more: object
    ) -> ProposedRow:
        """A new row, or the one that said the same before."""
        once = (kind, same_words(text), f"{of} {more.get('level')} {more.get('day')}")
        if kind in ("problem", "goal"):
            once = (kind, same_words(text), "")
        if once in self.seen:
            return self.seen[once]
        key = f"{kind}-{len(self.found.of_kind(kind)) + 1}"
        row = ProposedRow(key, text, of, round(confidence, 2), where, **more)  # type: ignore[arg-type]
        row.known = self._is_known(kind, text)
        self.seen[once] = row
        if len(self.found.rows) < MOST_ROWS:
            self.found.rows.append(row)
        else:
            self._keep(where, text)
        return row

    def _is_known(self, kind: str, text: str) -> bool:
        words = same_words(text)
        places = {
            "problem": self.there.problems,
            "cause": self.there.causes,
            "goal": self.there.goals,
        }
        return words in places.get(kind, ())

    def _keep(self, where: str, text: str) -> None:
        if text.strip():
            self.found.kept.append((where, text))


def _belonging(
    texts: Sequence[str], rows: Sequence[ProposedRow], others: Mapping[str, str]
) -> Iterator[tuple[str, str, float]]:
    """Each text, the key of the row that it most likely belongs to, and how sure that is.

    ``others`` are keys of what is there already by their words: used where the file names none.
    """
    keys = [row.key for row in rows]
    for place, text in enumerate(texts):
        if len(keys) == 1:
            yield text, keys[0], 1.0
        elif len(keys) == len(texts):
            yield text, keys[place], IN_ORDER
        elif keys:
            yield text, keys[0], GUESSED
        else:
            yield text, next(iter(others.values()), ""), GUESSED


def _title(name: str, found: Understanding) -> str:
    """What people call the file: its kind with its day, or else its name."""
    above = " ".join(found.above).lower()
    day = _day_of(found)
    for word in (_("Interim report"), _("Final report")):
        if word.lower() in above and day:
            return f"{word} {date_format(day, 'Y-m-d')}"
    return name.rpartition("/")[2].removesuffix(".docx")[:150]


def _day_of(found: Understanding) -> date | None:
    """The first day that stands above the first question."""
    for text in found.above:
        if day := DAY.search(text):
            return _date(int(day["year"]), int(day["month"]), int(day["day"]))
        if day := DAY_IN_WORDS.search(text):
            months = {str(name).lower(): number for number, name in MONTHS.items()}
            if number := months.get(day["month"].lower()):
                return _date(int(day["year"]), number, int(day["day"]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
