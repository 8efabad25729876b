"""Writing a report; its steps are taken through ``perform``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import WrittenAnswer, WrittenReport
from reports.permissions import can_write
from reports.queries import content_of, form_of
from sbs_workflow.actions import open_for_writing
from sbs_workflow.engine import TransitionRefused

Key = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """What somebody has written in a cell; ``level`` is the colour of a goal, or empty."""

    text: str
    level: str = ""


@transaction.atomic
def write_answers(
    *, report: WrittenReport, answers: Mapping[Key, Said], by: User, now: datetime
) -> list[WrittenAnswer]:
    """Store what differs from what the report says already; returns the cells that changed.

    A cell that nobody has changed goes on being read from the work itself. TransitionRefused
    once the report is not open for writing, or when it has no such cell.
    """
    fresh: WrittenReport = open_for_writing(report, may=can_write(report), by=by, now=now)
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
    # Nobody else writes in it meanwhile, so that these still stand.
    written = {(answer.field, answer.row): answer for answer in fresh.answers.all()}
    return [_store(written.get(key) or _begun(fresh, key), said, by, now) for key, said in changed]


def _pin(report: WrittenReport, version: int) -> None:
    """A running report keeps the version of the form that it was begun with."""
    if report.form_version is None:
        report.form_version = version
        report.save(update_fields=["form_version"])


def _begun(report: WrittenReport, key: Key) -> WrittenAnswer:
    field, row = key
    answer: WrittenAnswer = report.answers.model(report=report, field=field, row=row)
    return answer


def _store(answer: WrittenAnswer, said: Said, by: User, now: datetime) -> WrittenAnswer:
    answer.text, answer.level = said.text, said.level
    answer.written_at, answer.written_by = now, by
    answer.save()
    return answer
