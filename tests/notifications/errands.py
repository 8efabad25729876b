"""A small house of its own for these tests: errands somebody owes, and who that is."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from notifications.audience import Row
from notifications.duties import days, duty, working_days


class Errand(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    collaboration_id = models.UUIDField(default=uuid.uuid4)
    place = models.CharField(max_length=100, default="Norrby")
    what = models.CharField(max_length=100, default="Karbyskolan")
    due_on = models.DateField()
    is_done = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    owner_id = models.UUIDField(null=True)
    objects: ClassVar[models.Manager["Errand"]] = models.Manager()

    class Meta:
        app_label = "errands"
        indexes = (models.Index(fields=["due_on"], name="errand_open", condition=Q(is_done=False)),)

    def __str__(self) -> str:
        return self.what


STEPS = (working_days(-5), working_days(0), working_days(5))


def declare(
    name="errands.run",
    *,
    label="Run the errand",
    why="Errands are run by those who have them.",
    steps=STEPS,
):
    @duty(
        name,
        label=label,
        why=why,
        owed_by=("runner",),
        opens=days(30),
        steps=steps,
        action="errand",
        standing=Q(is_paused=False),
        scope_name=F("place"),
        subject=F("what"),
    )
    def run_errand() -> QuerySet[Errand]:
        return Errand.objects.filter(is_done=False)


def people_for(roles: tuple[str, ...], rows: Sequence[Row], today: date) -> dict[UUID, list[UUID]]:
    """What settings.AUDIENCE asks for: the owner, for the role that runs errands."""
    assert roles == ("runner",)
    owners = Errand.objects.filter(pk__in=[row.object_id for row in rows])
    return {errand.pk: [errand.owner_id] for errand in owners if errand.owner_id}


def errand_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [path("errands/<uuid:pk>/", errand_page, name="errand")]
