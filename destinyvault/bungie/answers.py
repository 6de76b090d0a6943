"""What an answer means: the body's ErrorCode is judged before the HTTP status, and a body may be anything at all."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic_core import from_json

from .enums import PlatformError
from .errors import BungieDown, BungieError, OutcomeUnknown, Refused, SignInExpired, SiteRefused, class_for
from .replies import Tokens, tokens

LONGEST_MESSAGE = 300
Reply = TypeVar("Reply")
# Of RFC 6749, section 5.2, all but what is said of the code or the token itself.
OF_THE_SITE = {"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope", "unsupported_grant_type"}
TOKEN_FIELDS = {"access_token", "expires_in", "membership_id"}


def response(http_status: int, content: bytes, *, write: bool = False) -> Any:
    """The envelope's Response; raises the BungieError that the envelope, or its absence, stands for."""
    body = json_object(content)
    code = body.get("ErrorCode") if body else None
    if not isinstance(code, int):
        raise without_envelope(http_status, write=write)
    if code == PlatformError.Success:
        return body.get("Response")
    raise class_for(code, write=write)(
        code=code,
        status=str(body.get("ErrorStatus") or ""),
        message=str(body.get("Message") or "")[:LONGEST_MESSAGE],
        throttle_seconds=_seconds(body.get("ThrottleSeconds")),
        http_status=http_status,
    )


def token_reply(http_status: int, content: bytes) -> Tokens:
    """The token endpoint answers without an envelope, and with OAuth's own form of error."""
    body = json_object(content) or {}
    if http_status < 400 and body.keys() >= TOKEN_FIELDS:
        return typed(tokens, body)
    try:
        if "ErrorCode" in body:
            response(http_status, content)
        raise _oauth_error(http_status, body, content)
    except SiteRefused:
        raise
    except Refused as error:  # of no item and of no person: it cannot tell now whether the sign-in is good
        raise BungieDown(error.code, error.status, error.message, http_status=http_status) from None


def typed(parse: Callable[[Any], Reply], body: Any) -> Reply:
    """`parse(body)`, where a body without the fields that it must have is Bungie's trouble and not a crash of ours."""
    try:
        return parse(body)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BungieDown(message="Bungie.net sent an answer of an unknown form.") from None


def json_object(content: bytes) -> dict[str, Any] | None:
    try:
        body = from_json(content, cache_strings="keys")  # half the time of the json module, for a megabyte of profile
    except ValueError:  # also where it is nested deeper than anybody reads
        return None
    return body if isinstance(body, dict) else None


def without_envelope(http_status: int, *, write: bool) -> BungieError:
    """For HTML, nothing, or JSON of another form: an outage page, a block by the CDN, a proxy's own error."""
    if http_status == 401:
        return SignInExpired(message="Bungie.net does not accept the sign-in.", http_status=http_status)
    if write and not 300 <= http_status < 500:
        return OutcomeUnknown(message="Bungie.net's answer could not be read.", http_status=http_status)
    return BungieDown(message="Bungie.net sent no readable answer.", http_status=http_status)


def _oauth_error(http_status: int, body: dict[str, Any], content: bytes) -> BungieError:
    error, description = str(body.get("error") or ""), str(body.get("error_description") or "")
    code = PlatformError.__members__.get(description) or PlatformError.__members__.get(error)
    if code:
        return class_for(code, write=False)(code, code.name, "The token endpoint said no.", http_status=http_status)
    if error == "invalid_grant":
        return SignInExpired(status=error, message="The code or token is no longer valid.", http_status=http_status)
    if not error or http_status >= 500:
        return _bare_token_error(http_status, content)
    kind = SiteRefused if error in OF_THE_SITE else BungieDown
    return kind(status=error[:LONGEST_MESSAGE], message="The token endpoint said no.", http_status=http_status)


def _bare_token_error(http_status: int, content: bytes) -> BungieError:
    # A 403 without a word is the token endpoint's no; with an HTML page it is the CDN's, and no word about the tokens.
    if http_status == 403 and not content.strip():
        return SignInExpired(message="Bungie.net does not accept the sign-in.", http_status=http_status)
    return without_envelope(http_status, write=False)


def _seconds(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
