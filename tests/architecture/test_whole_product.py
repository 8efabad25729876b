"""Every machine × every state × every step × everybody: success exactly where transitions.csv says.

The table is written by people (see table.py); nothing here asks the code what it allows.
"""

import inspect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.models import model_to_dict

from assessments.models import CapacityMapping
from interventions.models import Agreement, AssignmentPlan, InterimTask, Intervention, Visit
from meetings.models import Meeting
from organisations.models import Role, User
from plans.models import ActionPlan, SituationAnalysis
from reports.models import CollaborationSynthesis, FinancialReport, Report, UniversityReport
from sbs_workflow.engine import SomebodyWasFirst, TransitionRefused, perform
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel
from tests import factories
from tests.architecture.table import Allowed, written_table
from tests.cast import NOW, TODAY, Cast

Build = Callable[[Cast, str], WorkflowModel]


def ready_to_begin(cast: Cast, state: str) -> Intervention:
    """The university has confirmed what it is to do, as it has before most insatser."""
    factories.assignment_plan(cast.ours.collaboration, state="confirmed")
    return factories.intervention(cast.ours.collaboration, state=state, units=[cast.ours.school])


def synthesis_of_what_has_come(cast: Cast, state: str) -> CollaborationSynthesis:
    case = cast.ours.collaboration
    factories.report(case, cast.ours.school, kind="final", state="submitted")
    return factories.synthesis(case, state=state)


def meeting_of(kind: str, cast: Cast, state: str) -> Meeting:
    return factories.meeting(cast.ours.collaboration, kind=kind, state=state)


# For each machine, and each kind where kinds differ, an object in the state that is asked for.
BUILDERS: dict[tuple[str, str], Build] = {
    ("samverkan", ""): lambda cast, state: factories.put(cast.ours.collaboration, state),
    ("nulagesanalys", ""): lambda cast, state: factories.analysis(
        factories.put(cast.ours.collaboration, "planning"), cast.ours.school, state=state
    ),
    ("atgardsplan", ""): lambda cast, state: factories.plan(
        cast.ours.collaboration, cast.ours.school, state=state
    ),
    # The second version, since only an amendment can be rejected.
    ("overenskommelse", ""): lambda cast, state: factories.agreement(
        cast.ours.collaboration, state=state, version=2
    ),
    ("uppdragsplan", ""): lambda cast, state: factories.assignment_plan(
        cast.ours.collaboration, state=state
    ),
    ("insats", ""): ready_to_begin,
    ("besok", ""): lambda cast, state: factories.visit(
        cast.ours.collaboration, state=state, units=[cast.ours.school]
    ),
    ("uppgift", ""): lambda cast, state: factories.task(
        factories.visit(cast.ours.collaboration, state="shared"), cast.ours.school, state=state
    ),
    **{("mote", kind): partial(meeting_of, kind) for kind in Meeting.Kind.values},
    ("kartlaggning", ""): lambda cast, state: factories.mapping(
        cast.ours.collaboration, state=state
    ),
    ("sammanfattande-analys", ""): synthesis_of_what_has_come,
    ("redovisning", ""): lambda cast, state: factories.report(
        cast.ours.collaboration, cast.ours.school, state=state
    ),
    ("larosatesrapport", ""): lambda cast, state: factories.university_report(
        cast.ours.collaboration, state=state
    ),
    ("ekonomi", ""): lambda cast, state: factories.financial_report(
        cast.ours.collaboration, state=state
    ),
}
# What must be so before the object itself is asked, for two steps that exclude each other.
PREPARED: dict[tuple[str, str], Callable[[Cast], dict[str, Any]]] = {
    ("overenskommelse", "decide"): lambda cast: {"kind": Agreement.Kind.DECISION},
    ("ekonomi", "certify_alone"): lambda cast: {"prepared_by": cast.ours.head_of_authority},
}
ANSWERS = {
    "no_next_because": "",
    "offered_on": TODAY,
    "offer_channel": Collaboration.OfferChannel.TELEPHONE,
    "mandate_reference": "Nämndens beslut 2026 § 14",
    "decline_reason": Collaboration.DeclineReason.TIME,
    "analysis_starts_on": TODAY,
    "interventions_start_on": TODAY,
    "interventions_end_on": TODAY + timedelta(days=700),
    "closing_seminar_on": TODAY,
    "followed_up_on": TODAY,
    "resume_on": TODAY + timedelta(days=60),
    "starts_on": TODAY,
    "ends_on": TODAY + timedelta(days=400),
    "starts_at": NOW + timedelta(days=7),
    "ends_at": NOW + timedelta(days=7, hours=2),
    "form": Meeting.Form.DIGITAL,
    "place": "En länk",
    "minutes": "Parterna är överens.",
    "takes_place_on": TODAY,
    "log": "Handledning i två grupper.",
    "next_steps": "Prova uppgiften i varje klass.",
    "course": InterimTask.Course.PARTLY,
    "report": "Vi hann med en klass.",
    "question": "Vad består resorna av?",
    "repayment_amount": Decimal(20_000),
    "repayment_due_on": TODAY + timedelta(days=30),
}


# On SQLite a part of the product, so that the quick check stays quick.
PORTABLE = {("nulagesanalys", ""), ("uppgift", ""), ("mote", "bilateral")}
CASES = [
    pytest.param(*case, marks=pytest.mark.portable if case in PORTABLE else (), id="-".join(case))
    for case in BUILDERS
]


@pytest.mark.parametrize(("slug", "kind"), CASES)
def test_success_exactly_where_the_table_says(slug: str, kind: str, cast: Cast):
    assert disagreements(cast, slug, kind, written_table()) == []


@pytest.mark.portable
def test_a_wrong_table_is_found_out(cast: Cast):
    table = written_table()
    step = next(s for s in table if (s.machine, s.transition) == ("nulagesanalys", "conclude"))
    widened = replace(step, roles=step.roles | {Role.COORDINATOR})

    assert "nulagesanalys shared conclude by head_of_authority: moved to concluded" in str(
        disagreements(cast, "nulagesanalys", "", table - {step})
    )
    assert "nulagesanalys shared conclude by coordinator: forbidden, not moved" in str(
        disagreements(cast, "nulagesanalys", "", table - {step} | {widened})
    )


def disagreements(cast: Cast, slug: str, kind: str, table: set[Allowed]) -> list[str]:
    """Every cell of the product in which something else comes out than the table says."""
    machine = next(m for m in WorkflowModel.machines() if m.machine_slug == slug)
    states = list(machine.state_labels())
    names = list(dict.fromkeys(t.name for t in machine.declared_transitions()))
    steps = [step for step in table if step.machine == slug and step.kind in ("", kind)]
    in_turn = itertools.cycle(cast.theirs.people)
    wrong = []
    for state, name in itertools.product(states, names):
        with undone():
            instance = BUILDERS[slug, kind](cast, state)
            instance = factories.put(instance, state, **prepared(cast, slug, name))
            before = stored(instance)
            at_home = {role for step in steps if step.transition == name for role in step.roles}
            foreigners = strangers(cast, at_home | {next(in_turn)})
            for who, user, role in (*ours_and_outsiders(cast), *foreigners):
                expected = verdict(steps, state, name, role, by_time=user is None)
                with undone() if expected.startswith("moved") else nullcontext():
                    found = outcome(instance, name, user)
                if found != expected:
                    wrong.append(f"{slug} {state} {name} by {who}: {found}, not {expected}")
            if not wrong:
                assert stored(instance) == before, "a refusal changed something"
                assert not TransitionRecord.objects.exists(), "a refusal left a record"
    return wrong


def ours_and_outsiders(cast: Cast) -> Iterator[tuple[str, User | None, Role | None]]:
    """Who tries, and in which role they would act on ours."""
    yield "time itself", None, None
    for role, user in cast.people.items():
        yield role, user, role
    yield "the principal of another unit", cast.ours.preschool_principal, None
    yield "the outsider", cast.outsider, None
    yield "the deactivated", cast.deactivated, None


def strangers(cast: Cast, roles: set[Role]) -> Iterator[tuple[str, User | None, Role | None]]:
    """Those of theirs who take this step at home, and another one; ours knows no role of them."""
    for role, user in cast.theirs.people.items():
        if role in roles:
            yield f"their {role}", user, None


def verdict(
    table: list[Allowed], state: str, name: str, role: Role | None, *, by_time: bool
) -> str:
    """What must come of it: first whether they ever may, then whether this state allows it."""
    theirs = [
        step
        for step in table
        if step.transition == name and (step.by_time if by_time else role in step.roles)
    ]
    if not theirs:
        return "forbidden"
    here = [step for step in theirs if step.source == state]
    if not here:
        return "too late"
    # Where several targets are possible it goes back to where it was stopped, which is "active".
    target = here[0].target if len(here) == 1 else "active"
    return f"moved to {target} as {role.party} {role}" if role else f"moved to {target} as  "


def outcome(instance: WorkflowModel, name: str, user: User | None) -> str:
    """What came of it, in the words of ``verdict``."""
    try:
        moved = perform(
            getattr(instance, name),
            by=user,
            now=NOW,
            reason="Så har vi kommit överens.",
            past_gates=True,
            **answers(instance, name, user),
        )
    except PermissionDenied:
        return "forbidden"
    except SomebodyWasFirst:
        return "too late"
    except TransitionRefused as refused:
        return f"refused: {refused}"
    record = TransitionRecord.objects.get(object_id=instance.pk)
    assert (record.transition, record.by, record.from_state) == (name, user, instance.state)
    assert record.to_state == moved.state == stored(instance)["state"]
    return f"moved to {record.to_state} as {record.party} {record.role}"


def prepared(cast: Cast, slug: str, name: str) -> dict[str, Any]:
    fields = PREPARED.get((slug, name))
    return fields(cast) if fields else {}


def answers(instance: WorkflowModel, name: str, user: User | None) -> dict[str, Any]:
    """What a form would hand over: every argument of the step that ``perform`` does not stamp."""
    step = next(t for t in type(instance).declared_transitions() if t.name == name).custom["step"]
    wanted = set(inspect.signature(getattr(instance, name)).parameters) - set(step.stamps)
    return {key: user if key == "logged_by" else ANSWERS[key] for key in wanted}


def stored(instance: WorkflowModel) -> dict[str, Any]:
    fresh = type(instance)._default_manager.get(pk=instance.pk)
    return model_to_dict(fresh, [field.name for field in fresh._meta.concrete_fields]) | {
        "state": fresh.state
    }


class _UndoneError(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to the database inside has not happened afterwards."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        pass


@pytest.mark.portable
def test_a_reason_is_asked_for_exactly_where_the_table_says(cast: Cast):
    first_of: dict[tuple[str, str, str], Allowed] = {}
    for step in sorted(written_table(), key=lambda s: (s.machine, s.transition, s.source)):
        first_of.setdefault((step.machine, step.kind, step.transition), step)
    for step in first_of.values():
        if step.by_time or step.gates:
            continue
        slug, kind = step.machine, step.kind
        user = cast.people[min(step.roles)]
        with undone():
            instance = BUILDERS[slug, kind](cast, step.source)
            instance = factories.put(instance, step.source, **prepared(cast, slug, step.transition))
            inputs = answers(instance, step.transition, user)
            take = partial(perform, getattr(instance, step.transition), by=user, now=NOW, **inputs)
            if not step.needs_reason:
                take()
                continue
            for empty in ("", "  \n"):
                with pytest.raises(TransitionRefused, match=r"\w"):
                    take(reason=empty)
            assert not TransitionRecord.objects.exists()


def test_the_product_has_every_machine():
    machines = {model.machine_slug for model in WorkflowModel.machines()}
    assert {slug for slug, _kind in BUILDERS} == machines
    every_one = {
        ActionPlan,
        Agreement,
        AssignmentPlan,
        CapacityMapping,
        Collaboration,
        CollaborationSynthesis,
        FinancialReport,
        InterimTask,
        Intervention,
        Meeting,
        Report,
        SituationAnalysis,
        UniversityReport,
        Visit,
    }
    assert every_one == set(WorkflowModel.machines())
