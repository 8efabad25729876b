import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "__first__"),
        ("sbs_workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
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
                            ("introduction", "Introductory meeting"),
                            ("expectation", "Expectation talk"),
                            ("bilateral", "Two-party talk"),
                            ("quality", "Three-party meeting"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("state", models.CharField(default="needed", max_length=30, verbose_name="state")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "initiator",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="who calls it",
                    ),
                ),
                (
                    "required",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="who must be there"
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="starts")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[("on_site", "On site"), ("digital", "Digital")],
                        max_length=20,
                        verbose_name="form",
                    ),
                ),
                (
                    "place",
                    models.CharField(blank=True, max_length=300, verbose_name="place or link"),
                ),
                ("sequence", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("minutes", models.TextField(blank=True, max_length=20000, verbose_name="minutes")),
                (
                    "minuted_on",
                    models.DateField(blank=True, null=True, verbose_name="minutes written on"),
                ),
                (
                    "no_next_because",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="why no next one is needed"
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="sbs_workflow.collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["state", "kind", "due_on"],
                        name="meeting_due",
                    ),
                    models.Index(
                        fields=["collaboration", "starts_at"], name="meeting_of_collaboration"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "needed",
                                    "proposed",
                                    "booked",
                                    "held",
                                    "not_quorate",
                                    "minuted",
                                    "approved",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="meeting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["introduction", "expectation", "bilateral", "quality"])
                        ),
                        name="meeting_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at__isnull", True),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="meeting_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["needed", "proposed", "cancelled"]),
                            ("starts_at__isnull", False),
                            _connector="OR",
                        ),
                        name="meeting_booked_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "needed")),
                        fields=("collaboration", "kind"),
                        name="one_needed_meeting_of_a_kind",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="MeetingRule",
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
                            ("introduction", "Introductory meeting"),
                            ("expectation", "Expectation talk"),
                            ("bilateral", "Two-party talk"),
                            ("quality", "Three-party meeting"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "initiator",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                        verbose_name="who calls it",
                    ),
                ),
                (
                    "required",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Any of agency, organiser and university, as a list; empty for the usual ones.",
                        verbose_name="who must be there",
                    ),
                ),
                (
                    "cadence_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(7),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days until the next",
                    ),
                ),
                (
                    "at_least",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="how many in the period at least"
                    ),
                ),
                (
                    "agenda",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="standing points, one a line"
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for the whole programme.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                        verbose_name="collaboration",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting rule",
                "verbose_name_plural": "meeting rules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "collaboration"), name="one_rule_of_a_kind_in_a_case"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("collaboration__isnull", True)),
                        fields=("kind",),
                        name="one_rule_of_a_kind_for_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar address",
                "verbose_name_plural": "calendar addresses",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("user",),
                        name="one_open_calendar_feed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes"), ("partly", "In part"), ("no", "Not this time")],
                        max_length=10,
                        verbose_name="Was it an occasion for learning?",
                    ),
                ),
                (
                    "word",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="What did you learn, or miss?"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer about learning",
                "verbose_name_plural": "answers about learning",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "user"), name="one_answer_about_learning"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=10000, verbose_name="decision")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ("position",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="decision_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "text",
                    models.TextField(max_length=10000, verbose_name="what should change, and why"),
                ),
                ("amendment", models.UUIDField(blank=True, editable=False, null=True)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="settled on")),
                (
                    "settled_because",
                    models.TextField(blank=True, max_length=1000, verbose_name="what came of it"),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "change proposal",
                "verbose_name_plural": "change proposals",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["due_on"],
                        name="change_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="change_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_on__isnull", True), ("due_on__isnull", True), _connector="OR"
                        ),
                        name="change_settled_is_not_owed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="place")),
                ("title", models.CharField(max_length=200, verbose_name="point")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="minutes",
                    ),
                ),
                (
                    "owner_party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agency", "National agency"),
                            ("organiser", "School authority"),
                            ("university", "University"),
                        ],
                        max_length=20,
                        verbose_name="who leads it",
                    ),
                ),
                ("about", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "outcome",
                    models.TextField(blank=True, max_length=10000, verbose_name="what came of it"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To talk about"),
                            ("dealt_with", "Dealt with"),
                            ("sent_on", "Sent to next time"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "sent_on_to",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="came_from",
                        to="meetings.agendapoint",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda point",
                "verbose_name_plural": "agenda points",
                "ordering": ("position", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="agenda_point_has_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "dealt_with", "sent_on"])),
                        name="agenda_point_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingParticipant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "comes"),
                            ("tentative", "comes perhaps"),
                            ("declined", "does not come"),
                        ],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                ("came", models.BooleanField(blank=True, null=True, verbose_name="came")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "user"), name="invited_once_to_a_meeting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", ""), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="answer_to_meeting_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval of minutes",
                "verbose_name_plural": "approvals of minutes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "party"), name="a_party_confirms_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("prepare", "prepare the meeting"),
                            ("reply", "answer the invitation"),
                            ("say_yes", "somebody comes"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="party_tasks",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "task before a meeting",
                "verbose_name_plural": "tasks before a meeting",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["kind", "party", "due_on"],
                        name="party_task_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "party", "kind"),
                        name="party_is_asked_once_before_a_meeting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["prepare", "reply", "say_yes"])),
                        name="party_task_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreparationLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                    "text",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="what we want to bring up"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preparation",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of preparation",
                "verbose_name_plural": "lines of preparation",
                "ordering": ("party",),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "party"), name="one_line_of_a_party")
                ],
            },
        ),
        migrations.CreateModel(
            name="TimePoll",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answers_by", models.DateField(verbose_name="answers by")),
                ("opened_at", models.DateTimeField()),
                ("remind_on", models.DateField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="polls",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "poll of times",
                "verbose_name_plural": "polls of times",
                "ordering": ("-opened_at",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["answers_by"],
                        name="poll_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("meeting",),
                        name="one_open_poll_of_a_meeting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("closed_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="poll_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedTime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="times",
                        to="meetings.timepoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed time",
                "verbose_name_plural": "proposed times",
                "ordering": ("starts_at", "ends_at"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="proposed_end_after_start",
                    ),
                    models.UniqueConstraint(
                        fields=("poll", "starts_at", "ends_at"), name="time_proposed_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                ("due_on", models.DateField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sbs_workflow.collaboration",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="meetings.timepoll",
                    ),
                ),
            ],
            options={
                "verbose_name": "question about times",
                "verbose_name_plural": "questions about times",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["due_on"],
                        name="poll_answer_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "user"), name="asked_once_in_a_poll"),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["agency", "organiser", "university"])),
                        name="invitation_party_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True), ("due_on__isnull", True), _connector="OR"
                        ),
                        name="answered_is_not_owed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes"), ("if_need_be", "If need be"), ("no", "No")],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="meetings.pollinvitation",
                    ),
                ),
                (
                    "time",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="meetings.proposedtime",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer about a time",
                "verbose_name_plural": "answers about times",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invitation", "time"), name="one_answer_to_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "if_need_be", "no"])),
                        name="poll_answer_known",
                    ),
                ],
            },
        ),
    ]
