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
        ("plans", "0001_initial"),
        ("sbs_workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[("agreement", "Agreement"), ("decision", "Decision")],
                        default="agreement",
                        max_length=20,
                        verbose_name="form",
                    ),
                ),
                ("state", models.CharField(default="draft", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=50, verbose_name="case reference"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount in kronor",
                    ),
                ),
                (
                    "amendment_reason",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="why it is amended"
                    ),
                ),
                (
                    "amended_as",
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
                        editable=False,
                        max_length=30,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "proposed_on",
                    models.DateField(blank=True, null=True, verbose_name="proposed on"),
                ),
                (
                    "organiser_signed_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="signed by the school authority"
                    ),
                ),
                (
                    "agency_signed_on",
                    models.DateField(blank=True, null=True, verbose_name="signed by the agency"),
                ),
                (
                    "amended_by",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="agreements",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ("-version",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="agreement_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "proposed",
                                    "returned",
                                    "countersigned",
                                    "signed",
                                    "decided",
                                    "rejected",
                                    "superseded",
                                    "fulfilled",
                                    "terminated",
                                ],
                            )
                        ),
                        name="agreement_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "version"), name="agreement_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["signed", "decided"])),
                        fields=("collaboration",),
                        name="one_agreement_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "proposed", "returned", "countersigned"])
                        ),
                        fields=("collaboration",),
                        name="one_agreement_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="agreement_end_after_start",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="EarlierInsats",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "development_area",
                    models.CharField(blank=True, max_length=200, verbose_name="development area"),
                ),
                (
                    "participants",
                    models.TextField(blank=True, max_length=10000, verbose_name="who took part"),
                ),
                (
                    "taken_back_on",
                    models.DateField(blank=True, null=True, verbose_name="taken back"),
                ),
                ("brought_at", models.DateTimeField()),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True,
                        related_name="earlier_insatser",
                        to="plans.goal",
                        verbose_name="goals",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_insatser",
                        to="plans.actionplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "insats of earlier reports",
                "verbose_name_plural": "insatser of earlier reports",
                "ordering": ("number", "name"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "number"), name="earlier_insats_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="earlier_insats_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Intervention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "development_area",
                    models.CharField(blank=True, max_length=200, verbose_name="development area"),
                ),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("university", "University"),
                            ("spsm", "SPSM"),
                            ("consultant", "Consultant"),
                        ],
                        default="university",
                        max_length=20,
                        verbose_name="provider",
                    ),
                ),
                (
                    "provider_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="name of the provider"
                    ),
                ),
                (
                    "participants",
                    models.JSONField(blank=True, default=list, verbose_name="who takes part"),
                ),
                ("state", models.CharField(default="planned", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "causes",
                    models.ManyToManyField(
                        blank=True,
                        related_name="interventions",
                        to="plans.cause",
                        verbose_name="causes",
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True,
                        related_name="interventions",
                        to="plans.goal",
                        verbose_name="goals",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        related_name="+", to="organisations.unit", verbose_name="units"
                    ),
                ),
            ],
            options={
                "verbose_name": "insats",
                "verbose_name_plural": "insatser",
                "ordering": ("number",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="intervention_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "ready",
                                    "running",
                                    "deviation_open",
                                    "extended",
                                    "completed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="intervention_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "number"), name="intervention_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="intervention_end_after_start",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("state", models.CharField(default="needed", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("takes_place_on", models.DateField(blank=True, null=True, verbose_name="date")),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(900),
                        ],
                        verbose_name="minutes",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("on_site", "On site"), ("digital", "Digital")],
                        default="on_site",
                        max_length=20,
                        verbose_name="form",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("input", "Input"),
                            ("supervision", "Supervision"),
                            ("observation", "Observation"),
                            ("talk", "Talk"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "participants",
                    models.JSONField(blank=True, default=list, verbose_name="who took part"),
                ),
                (
                    "log",
                    models.TextField(blank=True, max_length=20000, verbose_name="what was done"),
                ),
                (
                    "next_steps",
                    models.TextField(blank=True, max_length=10000, verbose_name="until next time"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organisations.unit", verbose_name="units"
                    ),
                ),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="visit_due",
                    ),
                    models.Index(
                        fields=["collaboration", "takes_place_on"], name="visit_of_collaboration"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "needed",
                                    "planned",
                                    "confirmed",
                                    "done",
                                    "logged",
                                    "shared",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="visit_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["needed", "cancelled"]),
                            ("takes_place_on__isnull", False),
                            _connector="OR",
                        ),
                        name="visit_planned_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["logged", "shared"]), _negated=True),
                            models.Q(("log", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_logged_has_log",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "needed")),
                        fields=("collaboration", "month"),
                        name="one_needed_visit_a_month",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="AssignmentPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("state", models.CharField(default="draft", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="what the university is to do"
                    ),
                ),
                (
                    "team",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="team leader and team"
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent on")),
                (
                    "confirmed_on",
                    models.DateField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interventions.agreement",
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignment_plans",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment plan",
                "verbose_name_plural": "assignment plans",
                "ordering": ("-version",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="assignment_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "sent", "returned", "confirmed", "superseded", "closed"],
                            )
                        ),
                        name="assignment_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "version"), name="assignment_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("collaboration",),
                        name="one_confirmed_assignment",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="EarlierAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("told_in", models.CharField(max_length=200, verbose_name="report")),
                (
                    "told_on",
                    models.DateField(blank=True, null=True, verbose_name="the day of the report"),
                ),
                (
                    "not_reached",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="goals not reached, and why"
                    ),
                ),
                (
                    "observed_effects",
                    models.TextField(blank=True, max_length=10000, verbose_name="effects seen"),
                ),
                ("lessons", models.TextField(blank=True, max_length=10000, verbose_name="lessons")),
                (
                    "follow_up",
                    models.TextField(
                        blank=True,
                        max_length=10000,
                        verbose_name="who took part in the follow-up, and how",
                    ),
                ),
                (
                    "insats",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="interventions.earlierinsats",
                    ),
                ),
            ],
            options={
                "verbose_name": "what an earlier report says of an insats",
                "verbose_name_plural": "what earlier reports say of insatser",
                "ordering": ("-told_on", "told_in"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("insats", "told_in"), name="one_account_a_report"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pays_on", models.DateField(verbose_name="paid on")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount in kronor",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instalments",
                        to="interventions.agreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "ordering": ("pays_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="instalment_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.TextField(max_length=10000, verbose_name="what cannot be kept")),
                ("reported_on", models.DateField(verbose_name="reported on")),
                (
                    "reported_as",
                    models.CharField(
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
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="settled on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("amended", "The agreement was amended"),
                            ("cancelled", "The insats was cancelled"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "decision",
                    models.TextField(blank=True, max_length=10000, verbose_name="decision"),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "intervention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="interventions.intervention",
                    ),
                ),
            ],
            options={
                "verbose_name": "deviation",
                "verbose_name_plural": "deviations",
                "ordering": ("-reported_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_on__isnull", True)),
                        fields=("intervention",),
                        name="one_open_deviation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_on__isnull", True)),
                            models.Q(
                                ("settled_on__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deviation_settled_has_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField(max_length=10000, verbose_name="outline")),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="why it is adapted"
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "intervention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlines",
                        to="interventions.intervention",
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
                "verbose_name": "outline",
                "verbose_name_plural": "outlines",
                "ordering": ("-written_at",),
            },
        ),
        migrations.CreateModel(
            name="ReportingDate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("report_on", models.DateField(verbose_name="interim report due")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_dates",
                        to="interventions.agreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "reporting date",
                "verbose_name_plural": "reporting dates",
                "ordering": ("report_on",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "report_on"), name="reporting_date_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "development_area",
                    models.CharField(blank=True, max_length=200, verbose_name="development area"),
                ),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("university", "University"),
                            ("spsm", "SPSM"),
                            ("consultant", "Consultant"),
                        ],
                        default="university",
                        max_length=20,
                        verbose_name="provider",
                    ),
                ),
                (
                    "provider_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="name of the provider"
                    ),
                ),
                (
                    "participants",
                    models.JSONField(blank=True, default=list, verbose_name="who takes part"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount in kronor",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="interventions.agreement",
                    ),
                ),
                (
                    "causes",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="plans.cause", verbose_name="causes"
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="plans.goal", verbose_name="goals"
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        related_name="+", to="organisations.unit", verbose_name="units"
                    ),
                ),
            ],
            options={
                "verbose_name": "terms of an insats",
                "verbose_name_plural": "terms of insatser",
                "ordering": ("agreement", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "number"), name="terms_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="terms_end_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Touch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touches",
                        to="plans.goal",
                    ),
                ),
                (
                    "intervention",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touches",
                        to="interventions.intervention",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touches",
                        to="interventions.visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "touch",
                "verbose_name_plural": "touches",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("intervention__isnull", True), ("goal__isnull", True), _connector="XOR"
                        ),
                        name="touch_is_one_of_both",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("intervention__isnull", False)),
                        fields=("visit", "intervention"),
                        name="intervention_touched_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("goal__isnull", False)),
                        fields=("visit", "goal"),
                        name="goal_touched_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterimTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="given", max_length=30, verbose_name="state")),
                ("text", models.TextField(max_length=10000, verbose_name="task")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "course",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "We have done it"),
                            ("partly", "We have done some of it"),
                            ("changed", "We did something else instead"),
                            ("not_done", "It was not done"),
                        ],
                        max_length=20,
                        verbose_name="how it went",
                    ),
                ),
                (
                    "report",
                    models.TextField(blank=True, max_length=10000, verbose_name="what we saw"),
                ),
                (
                    "reported_on",
                    models.DateField(blank=True, null=True, verbose_name="reported on"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
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
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="interventions.visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ("due_on", "id"),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="task_due",
                    ),
                    models.Index(fields=["collaboration", "unit"], name="task_of_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["given", "in_progress", "reported", "discussed"])
                        ),
                        name="task_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="task_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "reported"), _negated=True),
                            models.Q(("course", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="task_reported_has_course",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="PlannedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "days",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="days of support",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="months",
                        to="interventions.assignmentplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned month",
                "verbose_name_plural": "planned months",
                "ordering": ("month",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assignment", "month"), name="month_planned_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 0), ("days__lte", 31)),
                        name="planned_days_fit_a_month",
                    ),
                ],
            },
        ),
    ]
