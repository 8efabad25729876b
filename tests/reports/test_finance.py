"""Ekonomisk redovisning: when it is owed, what it says, who signs it, and Excel out and in."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from interventions.models import Instalment
from notifications.automatic import registry as each_tick
from notifications.duties import open_duties
from notifications.working_days import add_working_days
from organisations.models import User
from organisations.prose import tidy
from reports.actions import write_account, write_contact
from reports.automatic import open_financial_reports
from reports.effects import accounts_due
from reports.excel import compare_account, read_workbook, write_workbook
from reports.excel.reader import LARGEST_UNPACKED, LARGEST_WORKBOOK
from reports.models import Cost, CostKind, FinancialCopy, FinancialInsats, FinancialReport
from reports.money import NoAmountError, as_typed, divided, in_kronor, read_amount, total
from reports.queries import (
    Account,
    CostSaid,
    InsatsAccount,
    Place,
    account_for,
    account_of,
    money_findings,
)
from reports.reading import NotReadable
from sbs_workflow.engine import TransitionRefused, choices, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Collaboration
from sbs_workflow.models import Phase as CasePhase
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

TRAVEL = Place(1, "used", CostKind.TRAVEL)
EXPLANATION = Place(1, "explanation")
AMOUNTS = st.decimals(0, 10**9, places=2)
LogIn = Callable[[User], Client]


@pytest.fixture
def log_in() -> LogIn:
    def log_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return log_in


# --- amounts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12500", "12500"),
        ("12 500", "12500"),
        ("12\u00a0500,50 kr", "12500.50"),
        ("12\u202f500.5", "12500.50"),
        ("1 450 000:-", "1450000"),
        ("0", "0"),
        ("-0", "0"),
        ("0,01 SEK", "0.01"),
        ("9999999999,99", "9999999999.99"),
    ],
)
def test_amounts_as_people_write_them(written: str, amount: str):
    assert read_amount(written) == Decimal(amount)


def test_nothing_is_no_amount():
    assert read_amount(" \u00a0") is None


@pytest.mark.parametrize(
    "written",
    [
        "tolv",
        "-1",
        "−1",
        "1e5",
        "NaN",
        "12,345",
        "1.450.000",
        "=1+1",
        "٣",
        "10000000000",
        "9" * 5000,
    ],
)
def test_what_is_no_amount_is_refused(written: str):
    with pytest.raises(NoAmountError, match=r"\w"):
        read_amount(written)


@given(AMOUNTS)
def test_what_is_shown_in_a_field_is_read_back(amount: Decimal):
    assert read_amount(as_typed(amount)) == amount


def test_whole_kronor_are_shown_and_half_a_krona_goes_up():
    assert in_kronor(Decimal("12500.50")).replace("\u00a0", " ") == "12 501 kr"
    assert in_kronor(Decimal("-0.4")) == "0 kr"


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=20))
def test_dividing_loses_no_ore(amount: Decimal, shares: list[Decimal]):
    parts = divided(amount, shares)
    assert all(part >= 0 for part in parts)
    assert total(parts) == (amount if total(shares) else 0)
    for part, share in zip(parts, shares, strict=True):
        if total(shares):
            assert abs(part - amount * share / total(shares)) <= Decimal("0.01")


# --- what an account says ------------------------------------------------------------------


def amounts_or_nothing() -> Any:
    return st.none() | AMOUNTS


def texts_of_a_field(alphabet: str, **bounds: int) -> Any:
    """As a field keeps them: a space at the end of a line never reaches the database."""
    return st.text(alphabet, **bounds).map(tidy).map(str.strip)


def insatser(number: int) -> Any:
    costs = [
        st.builds(CostSaid, st.just(kind), amounts_or_nothing(), amounts_or_nothing())
        for kind in CostKind.values
    ]
    return st.builds(
        InsatsAccount,
        number=st.just(number),
        name=texts_of_a_field("abcåäö =+-@", min_size=1).filter(bool),
        granted=AMOUNTS,
        paid=amounts_or_nothing(),
        explanation=texts_of_a_field("abcåäö =+-@\n", max_size=40),
        costs=st.tuples(*costs).map(list),
    )


ACCOUNTS = st.integers(1, 4).flatmap(
    lambda count: st.builds(
        Account,
        report=st.just("00000000-0000-4000-8000-000000000000"),
        agreed=AMOUNTS,
        insatser=st.tuples(*(insatser(number) for number in range(1, count + 1))).map(list),
        invoice_contact=texts_of_a_field("abc", max_size=5),
    )
)


@settings(max_examples=40)
@given(ACCOUNTS)
def test_used_and_unused_are_what_was_granted_to_the_ore(account: Account):
    assert account.used + account.unused == account.granted
    for insats in account.insatser:
        assert insats.used + insats.unused == insats.granted
    assert total(cost.used for cost in account.by_kind) == account.used
    assert total(cost.own_share for cost in account.by_kind) == account.own_share
    assert account.to_repay == max(account.paid - account.used, Decimal(0))


@settings(max_examples=40)
@given(ACCOUNTS)
def test_what_is_frozen_reads_back_the_same(account: Account):
    assert Account.read(account.plain()) == account


def weights(account: Account) -> list[tuple[str, int | None]]:
    return [(finding.weight, finding.number) for finding in money_findings(account)]


def an_account(used: int | None, explanation: str = "", **fields: Any) -> Account:
    costs = [CostSaid(CostKind.TRAVEL, None if used is None else Decimal(used))]
    insats = InsatsAccount(1, "Matematik", Decimal(100), Decimal(100), explanation, costs)
    values = {"agreed": Decimal(100), "insatser": [insats], "invoice_contact": "Eva", **fields}
    return Account(report="00000000-0000-4000-8000-000000000000", **values)


def test_what_adds_up_is_left_alone():
    assert weights(an_account(100)) == []
    assert weights(an_account(60, "Ett besök ställdes in.")) == []


def test_what_is_missing_or_does_not_add_up_is_told():
    assert weights(an_account(60)) == [("stop", 1)]
    assert weights(an_account(None)) == [("stop", 1)]
    assert weights(an_account(100, invoice_contact=" ")) == [("stop", None)]
    assert weights(an_account(100, agreed=Decimal(90))) == [("contradiction", 1)]
    assert weights(an_account(101)) == [("stop", 1), ("contradiction", 1)]


def test_money_that_has_moved_between_insatser_is_a_contradiction_and_no_stop():
    over, under = an_account(110).insatser[0], an_account(90, "Flyttat.").insatser[0]
    account = an_account(0, agreed=Decimal(200), insatser=[over, under])
    assert weights(account) == [("contradiction", 1)]


def test_other_costs_are_asked_about():
    costs = [CostSaid(CostKind.OTHER, Decimal(100))]
    insats = InsatsAccount(1, "Matematik", Decimal(100), Decimal(100), "", costs)
    assert weights(an_account(0, insatser=[insats])) == [("advice", 1)]


# --- when it is owed -----------------------------------------------------------------------


def an_agreement(cast: Cast, amounts: list[int | None], amount: int | None = 100_000) -> Any:
    agreement = factories.agreement(
        cast.ours.collaboration, state="signed", with_terms=False, amount=amount
    )
    for each in amounts:
        factories.terms(agreement, name=f"Insats om {each}", amount=each)
    Instalment.objects.create(agreement=agreement, pays_on=TODAY, amount=Decimal("80000.01"))
    Instalment.objects.create(
        agreement=agreement, pays_on=TODAY + timedelta(days=90), amount=Decimal(19_999)
    )
    return agreement


def start(cast: Cast) -> None:
    perform(
        factories.put(cast.ours.collaboration, "agreed").start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        interventions_start_on=TODAY,
        interventions_end_on=date(2028, 1, 14),
    )


def test_it_is_due_thirty_days_after_the_final_reports_and_not_in_july():
    assert accounts_due(date(2028, 1, 14)) == date(2028, 3, 15)
    assert accounts_due(date(2026, 5, 15)).month == 8


def test_it_is_scheduled_where_money_is_agreed(cast: Cast):
    an_agreement(cast, [100_000])
    start(cast)
    report = FinancialReport.objects.get()
    assert (report.state, report.due_on) == ("scheduled", date(2028, 1, 14))
    assert report.deadline_on == accounts_due(date(2028, 1, 14))


@pytest.mark.parametrize("amount", [None, 0])
def test_it_is_not_where_none_is(cast: Cast, amount: int | None):
    an_agreement(cast, [None], amount=amount)
    start(cast)
    assert not FinancialReport.objects.exists()


def test_an_extension_moves_it_until_it_has_opened(cast: Cast):
    an_agreement(cast, [100_000])
    case = cast.ours.collaboration
    report = factories.financial_report(case, state="scheduled")
    end = date(2028, 9, 1)
    extension: dict[str, Any] = {"by": cast.agency_manager, "now": NOW, "reason": "Fler skolor"}
    perform(case.extend, interventions_end_on=end, **extension)
    moved = FinancialReport.objects.get()
    assert (moved.due_on, moved.deadline_on) == (end, accounts_due(end))
    factories.put(report, "open")
    perform(case.extend, interventions_end_on=date(2029, 1, 1), **extension)
    assert FinancialReport.objects.get().deadline_on == accounts_due(end)


def test_it_opens_at_the_end_filled_in_with_what_is_known(cast: Cast):
    an_agreement(cast, [60_000, None, 25_000])
    report = factories.financial_report(
        cast.ours.collaboration, state="scheduled", due_on=TODAY, with_costs=False
    )
    FinancialInsats.objects.all().delete()
    assert open_financial_reports in each_tick
    assert open_financial_reports(NOW - timedelta(days=1)) == 0
    assert open_financial_reports(NOW) == 1
    assert open_financial_reports(NOW) == 0
    opened = FinancialReport.objects.get()
    assert (opened.state, opened.due_on, opened.agreed) == ("open", report.deadline_on, 100_000)
    rows = {row.number: (row.granted, row.paid) for row in FinancialInsats.objects.all()}
    assert rows == {
        0: (15_000, Decimal("12000.00")),  # what the agreement has not divided
        1: (60_000, Decimal("48000.01")),
        3: (25_000, Decimal("20000.00")),
    }


def test_an_undivided_agreement_is_accounted_for_as_a_whole(cast: Cast):
    an_agreement(cast, [None, None])
    factories.financial_report(cast.ours.collaboration, state="scheduled", due_on=TODAY)
    FinancialInsats.objects.all().delete()
    open_financial_reports(NOW)
    assert [(row.number, row.granted) for row in FinancialInsats.objects.all()] == [(0, 100_000)]


def test_it_does_not_open_without_money_nor_while_the_case_is_paused(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="scheduled", due_on=TODAY)
    assert open_financial_reports(NOW) == 0
    an_agreement(cast, [100_000])
    factories.put(report.collaboration, "paused")
    assert open_financial_reports(NOW) == 0


@pytest.mark.parametrize("step", ["withdraw", "terminate"])
def test_what_ends_early_is_accounted_for_at_once(cast: Cast, step: str):
    an_agreement(cast, [100_000])
    case = cast.ours.collaboration
    by = cast.ours.head_of_authority if step == "withdraw" else cast.agency_manager
    perform(getattr(case, step), by=by, now=NOW, reason="Nämndens beslut")
    assert open_financial_reports(NOW) == 1
    report = FinancialReport.objects.get()
    assert (report.state, report.deadline_on) == ("open", TODAY + timedelta(days=30))
    assert owed_on(case, TODAY) == ["reports.write-financial-report"]


def test_ending_a_case_without_money_owes_no_account(cast: Cast):
    case = cast.ours.collaboration
    perform(case.withdraw, by=cast.ours.head_of_authority, now=NOW, reason="Nämndens beslut")
    assert not FinancialReport.objects.exists()


def test_an_amendment_changes_what_is_granted_and_leaves_what_is_written(cast: Cast):
    before = an_agreement(cast, [60_000, 40_000])
    case = cast.ours.collaboration
    report = factories.financial_report(case, state="scheduled", due_on=TODAY)
    FinancialInsats.objects.all().delete()
    open_financial_reports(NOW)
    said = {Place(2, "used", CostKind.TRAVEL): Decimal(7)}
    write_account(report=report, said=said, by=cast.ours.coordinator, now=NOW)
    after = factories.agreement(
        case, state="countersigned", version=2, with_terms=False, amount=120_000
    )
    factories.terms(after, name="Större", amount=120_000)
    assert before.amount != after.amount
    perform(after.sign_for_agency, by=cast.agency_manager, now=NOW)
    rows = [(row.number, row.name, row.granted) for row in FinancialInsats.objects.all()]
    assert rows == [(1, "Större", 120_000), (2, "Insats om 40000", 0)]
    assert FinancialReport.objects.get().agreed == 120_000
    assert Cost.objects.get(insats__number=2).used == 7


# --- duties and the gate -------------------------------------------------------------------


def owed_on(case: Any, today: date) -> list[str]:
    return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]


DUTIES = {
    "open": "reports.write-financial-report",
    "prepared": "reports.certify-financial-report",
    "submitted": "reports.read-financial-report",
    "returned": "reports.complete-financial-report",
    "accepted": "reports.request-repayment",
    "repayment_requested": "reports.repay",
}


@pytest.mark.parametrize("state", list(FinancialReport.State))
def test_each_duty_opens_and_falls_away(cast: Cast, state: str):
    case = cast.ours.collaboration
    name = DUTIES.get(state)
    shown_on = TODAY + timedelta(days=2)  # so that it is due on a weekday
    factories.financial_report(case, state=state, due_on=shown_on + timedelta(days=60))
    expected = [name] if name else []
    assert owed_on(case, shown_on - timedelta(days=1)) == []
    for standing in ("active", "reporting", "withdrawn", "terminated"):
        factories.put(case, standing)
        assert owed_on(case, shown_on) == expected
    factories.put(case, "paused")
    assert owed_on(case, shown_on) == []


@pytest.mark.parametrize("state", list(FinancialReport.State))
def test_a_case_is_closed_when_its_account_is_accepted(cast: Cast, state: str):
    case = cast.ours.collaboration
    report = factories.financial_report(case, state=state)
    assert open_gates(case, CasePhase.REPORTING, TODAY) == []  # no money was agreed
    an_agreement(cast, [100_000])
    urls = [reason.url for reason in open_gates(case, CasePhase.REPORTING, TODAY)]
    settled = state in ("accepted", "repayment_requested", "settled")
    assert urls == [report.get_absolute_url()] * (not settled)


# --- writing -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coordinator", "head_of_authority"])
@pytest.mark.parametrize("state", ["open", "returned"])
def test_the_huvudman_writes_while_it_is_open(cast: Cast, who: str, state: str):
    report = factories.financial_report(cast.ours.collaboration, state=state)
    by = getattr(cast.ours, who)
    said = {TRAVEL: Decimal("12.34"), EXPLANATION: "Tåg.", Place(1, "paid"): Decimal(300_000)}
    changed = write_account(report=report, said=said, by=by, now=NOW)
    assert set(changed) == {TRAVEL, EXPLANATION}  # what was paid is as it was
    stored = account_of(report).said()
    assert (stored[TRAVEL], stored[EXPLANATION]) == (Decimal("12.34"), "Tåg.")


@pytest.mark.parametrize(
    "state", [state for state in FinancialReport.State if state not in ("open", "returned")]
)
def test_nobody_writes_when_it_is_not_open(cast: Cast, state: str):
    report = factories.financial_report(cast.ours.collaboration, state=state)
    with pytest.raises(TransitionRefused):
        write_account(report=report, said={TRAVEL: Decimal(1)}, by=cast.ours.coordinator, now=NOW)


def test_the_others_do_not_write(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    for by in (
        cast.agency_manager,
        cast.ours.principal,
        cast.ours.team_leader,
        cast.theirs.coordinator,
        cast.outsider,
        cast.deactivated,
    ):
        with pytest.raises(PermissionDenied):
            write_account(report=report, said={TRAVEL: Decimal(1)}, by=by, now=NOW)


def test_there_is_no_cell_but_those_of_the_report(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    with pytest.raises(TransitionRefused, match="7-used-travel"):
        write_account(
            report=report,
            said={Place(7, "used", CostKind.TRAVEL): Decimal(1)},
            by=cast.ours.coordinator,
            now=NOW,
        )


def test_until_it_is_submitted_it_belongs_to_the_huvudman(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="prepared")
    seen_by = set()
    for name, person in [*cast.people.items(), ("outsider", cast.outsider)]:
        load_roles(person, TODAY)
        if FinancialReport.objects.visible_to(person).filter(pk=report.pk).exists():
            seen_by.add(name)
    assert seen_by == {"head_of_authority", "coordinator"}


def test_while_it_is_completed_the_others_read_what_they_received(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="returned")
    said = {TRAVEL: Decimal(999)}
    write_account(report=report, said=said, by=cast.ours.coordinator, now=NOW)
    read = {}
    for person in (cast.ours.coordinator, cast.agency_manager, cast.ours.principal):
        load_roles(person, TODAY)
        account = account_for(report, person)
        assert account is not None
        read[person] = account.said()[TRAVEL]
    assert list(read.values()) == [999, 0, 0]


# --- who signs -----------------------------------------------------------------------------


def test_two_people_sign_and_what_was_received_is_frozen(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    prepared = perform(report.prepare, by=cast.ours.coordinator, now=NOW)
    assert (prepared.prepared_by, prepared.prepared_on) == (cast.ours.coordinator, TODAY)
    submitted = perform(prepared.certify, by=cast.ours.head_of_authority, now=NOW)
    assert (submitted.certified_by, submitted.received_at) == (cast.ours.head_of_authority, NOW)
    assert submitted.due_on == add_working_days(TODAY, 20)
    copy = FinancialCopy.objects.get()
    assert Account.read(copy.content) == account_of(submitted)
    said = read_workbook(bytes(copy.file), account_of(submitted)).said
    assert said[Place(1, "used", CostKind.SUBSTITUTES)] == 300_000


def test_who_has_prepared_it_certifies_only_with_a_reason(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    head = cast.ours.head_of_authority
    prepared = perform(report.prepare, by=head, now=NOW)
    prepared.collaboration = report.collaboration
    with pytest.raises(PermissionDenied):
        perform(prepared.certify, by=head, now=NOW)
    with pytest.raises(TransitionRefused):
        perform(prepared.certify_alone, by=head, now=NOW)
    offered = [choice.declared.name for choice in choices(prepared, head, TODAY)]
    assert offered == ["reopen", "certify_alone"]
    done = perform(prepared.certify_alone, by=head, now=NOW, reason="Ingen annan är i tjänst.")
    assert (done.state, done.certified_by) == ("submitted", head)


def test_what_does_not_add_up_is_not_handed_over(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    by = cast.ours.coordinator
    write_account(
        report=report,
        said={Place(1, "used", CostKind.SUBSTITUTES): Decimal(250_000)},
        by=by,
        now=NOW,
    )
    with pytest.raises(TransitionRefused, match="50"):
        perform(report.prepare, by=by, now=NOW)
    write_account(report=report, said={EXPLANATION: "Ett besök ställdes in."}, by=by, now=NOW)
    assert perform(report.prepare, by=by, now=NOW).state == "prepared"


def test_a_contradiction_is_gone_past_with_a_reason(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, agreed=Decimal(310_000))
    by = cast.ours.coordinator
    with pytest.raises(TransitionRefused):
        perform(report.prepare, by=by, now=NOW)
    with pytest.raises(TransitionRefused):
        perform(report.prepare, by=by, now=NOW, past_gates=True)
    done = perform(report.prepare, by=by, now=NOW, past_gates=True, reason="Enligt mötet.")
    assert done.state == "prepared"


def test_questions_are_answered_before_it_is_handed_over_again(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="submitted")
    by = cast.ours.coordinator
    for round_ in (1, 2):
        returned = perform(
            report.return_for_completion, by=cast.agency_manager, now=NOW, question="Vilka resor?"
        )
        assert (returned.rounds, returned.reply) == (round_, "")
        assert returned.due_on == add_working_days(TODAY, 10)
        with pytest.raises(TransitionRefused):
            perform(report.prepare, by=by, now=NOW)
        write_contact(report=report, invoice_contact="Eva", reply="Tåg.", by=by, now=NOW)
        perform(report.prepare, by=by, now=NOW)
        perform(report.certify, by=cast.ours.head_of_authority, now=NOW)
    assert FinancialCopy.objects.filter(round__in=(2, 3)).count() == 2
    with pytest.raises(TransitionRefused):
        perform(
            report.return_for_completion, by=cast.agency_manager, now=NOW, question="En gång till?"
        )


def test_what_was_paid_and_not_used_is_asked_back(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="submitted")
    Cost.objects.filter(kind=CostKind.SUBSTITUTES).update(used=Decimal("279999.50"))
    accepted = perform(report.accept, by=cast.agency_manager, now=NOW)
    assert accepted.repayment_amount == Decimal("20000.50")
    assert accepted.due_on == add_working_days(TODAY, 20)
    due = TODAY + timedelta(days=30)
    asked = perform(
        report.request_repayment,
        by=cast.agency_manager,
        now=NOW,
        reason="Medlen användes inte.",
        repayment_amount=Decimal("20000.50"),
        repayment_due_on=due,
    )
    assert asked.due_on == due
    settled = perform(report.settle, by=cast.agency_manager, now=NOW)
    assert (settled.settled_on, settled.due_on) == (TODAY, None)


def test_nothing_is_asked_back_where_all_is_used(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration, state="submitted")
    accepted = perform(report.accept, by=cast.agency_manager, now=NOW)
    assert (accepted.repayment_amount, accepted.due_on) == (None, None)


# --- the pages -----------------------------------------------------------------------------


def page(client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(f"reports:{name}", args=arguments))
    assert response.status_code == HTTPStatus.OK
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_page_shows_amounts_and_sums_in_whole_kronor(cast: Cast, log_in: LogIn):
    report = factories.financial_report(cast.ours.collaboration, state="submitted")
    factories.financial_insats(report, granted=Decimal("99999.60"), paid=Decimal("0.40"))
    shown = page(log_in(cast.agency_manager), "finance", report.pk)
    for amount in ("300 000", "100 000", "400 000"):
        assert f">{amount}<" in shown


def test_a_wrong_amount_is_told_beside_its_field_and_nothing_is_lost(cast: Cast, log_in: LogIn):
    report = factories.financial_report(cast.ours.collaboration)
    url = reverse("reports:finance_insats", args=[report.pk, 1])
    sent = {
        "1-used-travel": "-500",
        "1-used-materials": "tolv tusen",
        "1-used-substitutes": "300 000",
        "1-explanation": "En lång förklaring.",
    }
    response = log_in(cast.ours.coordinator).post(url, sent)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(response.context["form"].errors) == {"1-used-travel", "1-used-materials"}
    shown = response.content.decode()
    for text in ("-500", "tolv tusen", "300 000", "En lång förklaring."):
        assert text in shown
    assert account_of(report).said()[TRAVEL] == 0


def test_two_who_write_the_same_cell_choose(cast: Cast, log_in: LogIn):
    report = factories.financial_report(cast.ours.collaboration)
    url = reverse("reports:finance_insats", args=[report.pk, 1])
    client = log_in(cast.ours.coordinator)
    seen = client.get(url).context["form"]["seen"].value()
    said = {TRAVEL: Decimal(100)}
    write_account(report=report, said=said, by=cast.ours.head_of_authority, now=NOW)
    response = client.post(url, {"seen": seen, "1-used-travel": "200"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert account_of(report).said()[TRAVEL] == 100


def test_the_case_page_shows_it_with_its_state(cast: Cast, log_in: LogIn):
    case = cast.ours.collaboration
    report = factories.financial_report(case, state="prepared")
    address = report.get_absolute_url()
    for person, is_link in ((cast.ours.coordinator, True), (cast.agency_manager, False)):
        shown = log_in(person).get(case.get_absolute_url()).content.decode()
        assert (address in shown) == is_link
        assert report.state_label in shown


# --- Excel ---------------------------------------------------------------------------------


HOSTILE = [
    '=HYPERLINK("http://ond.example")',
    "+46 8",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "=cmd|' /C calc'!A0",
]


def cells_of(file: bytes) -> list[Any]:
    sheet = load_workbook(BytesIO(file)).worksheets[0]
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_text_in_the_sheet(cast: Cast, text: str):
    report = factories.financial_report(cast.ours.collaboration, invoice_contact=text)
    FinancialInsats.objects.update(name=text, explanation=text)
    cells = cells_of(write_workbook(report, account_of(report)))
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    held = [cell for cell in cells if str(cell.value).strip() == text.strip()]
    assert len(held) == 2 + 1 + len(CostKind)  # contact and explanation; each row of the insats
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in held)


def test_control_characters_make_no_broken_file(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    FinancialInsats.objects.update(explanation="a\x01b\x0bc\u202ed")
    assert "abcd" in "".join(
        str(cell.value).replace("\n", "")
        for cell in cells_of(write_workbook(report, account_of(report)))
    )


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])  # a file is slow to make
@given(ACCOUNTS)
def test_what_is_written_is_read_back(account: Account):
    report = FinancialReport(collaboration=Collaboration(name="Ådalen"))
    found = read_workbook(write_workbook(report, account), account)
    assert (found.identifier, found.warnings, found.unplaced) == (account.report, [], [])
    told = {place: value for place, value in account.said().items() if value not in (None, "")}
    assert found.said == told
    assert compare_account(account, found).proposals == []


@pytest.fixture
def sheet(cast: Cast) -> tuple[FinancialReport, Any]:
    """A report, and its workbook as somebody has opened it."""
    report = factories.financial_report(cast.ours.collaboration)
    return report, load_workbook(BytesIO(write_workbook(report, account_of(report))))


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def row_of(book: Any, label: str) -> int:
    return next(cell.row for cell in book.worksheets[0]["C"] if cell.value == label)


def test_a_filled_in_sheet_is_understood_cell_by_cell(sheet: tuple[FinancialReport, Any]):
    report, book = sheet
    page, labels = book.worksheets[0], {kind: str(kind.label) for kind in CostKind}
    page.cell(row_of(book, labels[CostKind.TRAVEL]), 6).value = "12 500,50 kr"
    page.cell(row_of(book, labels[CostKind.MATERIALS]), 6).value = 33.333333
    page.cell(row_of(book, labels[CostKind.PROVIDER]), 6).value = "=SUM(1,2)"
    page.cell(row_of(book, labels[CostKind.OTHER]), 6).value = -5
    page.cell(row_of(book, labels[CostKind.OTHER]), 7).value = True
    page.cell(row_of(book, labels[CostKind.SUBSTITUTES]), 6).value = None
    page.cell(7, 9).value = "=1+1"
    page.cell(40, 1).value, page.cell(40, 6).value = 9, 1_000
    account = account_of(report)
    found = read_workbook(saved(book), account)
    proposals = {each.place: each.now for each in compare_account(account, found).proposals}
    assert proposals == {
        TRAVEL: "12500,50",
        Place(1, "used", CostKind.MATERIALS): "33,33",
        EXPLANATION: "=1+1",
    }
    assert len(found.warnings) == 4  # rounded, a formula, below zero, and no amount
    assert found.unplaced == ["9 | 1000"]


def test_nothing_is_stored_before_a_person_has_taken_it(
    cast: Cast, log_in: LogIn, sheet: tuple[FinancialReport, Any]
):
    report, book = sheet
    book.worksheets[0].cell(row_of(book, str(CostKind.TRAVEL.label)), 6).value = 12_500
    book.worksheets[0].cell(row_of(book, str(CostKind.MATERIALS.label)), 6).value = 700
    client = log_in(cast.ours.coordinator)
    url = reverse("reports:finance_read_in", args=[report.pk])
    shown = client.post(url, {"file": SimpleUploadedFile("a.xlsx", saved(book))})
    assert shown.status_code == HTTPStatus.OK
    rows = shown.context["rows"]
    assert [row.proposal.now for row in rows] == ["12500", "700"]
    assert account_of(report).said()[TRAVEL] == 0
    sent = {field.html_name: field.value() for row in rows for field in (row.value, row.seen)}
    taken = client.post(url, {**sent, "take": "1", "take-1-used-travel": "on"})
    assert taken.status_code == HTTPStatus.FOUND
    stored = account_of(report).said()
    assert (stored[TRAVEL], stored[Place(1, "used", CostKind.MATERIALS)]) == (12_500, 0)
    # Somebody else has written in the cell since the file was read.
    again = client.post(
        url, {**sent, "value-1-used-travel": "9", "take": "1", "take-1-used-travel": "on"}
    )
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert account_of(report).said()[TRAVEL] == 12_500


def test_a_sheet_of_another_report_is_taken_by_nobody_unseen(
    cast: Cast, log_in: LogIn, sheet: tuple[FinancialReport, Any]
):
    report, _book = sheet
    other = factories.financial_report(cast.theirs.collaboration)
    FinancialInsats.objects.filter(report=other).update(explanation="Deras ord.")
    file = write_workbook(other, account_of(other))
    url = reverse("reports:finance_read_in", args=[report.pk])
    shown = log_in(cast.ours.coordinator).post(url, {"file": SimpleUploadedFile("a.xlsx", file)})
    assert shown.context["is_of_another"]
    assert [row.take.value() for row in shown.context["rows"]] == [False]


# --- files that are refused ----------------------------------------------------------------


def package(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return file.getvalue()


def parts_of(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(file)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def an_empty_workbook() -> bytes:
    return saved(Workbook())


def with_part(name: str, content: bytes) -> bytes:
    return package(parts_of(an_empty_workbook()) | {name: content})


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a pdf": lambda: b"%PDF-1.7 ...",
    "an old or locked workbook": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "a text": lambda: b"number;used\n1;200",
    "a zip": lambda: package({"a.txt": b"a"}),
    "a word file": lambda: package(
        {"[Content_Types].xml": b"<Types>wordprocessingml.document.main+xml</Types>"}
    ),
    "cut off": lambda: an_empty_workbook()[:-200],
    "no xml": lambda: with_part("xl/workbook.xml", b"<workbook"),
    "no table": an_empty_workbook,
    "macros": lambda: with_part("xl/vbaProject.bin", b"x"),
    "an entity": lambda: with_part(
        "xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    ),
    "a bomb": lambda: with_part("xl/media/a.bin", b"\0" * (LARGEST_UNPACKED + 1)),
    "too large": lambda: b"PK" + b"\0" * LARGEST_WORKBOOK,
    "many parts": lambda: package({f"{number}.xml": b"" for number in range(600)}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_words(name: str):
    with pytest.raises(NotReadable, match=r"\w{3}"):
        read_workbook(REFUSED[name](), an_account(1))


def test_a_far_away_cell_costs_nothing():
    book = Workbook()
    book.worksheets[0]["XFD1048576"] = "=1"
    with pytest.raises(NotReadable):
        read_workbook(saved(book), an_account(1))


def test_a_refused_file_changes_nothing_and_says_so_at_the_field(cast: Cast, log_in: LogIn):
    report = factories.financial_report(cast.ours.collaboration)
    before = account_of(report)
    url = reverse("reports:finance_read_in", args=[report.pk])
    file = SimpleUploadedFile("ekonomi.xlsx", b"%PDF-1.7")
    response = log_in(cast.ours.coordinator).post(url, {"file": file})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == ["file"]
    assert account_of(report) == before


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    report = factories.financial_report(cast.ours.collaboration)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.financial_report(cast.ours.collaboration)
    for state in ("prepared", "submitted", "accepted", "settled", "paid"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.put(report, state)
    for fields in ({"used": -1}, {"own_share": -1}, {"kind": "fika"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Cost.objects.filter(kind=CostKind.TRAVEL).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        FinancialInsats.objects.update(paid=-1)
