import datetime
import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import organisations.models.people


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("name", models.CharField(max_length=150, unique=True, verbose_name="name")),
                (
                    "organisation_number",
                    models.CharField(
                        blank=True,
                        max_length=11,
                        validators=[organisations.models.people.validate_organisation_number],
                        verbose_name="organisation number",
                    ),
                ),
                (
                    "municipality_code",
                    models.CharField(
                        blank=True,
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}$", "Write the municipality code with four digits."
                            )
                        ],
                        verbose_name="municipality code",
                    ),
                ),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ("sort_key",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["agency", "organiser", "university"])),
                        name="organisation_party_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("brought_at", models.DateTimeField(verbose_name="brought")),
                (
                    "with_new_organisers",
                    models.BooleanField(
                        default=False, verbose_name="also school authorities that are not here"
                    ),
                ),
                ("rows", models.JSONField(default=list, editable=False)),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought by",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of the register",
                "verbose_name_plural": "files of the register",
                "ordering": ("-brought_at",),
            },
        ),
        migrations.CreateModel(
            name="Unit",
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
                            ("preschool", "Preschool"),
                            ("compulsory", "Compulsory school"),
                            ("upper_secondary", "Upper secondary school"),
                            ("administration", "Administration"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "school_unit_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{8}$", "Write the school unit code with eight digits."
                            )
                        ],
                        verbose_name="school unit code",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                ("search_text", models.TextField(editable=False)),
                (
                    "organiser",
                    models.ForeignKey(
                        limit_choices_to={"party": "organiser"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="organisations.organisation",
                        verbose_name="school authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ("sort_key",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organiser", "name"), name="unit_name_once_per_organiser"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "administration")),
                        fields=("organiser",),
                        name="one_administration_per_organiser",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            models.Q(("school_unit_code", ""), _negated=True),
                        ),
                        fields=("school_unit_code",),
                        name="school_unit_code_of_one_unit_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="unit_end_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "protocol",
                    models.CharField(
                        choices=[("openid_connect", "OpenID Connect"), ("saml", "SAML")],
                        max_length=20,
                        verbose_name="protocol",
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short name in addresses")),
                ("issuer", models.CharField(max_length=200, unique=True, verbose_name="issuer")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "client_id",
                    models.CharField(blank=True, max_length=190, verbose_name="client ID"),
                ),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
                ("sso_url", models.URLField(blank=True, verbose_name="address for log-in")),
                ("certificate", models.TextField(blank=True, verbose_name="signing certificate")),
                (
                    "subject_attribute",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="attribute of the subject"
                    ),
                ),
                (
                    "strong_contexts",
                    models.TextField(blank=True, verbose_name="contexts with a second factor"),
                ),
                ("sort_key", models.CharField(editable=False, max_length=200)),
                ("search_text", models.TextField(editable=False)),
                (
                    "organisations",
                    models.ManyToManyField(
                        related_name="identity_providers",
                        to="organisations.organisation",
                        verbose_name="organisations",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity provider",
                "verbose_name_plural": "identity providers",
                "ordering": ("sort_key",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("protocol", "openid_connect"),
                                models.Q(("client_id", ""), _negated=True),
                            ),
                            models.Q(
                                ("protocol", "saml"),
                                models.Q(("sso_url", ""), _negated=True),
                                models.Q(("certificate", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="identity_provider_complete",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolBreak",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "School holiday"), ("closed", "Closed")],
                        default="holiday",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "organisation",
                    models.ForeignKey(
                        limit_choices_to={"party": "organiser"},
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.organisation",
                        verbose_name="school authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "school break",
                "verbose_name_plural": "school breaks",
                "ordering": ("first_day",),
                "abstract": False,
                "default_related_name": "school_breaks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="school_break_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "last_day__lt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("first_day"),
                                    "+",
                                    models.Value(datetime.timedelta(days=100)),
                                ),
                            )
                        ),
                        name="school_break_not_too_long",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["holiday", "closed"])),
                        name="school_break_kind_known",
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "first_day"),
                        name="one_school_break_begins_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchoolYear",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                (
                    "organisation",
                    models.ForeignKey(
                        limit_choices_to={"party": "organiser"},
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.organisation",
                        verbose_name="school authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "school year",
                "verbose_name_plural": "school years",
                "ordering": ("first_day",),
                "abstract": False,
                "default_related_name": "school_years",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gt", models.F("first_day"))),
                        name="school_year_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "last_day__lt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("first_day"),
                                    "+",
                                    models.Value(datetime.timedelta(days=366)),
                                ),
                            )
                        ),
                        name="school_year_not_too_long",
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "first_day"), name="one_school_year_begins_on_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondFactorRule",
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
                        help_text="Leave empty for every role.",
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for every organisation.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor_rules",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of second factors",
                "verbose_name_plural": "rules of second factors",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "role"),
                        name="second_factor_rule_once_in_an_organisation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", True)),
                        fields=("role",),
                        name="second_factor_rule_once_everywhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("began_at", models.DateTimeField(verbose_name="began")),
                ("until", models.DateTimeField(verbose_name="until at the latest")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen_by_support",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="as whom",
                    ),
                ),
            ],
            options={
                "verbose_name": "look by support",
                "verbose_name_plural": "looks by support",
                "ordering": ("-began_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("by")), _negated=True),
                        name="support_view_as_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="support_view_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TakenIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("code", models.CharField(max_length=11, verbose_name="school unit code")),
                ("before", models.CharField(blank=True, max_length=200, verbose_name="before")),
                ("after", models.CharField(blank=True, max_length=200, verbose_name="after")),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_in",
                        to="organisations.registerfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "change from the register",
                "verbose_name_plural": "changes from the register",
                "ordering": ("-at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                            ("agency_manager", "Agency manager"),
                            ("head_of_authority", "Head of authority"),
                            ("coordinator", "Coordinator"),
                            ("university_lead", "University lead"),
                            ("principal", "Principal"),
                            ("process_leader", "Process leader"),
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
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="membership_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("role__in", ["principal", "process_leader"]),
                                ("unit__isnull", False),
                            ),
                            models.Q(
                                (
                                    "role__in",
                                    [
                                        "agency_manager",
                                        "head_of_authority",
                                        "coordinator",
                                        "university_lead",
                                    ],
                                ),
                                ("unit__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="membership_unit_for_unit_roles",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
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
                ("scope_id", models.UUIDField(blank=True, null=True)),
                ("scope_name", models.CharField(blank=True, max_length=200)),
                ("is_deputy", models.BooleanField(default=False, verbose_name="deputy")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-invited_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            models.Q(
                                ("accepted_at__isnull", False), ("accepted_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_accepted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at__isnull", True),
                            ("accepted_at__isnull", True),
                            _connector="OR",
                        ),
                        name="invitation_revoked_or_accepted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="organisations.unit",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="precedents",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "succession of units",
                "verbose_name_plural": "successions of units",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("earlier", "later"), name="unit_succession_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("later")), _negated=True),
                        name="unit_succession_of_another",
                    ),
                ],
            },
        ),
    ]
