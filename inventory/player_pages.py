"""What all pages about a player's own things share: whose they are, what is known of them, and what to say of that."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.people import Player, player
from destinyvault.bungie.errors import BungieDown, Throttled
from destinyvault.condition import condition
from destinyvault.middleware import Explanation, explain
from destinyvault.templatetags.site_words import ago

from . import snapshots
from .notices import notices, why_off
from .reading import Reading, Wanted, read

Rest = ParamSpec("Rest")
PlayersView = Callable[Concatenate[HttpRequest, Player, Rest], HttpResponse]

FIRST_VISIT = "first-visit"  # the element that asks
ASK_AGAIN_SECONDS = 2  # where another request of the same person asks Bungie


class NothingKnown(Exception):
    """Of what the player owns: it is read for the first time."""


class NoManifest(Exception):
    """This site has just been started: items have neither names nor pictures."""


def players_page(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """For signed-in people with a Destiny account; others learn how to come by one. Nothing of it is kept anywhere.

    It shows what is known and never waits for Bungie. `?refresh=1` asks: the page itself does, in the background.
    """
    return never_cache(of_player(view))


def of_player(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The same for what a browser may keep."""

    @wraps(view)
    def with_player(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        who = player(request.user)
        if who is None:
            return render(request, "inventory/no_account.html", {"with_bungie": hasattr(request.user, "bungie")})
        try:
            return (
                _asked(request, who) if _asks(request) and _is_whole(request) else view(request, who, *args, **kwargs)
            )
        except NothingKnown:
            return _first_visit(request, ASK_AGAIN_SECONDS if _asks(request) else 0)
        except NoManifest:
            return _whole_page(request, render(request, "inventory/no_manifest.html", vars(condition())))
        except (BungieDown, Throttled) as error:
            why = explain(error)
            return _first_visit(request, why.retry_seconds, why)

    return require_safe(signed_in(with_player))


def players_button(view: PlayersView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """For the POST of people with a Destiny account; a GET comes from whoever had to sign in again before it."""

    @wraps(view)
    def with_player(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        who = player(request.user)
        if request.method != "POST" or who is None:
            return redirect("inventory")  # which tells others how to come by an account
        try:
            return view(request, who, *args, **kwargs)
        except (NothingKnown, NoManifest):
            return _whole_page_of("inventory", request)

    return never_cache(require_http_methods(["GET", "POST"])(signed_in(with_player)))


def _whole_page_of(name: str, request: HttpRequest) -> HttpResponse:
    way = redirect(name)
    return HttpResponseClientRedirect(way.url) if request.htmx else way


def reading_for(request: HttpRequest, who: Player, wanted: Wanted | None = None) -> Reading:
    seen = snapshots.ask(who) if _asks(request) else snapshots.known(who)
    if seen is None:
        raise NothingKnown
    reading = read(seen, wanted)
    if reading.live is None:
        raise NoManifest
    return reading


def told_of(reading: Reading) -> dict[str, object]:
    """What store_page.html shows around the items; `actions_off` says why nothing can be moved now."""
    seen = reading.seen
    return {
        "player": seen.player,
        "membership": seen.player.membership,
        "seen": seen,
        "age": ago(seen.minted_at),
        "key": reading.key,
        "notices": notices(reading),
        "actions_off": why_off(seen),
    }


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
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


def _is_whole(request: HttpRequest) -> bool:
    """Not for a part of a page; that of the first visit gives way to a whole page, too."""
    return not request.htmx or request.htmx.target == FIRST_VISIT


def _asked(request: HttpRequest, who: Player) -> HttpResponse:
    if snapshots.ask(who) is None:
        raise NothingKnown
    return _whole_page(request, redirect(_address(request)))


def _first_visit(request: HttpRequest, seconds: int, trouble: Explanation | None = None) -> HttpResponse:
    """At once; the page asks while it is there to see, with scripts or without, and again after trouble."""
    context = {"seconds": seconds, "trouble": trouble, "again": _address(request, refresh="1")}
    response = render(request, "inventory/first_visit.html", context, status=trouble.http_status if trouble else 200)
    if trouble:
        response["Retry-After"] = str(seconds)
    return response if _is_whole(request) else _whole_page(request, response)


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What has no place in a part of a page is loaded as one."""
    return HttpResponseClientRedirect(_address(request)) if request.htmx else response


def _address(request: HttpRequest, **more: str) -> str:
    """Of the page itself, and nothing of how it was asked for this time."""
    query = request.GET.copy()
    for passing in ("refresh", "shown"):
        query.pop(passing, None)
    query.update(more)
    return f"{request.path}?{query.urlencode()}" if query else request.path
