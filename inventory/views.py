from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Preferences
from accounts.people import Player, player
from manifest.lookup import live

from . import detail as details
from .drawing import Search, drawn, found
from .matching import LONGEST, asked
from .notices import age, notices
from .page import all_stores
from .plugged import known_perks, perks
from .reading import Reading, read
from .tiles import state_words, tile
from .vault import VAULT

Rest = ParamSpec("Rest")
PlayersView = Callable[Concatenate[HttpRequest, Player, Rest], HttpResponse]


def players_page(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """For signed-in people with a Destiny account; others learn how to come by one. Nothing of it is kept anywhere."""
    return never_cache(_of_player(view))


def _of_player(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    @wraps(view)
    def with_player(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        who = player(request.user)
        if who is None:
            return render(request, "inventory/no_account.html")
        return view(request, who, *args, **kwargs)

    return require_safe(signed_in(with_player))


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """login_required; htmx is sent away as a whole page: in a part of one, the policy stops the way on to Bungie."""
    guarded = login_required(view)

    @wraps(view)
    def with_person(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = guarded(request, *args, **kwargs)
        led_away = request.htmx and not request.user.is_authenticated
        return HttpResponseClientRedirect(response["Location"]) if led_away else response

    return with_person


@players_page
def inventory(request: HttpRequest, who: Player) -> HttpResponse:
    reading = _read(request, who)
    return _show(request, "inventory/inventory.html", who, reading, all_stores(reading.vault))


@players_page
def vault(request: HttpRequest, who: Player) -> HttpResponse:
    return _show(request, "inventory/vault.html", who, _read(request, who), [VAULT])


@players_page
def character(request: HttpRequest, who: Player, character_id: str) -> HttpResponse:
    reading = _read(request, who)
    guardian = next((each for each in reading.vault.characters if each.id == character_id), None)
    if guardian is None:
        raise Http404
    return _show(request, "inventory/character.html", who, reading, [guardian.id], guardian=guardian)


@players_page
def item(request: HttpRequest, who: Player, instance_id: str) -> HttpResponse:
    reading = _read(request, who)
    owned = details.find(reading.vault, instance_id)
    if owned is None:
        raise Http404
    more = {"detail": details.detail(who, reading, owned), "tile": tile(owned), "states": state_words(owned)}
    return _show(request, "inventory/item.html", who, reading, [], **more)


@_of_player
def perk_names(request: HttpRequest, who: Player) -> HttpResponse:
    """For the script that filters; a browser may keep it, and asks whether it still holds."""
    known, tag = known_perks(who.membership, live(who.preferences.language))
    reply = get_conditional_response(request, etag=quote_etag(tag))
    if reply is None:
        reply = JsonResponse({"names": known.names, "items": known.items})
        reply["ETag"] = quote_etag(tag)
    patch_cache_control(reply, private=True, no_cache=True)
    return reply


def _read(request: HttpRequest, who: Player) -> Reading:
    return read(who, refresh=request.GET.get("refresh") == "1")


def _show(
    request: HttpRequest, template: str, who: Player, reading: Reading, stores: Sequence[str], **more: object
) -> HttpResponse:
    query = request.GET.get("filter", "")[:LONGEST].strip()
    search = _search(reading, query)
    context = {
        "membership": who.membership,
        "preferences": who.preferences,
        "sorts": Preferences.Sort.values,
        "query": query,
        "found": found(reading, stores, search) if search.words else None,
        "guardians": reading.vault.characters,
        "stores_html": drawn(reading, stores, who.preferences, search) if stores else "",
        "notices": notices(reading),
        "minted_at": reading.seen.minted_at,
        "age": age(reading),
        **more,
    }
    return render(request, template, context)


def _search(reading: Reading, query: str) -> Search:
    words = asked(query)
    return Search(words, perks(reading.seen.packed, reading.seen.digest, reading.live)) if words else Search()
