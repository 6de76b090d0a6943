import secrets
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django_htmx.http import reswap

from accounts.models import Preferences
from accounts.people import Player
from manifest.lookup import live

from .drawing import Search, drawn, found
from .matching import LONGEST, asked
from .page import all_stores
from .player_pages import of_player, players_page, reading_for, told_of
from .plugged import known_perks, perks
from .reading import Reading
from .vault import VAULT


@players_page
def inventory(request: HttpRequest, who: Player) -> HttpResponse:
    reading = reading_for(request, who)
    return _show(request, "inventory/inventory.html", reading, all_stores(reading.vault))


@players_page
def vault(request: HttpRequest, who: Player) -> HttpResponse:
    return _show(request, "inventory/vault.html", reading_for(request, who), [VAULT])


@players_page
def character(request: HttpRequest, who: Player, character_id: str) -> HttpResponse:
    reading = reading_for(request, who)
    guardian = next((each for each in reading.vault.characters if each.id == character_id), None)
    if guardian is None:
        raise Http404
    click = secrets.token_urlsafe(16)
    return _show(request, "inventory/character.html", reading, [guardian.id], guardian=guardian, click=click)


@of_player
def perk_names(request: HttpRequest, who: Player) -> HttpResponse:
    """For the script that filters; a browser may keep it, and asks whether it still holds."""
    known, tag = known_perks(who.membership, live(who.preferences.language))
    reply = get_conditional_response(request, etag=quote_etag(tag))
    if reply is None:
        reply = JsonResponse({"names": known.names, "items": known.items})
        reply["ETag"] = quote_etag(tag)
    patch_cache_control(reply, private=True, no_cache=True)
    return reply


def _show(request: HttpRequest, template: str, reading: Reading, stores: Sequence[str], **more: object) -> HttpResponse:
    context = told_of(reading)
    if request.GET.get("shown") == reading.key:  # the items are on the page already, with whatever is done to them
        return reswap(render(request, "inventory/_refreshed.html", context), "none")
    if reading.is_empty:
        return render(request, "inventory/no_characters.html", context)
    query = request.GET.get("filter", "")[:LONGEST].strip()
    search = _search(reading, query)
    context |= {
        "sorts": Preferences.Sort.values,
        "query": query,
        "found": found(reading, stores, search) if search.words else None,
        "guardians": reading.vault.characters,
        "stores_html": drawn(reading, stores, reading.seen.player.preferences, search) if stores else "",
        **more,
    }
    return render(request, template, context)


def _search(reading: Reading, query: str) -> Search:
    words = asked(query)
    return Search(words, perks(reading.seen.packed, reading.seen.digest, reading.live)) if words else Search()
