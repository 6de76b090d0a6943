"""One item, a stack, several items side by side: pages, and the dialog that shows a page's inside."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.people import Player
from manifest import lookup
from manifest.showing import shown_json
from manifest.tables import ITEMS

from .comparing import LEAST, MOST, comparable, compare, same_type
from .detail import details, find, place
from .player_pages import players_page, reading_for, told_of
from .reading import Reading
from .tiles import state_words, tile
from .transfers import buttons
from .vault import OwnedItem

INSIDES = {"item-inside", "item-definition"}  # ids of the elements that ask
TOO_MANY = f"At most {MOST} items stand side by side. Take some away, then compare again."
TOO_FEW = "Choose at least two items to compare."
DIFFERENT = "Only items of one type can be compared: these are {}."


@players_page
def item(request: HttpRequest, who: Player, instance_id: str) -> HttpResponse:
    reading = reading_for(request, who, lambda held: held.instance_id == instance_id)
    owned = _own(reading, instance_id)
    (detail,) = details(who, reading, [owned])
    context = {"detail": detail, "buttons": buttons.of_item(owned, reading), **_shown(reading, owned)}
    return _page_or_inside(request, "item", context)


@players_page
def definition(request: HttpRequest, who: Player, instance_id: str) -> HttpResponse:
    """As Bungie wrote it: loaded when somebody unfolds it."""
    reading = reading_for(request, who, lambda held: held.instance_id == instance_id)
    owned = _own(reading, instance_id)
    found = lookup.definition(reading.live, ITEMS, owned.hash) if reading.live else None
    return _page_or_inside(
        request, "definition", {"json": shown_json(found) if found else "", **_shown(reading, owned)}
    )


@players_page
def stack(request: HttpRequest, who: Player, item_hash: int) -> HttpResponse:
    """What has no instance: how much of it lies where."""
    reading = reading_for(request, who, lambda held: held.hash == item_hash)
    stacks = [(place(each, reading.vault), each) for each in reading.vault.items if each.id is None]
    if not stacks:
        raise Http404
    context = {
        "stacks": [(where, each.quantity) for where, each in stacks],
        "total": sum(each.quantity for _, each in stacks),
        "definition": lookup.definition(reading.live, ITEMS, item_hash) or {} if reading.live else {},
        "buttons": buttons.of_stacks(stacks, reading),
        **_shown(reading, stacks[0][1]),
    }
    return _page_or_inside(request, "stack", context)


@players_page
def choose(request: HttpRequest, who: Player, instance_id: str) -> HttpResponse:
    """Which of the person's items to hold against this one."""
    reading = reading_for(request, who)
    owned = _own(reading, instance_id)
    others = [each for each in comparable(owned, reading.vault) if each is not owned]
    rows = [(each, tile(each), place(each, reading.vault)) for each in others]
    return render(request, "inventory/choose.html", {"others": rows, "most": MOST, **_shown(reading, owned)})


@players_page
def comparison(request: HttpRequest, who: Player) -> HttpResponse:
    asked = _asked(request)[: MOST + 1]
    reading = reading_for(request, who, lambda held: held.instance_id in asked)
    items = [_own(reading, instance_id) for instance_id in asked]
    why_not = _why_not(items)
    context = {"why_not": why_not, "items": items, "back": items[0] if items else None, **told_of(reading)}
    if not why_not:
        found = details(who, reading, items, options=False)
        context["comparison"] = compare(found)
        context["columns"] = [(each, tile(each.item), _without(items, each.item)) for each in found]
        context["told"] = all(each.told for each in found)
    return render(request, "inventory/compare.html", context, status=400 if why_not else 200)


def _page_or_inside(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    """The dialog and what unfolds take the inside of a page; every other request, also one to refresh it, the page."""
    inside = request.htmx and request.htmx.target in INSIDES
    return render(request, f"inventory/_{name}.html" if inside else f"inventory/{name}.html", context)


def _own(reading: Reading, instance_id: str) -> OwnedItem:
    """Another person's item is as unknown here as one that does not exist."""
    owned = find(reading.vault, instance_id)
    if owned is None:
        raise Http404
    return owned


def _asked(request: HttpRequest) -> list[str]:
    """Ids by commas, as links write them, or one for each checkbox of the form; each once."""
    given = (instance_id.strip() for value in request.GET.getlist("items") for instance_id in value.split(","))
    return list(dict.fromkeys(filter(None, given)))


def _why_not(items: Sequence[OwnedItem]) -> str:
    if len(items) < LEAST:
        return TOO_FEW
    if len(items) > MOST:
        return TOO_MANY
    if not all(same_type(each, items[0]) for each in items):
        types = dict.fromkeys(" ".join(filter(None, (each.class_name, each.type_name))) or each.name for each in items)
        return DIFFERENT.format(", ".join(types))
    return ""


def _without(items: Sequence[OwnedItem], leaving: OwnedItem) -> str:
    """The address of the same comparison without one; empty where too few would be left."""
    rest = [each.id or "" for each in items if each is not leaving]
    return ",".join(rest) if len(rest) >= LEAST else ""


def _shown(reading: Reading, owned: OwnedItem) -> dict[str, object]:
    click = secrets.token_urlsafe(16)  # of the form with the buttons: pressed twice, they are one job
    return {"item": owned, "tile": tile(owned), "states": state_words(owned), "click": click, **told_of(reading)}
