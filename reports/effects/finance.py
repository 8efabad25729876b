"""Where money is agreed there is an account of it: scheduled, filled in, and frozen."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import override

from interventions.models import Agreement
from notifications.working_days import add_working_days
from reports.effects.reports import keep_copy
from reports.effects.schedule import FINAL_REPORT_AFTER, out_of_july
from reports.models import READ_WITHIN, FinancialInsats, FinancialReport
from reports.queries import (
    account_of,
    agreement_that_counts,
    agreements_with_money,
    granted_by,
    money_findings,
)
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration

AFTER_THE_FINAL_REPORT = timedelta(days=30)  # inferred: domain.md 2.11


def accounts_due(end: date) -> date:
    """The day the account is due, so long after the final reports; nothing is due in July."""
    return out_of_july(out_of_july(end + FINAL_REPORT_AFTER) + AFTER_THE_FINAL_REPORT)


def accounts_due_early(ended_on: date) -> date:
    """The same for what ends before its time, without waiting for final reports."""
    return out_of_july(ended_on + AFTER_THE_FINAL_REPORT)


# --- when it is owed -------------------------------------------------------------------------


@after((Collaboration, "start_interventions"), (Collaboration, "extend"))
def schedule_the_account(change: Change) -> None:
    """It opens at the end of the insatser, and moves with it until then."""
    _schedule(change.instance)


@after((Agreement, "sign_for_agency"), (Agreement, "decide"))
def follow_the_agreed_money(change: Change) -> None:
    """An amendment may be the first to grant any, or divide it otherwise."""
    collaboration = change.instance.collaboration
    if collaboration.interventions_end_on is not None:
        _schedule(collaboration)
    for report in FinancialReport.objects.filter(collaboration=collaboration):
        if report.is_being_written:
            _fill_in(report, change.today)


@after((Collaboration, "withdraw"), (Collaboration, "terminate"))
def account_for_what_ends_early(change: Change) -> None:
    """The account is still owed (domain.md 2.3), and opens at once."""
    deadline = accounts_due_early(change.today)
    if agreements_with_money().filter(collaboration=change.instance).exists():
        FinancialReport.objects.get_or_create(
            collaboration=change.instance, defaults={"deadline_on": deadline}
        )
    FinancialReport.objects.filter(
        collaboration=change.instance, state=FinancialReport.State.SCHEDULED
    ).update(deadline_on=deadline, due_on=change.today)


def _schedule(collaboration: Collaboration) -> None:
    end = collaboration.interventions_end_on
    assert end is not None
    when = {"deadline_on": accounts_due(end), "due_on": end}
    if agreements_with_money().filter(collaboration=collaboration).exists():
        FinancialReport.objects.get_or_create(collaboration=collaboration, defaults=when)
    FinancialReport.objects.filter(
        collaboration=collaboration, state=FinancialReport.State.SCHEDULED
    ).update(**when)


# --- what it says ----------------------------------------------------------------------------


@after((FinancialReport, "open"))
def fill_in_what_is_known(change: Change) -> None:
    _fill_in(change.instance, change.today)


def _fill_in(report: FinancialReport, today: date) -> None:
    """What was granted and paid; what people have written stays as it is."""
    agreement = agreement_that_counts(report.collaboration)
    if agreement is None or not agreement.amount:
        return
    with override(settings.LANGUAGE_CODE):
        granted = granted_by(agreement, today)
    for each in granted:
        FinancialInsats.objects.update_or_create(
            report=report,
            number=each.number,
            defaults={"name": each.name, "granted": each.granted},
            create_defaults={"name": each.name, "granted": each.granted, "paid": each.paid},
        )
    gone = FinancialInsats.objects.filter(report=report).exclude(
        number__in=[each.number for each in granted]
    )
    # Of an insats that is granted nothing any more only what somebody has written is kept.
    gone.filter(explanation="", costs=None).delete()
    gone.update(granted=0)
    FinancialReport.objects.filter(pk=report.pk).update(agreed=agreement.amount)


# --- who signs -------------------------------------------------------------------------------


@before((FinancialReport, "prepare"))
def refuse_numbers_that_do_not_add_up(change: Change) -> None:
    account = account_of(change.instance)
    stops = [each.text for each in money_findings(account) if each.weight == "stop"]
    if stops:
        raise TransitionRefused(*stops)
    change.instance.prepared_by = change.by


@before((FinancialReport, "certify"), (FinancialReport, "certify_alone"))
def sign(change: Change) -> None:
    change.instance.certified_by = change.by


@after((FinancialReport, "certify"), (FinancialReport, "certify_alone"))
def freeze_the_account(change: Change) -> None:
    from reports.excel import write_workbook  # what reads and writes files is loaded when needed

    account = account_of(change.instance)
    keep_copy(change, content=account.plain(), file=write_workbook(change.instance, account))


@before((FinancialReport, "accept"))
def see_what_is_to_be_repaid(change: Change) -> None:
    """More paid out than used is asked back, and so gets a day."""
    to_repay = account_of(change.instance).to_repay
    if to_repay > 0:
        change.instance.repayment_amount = to_repay
        change.instance.due_on = add_working_days(change.today, READ_WITHIN)
