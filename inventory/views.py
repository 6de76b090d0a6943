from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap

from accounts.people import Player

from .page import all_stores, groups
from .player_pages import players_page, reading_for, told_of
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
    return _show(request, "inventory/character.html", reading, [guardian.id], guardian=guardian)


def _show(request: HttpRequest, template: str, reading: Reading, stores: Sequence[str], **more: object) -> HttpResponse:
    context = told_of(reading)
    if request.GET.get("shown") == reading.key:  # the items are on the page already, with whatever is done to them
        return reswap(render(request, "inventory/_refreshed.html", context), "none")
    if reading.is_empty:
        return render(request, "inventory/no_characters.html", context)
    missing = reading.seen.profile.missing
    told = "characterInventories" not in missing
    context |= {
        "vault": reading.vault,
        "vault_is_known": "profileInventory" not in missing,
        "groups": groups(reading.vault, reading.words, stores, postmaster_is_known=told),
        **more,
    }
    return render(request, template, context)
