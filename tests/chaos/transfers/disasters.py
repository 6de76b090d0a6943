"""What may go wrong in one run: ordered at the sandbox for one guardian, or done to their account meanwhile."""

import random
from collections.abc import Callable
from typing import Any

from destinyvault.sandbox.orders import SandboxOrders

ACTIONS = "/Platform/Destiny2/Actions"
# CONTRACT's table and its throttle, sign-in and lost-answer codes.
CODES = (
    *(1601, 1620, 1618, 1623, 1627, 1634, 1637, 1642, 1638, 1639, 1640, 1671, 1641, 1648, 1656, 1660, 1663, 1673),
    *(1665, 1666, 31, 35, 36, 37, 51, 54, 55, 56, 57, 1672, 22, 99, 2106, 2111, 2122, 2123, 2124),
    *(1643, 1645, 1651, 1652, 1688, 5),
)
Disaster = Callable[[SandboxOrders, str, random.Random], str]


def error_code(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    code, skip = rng.choice(CODES), rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, error_code=code, throttle_seconds=_throttle(code, rng))
    return f"code {code} at action {skip}"


def lost_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    when, skip = rng.choice(("before", "after")), rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, drop=when)
    return f"connection dropped {when} action {skip}"


def odd_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    effect: dict[str, Any] = rng.choice(({"html": 503}, {"empty": 200}, {"status": 502}, {"body": ["?"]}))
    skip = rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, **effect)
    return f"{effect} at action {skip}"


def slow_reply(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    """Up to a client's patience, and beyond it: then it takes effect when nobody waits any more."""
    seconds, skip = rng.choice((1, 3, 11)), rng.randrange(3)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, delay=seconds)
    return f"{seconds} s at action {skip}"


def unreadable_profile(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    effect: dict[str, Any] = rng.choice(({"html": 503}, {"error_code": 1618}, {"drop": "before"}, {"delay": 2}))
    times = rng.randint(1, 4)
    orders.fault("GetProfile", guardian=guardian, times=times, **effect)
    return f"{effect} at {times} profiles"


def stale_profile(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    """Bungie's servers disagree: what was minted before comes again."""
    times, skip = rng.randint(1, 3), rng.randrange(2)
    orders.fault("GetProfile", guardian=guardian, times=times, skip=skip, stale=True)
    return f"{times} stale profiles after {skip}"


def late_effect(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    """Bungie's yes comes before its effect (#770)."""
    seconds, skip = rng.choice((0.3, 1.5, 6)), rng.randrange(3)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, lag=seconds)
    return f"action {skip} takes effect {seconds} s after its answer"


def no_effect(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    skip = rng.randrange(4)
    orders.fault(ACTIONS, guardian=guardian, times=1, skip=skip, no_effect=True)
    return f"yes without an effect to action {skip}"


def maintenance(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    skip, times = rng.randrange(3), rng.randint(1, 2)
    orders.fault(ACTIONS, guardian=guardian, times=times, skip=skip, maintenance=True)
    return f"maintenance at {times} actions from {skip}"


def ended_access(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    orders.end_tokens(guardian, "access")
    return "access token ended"


def ended_sign_in(orders: SandboxOrders, guardian: str, rng: random.Random) -> str:
    orders.end_tokens(guardian, "access", "refresh")
    return "sign-in ended"


def _throttle(code: int, rng: random.Random) -> int:
    return rng.choice((0, 1, 2)) if code in (31, 35, 36, 37, 51, 54, 55, 56, 57, 1672) else 0


DISASTERS: tuple[Disaster, ...] = (
    *([error_code] * 5),
    *([lost_reply] * 4),
    *([stale_profile] * 3),
    *([late_effect, no_effect] * 2),
    *(odd_reply, slow_reply, unreadable_profile, maintenance, ended_access, ended_sign_in),
)
