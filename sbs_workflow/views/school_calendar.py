"""The pages about the school years and breaks of a school authority."""

from typing import Any
from uuid import UUID

from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from organisations.models import SchoolBreak, SchoolYear, name_of_school_year
from organisations.school_calendar import suggested_year
from sbs_workflow.actions import adopt_suggestion, keep_period, remove_period
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.forms import BreakForm, SchoolYearForm, SureForm
from sbs_workflow.models import SchoolAuthority
from sbs_workflow.pages import carry_out
from sbs_workflow.permissions import can_keep_school_calendar
from sbs_workflow.queries import school_years_of
from sbs_workflow.widgets import FIRST_DAY, LAST_DAY

FORM = "sbs_workflow/school_calendar_form.html"


@signed_in
@require_safe
def school_calendars(request: PersonRequest) -> HttpResponse:
    """The authorities whose calendars this person may read, or the only one's calendar."""
    authorities = list(SchoolAuthority.objects.visible_to(request.user))
    if len(authorities) == 1:
        return _calendar_page(request, authorities[0])
    return render(request, "sbs_workflow/school_calendars.html", {"authorities": authorities})


@door(SchoolAuthority)
@require_safe
def school_calendar(request: PersonRequest, authority: SchoolAuthority) -> HttpResponse:
    return _calendar_page(request, authority)


def _calendar_page(request: PersonRequest, authority: SchoolAuthority) -> HttpResponse:
    context = {
        "authority": authority,
        "years": school_years_of(authority, clock.today()),
        "may_keep": can_keep_school_calendar(authority, request.user),
    }
    return render(request, "sbs_workflow/school_calendar.html", context)


@door(SchoolAuthority, may=can_keep_school_calendar)
def new_break(request: PersonRequest, authority: SchoolAuthority) -> HttpResponse:
    form = BreakForm(request.POST or None)
    return _keep(request, authority, SchoolBreak(), form, title=_("New break"))


@door(SchoolAuthority, may=can_keep_school_calendar)
def new_school_year(request: PersonRequest, authority: SchoolAuthority) -> HttpResponse:
    form = SchoolYearForm(request.POST or None)
    return _keep(request, authority, SchoolYear(), form, title=_("New school year"))


@door(SchoolAuthority, may=can_keep_school_calendar)
def edit_break(request: PersonRequest, authority: SchoolAuthority, period: UUID) -> HttpResponse:
    found = get_object_or_404(authority.school_breaks, pk=period)
    form = BreakForm(request.POST or None, initial=model_to_dict(found))
    return _keep(request, authority, found, form, title=found.name)


@door(SchoolAuthority, may=can_keep_school_calendar)
def edit_school_year(
    request: PersonRequest, authority: SchoolAuthority, period: UUID
) -> HttpResponse:
    found = get_object_or_404(authority.school_years, pk=period)
    form = SchoolYearForm(request.POST or None, initial=model_to_dict(found))
    title = _("School year %(year)s") % {"year": found}
    return _keep(request, authority, found, form, title=title)


@door(SchoolAuthority, may=can_keep_school_calendar)
def break_goes(request: PersonRequest, authority: SchoolAuthority, period: UUID) -> HttpResponse:
    found = get_object_or_404(authority.school_breaks, pk=period)
    return _remove(request, authority, found, title=_("Take the break away"))


@door(SchoolAuthority, may=can_keep_school_calendar)
def school_year_goes(
    request: PersonRequest, authority: SchoolAuthority, period: UUID
) -> HttpResponse:
    found = get_object_or_404(authority.school_years, pk=period)
    return _remove(request, authority, found, title=_("Take the school year away"))


@door(SchoolAuthority, may=can_keep_school_calendar)
def adopt(request: PersonRequest, authority: SchoolAuthority, begins_in: int) -> HttpResponse:
    """Write down a whole school year as suggested, with one press."""
    if not FIRST_DAY.year <= begins_in < LAST_DAY.year:
        raise Http404
    year = name_of_school_year(begins_in)
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=authority,
        title=_("Suggestion for the school year %(year)s") % {"year": year},
        lead=authority.name,
        submit=_("Use the suggestion"),
        done=_("The school year is written down. Change what is different with you."),
        action=lambda: adopt_suggestion(
            authority=authority, begins_in=begins_in, by=request.user, now=clock.now()
        ),
        template=FORM,
        suggestion=suggested_year(begins_in, authority.municipality_code),
    )


def _keep(
    request: PersonRequest,
    authority: SchoolAuthority,
    period: SchoolBreak | SchoolYear,
    form: Any,
    title: str,
) -> HttpResponse:
    return carry_out(
        request,
        form,
        about=authority,
        title=title,
        lead=authority.name,
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: keep_period(
            authority=authority,
            period=period,
            by=request.user,
            now=clock.now(),
            **form.cleaned_data,
        ),
        template=FORM,
    )


def _remove(
    request: PersonRequest,
    authority: SchoolAuthority,
    period: SchoolBreak | SchoolYear,
    title: str,
) -> HttpResponse:
    days = {
        "name": period,
        "first": date_format(period.first_day, "j F Y"),
        "last": date_format(period.last_day, "j F Y"),
    }
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=authority,
        title=title,
        lead=_("%(name)s, %(first)s to %(last)s") % days,
        submit=_("Take away"),
        done=_("It is taken away."),
        action=lambda: remove_period(
            authority=authority, period=period, by=request.user, now=clock.now()
        ),
        template=FORM,
    )
