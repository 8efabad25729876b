"""The sammanfattande analys of a huvudman, as a page and as the draft of a Word document."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.layout import synthesis_document
from reports.queries import synthesis_of
from reports.views.files import as_word
from reports.word import write_document
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration


@door(Collaboration)
@require_safe
def synthesis(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Every sentence leads to the report that says it."""
    found = synthesis_of(collaboration, request.user)
    context = {"collaboration": collaboration, "synthesis": found}
    return render(request, "reports/synthesis.html", context)


@door(Collaboration)
@require_safe
def synthesis_in_word(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    title = _("Synthesis, %(collaboration)s") % {"collaboration": collaboration.name}
    document = synthesis_document(title, synthesis_of(collaboration, request.user))
    return as_word(write_document(document), f"{title}.docx".replace("/", "-"))
