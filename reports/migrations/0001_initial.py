import uuid

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
            name="Report",
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
                        choices=[("interim", "Interim report"), ("final", "Final report")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                (
                    "state",
                    models.CharField(default="scheduled", max_length=30, verbose_name="state"),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "form_version",
                    models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times returned"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
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
                        choices=[("interim", "Interim report"), ("final", "Final report")],
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
                "constraints": [
                    models.UniqueConstraint(fields=("report", "round"), name="one_copy_a_round")
                ],
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
    ]
