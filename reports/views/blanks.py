"""The versions of the forms: an administrator uploads one, sees what it asks, and uses it."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.actions import activate_form, keep_form, name_questions, use_shipped_form
from reports.blanks import Form, shipped
from reports.forms import FormFileForm, HeadingsForm
from reports.layout import blank_document
from reports.models import FormKind, ReportTemplate
from reports.queries import form_in_use
from reports.reading import lost, read_blank
from reports.views.files import as_word
from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import managed_agency


def _keeps_the_forms(request: PersonRequest) -> bool:
    """The agency's forms are kept by its managers, and by whoever runs the system."""
    return request.user.is_staff or managed_agency(request.user) is not None


@signed_in
def forms(request: PersonRequest) -> HttpResponse:
    if not _keeps_the_forms(request):
        raise PermissionDenied
    if request.POST.get("shipped") in FormKind.values:
        use_shipped_form(kind=request.POST["shipped"])
        messages.success(request, _("The reports that open from now on follow the shipped form."))
        return redirect("reports:templates")
    form = FormFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        found = form.read(lambda file: read_blank(file, kind))
        if found is not None:
            template = keep_form(
                kind=kind,
                introduction=found.introduction,
                questions=found.questions,
                unmatched=found.unmatched,
                by=request.user,
                now=clock.now(),
            )
            return redirect(template)
    context = {"form": form, "kinds": _versions()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reports/forms.html", context, status=status)


@dataclass(frozen=True)
class Versions:
    """One form: what it is called, its versions, the newest first, and which of them is in use."""

    kind: FormKind
    shipped: Form
    uploaded: list[ReportTemplate]

    @property
    def in_use(self) -> ReportTemplate | None:
        return next((each for each in self.uploaded if each.is_active), None)


def _versions() -> list[Versions]:
    uploaded = list(ReportTemplate.objects.select_related("uploaded_by"))
    return [
        Versions(kind, shipped(kind), [each for each in uploaded if each.kind == kind])
        for kind in FormKind
    ]


@signed_in
@require_safe
def blank(request: PersonRequest, kind: str) -> HttpResponse:
    """The form in use with nothing filled in: what a new version is begun from."""
    if not _keeps_the_forms(request) or kind not in FormKind.values:
        raise Http404
    return as_word(blank_document(form_in_use(kind)))


@signed_in
def form(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Which headings match; it cannot be taken in use while it would lose a question."""
    if not _keeps_the_forms(request):
        raise Http404
    template = get_object_or_404(ReportTemplate.objects.select_related("uploaded_by"), pk=pk)
    known = shipped(template.kind)
    missing = _lost(template)
    headings = HeadingsForm(
        request.POST if "name" in request.POST else None,
        lost=[each for each in known.questions if each.id in missing],
        headings=[words for words, _above in template.unmatched],
    )
    reasons: list[str] = []
    if request.method == "POST":
        try:
            if "name" not in request.POST:
                activate_form(template=template, lost=list(missing.values()))
                messages.success(request, _("The reports that open from now on follow this form."))
                return redirect("reports:templates")
            if headings.is_valid():
                name_questions(template=template, headings=headings.said())
                messages.success(request, _("Saved. Look through the questions once more."))
                return redirect(template)
        except TransitionRefused as refused:
            reasons = refused.reasons
    context = {
        "template": template,
        "questions": [
            (question, known.question(question.slug)) for question in template.fields.all()
        ],
        "lost": missing,
        "headings": headings,
        "reasons": reasons,
    }
    is_refused = bool(reasons or headings.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "reports/form.html", context, status=status)


def _lost(template: ReportTemplate) -> dict[str, str]:
    return lost(template.kind, {question.slug for question in template.fields.all()})
