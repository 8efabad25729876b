"""What the reports of the huvudman and of the lärosäte have in common."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.models import Party, User
from reports.models.submitted import SubmittedReport
from sbs_workflow.permissions import roles_held


class ReportKind(models.TextChoices):
    INTERIM = "interim", _("Interim report")
    FINAL = "final", _("Final report")


class FormKind(models.TextChoices):
    """The forms that reports are written on; named as ``WrittenReport.form_kind`` names them."""

    INTERIM = "interim", _("Interim report")
    FINAL = "final", _("Final report")
    UNIVERSITY_INTERIM = "university_interim", _("The university's interim report")
    UNIVERSITY_FINAL = "university_final", _("The university's final report")


class WrittenReport(SubmittedReport):
    """Written cell by cell on a form; its ``answers`` and ``copies`` are tables of its own."""

    Kind = ReportKind
    # The party that writes it.
    WRITTEN_BY: ClassVar[Party]
    # How the URL names of its pages and the names of its forms begin.
    PREFIX: ClassVar[str] = ""
    # The template of its page.
    TEMPLATE: ClassVar[str] = "reports/report.html"
    # What its name is made of, beside its own columns.
    RELATED: ClassVar[tuple[str, ...]] = ()

    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind.choices)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    # The version of the form that it follows from its opening to its end; see ``blanks``.
    form_version = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    answers: Any

    class Meta(SubmittedReport.Meta):
        abstract = True

    def get_absolute_url(self) -> str:
        return self.url_of("report")

    def url_of(self, page: str, *more: Any) -> str:
        return reverse(f"reports:{self.PREFIX}{page}", args=[self.pk, *more])

    @property
    def preview_url(self) -> str:
        return self.url_of("preview")

    @property
    def word_url(self) -> str:
        return self.url_of("in_word")

    @property
    def pdf_url(self) -> str:
        return self.url_of("in_pdf")

    @property
    def differences_url(self) -> str:
        return self.url_of("differences")

    @property
    def writers_url(self) -> str:
        return self.url_of("writers")

    @property
    def form_kind(self) -> str:
        return f"{self.PREFIX}{self.kind}"

    @property
    def signed_by(self) -> str:
        """The name of the unit or the lärosäte whose report it is."""
        raise NotImplementedError

    @property
    def unit_kind(self) -> str:
        """The kind of the unit whose report it is; empty for that of a lärosäte."""
        return ""

    @property
    def by_the_same(self) -> Any:
        """Every report of the case that the same unit or lärosäte writes."""
        raise NotImplementedError

    @property
    def is_open_for_writing(self) -> bool:
        raise NotImplementedError

    def is_own_side(self, user: User) -> bool:
        """Whether this person reads it while it is being written."""
        return any(role.party == self.WRITTEN_BY for role in roles_held(user).for_object(self))

    def has_an_answer(self) -> bool:
        """Whether anybody has written anything, or let what is known stand as the answer."""
        return bool(self.answers.exclude(text="").exists())
