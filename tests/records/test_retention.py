"""How long things are kept, what stops thinning out, and the decision before anything goes."""

from datetime import date, timedelta
from http import HTTPStatus
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from interventions.models import Visit
from meetings.models import Meeting
from notifications import outbox
from notifications.models import OutboxMessage
from records import triggers
from records.actions import carry_out, decide_thinning, lift_hold, place_hold, set_retention
from records.actions.retention import THINNED_OUT
from records.chain import verify
from records.documents import DOCUMENT_TYPES
from records.models import ReadRecord, ThinningDecision, ThinningDone
from records.models.retention import RecordKind
from records.queries import as_listed, hash_of, items_due
from records.queries.retention import REMOVABLE
from reports.models import Answer, FrozenCopy, Report, UniversityAnswer, UniversityCopy
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.pages.canaries import OURS, release
from tests.pages.stage import set_stage

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

WORDS = "Insatsen har lett till andra rutiner."
# No documents.
OTHERS = (RecordKind.LETTER, RecordKind.REMINDER, RecordKind.READING)
TWO_YEARS_AGO = TODAY.replace(year=TODAY.year - 2)
TEN_YEARS_AGO = TODAY.replace(year=TODAY.year - 10)


def close(cast: Cast, closed_on: date) -> None:
    case = factories.put(cast.ours.collaboration, "closed", closed_on=closed_on)
    for kind in ("interim", "final"):
        factories.report(case, cast.ours.school, kind=kind, state="accepted", text=WORDS)
    outbox.enqueue(
        key="brev",
        template="meetings/booked",
        recipient=cast.ours.principal.pk,
        context={},
        scope_id=case.pk,
        now=NOW,
    )
    OutboxMessage.objects.update(status="suppressed", closed_at=NOW)
    ReadRecord.objects.create(
        by=cast.ours.principal, collaboration=case, what="x.y", object_id=case.pk, hour=NOW
    )


def kinds(today: date = TODAY) -> set[str]:
    return {item.kind for item in items_due(today)}


def decide(cast: Cast) -> ThinningDecision:
    load_roles(cast.agency_manager, TODAY)
    seen = hash_of(as_listed(items_due(TODAY, agency_of=cast.agency_manager)))
    return decide_thinning(seen=seen, decision="GD 2026:1", by=cast.agency_manager, now=NOW)


@pytest.mark.parametrize(
    ("closed_on", "expected"),
    [
        (TODAY - timedelta(days=1), set()),
        (TWO_YEARS_AGO + timedelta(days=1), set()),
        (TWO_YEARS_AGO, {"letter", "reading"}),
        (TEN_YEARS_AGO + timedelta(days=1), {"letter", "reading"}),
        (TEN_YEARS_AGO, {"letter", "reading", "interim_report"}),
        (date(1980, 2, 29), {"letter", "reading", "interim_report"}),
    ],
)
def test_each_kind_has_its_time_after_the_end(cast: Cast, closed_on: date, expected: set[str]):
    close(cast, closed_on)
    assert kinds() == expected


def test_nothing_of_a_case_that_goes_on(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    factories.put(cast.ours.collaboration, "active", closed_on=None)
    assert kinds() == set()


def test_what_one_of_the_three_keeps_longest_is_kept(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    side = cast.ours
    for years, expected in ((None, False), (11, False), (1, True)):
        set_retention(
            organisation=side.university,
            kind=RecordKind.LETTER,
            years=years,
            decision="Rektor 2026:3",
            by=side.university_lead,
            now=NOW,
        )
        assert ("letter" in kinds()) == expected, years
    with pytest.raises(PermissionDenied):
        set_retention(
            organisation=side.university,
            kind=RecordKind.LETTER,
            years=0,
            decision="",
            by=side.head_of_authority,
            now=NOW,
        )


def test_a_hold_stops_it_until_it_is_lifted(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    case = cast.ours.collaboration
    place_hold(collaboration=case, reason="Tvist", by=cast.ours.head_of_authority, now=NOW)
    assert kinds() == set()
    with pytest.raises(TransitionRefused):
        decide(cast)
    lift_hold(collaboration=case, by=cast.ours.university_lead, now=NOW)
    assert kinds()
    with pytest.raises(PermissionDenied):
        place_hold(collaboration=case, reason="", by=cast.ours.principal, now=NOW)


def test_a_hold_after_the_decision_counts_too(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    decision = decide(cast)
    place_hold(
        collaboration=cast.ours.collaboration, reason="Tvist", by=cast.agency_manager, now=NOW
    )
    assert carry_out(decision=decision, now=NOW).removed == 0
    assert OutboxMessage.objects.exists()


def test_the_decision_stands_before_anything_goes(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    decision = decide(cast)
    assert (decision.decided_by, decision.decided_at) == (cast.agency_manager, NOW)
    assert {item["kind"] for item in decision.items} == {"letter", "reading", "interim_report"}
    assert decision.sha256 == hash_of(decision.items)
    assert OutboxMessage.objects.exists()
    done = carry_out(decision=decision, now=NOW)
    assert done.removed == len(decision.items) == 3
    assert not OutboxMessage.objects.exists()
    assert not ReadRecord.objects.exists()
    words = dict(Answer.objects.values_list("report__kind", "text"))
    assert words == {"interim": THINNED_OUT, "final": WORDS}
    assert set(FrozenCopy.objects.values_list("report__kind", flat=True)) == {"final"}
    assert Report.objects.filter(kind="interim", state="accepted").exists(), "that it was stays"
    assert kinds() == set(), "what is gone is not listed again"
    assert carry_out(decision=decision, now=NOW) == done


def test_the_interim_reports_of_the_university_go_with_those_of_the_huvudman(cast: Cast):
    """Delredovisningar are kept for ten years (domain.md 6.2), whoever of the parties wrote them;
    the words of the final report stay, and so does the row of either.
    """
    case = factories.put(cast.ours.collaboration, "closed", closed_on=TEN_YEARS_AGO)
    for kind in ("interim", "final"):
        factories.university_report(case, kind=kind, state="closed", text=WORDS)
    assert kinds(TODAY - timedelta(days=1)) == set()
    assert kinds() == {"interim_report"}
    carry_out(decision=decide(cast), now=NOW)
    words = set(UniversityAnswer.objects.values_list("report__kind", "text"))
    assert words == {("interim", THINNED_OUT), ("final", WORDS)}
    assert set(UniversityCopy.objects.values_list("report__kind", flat=True)) == {"final"}
    assert case.university_reports.count() == 2
    assert kinds() == set()


def keep_for(cast: Cast, years: int) -> None:
    """What all three parties of the case have decided about every kind."""
    leads = (
        (cast.agency, cast.agency_manager),
        (cast.ours.organiser, cast.ours.head_of_authority),
        (cast.ours.university, cast.ours.university_lead),
    )
    for organisation, lead in leads:
        for kind in REMOVABLE:
            set_retention(
                organisation=organisation,
                kind=kind,
                years=years,
                decision="2026:7",
                by=lead,
                now=NOW,
            )


def test_what_one_keeps_for_good_is_never_thinned_out(cast: Cast):
    """Bevara: of one of the three, or as the programme has it."""
    close(cast, date(1980, 1, 1))
    assert "final_report" not in kinds()
    keep_for(cast, 5)
    assert "final_report" in kinds()
    set_retention(
        organisation=cast.ours.organiser,
        kind=RecordKind.FINAL_REPORT,
        years=None,
        decision="KS 2026:8",
        by=cast.ours.head_of_authority,
        now=NOW,
    )
    assert "final_report" not in kinds()


def test_every_kind_of_document_is_judged(cast: Cast):
    """Each document of a case is kept as some kind, is found when its time is over, and its words
    go by a decision, with those of its parts and its copies; the rows and the trail stay.
    """
    stage = set_stage(cast.ours)
    release(cast.ours, stage, OURS)
    case = factories.put(cast.ours.collaboration, "closed", closed_on=date(1980, 1, 1))
    keep_for(cast, 5)
    due = [item for item in items_due(TODAY) if item.case == str(case.pk)]
    found = {item.model for item in due}
    documents = {each.model._meta.label_lower for each in DOCUMENT_TYPES}
    assert documents - found == {"sbs_workflow.collaboration"}
    assert {item.kind for item in due} >= {
        kind.value for kind in RecordKind if kind not in (RecordKind.TRAIL, *OTHERS)
    }
    models = [each.model for each in DOCUMENT_TYPES]
    counts = {model: model._base_manager.count() for model in models}
    carry_out(decision=decide(cast), now=NOW)
    assert {model: model._base_manager.count() for model in models} == counts
    assert set(stage.plan.planned_goals.values_list("text", flat=True)) == {THINNED_OUT}
    assert OURS not in Meeting.objects.get(pk=stage.minuted_meeting.pk).minutes
    assert OURS not in Visit.objects.get(pk=stage.shared_visit.pk).log
    assert not FrozenCopy.objects.filter(report__collaboration=case).exists()
    assert verify().breach == ""
    again = {item.kind for item in items_due(TODAY) if item.case == str(case.pk)}
    assert again.isdisjoint({item.kind for item in due} - {"letter", "reminder", "reading"})


def test_what_has_come_since_is_not_decided_on(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    with pytest.raises(TransitionRefused):
        decide_thinning(seen="another list", decision="GD", by=cast.agency_manager, now=NOW)
    with pytest.raises(PermissionDenied):
        decide_thinning(seen="", decision="", by=cast.ours.head_of_authority, now=NOW)
    assert not ThinningDecision.objects.exists()


def test_the_database_lets_readings_go_by_a_decision_only(cast: Cast):
    close(cast, TEN_YEARS_AGO)
    with connection.cursor() as cursor:
        for statement in triggers.statements(connection.vendor):
            cursor.execute(statement)

    def remove() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM records_readrecord")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        remove()
    carry_out(decision=decide(cast), now=NOW)
    assert not ReadRecord.objects.exists()
    assert ThinningDone.objects.count() == 1
    ReadRecord.objects.create(
        by=cast.ours.principal,
        collaboration=cast.ours.collaboration,
        what="x.y",
        object_id=cast.ours.collaboration.pk,
        hour=NOW,
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        remove()


def test_the_command_reports_and_carries_out(cast: Cast):
    close(cast, TEN_YEARS_AGO)

    def thin_out(*arguments: str) -> str:
        out = StringIO()
        call_command("thin_out", *arguments, stdout=out)
        return out.getvalue()

    assert thin_out("--report", f"--today={TODAY}").endswith("3 rows may be thinned out.\n")
    assert thin_out("--carry-out") == ""
    decide(cast)
    assert thin_out("--carry-out") == "GD 2026:1: 3 removed\n"


def test_the_pages_show_the_rules_and_take_the_decision(cast: Cast, client: Client):
    close(cast, date(1990, 1, 1))
    client.force_login(cast.agency_manager)
    page = client.get(reverse("records:retention"))
    assert page.status_code == HTTPStatus.OK
    asked = client.get(reverse("records:thin_out"))
    seen = asked.context["form"].initial["seen"]
    said = {"seen": seen, "decision": "GD 2026:1"}
    assert client.post(reverse("records:thin_out"), said).status_code == HTTPStatus.FOUND
    assert ThinningDone.objects.get().removed >= 3
    client.force_login(cast.ours.head_of_authority)
    assert client.get(reverse("records:retention")).status_code == HTTPStatus.OK
    assert client.get(reverse("records:thin_out")).status_code == HTTPStatus.FORBIDDEN
