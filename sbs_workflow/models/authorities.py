"""School authorities, as the people of their collaborations see them."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from organisations.models import Organisation, Party, User
from sbs_workflow.models.collaboration import Collaboration
from sbs_workflow.permissions import roles_held


class SchoolAuthorityQuerySet(models.QuerySet["SchoolAuthority"]):
    def visible_to(self, user: User) -> Self:
        """Those that this person works with or in; staff support them all."""
        authorities = self.filter(party=Party.ORGANISER)
        if user.is_staff:
            return authorities
        theirs = Collaboration.objects.visible_to(user).values("organiser")
        return authorities.filter(Q(pk__in=theirs) | Q(pk__in=roles_held(user).in_organisations))


class SchoolAuthority(Organisation):
    objects: ClassVar[Any] = SchoolAuthorityQuerySet.as_manager()

    class Meta:
        proxy = True
        ordering = ("sort_key",)

    def get_absolute_url(self) -> str:
        return reverse("sbs_workflow:school_calendar", args=[self.pk])
