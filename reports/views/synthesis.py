"""The final reports of a huvudman side by side, and the synthesis that people write from them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.actions import (
    choose_sentence,
    move_sentence,
    take_away_sentence,
    write_passage,
    write_synthesis,
)
from reports.drafts import figures_document, synthesis_document
from reports.forms import PassageForm, SynthesisForm
from reports.layout import Document
from reports.models import CollaborationSynthesis, Excerpt
from reports.permissions import can_write_synthesis
from reports.queries import SynthesisSection, synthesis_of, synthesis_said
from reports.views.files import PDF, WORD, as_pdf, as_word, download
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out, object_page


@door(Collaboration)
@require_safe
def synthesis(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Every sentence leads to the report that says it."""
    written = CollaborationSynthesis.objects.visible_to(request.user)
    context = {
        "collaboration": collaboration,
        "synthesis": synthesis_of(collaboration, request.user),
        "written": written.filter(collaboration=collaboration).first(),
    }
    return render(request, "reports/synthesis.html", context)


@door(Collaboration)
@require_safe
def synthesis_in_word(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    return as_word(_figures(request, collaboration))


@door(Collaboration)
@require_safe
def synthesis_in_pdf(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    return as_pdf(_figures(request, collaboration))


def _figures(request: PersonRequest, collaboration: Collaboration) -> Document:
    title = _("Synthesis, %(collaboration)s") % {"collaboration": collaboration.name}
    return figures_document(title, synthesis_of(collaboration, request.user))


@door(CollaborationSynthesis)
@require_safe
def written(request: PersonRequest, synthesis: CollaborationSynthesis) -> HttpResponse:
    """What people have written and chosen, beside the figures."""
    may_write = synthesis.is_open_for_writing and can_write_synthesis(synthesis, request.user)
    context = {
        "instance": synthesis,
        "page": object_page(synthesis, request.user, clock.today()),
        "said": synthesis_said(synthesis, request.user),
        "may_write": may_write,
        "awaited": synthesis.awaited_reports() if may_write else [],
    }
    return render(request, "reports/written_synthesis.html", context)


@door(CollaborationSynthesis)
@require_safe
def written_in_word(request: PersonRequest, synthesis: CollaborationSynthesis) -> HttpResponse:
    """As it stands now; once published, the very bytes that were published."""
    name = _name(synthesis)
    if synthesis.state == synthesis.State.PUBLISHED:
        return download(bytes(synthesis.copy.file), WORD, name)
    return as_word(synthesis_document(synthesis_said(synthesis, request.user)), name)


@door(CollaborationSynthesis)
@require_safe
def written_in_pdf(request: PersonRequest, synthesis: CollaborationSynthesis) -> HttpResponse:
    name = _name(synthesis)
    if synthesis.state == synthesis.State.PUBLISHED:
        return download(bytes(synthesis.copy.pdf), PDF, name)
    return as_pdf(synthesis_document(synthesis_said(synthesis, request.user)), name)


def _name(synthesis: CollaborationSynthesis) -> str:
    return f"{synthesis}, {synthesis.collaboration.name}"


@door(CollaborationSynthesis, may=can_write_synthesis, alone=True)
def write(request: PersonRequest, synthesis: CollaborationSynthesis) -> HttpResponse:
    """What stands first and last."""
    if request.method != "POST" and not synthesis.is_open_for_writing:
        return redirect(synthesis)
    form = SynthesisForm(request.POST or None, instance=synthesis)
    return carry_out(
        request,
        form,
        about=synthesis,
        title=_("Introduction and work that goes on"),
        submit=_("Save"),
        done=_("Saved."),
        draft="sammanfattande-analys",
        action=lambda: write_synthesis(
            synthesis=synthesis, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(CollaborationSynthesis, may=can_write_synthesis, alone=True)
def section(
    request: PersonRequest, synthesis: CollaborationSynthesis, section: str
) -> HttpResponse:
    """One theme or area: people's own words, what they have chosen and what they may choose.

    Whatever is pressed saves the words too, so that nothing typed is lost.
    """
    if request.method != "POST" and not synthesis.is_open_for_writing:
        return redirect(synthesis)
    said = synthesis_said(synthesis, request.user)
    found = said.section(section)
    if found is None:
        raise Http404
    searched = request.GET.get("sok", "")
    form = PassageForm(request.POST or None, stored=found.text, searched=searched)
    sentences, count = said.to_choose(found, searched)
    return carry_out(
        request,
        form,
        about=synthesis,
        title=found.key.heading,
        submit=_("Save"),
        done=_("Saved."),
        draft=f"sammanfattande-analys-{section}",
        action=lambda: _carry_out(request, synthesis, found, form),
        template="reports/synthesis_section.html",
        section=found,
        units=len(said.figures.units),
        sentences=sentences,
        count=count,
        searched=searched,
    )


def _carry_out(
    request: PersonRequest,
    synthesis: CollaborationSynthesis,
    section: SynthesisSection,
    form: PassageForm,
) -> str:
    """The words, and then what was pressed; leads to where that shows."""
    by, now = request.user, clock.now()
    write_passage(
        synthesis=synthesis, section=section.key, text=form.cleaned_data["text"], by=by, now=now
    )
    place = reverse("reports:synthesis_section", args=[synthesis.pk, section.key.slug])
    if words := form.cleaned_data["search"]:
        place += f"?{urlencode({'sok': words})}"
    if key := request.POST.get("choose"):
        choose_sentence(synthesis=synthesis, section=section.key, key=key, by=by, now=now)
        return f"{place}#att-valja"
    if "find" in request.POST:
        return f"{place}#att-valja"
    for name, places in (("up", -1), ("down", 1)):
        if excerpt := _pressed(request, section, name):
            move_sentence(excerpt=excerpt, places=places, by=by, now=now)
            return f"{place}#valda"
    if excerpt := _pressed(request, section, "away"):
        take_away_sentence(excerpt=excerpt, by=by, now=now)
        return f"{place}#valda"
    return place


def _pressed(request: PersonRequest, section: SynthesisSection, name: str) -> Excerpt | None:
    """The chosen sentence whose button it was, unless somebody has taken it away since."""
    key = request.POST.get(name)
    return next((each.excerpt for each in section.chosen if str(each.excerpt.pk) == key), None)
