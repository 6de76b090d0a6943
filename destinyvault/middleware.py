"""Where errors leave: what Bungie refused or could not answer becomes one page, or JSON below /api/; no traceback.

So does a wrong method, of which Django and Ninja say no word that a person or a program could use.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from destinyvault.bungie.errors import BungieDown, BungieError, SignInExpired, SiteRefused, Throttled
from destinyvault.context import site


@dataclass(frozen=True)
class Explanation:
    """What happened, what is safe, what to do; `status` is the HTTP status that fits."""

    http_status: int
    code: str
    title: str
    text: str
    retry_seconds: int = 0
    sign_in: bool = False


WRONG_METHOD = Explanation(
    405,
    "method_not_allowed",
    "That cannot be done here",
    "This address answers to {allowed} only. Nothing was changed.",
)


def explain(error: BungieError) -> Explanation:
    match error:
        case SignInExpired():
            return Explanation(
                401,
                "sign_in_expired",
                "Please sign in again",
                "Bungie no longer accepts the sign-in that this site holds for you: it ends after 90 days without a "
                "visit, after a year at the latest, or when you take it back at Bungie.net. Your items are safe.",
                sign_in=True,
            )
        case BungieDown(maintenance=True):
            return Explanation(
                503,
                "bungie_maintenance",
                "Bungie is down for maintenance",
                "Your items are safe and you stay signed in.",
                retry_seconds=120,
            )
        case BungieDown():
            return Explanation(
                503,
                "bungie_down",
                "Bungie does not answer",
                "Bungie.net could not be reached, or sent no usable answer. Your items are safe and you stay signed "
                "in.",
                retry_seconds=60,
            )
        case Throttled():
            return Explanation(
                503,
                "throttled",
                "Bungie asks for patience",
                "This site has asked Bungie for a lot in a short time. Nothing is lost.",
                retry_seconds=max(error.throttle_seconds, 10),
            )
        case SiteRefused():
            return Explanation(
                502,
                "site_refused",
                "Bungie refuses this site",
                "Bungie does not accept this site's own key or settings, so nobody's items can be read now; they are "
                "safe. The site's owner should check BUNGIE_API_KEY, BUNGIE_CLIENT_ID and BUNGIE_CLIENT_SECRET "
                "against the application's page at Bungie.net.",
            )
        case _:
            return Explanation(
                502,
                "bungie_refused",
                "Bungie refused",
                f"Bungie said: “{error.message}” ({error.status} {error.code}). Your items are safe. "
                "Try again later; if it stays, sign out and in again.",
            )


class BungieErrors:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _wrong_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, explain(error)) if isinstance(error, BungieError) else None


def _wrong_method(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    allowed = ", ".join(sorted(refusal["Allow"].replace(",", " ").split()))
    response = answer(request, replace(WRONG_METHOD, text=WRONG_METHOD.text.format(allowed=allowed)))
    response["Allow"] = allowed
    return response


def answer(request: HttpRequest, explanation: Explanation, *, bare: bool = True) -> HttpResponse:
    """JSON below /api/, else a page; a bare one asks neither the database nor the session who is looking."""
    if request.path.startswith("/api/"):
        body = {"error": {"code": explanation.code, "message": explanation.text}}
        response: HttpResponse = JsonResponse(body, status=explanation.http_status)
    else:
        by_itself = bool(explanation.retry_seconds) and request.method == "GET" and "HX-Request" not in request.headers
        context = {**site(request), "error": explanation, "bare": bare, "by_itself": by_itself}
        response = render(None if bare else request, "errors/error.html", context, status=explanation.http_status)
        if by_itself:
            response["Refresh"] = str(explanation.retry_seconds)  # a browser tries again, without a script
    if "HX-Request" in request.headers:  # the whole page takes the place of the part that was asked for
        response["HX-Retarget"] = response["HX-Reselect"] = "#content"
    if explanation.retry_seconds:
        response["Retry-After"] = str(explanation.retry_seconds)
    add_never_cache_headers(response)  # it is about one person and one moment
    return response
