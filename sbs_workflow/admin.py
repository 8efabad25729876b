"""Support screens of the collaborations. The state is read-only: only ``perform`` changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from sbs_workflow.models import Assignment, Collaboration, Participation, TransitionRecord
from sbs_workflow.search import refresh_search_texts


class ParticipationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Participation
    extra = 0
    autocomplete_fields = ("unit",)


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Assignment
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Collaboration)
class CollaborationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "organiser", "university", "state")
    list_filter = ("state",)
    list_select_related = ("organiser", "university")
    search_fields = ("name", "reference")
    autocomplete_fields = ("agency", "organiser", "university")
    fields = (
        "name",
        "cohort",
        "reference",
        "agency",
        "organiser",
        "university",
        "selection_source",
        "contact_person",
        "state",
    )
    readonly_fields = ("state",)
    inlines = (ParticipationInline, AssignmentInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_search_texts(Collaboration.objects.filter(pk=form.instance.pk))


@admin.register(TransitionRecord)
class TransitionRecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The trail can be read here, and nothing else."""

    list_display = ("occurred_at", "object_name", "transition", "from_state", "to_state", "by")
    list_filter = ("machine",)
    list_select_related = ("by",)
    search_fields = ("object_name",)
    date_hierarchy = "occurred_at"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
