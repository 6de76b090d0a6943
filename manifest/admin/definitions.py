"""Look into the definitions: what Bungie says of a thing, and since when."""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from destinyvault.admin import ReadOnly
from manifest.admin import filters, finding, links
from manifest.comparing import name_of
from manifest.differences import field_differences
from manifest.lookup import JsonObject
from manifest.models import Definition, Language
from manifest.showing import ShownDifferences, shown_differences

_MOST_CONTENTS = 10


@admin.register(Definition)
class DefinitionAdmin(ReadOnly):
    list_display = ["hash_or_key", "name", "table_name", "brought", "taken"]
    list_filter = [filters.ByLanguage, filters.ByTable, filters.ByState, filters.Brought, filters.Taken]
    list_select_related = ["table"]
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["table_id", "hash", "key", "added"]  # as the unique index has them
    search_fields = ["hash"]  # find decides; without a field there is no box
    search_help_text = finding.HELP
    change_list_template = "admin/manifest/definitions.html"
    change_form_template = "admin/manifest/definition.html"
    fields = ["table_name", "hash_or_key", "signed", "name", "brought", "taken", "public_page"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Definition]:
        return super().get_queryset(request).defer("digest").select_related("table")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "most": finding.MOST})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Definition], search_term: str
    ) -> tuple[QuerySet[Definition], bool]:
        """The last step of a list, after filters and order. Count and page are queries that start from few ids then."""
        found = finding.first(queryset, search_term.strip(), request)
        return self.get_queryset(request).filter(pk__in=found).order_by(*self.ordering), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Definition, **options: Any
    ) -> HttpResponse:
        context |= {"json": _pretty(obj.json), "history": history(obj), "all_contents": _all(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **options)

    @admin.display(description="hash or key")
    def hash_or_key(self, definition: Definition) -> str:
        return str(definition)

    @admin.display(description="id in the content file")
    def signed(self, definition: Definition) -> int | str:
        if definition.key:
            return "-"
        return definition.hash - 2**32 if definition.hash >= 2**31 else definition.hash

    @admin.display(description="table")
    def table_name(self, definition: Definition) -> str:
        return definition.table.name

    @admin.display(description="name")
    def name(self, definition: Definition) -> str:
        return name(definition.json) or "-"

    @admin.display(description="brought by")
    def brought(self, definition: Definition) -> SafeString:
        return links.revision(definition.added)

    @admin.display(description="taken away by")
    def taken(self, definition: Definition) -> SafeString | str:
        return links.revision(definition.removed) if definition.removed else "-"

    @admin.display(description="for everybody")
    def public_page(self, definition: Definition) -> SafeString:
        return links.public(_shown_at(definition), definition.table.name, str(definition))


@dataclass(frozen=True)
class Content:
    """What one definition was from the revision that brought it to the one that took it away."""

    definition: Definition
    brought: SafeString
    taken: SafeString | None
    differences: ShownDifferences | None  # from the content before it


def history(shown: Definition) -> list[Content]:
    """The newest first."""
    same = Definition.objects.filter(table=shown.table_id, hash=shown.hash, key=shown.key).defer("digest")
    rows = list(same.order_by("-added")[: _MOST_CONTENTS + 1])
    return [_content(*pair) for pair in pairwise([*rows, None])][:_MOST_CONTENTS]


def _content(row: Definition, before: Definition | None) -> Content:
    """A definition may have been away for some revisions."""
    taken = links.revision(row.removed) if row.removed else None
    differences = shown_differences(field_differences(before.json, row.json)) if before else None
    return Content(row, links.revision(row.added), taken, differences)


def name(definition: JsonObject) -> str:
    """Historical stats have theirs in a place of their own."""
    return name_of(definition) or str(definition.get("statName") or "")


def _pretty(definition: JsonObject) -> str:
    return json.dumps(definition, indent=2, ensure_ascii=False, sort_keys=True)


def _shown_at(definition: Definition) -> int:
    """The live revision where it is valid there, else the one that brought it."""
    live = Language.objects.filter(code=definition.table.language).values_list("live", flat=True).first()
    valid = live and definition.added <= live and (definition.removed is None or definition.removed > live)
    return live if valid else definition.added


def _all(definition: Definition) -> SafeString:
    """To the list of all contents of one definition."""
    table = definition.table
    return links.definitions("The list of all", language=table.language, table=table.name, q=str(definition))
