"""Sign-in: the consent page in the browser, and the token endpoint behind it."""

import base64
import binascii
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from destinyvault.sandbox.envelope import Reply, html, plain_json
from destinyvault.sandbox.pages import consent_page, error_page
from destinyvault.sandbox.request import Request
from destinyvault.sandbox.tokens import BadGrant

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


def authorize(sandbox: "Sandbox", request: Request) -> Reply:
    """GET shows the consent page; its form comes back here as POST."""
    asked = request.form if request.method == "POST" else request.query
    problem = what_is_wrong(sandbox, asked)
    if problem:
        return html(error_page("This application cannot sign you in", problem), 400)
    if request.method == "GET":
        return html(consent_page(sandbox.guardians, asked))
    return answer(sandbox, asked)


def what_is_wrong(sandbox: "Sandbox", asked: dict[str, str]) -> str:
    if asked.get("client_id") != sandbox.client_id:
        return "No application with this client_id is registered here."
    if asked.get("response_type") != "code":
        return "response_type must be “code”."
    if asked.get("redirect_uri", sandbox.redirect_url) != sandbox.redirect_url:
        return "redirect_uri is not the one that the application registered."
    return ""


def answer(sandbox: "Sandbox", asked: dict[str, str]) -> Reply:
    guardian = sandbox.guardian(asked.get("guardian", ""))
    if "cancel" in asked:
        back = {"error": "access_denied", "error_description": "The person did not agree."}
    elif guardian:
        back = {"code": sandbox.tokens.issue_code(guardian.id)}
    else:
        return html(error_page("Nobody chosen", "Choose one of the guardians of this sandbox."), 400)
    return redirect(sandbox, back | ({"state": asked["state"]} if "state" in asked else {}))


def redirect(sandbox: "Sandbox", parameters: dict[str, str]) -> Reply:
    joiner = "&" if "?" in sandbox.redirect_url else "?"
    return Reply(302, headers=(("Location", f"{sandbox.redirect_url}{joiner}{urlencode(parameters)}"),))


def token(sandbox: "Sandbox", request: Request) -> Reply:
    """POST /Platform/App/OAuth/token/. Replies and errors here are OAuth's, not Bungie's envelope."""
    form = request.form
    if request.headers.get_content_type() != "application/x-www-form-urlencoded":
        return oauth_error("invalid_request", "The body must be form-encoded.")
    if not client_is_known(sandbox, request, form):
        return oauth_error("unauthorized_client", "ApplicationTokenKeyIdDoesNotExist", 401)
    try:
        return plain_json(granted(sandbox, form))
    except BadGrant as error:
        return oauth_error("invalid_grant", str(error))
    except KeyError as error:
        return oauth_error("invalid_request", f"{error.args[0]} is missing")


def granted(sandbox: "Sandbox", form: dict[str, str]) -> dict[str, Any]:
    match form.get("grant_type"):
        case "authorization_code":
            return sandbox.tokens.spend_code(form["code"])
        case "refresh_token":
            return sandbox.tokens.spend_refresh(form["refresh_token"])
    raise BadGrant("AuthorizationCodeInvalid")


def client_is_known(sandbox: "Sandbox", request: Request, form: dict[str, str]) -> bool:
    """A confidential client, named by Basic credentials or in the body."""
    given = basic_credentials(request) or (form.get("client_id", ""), form.get("client_secret", ""))
    expected = (sandbox.client_id, sandbox.client_secret)
    return all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, expected, strict=True))


def basic_credentials(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ("", "")
    return client, secret


def oauth_error(error: str, description: str, status: int = 400) -> Reply:
    return plain_json({"error": error, "error_description": description}, status)


def maintenance() -> Reply:
    """Maintenance reaches the token endpoint as 400, not as 503 (Bungie-net/api #1048): the tokens are still good."""
    return oauth_error("server_error", "SystemDisabled")
