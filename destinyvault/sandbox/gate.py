"""What a request has to get past before an operation looks at it, in the order in which the real service checks."""

from typing import TYPE_CHECKING

from destinyvault.sandbox.envelope import HTML_TYPE, Refused, Reply, html
from destinyvault.sandbox.pages import blocked_page, plain_page
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

API = "/Platform"
THROTTLE_SECONDS = 10


def edge(request: Request) -> Reply | None:
    """The CDN before Bungie.net: since May 2025 it turns away whoever sends no User-Agent (Bungie-net/api #1970)."""
    if not request.headers.get("User-Agent", "").strip():
        return html(blocked_page(), 403)
    return None


def missing_slash(request: Request) -> Reply | None:
    """A path without its last slash is redirected, which costs clients their Authorization; a POST is just refused."""
    if request.path.endswith("/"):
        return None
    if request.method != "GET":
        return Reply(405, plain_page(405).encode(), HTML_TYPE, headers=(("Allow", "GET"),))
    target = f"{request.path}/{'?' if request.raw_query else ''}{request.raw_query}"
    return Reply(301, b"", HTML_TYPE, headers=(("Location", target),))


def throttle(sandbox: "Sandbox", request: Request) -> None:
    if not sandbox.throttle.admits(request.ip):
        sandbox.journal.throttled("address")
        raise Refused(36, throttle_seconds=THROTTLE_SECONDS)


def key_and_origin(sandbox: "Sandbox", request: Request) -> None:
    key = request.headers.get("X-API-Key", "")
    if not key:
        raise Refused(2102)
    if key != sandbox.api_key:
        raise Refused(2101)
    if "Origin" in request.headers and request.headers["Origin"] != sandbox.origin:
        raise Refused(2107)


def access_token(sandbox: "Sandbox", request: Request) -> None:
    """Names the guardian behind the token. A bad one is refused everywhere, also where none is needed."""
    header = request.headers.get("Authorization")
    if header is None:
        return
    scheme, _, token = header.partition(" ")
    request.guardian = sandbox.tokens.bearer(token) if scheme.lower() == "bearer" else None
    if request.guardian is None:
        raise Refused(99, http_status=401)
    request.scopes = frozenset(sandbox.scopes)
