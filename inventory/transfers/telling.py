"""How a job ended, in sentences for its owner. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from . import lessons
from .holdings import GENERAL, LOST_ITEMS
from .models import Status, Step
from .wants import Kind, Want
from .world import World

MOST_TOLD = 5
LOCK_CHANGED = "Moving may have changed the lock of an item, and it could not be put right: look at your locks."


def progress(done: int, total: int) -> str:
    return f"{done} of {total} steps are done."


def ended(wishes: int, refusals: Sequence[dict[str, Any]]) -> tuple[Status, str]:
    unmet = {each["want"]: each["message"] for each in refusals}
    met = wishes - len(unmet)
    first = next(iter(unmet.values()), "")
    if not unmet:
        return Status.DONE, "Done." if wishes == 1 else f"All {wishes} are done."
    if met:
        return Status.DONE, f"{met} of {wishes} are done; {len(unmet)} could not be. {first}"
    return Status.FAILED, first if wishes == 1 else f"None of the {wishes} could be done. {first}"


def with_locks(message: str, steps: Sequence[Step]) -> str:
    return f"{message} {LOCK_CHANGED}" if lessons.are_unlike(steps) else message


def cancelled(left: Sequence[Want], world: World, unknown: Collection[str | int] = ()) -> str:
    """`unknown` are those of which Bungie has not told whether they were moved: instance ids, and hashes of stacks."""
    if not left:
        return "Cancelled, but everything was done already."
    told = [_where(want, world, (want.item_id or want.item_hash) in unknown) for want in left[:MOST_TOLD]]
    more = len(left) - MOST_TOLD
    return f"Cancelled. {' '.join(filter(None, told))}" + (f" {more} more are where they were." if more > 0 else "")


def _where(want: Want, world: World, unknown: bool) -> str:
    if want.kind in (Kind.ROOM, Kind.CONSOLIDATE):
        return "The rest is where it was."
    held = [each for each in world.items if _is_it(each, want)]
    name = _name(want, held, world)
    if not held:
        return f"{name} is nowhere among your items."
    places = sorted({place(each.owner, each.bucket_hash, world.names) for each in held})
    sure = " as far as Bungie has told: the answer to the last call was lost" if unknown else ""
    return f"{name} is {' and '.join(places)}{sure}."


def _is_it(held: Any, want: Want) -> bool:
    return held.instance_id == want.item_id if want.item_id else held.hash == want.item_hash and not held.instance_id


def _name(want: Want, held: Sequence[Any], world: World) -> str:
    kind = world.kinds.get(held[0].hash if held else want.item_hash)
    return (kind.name if kind else "") or "The item"


def place(owner: str | None, bucket_hash: int, names: Any) -> str:
    if owner is None:
        return "in the vault" if bucket_hash == GENERAL else "in what all your characters share"
    character = f"your {names.get(owner) or 'character'}"
    return f"in the postmaster of {character}" if bucket_hash == LOST_ITEMS else f"with {character}"
