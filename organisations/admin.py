"""Support screens: organisations, units, people and the roles they hold there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from notifications import clock
from organisations.actions import change_address
from organisations.models import (
    IdentityProvider,
    Invitation,
    Membership,
    Organisation,
    SecondFactorRule,
    SupportView,
    Unit,
    User,
)
from organisations.queries import holds_a_role, is_used_by_others
from organisations.renaming import renamed


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """No account that is needed is closed before it is said who takes over."""

    def clean_email(self) -> str:
        """As people log in with it, so that nobody has two accounts by the size of a letter."""
        email: str = self.cleaned_data["email"].lower()
        if is_used_by_others(email, self.instance):
            raise ValidationError(_("Somebody else logs in with that address."))
        return email

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        person = self.instance
        if is_active or not holds_a_role(person, clock.today()):
            return is_active
        raise ValidationError(
            format_html(
                '{} <a href="{}">{}</a>',
                _("This person holds a role, and nothing they have in hand is to be dropped."),
                reverse("sbs_workflow:close_account", args=[person.pk]),
                _("Say who takes over, and close the account there."),
            )
        )


def _may_do_as_much(request: HttpRequest, person: User) -> bool:
    return request.user.is_superuser or not (person.is_staff or person.is_superuser)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("organisation", "unit")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = UserForm
    list_display = ("name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    fields = ("name", "email", "is_active", "is_staff", "is_superuser", "last_login", "see_as")
    readonly_fields = ("last_login", "see_as")
    inlines = (MembershipInline,)

    @admin.display(description=_("to help"))
    def see_as(self, person: User) -> str:
        if person._state.adding:
            return ""
        url = reverse("organisations:see_as", args=[person.pk])
        return format_html('<a href="{}">{}</a>', url, _("See Trepart as this person sees it"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever could change the address of an account with more rights could log in to it."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or _may_do_as_much(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or _may_do_as_much(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody gives more than they have: support is named by those who may do everything."""
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person has no password: they log in with a code by mail, and may then set one."""
        if not change:
            obj.set_unusable_password()
        address, obj.email = obj.email, form.initial.get("email", obj.email)
        super().save_model(request, obj, form, change)
        change_address(person=obj, email=address, now=clock.now())


class UnitInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Unit
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "party", "organisation_number", "municipality_code")
    list_filter = ("party",)
    search_fields = ("name", "organisation_number")
    inlines = (UnitInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        units = form.instance.units.values_list("pk", flat=True)
        renamed([form.instance.pk, *units])


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "organiser", "kind", "school_unit_code", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("organiser",)
    search_fields = ("name", "school_unit_code")
    autocomplete_fields = ("organiser",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A unit that changes its school authority ends, and begins anew with the other one.

        Its people, its case and its history belong to the authority that it had.
        """
        return ("organiser",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        renamed([obj.pk])


@admin.register(IdentityProvider)
class IdentityProviderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Added by `manage.py identity_provider`; here it is taken out of use, or renamed."""

    list_display = ("name", "protocol", "issuer", "is_active")
    search_fields = ("name", "issuer")
    fields = ("name", "organisations", "is_active", "strong_contexts", "slug", "issuer")
    readonly_fields = ("slug", "issuer")
    filter_horizontal = ("organisations",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are known by its issuer, which somebody else might be given then."""
        return False


@admin.register(SecondFactorRule)
class SecondFactorRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("organisation", "role")
    list_select_related = ("organisation",)
    autocomplete_fields = ("organisation",)


class OnlyToRead(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are written elsewhere, and never here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(OnlyToRead):
    """Invitations are written and withdrawn by those who may hand out the role."""

    list_display = ("name", "email", "role", "organisation", "invited_at", "accepted_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "email")
    exclude = ("key_digest",)


@admin.register(SupportView)
class SupportViewAdmin(OnlyToRead):
    """Who of support has looked at Trepart as whom, when and why."""

    list_display = ("began_at", "by", "person", "reason", "ended_at")
    list_select_related = ("by", "person")
    date_hierarchy = "began_at"
