"""Repeating a read that failed for a reason that may pass, within what somebody who waits for a page puts up with."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from .errors import BungieDown, BungieError, Throttled

TRIES = 3
PATIENCE_SECONDS = 5
FIRST_WAIT_SECONDS = 0.2

Answer = TypeVar("Answer")


def patiently(attempt: Callable[[], Answer]) -> Answer:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    for number in range(1, TRIES):
        try:
            return attempt()
        except (BungieDown, Throttled) as error:
            wait = wait_after(number, error)
            if _lasts(error) or time.monotonic() + wait > give_up_at:
                raise
            time.sleep(wait)
    return attempt()


def wait_after(number: int, error: BungieError) -> float:
    """Seconds; each wait is about three times the one before, and never shorter than Bungie asks for."""
    growing = FIRST_WAIT_SECONDS * 3 ** (number - 1)
    return max(error.throttle_seconds, growing) * random.uniform(1, 1.5)  # noqa: S311  (spreads load, hides nothing)


def _lasts(error: BungieError) -> bool:
    return isinstance(error, BungieDown) and error.maintenance
