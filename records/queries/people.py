"""What is stored about a person, who answers for it, and whose name is told to whom."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from notifications.models import OutboxMessage
from organisations.models import Invitation, Membership, Organisation, Party, Role, User
from organisations.welcome import organisations_of
from records.models import PersonDecision, ProtectedIdentity, ReadRecord
from records.permissions import LEADS
from records.queries.words import column_name, in_words, name_of_read, table_name
from sbs_workflow.models import Assignment, Collaboration
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import Person

ROWS_ON_THE_PAGE = 20
# What opens something, or is another person's; an extract is sent by mail and left on desks.
NOT_TOLD = {
    "calendar", "content", "context", "data", "extra_data", "file", "html", "items", "key",
    "key_digest", "message_id", "password", "search_text", "session_key", "sort_key", "token",
}  # fmt: skip
# What only our programs understand stands in the file, and not on the page.
ONLY_IN_FILE = {
    "confidential", "drafted_in", "fields", "from_state", "id", "kind", "machine", "not_before",
    "part", "rows", "template", "to_state", "transition", "tries",
}  # fmt: skip
# Houses whose rows are the work itself: told is that there is a row, and not what stands in it,
# since that is about the school and may be a draft of a party which the person has left.
WORK = {"sbs_workflow", "plans", "assessments", "interventions", "meetings", "reports"}
TOLD_OF_WORK = {
    "Assignment", "MeetingParticipant", "TransitionRecord", "CalendarFeed", "AddressTrouble",
}  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """Rows of one table that name the person in one column."""

    label: str
    how: str
    rows: list[dict[str, Any]]
    model: Any

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> list[list[tuple[str, str]]]:
        """The latest rows as words, for a page."""
        return [_in_words(row, self.model) for row in self.rows[:ROWS_ON_THE_PAGE]]

    @property
    def is_cut(self) -> bool:
        return len(self.rows) > ROWS_ON_THE_PAGE


@dataclass(frozen=True)
class Extract:
    """Everything that is stored about a person, found through the foreign keys to the account."""

    person: User
    account: dict[str, Any]
    stored: list[Stored]
    taken_at: datetime

    @property
    def account_in_words(self) -> list[tuple[str, str]]:
        return _in_words(self.account, User)

    def as_data(self) -> dict[str, Any]:
        return {
            "taken_at": self.taken_at.isoformat(),
            "account": self.account,
            "stored": [
                {"what": each.label, "how": each.how, "rows": each.rows} for each in self.stored
            ],
        }


def extract_of(
    person: User, now: datetime, *, answered_for: Collection[UUID] | None = None
) -> Extract:
    """One query for each column of the database that names a person: it forgets no new table.

    ``answered_for`` are the organisations for which somebody else reads it. Of a person who has
    been anywhere else they get the rows alone that are of those organisations or their cases.
    """
    account = _told(person, {"id", "name", "email", "is_active", "date_joined", "last_login"})
    protected = ProtectedIdentity.objects.filter(user=person).first()
    if protected:
        account["name"] = protected.name
    stored = [
        *_stored(_naming(person)),
        *_stored([(Invitation.objects.filter(email=person.email), Invitation, "email")]),
    ]
    if answered_for is not None and _has_been_elsewhere(person, answered_for, now):
        stored = _only_of(answered_for, stored)
    return Extract(person, account, stored, now)


def _has_been_elsewhere(person: User, organisations: Collection[UUID], now: datetime) -> bool:
    homes = _homes(person.memberships.all(), person.assignments.all())
    return bool((homes | organisations_of(person, now)) - set(organisations))


def _only_of(organisations: Collection[UUID], stored: Iterable[Stored]) -> list[Stored]:
    """What says of itself that it is of these organisations or of their cases."""
    own = Q()
    for party in Party:
        own |= Q(**{f"{party}__in": organisations})
    homes = {str(key) for key in organisations}
    cases = {str(key) for key in Collaboration.objects.filter(own).values_list("pk", flat=True)}
    places = (("organisation_id", homes), ("collaboration_id", cases), ("scope_id", cases))

    def is_own(row: dict[str, Any]) -> bool:
        return next((row[name] in keys for name, keys in places if row.get(name)), False)

    kept = [replace(each, rows=[row for row in each.rows if is_own(row)]) for each in stored]
    return [each for each in kept if each.rows]


def _naming(person: User) -> Iterator[tuple[Any, Any, str]]:
    relations = User._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        model: Any = relation.related_model
        name = relation.field.name  # type: ignore[union-attr]
        if not model._meta.auto_created:
            rows = model._base_manager.filter(**{name: person})
            yield rows.order_by("-pk"), model, name


def _stored(naming: Iterable[tuple[Any, Any, str]]) -> Iterator[Stored]:
    for rows, model, name in naming:
        is_work = model._meta.app_label in WORK and model.__name__ not in TOLD_OF_WORK
        columns = {f.attname for f in model._meta.concrete_fields if _may_be_told(f, name, is_work)}
        told = [_told_letter(row, columns) for row in rows.iterator(500)]
        if told:
            how = column_name(model._meta.get_field(name))
            yield Stored(table_name(model), how, told, model)


def _in_words(row: dict[str, Any], model: Any) -> list[tuple[str, str]]:
    """What a row says, as people read it; keys of other rows say nothing to a reader."""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return [
        (column_name(fields[name]), _word(fields[name], value))
        for name, value in row.items()
        if value not in (None, "", [], {}) and not name.endswith("_id") and name not in ONLY_IN_FILE
    ]


def _word(column: Any, value: Any) -> str:
    is_reading = column.model is ReadRecord and column.name == "what"
    return name_of_read(str(value)) if is_reading else in_words(column, value)


def _may_be_told(column: Any, naming: str, is_work: bool) -> bool:
    if column.name in NOT_TOLD or column.name == naming:
        return False
    if column.related_model is User:
        return False  # who else had to do with it is about them
    if is_work:
        return column.primary_key or column.get_internal_type() in ("DateField", "DateTimeField")
    return True


def _told_letter(row: Any, columns: set[str]) -> dict[str, Any]:
    told = _told(row, columns)
    if isinstance(row, OutboxMessage) and row.confidential:
        told.pop("text", None)
    return told


def _told(row: Any, columns: set[str]) -> dict[str, Any]:
    """The columns in the order of the table, as JSON knows them."""
    return {
        column.attname: _plain(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.attname in columns
    }


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
    return value


# --- who answers for whom --------------------------------------------------------------------


def led_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations for whose people this person answers."""
    _cases, organisations, _units = roles_held(user).scopes_of(LEADS)
    return Organisation.objects.filter(pk__in=organisations)


def people_answered_for(user: User, today: date) -> QuerySet[User]:
    """Everybody who has a role, today or later, for an organisation that this person leads.

    And who has had one, as long as they have none elsewhere: then others answer for them.
    """
    led = led_organisations(user).values("pk")
    members = Membership.objects.filter(user=OuterRef("pk"))
    assigned = Assignment.objects.filter(user=OuterRef("pk"))
    for_us = Q()
    for party in (Party.AGENCY, Party.UNIVERSITY):
        roles = [role for role in Role if role.party == party]
        for_us |= Q(role__in=roles, **{f"collaboration__{party}__in": led})
    goes_on = Q(ends_on=None) | Q(ends_on__gte=today)
    was_here = Exists(members.filter(organisation__in=led)) | Exists(assigned.filter(for_us))
    is_here = Exists(members.filter(goes_on, organisation__in=led)) | Exists(
        assigned.filter(goes_on, for_us)
    )
    is_anywhere = Exists(members.filter(goes_on)) | Exists(assigned.filter(goes_on))
    return User.objects.filter(was_here, is_here | ~is_anywhere)


def works_elsewhere(person: User, by: User, today: date) -> bool:
    """Whether the person has a role, today or later, for an organisation not led by ``by``."""
    goes_on = Q(ends_on=None) | Q(ends_on__gte=today)
    homes = _homes(person.memberships.filter(goes_on), person.assignments.filter(goes_on))
    return bool(homes - set(led_organisations(by).values_list("pk", flat=True)))


def _homes(members: Any, assigned: Any) -> set[UUID | None]:
    """The organisations on whose behalf these roles are held."""
    homes: set[UUID | None] = set(members.values_list("organisation", flat=True))
    for held in assigned.select_related("collaboration"):
        homes.add(getattr(held.collaboration, f"{Role(held.role).party}_id"))
    return homes


def decisions_about(person: User, by: User) -> QuerySet[PersonDecision]:
    """What was decided for the organisations that ``by`` leads, the latest first."""
    made = PersonDecision.objects.filter(person=person, organisation__in=led_organisations(by))
    return made.select_related("by", "organisation").order_by("-at")


def is_protected_by(person: User, by: User) -> bool:
    """Whether the name was protected for an organisation that ``by`` leads."""
    protected = PersonDecision.objects.filter(person=person, what=PersonDecision.What.PROTECT)
    latest = protected.order_by("-at").first()
    return latest is not None and latest.organisation in led_organisations(by)


# --- whose name is told to whom --------------------------------------------------------------


def name_in_place(role: Role | None) -> str:
    """What everybody reads instead of the name of somebody whose identity is protected."""
    if role is None:
        return _("Protected person")
    return _("%(role)s (protected identity)") % {"role": role.label}


def former_name(role: Role | None) -> str:
    """What everybody reads of somebody whose account was closed and made nameless."""
    if role is None:
        return _("Former participant")
    label = str(role.label)
    return pgettext("person", "Former %(role)s") % {"role": label[:1].lower() + label[1:]}


def last_role_of(person: User) -> Role | None:
    """The role that the person holds, or held last."""
    rows = person.memberships.values_list("starts_on", "role").union(
        person.assignments.values_list("starts_on", "role")
    )
    found = max(rows, default=None)
    return Role(found[1]) if found else None


def as_told_to(people: Sequence[Person], parties: Iterable[Party]) -> list[Person]:
    """Names and addresses of protected people for their own party, and for nobody else.

    ``parties`` are those for which the reader works in the case. One query where somebody is
    called as protected people are, and else none.
    """
    own = set(parties)
    in_question = [person.user_id for person in people if person.name.endswith(")")]
    if not in_question:
        return list(people)
    protected = dict(
        ProtectedIdentity.objects.filter(user__in=in_question).values_list("user", "name")
    )
    return [
        person
        if person.user_id not in protected
        else replace(person, name=protected[person.user_id])
        if person.party in own
        else replace(person, email="")
        for person in people
    ]
