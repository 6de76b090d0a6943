"""The JSON API under /api/v1/: by session, or with `Authorization: Bearer <API key>`; what is public says so."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth
from ninja.utils import check_csrf

import inventory.api
import inventory.transfers.api
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


class Session(SessionAuth):
    """Ninja's own says to a visitor who sends no token that it lacks, rather than that nobody is signed in."""

    def __call__(self, request: HttpRequest) -> User | None:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise HttpError(403, UNPROVED)
        return request.user


UNPROVED = (
    "Send the CSRF token of the page as X-CSRFToken with what changes something, or use an API key instead of the "
    "session. Nothing was changed."
)

# No page for its document: the usual ones load their scripts from a CDN.
api = NinjaAPI(title="Destiny Vault", version=settings.VERSION, auth=[BearerKey(), Session()], docs_url=None)
api.add_decorator(never_cache, mode="view")  # what a person owns is for no cache on the way
api.add_router("", inventory.api.router)
api.add_router("", inventory.transfers.api.router)
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
    message = NOT_JSON if error.message.startswith("Cannot parse request body") else error.message
    code = getattr(error, "code", CODES.get(error.status_code, "refused"))
    return _error(request, error.status_code, code, message)


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _error(request, 413, "too_large", "That is more than this site reads at once. Nothing was changed.")


@api.exception_handler(ValidationError)
def bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [f"{_field(each['loc'])}: {_words(each)}" for each in error.errors]
    more = [f"and {len(told) - MOST_ERRORS} more"] if len(told) > MOST_ERRORS else []
    return _error(request, 400, "bad_request", "; ".join(told[:MOST_ERRORS] + more))


MOST_ERRORS = 5  # told of one request
NOT_JSON = "The body is not JSON. Nothing was changed."
OBJECT, NUMBER, CHOICE = "it has to be an object: {…}", "it has to be a whole number", "it has to be true or false"
WORDS = {  # where Pydantic's say less, or speak of its own types
    "extra_forbidden": "there is no such field",
    "missing": "it has to be given",
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dict_type": OBJECT,
    "list_type": "it has to be a list: […]",
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "bool_type": CHOICE,
    "bool_parsing": CHOICE,
}
CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 409: "conflict", 503: "unavailable"}


def _words(error: dict[str, Any]) -> str:
    return WORDS.get(error["type"]) or error["msg"].replace("Input should be", "it has to be")


def _field(path: tuple[str | int, ...]) -> str:
    """Of a body with the places of its lists, without the name that a function has for the whole of it."""
    return ".".join(map(str, path[2:])) or "the body" if path[0] == "body" else str(path[-1])


def _error(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"error": {"code": code, "message": message}}, status=status)
