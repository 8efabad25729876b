"""A new version of a form, and the version that is in use."""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import Report, ReportTemplate, TemplateField, UniversityReport
from sbs_workflow.engine import TransitionRefused

FIRST_UPLOADED = 2  # the first one is shipped


@transaction.atomic
def keep_form(
    *,
    kind: str,
    introduction: list[tuple[str, str]],
    questions: list[tuple[str, str, str]],
    unmatched: list[tuple[str, int]],
    by: User,
    now: datetime,
) -> ReportTemplate:
    """A new version of a form, not yet in use.

    ``questions`` are triples of a stable id, its label and how it was known; ``unmatched`` pairs
    of words and how many questions stand above them.
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
    _keep_questions(template, questions)
    return template


def _keep_questions(template: ReportTemplate, questions: list[tuple[str, str, str]]) -> None:
    TemplateField.objects.bulk_create(
        TemplateField(template=template, slug=slug, label=label, matched=matched, position=position)
        for position, (slug, label, matched) in enumerate(questions, 1)
    )


@transaction.atomic
def name_questions(*, template: ReportTemplate, headings: Mapping[str, str]) -> ReportTemplate:
    """Say which heading of a new version asks each of these questions; they keep their places.

    TransitionRefused once it has been in use, since the reports that follow it have its words.
    """
    template = ReportTemplate.objects.select_for_update().get(pk=template.pk)
    if template.is_active or _is_followed(template):
        raise TransitionRefused(_("Reports follow this version already. Upload a new one."))
    found = [(field.slug, field.label, field.matched) for field in template.fields.all()]
    known = {slug for slug, _label, _matched in found}
    asked = {heading: slug for slug, heading in headings.items() if slug not in known}
    left: list[list[Any]] = []
    added = 0
    for words, above in sorted(template.unmatched, key=itemgetter(1)):
        if slug := asked.pop(words, None):
            found.insert(above + added, (slug, words, "person"))
            added += 1
        else:
            left.append([words, above + added])
    template.unmatched = left
    template.save(update_fields=["unmatched"])
    template.fields.all().delete()
    _keep_questions(template, found)
    return template


def _is_followed(template: ReportTemplate) -> bool:
    is_of_university = template.kind.startswith(UniversityReport.PREFIX)
    model: Any = UniversityReport if is_of_university else Report
    kind = template.kind.removeprefix(model.PREFIX)
    followed: bool = model.objects.filter(kind=kind, form_version=template.version).exists()
    return followed


@transaction.atomic
def activate_form(*, template: ReportTemplate, lost: Collection[str]) -> ReportTemplate:
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


@transaction.atomic
def use_shipped_form(*, kind: str) -> None:
    """Let the reports that open from now on follow the first version; what runs keeps its own."""
    ReportTemplate.objects.filter(kind=kind, is_active=True).update(is_active=False)
