"""Every import: what it brought, why it failed, and the way back to it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat, truncatechars
from django.urls import URLPattern
from django.utils.formats import date_format, localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from manifest import switch
from manifest.admin import confirming, links, running
from manifest.errors import NotKept
from manifest.models import Language, Revision

_COUNTS = ["rows", "added", "changed", "removed"]
_KINDS = {"added": "new", "changed": "changed", "removed": "removed"}
_PHASES = ["fetch", "ingest", "prepare", "switch"]  # jsonb keeps no order
_FROM_FILE = (
    "{} came from a file on a disk, and Bungie.net does not have it. Whoever has the file imports it again by "
    "“manage.py sync_manifest --language {} --file FILE --force”."
)


@admin.register(Revision)
class RevisionAdmin(running.WithRunning):
    list_display = ["of", "outcome", "changes", "when", "pages"]
    list_filter = ["language", "status", "started_at"]
    search_fields = ["version", "path"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ["make_live", "import_again"]
    change_form_template = "admin/manifest/revision.html"
    fieldsets = [
        (None, {"fields": ["language", "version", "path", "state", "error", "pages"]}),
        ("When", {"fields": ["started_at", "finished_at", "duration", "live_since", "live_until", "pruned_at"]}),
        ("How much", {"fields": ["size", *_COUNTS]}),
    ]
    readonly_fields = ["state", "pages", "duration", "live_since", "size"]
    sortable_by = ["of", "outcome", "changes", "when"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        live = Language.objects.filter(live=OuterRef("pk"))
        marks = {
            "is_live": Exists(live),
            "is_pinned": Exists(live.filter(pinned_at__isnull=False)),
            "activated_at": Subquery(live.values("activated_at")),
            "live_id": Subquery(Language.objects.filter(code=OuterRef("language")).values("live")),
        }
        return super().get_queryset(request).annotate(**marks).defer("tables")

    def get_urls(self) -> list[URLPattern]:
        return [running.address(), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Revision, **options: Any
    ) -> HttpResponse:
        context |= {
            "may_switch": self.has_switch_permission(request),
            "may_unpin": request.user.has_perm("manifest.change_language"),
            "seconds": [(phase, obj.seconds[phase]) for phase in _PHASES if phase in obj.seconds],
            "pin": Language.objects.filter(code=obj.language, pinned_at__isnull=False).select_related("live").first(),
        }
        if obj.status == Revision.Status.HELD:
            context |= {"beside_live": confirming.beside_live(obj)}
        else:
            context |= {"columns": _COUNTS, "tables": _tables(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **options)

    def has_switch_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("manifest.change_revision")

    @admin.action(description="Make live, and pin", permissions=["switch"])
    def make_live(self, request: HttpRequest, chosen: QuerySet[Revision]) -> None:
        if not (revision := self._only(request, chosen)):
            return
        try:
            switch.make_live(revision, pinned=True)
        except NotKept as error:
            told = f"Revision {revision.pk} is {revision.get_status_display()}. {error}"
            self.message_user(request, told, messages.ERROR)
        else:
            self.log_change(request, revision, "Made live and pinned.")
            self.message_user(request, _pinned(revision))

    @admin.action(description="Import again (confirms what was held back, lifts a pin)", permissions=["switch"])
    def import_again(self, request: HttpRequest, chosen: QuerySet[Revision]) -> None:
        if not (revision := self._only(request, chosen)):
            return
        if came_from_file(revision):
            told = _FROM_FILE.format(f"Revision {revision.pk}", revision.language)
            self.message_user(request, told, messages.WARNING)
        else:
            what = f"Import of revision {revision.pk}, {revision}, again"
            note = running.lifted_pins(Language.objects.filter(code=revision.language))
            self.ask(request, what, [revision], "manifest.tasks.import_again", revision.pk, note=note)

    def _only(self, request: HttpRequest, chosen: QuerySet[Revision]) -> Revision | None:
        if len(chosen) == 1:
            return chosen[0]
        self.message_user(request, "Nothing was done: choose exactly one revision.", messages.ERROR)
        return None

    @admin.display(description="revision", ordering="id")
    def of(self, revision: Revision) -> SafeString:
        return format_html("{}, {}<small>{}</small>", revision.pk, revision.language, revision.version)

    @admin.display(description="status", ordering="status")
    def outcome(self, revision: Revision) -> SafeString:
        """With the reason where there is one, since that is what a failed one is looked at for."""
        return format_html("{}<small>{}</small>", self.state(revision), truncatechars(revision.error, 160))

    @admin.display(description="definitions", ordering="rows")
    def changes(self, revision: Revision) -> SafeString | str:
        if not revision.rows:
            return "-"
        if revision.status == Revision.Status.HELD:
            return format_html("{}<small>not compared</small>", f"{revision.rows:,}")
        counts = ((f"{getattr(revision, kind):,} {words}",) for kind, words in _KINDS.items())
        return format_html("{}{}", f"{revision.rows:,}", format_html_join("", "<small>{}</small>", counts))

    @admin.display(description="started", ordering="started_at")
    def when(self, revision: Revision) -> SafeString:
        took = f"took {self.duration(revision)}" if revision.finished_at else ""
        more = format_html_join("", "<small>{}</small>", ((words,) for words in (took, self.size(revision)) if words))
        return format_html("{}{}", date_format(localtime(revision.started_at), "j M Y, H:i"), more)

    @admin.display(description="status")
    def state(self, revision: Revision) -> SafeString:
        marks = [revision.get_status_display()]
        marks += ["live"] * revision.is_live + ["pinned"] * revision.is_pinned
        return format_html('<span class="state {}">{}</span>', revision.status, ", ".join(marks))

    @admin.display(description="live since")
    def live_since(self, revision: Revision) -> str:
        return localize(localtime(revision.activated_at)) if revision.activated_at else "-"

    @admin.display(description="took")
    def duration(self, revision: Revision) -> str:
        if not revision.finished_at:
            return "-"
        return f"{(revision.finished_at - revision.started_at).total_seconds():.1f}\N{NO-BREAK SPACE}s"

    @admin.display(description="size", ordering="content_bytes")
    def size(self, revision: Revision) -> str:
        return filesizeformat(revision.content_bytes) if revision.content_bytes else "-"

    @admin.display(description="pages")
    def pages(self, revision: Revision) -> str:
        """Only a complete revision has definitions to compare or to look at."""
        if revision.status != Revision.Status.COMPLETE:
            return "-"
        definitions = links.definitions("Definitions", language=revision.language, brought=revision.pk)
        found = [links.comparison(revision.pk), definitions]
        if revision.live_id and not revision.is_live:
            found.append(links.comparison(revision.pk, revision.live_id))
        return format_html_join("", '<span class="page">{}</span>', ((link,) for link in found))


def came_from_file(revision: Revision) -> bool:
    """Bungie's paths begin with a slash; sync names a file on a disk without one."""
    return not revision.path.startswith("/")


def _tables(revision: Revision) -> list[tuple[str, list[int]]]:
    """Each table's name, and its numbers in the order of _COUNTS."""
    return [(name, [counts[each] for each in _COUNTS]) for name, counts in sorted(revision.tables.items())]


def _pinned(revision: Revision) -> str:
    return (
        f"Revision {revision.pk}, {revision}, is live and pinned: no check takes another one until somebody chooses "
        f"“Unpin” for {revision.language} in the list of languages."
    )
