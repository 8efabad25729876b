import uuid

import django.core.validators
import django.db.models.deletion
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
            name="PersonDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("extract", "Extract from the register"),
                            ("rectify", "Name corrected"),
                            ("protect", "Identity protected"),
                            ("unprotect", "Protection ended"),
                            ("pseudonymise", "Account closed and made nameless"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision about personal data",
                "verbose_name_plural": "decisions about personal data",
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="ProtectedIdentity",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="protected_identity",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "protected identity",
                "verbose_name_plural": "protected identities",
            },
        ),
        migrations.CreateModel(
            name="ThinningDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("decision", models.CharField(max_length=200, verbose_name="decision")),
                ("items", models.JSONField(default=list)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision to thin out",
                "verbose_name_plural": "decisions to thin out",
                "ordering": ("-decided_at",),
            },
        ),
        migrations.CreateModel(
            name="ContentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("machine", models.CharField(editable=False, max_length=30)),
                ("object_id", models.UUIDField()),
                ("object_name", models.CharField(editable=False, max_length=300)),
                ("part", models.CharField(editable=False, max_length=60)),
                ("part_id", models.CharField(editable=False, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("removed", "Removed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fields", models.JSONField(default=list)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("process_supporter", "Process supporter"),
                            ("agency_manager", "Agency manager"),
                            ("head_of_authority", "Head of authority"),
                            ("coordinator", "Coordinator"),
                            ("principal", "Principal"),
                            ("process_leader", "Process leader"),
                            ("university_lead", "University lead"),
                            ("team_leader", "Team leader"),
                            ("education_leader", "Education leader"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("occurred_at", models.DateTimeField()),
                (
                    "drafted_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="content_changes",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "drafted_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of content",
                "verbose_name_plural": "changes of content",
                "ordering": ("-occurred_at", "-id"),
                "indexes": [
                    models.Index(
                        fields=["collaboration", "-occurred_at"], name="change_collaboration_time"
                    ),
                    models.Index(fields=["object_id", "-occurred_at"], name="change_object_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        max_length=1000, verbose_name="why nothing may be thinned out"
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_holds",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("collaboration",),
                        name="one_standing_hold",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("process_supporter", "Process supporter"),
                            ("agency_manager", "Agency manager"),
                            ("head_of_authority", "Head of authority"),
                            ("coordinator", "Coordinator"),
                            ("principal", "Principal"),
                            ("process_leader", "Process leader"),
                            ("university_lead", "University lead"),
                            ("team_leader", "Team leader"),
                            ("education_leader", "Education leader"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                    ),
                ),
                ("what", models.CharField(editable=False, max_length=60)),
                ("object_id", models.UUIDField()),
                ("hour", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "ordering": ("-hour", "-id"),
                "indexes": [
                    models.Index(
                        fields=["collaboration", "-hour"], name="reading_collaboration_time"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "what", "object_id", "hour"), name="read_once_an_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("machine", models.CharField(editable=False, max_length=30)),
                ("object_id", models.UUIDField(editable=False)),
                (
                    "number",
                    models.CharField(blank=True, max_length=50, verbose_name="diary number"),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "As the process says"),
                            ("working_paper", "Working paper"),
                            ("official", "Official document"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="working paper or official document",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("received", "Received"), ("drawn_up", "Drawn up")],
                        max_length=10,
                        verbose_name="received or drawn up",
                    ),
                ),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="date")),
                ("secrecy", models.TextField(blank=True, max_length=500, verbose_name="secrecy")),
                ("registered_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "indexes": [
                    models.Index(fields=["authority", "number"], name="registration_number")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "object_id"), name="registered_once_by_an_authority"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
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
                            ("agreement", "Agreements and assignment plans"),
                            ("plan", "Situation analyses and action plans"),
                            ("final_report", "Final reports"),
                            ("interim_report", "Interim reports"),
                            ("financial_report", "Financial reports"),
                            ("minutes", "Minutes of meetings"),
                            ("visit_log", "Logs of visits"),
                            ("trail", "The history of the case"),
                            ("letter", "Letters that were sent"),
                            ("reminder", "Reminders"),
                            ("reading", "Who has read what"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(150)],
                        verbose_name="years after the end",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        help_text="Such as KS 2026:114 § 12.",
                        max_length=200,
                        verbose_name="decision",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention rule",
                "verbose_name_plural": "retention rules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "kind"), name="one_retention_rule_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "of",
                    models.CharField(
                        choices=[("step", "Step"), ("change", "Change of content")], max_length=10
                    ),
                ),
                ("record_id", models.BigIntegerField()),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of the trail",
                "verbose_name_plural": "links of the trail",
                "ordering": ("collaboration", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collaboration", "position"), name="one_link_at_a_place"
                    ),
                    models.UniqueConstraint(
                        fields=("of", "record_id"), name="a_record_is_linked_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thinned",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(editable=False, max_length=60)),
                ("object_id", models.UUIDField(unique=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.thinningdecision",
                    ),
                ),
            ],
            options={
                "verbose_name": "document that was thinned out",
                "verbose_name_plural": "documents that were thinned out",
            },
        ),
        migrations.CreateModel(
            name="ThinningDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("removed", models.PositiveIntegerField()),
                ("done_at", models.DateTimeField()),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="done",
                        to="records.thinningdecision",
                    ),
                ),
            ],
            options={
                "verbose_name": "thinning out that is done",
                "verbose_name_plural": "thinnings out that are done",
            },
        ),
    ]
