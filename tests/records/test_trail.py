"""The trail: who changed what, as whom and when; for whom; and what shows that it is whole."""

from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Upper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from interventions.actions import log_visit, write_payment_plan
from interventions.actions.visits import Log, TaskGiven
from interventions.models import Agreement
from meetings.models import Meeting
from organisations.models import Role, User
from plans.actions import remove_problem, write_document, write_problem
from plans.models import Problem, SituationAnalysis
from records import chain, triggers
from records.chain import verify
from records.models import AppendOnlyError, ContentChange, TrailLink
from records.queries import TrailFilters, trail_of
from records.queries.trail import Written
from records.queries.words import in_words
from records.recorder import UnreadableStatementError
from records.statements import read_statement
from sbs_workflow.acting import Acting, act, acting
from sbs_workflow.actions import describe_collaboration
from sbs_workflow.engine import perform
from sbs_workflow.models import Assignment, TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SECRET = "Ett känsligt omdöme om ett litet arbetslag"


@pytest.fixture
def analysis(cast: Cast) -> SituationAnalysis:
    return factories.analysis(cast.ours.collaboration, cast.ours.school)


def changes() -> list[tuple[str, str, list[str]]]:
    """What was written down, in order: the part, what became of it, and which fields."""
    rows = ContentChange.objects.order_by("id")
    return [(row.part, row.kind, [said["name"] for said in row.fields]) for row in rows]


# --- every way of writing is heard ---------------------------------------------------------


def test_a_text_that_is_saved(cast: Cast, analysis: SituationAnalysis):
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text=SECRET)
    change = ContentChange.objects.get()
    assert (change.by, change.role, change.party) == (
        cast.ours.principal,
        Role.PRINCIPAL,
        "organiser",
    )
    assert (change.occurred_at, change.object_id) == (NOW, analysis.pk)
    assert change.object_name == "Nulägesanalys, Älvskolan"
    assert changes() == [("plans.situationanalysis", "changed", ["text"])]


def test_no_text_stands_in_the_trail(cast: Cast, analysis: SituationAnalysis):
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text=SECRET)
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text="")
    stored = str(list(ContentChange.objects.values()))
    assert not any(word in stored for word in ("känsligt", "omdöme", "arbetslag"))
    first, second = ContentChange.objects.order_by("id")
    assert first.fields[0]["after"] == second.fields[0]["before"]
    assert second.fields[0]["words"] == [0, 7]


def test_rows_that_are_created_updated_and_removed_past_save(
    cast: Cast, analysis: SituationAnalysis
):
    """``write_problem`` updates a cause by a statement; removing a problem takes others along."""
    side = cast.ours
    problem = write_problem(
        analysis=analysis,
        text="Få läser.",
        development_area="",
        causes=[(None, "Ingen tid.")],
        by=side.principal,
        now=NOW,
    )
    cause = problem.causes.get()
    write_problem(
        analysis=analysis,
        problem=problem,
        text="Få läser.",
        development_area="",
        causes=[(cause, "Ingen tid för läsning.")],
        by=side.principal,
        now=NOW,
    )
    remove_problem(problem=problem, by=side.principal, now=NOW)
    assert changes() == [
        ("plans.problem", "added", ["text"]),
        ("plans.cause", "added", ["text"]),
        ("plans.cause", "changed", ["text"]),
        ("plans.cause", "removed", ["text"]),
        ("plans.problem", "removed", ["text"]),
    ]


def test_rows_that_are_created_many_at_once(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, state="draft")
    write_payment_plan(
        agreement=agreement,
        instalments=[(TODAY, Decimal(100)), (TODAY + timedelta(days=30), Decimal(200))],
        reporting_dates=[TODAY + timedelta(days=90)],
        by=cast.ours.process_supporter,
        now=NOW,
    )
    assert changes() == [
        ("interventions.instalment", "added", ["pays_on", "amount"]),
        ("interventions.instalment", "added", ["pays_on", "amount"]),
        ("interventions.reportingdate", "added", ["report_on"]),
    ]
    assert {row.drafted_by for row in ContentChange.objects.all()} == {"agency"}


def test_links_that_are_set(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned")
    with transaction.atomic():
        confirmed = perform(visit.confirm, by=cast.ours.head_of_authority, now=NOW)
        confirmed.units.set([cast.ours.school])
    links = ContentChange.objects.filter(part="interventions.visit")
    assert [row.fields for row in links] == [[{"name": "units", "links_added": 1}]]


def test_what_a_step_writes_has_the_role_and_the_reason_of_the_step(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    log = Log("Vi prövade gemensam start.", details={"kind": "talk"}, share=False)
    log_visit(visit=visit, log=log, by=cast.ours.team_leader, now=NOW)
    rows = ContentChange.objects.filter(part="interventions.visit")
    assert {(row.by, row.role, row.drafted_by) for row in rows} == {
        (cast.ours.team_leader, Role.TEAM_LEADER, "university")
    }
    assert {"log", "kind"} <= {said["name"] for row in rows for said in row.fields}


def test_what_is_written_in_a_request_is_put_down_to_whoever_sent_it(cast: Cast, client: Client):
    """``rate_goal`` says nothing of who acts."""
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    goal = plan.planned_goals.get().goal
    client.force_login(cast.ours.team_leader)
    said = {"level": "started", "justification": "Arbetet har börjat.", "evidence": "Två besök."}
    response = client.post(reverse("plans:rate", args=[goal.pk]), said)
    assert response.status_code == HTTPStatus.FOUND, response.content.decode()
    change = ContentChange.objects.get()
    assert (change.part, change.by, change.role) == (
        "plans.goalrating",
        cast.ours.team_leader,
        Role.TEAM_LEADER,
    )


def test_nothing_changed_is_nothing_written(cast: Cast, analysis: SituationAnalysis):
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text=analysis.text)
    assert changes() == []


def test_nobody_is_blamed_for_what_comes_after_the_action(cast: Cast, analysis: SituationAnalysis):
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text="Nytt.")
    assert acting() is None
    SituationAnalysis.objects.filter(pk=analysis.pk).update(text="Förbi alla dörrar.")
    assert [row.by for row in ContentChange.objects.order_by("id")][1:] == [None]


# --- once for a transaction, in it or not at all -------------------------------------------------


def asked_of(table: str, asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in asked if f'"{table}"' in query["sql"]]


def test_who_acted_is_forgotten_with_the_transaction(cast: Cast, analysis: SituationAnalysis):
    """Also where the same function, and so the same block, opens the next one."""

    @transaction.atomic
    def work(person: User | None) -> Acting | None:
        if person:
            act(by=person, role=None, now=NOW)
        return acting()

    assert work(cast.ours.principal) is not None
    assert acting() is None
    assert work(None) is None


def test_a_transaction_writes_its_trail_in_one_statement(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    log = Log("Vi prövade.", tasks=[TaskGiven(cast.ours.school, "Pröva")], details={"kind": "talk"})
    with CaptureQueriesContext(connection) as asked:
        log_visit(visit=visit, log=log, by=cast.ours.team_leader, now=NOW)
    assert len(asked_of("records_contentchange", asked)) == 1
    assert len(asked_of("interventions_visit", asked)) == 2, "read once, under the lock, and saved"
    assert len(changes()) == 2


def test_what_a_text_costs_beyond_the_action(cast: Cast, analysis: SituationAnalysis):
    """The trail asks for nothing that the action has read."""
    load_roles(cast.ours.principal, TODAY)
    with CaptureQueriesContext(connection) as asked:
        write_document(document=analysis, by=cast.ours.principal, now=NOW, text=SECRET)
    sent = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    beginnings = [sql.split()[0] for sql in sent]
    assert beginnings == ["SELECT", "SELECT", "UPDATE", "INSERT"], sent


def test_what_is_undone_is_not_in_the_trail(cast: Cast, analysis: SituationAnalysis):
    side = cast.ours

    def write(text: str, *, undone: bool = False) -> None:
        with transaction.atomic():
            write_document(document=analysis, text=text, by=side.principal, now=NOW)
            transaction.set_rollback(undone)

    with transaction.atomic():
        write("Ett")
        write("Ett två", undone=True)
        write("Ett två tre")
    write("Inget", undone=True)
    words = [row.fields[0]["words"] for row in ContentChange.objects.order_by("id")]
    assert words == [[1, 6], [2, 0]]


@pytest.mark.django_db(transaction=True)
def test_a_change_and_its_trail_stand_or_fall_together(
    cast: Cast, analysis: SituationAnalysis, monkeypatch: pytest.MonkeyPatch
):
    """Also where nobody has opened a transaction: what cannot be told is not done."""
    SituationAnalysis.objects.filter(pk=analysis.pk).update(text="Förbi alla dörrar.")
    assert changes() == [("plans.situationanalysis", "changed", ["text"])]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_contentchange RENAME TO elsewhere")
    try:
        with pytest.raises(DatabaseError):
            write_document(document=analysis, by=cast.ours.principal, now=NOW, text=SECRET)
        with pytest.raises(DatabaseError):
            SituationAnalysis.objects.filter(pk=analysis.pk).update(text=SECRET)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO records_contentchange")
    assert SituationAnalysis.objects.get().text == "Förbi alla dörrar."
    assert len(changes()) == 1
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text=SECRET)
    assert len(changes()) == 2, "what failed is not told later"


def test_what_the_database_works_out_is_asked_for(cast: Cast, analysis: SituationAnalysis):
    for text in ("Ett.", "Två."):
        factories.problem(analysis, text=text)
    rows = list(Problem.objects.order_by("text"))
    for row in rows:
        row.text += " Mer."
    Problem.objects.bulk_update(rows, ["text"])
    Problem.objects.update(text=Upper("text"))
    assert changes() == [("plans.problem", "changed", ["text"])] * 2 * len(rows)


def test_what_cannot_be_heard_is_not_written(cast: Cast, analysis: SituationAnalysis):
    @transaction.atomic
    def write() -> None:
        act(by=cast.ours.principal, role=Role.PRINCIPAL, now=NOW)
        Problem.objects.create(analysis=analysis, number=9, text=Upper(Value("dolt")))

    with pytest.raises(UnreadableStatementError):
        write()
    assert not Problem.objects.filter(number=9).exists()


# --- statements as Django builds them ------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "columns", "condition", "written"),
    [
        (
            'UPDATE "a" SET "b" = %s, "c" = NULL WHERE "a"."id" = %s',
            ("b", "c"),
            '"a"."id" = %s',
            {"b": 1, "c": None},
        ),
        (
            'UPDATE "a" SET "b" = (CASE WHEN ("a"."id" = %s) THEN %s ELSE NULL END)'
            ' WHERE "a"."id" IN (%s, %s)',
            ("b",),
            '"a"."id" IN (%s, %s)',
            None,
        ),
        (
            'UPDATE "a" SET "b" = (SELECT U0."x" FROM "u" U0 WHERE U0."y" = %s), "c" = %s'
            ' WHERE ("a"."id" = %s AND "a"."d" = %s)',
            ("b", "c"),
            '("a"."id" = %s AND "a"."d" = %s)',
            None,
        ),
        ('UPDATE "a" SET "b" = "a"."b" + %s', ("b",), "", None),
    ],
)
def test_what_an_update_says(
    sql: str, columns: tuple[str, ...], condition: str, written: dict[str, Any] | None
):
    statement = read_statement(sql)
    assert statement is not None
    assert (statement.columns, statement.where) == (columns, condition)
    parameters = list(range(1, sql.count("%s") + 1))
    assert statement.written(parameters) == written
    before = sql.partition(" WHERE ")[0] if "CASE" in sql else sql.removesuffix(condition)
    assert statement.condition(parameters) == parameters[before.count("%s") :]


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ('"a"."id" = %s', 1),
        ('("a"."id" IN (%s))', 1),
        ('("a"."state" = %s AND "a"."b" IN (%s, %s) AND "a"."c" IS NULL AND "a"."id" = %s)', 4),
        ('"a"."id" IN (%s, %s)', None),
        ('("a"."id" = %s OR "a"."b" = %s)', None),
        ('NOT ("a"."id" = %s)', None),
        ("", None),
    ],
)
def test_which_row_a_condition_names(where: str, key: int | None):
    statement = read_statement(f'DELETE FROM "a"{" WHERE " if where else ""}{where}')
    assert statement is not None
    assert statement.only("id", [1, 2, 3, 4]) == key


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ('INSERT INTO "a" ("b", "c") VALUES (%s, %s), (%s, %s)', [1, 2, 3, 4]),
        ('INSERT OR IGNORE INTO "a" ("b", "c") VALUES (%s, %s), (%s, %s)', [1, 2, 3, 4]),
        (
            'INSERT INTO "a" ("b", "c") SELECT * FROM UNNEST((%s)::uuid[], (%s)::text[])'
            " ON CONFLICT DO NOTHING",
            [[1, 3], [2, 4]],
        ),
    ],
)
def test_which_rows_an_insert_names(sql: str, parameters: list[Any]):
    statement = read_statement(sql)
    assert statement is not None
    assert statement.inserted(parameters) == [{"b": 1, "c": 2}, {"b": 3, "c": 4}]
    assert statement.may_skip == ("IGNORE" in sql or "CONFLICT" in sql)


def test_emptying_the_whole_database_is_no_change_of_a_case():
    assert read_statement('DELETE FROM "plans_cause";') is None
    assert read_statement('DELETE FROM "plans_cause"') is not None


# --- for whom ------------------------------------------------------------------------------


def seen_by(user: User, cast: Cast) -> int:
    load_roles(user, TODAY)
    rows = ContentChange.objects.visible_to(user)
    return rows.filter(collaboration=cast.ours.collaboration).count()


def test_how_a_draft_came_about_stays_with_the_party_that_wrote_it(
    cast: Cast, analysis: SituationAnalysis
):
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text="Utkast.")
    describe_collaboration(
        collaboration=cast.ours.collaboration,
        by=cast.ours.process_supporter,
        now=NOW,
        cohort="VT2027",
    )
    own = (cast.ours.principal, cast.ours.head_of_authority, cast.ours.coordinator)
    others = (cast.ours.process_supporter, cast.ours.team_leader, cast.ours.preschool_principal)
    strangers = (*cast.theirs.everybody, cast.outsider)
    assert {seen_by(person, cast) for person in own} == {2}
    assert {seen_by(person, cast) for person in others} == {1}
    assert {seen_by(person, cast) for person in strangers} == {0}
    perform(analysis.share, by=cast.ours.principal, now=NOW)
    assert seen_by(cast.ours.team_leader, cast) == 1


def test_one_history_of_steps_and_changes(
    cast: Cast, analysis: SituationAnalysis, client: Client, django_assert_max_num_queries
):
    side = cast.ours
    write_document(
        document=analysis, by=side.principal, now=NOW, text="Ett ord mer.", participants="Alla."
    )
    perform(analysis.share, by=side.principal, now=NOW + timedelta(days=1))
    load_roles(side.principal, TODAY)
    everything = trail_of(side.collaboration, side.principal, TrailFilters())
    with override("en"):
        step, change = everything[:10]
        assert isinstance(change, Written)
        assert step.sentence == "Nulägesanalys, Älvskolan: shared"
        assert change.sentence == "Nulägesanalys, Älvskolan: changed"
        assert change.details == [
            "The present situation: 3 words more, 6 words less",
            "Who took part, and how: 1 word more, 5 words less",
        ]
    for filters, count in (
        (TrailFilters(object_id=analysis.pk), 2),
        (TrailFilters(object_id=side.collaboration.pk), 0),
        (TrailFilters(person=side.principal.pk), 2),
        (TrailFilters(person=side.team_leader.pk), 0),
        (TrailFilters(day=TODAY), 1),
    ):
        assert trail_of(side.collaboration, side.principal, filters).count() == count
    client.force_login(side.principal)
    url = f"/samverkan/{side.collaboration.pk}/historik/?dag={TODAY}"
    with django_assert_max_num_queries(12):
        page = client.get(url).content.decode()
    assert "Rut Rektor" in page
    assert page.count('class="history__who"') == 1


def test_a_part_is_told_in_one_line_and_in_words(cast: Cast):
    by = cast.ours.process_supporter
    write_payment_plan(
        agreement=factories.agreement(cast.ours.collaboration, state="draft"),
        instalments=[(TODAY, Decimal(120000))],
        reporting_dates=[],
        by=by,
        now=NOW,
    )
    load_roles(by, TODAY)
    with override("en"):
        line = trail_of(cast.ours.collaboration, by, TrailFilters())[:1][0]
        assert isinstance(line, Written)
        day = date_format(TODAY, "j F Y")
        assert line.details == [f"Instalment – paid on: {day}; amount in kronor: 120,000"]


@pytest.mark.parametrize(
    ("column", "kept", "told"),
    [
        (Meeting._meta.get_field("starts_at"), "2026-12-04T12:00+00:00", "4 December 2026 13:00"),
        (Agreement._meta.get_field("starts_on"), "2027-02-01", "1 February 2027"),
        (Agreement._meta.get_field("amount"), "1200000.00", "1,200,000"),
        (Agreement._meta.get_field("amount"), "1200.50", "1,200.50"),
        (Meeting._meta.get_field("form"), "on_site", "On site"),
        (Assignment._meta.get_field("is_deputy"), "False", "No"),
        (TransitionRecord._meta.get_field("overridden"), ["En", "Två"], "En, Två"),
    ],
)
def test_what_stands_in_a_column_is_told_in_words(column: Any, kept: Any, told: str):
    with override("en"):
        assert in_words(column, kept) == told


# --- it is only added to, and shows if not ---------------------------------------------------


@pytest.fixture
def told(cast: Cast, analysis: SituationAnalysis) -> list[Any]:
    write_document(document=analysis, by=cast.ours.principal, now=NOW, text="Ett.")
    perform(analysis.share, by=cast.ours.principal, now=NOW)
    describe_collaboration(
        collaboration=cast.theirs.collaboration,
        by=cast.theirs.process_supporter,
        now=NOW,
        cohort="VT2027",
    )
    chain.seal()
    return list(TrailLink.objects.order_by("collaboration", "position"))


def test_the_application_refuses_to_change_or_remove(told: list[Any]):
    for row in (ContentChange.objects.get(part="plans.situationanalysis"), told[0]):
        with pytest.raises(AppendOnlyError):
            row.save()
        with pytest.raises(AppendOnlyError):
            row.delete()
    rows: Any
    for rows in (ContentChange.objects.all(), TrailLink.objects.all()):
        with pytest.raises(AppendOnlyError):
            rows.update(role="")
        with pytest.raises(AppendOnlyError):
            rows.delete()


@pytest.fixture
def guarded(db: None) -> None:
    """With the triggers that a migration makes; the test's transaction takes them away again."""
    for statement in triggers.statements(connection.vendor):
        run(statement)


def run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("table", ["sbs_workflow_transitionrecord", *triggers.NEVER_CHANGED[1:3]])
def test_the_database_refuses_whoever_comes_past_the_application(told: list[Any], table: str):
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(statement)
    assert verify().breach == ""


def test_the_triggers_can_be_taken_away_again(told: list[Any]):
    for statement in (
        *triggers.statements(connection.vendor),
        *triggers.statements_to_undo(connection.vendor),
    ):
        run(statement)
    run("DELETE FROM records_traillink")
    assert not TrailLink.objects.exists()


def verify_audit(**options: Any) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_a_whole_trail_is_said_to_be_whole(told: list[Any]):
    assert len(told) == 3
    said = verify_audit()
    assert "The trail is whole: 3 links." in said
    head = said.split("head: ")[1].strip()
    assert verify_audit(head=head) == said


@pytest.mark.parametrize(
    ("statement", "breach"),
    [
        ("UPDATE records_contentchange SET role = 'coordinator'", "change .* no longer"),
        ("UPDATE sbs_workflow_transitionrecord SET reason = 'Annat'", "step .* no longer"),
        ("UPDATE sbs_workflow_transitionrecord SET by_id = NULL", "step .* no longer"),
        ("DELETE FROM sbs_workflow_transitionrecord", "the row is gone"),
        ("DELETE FROM records_traillink WHERE position = 1", "link 1 is missing"),
        ("DELETE FROM records_traillink WHERE position = 2", "the row is in no chain"),
        ("UPDATE records_traillink SET digest = 'x' WHERE position = 1", "no longer"),
    ],
)
def test_whatever_is_tampered_with_is_named(told: list[Any], statement: str, breach: str):
    run(statement)
    with pytest.raises(CommandError, match=breach):
        verify_audit()


def test_each_breach_is_a_line_of_its_own(told: list[Any]):
    run("UPDATE records_contentchange SET role = 'coordinator'")
    run("UPDATE sbs_workflow_transitionrecord SET reason = 'Annat'")
    with pytest.raises(CommandError) as refused:
        verify_audit()
    lines = str(refused.value).splitlines()
    assert len(lines) == len(told)
    assert all("is no longer what was written" in line for line in lines)


def test_a_trail_that_was_cut_off_has_another_head(told: list[Any]):
    before = verify().head
    last = TrailLink.objects.order_by("-id").first()
    assert last is not None
    run(f"DELETE FROM records_contentchange WHERE id = {last.record_id}")
    run(f"DELETE FROM records_traillink WHERE id = {last.pk}")
    assert verify().breach == ""
    with pytest.raises(CommandError, match="the head is"):
        verify_audit(head=before)


def test_every_step_is_a_link(told: list[Any]):
    linked = set(TrailLink.objects.filter(of="step").values_list("record_id", flat=True))
    assert linked == set(TransitionRecord.objects.values_list("pk", flat=True))
