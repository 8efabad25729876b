"""What the peers need: a document with the smallest machine, as their own manuals write it."""

from typing import ClassVar

from django.db import models
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by

from organisations.models import User


class Document(models.Model):
    """As many columns as a meeting of ours, so that reading and writing a row costs the same."""

    class State(models.TextChoices):
        MINUTED = "minuted"
        APPROVED = "approved"

    state = FSMField(default=State.MINUTED, protected=True)
    kind = models.CharField(max_length=20)
    due_on = models.DateField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    form = models.CharField(max_length=20)
    place = models.CharField(max_length=300)
    minutes = models.TextField()
    minuted_on = models.DateField(null=True)

    objects: ClassVar[models.Manager["Document"]]

    def __str__(self) -> str:
        return self.place

    @fsm_log_by  # type: ignore[untyped-decorator]
    @transition(
        field=state,
        source=State.MINUTED,
        target=State.APPROVED,
        permission=lambda document, user: user.is_active,
    )
    def approve(self, by: User | None = None) -> None:
        self.due_on = None
