"""The financial report: its page, the pages on which it is written, and Excel out and in."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.actions import write_account, write_contact
from reports.excel import compare_account, read_workbook, write_workbook
from reports.forms import ContactForm, InsatsMoneyForm, TakeMoneyForm, WorkbookForm
from reports.models import FinancialReport
from reports.permissions import can_keep_accounts
from reports.queries import (
    Account,
    InsatsAccount,
    account_for,
    account_of,
    copies_of,
    money_findings,
)
from reports.views.files import EXCEL, download, frozen_file
from reports.views.reading import take_in
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import carry_out, object_page


@door(FinancialReport)
@require_safe
def report(request: PersonRequest, report: FinancialReport) -> HttpResponse:
    account = account_for(report, request.user)
    is_own_side = report.is_own_side(request.user)
    is_writing = report.is_open_for_writing and can_keep_accounts(report, request.user)
    is_as_received = report.is_being_written and not is_own_side
    context = {
        "instance": report,
        "page": object_page(report, request.user, clock.today()),
        "account": account,
        "may_write": is_writing,
        "is_as_received": is_as_received,
        "findings": money_findings(account)
        if account and is_own_side and report.is_being_written
        else [],
        "copies": copies_of(report) if report.received_at else [],
    }
    return render(request, "reports/finance.html", context)


# --- writing -------------------------------------------------------------------------------


@door(FinancialReport, may=can_keep_accounts, alone=True)
def insats(request: PersonRequest, report: FinancialReport, number: int) -> HttpResponse:
    """The money of one insats."""
    account = account_of(report)
    found = account.insats(number)
    if found is None:
        raise Http404
    if request.method != "POST" and not report.is_open_for_writing:
        return redirect(report)
    form = InsatsMoneyForm(request.POST or None, insats=found)
    if request.method == "POST" and form.is_valid():
        try:
            write_account(report=report, said=form.said(), by=request.user, now=clock.now())
        except TransitionRefused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Saved."))
            return redirect(_after(request, report, account, found))
    context = {
        "instance": report,
        "account": account,
        "part": found,
        "form": form,
        "is_last": account.insatser[-1] == found,
        "findings": [each for each in money_findings(account) if each.number == number],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reports/finance_insats.html", context, status=status)


def _after(
    request: PersonRequest, report: FinancialReport, account: Account, insats: InsatsAccount
) -> str:
    """The next insats where the person goes on, and then the whole; else the same one."""
    if "next" not in request.POST:
        return reverse("reports:finance_insats", args=[report.pk, insats.number])
    following = account.insatser[account.insatser.index(insats) + 1 :]
    if following:
        return reverse("reports:finance_insats", args=[report.pk, following[0].number])
    return report.get_absolute_url()


@door(FinancialReport, may=can_keep_accounts, alone=True)
def contact(request: PersonRequest, report: FinancialReport) -> HttpResponse:
    """Whom an invoice goes to; and the reply, where the agency has asked."""
    if request.method != "POST" and not report.is_open_for_writing:
        return redirect(report)
    form = ContactForm(request.POST or None, report=report)
    return carry_out(
        request,
        form,
        about=report,
        title=_("Contact and reply") if report.question else _("Contact for an invoice"),
        lead=report.question,
        submit=_("Save"),
        done=_("Saved."),
        draft="ekonomikontakt",
        action=lambda: write_contact(
            report=report, by=request.user, now=clock.now(), **form.said()
        ),
    )


# --- Excel ---------------------------------------------------------------------------------


@door(FinancialReport)
@require_safe
def in_excel(request: PersonRequest, report: FinancialReport) -> HttpResponse:
    account = account_for(report, request.user)
    if account is None:
        raise Http404
    return download(write_workbook(report, account), EXCEL, f"{report}, {report.collaboration}")


@door(FinancialReport)
@require_safe
def frozen(request: PersonRequest, report: FinancialReport, number: int) -> HttpResponse:
    return frozen_file(report, number, EXCEL)


@door(FinancialReport, may=can_keep_accounts, alone=True)
def read_in(request: PersonRequest, report: FinancialReport) -> HttpResponse:
    """Three pages at one address: the file, what was understood, and back to the report."""
    if request.method == "POST" and "file" not in request.FILES and "take" in request.POST:
        return _take(request, report)
    if request.method != "POST" and not report.is_open_for_writing:
        return redirect(report)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        account = account_of(report)
        found = form.read(lambda file: read_workbook(file, account))
        if found is not None:
            comparison = compare_account(account, found)
            is_ours = found.identifier in ("", str(report.pk))
            taking = TakeMoneyForm(account=account, proposals=comparison.proposals, trusts=is_ours)
            context = {
                "instance": report,
                "form": taking,
                "rows": list(taking.rows()),
                "alike": comparison.alike,
                "warnings": found.warnings,
                "unplaced": found.unplaced,
                "is_of_another": not is_ours,
            }
            return render(request, "reports/finance_understood.html", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"instance": report, "form": form}
    return render(request, "reports/finance_read_in.html", context, status=status)


def _take(request: PersonRequest, report: FinancialReport) -> HttpResponse:
    form = TakeMoneyForm(request.POST, account=account_of(report))
    return take_in(
        request,
        form,
        about=report,
        write=lambda: write_account(
            report=report, said=form.said(), by=request.user, now=clock.now()
        ),
    )
