"""What a request has to get past before an operation looks at it.

How often one may ask is decided as a request arrives, whatever goes wrong with it afterwards: a fault is Bungie's
trouble, and its counters have seen the request all the same. The rest follows in the order of the real service.
"""

from typing import TYPE_CHECKING

from destinyvault.sandbox.actions import pace
from destinyvault.sandbox.actions.journal import ACTIONS
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


def admit(sandbox: "Sandbox", request: Request) -> None:
    """Counts a request of the API. Raises Refused where it comes too soon: of its address, or of that person."""
    if not request.path.startswith(API + "/"):
        return
    if not sandbox.throttle.admits(request.ip, request.arrived):
        sandbox.journal.throttled("address")
        raise Refused(36, throttle_seconds=THROTTLE_SECONDS)
    if not request.path.startswith(ACTIONS) or request.operation == "unknown":
        return
    guardian = bearer(sandbox, request) if pace.SCOPE in sandbox.scopes else None
    if guardian and not sandbox.pace.admits(guardian, request.operation in pace.SLOWLY, request.arrived):
        sandbox.journal.throttled("account")
        raise Refused(36, throttle_seconds=pace.WAIT_SECONDS)


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
    if "Authorization" not in request.headers:
        return
    request.guardian = bearer(sandbox, request)
    if request.guardian is None:
        raise Refused(99, http_status=401)
    request.scopes = frozenset(sandbox.scopes)


def bearer(sandbox: "Sandbox", request: Request) -> str | None:
    """Whose token it is, while that is good."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return sandbox.tokens.bearer(token) if scheme.lower() == "bearer" else None
