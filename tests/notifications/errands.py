"""A small house of its own for these tests: errands somebody owes, and who that is."""

import json
import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import path

from notifications.audience import Closure, Row
from notifications.duties import Duty, days, duty, working_days


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
    escalation=(),
    formal=False,
):
    @duty(
        name,
        label=label,
        why=why,
        owed_by=("runner",),
        opens=days(30),
        steps=steps,
        escalation=escalation,
        formal=formal,
        action="errand",
        standing=Q(is_paused=False),
        scope_name=F("place"),
        subject=F("what"),
    )
    def run_errand() -> QuerySet[Errand]:
        return Errand.objects.filter(is_done=False)


# What settings.AUDIENCE asks for. The owner runs errands, whoever is named here is the chief of all
# and away on the days that are named here.
chief: list[UUID] = []
away: list[Closure] = []


def people_for(
    roles: tuple[str, ...], rows: Sequence[Row], today: date, *, with_deputies: bool = False
) -> dict[UUID, list[UUID]]:
    if roles == ("chief",):
        return {row.object_id: chief for row in rows}
    assert roles == ("runner",)
    owners = Errand.objects.filter(pk__in=[row.object_id for row in rows])
    return {errand.pk: [errand.owner_id] for errand in owners if errand.owner_id}


def closures_of(people: Collection[UUID], first: date, last: date) -> dict[UUID, list[Closure]]:
    return dict.fromkeys(people, away)


def closures_from_due_on(duty: Duty) -> Value:
    written = json.dumps([[it.first, it.last, it.name] for it in away], default=str)
    return Value(written, output_field=models.TextField())


def errand_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return HttpResponse(str(pk))


def mail_page(request: HttpRequest, token: str = "") -> HttpResponse:
    return HttpResponse(token)


urlpatterns = [
    path("errands/<uuid:pk>/", errand_page, name="errand"),
    path("mail/", mail_page, name="mail_choice"),
    path("mail/<str:token>/", mail_page, name="stop_mail"),
]
