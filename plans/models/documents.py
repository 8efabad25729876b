"""What a unit or its huvudman writes, and shares when it wants to."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from organisations.models import Party, Role, Unit, User
from sbs_workflow.models import Collaboration, WorkflowModel, WorkflowQuerySet
from sbs_workflow.permissions import roles_held

AUTHORS = (Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR)
DECIDERS = (Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY)


class OrganiserDocumentQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """A draft belongs to its unit and its huvudman until they share it (domain.md 2.2)."""
        own = self._own_side(user)
        return super().visible_to(user).filter(own | Q(shared_on__isnull=False))

    def with_rows_open_to(self, user: User) -> Self:
        """Those whose parts this person may read as they stand now.

        While a shared document is reworked, others read it as it was shared.
        """
        closed = ~Q(state__in=self.model.OPEN_STATES)
        return self.visible_to(user).filter(self._own_side(user) | closed)

    @staticmethod
    def _own_side(user: User) -> Q:
        held = roles_held(user)
        return Q(unit__in=held.in_units) | Q(collaboration__organiser__in=held.in_organisations)

    def of_present_units(self, collaboration: Collaboration) -> Self:
        """Those of the units that still take part."""
        present = collaboration.participations.filter(left_on=None)
        return self.filter(collaboration=collaboration, unit__in=present.values("unit"))


class OrganiserDocument(WorkflowModel):
    """A document of a unit: some texts of its own, and rows that are its parts."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    # The day on which other parties could first read it; emptied when it is taken back.
    shared_on = models.DateField(null=True, blank=True)

    # What the other parties read while it is reworked: texts and parts as they were shared.
    as_shared = models.JSONField(default=dict, blank=True, editable=False)

    TEXTS: ClassVar[tuple[str, ...]]
    OPEN_STATES: ClassVar[tuple[str, ...]]

    objects = OrganiserDocumentQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        abstract = True

    @property
    def is_open_for_writing(self) -> bool:
        return self.state in self.OPEN_STATES

    def shows_rows_to(self, user: User) -> bool:
        """Whether this person reads it as it stands, and not as it was shared."""
        return not self.is_open_for_writing or self.is_own_side(user)

    def is_own_side(self, user: User) -> bool:
        return any(role.party == Party.ORGANISER for role in roles_held(user).for_object(self))

    def texts_for(self, user: User) -> dict[str, str]:
        """The texts this person may read: the present ones, or those that were shared."""
        if self.shows_rows_to(user):
            return {name: str(getattr(self, name)) for name in self.TEXTS}
        return {name: str(self.as_shared.get(name, "")) for name in self.TEXTS}

    def _share(self, shared_on: date) -> None:
        self.shared_on = shared_on
        # Its parts are added by ``plans.effects``, which may read other rows.
        self.as_shared = {name: getattr(self, name) for name in self.TEXTS}


class PartQuerySet(models.QuerySet[Any]):
    """Rows that are parts of a document, and seen by whoever sees its rows."""

    def visible_to(self, user: User) -> Self:
        document = self.model.path_to_document
        model = self.model.document_model()
        return self.filter(**{f"{document}__in": model.objects.with_rows_open_to(user)})


class Part(models.Model):
    """A row that is a part of a document, and written while that is open."""

    path_to_document: ClassVar[str]

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.document.get_absolute_url()

    @classmethod
    def document_model(cls) -> type[OrganiserDocument]:
        model: Any = cls
        for name in cls.path_to_document.split("__"):
            model = model._meta.get_field(name).related_model
        found: type[OrganiserDocument] = model
        return found

    @property
    def document(self) -> OrganiserDocument:
        found: Any = self
        for name in self.path_to_document.split("__"):
            found = getattr(found, name)
        document: OrganiserDocument = found
        return document

    @property
    def collaboration(self) -> Collaboration:
        return self.document.collaboration

    @property
    def unit_keys(self) -> Any:
        return self.document.unit_keys
