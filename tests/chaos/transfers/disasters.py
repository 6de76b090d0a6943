"""What may go wrong in one run: ordered at the sandbox for one guardian, or done to their account meanwhile."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from destinyvault.sandbox.orders import SandboxOrders
from inventory.transfers.models import WaitsFor

ACTIONS = "/Platform/Destiny2/Actions"
# CONTRACT's table and its throttle, sign-in and lost-answer codes, by what the contract says of them.
AGAIN = (1601, 1620, 1623, 1637, 1642, 1641, 1656)
TROUBLE = (1618,)  # waited for after a few tries, of which one run draws too few
ACTIVITY, CONSENT, MAINTENANCE = (1640, 1671), (1665, 1666), (5,)
FINAL = (1627, 1634, 1638, 1639, 1648, 1660, 1663, 1673)
THROTTLE = (31, 35, 36, 37, 51, 54, 55, 56, 57, 1672)
SIGN_IN = (22, 99, 2106, 2111, 2122, 2123, 2124)
LOST = (1643, 1645, 1651, 1652, 1688)
CODES = (*AGAIN, *TROUBLE, *ACTIVITY, *CONSENT, *MAINTENANCE, *FINAL, *THROTTLE, *SIGN_IN, *LOST)
WAITS = {
    **dict.fromkeys(ACTIVITY, WaitsFor.ACTIVITY),
    **dict.fromkeys((*CONSENT, *SIGN_IN), WaitsFor.SIGN_IN),
    **dict.fromkeys(MAINTENANCE, WaitsFor.MAINTENANCE),
    **dict.fromkeys(THROTTLE, WaitsFor.THROTTLED),
}


@dataclass(frozen=True)
class Ordered:
    """In words, and what a job may truly wait for because of it."""

    told: str
    waits: tuple[WaitsFor, ...] = ()


Disaster = Callable[[SandboxOrders, str, random.Random], Ordered]


def error_code(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    code, skip = rng.choice(CODES), rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, error_code=code, throttle_seconds=_throttle(code, rng))
    return Ordered(f"code {code} at action {skip}", (WAITS[code],) if code in WAITS else ())


def lost_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    when, skip = rng.choice(("before", "after")), rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, drop=when)
    return Ordered(f"connection dropped {when} action {skip}")


def odd_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    effect: dict[str, Any] = rng.choice(({"html": 503}, {"empty": 200}, {"status": 502}, {"body": ["?"]}))
    skip = rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, **effect)
    return Ordered(f"{effect} at action {skip}")


def bad_answer_after_the_effect(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    replies: tuple[dict[str, Any], ...] = ({"html": 503}, {"empty": 200}, {"status": 502}, {"body": ["?"]})
    effect = rng.choice((*replies, *({"error_code": code} for code in LOST)))
    skip = rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, after=True, **effect)
    return Ordered(f"{effect} after the effect of action {skip}")


def slow_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """Up to a client's patience, and beyond it: then it takes effect when nobody waits any more."""
    seconds, skip = rng.choice((1, 3, 11)), rng.randrange(3)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, delay=seconds)
    return Ordered(f"{seconds} s at action {skip}")


def unreadable_profile(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    effect: dict[str, Any] = rng.choice(({"html": 503}, {"error_code": 1618}, {"drop": "before"}, {"delay": 2}))
    times = rng.randint(1, 4)
    orders.fault("GetProfile", guardian=guardian, times=times, **effect)
    return Ordered(f"{effect} at {times} profiles", (WaitsFor.SILENT,))


def stale_profile(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """Bungie's servers disagree: what was minted before comes again."""
    times, skip = rng.randint(1, 3), rng.randrange(2)
    orders.fault("GetProfile", guardian=guardian, times=times, skip=skip, stale=True)
    return Ordered(f"{times} stale profiles after {skip}")


def late_effect(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """Bungie's yes comes before its effect (#770)."""
    seconds, skip = rng.choice((0.3, 1.5, 6)), rng.randrange(3)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, lag=seconds)
    return Ordered(f"action {skip} takes effect {seconds} s after its answer")


def no_effect(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    skip = rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, no_effect=True)
    return Ordered(f"yes without an effect to action {skip}")


def maintenance(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    skip, times = rng.randrange(3), rng.randint(1, 2)
    orders.fault(ACTIONS, guardian=guardian, times=times, skip=skip, maintenance=True)
    return Ordered(f"maintenance at {times} actions from {skip}", (WaitsFor.MAINTENANCE,))


def ended_access(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """A worker that is killed while it renews the tokens has spent them: then the person has to sign in."""
    orders.end_tokens(guardian, "access")
    return Ordered("access token ended", (WaitsFor.SIGN_IN,))


def ended_sign_in(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    orders.end_tokens(guardian, "access", "refresh")
    return Ordered("sign-in ended", (WaitsFor.SIGN_IN,))


def locked_activity(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """Until the player is in orbit again, some seconds later."""
    characters = sorted({each["owner"] for each in orders.items(guardian) if each["owner"]})
    one, code, seconds = rng.choice(characters), rng.choice(ACTIVITY), rng.choice((1, 4, 8))
    orders.play(guardian, "activity", character=one, locked=True, code=code)
    threading.Timer(seconds, leave, [orders, guardian, one]).start()
    return Ordered(f"in an activity ({code}) for {seconds} s", (WaitsFor.ACTIVITY,))


def leave(orders: SandboxOrders, guardian: str, character: str) -> None:
    with suppress(OSError):  # the whole site has ended before
        orders.play(guardian, "activity", character=character, locked=False)


def token_trouble(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """The tokens have to be renewed, and whoever does that is in trouble: they are still good."""
    effects: tuple[dict[str, Any], ...] = (
        {"html": 503},
        {"maintenance": True},
        {"drop": "before"},
        {"body": {"error": "temporarily_unavailable"}, "status": 400},
        {"body": {"error": "server_error", "error_description": "DestinyUnexpectedError"}, "status": 400},
    )
    effect, times = rng.choice(effects), rng.randint(1, 2)
    orders.end_tokens(guardian, "access")
    orders.fault("token", guardian=guardian, times=times, **effect)
    waits = (WaitsFor.SILENT, WaitsFor.MAINTENANCE) if "maintenance" in effect else (WaitsFor.SILENT,)
    return Ordered(f"{effect} at {times} renewals of the tokens", (*waits, WaitsFor.SIGN_IN))


def all_in_maintenance(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """Profiles, tokens and actions."""
    seconds = rng.choice((2, 5, 8))
    orders.fault("*", guardian=guardian, seconds=seconds, maintenance=True)
    return Ordered(f"maintenance of everything for {seconds} s", (WaitsFor.MAINTENANCE,))


def application_refused(orders: SandboxOrders, guardian: str, rng: random.Random) -> Ordered:
    """It is about the key or the application, not about the item."""
    code, skip = rng.choice((12, 2101, 2102, 2107, 2108)), rng.randrange(3)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, error_code=code)
    return Ordered(f"code {code} of the application at action {skip}", tuple(WaitsFor))


def _throttle(code: int, rng: random.Random) -> int:
    return rng.choice((0, 1, 2)) if code in THROTTLE else 0


DISASTERS: tuple[Disaster, ...] = (
    *([error_code] * 5),
    *([lost_reply] * 4),
    *([stale_profile, bad_answer_after_the_effect] * 3),
    *([late_effect, no_effect] * 2),
    *(odd_reply, slow_reply, unreadable_profile, maintenance, ended_access, ended_sign_in),
    *([locked_activity, token_trouble] * 2),
    *(all_in_maintenance, application_refused),
)
