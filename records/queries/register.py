"""The register of an authority: what it has received and drawn up, and under which number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from organisations.models import Organisation, Party, Role, User
from records.documents import BY_MACHINE, DOCUMENT_TYPES, DocumentType, Paper, organisation_of
from records.models import Registration
from records.permissions import REGISTRARS
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import roles_held

Status = Registration.Status


@dataclass(frozen=True)
class Entry:
    """One document as one authority has it."""

    paper: Paper
    authority: Organisation
    registration: Registration | None

    @property
    def collaboration(self) -> Collaboration:
        return self.paper.instance.collaboration

    @property
    def is_official(self) -> bool:
        said = self.registration.status if self.registration else ""
        if said:
            return said == Status.OFFICIAL
        return self.paper.is_official_by_state

    @property
    def status_label(self) -> str:
        status = Status.OFFICIAL if self.is_official else Status.WORKING_PAPER
        return str(status.label)

    @property
    def number(self) -> str:
        """What was registered; else the number that stands in the agency's own document."""
        if self.registration and self.registration.number:
            return self.registration.number
        if self.authority.party != Party.AGENCY:
            return ""
        own = getattr(self.paper.instance, "reference", "")
        return own or self.collaboration.reference

    @property
    def kind(self) -> Registration.Kind:
        if self.registration and self.registration.kind:
            return Registration.Kind(self.registration.kind)
        return Registration.Kind.DRAWN_UP if self.is_own else Registration.Kind.RECEIVED

    @property
    def is_own(self) -> bool:
        return self.paper.drawn_up_by == self.authority.party

    @property
    def kind_label(self) -> str:
        return str(self.kind.label)

    @property
    def on(self) -> date | None:
        if self.registration and self.registration.dated_on:
            return self.registration.dated_on
        return self.paper.since

    @property
    def counterpart(self) -> str:
        """From whom it came, or to whom it went."""
        if not self.is_own:
            return str(organisation_of(self.collaboration, self.paper.drawn_up_by) or "")
        others = [party for party in Party if party != self.authority.party]
        names = [organisation_of(self.collaboration, party) for party in others]
        return ", ".join(str(name) for name in names if name)

    @property
    def secrecy(self) -> str:
        return self.registration.secrecy if self.registration else ""

    @property
    def machine(self) -> str:
        return self.paper.kind.machine


def registered_organisations(user: User) -> QuerySet[Organisation]:
    """The authorities whose registers this person keeps."""
    assigned, organisations, _units = roles_held(user).scopes_of(REGISTRARS)
    # Process supporters work for the agency of their cases.
    of_cases = Collaboration.objects.filter(pk__in=assigned).values("agency")
    return Organisation.objects.filter(Q(pk__in=organisations) | Q(pk__in=of_cases))


@dataclass(frozen=True)
class RegisterList:
    """Official documents, the latest first, as pages and files ask for them."""

    keys: Any
    authority: Organisation

    def count(self) -> int:
        found: int = self.keys.count()
        return found

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Entry]:
        """The entries of a page (one query for each type of document on it, and one more)."""
        return list(_entries(list(self.keys[part]), self.authority))

    def __iter__(self) -> Iterator[Entry]:
        """All of them, some hundred in memory at a time."""
        batch: list[Any] = []
        for key in self.keys.iterator(500):
            batch.append(key)
            if len(batch) == 500:
                yield from _entries(batch, self.authority)
                batch = []
        yield from _entries(batch, self.authority)


def register_of(authority: Organisation, user: User, *, search: str = "") -> RegisterList:
    """What the authority has received and drawn up in the cases that this person may see."""
    rows = [
        _official(kind, authority, user, search)
        .annotate(since=kind.since)
        .order_by()
        .values_list(Value(kind.machine, output_field=CharField()), "pk", "since", named=False)
        for kind in DOCUMENT_TYPES
    ]
    union = rows[0].union(*rows[1:], all=True)
    return RegisterList(union.order_by("-since", "pk"), authority)


def _official(kind: DocumentType, authority: Organisation, user: User, search: str) -> Any:
    """Those that are official by their state or by what the authority has registered."""
    registered = Registration.objects.filter(authority=authority, object_id=OuterRef("pk"))
    by_state = kind.official & ~Exists(registered.filter(status=Status.WORKING_PAPER))
    rows = kind.model.objects.visible_to(user).filter(
        by_state | Exists(registered.filter(status=Status.OFFICIAL))
    )
    path = "" if kind.model is Collaboration else "collaboration__"
    rows = rows.filter(**{f"{path}{authority.party}": authority})
    if search:
        rows = rows.filter(
            Exists(registered.filter(number__icontains=search))
            | Q(**{f"{path}name__icontains": search})
            | Q(**{f"{path}reference__icontains": search})
        )
    return rows


def _entries(keys: Iterable[Any], authority: Organisation) -> Iterator[Entry]:
    keys = list(keys)
    found: dict[UUID, Any] = {}
    for machine in {machine for machine, _pk, _since in keys}:
        kind = BY_MACHINE[machine]
        wanted = [pk for of, pk, _since in keys if of == machine]
        for instance in _loaded(kind, kind.model.objects.filter(pk__in=wanted)):
            found[instance.pk] = instance
    registrations = {
        row.object_id: row
        for row in Registration.objects.filter(authority=authority, object_id__in=found)
    }
    for machine, pk, since in keys:
        paper = Paper(BY_MACHINE[machine], found[pk], True, since)
        yield Entry(paper, authority, registrations.get(pk))


def _loaded(kind: DocumentType, rows: Any) -> Any:
    """With everything that a line of the register names."""
    if kind.model is Collaboration:
        return rows.select_related("agency", "organiser", "university")
    parties = [f"collaboration__{party}" for party in ("agency", "organiser", "university")]
    unit = ["unit"] if hasattr(kind.model, "unit") else []
    return rows.select_related("collaboration", *parties, *unit)


def papers_of(collaboration: Collaboration, user: User) -> list[Paper]:
    """Every document of the case that this person may see (one query for each type)."""
    found = []
    for kind in DOCUMENT_TYPES:
        rows = kind.model.objects.visible_to(user).filter(kind.exists)
        own = (
            Q(pk=collaboration.pk)
            if kind.model is Collaboration
            else Q(collaboration=collaboration)
        )
        official = kind.model.objects.filter(kind.official, pk=OuterRef("pk"))
        rows = rows.filter(own).annotate(since=kind.since, is_official=Exists(official))
        for instance in _loaded(kind, rows).order_by("since", "pk"):
            found.append(Paper(kind, instance, instance.is_official, instance.since))
    return found


def entries_of(
    collaboration: Collaboration, user: User, authorities: Iterable[Organisation]
) -> list[tuple[Paper, list[Entry]]]:
    """Each document of the case with what each of ``authorities`` has registered about it."""
    papers = papers_of(collaboration, user)
    authorities = list(authorities)
    rows = {
        (row.authority_id, row.object_id): row
        for row in Registration.objects.filter(
            collaboration=collaboration, authority__in=authorities
        )
    }
    return [
        (
            paper,
            [
                Entry(paper, authority, rows.get((authority.pk, paper.instance.pk)))
                for authority in authorities
            ],
        )
        for paper in papers
    ]


def entry_of(
    collaboration: Collaboration, user: User, authority: Organisation, machine: str, key: UUID
) -> Entry | None:
    """One document of the case as one authority has it, where this person may see it."""
    for paper, entries in entries_of(collaboration, user, [authority]):
        if paper.kind.machine == machine and paper.instance.pk == key:
            return entries[0]
    return None


def own_authorities(collaboration: Collaboration, user: User) -> list[Organisation]:
    """The authorities of the case for which this person works."""
    roles: frozenset[Role] = roles_held(user).for_object(collaboration)
    parties = {role.party for role in roles}
    if not parties:  # who works in a unit works for its huvudman
        parties = {Party.ORGANISER}
    found = (organisation_of(collaboration, party) for party in Party if party in parties)
    return [organisation for organisation in found if organisation]
