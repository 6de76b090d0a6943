"""Staff see every job with its steps, and change nothing: a finished one is the record of what was done."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from destinyvault.admin import ReadOnly

from .models import Step, Transfer

MOST_STEPS = 500  # of one page: a job of a thousand wishes has some thousands


class StepInline(admin.TabularInline):
    model = Step
    verbose_name_plural = f"steps (the first {MOST_STEPS})"
    extra = 0
    can_delete = False
    ordering = ["number"]
    fields = [
        *("number", "kind", "why", "item_id", "item_hash", "quantity", "character_id", "status", "code", "said"),
        *("message", "sent_at", "finished_at"),
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).filter(number__lte=MOST_STEPS)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    list_display = ["id", "membership", "action", "status", "waits_for", "message", "created_at", "finished_at"]
    list_filter = ["status", "action", "waits_for", "created_at"]
    list_select_related = ["membership"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["membership__display_name", "membership__membership_id"]
    search_help_text = "Name or Destiny id of the player, or the instance id of an item."
    fields = [
        *("membership", "action", "status", "waits_for", "message", "move_others", "wants", "refusals", "undoes"),
        *("retries", "worker", "created_at", "started_at", "parked_at", "not_before", "beat_at", "cancel_asked_at"),
        "finished_at",
    ]
    inlines = [StepInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Transfer], search_term: str
    ) -> tuple[QuerySet[Transfer], bool]:
        """An instance id is looked for among the wishes: by containment, not in a million steps."""
        found, twice = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        return (found | queryset.filter(wants__contains=[{"item_id": term}]) if term.isdigit() else found), twice
