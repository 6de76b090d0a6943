"""The pages that belong to no app: the front page, health, and the errors that Django hands over."""

import sys
from dataclasses import asdict
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from destinyvault.cluster import heartbeat
from destinyvault.condition import condition
from destinyvault.middleware import Explanation, answer
from inventory import xur
from manifest.health import LanguageState, state

DATABASE_GONE = Explanation(
    503,
    "database_gone",
    "The site cannot reach its database",
    "Your items are safe: they are with Bungie, and nothing was changed. This page works again by itself once the "
    "database is back; try again in a minute.",
    retry_seconds=30,
)
BROKEN = Explanation(
    500,
    "error",
    "Something went wrong here",
    "This site made a mistake, and its owner finds it in the log. Your items are safe: they are with Bungie. "
    "Go back and try again.",
)
MISSING = Explanation(404, "not_found", "There is no such page", "The address may be mistyped, or be another person's.")

UNREADABLE = Explanation(
    400,
    "bad_request",
    "This site could not read that request",
    "Nothing was changed. Go back, reload the page and try again; if it stays, delete this site's cookies.",
)
TOO_MUCH = Explanation(
    400,
    "too_much",
    "That is more at once than this site takes",
    "Nothing was changed. Go back, choose fewer things and try again; the rest can follow.",
)
FORBIDDEN = Explanation(
    403,
    "forbidden",
    "This is not for you to see or do",
    "Nothing was changed. Sign in as somebody who may, or go back.",
)
STALE_FORM = Explanation(
    403,
    "stale_form",
    "This page was open for too long",
    "Nothing was changed. Go back, reload the page and try again. If it stays, allow this site's cookies in your "
    "browser: without them it cannot tell your forms from a stranger's.",
)


@never_cache
def front_page(request: HttpRequest) -> HttpResponse:
    now = condition()
    told = {"is_first_start": not now.has_manifest, "xur": xur.last_known()}
    return render(request, "front_page.html", vars(now) | told)


@never_cache
def front_page_xur(request: HttpRequest) -> HttpResponse:
    """Whether he is here now. The front page asks for it when it is there: Bungie may take its time to tell."""
    return render(request, "_xur.html", {"xur": xur.presence()})


@never_cache
def first_manifest(request: HttpRequest) -> HttpResponse:
    """For pages that wait for the very first one: how far it is; once it is live, such a page is loaded anew."""
    now = condition()
    if now.has_manifest:
        return HttpResponseClientRefresh()
    return render(request, "_manifest_on_its_way.html", vars(now))


@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Public, as what it tells is: without its database the site answers with DATABASE_GONE here as everywhere."""
    return render(request, "status.html", vars(condition()))


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and a Manifest is live, 503 otherwise.

    That is what a load balancer asks for: whether this web node can serve pages. A silent cluster or a failed check is
    told in the body for whoever watches the site; taking web nodes away for it would make a small trouble a big one.
    """
    try:
        languages, cluster = state(), heartbeat()
    except (OperationalError, InterfaceError):
        connection.close()
        return JsonResponse({"database": "gone", "manifest": []}, status=503)
    live = [_live(each) for each in languages if each.version]
    missing = [_checked(each) for each in languages if not each.version]
    told = {"database": "ok", "manifest": live, "missing": missing, "cluster": asdict(cluster)}
    return JsonResponse(told, status=200 if live else 503)


def _live(state: LanguageState) -> dict[str, Any]:
    return {
        **_checked(state),
        "version": state.version,
        "path": state.path,
        "activated_at": state.activated_at,
        "age_seconds": int((timezone.now() - state.activated_at).total_seconds()),
        "pinned": state.pinned_at is not None,
    }


def _checked(state: LanguageState) -> dict[str, Any]:
    return {
        "language": state.language,
        "checked_at": state.checked_at,
        "check_failed": state.check_failed,
        "message": state.check_message,
    }


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: Django calls it while the exception is being handled."""
    gone = isinstance(sys.exception(), OperationalError | InterfaceError)
    return answer(request, DATABASE_GONE if gone else BROKEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return answer(request, TOO_MUCH if too_much else UNREADABLE)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, FORBIDDEN)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW. The reason tells a developer more than a person: Django has logged it."""
    return answer(request, STALE_FORM)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, MISSING, bare=False)
