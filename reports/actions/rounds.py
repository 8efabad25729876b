"""Asking about what a report says, and replying."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.actions.writing import Key
from reports.models import Question, Report
from reports.permissions import can_write_report
from sbs_workflow.actions import open_for_writing
from sbs_workflow.engine import TransitionRefused, perform


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
