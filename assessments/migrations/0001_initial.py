import uuid

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
            name="CapacityMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "At the start"), (2, "At the end")], verbose_name="round"
                    ),
                ),
                (
                    "state",
                    models.CharField(default="not_begun", max_length=30, verbose_name="state"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "mapped_on",
                    models.DateField(blank=True, null=True, verbose_name="date of the mapping"),
                ),
                (
                    "method",
                    models.CharField(blank=True, max_length=200, verbose_name="how it was done"),
                ),
                ("begun_on", models.DateField(blank=True, null=True, verbose_name="begun on")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacity_mappings",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of improvement capacity",
                "verbose_name_plural": "mappings of improvement capacity",
                "ordering": ("round",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="mapping_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["not_begun", "begun", "done", "waived"])),
                        name="mapping_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "round"), name="mapping_round_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("round__in", [1, 2])), name="mapping_round_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("done_on__isnull", False), ("mapped_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="mapping_done_has_date",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="GovernmentReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("checks_done", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "submitted_on",
                    models.DateField(blank=True, null=True, verbose_name="submitted on"),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=50, verbose_name="case reference"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        limit_choices_to={"party": "agency"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="government_reports",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "report to the government",
                "verbose_name_plural": "reports to the government",
                "ordering": ("-year",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["checks_done", "due_on"],
                        name="government_report_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "year"), name="government_report_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checks_done__lte", 3)),
                        name="government_report_checks_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_on__isnull", True),
                            models.Q(("checks_done", 3), ("due_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="government_report_submitted_once_checked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DimensionRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("infrastructure", "Infrastructure"),
                            ("processes", "Improvement processes"),
                            ("roles", "Improvement roles"),
                            ("history", "Improvement history"),
                            ("learning", "A shared idea and learning in everyday work"),
                        ],
                        max_length=20,
                        verbose_name="part",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "only just begun"),
                            (2, "in some places"),
                            (3, "in most places"),
                            (4, "lasting, whoever comes and goes"),
                        ],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(4),
                        ],
                        verbose_name="level",
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, max_length=2000, verbose_name="what it shows in"),
                ),
                (
                    "mapping",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="assessments.capacitymapping",
                    ),
                ),
            ],
            options={
                "verbose_name": "level of a part",
                "verbose_name_plural": "levels of parts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mapping", "dimension"), name="dimension_once_a_mapping"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "dimension__in",
                                ["infrastructure", "processes", "roles", "history", "learning"],
                            )
                        ),
                        name="dimension_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2, 3, 4])), name="capacity_level_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("checked_on", models.DateField(verbose_name="checked on")),
                (
                    "incomplete",
                    models.PositiveIntegerField(verbose_name="incomplete collaborations"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what is done about it"
                    ),
                ),
                (
                    "by",
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
                        related_name="checks",
                        to="assessments.governmentreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of data",
                "verbose_name_plural": "checks of data",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="data_check_once")
                ],
            },
        ),
    ]
