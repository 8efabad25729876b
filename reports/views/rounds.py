"""Questions to the huvudman, their replies, and what was completed from round to round."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.actions import reply, return_report
from reports.forms import ReplyForm, ReturnForm
from reports.models import Question, Report, UniversityReport, WrittenReport
from reports.permissions import can_return_report, can_write_report
from reports.queries import content_for, rounds_of
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.pages import carry_out


@door(Report, may=can_return_report, alone=True)
def return_for_completion(request: PersonRequest, report: Report) -> HttpResponse:
    form = ReturnForm(
        request.POST or None, report=report, content=content_for(report, request.user)
    )
    return carry_out(
        request,
        form,
        about=report,
        title=_("Return for completion"),
        lead=_(
            "Write a question to each section that you want to know more about."
            " The huvudman has ten working days, and replies to each question."
        ),
        submit=_("Return the report"),
        done=_("The report is returned with your questions."),
        draft="komplettera",
        action=lambda: return_report(
            report=report,
            questions=form.questions(),
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
            seen_state=form.cleaned_data["seen_state"],
        ),
    )


@door(Question, may=can_write_report, alone=True)
def reply_to(request: PersonRequest, question: Question) -> HttpResponse:
    form = ReplyForm(request.POST or None, initial={"reply": question.reply})
    return carry_out(
        request,
        form,
        about=question.report,
        title=_("Reply to a question"),
        lead=question.text,
        submit=_("Save"),
        done=_("Saved."),
        draft="svar",
        action=lambda: (
            reply(
                question=question,
                text=form.cleaned_data["reply"],
                by=request.user,
                now=clock.now(),
            ).report
        ),
    )


def _differences(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    """What each completion has changed."""
    context = {"instance": report, "rounds": rounds_of(report)}
    return render(request, "reports/differences.html", context)


differences = door(Report)(require_safe(_differences))
university_differences = door(UniversityReport)(require_safe(_differences))
