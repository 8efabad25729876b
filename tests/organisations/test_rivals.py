"""Two answer invitations at the same moment, each on a connection of their own."""

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError

from organisations.actions import (
    InvitationClosedError,
    KnownPersonError,
    accept,
    enter_invited_person,
    invite,
)
from organisations.models import Invitation, Membership, Role, User
from tests.cast import NOW, TODAY, Cast
from tests.sbs_workflow.test_rivals import Presses, press_at_once

PAIRS = 20

pytestmark = [pytest.mark.portable, pytest.mark.django_db(transaction=True)]


def invitation(cast: Cast, email: str, *, ours: bool = True) -> Invitation:
    side = cast.ours if ours else cast.theirs
    return invite(
        by=side.head_of_authority,
        email=email,
        name="Nils Ny",
        role=Role.COORDINATOR,
        organisation=side.organiser,
        starts_on=TODAY,
        now=NOW,
    )


def say_yes(letter: Invitation, by: User) -> str:
    try:
        accept(invitation=letter, by=by, now=NOW)
    except InvitationClosedError:
        return "closed"
    return "accepted"


def become_known(letter: Invitation) -> str:
    try:
        enter_invited_person(invitation=letter, name="Nils Ny")
    except (KnownPersonError, IntegrityError):
        return "known"
    return "entered"


def test_a_letter_lets_one_person_in(cast: Cast):
    letters = [invitation(cast, f"ny{number}@adalen.example") for number in range(PAIRS)]
    one, other = cast.outsider, cast.ours.principal
    results = press_at_once(
        [(partial(say_yes, letter, one), partial(say_yes, letter, other)) for letter in letters]
    )
    assert Counter(results) == {("accepted", "closed"): PAIRS}


def test_whoever_answers_two_letters_at_once_has_the_role_once(cast: Cast):
    """They went to two addresses of the same person."""
    pairs: Presses = []
    for number in range(PAIRS):
        person = User.objects.create_user(f"ny{number}@adalen.example", name="Nils Ny")
        one, other = (invitation(cast, f"{w}{number}@adalen.example") for w in ("ny", "hem"))
        pairs.append((partial(say_yes, one, person), partial(say_yes, other, person)))
    assert Counter(press_at_once(pairs)) == {("accepted", "accepted"): PAIRS}
    held = Membership.objects.filter(role=Role.COORDINATOR, user__name="Nils Ny")
    assert held.count() == held.values("user").distinct().count() == PAIRS


def test_whoever_is_invited_by_two_has_one_account(cast: Cast):
    addresses = [f"ny{number}@adalen.example" for number in range(PAIRS)]
    pairs: Presses = []
    for each in addresses:
        here, there = (invitation(cast, each, ours=ours) for ours in (True, False))
        pairs.append((partial(become_known, here), partial(become_known, there)))
    assert set(press_at_once(pairs)) <= {("entered", "entered"), ("entered", "known")}
    assert User.objects.filter(email__in=addresses).count() == PAIRS
