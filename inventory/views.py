from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.people import Player, player

from .notices import age, notices
from .page import all_stores, groups
from .reading import Reading, read
from .vault import VAULT

Rest = ParamSpec("Rest")
PlayersView = Callable[Concatenate[HttpRequest, Player, Rest], HttpResponse]


def players_page(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """For signed-in people with a Destiny account; others learn how to come by one."""

    @wraps(view)
    def with_player(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        who = player(request.user)
        if who is None:
            return render(request, "inventory/no_account.html")
        return view(request, who, *args, **kwargs)

    return require_safe(never_cache(_signed_in(with_player)))


def _signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
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


def _read(request: HttpRequest, who: Player) -> Reading:
    return read(who, refresh=request.GET.get("refresh") == "1")


def _show(
    request: HttpRequest, template: str, who: Player, reading: Reading, stores: Sequence[str], **more: object
) -> HttpResponse:
    missing = reading.seen.profile.missing
    told = "characterInventories" not in missing
    context = {
        "membership": who.membership,
        "vault": reading.vault,
        "vault_is_known": "profileInventory" not in missing,
        "groups": groups(reading.vault, reading.words, stores, postmaster_is_known=told),
        "notices": notices(reading),
        "minted_at": reading.seen.minted_at,
        "age": age(reading),
        **more,
    }
    return render(request, template, context)
