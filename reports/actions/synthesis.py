"""Writing a sammanfattande analys, and choosing sentences for it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import CollaborationSynthesis, Excerpt, Passage
from reports.permissions import can_write_synthesis
from reports.queries import SectionKey, sentences_of
from sbs_workflow.actions import open_for_writing, write
from sbs_workflow.engine import TransitionRefused


def write_synthesis(
    *,
    synthesis: CollaborationSynthesis,
    introduction: str,
    conclusion: str,
    by: User,
    now: datetime,
) -> CollaborationSynthesis:
    """Store what stands first and last."""
    written: CollaborationSynthesis = write(
        instance=synthesis,
        may=can_write_synthesis,
        by=by,
        now=now,
        introduction=introduction,
        conclusion=conclusion,
    )
    return written


@transaction.atomic
def write_passage(
    *, synthesis: CollaborationSynthesis, section: SectionKey, text: str, by: User, now: datetime
) -> CollaborationSynthesis:
    """Store what people say in one section; the same again leaves who wrote it as it was."""
    fresh = _open(synthesis, by, now)
    place = _place(fresh, section)
    if text != Passage.objects.filter(**place).values_list("text", flat=True).first():
        said = {"text": text, "written_at": now, "written_by": by}
        if text or Passage.objects.filter(**place).exists():
            Passage.objects.update_or_create(**place, defaults=said)
    return fresh


@transaction.atomic
def choose_sentence(
    *, synthesis: CollaborationSynthesis, section: SectionKey, key: str, by: User, now: datetime
) -> CollaborationSynthesis:
    """Take a sentence of a report into a section, last of all; twice is once.

    TransitionRefused when no report says it any more.
    """
    fresh = _open(synthesis, by, now)
    sentence = next((s for s in sentences_of(fresh.collaboration, by) if s.key == key), None)
    if sentence is None:
        raise TransitionRefused(_("The report does not say so any more. Choose another sentence."))
    place = _place(fresh, section)
    chosen = list(Excerpt.objects.filter(**place))
    if not any((str(e.report_id), e.text) == (sentence.report, sentence.text) for e in chosen):
        Excerpt.objects.create(
            **place,
            report_id=sentence.report,
            field=sentence.field,
            text=sentence.text,
            position=chosen[-1].position + 1 if chosen else 1,
            chosen_at=now,
            chosen_by=by,
        )
    return fresh


@transaction.atomic
def move_sentence(
    *, excerpt: Excerpt, places: int, by: User, now: datetime
) -> CollaborationSynthesis:
    """Move a chosen sentence down in its section, or up where ``places`` is negative."""
    fresh = _open(excerpt.synthesis, by, now)
    others = list(Excerpt.objects.filter(synthesis=fresh, kind=excerpt.kind, name=excerpt.name))
    here = next((place for place, each in enumerate(others) if each.pk == excerpt.pk), None)
    if here is None:
        return fresh  # somebody has taken it away
    moved = others.pop(here)
    others.insert(max(here + places, 0), moved)
    for position, each in enumerate(others, 1):
        each.position = position
    Excerpt.objects.bulk_update(others, ["position"])
    return fresh


@transaction.atomic
def take_away_sentence(*, excerpt: Excerpt, by: User, now: datetime) -> CollaborationSynthesis:
    fresh = _open(excerpt.synthesis, by, now)
    Excerpt.objects.filter(pk=excerpt.pk, synthesis=fresh).delete()
    return fresh


def _open(synthesis: CollaborationSynthesis, by: User, now: datetime) -> CollaborationSynthesis:
    fresh: CollaborationSynthesis = open_for_writing(
        synthesis, may=can_write_synthesis, by=by, now=now
    )
    return fresh


def _place(synthesis: CollaborationSynthesis, section: SectionKey) -> dict[str, Any]:
    return {"synthesis": synthesis, "kind": section.kind, "name": section.name}
