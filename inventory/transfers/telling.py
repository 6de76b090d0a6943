"""How a job ended, in sentences for its owner. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from inventory.profile import HeldItem

from . import lessons
from .holdings import GENERAL, LOST_ITEMS
from .models import Status, Step
from .wants import Kind, Want
from .world import World

MOST_TOLD = 5
LOCK_CHANGED = "Moving may have changed the lock of an item, and it could not be put right: look at your locks."
NO_MORE_ROOM = "No more room is made."


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


def where(left: Sequence[Want], world: World, unknown: Collection[str | int] = ()) -> str:
    """`unknown` are those of which Bungie has not told whether they were moved: instance ids, and hashes of stacks."""
    items = [want for want in left if want.kind != Kind.ROOM]
    told = [_where(want, world, (want.item_id or want.item_hash) in unknown) for want in items[:MOST_TOLD]]
    if len(items) > MOST_TOLD:
        told.append(f"The page of this transfer tells of {len(items) - MOST_TOLD:,} more.")
    return " ".join(told if len(items) == len(left) else [*told, NO_MORE_ROOM])


def now(want: Want, world: World) -> str:
    """After another sentence about the same item; nothing where it is nowhere."""
    held = _held(want, world)
    return f"It is {_places(held, world)} now." if held else ""


def _where(want: Want, world: World, unknown: bool) -> str:
    held = _held(want, world)
    name = _name(want, held, world)
    if not held:
        return f"{name} is nowhere among your items."
    sure = " as far as Bungie has told: the answer to the last call was lost" if unknown else ""
    return f"{name} is {_places(held, world)}{sure}."


def _held(want: Want, world: World) -> list[HeldItem]:
    return [each for each in world.items if _is_it(each, want)]


def _places(held: Sequence[HeldItem], world: World) -> str:
    return " and ".join(sorted({place(each.owner, each.bucket_hash, world.names) for each in held}))


def _is_it(held: HeldItem, want: Want) -> bool:
    return held.instance_id == want.item_id if want.item_id else held.hash == want.item_hash and not held.instance_id


def _name(want: Want, held: Sequence[HeldItem], world: World) -> str:
    kind = world.kinds.get(held[0].hash if held else want.item_hash)
    return (kind.name if kind else "") or "The item"


def place(owner: str | None, bucket_hash: int, names: Any) -> str:
    if owner is None:
        return "in the vault" if bucket_hash == GENERAL else "in what all your characters share"
    character = f"your {names.get(owner) or 'character'}"
    return f"in the postmaster of {character}" if bucket_hash == LOST_ITEMS else f"with {character}"
