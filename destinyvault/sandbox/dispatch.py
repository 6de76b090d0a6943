"""From a request to its reply: counted as it arrives, then ordered faults, the gate, the operation."""

import time
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import control, downloads, gate, oauth, router
from destinyvault.sandbox.envelope import ABSENT, HTML_TYPE, JSON_TYPE, Refused, Reply, compact, html, refusal
from destinyvault.sandbox.icons import picture
from destinyvault.sandbox.pages import maintenance_page, plain_page
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


def respond(sandbox: "Sandbox", request: Request) -> Reply | None:
    """The reply, or None where the connection is to be dropped without one."""
    if request.path.startswith("/sandbox/"):
        return control.respond(sandbox, request)
    blocked = gate.edge(request)
    if blocked:
        return blocked
    request.operation = operation_of(request)
    request.turn = sandbox.turn
    with sandbox.journal.following(sandbox, request):
        try:
            gate.admit(sandbox, request)
        except Refused as error:
            return noted(request, refusal(error))
        request.meets(sandbox.faults.take(request.operation, request.path, concerned(sandbox, request)))
        return replied(sandbox, request, request.ordered)


def replied(sandbox: "Sandbox", request: Request, effect: dict[str, Any]) -> Reply | None:
    time.sleep(effect.get("delay", 0))
    if effect.get("drop") == "before":
        return None
    instead = faulty(request, effect)
    right = answer(sandbox, request, effect.get("content", "")) if instead is None or effect.get("after") else None
    reply = noted(request, instead or right)
    time.sleep(effect.get("late_reply", 0))
    return None if effect.get("drop") == "after" else reply


def noted(request: Request, reply: Reply | None) -> Reply | None:
    """In the journal, whether anybody will hear it or not."""
    if request.entry and reply:
        request.entry.code, request.entry.status = reply.error_code, reply.status
    return reply


def operation_of(request: Request) -> str:
    path = request.path
    if path.startswith(gate.API + "/"):
        slashed = path if path.endswith("/") else path + "/"
        found = router.find(request.method, slashed.removeprefix(gate.API))
        if found:
            request.params = found[1]
        return found[0].operation if found else "unknown"
    if path.rstrip("/") == "/en/OAuth/Authorize":
        return "authorize"
    return downloads.operation_of(path) or ("icons" if path.startswith(("/common/", "/img/")) else "unknown")


def concerned(sandbox: "Sandbox", request: Request) -> set[str]:
    """Every name under which an ordered fault may mean this request's guardian."""
    texts = [request.headers.get("Authorization", "").partition(" ")[2]]
    if request.operation == "token":
        texts += [request.form.get("code", ""), request.form.get("refresh_token", "")]
    ids = {request.params.get("id"), *map(sandbox.tokens.holder, texts)} - {None}
    guardians = [found for found in map(sandbox.guardian_behind, ids) if found]
    return {name for one in guardians for name in one.names}


def faulty(request: Request, effect: dict[str, Any]) -> Reply | None:
    """The reply that an ordered fault gives in place of the real one."""
    if effect.get("maintenance"):
        return in_maintenance(request)
    if "error_code" in effect:
        return ordered_refusal(effect)
    if "html" in effect:
        return html(plain_page(effect["html"]), effect["html"])
    if "empty" in effect:
        return Reply(effect["empty"], b"", JSON_TYPE)
    if "body" in effect:
        body = effect["body"]
        raw = body.encode() if isinstance(body, str) else compact(body)
        return Reply(effect.get("status", 200), raw, JSON_TYPE)
    return Reply(effect["status"], b"", HTML_TYPE) if "status" in effect else None


def in_maintenance(request: Request) -> Reply:
    if request.operation == "token":
        return oauth.maintenance()
    if request.operation == "authorize":
        return html(maintenance_page(), 503)
    return refusal(Refused(5))


def ordered_refusal(effect: dict[str, Any]) -> Reply:
    return refusal(
        Refused(
            effect["error_code"],
            http_status=effect.get("http_status"),
            throttle_seconds=effect.get("throttle_seconds", 0),
            message=effect.get("message"),
            response=effect.get("response", ABSENT),
        )
    )


def answer(sandbox: "Sandbox", request: Request, broken: str) -> Reply:
    match request.operation:
        case "authorize":
            return oauth.authorize(sandbox, request)
        case "content":
            return downloads.content_file(sandbox, request, broken)
        case "json":
            return downloads.json_file(sandbox, request)
        case "icons":
            return picture(sandbox, request)
    if request.path.startswith(gate.API + "/"):
        return platform(sandbox, request)
    return html(plain_page(404), 404)


def platform(sandbox: "Sandbox", request: Request) -> Reply:
    redirected = gate.missing_slash(request)
    if redirected:
        return redirected
    found = router.find(request.method, request.path.removeprefix(gate.API))
    try:
        if request.operation != "token":
            gate.key_and_origin(sandbox, request)
            gate.access_token(sandbox, request)
        if found is None:
            return lost(request)
        return found[0].handler(sandbox, request)
    except Refused as error:
        return refusal(error)


def lost(request: Request) -> Reply:
    status = 405 if router.known_path(request.path.removeprefix(gate.API)) else 404
    return html(plain_page(status), status)
