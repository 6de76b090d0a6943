"""The armory: every item of the game, for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from destinyvault.bungie.enums import TIERS
from manifest import history as past
from manifest import lookup
from manifest.armory import PAGE, class_name, found, is_number
from manifest.armory_item import facts
from manifest.choosing import language_of
from manifest.comparing import NotComparable
from manifest.lookup import ItemSummary, Live
from manifest.search import MAX_COUNT, MAX_LENGTH, Found
from manifest.showing import shown_json
from manifest.suggesting import similar
from manifest.tables import ITEMS
from manifest.views import public_page

_LAST_PAGE = MAX_COUNT // PAGE


@public_page
def armory(request: HttpRequest) -> HttpResponse:
    live = lookup.live(language_of(request))
    asked, page = request.GET.get("q", "")[:MAX_LENGTH], _page(request)
    context: dict[str, Any] = {"asked": asked, "page": page, "longest": MAX_LENGTH}
    if live and asked.strip():
        results = found(live, asked, page)
        context |= {
            "count": results.count,
            "more": results.count == MAX_COUNT,
            "items": [shown(each.item, _first_line(each)) for each in results.found],
            "next": page + 1 if page * PAGE < results.count else None,
            "before": page - 1 if page > 1 else None,
        }
        if not results.count:
            is_hash = is_number(asked.strip())
            context |= {"is_hash": is_hash, "similar": [] if is_hash else similar(live, asked)}
    return _rendered(request, "armory/armory.html", live, context)


@public_page
def item(request: HttpRequest, hash_: int) -> HttpResponse:
    live = lookup.live(language_of(request))
    if live is None:
        return _rendered(request, "armory/armory.html", live, {})
    of_live = lookup.items(live, [hash_]).get(hash_) if hash_ < 1 << 32 else None
    if of_live is None:
        raise NotComparable(f"The live Manifest ({live.version}, {live.language}) has no item with the hash {hash_}.")
    definition = lookup.definitions(live, {ITEMS: [hash_]})[ITEMS].get(hash_, {})
    context = {
        **shown(of_live, ""),
        "class_name": (class_name(of_live) or "").capitalize(),
        "facts": facts(live, definition),
        "contents": past.contents(live.language, ITEMS, str(hash_)),
        "table": ITEMS,
        "identity": hash_,
        "json": shown_json(definition),
    }
    return _rendered(request, "armory/item.html", live, context)


def _rendered(request: HttpRequest, template: str, live: Live | None, context: dict[str, Any]) -> HttpResponse:
    """`chosen` is for the links: a language that the address names stays, as anything else of it."""
    wanted = language_of(request)
    context |= {
        "live": live,
        "languages": request.imported_languages(),
        "chosen": request.GET.get("language", ""),
        "unmet": wanted if live and live.language != wanted else "",
    }
    return render(request, template, context, status=200 if live else 503)


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
