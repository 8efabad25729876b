"""The page of a report, and the pages on which its parts are written."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.actions import write_answers
from reports.forms import SectionForm
from reports.layout import document_of, grids_of
from reports.models import Question, Report, UniversityReport, WrittenReport
from reports.permissions import (
    can_return_report,
    can_take_up_deviations,
    can_write,
    can_write_report,
    can_write_university_report,
)
from reports.queries import (
    Content,
    Line,
    content_for,
    content_of,
    earlier_reports,
    findings,
    rounds_of,
    sections,
    writers_of,
)
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import object_page

AUTOSAVE = "X-Autosave"


def _page(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    content = content_for(report, request.user)
    is_writing = report.is_open_for_writing and can_write(report)(report, request.user)
    is_own_side = report.is_own_side(request.user)
    found = findings(content) if content and is_own_side else []
    parts = sections(content, found) if content and is_writing else []
    questions = _questions(report)
    # Those of an earlier round are done with.
    asked_now = [each for each in questions if is_writing and each.round == report.rounds]
    context = {
        "instance": report,
        "page": object_page(report, request.user, clock.today()),
        "content": content,
        "document": document_of(content) if content else None,
        "may_write": is_writing,
        "sections": parts,
        "unfinished": next((part for part in parts if part.state != "done"), None),
        "findings": found if report.is_being_written else [],
        "rounds": rounds_of(report) if report.received_at else [],
        "questions": questions,
        "unanswered": next((each for each in asked_now if not each.reply), None),
        "may_ask": can_return_report(report, request.user),
        "may_take_up": can_take_up_deviations(report, request.user),
    }
    return render(request, report.TEMPLATE, context)


report = door(Report)(require_safe(_page))
university_report = door(UniversityReport)(require_safe(_page))


def _questions(report: WrittenReport) -> list[Question]:
    """Of the agency to the huvudman; a lärosäte is asked none."""
    if not isinstance(report, Report) or not report.rounds:
        return []
    return list(report.questions.select_related("asked_by", "replied_by"))


def _write(request: PersonRequest, report: WrittenReport, section: str) -> HttpResponse:
    """One part of the report. A script saves it while it is written; it works without one."""
    content = content_of(report)
    lines = _lines_of(content, section)
    if request.method != "POST" and not report.is_open_for_writing:
        return redirect(report)
    form = SectionForm(request.POST or None, lines=lines)
    is_autosave = AUTOSAVE in request.headers
    if request.method == "POST" and form.is_valid():
        try:
            write_answers(report=report, answers=form.said(), by=request.user, now=clock.now())
        except TransitionRefused as refused:
            form.add_error(None, refused.reasons)
        else:
            if is_autosave:
                return _saved(report, section)
            messages.success(request, _("Saved."))
            return redirect(_after(request, report, section, content))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if is_autosave:
        return JsonResponse({"fields": list(form.errors)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(
        request,
        "reports/write.html",
        _writing(request, report, content, section, form, lines),
        status=status,
    )


def _lines_of(content: Content, section: str) -> list[Line]:
    part = content.part(section)
    if part is None:
        raise Http404
    return part.lines


write = door(Report, may=can_write_report, alone=True)(_write)
university_write = door(UniversityReport, may=can_write_university_report, alone=True)(_write)


def _saved(report: WrittenReport, section: str) -> HttpResponse:
    """What is stored now, so that the page can show what others have written meanwhile."""
    form = SectionForm(lines=_lines_of(content_of(report), section))
    return JsonResponse(
        {
            "at": f"{timezone.localtime(clock.now()):%H:%M}",
            "seen": form["seen"].value(),
            "values": form.initial,
        }
    )


def _after(request: PersonRequest, report: WrittenReport, section: str, content: Content) -> str:
    """The next part, where the person asked for it."""
    keys = [part.key for part in content.parts]
    following = keys[keys.index(section) + 1 :]
    if "next" not in request.POST:
        return content.url_of(section)
    return content.url_of(following[0]) if following else report.get_absolute_url()


def _writing(
    request: PersonRequest,
    report: WrittenReport,
    content: Content,
    section: str,
    form: SectionForm,
    lines: list[Line],
) -> dict[str, Any]:
    found = findings(content)
    earlier = earlier_reports(report)[:EARLIER_AT_MOST]
    questions = [question for question in _questions(report) if question.round == report.rounds]
    parts = sections(content, found)
    return {
        "instance": report,
        "content": content,
        "section": section,
        "part": next(part for part in parts if part.key == section),
        "sections": parts,
        "form": form,
        "lines": [
            (line, grids_of(line), list(form.written(line, earlier, questions))) for line in lines
        ],
        "findings": [finding for finding in found if finding.part == section],
        "writers": writers_of(report, clock.now(), but=request.user),
        "is_last": parts[-1].key == section,
    }


EARLIER_AT_MOST = 3  # reports, shown beside a field


def _writers(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    """Who else is writing: a part of the page that asks again by itself."""
    found = writers_of(report, clock.now(), but=request.user)
    return render(request, "reports/writers.html", {"instance": report, "writers": found})


writers = door(Report, may=can_write_report)(require_safe(_writers))
university_writers = door(UniversityReport, may=can_write_university_report)(require_safe(_writers))
