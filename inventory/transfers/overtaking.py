"""A job that had to wait, and another one that was asked for later and did not: the later word counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .draft import MOVING
from .steps import Refusal
from .wants import Kind, Want
from .world import World

LATER = "You asked for something else with it later: transfer {} has the last word."


def overtaken(wants: Sequence[Want], later: Mapping[int, Sequence[Want]], world: World) -> Iterator[Refusal]:
    """`later` are the wishes of the transfers that were asked for later, and began all the same, by transfer.

    The same asked for again contradicts nothing. Amounts of a stack add up.
    """
    if not later:
        return
    slots = {held.instance_id: _slot(held.hash, held.bucket_hash, world) for held in world.items}
    for number, want in enumerate(wants):
        if want.item_id is None:
            continue
        found = [pk for pk, others in later.items() if any(_contradicts(want, each, slots) for each in others)]
        if found:
            yield Refusal(number, "overtaken", LATER.format(max(found)))


def _slot(item_hash: int, bucket_hash: int, world: World) -> int:
    kind = world.kinds.get(item_hash)
    return (kind.bucket_hash if kind else 0) or bucket_hash


def _contradicts(want: Want, later: Want, slots: Mapping[str | None, int]) -> bool:
    if want.item_id == later.item_id:
        is_same = (want.kind, want.to) == (later.kind, later.to)
        return not is_same and (want.kind in MOVING) == (later.kind in MOVING)
    is_same_slot = slots.get(want.item_id, 0) == slots.get(later.item_id, -1)
    return want.kind == later.kind == Kind.EQUIP and want.to == later.to and is_same_slot
