"""The sandbox's own API below /sandbox/: order faults, publish Manifests, end tokens, move the clock, read the log."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import router
from destinyvault.sandbox.account import Account
from destinyvault.sandbox.actions import play
from destinyvault.sandbox.actions.journal import whereabouts
from destinyvault.sandbox.clock import iso
from destinyvault.sandbox.envelope import Reply, plain_json
from destinyvault.sandbox.faults import NOT_OF_THE_API
from destinyvault.sandbox.request import Request
from destinyvault.sandbox.revise import Changes

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


def respond(sandbox: "Sandbox", request: Request) -> Reply:
    """JSON in, JSON out; a mistake in the order is a 400 that says which."""
    name, _, rest = request.path.removeprefix("/sandbox/").strip("/").partition("/")
    handler = ORDERS.get((request.method, name))
    if handler is None:
        return plain_json({"error": f"no such order: {request.method} {request.path}"}, 404)
    try:
        request.params = {"rest": rest}
        return plain_json(handler(sandbox, request))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return plain_json({"error": f"{type(error).__name__}: {error}"}, 400)


def state(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    return {
        "root": sandbox.root,
        "now": iso(sandbox.clock.now()),
        "api_key": sandbox.api_key,
        "client_id": sandbox.client_id,
        "redirect_url": sandbox.redirect_url,
        "manifest": edition(sandbox),
        "faults": sandbox.faults.waiting(),
        "throttle": sandbox.throttle.per_second,
        "guardians": [
            {"id": one.id, "name": one.unique_name, "about": one.about, "memberships": platforms(one.memberships)}
            for one in sandbox.guardians
        ],
    }


def platforms(memberships: Any) -> list[dict[str, Any]]:
    return [{"type": one.type, "id": one.id, "name": one.name} for one in memberships]


def edition(sandbox: "Sandbox") -> dict[str, Any]:
    current = sandbox.library.current
    return {
        "number": current.number,
        "version": current.version,
        "md5": {language: content.md5 for language, content in current.contents.items()},
        "paths": sandbox.library.index()["mobileWorldContentPaths"],
    }


def order_fault(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    known = {*(route.operation for route in router.ROUTES), *NOT_OF_THE_API, "*", "unknown"}
    operation = (request.json.get("match") or {}).get("operation", "*")
    if operation not in known and not operation.startswith("/"):
        raise ValueError(f"no such operation for a fault: {operation!r}; there is: {', '.join(sorted(known))}")
    sandbox.faults.order(request.json)
    return {"faults": sandbox.faults.waiting()}


def clear_faults(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """All, or with /sandbox/faults/<who> those of one guardian, whichever of their names they were ordered by."""
    who = request.params["rest"]
    sandbox.faults.clear(chosen(sandbox, who).guardian.names if who else None)
    return {"faults": sandbox.faults.waiting()}


def order_manifest(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """{"flip": true}, {"remove_language": "fr"}, {"restore_languages": true}, or the shares of a new version."""
    order = request.json
    library = sandbox.library
    if order.get("flip"):
        library.flip()
    elif "remove_language" in order:
        library.removed_languages.add(order["remove_language"])
    elif order.get("restore_languages"):
        library.removed_languages.clear()
    else:
        library.publish(Changes(**order))
    return edition(sandbox)


def order_tokens(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """{"guardian", "end": [kinds]}, {"guardian", "issue": true} or {"lifetimes": {kind: seconds}}."""
    order, tokens = request.json, sandbox.tokens
    for kind, seconds in order.get("lifetimes", {}).items():
        if not hasattr(tokens.lifetimes, kind):
            raise ValueError(f"no such token: {kind}")
        setattr(tokens.lifetimes, kind, seconds)
    if order.get("issue"):
        return tokens.issue_pair(chosen(sandbox, order["guardian"]).guardian.id)
    if "end" in order:
        tokens.end(chosen(sandbox, order["guardian"]).guardian.id, tuple(order["end"]))
    return {"lifetimes": asdict(tokens.lifetimes)}


def order_clock(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    order = request.json
    if "set" in order:
        sandbox.clock.set(datetime.fromisoformat(order["set"]))
    sandbox.clock.advance(order.get("advance", 0))
    return {"now": iso(sandbox.clock.now())}


def order_guardian(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """{"private": [components], "missing": [components]} for the account in the path; empty lists undo it."""
    account = chosen(sandbox, request.params["rest"])
    order = request.json
    if "private" in order:
        account.hidden = set(order["private"])
    if "missing" in order:
        account.missing = set(order["missing"])
    account.forget()
    return {"private": sorted(account.hidden), "missing": sorted(account.missing)}


def where_everything_is(sandbox: "Sandbox", request: Request) -> list[dict[str, Any]]:
    """/sandbox/guardians/<who>/items: no cache, no components, no lag."""
    who, _, what = request.params["rest"].partition("/")
    if what != "items":
        raise ValueError("there is only guardians/<who>/items to be read")
    account = playing(sandbox, who)
    with account.lock:
        return whereabouts(account.owned.items)


def order_play(sandbox: "Sandbox", request: Request) -> list[dict[str, Any]]:
    """{"guardian", "do": …}: see actions/play.py."""
    order = request.json
    return play.play(sandbox, playing(sandbox, order["guardian"]), order)


def read_actions(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """All, or with /sandbox/actions/<who> those of one guardian."""
    who = request.params["rest"]
    return sandbox.journal.told(chosen(sandbox, who).guardian.id if who else "")


def clear_actions(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    sandbox.journal.clear()
    return sandbox.journal.told()


def hurry_late(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    return {"happened": sandbox.late.now()}


class Nobody(ValueError):
    pass


def chosen(sandbox: "Sandbox", name: str) -> "Account | Person":
    """The account of a Destiny id; or of a Bungie.net id or a name, the first that plays."""
    if name in sandbox.accounts:
        return sandbox.accounts[name]
    guardian = sandbox.guardian(name) or next((g for g in sandbox.guardians if g.name == name), None)
    if guardian is None:
        raise Nobody(f"nobody here is {name!r}")
    playing = [m.id for m in guardian.memberships if not guardian.is_overridden(m)]
    return sandbox.accounts[playing[0]] if playing else Person(guardian)


def playing(sandbox: "Sandbox", name: str) -> Account:
    account = chosen(sandbox, name)
    if isinstance(account, Person):
        raise Nobody(f"{name!r} has no Destiny account")
    return account


class Person:
    """A guardian without a Destiny account: can hold tokens, and nothing else."""

    def __init__(self, guardian: Any) -> None:
        self.guardian = guardian


def order_throttle(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """{"per_second": requests of one address}, {"quick": seconds, "slow": seconds between actions of one person}."""
    order, pace = request.json, sandbox.pace
    if not order.keys() & {"per_second", "quick", "slow"}:
        raise ValueError("there is per_second to set, quick and slow")
    sandbox.throttle.per_second = order.get("per_second", sandbox.throttle.per_second)
    pace.quick, pace.slow = float(order.get("quick", pace.quick)), float(order.get("slow", pace.slow))
    return {"per_second": sandbox.throttle.per_second, "quick": pace.quick, "slow": pace.slow}


def order_scopes(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """What the application may do, from now on and for tokens that are out already."""
    sandbox.scopes = set(request.json["scopes"])
    return {"scopes": sorted(sandbox.scopes)}


def order_vendors(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """{"away": [hashes], "disabled": [hashes]}: vendors who left before their time; empty lists undo it."""
    market, order = sandbox.market, request.json
    market.away, market.disabled = (set(map(int, order.get(name, ()))) for name in ("away", "disabled"))
    return {"present": market.present(), "disabled": sorted(market.disabled)}


def order_status(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    """What Settings and GlobalAlerts say: {"disabled": [systems], "alerts": [texts]}."""
    order = request.json
    sandbox.disabled_systems = set(order.get("disabled", ()))
    now = iso(sandbox.clock.now())
    sandbox.alerts = [
        {"AlertKey": f"sandbox-{number}", "AlertHtml": text, "AlertTimestamp": now, "AlertLevel": 2, "AlertType": 0}
        for number, text in enumerate(order.get("alerts", ()))
    ]
    return {"disabled": sorted(sandbox.disabled_systems), "alerts": sandbox.alerts}


def reset(sandbox: "Sandbox", request: Request) -> dict[str, Any]:
    sandbox.reset()
    return state(sandbox, request)


def read_log(sandbox: "Sandbox", request: Request) -> list[dict[str, Any]]:
    return sandbox.log.entries()


def clear_log(sandbox: "Sandbox", request: Request) -> list[dict[str, Any]]:
    sandbox.log.clear()
    return []


ORDERS: dict[tuple[str, str], Callable[["Sandbox", Request], Any]] = {
    ("GET", ""): state,
    ("POST", "faults"): order_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "manifest"): order_manifest,
    ("POST", "tokens"): order_tokens,
    ("POST", "clock"): order_clock,
    ("POST", "guardians"): order_guardian,
    ("POST", "throttle"): order_throttle,
    ("POST", "scopes"): order_scopes,
    ("POST", "status"): order_status,
    ("POST", "vendors"): order_vendors,
    ("GET", "guardians"): where_everything_is,
    ("POST", "play"): order_play,
    ("GET", "actions"): read_actions,
    ("DELETE", "actions"): clear_actions,
    ("POST", "late"): hurry_late,
    ("POST", "reset"): reset,
    ("GET", "log"): read_log,
    ("DELETE", "log"): clear_log,
}
