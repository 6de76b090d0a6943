from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap

from accounts.people import Player, player
from destinyvault.condition import condition

from . import detail as details
from . import snapshots
from .notices import age, notices
from .page import all_stores, groups
from .reading import Reading, read
from .tiles import state_words, tile
from .vault import VAULT

Rest = ParamSpec("Rest")
PlayersView = Callable[Concatenate[HttpRequest, Player, Rest], HttpResponse]

ASK_AGAIN_SECONDS = 2  # where another request of the same person asks Bungie


class NothingKnown(Exception):
    """Of what the player owns: it is read for the first time."""


class NoManifest(Exception):
    """This site has just been started: items have neither names nor pictures."""


def players_page(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """For signed-in people with a Destiny account; others learn how to come by one.

    It shows what is known and never waits for Bungie. `?refresh=1` asks: the page itself does, in the background.
    """

    @wraps(view)
    def with_player(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        who = player(request.user)
        if who is None:
            return render(request, "inventory/no_account.html")
        if _asks(request) and not request.htmx:
            return redirect(request.path) if snapshots.ask(who) else _first_visit(request)
        try:
            return view(request, who, *args, **kwargs)
        except NothingKnown:
            return _first_visit(request)
        except NoManifest:
            return _whole_page(request, render(request, "inventory/no_manifest.html", vars(condition())))

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


def _asks(request: HttpRequest) -> bool:
    return request.GET.get("refresh") == "1"


def _first_visit(request: HttpRequest) -> HttpResponse:
    """At once; the browser asks for the items while this page is there to see, with scripts or without."""
    response = _whole_page(request, render(request, "inventory/first_visit.html"))
    response["Refresh"] = f"{ASK_AGAIN_SECONDS if _asks(request) else 0}; url=?refresh=1"
    return response


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What has no place in a part of a page is loaded as one."""
    return HttpResponseClientRedirect(request.path) if request.htmx else response


@players_page
def inventory(request: HttpRequest, who: Player) -> HttpResponse:
    reading = _read(request, who)
    return _show(request, "inventory/inventory.html", reading, all_stores(reading.vault))


@players_page
def vault(request: HttpRequest, who: Player) -> HttpResponse:
    return _show(request, "inventory/vault.html", _read(request, who), [VAULT])


@players_page
def character(request: HttpRequest, who: Player, character_id: str) -> HttpResponse:
    reading = _read(request, who)
    guardian = next((each for each in reading.vault.characters if each.id == character_id), None)
    if guardian is None:
        raise Http404
    return _show(request, "inventory/character.html", reading, [guardian.id], guardian=guardian)


@players_page
def item(request: HttpRequest, who: Player, instance_id: str) -> HttpResponse:
    reading = _read(request, who)
    owned = details.find(reading.vault, instance_id)
    if owned is None:
        raise Http404
    more = {"detail": details.detail(who, reading, owned), "tile": tile(owned), "states": state_words(owned)}
    return _show(request, "inventory/item.html", reading, [], **more)


def _read(request: HttpRequest, who: Player) -> Reading:
    seen = snapshots.ask(who) if _asks(request) else snapshots.known(who)
    if seen is None:
        raise NothingKnown
    reading = read(seen)
    if reading.live is None:
        raise NoManifest
    return reading


def _show(request: HttpRequest, template: str, reading: Reading, stores: Sequence[str], **more: object) -> HttpResponse:
    seen = reading.seen
    context = {
        "player": seen.player,
        "membership": seen.player.membership,
        "seen": seen,
        "age": age(seen.minted_at),
        "key": reading.key,
        "notices": notices(reading),
        "actions_off": bool(seen.trouble),
    }
    if request.GET.get("shown") == reading.key:  # the items are on the page already, with whatever is done to them
        return reswap(render(request, "inventory/_refreshed.html", context), "none")
    told = "characterInventories" not in seen.profile.missing
    context |= {
        "vault": reading.vault,
        "vault_is_known": "profileInventory" not in seen.profile.missing,
        "groups": groups(reading.vault, reading.words, stores, postmaster_is_known=told),
        **more,
    }
    return render(request, template, context)
