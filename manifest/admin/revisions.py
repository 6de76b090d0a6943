from django.contrib import admin

from destinyvault.admin import ReadOnly
from manifest.models import Language, Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    list_display = [
        "id",
        "language",
        "version",
        "status",
        "started_at",
        "finished_at",
        "rows",
        "added",
        "changed",
        "removed",
        "total_seconds",
        "error",
    ]
    list_filter = ["language", "status"]
    search_fields = ["version", "path"]

    @admin.display(description="seconds")
    def total_seconds(self, revision: Revision) -> str:
        return f"{sum(revision.seconds.values()):.1f}" if revision.seconds else ""


@admin.register(Language)
class LanguageAdmin(ReadOnly):
    list_display = ["code", "live", "activated_at", "checked_at", "check_failed", "check_message"]
    list_select_related = ["live"]
