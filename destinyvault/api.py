"""The JSON API under /api/v1/: by session, or with `Authorization: Bearer <API key>`; what is public says so."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, django_auth

import inventory.api
import inventory.xur.api
import manifest.api
import manifest.armory
from accounts.api_keys import user_for
from accounts.models import User
from destinyvault.bungie.errors import BungieError
from destinyvault.middleware import answer, explain


class BearerKey(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_for(token)


# No page for its document: the usual ones load their scripts from a CDN.
api = NinjaAPI(title="Destiny Vault", version=settings.VERSION, auth=[BearerKey(), django_auth], docs_url=None)
api.add_decorator(never_cache, mode="view")  # what a person owns is for no cache on the way
api.add_router("", inventory.api.router)
api.add_router("", inventory.xur.api.router)
api.add_router("", manifest.api.router)
api.add_router("", manifest.armory.router)


@api.exception_handler(BungieError)
def bungie_error(request: HttpRequest, error: BungieError) -> HttpResponse:
    return answer(request, explain(error))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _error(request, 401, "not_signed_in", "Sign in, or send an API key: Authorization: Bearer <key>.")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _error(request, 404, "not_found", "There is no such thing.")


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _error(request, error.status_code, CODES.get(error.status_code, "refused"), error.message)


@api.exception_handler(ValidationError)
def bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    what = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors)
    return _error(request, 400, "bad_request", what)


CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 409: "conflict", 503: "unavailable"}


def _error(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"error": {"code": code, "message": message}}, status=status)
