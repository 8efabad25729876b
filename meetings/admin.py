"""Where an administrator changes what holds for the kinds of meeting."""

from django.contrib import admin

from meetings.models import MeetingRule


@admin.register(MeetingRule)
class MeetingRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("kind", "collaboration", "initiator", "cadence_days", "at_least")
    list_filter = ("kind",)
    list_select_related = ("collaboration",)
    autocomplete_fields = ("collaboration",)
