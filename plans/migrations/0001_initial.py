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
            name="ActionPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("shared_on", models.DateField(blank=True, null=True)),
                ("as_shared", models.JSONField(blank=True, default=dict, editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("state", models.CharField(default="draft", max_length=30, verbose_name="state")),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="what the plan builds on"
                    ),
                ),
                (
                    "participants",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="who took part, and how"
                    ),
                ),
                (
                    "follow_up",
                    models.TextField(
                        blank=True,
                        max_length=10000,
                        verbose_name="how the plan will be followed up",
                    ),
                ),
                (
                    "revision_reason",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="why it is revised"
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="adopted on")),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
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
                "verbose_name": "action plan",
                "verbose_name_plural": "action plans",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="plan_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "shared", "discussed", "adopted", "superseded"])
                        ),
                        name="plan_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "unit", "version"), name="plan_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "adopted")),
                        fields=("collaboration", "unit"),
                        name="one_adopted_plan_per_unit",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
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
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "ordering": ("unit__sort_key", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collaboration", "unit", "number"), name="goal_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SituationAnalysis",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("shared_on", models.DateField(blank=True, null=True)),
                ("as_shared", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "state",
                    models.CharField(default="not_started", max_length=30, verbose_name="state"),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="the present situation"
                    ),
                ),
                (
                    "views_of_children",
                    models.TextField(
                        blank=True,
                        max_length=10000,
                        verbose_name="the view of the children or pupils",
                    ),
                ),
                (
                    "participants",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="who took part, and how"
                    ),
                ),
                (
                    "priorities",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="prioritised development areas"
                    ),
                ),
                (
                    "concluded_on",
                    models.DateField(blank=True, null=True, verbose_name="concluded on"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="analyses",
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
                "verbose_name": "situation analysis",
                "verbose_name_plural": "situation analyses",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "due_on"],
                        name="analysis_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["not_started", "in_progress", "shared", "concluded"])
                        ),
                        name="analysis_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("collaboration", "unit"), name="one_analysis_per_unit"
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(max_length=10000, verbose_name="problem")),
                (
                    "development_area",
                    models.CharField(blank=True, max_length=200, verbose_name="development area"),
                ),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="plans.situationanalysis",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem",
                "verbose_name_plural": "problems",
                "ordering": ("analysis", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("analysis", "number"), name="problem_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="problem_has_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoalRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "whose",
                    models.CharField(
                        choices=[
                            ("organiser", "School authority"),
                            ("university", "University"),
                            ("agency", "National agency"),
                            ("agreed", "Agreed"),
                        ],
                        max_length=20,
                        verbose_name="whose",
                    ),
                ),
                (
                    "level",
                    models.CharField(
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
                ("justification", models.TextField(max_length=10000, verbose_name="why")),
                (
                    "evidence_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("observation", "Observation"),
                            ("survey", "Survey"),
                            ("interview", "Interview"),
                            ("statistics", "Statistics"),
                            ("document", "Document"),
                        ],
                        max_length=20,
                        verbose_name="kind of evidence",
                    ),
                ),
                (
                    "evidence",
                    models.TextField(blank=True, max_length=10000, verbose_name="what it shows in"),
                ),
                ("agreed_in", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "occasion",
                    models.CharField(blank=True, max_length=200, verbose_name="agreed in"),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[("imported", "Imported from an earlier report")],
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                ("rated_on", models.DateField(verbose_name="date")),
                ("rated_at", models.DateTimeField()),
                (
                    "role",
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="plans.goal",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal rating",
                "verbose_name_plural": "goal ratings",
                "ordering": ("-rated_at",),
                "indexes": [
                    models.Index(fields=["goal", "whose", "-rated_at"], name="latest_rating")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["not_begun", "started", "well_under_way", "achieved"])
                        ),
                        name="rating_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("whose__in", ["organiser", "university", "agency", "agreed"])
                        ),
                        name="rating_whose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["", "imported"])),
                        name="rating_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("justification", ""), _negated=True),
                        name="rating_is_justified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("whose", "agreed"), _negated=True),
                            models.Q(("occasion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="agreed_rating_has_an_occasion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(max_length=10000, verbose_name="cause")),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="plans.problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "cause",
                "verbose_name_plural": "causes",
                "ordering": ("problem", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("problem", "number"), name="cause_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="cause_has_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedGoal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField(max_length=10000, verbose_name="goal")),
                (
                    "short_term_effect",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="expected effect, short term"
                    ),
                ),
                (
                    "long_term_effect",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="expected effect, long term"
                    ),
                ),
                (
                    "measure",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="what shows that it is reached"
                    ),
                ),
                (
                    "baseline",
                    models.TextField(blank=True, max_length=10000, verbose_name="how it is now"),
                ),
                (
                    "target",
                    models.TextField(blank=True, max_length=10000, verbose_name="how it is to be"),
                ),
                (
                    "follow_up_on",
                    models.DateField(blank=True, null=True, verbose_name="to be followed up on"),
                ),
                (
                    "follow_up_by",
                    models.CharField(blank=True, max_length=200, verbose_name="followed up by"),
                ),
                (
                    "causes",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="plans.cause", verbose_name="causes"
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plannings",
                        to="plans.goal",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_goals",
                        to="plans.actionplan",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned goal",
                "verbose_name_plural": "planned goals",
                "ordering": ("plan", "goal__number"),
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "goal"), name="goal_once_in_a_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="planned_goal_has_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                            ("observation", "Observation"),
                            ("survey", "Survey"),
                            ("interview", "Interview"),
                            ("statistics", "Statistics"),
                            ("document", "Document"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "voice",
                    models.CharField(
                        choices=[
                            ("children", "Children or pupils"),
                            ("guardians", "Guardians"),
                            ("staff", "Staff"),
                            ("management", "Management"),
                            ("politics", "Politics"),
                        ],
                        max_length=20,
                        verbose_name="whose voice",
                    ),
                ),
                ("noted_on", models.DateField(verbose_name="date")),
                ("text", models.TextField(max_length=10000, verbose_name="what it shows")),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="plans.cause",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="plans.problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("problem", "noted_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="evidence_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["observation", "survey", "interview", "statistics", "document"],
                            )
                        ),
                        name="evidence_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "voice__in",
                                ["children", "guardians", "staff", "management", "politics"],
                            )
                        ),
                        name="evidence_voice_known",
                    ),
                ],
            },
        ),
    ]
