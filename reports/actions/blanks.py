"""A new version of a form, and the version that is in use."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import ReportTemplate, TemplateField
from sbs_workflow.engine import TransitionRefused

FIRST_UPLOADED = 2  # the first one is shipped


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
