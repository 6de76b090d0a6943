"""The armory: every item of the game, for everybody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from destinyvault.bungie.enums import TIERS
from manifest import lookup
from manifest.armory import PAGE, class_name
from manifest.content_file import ITEMS
from manifest.lookup import ItemSummary
from manifest.search import MAX_COUNT, MAX_LENGTH, Found, search
from manifest.showing import shown_json

_LAST_PAGE = MAX_COUNT // PAGE


@never_cache
@require_safe
def armory(request: HttpRequest) -> HttpResponse:
    live = lookup.live(request.manifest_language())
    asked, page = request.GET.get("q", "")[:MAX_LENGTH], _page(request)
    context: dict[str, Any] = {"live": live, "asked": asked, "page": page, "longest": MAX_LENGTH}
    if live and asked.strip():
        results = search(live, asked, limit=PAGE, offset=(page - 1) * PAGE)
        context |= {
            "count": results.count,
            "more": results.count == MAX_COUNT,
            "items": [shown(found.item, _first_line(found)) for found in results.found],
            "next": page + 1 if page * PAGE < results.count else None,
            "before": page - 1 if page > 1 else None,
        }
    return render(request, "armory/armory.html", context, status=200 if live else 503)


@never_cache
@require_safe
def item(request: HttpRequest, hash_: int) -> HttpResponse:
    live = lookup.live(request.manifest_language())
    if live is None:
        return render(request, "armory/armory.html", {"live": None}, status=503)
    found = lookup.items(live, [hash_]).get(hash_) if hash_ < 1 << 32 else None
    if found is None:
        raise Http404
    definition = lookup.definitions(live, {ITEMS: [hash_]})[ITEMS].get(hash_, {})
    context = {
        "live": live,
        **shown(found, ""),
        "description": (definition.get("displayProperties") or {}).get("description", ""),
        "flavour": definition.get("flavorText", ""),
        "json": shown_json(definition),
    }
    return render(request, "armory/item.html", context)


def shown(item: ItemSummary, line: str) -> dict[str, Any]:
    kind, of_class = " ".join(filter(None, (item.tier_name, item.type_name))), (class_name(item) or "").capitalize()
    return {
        "item": item,
        "name": item.name.strip() or "No name",
        "initials": "".join(word[0] for word in item.name.split()[:2]).upper() or "?",
        "tier": TIERS.get(item.tier, "basic"),
        "kind": kind if of_class in kind else " · ".join(filter(None, (kind, of_class))),
        "line": line,
    }


def _first_line(found: Found) -> str:
    return next((line for line in found.description.splitlines() if line.strip()), "")


def _page(request: HttpRequest) -> int:
    """A number that leads nowhere is a slip of the hand: the nearest page is shown."""
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), _LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
