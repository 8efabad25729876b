"""The forms of reports: their questions with stable ids, and the versions shipped with us.

A question is known by its id through every version and year. What it repeats over, what it is
filled in from and what the form demands of it belong to the id; a version says with which label
and in what order it asks (docs/decisions/0020).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from organisations.models import Unit

Repeat = Literal["once", "area", "insats", "goal"]
SHIPPED_VERSION = 1


@dataclass(frozen=True)
class FormQuestion:
    """``demanded`` is what the form does not do without: ``text``, ``level`` or nothing.

    ``facts`` names what the work itself says about the question, shown in columns above the answer.
    Questions that are asked once are written together, or with others of the same ``section``.
    """

    id: str
    repeat: Repeat
    label: str
    source: str = ""
    facts: str = ""
    section: str = ""
    short: str = ""
    preschool: str = ""
    hint: str = ""
    hint_preschool: str = ""
    hint_administration: str = ""
    demanded: str = ""

    def label_for(self, kind: str) -> str:
        """In a preschool the effects concern the provision, not the children's results (NOR)."""
        return self.preschool if kind == Unit.Kind.PRESCHOOL and self.preschool else self.label

    def short_label_for(self, kind: str) -> str:
        return self.short or self.label_for(kind)

    def hint_for(self, kind: str) -> str:
        special: dict[str, str] = {
            Unit.Kind.PRESCHOOL: self.hint_preschool,
            Unit.Kind.ADMINISTRATION: self.hint_administration,
        }
        return special.get(kind, "") or self.hint


@dataclass(frozen=True)
class Form:
    """One version of a form. ``introduction`` are pairs of a style and the words."""

    kind: str
    version: int
    title: str
    introduction: tuple[tuple[str, str], ...]
    questions: tuple[FormQuestion, ...]

    def question(self, id: str) -> FormQuestion | None:  # noqa: A002 - what it is called
        return next((question for question in self.questions if question.id == id), None)

    @property
    def in_matrix(self) -> tuple[FormQuestion, ...]:
        """The rows of the matrix that each insats has."""
        return tuple(q for q in self.questions if q.repeat in ("insats", "goal"))

    @property
    def asked_once(self) -> tuple[FormQuestion, ...]:
        return tuple(q for q in self.questions if q.repeat == "once")

    @property
    def area(self) -> FormQuestion | None:
        return next((q for q in self.questions if q.repeat == "area"), None)

    def reworded(
        self,
        version: int,
        title: str,
        introduction: Iterable[tuple[str, str]],
        labels: Iterable[tuple[str, str]],
    ) -> "Form":
        """Another version: the same questions, with other labels and in another order.

        The wording for preschools is kept only where the label is the one it was written for.
        """
        known = {question.id: question for question in self.questions}
        questions = []
        for slug, label in labels:
            question = known[slug]
            is_as_before = label == question.label
            questions.append(
                question if is_as_before else replace(question, label=label, preschool="")
            )
        return Form(self.kind, version, title, tuple(introduction), tuple(questions))


@cache
def shipped(kind: str) -> Form:
    """The first version of the form of ``kind``, such as ``interim`` or ``university_final``."""
    data: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / f"{kind}.yaml").read_text("utf-8")
    )
    return Form(
        kind=data["kind"],
        version=data["version"],
        title=data["title"],
        introduction=tuple((style, text) for style, text in data["introduction"]),
        questions=tuple(FormQuestion(**question) for question in data["questions"]),
    )
