import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import notifications.context


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("organisations", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CircuitBreaker",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("server", "it lets nobody in"),
                            ("recipients", "it refuses every recipient"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("probe_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at", None), ("probe_at__isnull", False), _connector="OR"
                        ),
                        name="open_breaker_is_probed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("now", "At once"),
                            ("daily", "Once a day"),
                            ("weekly", "Once a week, on Monday"),
                            ("never", "Never"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="reminders by mail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rhythm__in", ["now", "daily", "weekly", "never"])),
                        name="mail_rhythm_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("message_id", models.CharField(max_length=100)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("template", models.CharField(max_length=100)),
                (
                    "context",
                    models.JSONField(
                        blank=True,
                        decoder=notifications.context.ContextDecoder,
                        default=dict,
                        encoder=notifications.context.ContextEncoder,
                    ),
                ),
                ("calendar", models.TextField(blank=True)),
                ("scope_id", models.UUIDField(blank=True, null=True)),
                ("confidential", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Mail waiting to be sent"),
                            ("claimed", "Mail taken by a sender"),
                            ("handing", "Mail being handed over"),
                            ("sent", "Mail sent"),
                            ("failed", "Mail failed"),
                            ("cancelled", "Mail cancelled"),
                            ("suppressed", "Mail stopped"),
                            ("held", "Mail held back"),
                            ("in_doubt", "Mail in doubt"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("token", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, max_length=250)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "due")),
                        fields=["not_before"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False)),
                        fields=["lease_until"],
                        name="outbox_under_way",
                    ),
                    models.Index(fields=["message_id"], name="outbox_message_id"),
                    models.Index(
                        condition=models.Q(("status", "failed")),
                        fields=["id"],
                        name="outbox_failed",
                    ),
                    models.Index(
                        condition=models.Q(("status", "in_doubt")),
                        fields=["id"],
                        name="outbox_in_doubt",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="outbox_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recipient__isnull", False),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="outbox_has_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "due",
                                    "claimed",
                                    "handing",
                                    "sent",
                                    "failed",
                                    "cancelled",
                                    "suppressed",
                                    "held",
                                    "in_doubt",
                                ],
                            )
                        ),
                        name="outbox_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lease_until__isnull", False),
                                ("status__in", ["claimed", "handing"]),
                                ("token__isnull", False),
                            ),
                            models.Q(
                                models.Q(("status__in", ["claimed", "handing"]), _negated=True),
                                ("lease_until__isnull", True),
                                ("token__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_claim_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sent"), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="outbox_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=100)),
                ("object_id", models.UUIDField()),
                ("scope_id", models.UUIDField()),
                ("due_on", models.DateField()),
                ("step", models.SmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Reminder planned"),
                            ("told", "Reminder told"),
                            ("suppressed", "Reminder stopped"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("planned_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "planned")),
                        fields=["id"],
                        name="reminder_planned",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("object_id", "due_on", "step", "rule"), name="reminder_told_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["planned", "told", "suppressed"])),
                        name="reminder_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UndeliverableAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("message_id", models.CharField(max_length=100)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cleared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["address"], name="undeliverable_address")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("address",),
                        name="address_marked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=100)),
                ("object_id", models.UUIDField()),
                ("scope_id", models.UUIDField(db_index=True)),
                ("due_on", models.DateField()),
                ("until", models.DateField(blank=True, null=True, verbose_name="wait until")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("object_id", "due_on", "rule"), name="one_exemption_from_a_duty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="exemption_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadTimes",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=100)),
                ("scope_id", models.UUIDField(blank=True, null=True)),
                ("steps", models.CharField(blank=True, max_length=200)),
                ("escalation", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "scope_id"), name="lead_times_once_in_a_scope"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("scope_id__isnull", True)),
                        fields=("rule",),
                        name="lead_times_once_everywhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bounce",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(db_index=True, max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "The address does not exist"),
                            ("soft", "The address took no mail this time"),
                        ],
                        max_length=4,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounces",
                        to="notifications.outboxmessage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("message", "kind"), name="bounce_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["hard", "soft"])), name="bounce_kind_known"
                    ),
                ],
            },
        ),
    ]
