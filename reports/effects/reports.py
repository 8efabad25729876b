"""What is submitted is frozen, and what is accepted is agreed; a change agreed on is drafted."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import override

from interventions.actions import amend_agreement
from interventions.models import PENDING, Agreement
from interventions.permissions import can_amend
from meetings.models import ChangeProposal, Meeting
from notifications.working_days import next_working_day
from organisations.models import Role
from plans.actions import agree_on_colour
from plans.models import Goal
from reports.layout import document_of
from reports.models import Report, UniversityReport, WrittenReport
from reports.queries import Content, content_at_hand, deviations_in, findings, latest_copy
from reports.richtext import plain
from reports.word import write_document
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import TransitionRefused

DECIDED_WITHIN = timedelta(days=30)  # domain.md 2.9
JUSTIFIED_IN = 10_000  # characters, as a rating holds


@after((Agreement, "sign_for_agency"), (Agreement, "decide"), (Agreement, "reject"))
def settle_the_change(change: Change) -> None:
    """What a meeting proposed is settled when the version that was begun from it is."""
    with override(settings.LANGUAGE_CODE):
        said = f"{change.instance}: {change.instance.state_label}."
    ChangeProposal.objects.filter(amendment=change.instance.pk, settled_on=None).update(
        settled_on=change.today, settled_because=said, due_on=None
    )


@after((Meeting, "write_minutes"))
def begin_the_amendment(change: Change) -> None:
    """What the parties want to change is drafted as a new version, unless one is under way.

    Neither house below may know the other (docs/decisions/0012).
    """
    proposal = ChangeProposal.objects.filter(meeting=change.instance, amendment=None).first()
    if proposal is None or change.by is None:
        return
    versions = Agreement.objects.filter(collaboration=change.instance.collaboration)
    in_force = versions.in_force().first()
    if in_force is None or versions.filter(state__in=PENDING).exists():
        return
    in_force.collaboration = change.instance.collaboration
    if can_amend(in_force, change.by):
        amendment = amend_agreement(
            agreement=in_force, reason=proposal.text, by=change.by, now=change.now
        )
        proposal.amendment = amendment.pk
        proposal.save(update_fields=["amendment"])


# --- what is submitted ---------------------------------------------------------------------


@before((Report, "mark_ready"), (Report, "submit"), (UniversityReport, "submit"))
def refuse_what_the_form_does_not_do_without(change: Change) -> None:
    """Practice bends, but a form that is not filled in comes back (domain.md 2.10)."""
    content = content_at_hand(change.instance)
    stops = [each.text for each in findings(content) if each.weight == "stop"]
    if stops:
        raise TransitionRefused(*stops)


@after((Report, "submit"), (UniversityReport, "submit"))
def freeze(change: Change) -> None:
    report: WrittenReport = change.instance
    content = content_at_hand(report)  # as it was found to be in order
    keep_copy(change, content=content.plain(), file=write_document(document_of(content)))
    if report.form_version is None:
        report.form_version = content.form_version
        report.save(update_fields=["form_version"])


def keep_copy(change: Change, *, content: dict[str, Any], file: bytes) -> None:
    """What has been received: never changed again, and proved by its hash."""
    assert change.by is not None
    change.instance.copies.create(
        round=change.instance.rounds + 1,
        content=content,
        file=file,
        sha256=sha256(file).hexdigest(),
        frozen_at=change.now,
        frozen_by=change.by,
    )


@after((Report, "accept"))
def let_avsteg_be_decided_on(change: Change) -> None:
    """An avsteg is taken up as an amendment or in a meeting, within 30 days (domain.md 2.9)."""
    if deviations_in(change.instance):
        due_on = next_working_day(change.today + DECIDED_WITHIN)
        Report.objects.filter(pk=change.instance.pk).update(due_on=due_on)


@after((Report, "accept"))
def agree_on_the_colours(change: Change) -> None:
    """With an accepted report all know how far its goals have come."""
    report: Report = change.instance
    copy = latest_copy(report)
    if copy is None or change.by is None:
        return
    goals = {
        goal.number: goal
        for goal in Goal.objects.filter(collaboration=report.collaboration, unit=report.unit_id)
    }
    seen = set()
    for cell in Content.read(copy.content).cells:
        number = int(cell.row.partition("/")[2]) if cell.is_goal else 0
        # A goal of two insatser is agreed on once, as its first insats has it.
        if not cell.level or number not in goals or number in seen or cell.is_empty:
            continue
        seen.add(number)
        agree_on_colour(
            goal=goals[number],
            role=Role(change.record.role),
            occasion=str(report),
            agreed_in=report.pk,
            by=change.by,
            now=change.now,
            level=cell.level,
            justification=plain(cell.text)[:JUSTIFIED_IN],
        )
