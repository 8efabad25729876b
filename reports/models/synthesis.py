"""Sammanfattande analys: what a huvudman says of all its final reports (domain.md 2.10, HUD)."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from organisations.models import Role, User
from organisations.prose import LineField, ProseField
from reports.models.report import Report
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import holds, roles_held

SYNTHESIS_WRITERS = (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR)
PASSAGE_LENGTH = 20_000
EVERY_REPORT_IS_IN = Guard(
    lambda synthesis: synthesis.has_every_final_report(),
    _("Every unit submits its final report first."),
)


class SynthesisState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("synthesis", "Draft")
    SHARED = "shared", pgettext_lazy("synthesis", "Shared")
    PUBLISHED = "published", pgettext_lazy("synthesis", "Published")


class SectionKind(models.TextChoices):
    """What people write about, and gather sentences to."""

    THEME = "theme", _("Theme")
    AREA = "area", _("Development area")
    FORMS = "forms", _("Alike, yet different")
    LESSONS = "lessons", _("Lessons")


class SynthesisQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """The draft belongs to the huvudman until it is shared (domain.md 2.2)."""
        _cases, organisers, _units = roles_held(user).scopes_of(SYNTHESIS_WRITERS)
        own = Q(collaboration__organiser__in=organisers)
        return super().visible_to(user).filter(own | ~Q(state=SynthesisState.DRAFT))


class CollaborationSynthesis(WorkflowModel):
    """One a collaboration; its figures are counted in the final reports and stored nowhere."""

    machine_slug = "sammanfattande-analys"
    State = SynthesisState

    collaboration = models.OneToOneField(
        Collaboration, on_delete=models.PROTECT, related_name="synthesis"
    )
    state = StateField(_("state"), choices=SynthesisState.choices, default=State.DRAFT)
    due_on = models.DateField(_("due"), null=True, blank=True)
    introduction = ProseField(_("introduction"), blank=True, max_length=PASSAGE_LENGTH)
    conclusion = ProseField(_("work that goes on"), blank=True, max_length=PASSAGE_LENGTH)
    shared_on = models.DateField(_("shared on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = SynthesisQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("synthesis")
        verbose_name_plural = _("syntheses")
        constraints = [
            state_constraint("synthesis", SynthesisState),
            models.CheckConstraint(
                name="synthesis_shared_has_date",
                condition=Q(state="draft") | Q(shared_on__isnull=False),
            ),
            models.CheckConstraint(
                name="synthesis_published_has_moment",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="synthesis_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(_("Synthesis"))

    def get_absolute_url(self) -> str:
        return reverse("reports:written_synthesis", args=[self.pk])

    @property
    def is_open_for_writing(self) -> bool:
        """When it is shared the others read along while the huvudman goes on writing."""
        return self.state != self.State.PUBLISHED

    def final_reports(self) -> Any:
        """Those of the units that take part."""
        present = self.collaboration.participations.filter(left_on=None)
        return Report.objects.filter(
            collaboration=self.collaboration_key,
            kind=Report.Kind.FINAL,
            unit__in=present.values("unit"),
        )

    def awaited_reports(self) -> Any:
        """Those that nobody has received yet."""
        not_received = (Report.State.SCHEDULED, *Report.UNSUBMITTED)
        return self.final_reports().filter(state__in=not_received).select_related("unit")

    def has_every_final_report(self) -> bool:
        """Whether each unit that takes part has submitted its final report, or need not."""
        return self.final_reports().exists() and not self.awaited_reports().exists()

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.SHARED,
        conditions=[
            EVERY_REPORT_IS_IN,
            Guard(
                lambda synthesis: synthesis.introduction.strip(),
                _("Write an introduction first."),
            ),
        ],
        permission=holds(*SYNTHESIS_WRITERS),
        custom=step(_("Share with the others"), stamps=("shared_on",)),
    )
    def share(self, *, shared_on: date) -> None:
        self.shared_on = shared_on

    @transition(
        field=state,
        source=State.SHARED,
        target=State.PUBLISHED,
        conditions=[EVERY_REPORT_IS_IN],
        permission=holds(Role.HEAD_OF_AUTHORITY),
        custom=step(_("Publish the synthesis"), stamps=("published_at",)),
    )
    def publish(self, *, published_at: datetime) -> None:
        self.published_at = published_at
        self.due_on = None


class InSectionQuerySet(models.QuerySet[Any]):
    """Rows of a synthesis, seen by whoever sees that."""

    def visible_to(self, user: User) -> Self:
        return self.filter(synthesis__in=CollaborationSynthesis.objects.visible_to(user))


class InSection(models.Model):
    """A row in one section: ``name`` is the id of a theme, or a development area as reports have
    it.
    """

    path_to_document = "synthesis"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    synthesis: Any
    kind = models.CharField(_("kind"), max_length=10, choices=SectionKind.choices)
    name = LineField(_("theme or development area"), max_length=200, blank=True)

    objects = InSectionQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        url: str = self.synthesis.get_absolute_url()
        return url

    @property
    def collaboration(self) -> Collaboration:
        collaboration: Collaboration = self.synthesis.collaboration
        return collaboration


class Passage(InSection):
    """What people write in a section in their own words."""

    synthesis = models.ForeignKey(
        CollaborationSynthesis, on_delete=models.CASCADE, related_name="passages"
    )
    text = ProseField(_("text"), blank=True, max_length=PASSAGE_LENGTH)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("passage of a synthesis")
        verbose_name_plural = _("passages of syntheses")
        ordering = ("synthesis", "kind", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["synthesis", "kind", "name"], name="one_passage_a_section"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Excerpt(InSection):
    """A sentence that somebody has chosen from a final report, word for word as it stood there.

    ``field`` is the stable id of the question that it answers.
    """

    synthesis = models.ForeignKey(
        CollaborationSynthesis, on_delete=models.CASCADE, related_name="excerpts"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    field = models.SlugField(max_length=40)
    text = ProseField(_("sentence"), max_length=50_000)
    position = models.PositiveSmallIntegerField(_("place"))
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("chosen sentence")
        verbose_name_plural = _("chosen sentences")
        ordering = ("synthesis", "kind", "name", "position", "id")

    def __str__(self) -> str:
        return self.text


class SynthesisCopy(models.Model):
    """The Word file as it was published: never changed, and proved by its hash.

    ``pdf`` is the same document in the form that archives keep.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    synthesis = models.OneToOneField(
        CollaborationSynthesis, on_delete=models.PROTECT, related_name="copy"
    )
    file = models.BinaryField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, editable=False)
    frozen_at = models.DateTimeField()

    objects = InSectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published copy of a synthesis")
        verbose_name_plural = _("published copies of syntheses")

    def __str__(self) -> str:
        return self.sha256
