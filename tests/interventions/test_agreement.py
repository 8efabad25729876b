"""Överenskommelsen: its terms, its versions, and what coming into force does to the insatser."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from interventions.actions import (
    amend_agreement,
    drop_terms,
    link_intervention,
    write_agreement,
    write_payment_plan,
    write_terms,
)
from interventions.models import Agreement, AssignmentPlan, Intervention, Terms
from interventions.queries import changes_between
from notifications.working_days import add_working_days
from sbs_workflow.differences import Piece
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

A_YEAR = timedelta(days=365)


def add(cast: Cast, agreement: Agreement, name: str = "Läsa", **fields: Any) -> Terms:
    return write_terms(
        agreement=agreement,
        by=cast.ours.process_supporter,
        now=NOW,
        name=name,
        **{"units": [cast.ours.school], **fields},
    )


def amend(cast: Cast, agreement: Agreement, reason: str = "En skola till") -> Agreement:
    return amend_agreement(agreement=agreement, reason=reason, by=cast.ours.team_leader, now=NOW)


def sign(cast: Cast, agreement: Agreement) -> Agreement:
    """As if the huvudman had signed, so that the agency's signature brings it into force."""
    signed: Agreement = perform(
        factories.put(agreement, "countersigned").sign_for_agency, by=cast.agency_manager, now=NOW
    )
    return signed


# --- proposing and signing -----------------------------------------------------------------


@pytest.mark.parametrize("emptied", [{"reference": ""}, {"starts_on": None}, {"ends_on": None}])
def test_an_agreement_is_proposed_with_reference_and_period(cast: Cast, emptied: dict[str, Any]):
    agreement = factories.agreement(cast.ours.collaboration, **emptied)
    with pytest.raises(TransitionRefused):
        perform(agreement.propose, by=cast.agency_manager, now=NOW)


def test_an_agreement_that_names_no_insats_is_not_proposed(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, with_terms=False)
    with pytest.raises(TransitionRefused):
        perform(agreement.propose, by=cast.agency_manager, now=NOW)
    add(cast, agreement)
    assert perform(agreement.propose, by=cast.agency_manager, now=NOW).state == "proposed"


def test_an_agreement_is_signed_and_a_decision_decided(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, state="proposed")
    with pytest.raises(TransitionRefused):
        perform(agreement.decide, by=cast.agency_manager, now=NOW)
    Agreement.objects.update(kind=Agreement.Kind.DECISION)
    with pytest.raises(TransitionRefused):
        perform(agreement.sign_for_organiser, by=cast.ours.head_of_authority, now=NOW)
    decided = perform(agreement.decide, by=cast.agency_manager, now=NOW)
    assert (decided.state, decided.agency_signed_on) == ("decided", TODAY)
    assert decided.due_on == decided.ends_on, "whether to extend it is owed before its end"
    assert Intervention.objects.get().number == 1, "a decision comes into force too"


def test_only_an_amendment_is_rejected(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, state="proposed")
    with pytest.raises(TransitionRefused):
        perform(agreement.reject, by=cast.ours.head_of_authority, now=NOW, reason="Nej")


def test_whoever_has_it_before_them_is_given_three_weeks(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration)
    three_weeks = add_working_days(TODAY, 15)
    proposed = perform(agreement.propose, by=cast.agency_manager, now=NOW)
    assert (proposed.proposed_on, proposed.due_on) == (TODAY, three_weeks)
    signed = perform(proposed.sign_for_organiser, by=cast.ours.head_of_authority, now=NOW)
    assert (signed.organiser_signed_on, signed.due_on) == (TODAY, three_weeks)
    assert Agreement.objects.get().due_on == three_weeks
    both = perform(signed.sign_for_agency, by=cast.agency_manager, now=NOW)
    assert (both.agency_signed_on, both.due_on) == (TODAY, both.ends_on)


@pytest.mark.parametrize("who", ["process_supporter", "head_of_authority"])
def test_an_agreement_in_force_is_extended_or_let_end(cast: Cast, who: str):
    """R15: nobody is asked again once it is said that it ends as agreed."""
    agreement = factories.agreement(cast.ours.collaboration, state="signed", due_on=TODAY)
    reason = "Alla insatser är klara i tid."
    ended = perform(agreement.let_end, by=getattr(cast.ours, who), now=NOW, reason=reason)
    assert (ended.state, ended.due_on) == ("signed", None)
    with pytest.raises(TransitionRefused):
        perform(ended.let_end, by=getattr(cast.ours, who), now=NOW, reason=reason)


# --- what does not add up ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "agreement", "instalments", "count"),
    [
        ({}, {}, [], 0),
        ({"starts_on": TODAY - timedelta(days=1)}, {}, [], 1),
        ({"ends_on": TODAY + timedelta(days=731)}, {}, [], 1),
        ({"starts_on": None, "ends_on": None}, {}, [], 0),
        ({"amount": 100}, {"amount": 100}, [60, 40], 0),
        ({"amount": 100}, {"amount": 120}, [], 1),
        ({"amount": 100}, {"amount": 120}, [60, 40], 2),
        ({"amount": 100}, {}, [60, 60], 0),
        ({}, {"amount": 100}, [60], 1),
    ],
)
def test_periods_and_money_that_do_not_add_up_are_passed_with_a_reason(
    cast: Cast,
    terms: dict[str, Any],
    agreement: dict[str, Any],
    instalments: list[int],
    count: int,
):
    draft = factories.agreement(cast.ours.collaboration, with_terms=False, **agreement)
    factories.terms(draft, **terms)
    for amount in instalments:
        draft.instalments.create(pays_on=TODAY, amount=amount)
    if count:
        with pytest.raises(TransitionRefused) as told:
            perform(draft.propose, by=cast.agency_manager, now=NOW)
        assert len(told.value.reasons) == count
        with pytest.raises(TransitionRefused):
            perform(draft.propose, by=cast.agency_manager, now=NOW, past_gates=True)
    perform(draft.propose, by=cast.agency_manager, now=NOW, past_gates=True, reason="Lovet")
    assert len(TransitionRecord.objects.get().overridden) == count


# --- terms ---------------------------------------------------------------------------------


def test_a_number_is_never_used_again(cast: Cast):
    draft = factories.agreement(cast.ours.collaboration, with_terms=False)
    factories.intervention(cast.ours.collaboration, number=4, state="cancelled")
    first, second = add(cast, draft, "Läsa"), add(cast, draft, "Räkna")
    assert [first.number, second.number, str(second)] == [5, 6, "6. Räkna"]
    drop_terms(terms=first, by=cast.agency_manager, now=NOW)
    assert add(cast, draft, "Skriva").number == 7
    theirs = factories.agreement(cast.theirs.collaboration, with_terms=False)
    assert write_terms(agreement=theirs, by=cast.agency_manager, now=NOW, name="Läsa").number == 1


def test_terms_are_written_rewritten_and_sent_twice(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    goal, causes = plan.planned_goals.get().goal, plan.planned_goals.get().causes.all()
    draft = factories.agreement(cast.ours.collaboration, with_terms=False)
    first = add(cast, draft, "Läsa", goals=[goal], causes=causes, participants=[["lärare", 24]])
    assert add(cast, draft, "Läsa", goals=[goal], causes=causes).pk == first.pk
    assert (list(first.units.all()), list(first.goals.all())) == ([cast.ours.school], [goal])
    assert list(first.causes.all()) == list(causes)
    again = add(cast, draft, "Läsa mer", terms=first, units=[cast.ours.preschool])
    assert (again.pk, again.number, again.name) == (first.pk, 1, "Läsa mer")
    assert list(again.units.all()) == [cast.ours.preschool]
    assert Terms.objects.count() == 1


def test_the_payment_plan_is_replaced_as_a_whole(cast: Cast):
    draft = factories.agreement(cast.ours.collaboration)

    def pay(*instalments: tuple[date, int], reports: list[date]) -> None:
        write_payment_plan(
            agreement=draft,
            instalments=[(day, Decimal(amount)) for day, amount in instalments],
            reporting_dates=reports,
            by=cast.ours.process_supporter,
            now=NOW,
        )

    later = TODAY + A_YEAR
    pay((later, 40), (TODAY, 60), reports=[later, TODAY, later])
    assert list(draft.instalments.values_list("pays_on", "amount")) == [
        (TODAY, Decimal(60)), (later, Decimal(40)),
    ]  # fmt: skip
    assert list(draft.reporting_dates.values_list("report_on", flat=True)) == [TODAY, later]
    pay((TODAY, 100), reports=[])
    assert [row.amount for row in draft.instalments.all()] == [Decimal(100)]
    assert not draft.reporting_dates.exists()


@pytest.mark.parametrize("state", ["proposed", "countersigned", "signed", "superseded"])
def test_nothing_is_written_once_it_is_proposed(cast: Cast, state: str):
    agreement = factories.agreement(cast.ours.collaboration, state=state)
    by: dict[str, Any] = {"by": cast.agency_manager, "now": NOW}
    for write in (
        lambda: write_agreement(agreement=agreement, reference="Dnr 1", **by),
        lambda: write_terms(agreement=agreement, name="Ny", **by),
        lambda: drop_terms(terms=agreement.terms.get(), **by),
        lambda: write_payment_plan(agreement=agreement, instalments=[], reporting_dates=[], **by),
    ):
        with pytest.raises(TransitionRefused):
            write()
    assert agreement.terms.count() == 1


def test_others_neither_amend_nor_write(cast: Cast):
    signed = factories.agreement(cast.ours.collaboration, state="signed")
    for by in (cast.ours.principal, cast.theirs.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            amend_agreement(agreement=signed, reason="Mer", by=by, now=NOW)
    for by in (cast.ours.head_of_authority, cast.ours.team_leader, cast.theirs.process_supporter):
        for write in (
            lambda by: write_agreement(agreement=signed, by=by, now=NOW, reference="Dnr 1"),
            lambda by: write_terms(agreement=signed, by=by, now=NOW, name="Ny"),
            lambda by: drop_terms(terms=signed.terms.get(), by=by, now=NOW),
            lambda by: write_payment_plan(
                agreement=signed, instalments=[], reporting_dates=[], by=by, now=NOW
            ),
        ):
            with pytest.raises(PermissionDenied):
                write(by)


# --- coming into force ---------------------------------------------------------------------


def test_what_is_agreed_becomes_insatser(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    planned = plan.planned_goals.get()
    draft = factories.agreement(cast.ours.collaboration, with_terms=False)
    terms = add(
        cast, draft, "Läsa", goals=[planned.goal], causes=planned.causes.all(),
        participants=[["lärare", 24]], provider="spsm", provider_name="SPSM Umeå",
        starts_on=TODAY, ends_on=TODAY + A_YEAR,
    )  # fmt: skip
    add(cast, draft, "Räkna")
    sign(cast, draft)
    first, second = Intervention.objects.order_by("number")
    assert (str(first), str(second), first.state) == ("1. Läsa", "2. Räkna", "planned")
    for name in Terms.FIELDS:
        assert getattr(first, name) == getattr(terms, name), name
    for name in Terms.LINKS:
        assert list(getattr(first, name).all()) == list(getattr(terms, name).all()), name


def test_an_amendment_carries_over_the_insatser_as_they_are_now(cast: Cast):
    """What is no change of the contract, such as a goal it serves, is not lost."""
    first = factories.agreement(cast.ours.collaboration, state="signed", amount=100)
    first.terms.update(amount=100)
    first.instalments.create(pays_on=TODAY, amount=100)
    first.reporting_dates.create(report_on=TODAY)
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    running = factories.intervention(
        cast.ours.collaboration, state="running", units=[cast.ours.school],
        goals=[plan.planned_goals.get().goal],
    )  # fmt: skip
    for state in ("completed", "cancelled"):
        factories.intervention(cast.ours.collaboration, state=state)
    second = amend(cast, first)
    assert (second.version, second.state, second.amendment_reason) == (2, "draft", "En skola till")
    assert (second.amended_by, second.amended_as) == (cast.ours.team_leader, "team_leader")
    assert (second.reference, second.starts_on, second.ends_on, second.amount) == (
        first.reference, first.starts_on, first.ends_on, first.amount,
    )  # fmt: skip
    terms = second.terms.get()
    assert (terms.number, terms.amount) == (running.number, Decimal(100))
    for name in Terms.LINKS:
        assert list(getattr(terms, name).all()) == list(getattr(running, name).all()), name
    assert second.instalments.get().amount == 100
    assert second.reporting_dates.get().report_on == TODAY


def test_the_next_version_replaces_the_one_in_force(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    factories.intervention(case, state="running", units=[cast.ours.school])
    second = amend(cast, first)
    sign(cast, second)
    states = dict(Agreement.objects.values_list("version", "state"))
    assert states == {1: "superseded", 2: "signed"}
    assert "2" in TransitionRecord.objects.get(object_id=first.pk).reason
    assert [i.state for i in Intervention.objects.all()] == ["running"]
    assert TransitionRecord.objects.filter(machine="insats").count() == 0, "nothing has changed"


def test_one_amendment_at_a_time_and_only_of_what_is_in_force(cast: Cast):
    first = factories.agreement(cast.ours.collaboration, state="fulfilled")
    with pytest.raises(TransitionRefused):
        amend(cast, first)
    factories.put(first, "signed")
    second = amend(cast, first)
    assert amend(cast, first).pk == second.pk, "sent twice"
    with pytest.raises(TransitionRefused):
        amend(cast, first, "Ännu mer")
    rejected = perform(second.reject, by=cast.ours.head_of_authority, now=NOW, reason="Inte nu")
    assert rejected.due_on is None
    assert amend(cast, first, "Ännu mer").version == 3


def test_an_insats_that_a_version_leaves_out_is_cancelled_and_the_ended_stay(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    kept, dropped, ended = (
        factories.intervention(case, state=state) for state in ("running", "running", "completed")
    )
    second = amend(cast, first)
    drop_terms(terms=second.terms.get(number=dropped.number), by=cast.agency_manager, now=NOW)
    sign(cast, second)
    assert dict(Intervention.objects.values_list("pk", "state")) == {
        kept.pk: "running", dropped.pk: "cancelled", ended.pk: "completed",
    }  # fmt: skip
    assert "2" in TransitionRecord.objects.get(object_id=dropped.pk).reason


def test_an_insats_that_ended_while_the_version_was_written_stays_as_it_ended(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    intervention = factories.intervention(case, state="running")
    second = amend(cast, first)
    ended_on = TODAY + timedelta(days=2)
    perform(intervention.complete, by=cast.ours.team_leader, now=NOW, ends_on=ended_on)
    add(cast, second, "Längre", terms=second.terms.get(), ends_on=TODAY + 3 * A_YEAR)
    sign(cast, second)
    ended = Intervention.objects.get()
    assert (ended.state, ended.ends_on, ended.name) == ("completed", ended_on, intervention.name)


@pytest.mark.parametrize(
    ("state", "later", "expected"),
    [
        ("running", 30, "extended"),
        ("extended", 30, "extended"),
        ("running", 0, "running"),
        ("running", -30, "running"),
        ("planned", 30, "planned"),
        ("ready", 30, "ready"),
    ],
)
def test_a_later_end_extends_an_insats_that_runs(cast: Cast, state: str, later: int, expected: str):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    intervention = factories.intervention(case, state=state)
    assert intervention.ends_on is not None
    ends_on = intervention.ends_on + timedelta(days=later)
    second = amend(cast, first, "Mer tid")
    Terms.objects.filter(agreement=second).update(ends_on=ends_on)
    sign(cast, second)
    fresh = Intervention.objects.get()
    assert (fresh.state, fresh.ends_on) == (expected, ends_on)
    reasons = TransitionRecord.objects.filter(transition="extend").values_list("reason", flat=True)
    assert list(reasons) == ["Mer tid"] * (expected == "extended")


# --- deviations ----------------------------------------------------------------------------


def report_deviation(cast: Cast, intervention: Intervention) -> Intervention:
    open_one: Intervention = perform(
        intervention.report_deviation,
        by=cast.ours.education_leader,
        now=NOW,
        reason="Handledaren är sjuk hela terminen.",
    )
    return open_one


def test_a_deviation_is_a_row_that_stays_open_until_it_is_accepted(cast: Cast):
    intervention = factories.intervention(cast.ours.collaboration, state="running")
    deviating = report_deviation(cast, intervention)
    deviation = deviating.deviations.get()
    assert deviating.due_on == add_working_days(TODAY, 20)
    assert (deviation.what, deviation.reported_on, deviation.reported_by) == (
        "Handledaren är sjuk hela terminen.", TODAY, cast.ours.education_leader,
    )  # fmt: skip
    assert (deviation.reported_as, deviation.settled_on) == ("education_leader", None)
    settled = perform(
        deviating.settle_deviation, by=cast.ours.process_supporter, now=NOW, reason="Tas igen"
    )
    assert (settled.state, settled.due_on) == ("running", None)
    deviation = deviating.deviations.get()
    assert (deviation.outcome, deviation.decision, deviation.settled_on) == (
        "accepted", "Tas igen", TODAY,
    )  # fmt: skip
    report_deviation(cast, settled)
    assert deviating.deviations.filter(settled_on=None).count() == 1


@pytest.mark.parametrize(
    ("changed", "is_met"),
    [({}, False), ({"participants": [["lärare", 12]]}, True), ({"units": True}, True)],
)
def test_a_version_that_changes_the_insats_meets_its_deviation(
    cast: Cast, changed: dict[str, Any], is_met: bool
):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    intervention = factories.intervention(case, state="running", units=[cast.ours.school])
    deviating = report_deviation(cast, intervention)
    second = amend(cast, first)
    terms = second.terms.get()
    if changed.pop("units", False):
        terms.units.set([cast.ours.preschool])
    Terms.objects.filter(pk=terms.pk).update(number=terms.number, **changed)
    sign(cast, second)
    fresh = Intervention.objects.get()
    assert fresh.state == ("running" if is_met else "deviation_open")
    deviation = deviating.deviations.get()
    assert (deviation.outcome, deviation.settled_on) == (
        ("amended", TODAY) if is_met else ("", None)
    )
    assert ("2" in deviation.decision) is is_met


def test_a_deviation_met_by_more_time_extends_the_insats(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    report_deviation(cast, factories.intervention(case, state="running"))
    second = amend(cast, first)
    later = TODAY + 2 * A_YEAR
    Terms.objects.filter(agreement=second).update(ends_on=later)
    sign(cast, second)
    fresh = Intervention.objects.get()
    assert (fresh.state, fresh.ends_on, fresh.due_on) == ("extended", later, None)


def test_dropping_the_insats_settles_its_deviation(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    deviating = report_deviation(cast, factories.intervention(case, state="running"))
    second = amend(cast, first)
    add(cast, second, "Något annat")
    drop_terms(terms=second.terms.get(number=1), by=cast.agency_manager, now=NOW)
    sign(cast, second)
    fresh = Intervention.objects.get(pk=deviating.pk)
    assert (fresh.state, fresh.due_on) == ("cancelled", None)
    assert deviating.deviations.get().outcome == "cancelled"


# --- what an insats serves -----------------------------------------------------------------


def test_what_an_insats_serves_is_said_without_an_amendment(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    planned = plan.planned_goals.get()
    intervention = factories.intervention(cast.ours.collaboration, state="running")
    for by in (cast.ours.team_leader, cast.ours.head_of_authority, cast.ours.process_supporter):
        linked = link_intervention(
            intervention=intervention, goals=[planned.goal], causes=planned.causes.all(),
            by=by, now=NOW,
        )  # fmt: skip
        assert list(linked.goals.all()) == [planned.goal]
        assert list(linked.causes.all()) == list(planned.causes.all())
        link_intervention(intervention=intervention, goals=[], causes=[], by=by, now=NOW)
        assert not linked.goals.exists()
    for by in (cast.ours.principal, cast.ours.education_leader, cast.theirs.team_leader):
        with pytest.raises(PermissionDenied):
            link_intervention(intervention=intervention, goals=[], causes=[], by=by, now=NOW)


# --- differences ---------------------------------------------------------------------------


def said(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def test_the_difference_tells_what_is_added_changed_extended_and_dropped(cast: Cast):
    old = factories.agreement(cast.ours.collaboration, state="signed", amount=250_000)
    new = factories.agreement(cast.ours.collaboration, version=2, amount=1_300_000)
    for agreement in (old, new):
        for _insats in range(3):
            factories.terms(agreement)
    Terms.objects.filter(agreement=new, number=1).update(participants=[["lärare", 30]])
    Terms.objects.filter(agreement=new, number=2).update(ends_on=TODAY + A_YEAR)
    Terms.objects.filter(agreement=new, number=3).delete()
    factories.terms(new, number=5, name="Ny")
    new.instalments.create(pays_on=TODAY, amount=1_300_000)
    found = changes_between(old, new)
    assert [(change.kind, change.title[0]) for change in found.insatser] == [
        ("changed", "1"), ("extended", "2"), ("dropped", "3"), ("added", "5"),
    ]  # fmt: skip
    [people] = found.insatser[0].fields
    assert said(people.pieces, "same", "removed") == "lärare 24, rektor 1"
    assert said(people.pieces, "same", "added") == "lärare 30"
    amount, instalments = found.texts
    assert said(amount.pieces, "same", "added").replace("\u00a0", " ") == "1 300 000 kr"
    assert "10 mars 2026" in said(instalments.pieces, "added")


def test_more_than_a_later_end_is_a_change_and_nothing_is_none(cast: Cast):
    old = factories.agreement(cast.ours.collaboration, state="signed")
    new = factories.agreement(cast.ours.collaboration, version=2)
    assert changes_between(old, new).insatser == []
    assert changes_between(old, new).texts == []
    new.terms.update(ends_on=TODAY + A_YEAR, name="Längre")
    [change] = changes_between(old, new).insatser
    assert (change.kind, len(change.fields)) == ("changed", 2)
    new.terms.get().units.set([cast.ours.school])
    new.terms.update(ends_on=TODAY + timedelta(days=20), provider="consultant")
    [change] = changes_between(old, new).insatser
    assert (change.kind, len(change.fields)) == ("changed", 4)


def test_versions_are_compared_in_a_fixed_number_of_queries(
    cast: Cast, django_assert_num_queries, django_assert_max_num_queries
):
    old = factories.agreement(cast.ours.collaboration, state="signed")
    new = factories.agreement(cast.ours.collaboration, version=2)
    with django_assert_max_num_queries(14) as asked:
        changes_between(old, new)
    for agreement in (old, new):
        for _insats in range(12):
            factories.terms(agreement, units=[cast.ours.school, cast.ours.preschool])
    with django_assert_num_queries(len(asked)):
        changes_between(old, new)


# --- the assignment that follows -----------------------------------------------------------


def test_proposing_begins_the_assignment_and_amending_asks_for_the_next(cast: Cast):
    case = cast.ours.collaboration
    proposed = perform(factories.agreement(case).propose, by=cast.agency_manager, now=NOW)
    begun = AssignmentPlan.objects.get()
    assert (begun.agreement, begun.version, begun.state) == (proposed, 1, "draft")
    assert begun.due_on == add_working_days(TODAY, 15)
    back = perform(
        proposed.return_with_comment, by=cast.ours.head_of_authority, now=NOW, reason="Kortare"
    )
    again = perform(back.propose, by=cast.agency_manager, now=NOW)
    assert AssignmentPlan.objects.count() == 1
    factories.put(begun, "confirmed", team="Ture")
    sign(cast, again)
    assert AssignmentPlan.objects.count() == 1
    second = sign(cast, amend(cast, again))
    latest, first = AssignmentPlan.objects.all()
    assert (first.state, latest.state, latest.version) == ("confirmed", "draft", 2)
    assert (latest.agreement, latest.team) == (second, "Ture")
    assert latest.due_on == add_working_days(TODAY, 15)


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    case = cast.ours.collaboration
    yesterday = TODAY - timedelta(days=1)

    def refuses(make: Any, *given: Any, **fields: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make(*given, **fields)

    signed = factories.agreement(case, state="signed")
    draft = factories.agreement(case, version=2)
    refuses(factories.agreement, case, version=2, state="fulfilled")
    refuses(factories.agreement, case, version=3, state="proposed")
    refuses(factories.put, draft, "decided")
    refuses(factories.put, signed, "signed", ends_on=yesterday, starts_on=TODAY)
    refuses(factories.terms, draft, number=1)
    refuses(factories.terms, draft, ends_on=yesterday)
    refuses(draft.instalments.create, pays_on=TODAY, amount=-1)
    draft.reporting_dates.create(report_on=TODAY)
    refuses(draft.reporting_dates.create, report_on=TODAY)
    intervention = factories.intervention(case, state="deviation_open")
    factories.deviation(intervention, by=cast.ours.team_leader)
    refuses(factories.deviation, intervention, by=cast.ours.team_leader)
    refuses(factories.deviation, intervention, by=cast.ours.team_leader, settled_on=TODAY)


def test_the_day_on_which_an_insats_really_began_is_no_change_of_the_agreement(cast: Cast):
    side = cast.ours
    draft = factories.agreement(side.collaboration, state="draft")
    terms = add(cast, draft, starts_on=TODAY, ends_on=TODAY + timedelta(days=300))
    in_force = sign(cast, draft)
    insats = Intervention.objects.get(collaboration=side.collaboration, number=terms.number)
    running = factories.put(insats, "running", starts_on=TODAY + timedelta(days=9))
    reported = report_deviation(cast, running)

    amendment = amend(cast, in_force)
    assert not changes_between(in_force, amendment).insatser
    sign(cast, amendment)

    after = Intervention.objects.get(pk=reported.pk)
    assert (after.state, after.starts_on) == ("deviation_open", TODAY + timedelta(days=9))


def test_a_list_is_told_line_by_line(cast: Cast):
    side = cast.ours
    draft = factories.agreement(side.collaboration, state="draft")
    terms = add(cast, draft, units=[side.preschool])
    in_force = sign(cast, draft)
    amendment = amend(cast, in_force)
    changed = amendment.terms.get(number=terms.number)
    changed.units.set([side.preschool, side.administration])
    [change] = changes_between(in_force, amendment).insatser
    [units] = change.fields
    assert [piece.kind for piece in units.pieces] in (["same", "added"], ["added", "same"])
