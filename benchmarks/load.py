"""Collaborations in any number, each with a year of meetings, visits, reports and history.

PostgreSQL makes the many rows itself: 15,000 cases have half a million of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection

from organisations.models import Membership, Organisation, Party, Role, Unit, User
from organisations.swedish import search_text, sort_key
from sbs_workflow.models import Collaboration

CASES_OF_ORGANISER = 3
UNITS_OF_ORGANISER = 4
# A process supporter follows so many cases, and a team leader too.
CASES_OF_PERSON = 12
NAMES = ("Alvik", "Björkö", "Dalby", "Ekerö", "Fårö", "Gränna", "Hjo", "Åre", "Älvsbyn", "Öregrund")
# Seven of ten cases are in the middle of their interventions.
STATES = (*["active"] * 7, "analysing", "planning", "reporting")


@dataclass(frozen=True)
class Load:
    """Who looks at the cases, and two of them that differ in their number of visits only."""

    manager: User
    supporter: User
    few_visits: Collaboration
    many_visits: Collaboration


def load(cases: int, today: date, *, few: int = 60, many: int = 600) -> Load:
    agency = _organisations(Party.AGENCY, ["Skolverket"])[0]
    universities = _organisations(Party.UNIVERSITY, [f"Högskolan i {name}" for name in NAMES])
    places = [f"{NAMES[n % len(NAMES)]} {n}" for n in range(-(-cases // CASES_OF_ORGANISER))]
    organisers = _organisations(Party.ORGANISER, [f"{place}s kommun" for place in places])
    _units(organisers)
    manager = _person("Maria Chef", "chef@skolverket.example")
    manager.save()
    Membership.objects.create(
        user=manager, organisation=agency, role=Role.AGENCY_MANAGER, starts_on=date(2020, 1, 1)
    )
    pairs = range(-(-cases // CASES_OF_PERSON))
    supporters = User.objects.bulk_create(
        _person(f"Pia Processtödjare {n}", f"pia.{n}@skolverket.example") for n in pairs
    )
    User.objects.bulk_create(
        _person(f"Ture Teamledare {n}", f"ture.{n}@hogskolan.example") for n in pairs
    )
    made = _collaborations(cases, agency, organisers, universities, today)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(NUMBERED)
        for statement in ROWS:
            cursor.execute(statement, {"today": today})
        for case, visits in ((made[0], few), (made[1], many)):
            cursor.execute(MORE_VISITS, {"today": today, "case": case.pk, "count": visits})
        cursor.execute("DROP TABLE numbered")
        cursor.execute("ANALYZE")
    return Load(manager, supporters[0], made[0], made[1])


def _organisations(party: Party, names: Sequence[str]) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        Organisation(
            party=party, name=name, sort_key=sort_key(name), search_text=search_text([name])
        )
        for name in names
    )


def _units(organisers: Sequence[Organisation]) -> None:
    kinds = [Unit.Kind.ADMINISTRATION, Unit.Kind.COMPULSORY, Unit.Kind.PRESCHOOL]
    Unit.objects.bulk_create(
        Unit(
            organiser=organiser,
            kind=kinds[min(number, 2)],
            name=name,
            sort_key=sort_key(name),
            search_text=search_text([name]),
        )
        for organiser in organisers
        for number in range(UNITS_OF_ORGANISER)
        for name in [f"Enhet {number} i {organiser.name}"]
    )


def _person(name: str, email: str) -> User:
    return User(name=name, email=email, password=make_password(None))


def _collaborations(
    count: int,
    agency: Organisation,
    organisers: Sequence[Organisation],
    universities: Sequence[Organisation],
    today: date,
) -> list[Collaboration]:
    def case(number: int) -> Collaboration:
        organiser = organisers[number // CASES_OF_ORGANISER]
        name = f"{organiser.name} {2020 + number % CASES_OF_ORGANISER}"
        return Collaboration(
            name=name,
            sort_key=sort_key(name),
            search_text=search_text([name]),
            reference=str(number),
            agency=agency,
            organiser=organiser,
            university=universities[number % len(universities)],
            state=STATES[number % len(STATES)],
            interventions_start_on=today - timedelta(days=365),
            interventions_end_on=today + timedelta(days=365),
        )

    return Collaboration.objects.bulk_create(map(case, range(count)), batch_size=2000)


NUMBERED = """
    CREATE TEMPORARY TABLE numbered AS
    SELECT id, reference::int AS n, organiser_id, state FROM sbs_workflow_collaboration
"""
ROWS = (
    """
    INSERT INTO sbs_workflow_participation
        (id, collaboration_id, unit_id, joined_on, leave_reason)
    SELECT gen_random_uuid(), numbered.id, unit.id, %(today)s - 600, ''
    FROM numbered JOIN organisations_unit unit USING (organiser_id)
    """,
    """
    INSERT INTO sbs_workflow_assignment (id, collaboration_id, user_id, role, starts_on)
    SELECT gen_random_uuid(), numbered.id, person.id, role, %(today)s - 600
    FROM numbered
    CROSS JOIN (VALUES ('process_supporter', 'pia.', '@skolverket.example'),
                       ('team_leader', 'ture.', '@hogskolan.example')) named (role, name, host)
    JOIN organisations_user person ON person.email = named.name || n / 12 || host
    """,
    """
    INSERT INTO plans_situationanalysis
        (id, collaboration_id, unit_id, state, text, participants, views_of_children, shared_on)
    SELECT gen_random_uuid(), collaboration_id, unit_id, 'concluded', repeat('Analys. ', 50),
           'Alla lärare', 'Mer hjälp', %(today)s - 400
    FROM sbs_workflow_participation
    """,
    """
    INSERT INTO plans_actionplan
        (id, collaboration_id, unit_id, version, state, text, participants, follow_up,
         revision_reason, shared_on)
    SELECT gen_random_uuid(), collaboration_id, unit_id, 1, 'adopted', repeat('Plan. ', 50),
           'Arbetslagen', 'Varje termin', '', %(today)s - 300
    FROM sbs_workflow_participation
    """,
    """
    INSERT INTO interventions_agreement
        (id, collaboration_id, version, kind, state, reference, amendment_reason, proposed_on)
    SELECT gen_random_uuid(), id, 1, 'agreement', 'signed', 'Dnr', '', %(today)s - 380
    FROM numbered
    """,
    """
    INSERT INTO interventions_intervention
        (id, collaboration_id, number, name, development_area, provider, provider_name,
         participants, state)
    SELECT gen_random_uuid(), id, number, 'Undervisning ' || number, '', 'university', '',
           'Lärare', 'running'
    FROM numbered, generate_series(1, 3) number
    """,
    """
    INSERT INTO interventions_visit
        (id, collaboration_id, month, state, takes_place_on, form, kind, log, next_steps)
    SELECT gen_random_uuid(), id, date_trunc('month', %(today)s - 30 * number), 'shared',
           %(today)s - 30 * number, 'on_site', 'supervision', repeat('Handledning. ', 20), ''
    FROM numbered, generate_series(1, 10) number
    """,
    """
    INSERT INTO interventions_visit
        (id, collaboration_id, month, state, due_on, form, kind, log, next_steps)
    SELECT gen_random_uuid(), id, date_trunc('month', %(today)s + 30), 'needed',
           %(today)s - 15 + n %% 45, 'on_site', '', '', ''
    FROM numbered
    """,
    """
    INSERT INTO meetings_meeting
        (id, collaboration_id, kind, state, starts_at, ends_at, form, place, minutes)
    SELECT gen_random_uuid(), id, 'quality', 'approved', %(today)s - 100 * number,
           %(today)s - 100 * number + interval '2 hours', 'digital', 'Länk', 'Alla var med.'
    FROM numbered, generate_series(1, 4) number
    """,
    """
    INSERT INTO meetings_meeting
        (id, collaboration_id, kind, state, due_on, form, place, minutes)
    SELECT gen_random_uuid(), id, kind, 'needed', %(today)s - 10 + n %% 60, '', '', ''
    FROM numbered, (VALUES ('quality'), ('bilateral')) kinds (kind)
    """,
    """
    INSERT INTO meetings_meeting
        (id, collaboration_id, kind, state, starts_at, ends_at, due_on, form, place, minutes)
    SELECT gen_random_uuid(), id, 'quality', 'booked', %(today)s + 20,
           %(today)s + 20 + interval '2 hours', %(today)s + 21, 'digital', 'Länk', ''
    FROM numbered WHERE n %% 3 = 0
    """,
    """
    INSERT INTO reports_report
        (id, collaboration_id, unit_id, kind, number, state, deadline_on, due_on, text, rounds)
    SELECT gen_random_uuid(), collaboration_id, unit_id, 'interim', number, 'open',
           %(today)s + 30 * number, %(today)s + 30 * number, '', 0
    FROM sbs_workflow_participation, generate_series(1, 2) number
    """,
    """
    INSERT INTO sbs_workflow_transitionrecord
        (collaboration_id, machine, object_id, object_name, transition, from_state, to_state,
         role, party, occurred_at, reason, overridden)
    SELECT id, 'samverkan', id, 'Samverkan', 'start_planning', 'analysing', 'planning',
           'process_supporter', 'agency', %(today)s - number * interval '10 days', '', '[]'
    FROM numbered, generate_series(1, 12) number
    """,
)
MORE_VISITS = """
    INSERT INTO interventions_visit
        (id, collaboration_id, month, state, takes_place_on, form, kind, log, next_steps)
    SELECT gen_random_uuid(), %(case)s, date_trunc('month', %(today)s - number), 'shared',
           %(today)s - number, 'on_site', 'supervision', repeat('Handledning. ', 20), ''
    FROM generate_series(1, %(count)s - 10) number
"""
