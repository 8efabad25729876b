"""The register of an authority, the documents of a case, and the case as one file."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from organisations.models import Organisation
from records.actions import register
from records.archive import archive_of, name_of_archive
from records.doors import keeps_register
from records.forms import RegistrationForm, SearchForm, stored_registration
from records.permissions import can_register, can_see_readings
from records.queries import (
    Entry,
    entries_of,
    entry_of,
    led_organisations,
    own_authorities,
    register_of,
    registered_organisations,
)
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out

ROWS_ON_A_PAGE = 50
# What a spreadsheet takes for a formula (reliability.md I5).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@door(Collaboration)
@require_safe
def papers(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Every document of the case: working paper or official, since when, and under which number."""
    authorities = own_authorities(collaboration, request.user)
    keeps = set(registered_organisations(request.user))
    context = {
        "collaboration": collaboration,
        "papers": entries_of(collaboration, request.user, authorities),
        "authorities": authorities,
        "registers": [authority for authority in authorities if authority in keeps],
        "may_register": can_register(collaboration, request.user),
        "may_see_readings": can_see_readings(collaboration, request.user),
    }
    return render(request, "records/papers.html", context)


@door(Collaboration, may=can_register)
def register_paper(
    request: PersonRequest, collaboration: Collaboration, machine: str, key: UUID
) -> HttpResponse:
    """What one's own authority has in its diary about one document."""
    authorities = [
        authority
        for authority in own_authorities(collaboration, request.user)
        if authority in registered_organisations(request.user)
    ]
    entry = entry_of(collaboration, request.user, authorities[0], machine, key)
    if entry is None:
        raise Http404
    form = RegistrationForm(request.POST or None, initial=stored_registration(entry.registration))
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Register: %(document)s") % {"document": entry.paper.name},
        lead=_("In the diary of %(authority)s.") % {"authority": entry.authority},
        submit=_("Save"),
        done=_("The document is registered."),
        goes_on_to="records:papers",
        action=lambda: (
            register(
                paper=entry.paper,
                authority=entry.authority,
                by=request.user,
                now=clock.now(),
                **form.cleaned_data,
            ).collaboration
        ),
    )


@signed_in
@require_safe
def registers(request: PersonRequest) -> HttpResponse:
    """The authorities whose registers this person keeps."""
    context = {
        "organisations": registered_organisations(request.user),
        "answers_for_people": led_organisations(request.user).exists(),
    }
    return render(request, "records/registers.html", context)


@keeps_register
@require_safe
def register_list(request: PersonRequest, authority: Organisation) -> HttpResponse:
    form = SearchForm(request.GET)
    found: Any = register_of(authority, request.user, search=form.search())
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"authority": authority, "form": form, "page": page, "query": query.urlencode()}
    return render(request, "records/register.html", context)


@keeps_register
@require_safe
def register_file(request: PersonRequest, authority: Organisation) -> Any:
    """The register as a file for the diary: one document a line, semicolons as Excel wants them."""
    search = SearchForm(request.GET).search()
    rows = _lines(register_of(authority, request.user, search=search))
    return StreamingHttpResponse(
        rows,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="diarium.csv"'},
    )


class _Line:
    """What ``csv`` writes to: it hands each line on at once."""

    def write(self, line: str) -> str:
        return line


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    yield writer.writerow(
        [
            _("Date"),
            _("Diary number"),
            _("Received or drawn up"),
            _("From or to"),
            _("Document"),
            _("Collaboration"),
            _("Status"),
            _("Secrecy"),
            _("Key"),
        ]
    )
    for entry in entries:
        yield writer.writerow(map(_as_text, _cells(entry)))


def _cells(entry: Entry) -> list[Any]:
    return [
        entry.on or "",
        entry.number,
        entry.kind_label,
        entry.counterpart,
        entry.paper.name,
        entry.collaboration.name,
        entry.status_label,
        entry.secrecy,
        entry.paper.instance.pk,
    ]


def _as_text(value: object) -> str:
    """A cell that no spreadsheet reckons with."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


@door(Collaboration)
@require_safe
def archive(request: PersonRequest, collaboration: Collaboration) -> Any:
    """The whole case, with what this person may see, as a ZIP file that archives know."""
    now = clock.now()
    name = name_of_archive(collaboration, now)
    return StreamingHttpResponse(
        archive_of(collaboration, request.user, now),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )
