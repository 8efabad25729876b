"""Registering a document in the diary of one's own authority."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from notifications.clock import local_date
from organisations.models import Organisation, User
from records.documents import Paper
from records.models import Registration
from records.permissions import can_register
from records.queries import registered_organisations
from sbs_workflow.actions import alone_with
from sbs_workflow.queries import load_roles


@transaction.atomic
def register(
    *,
    paper: Paper,
    authority: Organisation,
    by: User,
    now: datetime,
    number: str = "",
    status: str = "",
    kind: str = "",
    dated_on: date | None = None,
    secrecy: str = "",
) -> Registration:
    """Keep what the authority has in its diary about a document; registering again replaces it.

    PermissionDenied unless ``by`` keeps the register of that authority.
    """
    load_roles(by, local_date(now))
    case = paper.instance.collaboration
    alone_with(case, may=can_register, by=by, now=now)
    if not registered_organisations(by).filter(pk=authority.pk).exists():
        raise PermissionDenied
    said: dict[str, Any] = {
        "collaboration": case,
        "machine": paper.kind.machine,
        "number": number,
        "status": status,
        "kind": kind,
        "dated_on": dated_on,
        "secrecy": secrecy,
        "registered_by": by,
        "registered_at": now,
    }
    registration, _is_new = Registration.objects.update_or_create(
        authority=authority, object_id=paper.instance.pk, defaults=said
    )
    return registration
