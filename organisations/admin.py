"""Support screens: organisations, units, people and the roles they hold there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from organisations.models import Membership, Organisation, Unit, User


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("organisation", "unit")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    fields = ("name", "email", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("last_login",)
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person has no password: they log in with a code by mail, and may then set one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


class UnitInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Unit
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "party", "organisation_number", "municipality_code")
    list_filter = ("party",)
    search_fields = ("name", "organisation_number")
    inlines = (UnitInline,)


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "organiser", "kind", "school_unit_code")
    list_filter = ("kind",)
    list_select_related = ("organiser",)
    search_fields = ("name", "school_unit_code")
    autocomplete_fields = ("organiser",)
