"""The people of the demo that one can log in as: one for each role of the three parties."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from organisations.models import Role

DEMO_PASSWORD = "prova-trepart-2026"
ADMINISTRATOR = "admin@trepart.demo"


@dataclass(frozen=True)
class DemoAccount:
    """``role`` is None for the administrator of the installation."""

    role: Role | None
    email: str
    organisation: str

    @property
    def label(self) -> str:
        return str(self.role.label) if self.role else _("Administrator")

    @property
    def password(self) -> str:
        return DEMO_PASSWORD


DEMO_ACCOUNTS = (
    DemoAccount(Role.PROCESS_SUPPORTER, "anna.bergqvist@skolverket.demo", "Skolverket"),
    DemoAccount(Role.PROCESS_SUPPORTER, "johan.ek@skolverket.demo", "Skolverket"),
    DemoAccount(Role.AGENCY_MANAGER, "enhetschef@skolverket.demo", "Skolverket"),
    DemoAccount(Role.HEAD_OF_AUTHORITY, "skolchef@alvsunda.demo", "Älvsunda kommun"),
    DemoAccount(Role.COORDINATOR, "samordnare@alvsunda.demo", "Älvsunda kommun"),
    DemoAccount(Role.PRINCIPAL, "rektor.asbacken@alvsunda.demo", "Älvsunda kommun"),
    DemoAccount(Role.PROCESS_LEADER, "processledare.asbacken@alvsunda.demo", "Älvsunda kommun"),
    DemoAccount(Role.TEAM_LEADER, "teamledare@karlstad.demo", "Karlstads universitet"),
    DemoAccount(Role.EDUCATION_LEADER, "utbildningsledare@karlstad.demo", "Karlstads universitet"),
    DemoAccount(Role.UNIVERSITY_LEAD, "sbs.ansvarig@karlstad.demo", "Karlstads universitet"),
    DemoAccount(Role.HEAD_OF_AUTHORITY, "skolchef@norrmyra.demo", "Norrmyra kommun"),
    DemoAccount(Role.PRINCIPAL, "rektor.vallmo@norrmyra.demo", "Norrmyra kommun"),
    DemoAccount(Role.HEAD_OF_AUTHORITY, "skolchef@vallentuna.demo", "Vallentuna kommun"),
    DemoAccount(Role.PRINCIPAL, "rektor.karby@vallentuna.demo", "Vallentuna kommun"),
    DemoAccount(None, ADMINISTRATOR, "Trepart"),
)
