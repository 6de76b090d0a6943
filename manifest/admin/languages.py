"""What is live in each language, what holds it there, and how the last check went."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from manifest import health, switch
from manifest.admin import links, running
from manifest.models import Language

UPDATE = "manifest.tasks.update"


@admin.register(Language)
class LanguageAdmin(running.WithRunning):
    list_display = ["code", "live_now", "pinned", "last_check", "sighted"]
    list_display_links = ["code"]
    list_select_related = ["live"]
    ordering = ["code"]
    sortable_by = []
    actions = ["check_now", "import_again", "unpin"]
    fieldsets = [
        (None, {"fields": ["code", "live_revision", "activated_at", "pinned_at"]}),
        ("Last check", {"fields": ["checked_at", "outcome", "sighted", "sighted_at"]}),
        ("Just now", {"fields": ["now"]}),
    ]
    readonly_fields = ["live_revision", "outcome", "sighted", "now"]

    def has_update_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("manifest.change_language")

    @admin.action(description="Check now", permissions=["update"])
    def check_now(self, request: HttpRequest, chosen: QuerySet[Language]) -> None:
        self._update(request, "Check of {}", list(chosen))

    @admin.action(description="Import again what Bungie.net names (lifts a pin)", permissions=["update"])
    def import_again(self, request: HttpRequest, chosen: QuerySet[Language]) -> None:
        rows = list(chosen)
        self._update(request, "Import of {} again", rows, force=True, note=running.lifted_pins(rows))

    @admin.action(description="Unpin, and follow Bungie.net again", permissions=["update"])
    def unpin(self, request: HttpRequest, chosen: QuerySet[Language]) -> None:
        if unpinned := [row for row in chosen if switch.unpin(row.code)]:
            self._update(request, "Unpinned {}; check", unpinned)
        else:
            self.message_user(request, "Nothing was done: none of them is pinned.", messages.WARNING)

    def _update(self, request: HttpRequest, what: str, rows: list[Language], **options: object) -> None:
        codes = [row.code for row in rows]
        self.ask(request, what.format(", ".join(codes)), rows, UPDATE, codes, **options)

    @admin.display(description="live")
    def live_revision(self, row: Language) -> str:
        return format_html("{} {}", links.revision(row.live_id), row.live.version) if row.live else "nothing yet"

    @admin.display(description="live")
    def live_now(self, row: Language) -> SafeString:
        since = f"since {_moment(row.activated_at)}" if row.activated_at else ""
        return format_html("{}<small>{}</small>", self.live_revision(row), since)

    @admin.display(description="pinned")
    def pinned(self, row: Language) -> SafeString | str:
        return format_html("yes<small>since {}</small>", _moment(row.pinned_at)) if row.pinned_at else "no"

    @admin.display(description="last check")
    def last_check(self, row: Language) -> SafeString:
        when = _moment(row.checked_at) if row.checked_at else ""
        return format_html("{}<small>{}</small>", self.outcome(row), when)

    @admin.display(description="outcome")
    def outcome(self, row: Language) -> str:
        if not row.checked_at:
            return "not checked yet"
        return row.check_message if row.check_failed else "went well"

    @admin.display(description="seen once")
    def sighted(self, row: Language) -> str:
        """Imported when the next check sees it again."""
        return row.sighted_path or "-"

    @admin.display(description="import")
    def now(self, row: Language) -> str:
        found = [each for each in health.running() if each.language == row.code]
        return "; ".join(f"{each.phase}, {each.percent or 0} %" for each in found) or "none"


def _moment(when: datetime) -> str:
    return date_format(localtime(when), "j M Y, H:i")
