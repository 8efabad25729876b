"""A small case file that loads, to be spoilt in one place by each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL_CASE = """\
collaboration:
  name: Åsele kommun
  opened: 2025-01-13
  selection_source: Skolinspektionens underlag
  contact_person: Sara Skolchef
organisations:
  agency: Skolverket
  organiser: {name: Åsele kommun, municipality_code: 2463}
  university: Umeå universitet
units:
  skolan: {name: Centralskolan, kind: compulsory}
  forvaltningen: {name: Förvaltningen, kind: administration}
people:
  chef: {name: Eva Chef, email: eva@agency.test, roles: agency_manager from 2020-01-01}
  stod1: {name: Ett Stöd, email: ett@agency.test, roles: process_supporter from 2025-01-13}
  stod2: {name: Två Stöd, email: tva@agency.test, roles: process_supporter from 2025-01-13}
  skolchef: {name: Sara Skolchef, email: sara@asele.test, roles: head_of_authority from 2024-01-01}
  rektor: {name: Rut Rektor, email: rut@asele.test, roles: principal of skolan from 2024-01-01}
  ledare: {name: Lo Ledare, email: lo@umu.test, roles: team_leader from 2025-05-01}
story:
  - 2025-01-20: offer
    channel: telephone
  - 2025-02-12: accept
    mandate: Nämnden § 7
  - 2025-03-03: start analysis
  - 2025-09-01: share analysis
    problems:
      skolan:
        - text: Eleverna når olika långt i olika klasser.
          causes: [Vi planerar var för sig., Vi ser sällan varandras undervisning.]
          evidence:
            - {kind: statistics, voice: staff, on: 2025-06-16, text: Betygen skiljer sig.}
      forvaltningen:
        - text: Rektorerna får sällan svar på sina analyser.
          causes: Uppföljningen är skriftlig.
          evidence: {kind: interview, voice: management, on: 2025-05-05, text: Sex samtal.}
    children: Eleverna vill ha arbetsro.
    participants: Alla arbetslag
    priorities: Undervisningens kvalitet
  - 2025-09-08: match university
  - 2025-09-15: conclude analysis
  - 2025-09-16: start planning
"""

WriteCase = Callable[..., Path]


@pytest.fixture
def write_case(tmp_path: Path) -> WriteCase:
    """Writes the small case, with ``old`` replaced by ``new``, and gives its path."""

    def write(old: str = "", new: str = "", *, name: str = "case.yaml", more: str = "") -> Path:
        assert old in SMALL_CASE
        path = tmp_path / name
        path.write_text(SMALL_CASE.replace(old, new, 1) + more, encoding="utf-8")
        return path

    return write


# What follows on the small case: from the first goal to an amended agreement.
RED_THREAD = """\
  - 2025-09-18 10:00: expectation talk
    booked: 2025-09-17
    minutes: Vi är överens.
  - 2025-09-24: share plan
    goals:
      skolan:
        - problem: 1
          causes: [1, 2]
          text: Alla lärare har sett en kollegas lektion varje termin.
          short: Lektionerna börjar lika.
          long: Resultaten beror mindre på klassen.
          measure: Loggar
          baseline: Tre lärare
          target: Alla lärare
          follow_up: {on: 2026-06-10, by: rektor}
        - problem: 1
          causes: 2
          text: Skillnaden mellan klasserna har halverats.
          short: Vi vet var klasserna skiljer sig.
          measure: Betyg
          follow_up: {on: 2027-06-16}
      forvaltningen:
        - problem: 1
          causes: [1]
          text: Varje rektor får ett samtal om sin analys.
    text: Planen bygger på analysen.
    past_gates: Förvaltningen bestämmer i oktober hur målet följs upp.
  - 2025-09-25: discuss plan
  - 2025-09-26: adopt plan
  - 2025-09-29: propose agreement
    reference: Demo 1
    from: 2025-10-06
    to: 2027-06-11
    amount: 300 000
    instalments:
      - {on: 2025-11-03, amount: 200 000}
      - {on: 2027-02-01, amount: 100 000}
    reporting_dates: [2026-03-02, 2026-10-01]
    interventions:
      - name: Se varandras lektioner
        area: Undervisningens kvalitet
        participants: [lärare 24, rektor 1]
        units: [skolan]
        goals: [skolan 1, skolan 2]
        causes: [skolan 1.2]
        from: 2025-10-06
        to: 2026-06-12
        amount: 200 000
      - name: Samtal i styrkedjan
        provider: consultant
        provider_name: Konsulten
        participants: rektorer 3
        units: all
        goals: forvaltningen 1
        amount: 100 000
  - 2025-09-30: send assignment
    text: Lärosätet leder insats 1.
  - 2025-09-30 10:00: sign for organiser
  - 2025-10-01: sign for agency
  - 2025-10-01 10:00: return assignment
    reason: Vi behöver veta hur många dagar ni tänker er.
  - 2025-10-01 11:00: send assignment
    text: Lärosätet leder insats 1, två dagar i månaden.
  - 2025-10-01 12:00: confirm assignment
    team: [Lo Ledare, En kollega]
    days: {2025-10..2026-06: 2, 2026-08..2026-12: 1, 2027-01: 0, 2027-02..2027-06: 0.5}
  - 2025-10-02: agree
  - 2025-10-03: write outline
    numbers: 1
    text: Vi börjar med en film.
  - 2025-10-06: start interventions
    to: 2027-06-11
  - 2025-10-06: start insats
  - 2025-10-20: visit
    planned: 2025-10-07
    units: [skolan]
    kind: supervision
    minutes: 240
    participants: [lärare 12, rektor 1]
    interventions: [1]
    goals: [skolan 1]
    log: Vi såg en film tillsammans.
    tasks: {skolan: Filma tio minuter var.}
    promises:
      - {party: university, what: Skickar frågorna, by: 2025-10-31}
      - {party: organiser, what: Ordnar vikarier}
  - 2025-10-27: begin task
    given: 2025-10-20
    units: [skolan]
  - 2025-11-05: report task
    given: 2025-10-20
    units: [skolan]
    course: partly
    text: Hälften hann.
  - 2025-11-06: keep promise
    made: 2025-10-20
    party: university
    word: Skickade.
  - 2025-11-07: drop promise
    made: 2025-10-20
    party: organiser
  - 2025-11-18: discuss task
    given: 2025-10-20
    units: [skolan]
  - 2025-11-24: link insats
    numbers: 1
    goals: [skolan 1]
  - 2025-11-25: adapt insats
    numbers: 1
    text: Två filmer i stället för en.
    reason: Lärarna bad om det.
  - 2025-12-01: rate goals
    ratings: {goal: skolan 1, level: well_under_way, why: Hälften har sett en lektion.}
  - 2025-12-01: rate goals
    party: university
    ratings:
      - goal: skolan 1
        level: started
        why: Få har ändrat något.
        evidence: {kind: observation, text: Tre besök.}
  - 2025-12-03 13:00: quality meeting
    minutes: Vi enades.
    colours:
      - {goal: skolan 1, level: started, why: Halva vägen.}
  - 2025-12-10: revise plan
    units: [skolan]
    reason: Målet om klasserna blev för stort.
  - 2026-01-12: share plan
    drop: [skolan 2]
    goals:
      skolan:
        - number: 1
          target: Alla lärare, på film eller på plats
        - problem: 1
          causes: [2]
          text: Lärare i samma årskurs bedömer en uppgift tillsammans.
          long: Elever får samma besked.
          measure: Anteckningar
          follow_up: {on: 2026-12-11}
  - 2026-01-13: discuss plan
    units: [skolan]
  - 2026-01-14: adopt plan
    units: [skolan]
  - 2026-01-15: report deviation
    numbers: 1
    reason: Vikarier saknas under våren.
  - 2026-01-19: amend agreement
    by: skolchef
    reason: Insats 1 behöver ett läsår till.
  - 2026-01-26: propose agreement
    drop_interventions: 2
    amount: 350 000
    interventions:
      - number: 1
        to: 2027-06-11
        amount: 350 000
    instalments: {on: 2025-11-03, amount: 350 000}
  - 2026-02-02: sign for organiser
  - 2026-02-03: sign for agency
"""
