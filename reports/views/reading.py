"""Reading in a report that was edited in Word: a preview first, and nothing stored before it."""

from collections.abc import Callable, Sized
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from notifications import clock
from reports.actions import write_answers
from reports.forms import FileForm, TakeForm, TakeMoneyForm
from reports.models import Report, SubmittedReport
from reports.permissions import can_write_report
from reports.queries import content_of
from reports.reading import compare, read_report
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused


@door(Report, may=can_write_report, alone=True)
def read_in(request: PersonRequest, report: Report) -> HttpResponse:
    """Three pages at one address: the file, what was understood, and back to the report."""
    if request.method == "POST" and "file" not in request.FILES and "take" in request.POST:
        return _take(request, report)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found = form.read(read_report)
        if found is not None:
            content = content_of(report)
            comparison = compare(content, found)
            trusts = found.identifier in ("", str(report.pk))
            taking = TakeForm(content=content, proposals=comparison.proposals, trusts=trusts)
            return _preview(request, report, taking, comparison)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(
        request, "reports/read_in.html", {"instance": report, "form": form}, status=status
    )


def _preview(
    request: PersonRequest, report: Report, form: TakeForm, comparison: object
) -> HttpResponse:
    context = {
        "instance": report,
        "form": form,
        "comparison": comparison,
        "rows": list(form.rows()),
    }
    return render(request, "reports/understood.html", context)


def _take(request: PersonRequest, report: Report) -> HttpResponse:
    form = TakeForm(request.POST, content=content_of(report))
    return take_in(
        request,
        form,
        about=report,
        write=lambda: write_answers(
            report=report, answers=form.said(), by=request.user, now=clock.now()
        ),
    )


def take_in(
    request: PersonRequest,
    form: TakeForm | TakeMoneyForm,
    *,
    about: SubmittedReport,
    write: Callable[[], Sized],
) -> HttpResponse:
    """Store what is ticked with ``write``, which returns the cells that changed."""
    if form.is_valid():
        try:
            written = write()
        except TransitionRefused as refused:
            form.add_error(None, refused.reasons)
        else:
            done = ngettext(
                "%(count)s cell was taken in.", "%(count)s cells were taken in.", len(written)
            )
            messages.success(request, done % {"count": len(written)})
            return redirect(about)
    context = {"instance": about, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "reports/not_taken.html", context, status=status)
