"""Promises: whoever takes part says what became of them, once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from organisations.models import Role
from sbs_workflow.actions import settle_promise
from sbs_workflow.models import Participation, Promise
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.fixture
def promise(cast: Cast) -> Promise:
    return factories.promise(factories.visit(cast.ours.collaboration, state="shared"))


@pytest.mark.parametrize("role", Role)
def test_whoever_takes_part_says_what_became_of_it(cast: Cast, promise: Promise, role: Role):
    settled = settle_promise(
        promise=promise, outcome="kept", word="En timme i veckan", by=cast.people[role], now=NOW
    )
    assert (settled.settled_on, settled.outcome, settled.word) == (
        TODAY, "kept", "En timme i veckan",
    )  # fmt: skip
    assert not settled.is_open
    assert not Promise.objects.open().exists()


def test_others_do_not(cast: Cast, promise: Promise):
    Participation.objects.filter(unit=cast.ours.preschool).update(left_on=TODAY)
    for by in (cast.ours.preschool_principal, cast.theirs.team_leader, cast.outsider):
        with pytest.raises(PermissionDenied):
            settle_promise(promise=promise, outcome="kept", word="", by=by, now=NOW)
    assert Promise.objects.get().is_open


def test_who_comes_second_changes_nothing(cast: Cast, promise: Promise):
    for days, outcome in enumerate(("dropped", "kept")):
        settle_promise(
            promise=promise,
            outcome=outcome,
            word="",
            by=cast.ours.principal,
            now=NOW + timedelta(days=days),
        )
    settled = Promise.objects.get()
    assert (settled.outcome, settled.settled_on) == ("dropped", TODAY)


def test_a_promise_in_an_unshared_log_is_read_by_its_party_alone(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="logged")
    for party in ("agency", "organiser", "university"):
        factories.promise(visit, written_by=party, is_shared=False)
    readers = {
        cast.ours.process_supporter: {"agency"},
        cast.agency_manager: {"agency"},
        cast.ours.head_of_authority: {"organiser"},
        cast.ours.university_lead: {"university"},
        cast.ours.education_leader: {"university"},
        cast.theirs.education_leader: set(),
        cast.outsider: set(),
    }
    for user, parties in readers.items():
        load_roles(user, TODAY)
        read = Promise.objects.visible_to(user).values_list("written_by", flat=True)
        assert set(read) == parties, user
