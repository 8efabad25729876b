import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("organisations", "__first__"),
        ("sbs_workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollaborationSynthesis",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="draft", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=20000, verbose_name="introduction"),
                ),
                (
                    "conclusion",
                    models.TextField(
                        blank=True, max_length=20000, verbose_name="work that goes on"
                    ),
                ),
                ("shared_on", models.DateField(blank=True, null=True, verbose_name="shared on")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published"),
                ),
                (
                    "collaboration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="synthesis",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "synthesis",
                "verbose_name_plural": "syntheses",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="synthesis_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "shared", "published"])),
                        name="synthesis_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("shared_on__isnull", False), _connector="OR"
                        ),
                        name="synthesis_shared_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="synthesis_published_has_moment",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="FinancialReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times returned"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
                ),
                (
                    "state",
                    models.CharField(default="scheduled", max_length=30, verbose_name="state"),
                ),
                (
                    "agreed",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=12,
                        verbose_name="amount agreed on",
                    ),
                ),
                (
                    "invoice_contact",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="contact for an invoice"
                    ),
                ),
                (
                    "question",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="What does the agency ask?"
                    ),
                ),
                ("reply", models.TextField(blank=True, max_length=10000, verbose_name="reply")),
                (
                    "prepared_on",
                    models.DateField(blank=True, null=True, verbose_name="prepared on"),
                ),
                (
                    "returned_on",
                    models.DateField(blank=True, null=True, verbose_name="returned on"),
                ),
                (
                    "repayment_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="Amount to repay, in kronor",
                    ),
                ),
                (
                    "repayment_due_on",
                    models.DateField(blank=True, null=True, verbose_name="The invoice is due"),
                ),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="settled on")),
                (
                    "certified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="certified by",
                    ),
                ),
                (
                    "collaboration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="financial_report",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
            ],
            options={
                "verbose_name": "financial report",
                "verbose_name_plural": "financial reports",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="financial_report_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "scheduled",
                                    "open",
                                    "prepared",
                                    "submitted",
                                    "returned",
                                    "accepted",
                                    "repayment_requested",
                                    "settled",
                                ],
                            )
                        ),
                        name="financial_report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    ["submitted", "accepted", "repayment_requested", "settled"],
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                ("certified_by__isnull", False), ("received_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="financial_report_submitted_was_certified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "prepared"), _negated=True),
                            ("prepared_by__isnull", False),
                            _connector="OR",
                        ),
                        name="financial_report_prepared_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repayment_amount__isnull", True),
                            ("repayment_amount__gt", 0),
                            _connector="OR",
                        ),
                        name="financial_report_repays_something",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times returned"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("interim", "Interim report"), ("final", "Final report")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                (
                    "form_version",
                    models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "state",
                    models.CharField(default="scheduled", max_length=30, verbose_name="state"),
                ),
                (
                    "returned_on",
                    models.DateField(blank=True, null=True, verbose_name="returned on"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="report_due",
                    ),
                    models.Index(
                        fields=["collaboration", "deadline_on"], name="report_of_collaboration"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "scheduled",
                                    "open",
                                    "unit_ready",
                                    "submitted",
                                    "returned",
                                    "accepted",
                                    "waived",
                                ],
                            )
                        ),
                        name="report_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "unit", "kind", "number"), name="report_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["submitted", "returned", "accepted"]), _negated=True
                            ),
                            ("received_at__isnull", False),
                            _connector="OR",
                        ),
                        name="report_submitted_was_received",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interim", "Interim report"),
                            ("final", "Final report"),
                            ("university_interim", "The university's interim report"),
                            ("university_final", "The university's final report"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("introduction", models.JSONField(default=list)),
                ("unmatched", models.JSONField(default=list)),
                ("uploaded_at", models.DateTimeField()),
                ("is_active", models.BooleanField(default=False, verbose_name="in use")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "report form",
                "verbose_name_plural": "report forms",
                "ordering": ("kind", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="form_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("kind",),
                        name="one_form_in_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UniversityReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times returned"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("interim", "Interim report"), ("final", "Final report")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                (
                    "form_version",
                    models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "state",
                    models.CharField(default="scheduled", max_length=30, verbose_name="state"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="university_reports",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "university's report",
                "verbose_name_plural": "university's reports",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="university_report_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["scheduled", "draft", "submitted", "closed", "waived"])
                        ),
                        name="university_report_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "kind", "number"), name="university_report_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["submitted", "closed"]), _negated=True),
                            ("received_at__isnull", False),
                            _connector="OR",
                        ),
                        name="university_report_submitted_was_received",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="FinancialInsats",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "granted",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="granted"
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="paid out",
                    ),
                ),
                (
                    "explanation",
                    models.TextField(blank=True, max_length=10000, verbose_name="explanation"),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="insatser",
                        to="reports.financialreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "money of an insats",
                "verbose_name_plural": "money of insatser",
                "ordering": ("report", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "number"), name="one_account_an_insats"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted__gte", 0),
                            models.Q(("paid__isnull", True), ("paid__gte", 0), _connector="OR"),
                        ),
                        name="granted_and_paid_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FinancialCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("content", models.JSONField()),
                ("file", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="reports.financialreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen copy of a financial report",
                "verbose_name_plural": "frozen copies of financial reports",
                "ordering": ("report", "round"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "round"), name="one_financial_copy_a_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("theme", "Theme"),
                            ("area", "Development area"),
                            ("forms", "Alike, yet different"),
                            ("lessons", "Lessons"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="theme or development area"
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=20000, verbose_name="text")),
                ("written_at", models.DateTimeField()),
                (
                    "synthesis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="reports.collaborationsynthesis",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "passage of a synthesis",
                "verbose_name_plural": "passages of syntheses",
                "ordering": ("synthesis", "kind", "name"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("synthesis", "kind", "name"), name="one_passage_a_section"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.SlugField(max_length=40)),
                ("row", models.CharField(blank=True, editable=False, max_length=20)),
                ("round", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=10000, verbose_name="question")),
                ("asked_at", models.DateTimeField()),
                ("reply", models.TextField(blank=True, max_length=10000, verbose_name="reply")),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "question about a report",
                "verbose_name_plural": "questions about reports",
                "ordering": ("round", "asked_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="report_question_has_text",
                    ),
                    models.UniqueConstraint(
                        fields=("report", "round", "field", "row"),
                        name="one_question_a_cell_and_round",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("content", models.JSONField()),
                ("file", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen copy",
                "verbose_name_plural": "frozen copies",
                "ordering": ("report", "round"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("report", "round"), name="one_copy_a_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="Excerpt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("theme", "Theme"),
                            ("area", "Development area"),
                            ("forms", "Alike, yet different"),
                            ("lessons", "Lessons"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="theme or development area"
                    ),
                ),
                ("field", models.SlugField(max_length=40)),
                ("text", models.TextField(max_length=50000, verbose_name="sentence")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place")),
                ("chosen_at", models.DateTimeField()),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "synthesis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="excerpts",
                        to="reports.collaborationsynthesis",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "chosen sentence",
                "verbose_name_plural": "chosen sentences",
                "ordering": ("synthesis", "kind", "name", "position", "id"),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.SlugField(max_length=40)),
                ("row", models.CharField(blank=True, editable=False, max_length=20)),
                ("text", models.TextField(blank=True, max_length=50000, verbose_name="text")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_begun", "Not yet begun"),
                            ("started", "Started"),
                            ("well_under_way", "Well under way"),
                            ("achieved", "Achieved"),
                        ],
                        max_length=20,
                        verbose_name="colour",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ("report", "field", "row"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "field", "row"), name="one_answer_a_cell"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "level__in",
                                ["", "not_begun", "started", "well_under_way", "achieved"],
                            )
                        ),
                        name="answer_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SynthesisCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file", models.BinaryField()),
                ("pdf", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "synthesis",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copy",
                        to="reports.collaborationsynthesis",
                    ),
                ),
            ],
            options={
                "verbose_name": "published copy of a synthesis",
                "verbose_name_plural": "published copies of syntheses",
            },
        ),
        migrations.CreateModel(
            name="TemplateField",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.TextField(max_length=10000, verbose_name="label")),
                ("matched", models.CharField(blank=True, max_length=20)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="reports.reporttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a form",
                "verbose_name_plural": "questions of forms",
                "ordering": ("template", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "slug"), name="question_once_in_a_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UniversityCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("content", models.JSONField()),
                ("file", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="reports.universityreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen copy of the university's report",
                "verbose_name_plural": "frozen copies of the university's reports",
                "ordering": ("report", "round"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "round"), name="one_university_copy_a_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UniversityAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.SlugField(max_length=40)),
                ("row", models.CharField(blank=True, editable=False, max_length=20)),
                ("text", models.TextField(blank=True, max_length=50000, verbose_name="text")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_begun", "Not yet begun"),
                            ("started", "Started"),
                            ("well_under_way", "Well under way"),
                            ("achieved", "Achieved"),
                        ],
                        max_length=20,
                        verbose_name="colour",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="reports.universityreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of the university",
                "verbose_name_plural": "answers of the university",
                "ordering": ("report", "field", "row"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "field", "row"), name="one_university_answer_a_cell"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "level__in",
                                ["", "not_begun", "started", "well_under_way", "achieved"],
                            )
                        ),
                        name="university_answer_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("substitutes", "Substitute staff"),
                            ("travel", "Travel"),
                            ("materials", "Materials"),
                            ("provider", "External provider"),
                            ("other", "Other costs"),
                        ],
                        max_length=20,
                        verbose_name="kind of cost",
                    ),
                ),
                (
                    "used",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="used"
                    ),
                ),
                (
                    "own_share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="own share",
                    ),
                ),
                (
                    "insats",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="reports.financialinsats",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost",
                "verbose_name_plural": "costs",
                "ordering": ("insats", "kind"),
                "constraints": [
                    models.UniqueConstraint(fields=("insats", "kind"), name="one_cost_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["substitutes", "travel", "materials", "provider", "other"],
                            )
                        ),
                        name="cost_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("used__isnull", True), ("used__gte", 0), _connector="OR"),
                            models.Q(
                                ("own_share__isnull", True), ("own_share__gte", 0), _connector="OR"
                            ),
                        ),
                        name="cost_not_negative",
                    ),
                ],
            },
        ),
    ]
