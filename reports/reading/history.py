"""What old redovisningar would make of a plan: rows for a person to look through, none stored.

A report lists problems, causes, goals and effects of an insats without saying which belongs to
which. Where it can be known it is proposed, with how sure that is; the rest a person chooses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from interventions.actions import same_insats
from interventions.models import EarlierAccount, EarlierInsats
from plans.actions.imports import same_words
from reports.reading.matrices import read_report
from reports.reading.understanding import Guess, ReadInsats, Understanding
from reports.richtext import plain

KINDS = ("problem", "cause", "goal", "effect", "insats", "account", "colour")
# The inputs that a row of each kind has, and how many of one turn a form of ours may hold
# (DATA_UPLOAD_MAX_NUMBER_FIELDS).
INPUTS = {
    "problem": 4,
    "cause": 4,
    "goal": 4,
    "effect": 5,
    "insats": 6,
    "account": 9,
    "colour": 7,
}
MOST_INPUTS = 950
SHORT, LONG = "short", "long"
TERM = re.compile(r"^\W*på (?P<term>kort|lång) sikt\W*", re.IGNORECASE)
DAY = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
DAY_IN_WORDS = re.compile(r"\b(?P<day>\d{1,2}) (?P<month>[a-zåäö]+) (?P<year>20\d\d)\b", re.I)
NAME_LENGTH = 200
TITLE = re.compile(r"^\W*(?:del|slut)redovisning\b", re.IGNORECASE)
GUESSED, IN_ORDER = 0.5, 0.7
NAMED = re.compile(
    r"^\W*(?:insats(?:en(?:s namn)?)?\b[\s:]*)?(?:nr\.?\s*)?"
    r"(?:(?P<number>[1-9]\d{0,2})\b\s*[.:)–-]*\s*)?(?P<name>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class ProposedRow(Guess):
    """A row that a report names; ``of`` is the row that it belongs to.

    ``known`` says that the same words are there already, and ``there_as`` what else they are like.
    An insats has a ``number``, who took part, and the keys of its ``goals``; what a report says of
    it has ``texts`` by their names.
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
    there_as: str = ""
    number: int | None = None
    participants: str = ""
    goals: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.key.partition("-")[0]

    @property
    def name(self) -> str:
        """Of an insats, what it is called."""
        return self.text

    @property
    def note(self) -> str:
        """Where it stands, how sure it is, and whether it is there already."""
        about = _("%(where)s – understood to %(percent)s per cent (%(certainty)s)") % {
            "where": self.told_in,
            "percent": self.percent,
            "certainty": self.certainty,
        }
        if self.there_as:
            return f"{about} – {self.there_as}"
        return _("%(about)s – already there") % {"about": about} if self.known else about


@dataclass
class OldReport:
    """One file: what it is called, and the day of its colours.

    ``says_no_day``: none stands in it, and ``day`` is when the file was last changed, if known.
    """

    name: str
    day: date | None
    says_no_day: bool = False
    insatser: list[str] = field(default_factory=list)

    @property
    def day_to_add(self) -> date | None:
        """The day, where the name does not say it."""
        return None if self.day and self.day.isoformat() in self.name else self.day


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
    """The words of the plan and its analysis as they are compared.

    ``insatser`` are those brought in before, and ``agreed`` those of the agreement by number;
    ``other_units`` are the names of the other units of the case.
    """

    problems: Mapping[str, str] = field(default_factory=dict)
    causes: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    insatser: Sequence[EarlierInsats] = ()
    agreed: Mapping[int, str] = field(default_factory=dict)
    other_units: Sequence[str] = ()


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
        self.insatser: list[ProposedRow] = []
        self.inputs = 0

    def tell(self, name: str, found: Understanding) -> None:
        with override(settings.LANGUAGE_CODE):  # as the reports are written
            day = _day_of(found)
            report = OldReport(_title(name, found), day or found.changed_on, says_no_day=not day)
        self.found.reports.append(report)
        warnings = [*found.warnings, *_of_others(found, self.there.other_units)]
        self.found.warnings += [f"{report.name}: {warning}" for warning in warnings]
        for area in found.areas:
            for insats in area.interventions:
                if insats.name:
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
        self._whole_insats(insats, area, [goal.key for goal in goals], report)

    def _whole_insats(
        self, insats: ReadInsats, area: str, goals: list[str], report: OldReport
    ) -> None:
        """The insats itself, and what this report says of it; a person names one without a name."""
        texts = {name: plain(insats.markdown(name)) for name in EarlierAccount.TEXTS}
        participants = plain(insats.participants) if insats.participants else ""
        number, name = named(insats.name)
        cell = insats.cells.get("participants")
        if name and cell:
            row = self._named_insats(number, name, area, report, cell.confidence)
        elif goals or any(texts.values()):
            row = self._add("insats", "", GUESSED, report.name, area=area)
        else:
            return
        row.participants = row.participants or participants
        new = [key for key in goals if key not in row.goals]
        row.goals += new
        self.inputs += len(new)
        self._add(
            "account",
            row.text,
            row.confidence,
            report.name,
            of=row.key,
            day=report.day,
            texts={name: text for name, text in texts.items() if text},
        )

    def _named_insats(
        self,
        number: int | None,
        name: str,
        area: str,
        report: OldReport,
        sure: float,
    ) -> ProposedRow:
        """A new row, or the one of the same insats in another report."""
        row = same_insats(self.insatser, number, name)
        if row is None:
            row = self._add("insats", name, sure, report.name, area=area, number=number)
            row.there_as = self._there_as(number, name)
            self.insatser.append(row)
        elif same_words(row.text) != same_words(name):
            said = {"number": number, "one": row.text, "other": name}
            self.found.warnings.append(
                _("Insats %(number)s is called both “%(one)s” and “%(other)s”: it is read as one.")
                % said
            )
        row.number = row.number or number
        return row

    def _there_as(self, number: int | None, name: str) -> str:
        """What the unit or the agreement calls an insats of that number, where it has one."""
        if known := same_insats(self.there.insatser, number, name):
            return _("already there as %(name)s") % {"name": known}
        if number and number in self.there.agreed:
            return _("the agreement has this number for %(name)s") % {
                "name": self.there.agreed[number]
            }
        return ""

    def _colour(
        self, goal: ProposedRow, level: str, why: str, report: OldReport, sure: float
    ) -> None:
        if level:
            self._row("colour", why, sure, report.name, of=goal.key, level=level, day=report.day)
        else:
            self._keep(f"{report.name}, {goal.text}", why)

    def _row(
        self, kind: str, text: str, confidence: float, where: str, of: str = "", **more: Any
    ) -> ProposedRow:
        """A new row, or the one that said the same before."""
        once = (kind, same_words(text), f"{of} {more.get('level')} {more.get('day')}")
        if kind in ("problem", "goal"):
            once = (kind, same_words(text), "")
        if once in self.seen:
            return self.seen[once]
        row = self._add(kind, text, confidence, where, of=of, **more)
        row.known = self._is_known(kind, text)
        self.seen[once] = row
        return row

    def _add(self, kind: str, text: str, confidence: float, where: str, **more: Any) -> ProposedRow:
        """A row of its own; its words are only kept to be copied where no form can hold it."""
        key = f"{kind}-{len(self.found.of_kind(kind)) + 1}"
        row = ProposedRow(key, text, confidence=round(confidence, 2), told_in=where, **more)
        self.inputs += INPUTS[kind]
        if self.inputs <= MOST_INPUTS:
            self.found.rows.append(row)
        else:
            for words in (text, *row.texts.values()):
                self._keep(where, words)
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


def named(words: str) -> tuple[int | None, str]:
    """``Insats 3. Kollegialt lärande`` as its number and its name."""
    found = NAMED.match(words)
    if found is None:
        return None, words.strip()
    number = int(found["number"]) if found["number"] else None
    name = found["name"].strip()[:NAME_LENGTH]
    return number, name or (str(_("Insats %(number)s")) % {"number": number} if number else "")


def _of_others(found: Understanding, units: Sequence[str]) -> Iterator[str]:
    """Whether the file seems to hold the report of another unit as well."""
    between = [*found.headings, *found.unplaced]
    words = " ".join(map(same_words, [*found.above, *between]))
    named = [unit for unit in units if same_words(unit) in words]
    if named:
        yield _("The file also names %(units)s. Take only what is about this unit.") % {
            "units": ", ".join(named)
        }
    elif any(TITLE.match(text) for text in between):
        yield _("The file seems to hold several reports. Take only what is about this unit.")


def _title(name: str, found: Understanding) -> str:
    """What people call the file: its kind with its day, or else its name."""
    above = " ".join(found.above).lower()
    day = _day_of(found)
    # The form itself speaks of both, its own title first.
    places = {word: above.find(word.lower()) for word in (_("Interim report"), _("Final report"))}
    named = [word for word in sorted(places, key=lambda word: places[word]) if places[word] >= 0]
    if named and day:
        return f"{named[0]} {date_format(day, 'Y-m-d')}"
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
