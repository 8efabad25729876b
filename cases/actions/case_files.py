"""Bringing case files in: everything in them, or nothing."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import (
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    PermissionDenied,
)
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.accounts import ADMINISTRATOR, DEMO_PASSWORD
from cases.case_file import CaseFile, Mistakes, OrganisationTold, PersonTold, RoleTold, read_case
from cases.nodes import Mistake
from cases.story import Actor, RoleHeld, Story, explain
from cases.vocabulary import Stage, Told
from notifications import outbox
from notifications.clock import local_date
from organisations.models import (
    COLLABORATION_ROLES,
    Membership,
    Organisation,
    Party,
    Role,
    Unit,
    User,
)
from sbs_workflow.actions import add_unit, assign, create_collaboration, end_assignment
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration


class CaseFilesRefused(Exception):  # noqa: N818 - read as a sentence, like TransitionRefused
    """``lines`` tell everything that is wrong, as file:line:column: message."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def load_cases(
    paths: Iterable[Path], *, now: datetime, dry_run: bool = False
) -> list[Collaboration]:
    """Load all the files or, when anything in any of them is wrong, nothing at all.

    Raises CaseFilesRefused with every mistake. A dry run checks the same and keeps nothing.
    """
    loaded: list[Collaboration] = []
    refused: list[str] = []
    with transaction.atomic():
        for path in paths:
            try:
                loaded.append(_load(read_case(path, local_date(now)), now))
            except Mistakes as mistakes:
                refused += mistakes.lines()
        if refused or dry_run:
            transaction.set_rollback(True)
    if refused:
        raise CaseFilesRefused(refused)
    return loaded


def is_empty() -> bool:
    """Whether nobody has put anything into this database yet."""
    return not (User.objects.exists() or Organisation.objects.exists())


@transaction.atomic
def load_demo(paths: Iterable[Path], *, now: datetime) -> None:
    """Load the demo cases and give everybody in them the public demo password."""
    load_cases(paths, now=now)
    User.objects.update(password=make_password(DEMO_PASSWORD))
    User.objects.create_superuser(ADMINISTRATOR, DEMO_PASSWORD, name=_("Administrator"))


def _load(case: CaseFile, now: datetime) -> Collaboration:
    mistakes: list[Mistake] = []
    story = _begin(case, mistakes)
    if mistakes or story is None:
        raise Mistakes(case.path, mistakes)
    _replay(case.story, story, now, mistakes)
    if mistakes:
        raise Mistakes(case.path, mistakes)
    # What has happened is known to those it happened to: nobody is told again.
    outbox.suppress(
        scope_id=story.collaboration.pk, reason=_("Brought in from a case file"), now=now
    )
    return story.collaboration


def _begin(case: CaseFile, mistakes: list[Mistake]) -> Story | None:
    """The collaboration with its organisations, units and people, as a candidate."""
    name = case.collaboration["name"]
    organisations = _each(case.organisations, _bring_organisation, mistakes)
    if mistakes:
        return None
    organiser = organisations[Party.ORGANISER]
    if Collaboration.objects.filter(name=name, organiser=organiser).exists():
        mistakes.append(Mistake(case.node, _("%(name)s is already loaded.") % {"name": name}))
        return None
    units = _each(case.units, lambda told: _bring_unit(told, organiser), mistakes)
    users = _each(case.people, _bring_user, mistakes)
    if mistakes:
        return None
    cast = [_actor(key, told, users[key], units) for key, told in case.people.items()]
    for told, actor in zip(case.people.values(), cast, strict=True):
        _bring_memberships(told, actor, organisations, mistakes)
    if mistakes:
        return None
    return _open(case, organisations, units, cast, mistakes)


def _each(told: dict[Any, Any], bring: Any, mistakes: list[Mistake]) -> dict[Any, Any]:
    brought = {}
    for key, entry in told.items():
        try:
            brought[key] = bring(entry)
        except Mistake as mistake:
            mistakes.append(mistake)
    return brought


def _bring_organisation(told: OrganisationTold) -> Organisation:
    """The organisation of that name; what the file adds to it is kept."""
    organisation = Organisation.objects.filter(name=told.name).first()
    if organisation is None:
        organisation = Organisation(name=told.name, party=told.party)
    elif organisation.party != told.party:
        raise Mistake(
            told.node,
            _("%(name)s is already known as %(party)s.")
            % {"name": told.name, "party": organisation.get_party_display()},
        )
    for field in ("organisation_number", "municipality_code"):
        _agree_on(organisation, field, getattr(told, field), told.node)
    organisation.save()
    return organisation


def _agree_on(known: Any, field: str, value: str, node: Any) -> None:
    """Take over what was unknown; two different values are a mistake."""
    present = getattr(known, field)
    if value and present and present != value:
        raise Mistake(
            node,
            _("%(name)s is already known with %(known)s, not %(value)s.")
            % {"name": known, "known": present, "value": value},
        )
    setattr(known, field, present or value)


def _bring_unit(told: Any, organiser: Organisation) -> Unit:
    unit = Unit.objects.filter(organiser=organiser, name=told.name).first()
    if unit is None:
        unit = Unit(organiser=organiser, name=told.name, kind=told.kind)
    _agree_on(unit, "kind", told.kind, told.node)
    _agree_on(unit, "school_unit_code", told.school_unit_code, told.node)
    _refuse_code_of_another(unit, told)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Mistake(
            told.node, _("%(name)s already has an administration.") % {"name": organiser}
        ) from error
    return unit


def _refuse_code_of_another(unit: Unit, told: Any) -> None:
    code = unit.school_unit_code
    others = Unit.objects.filter(school_unit_code=code, ends_on=None).exclude(pk=unit.pk)
    if code and (other := others.first()):
        raise Mistake(
            told.node,
            _("%(code)s is already the code of %(unit)s.") % {"code": code, "unit": other},
        )


def _bring_user(told: PersonTold) -> User:
    """The person with that address; a new one has no password yet and logs in by code."""
    user = User.objects.filter(email=told.email).first()
    if user is None:
        return User.objects.create_user(told.email, name=told.name)
    if user.name != told.name:
        raise Mistake(
            told.node,
            _("%(email)s is already known as %(name)s.") % {"email": told.email, "name": user.name},
        )
    return user


def _actor(key: str, told: PersonTold, user: User, units: dict[str, Unit]) -> Actor:
    return Actor(
        key,
        user,
        [
            RoleHeld(held.role, units.get(held.unit), held.starts_on, held.ends_on)
            for held in told.roles
        ],
    )


def _bring_memberships(
    told: PersonTold,
    actor: Actor,
    organisations: dict[Party, Organisation],
    mistakes: list[Mistake],
) -> None:
    for entry, held in zip(told.roles, actor.roles, strict=True):
        if held.role in COLLABORATION_ROLES:
            continue
        organisation = organisations.get(held.role.party)
        if organisation is None:
            mistakes.append(Mistake(entry.node, _("Name the university under organisations.")))
            continue
        try:
            _bring_membership(entry, held, actor.user, organisation)
        except Mistake as mistake:
            mistakes.append(mistake)


def _bring_membership(
    told: RoleTold, held: RoleHeld, user: User, organisation: Organisation
) -> None:
    """A role that is already known for the whole time is left as it is."""
    known = Membership.objects.filter(
        user=user, organisation=organisation, unit=held.unit, role=held.role
    )
    for membership in known:
        forever = date.max
        until, known_until = held.ends_on or forever, membership.ends_on or forever
        if membership.starts_on <= held.starts_on and until <= known_until:
            return
        if membership.starts_on <= until and held.starts_on <= known_until:
            raise Mistake(
                told.node,
                _("This role is already known from %(start)s to %(end)s. Write those dates.")
                % {"start": membership.starts_on, "end": membership.ends_on or _("further notice")},
            )
    Membership.objects.create(
        user=user,
        organisation=organisation,
        unit=held.unit,
        role=held.role,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
    )


def _open(
    case: CaseFile,
    organisations: dict[Party, Organisation],
    units: dict[str, Unit],
    cast: list[Actor],
    mistakes: list[Mistake],
) -> Story | None:
    """Open the case as the agency manager of the file, who also gives people their roles in it."""
    details = dict(case.collaboration)
    opened_at = details.pop("opened")
    manager = next((a for a in cast if a.holds(Role.AGENCY_MANAGER, opened_at.date())), None)
    if manager is None:
        text = _("Somebody must be agency_manager on the day on which the case is opened.")
        mistakes.append(Mistake(case.name_of_part("people"), text))
        return None
    doer = {"by": manager.user, "now": opened_at}
    collaboration = create_collaboration(
        **doer,
        agency=organisations[Party.AGENCY],
        organiser=organisations[Party.ORGANISER],
        **details,
    )
    for unit in units.values():
        add_unit(collaboration=collaboration, unit=unit, **doer)
    assigned = [(a, h) for a in cast for h in a.roles if h.role in COLLABORATION_ROLES]
    for actor, held in sorted(assigned, key=lambda pair: pair[1].starts_on):
        assignment = assign(
            collaboration=collaboration,
            user=actor.user,
            role=held.role,
            starts_on=held.starts_on,
            **doer,
        )
        if held.ends_on:
            end_assignment(assignment=assignment, ends_on=held.ends_on, **doer)
    return Story(
        collaboration=collaboration,
        units=units,
        cast=cast,
        university=organisations.get(Party.UNIVERSITY),
        opened_at=opened_at,
    )


def _replay(story_told: list[Told], story: Story, now: datetime, mistakes: list[Mistake]) -> None:
    """Take every stage of every event in the order of their moments, up to now."""
    stages = [
        (stage, told)
        for told in story_told
        for stage in told.kind.stages(told)
        if stage.moment <= now
    ]
    stages.sort(key=lambda pair: pair[0].moment)
    refused: set[int] = set()
    for stage, told in stages:
        if id(told) in refused or _take(stage, told, story, mistakes):
            continue
        refused.add(id(told))
        if told.kind.name in PHASES:
            return  # whatever follows would only repeat that the phase is not reached
    story.go_to(now)
    story.let_time_act()


def _take(stage: Stage, told: Told, story: Story, mistakes: list[Mistake]) -> bool:
    try:
        with transaction.atomic():
            story.go_to(stage.moment)
            stage.action(story)
    except Mistake as mistake:
        mistakes.append(mistake)
    except (TransitionRefused, PermissionDenied) as error:
        mistakes += [Mistake(told.node, reason) for reason in explain(error)]
    except (IntegrityError, ObjectDoesNotExist, MultipleObjectsReturned):
        mistakes.append(Mistake(told.node, _("This contradicts what the file has told before.")))
    else:
        return True
    return False


PHASES = frozenset(
    {
        "offer",
        "accept",
        "start analysis",
        "start planning",
        "agree",
        "start interventions",
        "start reporting",
        "take over",
    }
)
