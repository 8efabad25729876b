"""Holding back, deciding and carrying out that something is thinned out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from notifications.clock import local_date
from organisations.models import Organisation, Role, User
from records.models import LegalHold, RetentionRule, ThinningDecision, ThinningDone
from records.permissions import can_place_hold
from records.queries.people import led_organisations
from records.queries.retention import as_listed, hash_of, items_due
from reports.models import FrozenCopy, Report
from sbs_workflow.acting import act
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import load_roles


@transaction.atomic
def place_hold(*, collaboration: Collaboration, reason: str, by: User, now: datetime) -> LegalHold:
    """Stop all thinning out of a case, as for a dispute or an audit; again changes nothing."""
    case = alone_with(collaboration, may=can_place_hold, by=by, now=now)
    standing = LegalHold.objects.filter(collaboration=case, lifted_at=None).first()
    return standing or LegalHold.objects.create(
        collaboration=case, reason=reason, placed_by=by, placed_at=now
    )


@transaction.atomic
def lift_hold(*, collaboration: Collaboration, by: User, now: datetime) -> Collaboration:
    case: Collaboration = alone_with(collaboration, may=can_place_hold, by=by, now=now)
    LegalHold.objects.filter(collaboration=case, lifted_at=None).update(lifted_by=by, lifted_at=now)
    return case


@transaction.atomic
def set_retention(
    *,
    organisation: Organisation,
    kind: str,
    years: int | None,
    decision: str,
    by: User,
    now: datetime,
) -> RetentionRule:
    """The organisation's own time for a kind. PermissionDenied unless ``by`` leads it."""
    load_roles(by, local_date(now))
    if not led_organisations(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    rule, _is_new = RetentionRule.objects.update_or_create(
        organisation=organisation, kind=kind, defaults={"years": years, "decision": decision}
    )
    return rule


@transaction.atomic
def decide_thinning(*, seen: str, decision: str, by: User, now: datetime) -> ThinningDecision:
    """Write down what is to be removed; nothing is removed yet.

    ``seen`` is the hash of the list that the person read. TransitionRefused when the list is
    another one by now, or empty; PermissionDenied unless ``by`` leads an agency.
    """
    load_roles(by, local_date(now))
    _cases, agencies, _units = roles_held(by).scopes_of([Role.AGENCY_MANAGER])
    authority = Organisation.objects.filter(pk__in=agencies).first()
    if authority is None:
        raise PermissionDenied
    items = as_listed(items_due(local_date(now), agency_of=by))
    if not items:
        raise TransitionRefused(_("There is nothing to thin out."))
    if hash_of(items) != seen:
        raise TransitionRefused(_("The list has changed since you read it. Look through it again."))
    return ThinningDecision.objects.create(
        decided_by=by,
        decided_at=now,
        authority=authority,
        decision=decision,
        items=items,
        sha256=hash_of(items),
    )


@transaction.atomic
def carry_out(*, decision: ThinningDecision, now: datetime) -> ThinningDone:
    """Remove what was decided and nothing else; carrying it out again changes nothing.

    A case that has got a hold meanwhile is left as it is, and so is what something else needs.
    """
    done = ThinningDone.objects.filter(decision=decision).first()
    if done:
        return done
    act(by=decision.decided_by, role=Role.AGENCY_MANAGER, now=now, reason=decision.decision)
    held = set(LegalHold.objects.filter(lifted_at=None).values_list("collaboration", flat=True))
    removed = 0
    for model, keys in _by_model(decision, held).items():
        removed += _remove(apps.get_model(model), keys)
    return ThinningDone.objects.create(decision=decision, removed=removed, done_at=now)


def _by_model(decision: ThinningDecision, held: set[UUID]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in decision.items:
        if UUID(item["case"]) not in held:
            found.setdefault(item["model"], []).append(item["pk"])
    return found


def _remove(model: Any, keys: list[str]) -> int:
    """Past the manager, which knows no removal of rows of the trail."""
    rows: QuerySet[Any] = QuerySet(model).filter(pk__in=keys)
    count = rows.count()
    try:
        with transaction.atomic():
            if model is Report:
                QuerySet(FrozenCopy).filter(report__in=rows).delete()
            rows.delete()
    except ProtectedError:
        return 0
    return count
