"""Keeping the calendar of a school authority: its school years and its breaks."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.clock import local_date
from organisations.models import SchoolBreak, SchoolYear, User
from organisations.school_calendar import suggested_year
from sbs_workflow.acting import act
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import SchoolAuthority
from sbs_workflow.permissions import can_keep_school_calendar, require
from sbs_workflow.queries import load_roles

Period = SchoolBreak | SchoolYear


@transaction.atomic
def keep_period(
    *, authority: SchoolAuthority, period: Period, by: User, now: datetime, **fields: Any
) -> SchoolAuthority:
    """Add a break or a school year, or change one that is there; sent twice it is added once.

    TransitionRefused when it shares a day with another of its kind.
    """
    _alone_with(authority, by, now)
    for name, value in fields.items():
        setattr(period, name, value)
    period.organisation = authority
    others = type(period)._default_manager.filter(organisation=authority).exclude(pk=period.pk)
    if period._state.adding and others.filter(**fields).exists():
        return authority
    overlapping = others.between(period.first_day, period.last_day).first()
    if overlapping is not None:
        raise TransitionRefused(
            _("It overlaps %(name)s, %(first)s to %(last)s.")
            % {
                "name": overlapping,
                "first": date_format(overlapping.first_day, "j F"),
                "last": date_format(overlapping.last_day, "j F Y"),
            }
        )
    period.save()
    return authority


@transaction.atomic
def remove_period(
    *, authority: SchoolAuthority, period: Period, by: User, now: datetime
) -> SchoolAuthority:
    """Take a break or a school year away; what waits for its end no longer does."""
    _alone_with(authority, by, now)
    type(period)._default_manager.filter(pk=period.pk, organisation=authority).delete()
    return authority


@transaction.atomic
def adopt_suggestion(
    *, authority: SchoolAuthority, begins_in: int, by: User, now: datetime
) -> SchoolAuthority:
    """Write down what is suggested for a school year, save what shares days with what is there."""
    _alone_with(authority, by, now)
    with override(settings.LANGUAGE_CODE):
        suggested = suggested_year(begins_in, authority.municipality_code)
    years = SchoolYear.objects.filter(organisation=authority)
    if not years.between(suggested.first_day, suggested.last_day).exists():
        SchoolYear.objects.create(
            organisation=authority, first_day=suggested.first_day, last_day=suggested.last_day
        )
    there = list(
        SchoolBreak.objects.filter(organisation=authority).between(
            date(begins_in, 7, 1), date(begins_in + 1, 6, 30)
        )
    )
    SchoolBreak.objects.bulk_create(
        SchoolBreak(
            organisation=authority,
            name=each.name,
            first_day=each.first_day,
            last_day=each.last_day,
        )
        for each in suggested.breaks
        if not any(it.first_day <= each.last_day and it.last_day >= each.first_day for it in there)
    )
    return authority


def _alone_with(authority: SchoolAuthority, by: User, now: datetime) -> None:
    """One writer at a time: that no two periods share a day is decided from the other rows."""
    load_roles(by, local_date(now))
    require(can_keep_school_calendar, authority, by)
    act(by=by, role=can_keep_school_calendar.role_of(authority, by), now=now)
    SchoolAuthority.objects.select_for_update(no_key=True).get(pk=authority.pk)
