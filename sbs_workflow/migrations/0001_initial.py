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
    ]

    operations = [
        migrations.CreateModel(
            name="SchoolAuthority",
            fields=[],
            options={
                "ordering": ("sort_key",),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("organisations.organisation",),
        ),
        migrations.CreateModel(
            name="Collaboration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("cohort", models.CharField(blank=True, max_length=20, verbose_name="cohort")),
                (
                    "state",
                    models.CharField(default="candidate", max_length=30, verbose_name="state"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=50, verbose_name="case reference"),
                ),
                (
                    "selection_source",
                    models.CharField(blank=True, max_length=200, verbose_name="selection source"),
                ),
                (
                    "contact_person",
                    models.CharField(blank=True, max_length=150, verbose_name="contact person"),
                ),
                ("offered_on", models.DateField(blank=True, null=True, verbose_name="offered on")),
                (
                    "offer_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("telephone", "Telephone"),
                            ("letter", "Letter"),
                            ("email", "E-mail"),
                            ("meeting", "Meeting"),
                        ],
                        max_length=20,
                        verbose_name="how the offer was made",
                    ),
                ),
                (
                    "mandate_reference",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="decision of the board"
                    ),
                ),
                (
                    "accepted_on",
                    models.DateField(blank=True, null=True, verbose_name="accepted on"),
                ),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("time", "Lack of time"),
                            ("resources", "Lack of resources"),
                            ("other_work", "Other development work under way"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                        verbose_name="reason for declining",
                    ),
                ),
                (
                    "analysis_starts_on",
                    models.DateField(blank=True, null=True, verbose_name="analysis starts"),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "interventions_start_on",
                    models.DateField(blank=True, null=True, verbose_name="interventions start"),
                ),
                (
                    "interventions_end_on",
                    models.DateField(blank=True, null=True, verbose_name="interventions end"),
                ),
                (
                    "closing_seminar_on",
                    models.DateField(blank=True, null=True, verbose_name="closing seminar"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "followed_up_on",
                    models.DateField(blank=True, null=True, verbose_name="followed up on"),
                ),
                ("stopped_in", models.CharField(blank=True, editable=False, max_length=30)),
                ("resume_on", models.DateField(blank=True, null=True, verbose_name="resumes")),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="agency",
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborations",
                        to="organisations.organisation",
                        verbose_name="school authority",
                    ),
                ),
                (
                    "university",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="university",
                    ),
                ),
            ],
            options={
                "verbose_name": "collaboration",
                "verbose_name_plural": "collaborations",
                "ordering": ("sort_key",),
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("joined_on", models.DateField(verbose_name="joined")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left")),
                (
                    "leave_reason",
                    models.TextField(blank=True, max_length=10000, verbose_name="why it left"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "participating unit",
                "verbose_name_plural": "participating units",
                "ordering": ("unit__sort_key",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collaboration", "unit"), name="unit_once_per_collaboration"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True),
                            ("left_on__gte", models.F("joined_on")),
                            _connector="OR",
                        ),
                        name="participation_left_after_joined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_in", models.UUIDField(editable=False)),
                ("made_on", models.DateField(verbose_name="made on")),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                        verbose_name="who promises",
                    ),
                ),
                ("what", models.TextField(max_length=10000, verbose_name="what is promised")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="by")),
                (
                    "written_by",
                    models.CharField(
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_shared", models.BooleanField(default=True)),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="settled on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "Kept"), ("changed", "Changed"), ("dropped", "Dropped")],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "word",
                    models.TextField(blank=True, max_length=10000, verbose_name="a word about it"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="sbs_workflow.promise",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ("due_on", "made_on", "id"),
                "indexes": [
                    models.Index(fields=["collaboration", "made_in"], name="promise_made_in")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True),
                        name="promise_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_on__isnull", True)),
                            models.Q(
                                ("outcome__in", ["kept", "changed", "dropped"]),
                                ("settled_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="promise_settled_has_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransitionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("machine", models.CharField(max_length=30)),
                ("object_id", models.UUIDField()),
                ("object_name", models.CharField(max_length=300)),
                ("transition", models.CharField(max_length=50)),
                ("from_state", models.CharField(max_length=30)),
                ("to_state", models.CharField(max_length=30)),
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
                ("occurred_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("overridden", models.JSONField(blank=True, default=list)),
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
                        related_name="records",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "transition record",
                "verbose_name_plural": "transition records",
                "ordering": ("-occurred_at", "-id"),
                "indexes": [
                    models.Index(
                        fields=["collaboration", "-occurred_at"], name="record_collaboration_time"
                    ),
                    models.Index(fields=["object_id", "-occurred_at"], name="record_object_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vacancy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("process_supporter", "Process supporter"),
                            ("principal", "Principal"),
                            ("team_leader", "Team leader"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="sbs_workflow.collaboration"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "vacancy",
                "verbose_name_plural": "vacancies",
                "abstract": False,
                "default_related_name": "vacancies",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["role", "due_on"],
                        name="vacancy_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("ended_on__isnull", True)),
                            models.Q(("due_on__isnull", True), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="vacancy_due_while_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "principal"), ("unit__isnull", False)),
                            models.Q(
                                ("role__in", ["team_leader", "process_supporter"]),
                                ("unit__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="vacancy_of_a_principal_names_the_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("unit__isnull", True)),
                        fields=("collaboration", "role"),
                        name="one_vacancy_of_a_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("unit__isnull", False)),
                        fields=("collaboration", "unit"),
                        name="one_vacancy_in_a_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("process_supporter", "Process supporter"),
                            ("team_leader", "Team leader"),
                            ("education_leader", "Education leader"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_deputy",
                    models.BooleanField(
                        default=False,
                        help_text="Has the same rights, and is reminded while nobody else holds the role.",
                        verbose_name="deputy",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="assignment_end_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("is_deputy", False), ("role", "team_leader")
                        ),
                        fields=("collaboration",),
                        name="one_team_leader_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("collaboration", "user", "role"),
                        name="assignment_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressTrouble",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                        verbose_name="party",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="sbs_workflow.collaboration"
                    ),
                ),
            ],
            options={
                "verbose_name": "address that takes no mail",
                "verbose_name_plural": "addresses that take no mail",
                "abstract": False,
                "default_related_name": "address_troubles",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["party", "due_on"],
                        name="address_trouble_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("ended_on__isnull", True)),
                            models.Q(("due_on__isnull", True), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="address_trouble_due_while_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("user", "party"),
                        name="one_trouble_with_an_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "held",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                        verbose_name="role",
                    ),
                ),
                (
                    "word",
                    models.TextField(blank=True, max_length=10000, verbose_name="a word about it"),
                ),
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
                    "collaboration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "leaver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "ordering": ("-at",),
                "indexes": [models.Index(fields=["successor", "at"], name="handover_of_successor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor__isnull", False),
                            models.Q(("word", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_to_somebody_or_with_a_word",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="collaboration",
            name="units",
            field=models.ManyToManyField(
                related_name="collaborations",
                through="sbs_workflow.Participation",
                to="organisations.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "candidate",
                            "offered",
                            "accepted",
                            "declined",
                            "lapsed",
                            "analysing",
                            "planning",
                            "agreed",
                            "active",
                            "extended",
                            "reporting",
                            "closed",
                            "followed_up",
                            "paused",
                            "withdrawn",
                            "terminated",
                        ],
                    )
                ),
                name="collaboration_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interventions_start_on__isnull", True),
                    ("interventions_end_on__isnull", True),
                    ("interventions_end_on__gte", models.F("interventions_start_on")),
                    _connector="OR",
                ),
                name="collaboration_interventions_end_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["state", "due_on"],
                name="collaboration_due",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["sort_key"], name="collaboration_sorted"),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["organiser"], name="collaboration_organiser"),
        ),
    ]
