"""Writing a report, asking about it and replying; its steps are taken through ``perform``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import Answer, Question, Report, ReportTemplate, TemplateField
from reports.permissions import can_write_report
from reports.queries import content_of, form_of
from sbs_workflow.actions import open_for_writing
from sbs_workflow.engine import TransitionRefused, perform

Key = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """What somebody has written in a cell; ``level`` is the colour of a goal, or empty."""

    text: str
    level: str = ""


@transaction.atomic
def write_answers(
    *, report: Report, answers: Mapping[Key, Said], by: User, now: datetime
) -> list[Answer]:
    """Store what differs from what the report says already; returns the cells that changed.

    A cell that nobody has changed goes on being read from the work itself. TransitionRefused
    once the report is not open for writing, or when it has no such cell.
    """
    fresh: Report = open_for_writing(report, may=can_write_report, by=by, now=now)
    form = form_of(fresh)
    cells = content_of(fresh, form).by_key
    if unknown := answers.keys() - cells.keys():
        names = ", ".join(sorted(f"{field} {row}".strip() for field, row in unknown))
        raise TransitionRefused(_("The report has no such question: %(names)s.") % {"names": names})
    _pin(fresh, form.version)
    changed = [
        (key, said)
        for key, said in answers.items()
        if said != Said(cells[key].text, cells[key].level)
    ]
    return [_store(fresh, key, said, by, now) for key, said in changed]


def _pin(report: Report, version: int) -> None:
    """A running report keeps the version of the form that it was begun with."""
    if report.form_version is None:
        report.form_version = version
        report.save(update_fields=["form_version"])


def _store(report: Report, key: Key, said: Said, by: User, now: datetime) -> Answer:
    field, row = key
    answer, _created = Answer.objects.update_or_create(
        report=report,
        field=field,
        row=row,
        defaults={
            "text": said.text,
            "level": said.level,
            "written_at": now,
            "written_by": by,
        },
    )
    return answer


@transaction.atomic
def return_report(
    *,
    report: Report,
    questions: Mapping[Key, str],
    reason: str,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Report:
    """Ask the huvudman to complete the report, with a question to each section that needs it."""
    returned: Report = perform(
        report.return_for_completion, by=by, now=now, reason=reason, seen_state=seen_state
    )
    Question.objects.bulk_create(
        Question(
            report=returned,
            round=returned.rounds,
            field=field,
            row=row,
            text=text,
            asked_at=now,
            asked_by=by,
        )
        for (field, row), text in questions.items()
        if text.strip()
    )
    return returned


@transaction.atomic
def reply(*, question: Question, text: str, by: User, now: datetime) -> Question:
    """Say what was completed; the last word before the report is submitted again counts."""
    report = open_for_writing(question.report, may=can_write_report, by=by, now=now)
    fresh = Question.objects.get(pk=question.pk)
    if fresh.round != report.rounds:
        raise TransitionRefused(_("The question belongs to an earlier round."))
    fresh.reply, fresh.replied_at, fresh.replied_by = text, now, by
    fresh.save(update_fields=["reply", "replied_at", "replied_by"])
    return fresh


# --- the forms themselves ------------------------------------------------------------------


@transaction.atomic
def keep_form(
    *,
    kind: str,
    introduction: list[tuple[str, str]],
    questions: list[tuple[str, str, str]],
    unmatched: list[str],
    by: User,
    now: datetime,
) -> ReportTemplate:
    """A new version of a form, not yet in use.

    ``questions`` are triples of a stable id, its label and how it was known.
    """
    latest = ReportTemplate.objects.filter(kind=kind).first()
    template = ReportTemplate.objects.create(
        kind=kind,
        version=(latest.version if latest else FIRST_UPLOADED - 1) + 1,
        introduction=introduction,
        unmatched=unmatched,
        uploaded_at=now,
        uploaded_by=by,
    )
    TemplateField.objects.bulk_create(
        TemplateField(template=template, slug=slug, label=label, matched=matched, position=position)
        for position, (slug, label, matched) in enumerate(questions, 1)
    )
    return template


FIRST_UPLOADED = 2  # the first one is shipped


@transaction.atomic
def activate_form(*, template: ReportTemplate, lost: list[str]) -> ReportTemplate:
    """Let the reports that open from now on follow it.

    TransitionRefused while it would lose a question; those that run keep their version.
    """
    if lost:
        raise TransitionRefused(
            _("It would lose these questions: %(names)s.") % {"names": ", ".join(lost)}
        )
    versions: Any = ReportTemplate.objects.select_for_update().filter(kind=template.kind)
    versions.exclude(pk=template.pk).update(is_active=False)
    versions.filter(pk=template.pk).update(is_active=True)
    template.is_active = True
    return template
