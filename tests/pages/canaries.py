"""Marks in every text of a side's objects, so that a text that reaches the other side is seen."""

from collections.abc import Iterable

from django.db import models

from organisations.swedish import search_text
from tests.cast import Side
from tests.pages.stage import Stage

OURS, THEIRS = "KANARI-VÅR", "KANARI-DERAS"
# Codes that the product itself reads, and what a constraint wants in a form of its own.
NOT_TEXTS = {
    "state", "stopped_in", "password", "organisation_number", "municipality_code",
    "school_unit_code", "email",
}  # fmt: skip


def release(side: Side, stage: Stage, mark: str) -> None:
    """Fill every text of this side's objects with ``mark``, the name of its field and a number."""
    # The universities are a public list of eight that every agency chooses from: no secret.
    own: list[models.Model] = [
        side.organiser,
        side.administration,
        side.school,
        side.preschool,
        *side.everybody,
        *stage.objects.values(),
    ]
    for number, instance in enumerate(own):
        texts = {name: f"{mark}-{number}-{name}" for name in texts_of(type(instance))}
        if "search_text" in texts:
            texts["search_text"] = search_text([f"{mark} kanari"])
        type(instance)._default_manager.filter(pk=instance.pk).update(
            **{name: text[: _length(instance, name)] for name, text in texts.items()}
        )


def texts_of(model: type[models.Model]) -> Iterable[str]:
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text and not field.choices and field.name not in NOT_TEXTS:
            yield field.name


def _length(instance: models.Model, name: str) -> int | None:
    return instance._meta.get_field(name).max_length  # type: ignore[union-attr]
