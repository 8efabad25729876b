"""Reads that span an organisation, its people and its invitations."""

from datetime import date

from django.db.models import QuerySet

from organisations.models import DatedQuerySet, Invitation, Membership, Organisation, Role, User
from organisations.permissions import HANDS_OUT, is_handed_out, roles_handed_out_by


def led_by(user: User, today: date) -> QuerySet[Organisation]:
    """The organisations in which this person may let others in."""
    leading = Membership.objects.current(today).filter(user=user, role__in=list(HANDS_OUT))
    return Organisation.objects.filter(pk__in=leading.values("organisation"))


def holds_a_role(person: User, today: date) -> bool:
    """Whether somebody holds a role today or later, also one that an upper house keeps."""
    tables = (relation.related_model for relation in User._meta.related_objects)
    rows = (table._default_manager.all() for table in tables if not isinstance(table, str))
    roles = (each for each in rows if isinstance(each, DatedQuerySet))
    return any(each.named(today).filter(user=person).exists() for each in roles)


def is_used_by_others(address: str, person: User) -> bool:
    """Whether somebody else logs in with the address, in whatever size its letters are."""
    return User.objects.filter(email__iexact=address).exclude(pk=person.pk).exists()


def members_of(organisation: Organisation, today: date) -> QuerySet[Membership]:
    """Who holds a role in the organisation today, by unit and name (one query)."""
    return (
        Membership.objects.current(today)
        .filter(organisation=organisation)
        .select_related("user", "unit")
        .order_by("unit__sort_key", "role", "user__name")
    )


def waiting_invitations(organisation: Organisation, user: User, today: date) -> list[Invitation]:
    """Unanswered invitations of the organisation that this person may withdraw.

    A fixed number of queries: those to roles of upper houses are shown to whoever leads the whole
    organisation, and withdrawing asks the upper house again.
    """
    handed_out = roles_handed_out_by(user, organisation, today)
    leads_all = any(units is None for units in handed_out.values())
    rows = (
        Invitation.objects.waiting()
        .filter(organisation=organisation)
        .select_related("organisation", "unit", "invited_by")
    )

    def may_withdraw(row: Invitation) -> bool:
        if row.scope_id is not None:
            return leads_all
        return is_handed_out(Role(row.role), row.unit, handed_out)

    return [row for row in rows if may_withdraw(row)]
