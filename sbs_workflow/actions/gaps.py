"""Keeping account of roles that nobody holds, and of people whom no mail reaches."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast

from notifications import bounces
from organisations.models import Membership, Role, Unit
from sbs_workflow.models import (
    WORKING,
    AddressTrouble,
    Assignment,
    Collaboration,
    Participation,
    Vacancy,
    due_when_noticed,
)

NO_UNIT = Cast(Value(None), UUIDField())


# --- roles that nobody holds ------------------------------------------------------------------


def keep_vacancies(today: date) -> int:
    """End the vacancies that are filled, open those that are new; how many changed."""
    return end_vacancies(today) + _open_vacancies(today)


def end_vacancies(today: date) -> int:
    """Those that somebody is named for, and those that nobody needs to fill any more."""
    open_ones = Vacancy.objects.filter(ended_on=None)
    in_role = Assignment.objects.named(today).filter(
        collaboration=OuterRef("collaboration"), role=OuterRef("role")
    )
    in_unit = Membership.objects.named(today).filter(unit=OuterRef("unit"), role=Role.PRINCIPAL)
    taking_part = Participation.objects.filter(
        collaboration=OuterRef("collaboration"), unit=OuterRef("unit"), left_on=None
    )
    over = (
        ~Q(collaboration__state__in=WORKING)
        | Q(role=Role.TEAM_LEADER, collaboration__university=None)
        | Q(unit__isnull=False) & ~Exists(taking_part)
        | Exists(in_role)
        | Exists(in_unit)
    )
    return open_ones.filter(over).update(ended_on=today, due_on=None)


def _open_vacancies(today: date) -> int:
    """One question for each role; the unique constraints keep a second scheduler from doubling."""
    due_on = due_when_noticed(today)
    found = [
        Vacancy(collaboration_id=case, role=role, unit_id=unit, since=today, due_on=due_on)
        for role, rows in _unheld(today)
        for case, unit in rows
    ]
    Vacancy.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _unheld(today: date) -> Iterator[tuple[Role, Iterable[tuple[UUID, UUID | None]]]]:
    """The cases and units for which nobody is named, and no vacancy is open yet."""
    known = Vacancy.objects.filter(ended_on=None)
    cases = Collaboration.objects.filter(state__in=WORKING).order_by()
    for role, needing in (
        (Role.PROCESS_SUPPORTER, cases),
        # Nobody leads a team before there is a university.
        (Role.TEAM_LEADER, cases.filter(university__isnull=False)),
    ):
        named = Assignment.objects.named(today).filter(collaboration=OuterRef("pk"), role=role)
        noted = known.filter(collaboration=OuterRef("pk"), role=role)
        rows = needing.filter(~Exists(named), ~Exists(noted))
        yield role, rows.values_list("pk", NO_UNIT)
    units: QuerySet[Participation] = Participation.objects.order_by().filter(
        left_on=None, collaboration__state__in=WORKING
    )
    principals = Membership.objects.named(today).filter(unit=OuterRef("unit"), role=Role.PRINCIPAL)
    noted = known.filter(collaboration=OuterRef("collaboration"), unit=OuterRef("unit"))
    # The administration has no principal: the head of the school authority answers for it.
    schools = units.exclude(unit__kind=Unit.Kind.ADMINISTRATION)
    rows = schools.filter(~Exists(principals), ~Exists(noted))
    yield Role.PRINCIPAL, rows.values_list("collaboration_id", "unit_id")


# --- people whom no mail reaches --------------------------------------------------------------


def keep_address_troubles(today: date) -> int:
    """End the troubles of those who can be reached, open those that are new; how many changed.

    A party is told once of each of its people, in the first of the cases in which they take part.
    """
    places = _places_of_unreached(today)
    open_ones = AddressTrouble.objects.filter(ended_on=None)
    known = {(it.user_id, it.party): it for it in open_ones.select_related("collaboration")}
    over = [
        it.pk
        for key, it in known.items()
        if key not in places or it.collaboration.state not in WORKING
    ]
    ended = open_ones.filter(pk__in=over).update(ended_on=today, due_on=None) if over else 0
    due_on = due_when_noticed(today)
    found = [
        AddressTrouble(user_id=user, party=party, collaboration_id=case, since=today, due_on=due_on)
        for (user, party), case in places.items()
        if (user, party) not in known
    ]
    AddressTrouble.objects.bulk_create(found, ignore_conflicts=True)
    return ended + len(found)


def _places_of_unreached(today: date) -> dict[tuple[UUID, str], UUID]:
    """The first case in which each person whom no mail reaches takes part, by person and party
    (two queries).
    """
    unreached = bounces.undeliverable_people()
    going_on = Collaboration.objects.filter(state__in=WORKING).order_by("sort_key", "pk")
    assigned = (
        Assignment.objects.current(today)
        .filter(user__in=unreached, collaboration__in=going_on)
        .order_by("collaboration__sort_key", "collaboration")
    )
    of_unit = Q(participations__unit=OuterRef("unit"), participations__left_on=None)
    of_party = Q(agency=OuterRef("organisation")) | Q(organiser=OuterRef("organisation"))
    of_party |= Q(university=OuterRef("organisation"))
    first_of_unit = going_on.filter(of_unit).values("pk")[:1]
    first_of_party = going_on.filter(of_party).values("pk")[:1]
    members = (
        Membership.objects.current(today)
        .filter(user__in=unreached)
        .annotate(
            case=Case(
                When(unit__isnull=False, then=Subquery(first_of_unit)),
                default=Subquery(first_of_party),
            )
        )
        .filter(case__isnull=False)
    )
    places: dict[tuple[UUID, str], UUID] = {}
    for user, role, case in (
        *assigned.values_list("user_id", "role", "collaboration_id"),
        *members.order_by("pk").values_list("user_id", "role", "case"),
    ):
        places.setdefault((user, Role(role).party), case)
    return places
