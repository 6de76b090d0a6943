"""A call whose answer was lost: whether it took effect is told by where its items are, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from destinyvault.bungie.budget import LONGEST_GRANT
from destinyvault.bungie.client import ACTION_SECONDS
from destinyvault.bungie.enums import ItemState
from inventory.merging import LISTS
from inventory.snapshots import Seen

from .holdings import GENERAL, LOST_ITEMS, VAULT, Change, Effect, Holdings, amount_left, home
from .steps import EQUIPS, LOCKS, StepKind

if TYPE_CHECKING:
    from .models import Step

LOST = "The answer was lost: where the item is will tell whether it happened."
# As long as a call may be on its way since it was noted down: its turn may lie ahead, the client gives it up after
# some seconds in all, and clocks differ a little.
QUIET = timedelta(seconds=LONGEST_GRANT + ACTION_SECONDS + 2)
LOOK_AGAIN = timedelta(seconds=5)
OVER = timedelta(0)


class Outcome(Enum):
    HAPPENED = "happened"
    DID_NOT = "did not"
    UNCLEAR = "unclear"  # this profile is too old to tell


def evidence_at(seen: Seen) -> datetime:
    """Since when the profile tells truly where items are: what Bungie left out of it is older than the rest."""
    return min([seen.minted_at, *(each.minted_at for name, each in seen.kept.items() if name in LISTS)])


def on_its_way(steps: Iterable[Step], longer: timedelta = OVER) -> timedelta:
    """For how much longer one of these calls, whose answers were lost, may be at Bungie."""
    now = timezone.now()
    return max([OVER, *(each.sent_at + QUIET + longer - now for each in steps)])


def outcome(step: Step, holdings: Holdings, evidence: datetime) -> Outcome:
    """That it happened shows in any profile made since; that it did not, only once nothing may be on its way.

    `holdings` is what Bungie says, without what our own calls would have changed since.
    """
    if evidence <= step.sent_at:
        return Outcome.UNCLEAR
    if took_effect(step, holdings):
        return Outcome.HAPPENED
    return Outcome.DID_NOT if evidence > step.sent_at + QUIET else Outcome.UNCLEAR


def took_effect(step: Step, holdings: Holdings) -> bool:
    kind = StepKind(step.kind)
    if kind in EQUIPS:
        equipped = Effect.of(step).item_ids or [step.item_id]
        return all(is_worn(holdings, each, step.character_id) for each in equipped)
    if step.item_id is None:
        # One side of every move of a stack is the vault or the postmaster, where nothing changes by itself. Somebody
        # may have moved some of it in the game meanwhile: then too much is never sent.
        return amount_left(holdings, step) != step.found.get("doubted", step.found.get("amount"))
    held = holdings.find(step.item_id)
    if held is None:
        return False
    if kind in LOCKS:
        return bool(held.state & ItemState.LOCKED.value) == (kind == StepKind.LOCK)
    if kind == StepKind.TO_VAULT:
        return (held.owner, held.bucket_hash) == VAULT
    if kind == StepKind.PULL:
        return held.bucket_hash != LOST_ITEMS
    return held.bucket_hash != GENERAL and held.owner in (step.character_id, None)


def is_worn(holdings: Holdings, instance_id: str, character_id: str) -> bool:
    held = holdings.find(instance_id)
    return held is not None and held.equipped and held.owner == character_id


def found(step: Step, holdings: Holdings) -> dict[str, Any]:
    """What is written down before the call: of a stack how much is there, of what is put on what was worn before."""
    if step.kind in EQUIPS:
        return {"worn": _worn_before(step, holdings)}
    return {} if step.item_id else {"amount": amount_left(holdings, step)}


def _worn_before(step: Step, holdings: Holdings) -> dict[str, str]:
    """By the id of the item that takes its place."""
    worn = {}
    for each in step.item_ids or [step.item_id]:
        held = holdings.find(each)
        other = held and holdings.worn(step.character_id, home_bucket(held.bucket_hash, step))
        if other and other.instance_id and other.instance_id != each:
            worn[each] = other.instance_id
    return worn


def home_bucket(bucket_hash: int, step: Change) -> int:
    return home(step)[1] if bucket_hash in (GENERAL, LOST_ITEMS) else bucket_hash
