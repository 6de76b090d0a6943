"""Staff see every job with its steps, and change nothing: a finished one is the record of what was done."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from destinyvault.admin import ReadOnly

from .models import Transfer
from .transfers import finding, inspecting


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    list_display = ["id", "membership", "action", "status", "message", "created_at", "finished_at"]
    list_filter = ["status", "action", "waits_for", "created_at"]
    list_select_related = []  # False would join each player's account, tokens and all, since the list names a player
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ["finished_at"]
    search_fields = ["id"]  # finding decides; without a field there is no box
    search_help_text = finding.HELP
    change_list_template = "admin/inventory/transfers.html"
    change_form_template = "admin/inventory/transfer.html"
    fields = [
        *("membership", "account", "action", "status", "waits_for", "message", "move_others", "undoes", "undone_by"),
        *("retries", "retried_by", "worker", "created_at", "started_at", "parked_at", "not_before", "beat_at"),
        *("cancel_asked_at", "finished_at"),
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        """The list reads no wishes, which can be a thousand of a job, and players for the one page only."""
        return super().get_queryset(request).defer("wants", "refusals").prefetch_related("membership")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Transfer], search_term: str
    ) -> tuple[QuerySet[Transfer], bool]:
        return finding.found(queryset, search_term.strip()), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Transfer, **options: Any
    ) -> HttpResponse:
        context["wishes"] = inspecting.wishes(obj, request.GET.get("wishes"))
        context["steps"] = inspecting.steps(obj, request.GET.get("steps"))
        return super().render_change_form(request, context, *args, obj=obj, **options)

    @admin.display(description="account")
    def account(self, job: Transfer) -> SafeString:
        account = job.membership.account
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_bungieaccount_change", args=[account.pk]), account
        )

    @admin.display(description="undone by")
    def undone_by(self, job: Transfer) -> SafeString | str:
        return _links(job.undone_by.all())

    @admin.display(description="retried by")
    def retried_by(self, job: Transfer) -> SafeString | str:
        return _links(job.retried_by.all())


def _links(jobs: QuerySet[Transfer]) -> SafeString | str:
    pairs = [(reverse("admin:inventory_transfer_change", args=[pk]), pk) for pk in jobs.values_list("pk", flat=True)]
    return format_html_join(", ", '<a href="{}">transfer {}</a>', pairs) or "-"
