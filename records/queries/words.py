"""What people call a column and what stands in it, where a page shows rows as they are stored."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# The columns to which their models give no name of their own, since no form shows them.
COLUMNS = {
    "accepted_at": pgettext_lazy("column", "accepted"),
    "accepted_by": pgettext_lazy("column", "accepted by"),
    "address": pgettext_lazy("column", "address"),
    "agreement": pgettext_lazy("column", "agreement"),
    "amended_by": pgettext_lazy("column", "amended by"),
    "answered_at": pgettext_lazy("column", "answered"),
    "asked_at": pgettext_lazy("column", "asked"),
    "asked_by": pgettext_lazy("column", "asked by"),
    "at": pgettext_lazy("column", "when"),
    "by": pgettext_lazy("column", "done by"),
    "cause": pgettext_lazy("column", "cause"),
    "chosen_at": pgettext_lazy("column", "chosen"),
    "chosen_by": pgettext_lazy("column", "chosen by"),
    "cleared_at": pgettext_lazy("column", "works again"),
    "cleared_by": pgettext_lazy("column", "corrected by"),
    "closed_at": pgettext_lazy("column", "closed"),
    "collaboration": pgettext_lazy("column", "collaboration"),
    "created_at": pgettext_lazy("column", "created"),
    "decided_at": pgettext_lazy("column", "decided"),
    "decided_by": pgettext_lazy("column", "decided by"),
    "due_on": pgettext_lazy("column", "last day"),
    "expires_at": pgettext_lazy("column", "valid until"),
    "form": pgettext_lazy("column", "form"),
    "frozen_at": pgettext_lazy("column", "frozen"),
    "frozen_by": pgettext_lazy("column", "frozen by"),
    "goal": pgettext_lazy("column", "goal"),
    "hour": pgettext_lazy("column", "in the hour from"),
    "intervention": pgettext_lazy("column", "insats"),
    "invited_at": pgettext_lazy("column", "invited"),
    "invited_by": pgettext_lazy("column", "invited by"),
    "ip": pgettext_lazy("column", "IP address"),
    "last_seen_at": pgettext_lazy("column", "last seen"),
    "last_used_at": pgettext_lazy("column", "last used"),
    "leaver": pgettext_lazy("column", "the person who left"),
    "lifted_at": pgettext_lazy("column", "lifted"),
    "lifted_by": pgettext_lazy("column", "lifted by"),
    "logged_by": pgettext_lazy("column", "logged by"),
    "noted_at": pgettext_lazy("column", "noted"),
    "noted_by": pgettext_lazy("column", "noted by"),
    "number": pgettext_lazy("column", "number"),
    "object_name": pgettext_lazy("column", "concerns"),
    "occurred_at": pgettext_lazy("column", "when"),
    "opened_at": pgettext_lazy("column", "opened"),
    "opened_by": pgettext_lazy("column", "opened by"),
    "overridden": pgettext_lazy("column", "went ahead although"),
    "party": pgettext_lazy("column", "party"),
    "person": pgettext_lazy("column", "person"),
    "placed_at": pgettext_lazy("column", "placed"),
    "placed_by": pgettext_lazy("column", "placed by"),
    "plan": pgettext_lazy("column", "action plan"),
    "problem": pgettext_lazy("column", "problem"),
    "rated_at": pgettext_lazy("column", "rated"),
    "reason": pgettext_lazy("column", "reason"),
    "recipient": pgettext_lazy("column", "recipient"),
    "registered_at": pgettext_lazy("column", "registered"),
    "registered_by": pgettext_lazy("column", "registered by"),
    "remind_on": pgettext_lazy("column", "reminder"),
    "replied_at": pgettext_lazy("column", "replied"),
    "replied_by": pgettext_lazy("column", "replied by"),
    "report": pgettext_lazy("column", "report"),
    "reported_as": pgettext_lazy("column", "reported as"),
    "reported_by": pgettext_lazy("column", "reported by"),
    "revoked_at": pgettext_lazy("column", "revoked"),
    "revoked_by": pgettext_lazy("column", "revoked by"),
    "role": pgettext_lazy("column", "role"),
    "round": pgettext_lazy("column", "round"),
    "scope_name": pgettext_lazy("column", "for"),
    "shared_on": pgettext_lazy("column", "shared"),
    "since": pgettext_lazy("column", "since"),
    "state": pgettext_lazy("column", "state"),
    "subject": pgettext_lazy("column", "subject"),
    "successor": pgettext_lazy("column", "the person who took over"),
    "text": pgettext_lazy("column", "text"),
    "told_at": pgettext_lazy("column", "told"),
    "unit": pgettext_lazy("column", "unit"),
    "uploaded_at": pgettext_lazy("column", "uploaded"),
    "uploaded_by": pgettext_lazy("column", "uploaded by"),
    "user": pgettext_lazy("column", "person"),
    "user_agent": pgettext_lazy("column", "browser"),
    "valid_until": pgettext_lazy("column", "valid until"),
    "version": pgettext_lazy("column", "version"),
    "visit": pgettext_lazy("column", "visit"),
    "what": pgettext_lazy("column", "what"),
    "written_at": pgettext_lazy("column", "written"),
    "written_by": pgettext_lazy("column", "written by"),
}
# Tables that have no page, and those of packages.
TABLES = {
    "mfa.authenticator": pgettext_lazy("table", "Second steps of the log-in"),
    "notifications.outboxmessage": pgettext_lazy("table", "Mails"),
    "notifications.undeliverableaddress": pgettext_lazy("table", "Addresses that took no mail"),
    "usersessions.usersession": pgettext_lazy("table", "Where the person is logged in"),
}


def table_name(model: Any) -> str:
    """Of the rows of a table, with a capital."""
    name = str(TABLES.get(model._meta.label_lower, model._meta.verbose_name_plural))
    return name[:1].upper() + name[1:]


def column_name(field: Any) -> str:
    """The name that the model gives, or ours where it gives none."""
    has_own = str(field.verbose_name) != field.name.replace("_", " ")
    return str(field.verbose_name if has_own else COLUMNS.get(field.name, field.verbose_name))


def in_words(field: Any, value: Any) -> str:
    """What stands in a column, from what the database or JSON keeps of it."""
    choices = {str(key): str(label) for key, label in field.flatchoices}
    if str(value) in choices:
        return choices[str(value)]
    match field.get_internal_type():
        case "BooleanField":
            return _("Yes") if str(value) == "True" else _("No")
        case "DateField":
            return date_format(date.fromisoformat(str(value)), "j F Y")
        case "DateTimeField":
            moment = timezone.localtime(datetime.fromisoformat(str(value)))
            return date_format(moment, "j F Y H:i")
        case "DecimalField":
            number = Decimal(str(value))
            decimals = 0 if number == number.to_integral_value() else field.decimal_places
            return str(number_format(number, decimals, force_grouping=True))
        case "JSONField" | "ArrayField" if isinstance(value, list):
            return ", ".join(str(each) for each in value)
    return str(value)


def name_of_read(what: str) -> str:
    """What was opened: the kind of object, or a file by its name."""
    if what.count(".") != 1:
        return _("A file: %(name)s") % {"name": what}
    name = str(apps.get_model(what)._meta.verbose_name)
    return name[:1].upper() + name[1:]
