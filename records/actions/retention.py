"""Holding back, deciding and carrying out that something is thinned out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from notifications.clock import local_date
from organisations.models import Organisation, Role, User
from records.contents import NO_CONTENT, Content, contents, is_text
from records.models import LegalHold, RetentionRule, Thinned, ThinningDecision, ThinningDone
from records.permissions import can_place_hold
from records.queries.people import led_organisations
from records.queries.retention import as_listed, hash_of, items_due
from sbs_workflow.acting import act
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration, WorkflowModel
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import load_roles

# What is read where the words were, in the language of the archive.
THINNED_OUT = "[Gallrat]"
# What was submitted or published, word for word.
COPIES = {label for label in NO_CONTENT if label.endswith("Copy")}


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

    Letters, reminders and readings go. A document keeps its row, its dates and its steps, and loses
    its words and its copies: nothing that is kept then points at nothing. A case that has got a
    hold meanwhile is left as it is.
    """
    done = ThinningDone.objects.filter(decision=decision).first()
    if done:
        return done
    act(by=decision.decided_by, role=Role.AGENCY_MANAGER, now=now, reason=decision.decision)
    held = set(LegalHold.objects.filter(lifted_at=None).values_list("collaboration", flat=True))
    removed = 0
    for label, keys in _by_model(decision, held).items():
        model: Any = apps.get_model(label)
        if issubclass(model, WorkflowModel):
            removed += _take_words_away(model, keys, decision)
        else:
            removed += QuerySet(model).filter(pk__in=keys).delete()[1].get(model._meta.label, 0)
    return ThinningDone.objects.create(decision=decision, removed=removed, done_at=now)


def _by_model(decision: ThinningDecision, held: set[UUID]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in decision.items:
        if UUID(item["case"]) not in held:
            found.setdefault(item["model"], []).append(item["pk"])
    return found


def _take_words_away(model: Any, keys: list[str], decision: ThinningDecision) -> int:
    """Put a mark in place of every text of the documents and their parts, for good."""
    gone = set(Thinned.objects.filter(object_id__in=keys).values_list("object_id", flat=True))
    keys = [key for key in keys if UUID(key) not in gone]
    for content in contents().values():
        if _end_of(content) is model:
            to_document = "__".join((*content.path, "pk", "in"))
            rows: QuerySet[Any] = QuerySet(content.model).filter(**{to_document: keys})
            for field in filter(is_text, content.fields):
                rows.exclude(**{field.name: ""}).update(**{field.name: THINNED_OUT})
    for relation in model._meta.related_objects:
        copy: Any = relation.related_model
        if copy._meta.label in COPIES:
            QuerySet(copy).filter(**{f"{relation.field.name}__in": keys}).delete()
    Thinned.objects.bulk_create(
        Thinned(decision=decision, model=model._meta.label_lower, object_id=key) for key in keys
    )
    return len(keys)


def _end_of(content: Content) -> Any:
    """The model of the objects that rows of this content are a part of."""
    model = content.model
    for name in content.path:
        model = model._meta.get_field(name).related_model
    return model
