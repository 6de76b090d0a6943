"""Takes one guard out of the site, so that a run shows what that guard is for. Nothing of it is in the site itself."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.apps import AppConfig


class Sabotage(AppConfig):
    name = "tests.chaos.transfers"
    label = "sabotage"

    def ready(self) -> None:
        guard = os.environ.get("CHAOS_WITHOUT", "")
        if guard:
            GUARDS[guard]()


def no_claim() -> None:
    """Every worker takes itself for the only one, and goes on when another one has taken the job over."""
    from inventory.transfers import claims, runner
    from inventory.transfers.models import Transfer

    @contextmanager
    def alone(*_: Any) -> Iterator[bool]:
        yield True

    runner.alone = alone
    claims.Claim._mine = lambda claim: Transfer.objects.filter(pk=claim.transfer.pk)


def no_settling() -> None:
    """A call without an answer is taken for one that was not done, at once."""
    from inventory.transfers import settling

    settling.outcome = lambda *_: settling.Outcome.DID_NOT
    settling.QUIET = timedelta(0)


def no_budget() -> None:
    """Nobody waits for a turn."""
    from destinyvault.bungie import budget

    def wait(_: budget.Asker) -> bool:
        (budget._noting.get() or budget._nothing)()
        return False

    budget._wait = wait


def no_minted_time() -> None:
    """Whatever Bungie sent last is shown, and what our own calls have changed since is forgotten."""
    from inventory.transfers import effects

    effects.later_than = lambda *_: []
    effects.applied = lambda profile, *_: profile


def no_lost_codes() -> None:
    """A code that leaves open whether it happened is taken for a no."""
    from destinyvault.bungie import answers
    from destinyvault.bungie.errors import ANSWER_LOST, BungieError, Refused

    def class_for(code: int, *, write: bool) -> type[BungieError]:
        return Refused if write and code in ANSWER_LOST else original(code, write=write)

    original, answers.class_for = answers.class_for, class_for


def no_locks() -> None:
    """A copy's lock stays on what was moved away from it."""
    from inventory.transfers.draft import Draft

    Draft._mind_lock = lambda *_: None


GUARDS: dict[str, Callable[[], None]] = {
    "claim": no_claim,
    "settling": no_settling,
    "budget": no_budget,
    "minted": no_minted_time,
    "lost-codes": no_lost_codes,
    "locks": no_locks,
}
