"""The versions of the forms: an administrator uploads one, sees what it asks, and uses it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from reports.actions import activate_form, keep_form
from reports.blanks import shipped
from reports.forms import FormFileForm
from reports.models import ReportKind, ReportTemplate
from reports.reading import lost, read_blank
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
    form = FormFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found = form.read(read_blank)
        if found is not None:
            template = keep_form(
                kind=form.cleaned_data["kind"],
                introduction=found.introduction,
                questions=found.questions,
                unmatched=found.unmatched,
                by=request.user,
                now=clock.now(),
            )
            return redirect(template)
    context = {
        "form": form,
        "templates": ReportTemplate.objects.select_related("uploaded_by"),
        "shipped": [shipped(kind) for kind in ReportKind],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reports/forms.html", context, status=status)


@signed_in
def form(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Which headings match; it cannot be taken in use while it would lose a question."""
    if not _keeps_the_forms(request):
        raise Http404
    template = get_object_or_404(ReportTemplate.objects.select_related("uploaded_by"), pk=pk)
    questions = list(template.fields.all())
    missing = lost(template.kind, {question.slug for question in questions})
    reasons: list[str] = []
    if request.method == "POST":
        try:
            activate_form(template=template, lost=missing)
        except TransitionRefused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The reports that open from now on follow this form."))
            return redirect("reports:templates")
    known = shipped(template.kind)
    context = {
        "template": template,
        "questions": [(question, known.question(question.slug)) for question in questions],
        "lost": missing,
        "reasons": reasons,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasons else HTTPStatus.OK
    return render(request, "reports/form.html", context, status=status)
