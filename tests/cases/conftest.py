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
