"""The page of a mapping, and the page of the report to the government."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.actions import check_data, submit_government_report, write_mapping
from assessments.forms import DataCheckForm, MappingForm, SubmissionForm
from assessments.models import CapacityMapping, GovernmentReport
from assessments.permissions import can_write_mapping
from assessments.queries import incomplete_cases, mapping_said
from notifications import clock
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import carry_out, object_page
from sbs_workflow.permissions import require


@door(CapacityMapping, alone=True)
def mapping(request: PersonRequest, mapping: CapacityMapping) -> HttpResponse:
    """What it says, or the form in which it is written together."""
    form = None
    status = HTTPStatus.OK
    if mapping.is_open_for_writing and can_write_mapping(mapping, request.user):
        form = MappingForm(mapping=mapping)
    if request.method == "POST":
        require(can_write_mapping, mapping, request.user)
        form = MappingForm(request.POST, mapping=mapping)
        if form.is_valid():
            try:
                write_mapping(mapping=mapping, by=request.user, now=clock.now(), **form.said())
            except TransitionRefused as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, _("Saved."))
                return redirect(mapping)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    said = mapping_said(mapping, request.user)
    context = {
        "instance": mapping,
        "page": object_page(mapping, request.user, clock.today()),
        "form": form,
        "said": said,
        "other": said.start if mapping.round == mapping.Round.END else said.end,
    }
    return render(request, "assessments/mapping.html", context, status=status)


@signed_in
def government_report(request: PersonRequest, pk: str) -> HttpResponse:
    """What is missing in which case, and the next of the checks or the report itself."""
    report = get_object_or_404(
        GovernmentReport.objects.visible_to(request.user).select_related("agency"), pk=pk
    )
    form: DataCheckForm | SubmissionForm
    if report.progress == report.Progress.CHECKED:
        form = SubmissionForm(request.POST or None)
        submit, done = _("Note that it is sent"), _("Noted. Thank you.")
    else:
        form = DataCheckForm(request.POST or None, initial={"seen": report.checks_done})
        submit, done = _("Note that the data is checked"), _("Noted.")
    return carry_out(
        request,
        form,
        about=None,
        title=str(report),
        submit=submit,
        done=done,
        action=lambda: _go_on(report, form, request),
        lead=_("Only the managers of the agency see this page."),
        template="assessments/government_report.html",
        report=report,
        checks=report.checks.select_related("by"),
        cases=incomplete_cases(report.agency, clock.today()),
    )


def _go_on(
    report: GovernmentReport, form: DataCheckForm | SubmissionForm, request: PersonRequest
) -> GovernmentReport:
    act = submit_government_report if isinstance(form, SubmissionForm) else check_data
    return act(report=report, by=request.user, now=clock.now(), **form.cleaned_data)
