"""How the many definitions are narrowed. None of it may read them all, as Django's own filters and counts would."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from manifest.lookup import valid_at
from manifest.models import Language, Revision, Table

_MOST_REVISIONS = 200
_FIELDS = {"brought": "added", "taken": "removed"}


def language(request: HttpRequest) -> str:
    """The one asked for, else the first: definitions of several languages are not read side by side."""
    known, wanted = _languages(), request.GET.get("language")
    return wanted if wanted in known else next(iter(known), "")


def _languages() -> list[str]:
    return list(Language.objects.order_by("code").values_list("code", flat=True))


def _tables(language: str) -> dict[str, int]:
    return dict(Table.objects.filter(language=language).order_by("name").values_list("name", "pk"))


class ByLanguage(admin.SimpleListFilter):
    title = "language"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, page: admin.ModelAdmin) -> list[tuple[str, str]]:
        self._chosen = language(request)
        return [(code, code) for code in _languages()]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Without Django's first one, “All”."""
        for code, words in self.lookup_choices:
            address = changelist.get_query_string({"language": code}, ["table", "brought", "taken"])
            yield {"selected": code == self._chosen, "query_string": address, "display": words}

    def queryset(self, request: HttpRequest, definitions: QuerySet) -> QuerySet:
        """By numbers of tables, so that the index that a look-up uses also gives the order."""
        return definitions.filter(table__in=list(_tables(self._chosen).values()))


class Chosen(admin.SimpleListFilter):
    """One of too many for a list of links: a select with a button."""

    template = "admin/manifest/choose.html"

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        self.others = [pair for pair in changelist.params.items() if pair[0] not in (self.parameter_name, PAGE_VAR)]
        yield {"selected": not self.value(), "value": "", "display": "all"}
        for value, words in self.lookup_choices:
            yield {"selected": value == self.value(), "value": value, "display": words}


class ByTable(Chosen):
    title = "table"
    parameter_name = "table"

    def lookups(self, request: HttpRequest, page: admin.ModelAdmin) -> list[tuple[str, str]]:
        self._tables = _tables(language(request))
        return [(name, name) for name in self._tables]

    def queryset(self, request: HttpRequest, definitions: QuerySet) -> QuerySet:
        return definitions.filter(table=self._tables.get(self.value())) if self.value() else definitions


class ByState(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, page: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("now", "valid now"), ("gone", "taken away")]

    def queryset(self, request: HttpRequest, definitions: QuerySet) -> QuerySet:
        return definitions.filter(_in_state(request))


class ByRevision(Chosen):
    def lookups(self, request: HttpRequest, page: admin.ModelAdmin) -> list[tuple[str, str]]:
        kept = Revision.objects.filter(language=language(request), status=Revision.Status.COMPLETE)
        newest = kept.values_list("pk", "version")[:_MOST_REVISIONS]
        return [(str(pk), f"{pk}: {version}") for pk, version in newest]

    def queryset(self, request: HttpRequest, definitions: QuerySet) -> QuerySet:
        return definitions.filter(_by_revision(request, self.parameter_name))


class Brought(ByRevision):
    title = "brought by revision"
    parameter_name = "brought"


class Taken(ByRevision):
    title = "taken away by revision"
    parameter_name = "taken"


def validity(request: HttpRequest) -> Q:
    """All that these filters ask of a definition; the narrow row of an item has the same fields."""
    return _in_state(request) & _by_revision(request, "brought") & _by_revision(request, "taken")


def _in_state(request: HttpRequest) -> Q:
    live = Language.objects.filter(code=language(request)).values_list("live", flat=True).first() or 0
    conditions = {
        "now": valid_at(live),
        "gone": Q(removed__lte=live),
    }
    return conditions.get(request.GET.get("state"), Q())


def _by_revision(request: HttpRequest, parameter: str) -> Q:
    if not (chosen := request.GET.get(parameter)):
        return Q()
    try:
        return Q(**{_FIELDS[parameter]: int(chosen)})
    except ValueError as error:
        raise IncorrectLookupParameters(error) from error
