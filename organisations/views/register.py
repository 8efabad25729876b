"""The register of schools: bring its file, look at what it would change, and take that in."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import clock
from organisations.actions import bring_register, take_in
from organisations.doors import PersonRequest, signed_in
from organisations.forms import RegisterFileForm, TakeInForm
from organisations.models import RegisterFile
from organisations.permissions import keeps_schools
from organisations.register import NotARegisterError, Row, compare

LATEST = 20


def keeper(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For who keeps the schools; to the others there is no such page."""

    @signed_in
    @wraps(view)
    def enter(request: PersonRequest, **kwargs: Any) -> HttpResponse:
        if not keeps_schools(request.user, clock.today()):
            raise Http404
        return view(request, **kwargs)

    return enter


@keeper
def school_register(request: PersonRequest) -> HttpResponse:
    """A form for a new file, and the files that were brought before."""
    form = RegisterFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        brought = form.cleaned_data["file"]
        try:
            file = bring_register(
                name=brought.name[:200],
                content=brought.read(),
                with_new_organisers=form.cleaned_data["with_new_organisers"],
                by=request.user,
                now=clock.now(),
            )
        except NotARegisterError as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("organisations:schools_file", pk=file.pk)
    context = {
        "form": form,
        "files": RegisterFile.objects.select_related("brought_by").defer("rows")[:LATEST],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "organisations/school_register.html", context, status=status)


@keeper
def schools_file(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What the file would change now, each with a box, and what was taken in of it."""
    file = get_object_or_404(RegisterFile.objects.select_related("brought_by"), pk=pk)
    rows = [Row.from_data(data) for data in file.rows]
    comparison = compare(rows, with_new_organisers=file.with_new_organisers)
    # Without a tick the form is empty, and sent all the same.
    sent = request.POST if request.method == "POST" else None
    form = TakeInForm(sent, comparison=comparison)
    if form.is_valid():
        taken = take_in(
            file=file,
            chosen=form.chosen(),
            follows=form.follows(),
            by=request.user,
            now=clock.now(),
        )
        text = ngettext("%(count)s change is made.", "%(count)s changes are made.", len(taken))
        messages.success(request, text % {"count": len(taken)})
        return redirect("organisations:schools_file", pk=file.pk)
    context = {
        "file": file,
        "form": form,
        "comparison": comparison,
        "rows": form.rows(),
        "taken": file.taken_in.select_related("by"),
        "nothing": _("The register says nothing else than what stands here"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "organisations/schools_file.html", context, status=status)
