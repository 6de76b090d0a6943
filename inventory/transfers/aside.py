"""Which item moves aside when room is needed (MOVE_CASES C). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from destinyvault.bungie.enums import Bucket
from inventory.profile import HeldItem
from manifest.lookup import ItemSummary

from .draft import Draft
from .holdings import VAULT, Place
from .slots import fits

FROM_CHARACTER = {tag: rank for rank, tag in enumerate(("archive", "infuse", "", "junk", "keep", "favorite"))}
FROM_VAULT = {tag: rank for rank, tag in enumerate(("junk", "", "keep", "favorite", "infuse", "archive"))}
ENGRAM = 8  # DestinyItemType


def best_of(draft: Draft, place: Place, receiver: Place) -> HeldItem | None:
    """The one to leave a character's bags, or what all share, for `receiver`."""
    found = draft.loose(place)
    if not found:
        return None
    return min(found, key=lambda held: (not melts(draft, held, VAULT), *_order(draft, held, place, receiver)))


def best_for(draft: Draft, place: Place) -> HeldItem | None:
    """The one to leave the vault for this place."""
    found = [held for held in draft.loose(VAULT) if draft.slot(held) == place[1]]
    return min(found, key=lambda held: _order(draft, held, VAULT, place), default=None)


def best_to_offload(draft: Draft, besides: int) -> tuple[HeldItem, Place] | None:
    """The one to leave the vault for wherever it finds room, but not for the bucket `besides`."""
    homes = homes_with_room(draft, besides)
    found = [(held, home) for held in draft.loose(VAULT) if (home := _home(draft, held, homes, besides))]
    return min(found, key=lambda each: (not melts(draft, *each), *_order(draft, each[0], VAULT, each[1])), default=None)


def offloads(draft: Draft, besides: int, most: int) -> int:
    """How many could leave the vault for other buckets; no more than `most` are counted."""
    homes = homes_with_room(draft, besides)
    left = {bucket: sum(draft.spare(home) - _headroom(home) for home in those) for bucket, those in homes.items()}
    many = 0
    for held in draft.loose(VAULT):
        slot = draft.slot(held)
        if slot != besides and (left.get(slot, 0) > 0 or melts(draft, held, _shared(draft, slot))):
            many, left[slot] = many + 1, left.get(slot, 0) - 1
            if many == most:
                break
    return many


def homes_with_room(draft: Draft, besides: int) -> dict[int, list[Place]]:
    """By bucket, those of characters least recently played first. Of what all share one place is kept free (E13)."""
    slots = {draft.slot(held) for held in draft.loose(VAULT)} - {besides, 0}
    free = {slot: [place for place in draft.places(slot) if draft.spare(place) > _headroom(place)] for slot in slots}
    return {slot: places for slot, places in free.items() if places}


def melts(draft: Draft, held: HeldItem, place: Place | None) -> bool:
    """A stack that goes entirely into one that is begun there takes no place at all (B10)."""
    if held.instance_id or place is None or draft.kind(held.hash).stack_unique_label:
        return False
    most = max(draft.kind(held.hash).max_stack, 1)
    there = draft.holdings.stacks(held.hash, place)
    return bool(there) and sum(most - each.quantity for each in there) >= held.quantity


def _home(draft: Draft, held: HeldItem, homes: dict[int, list[Place]], besides: int) -> Place | None:
    slot = draft.slot(held)
    if slot == besides:
        return None
    shared = _shared(draft, slot)
    return shared if melts(draft, held, shared) else next(iter(homes.get(slot, ())), None)


def _shared(draft: Draft, bucket_hash: int) -> Place | None:
    return (None, bucket_hash) if draft.is_shared(bucket_hash) else None


def _headroom(place: Place) -> int:
    return 1 if place[0] is None else 0


def _order(draft: Draft, held: HeldItem, source: Place, receiver: Place) -> tuple[bool | float | str, ...]:
    world, kind, to_vault = draft.world, draft.kind(held.hash), receiver == VAULT
    instance_id = held.instance_id or ""
    tag = world.tags.get(instance_id, "")
    tags, sign = (FROM_VAULT, -1) if source == VAULT else (FROM_CHARACTER, 1)
    return (
        is_engram(kind) is not to_vault,
        world.moved_by_hand.get(instance_id, 0),
        instance_id in world.loadouts.get(source[0] or "", ()),
        instance_id not in world.loadouts.get(receiver[0] or "", ()),
        source[0] is not None and fits(kind.class_type, draft.class_type(source[0])),
        receiver[0] is not None and not fits(kind.class_type, draft.class_type(receiver[0])),
        tags.get(tag, tags[""]),
        sign * kind.tier,
        sign * (held.power or 0),
        instance_id,
        held.hash,
    )


def is_engram(kind: ItemSummary) -> bool:
    return kind.item_type == ENGRAM or kind.bucket_hash == Bucket.ENGRAMS


def leavers(draft: Draft, place: Place, but: str | None) -> list[HeldItem]:
    """Those that wishes take away from here in any case: the best of all to go first."""
    return [held for held in draft.holdings.at(place) if _leaves(draft, held, place, but)]


def _leaves(draft: Draft, held: HeldItem, place: Place, but: str | None) -> bool:
    going = draft.leaving.get(held.instance_id or "") if held.instance_id not in draft.later else None
    return going is not None and going[1] != place and _may_leave(draft, held, but)


def _may_leave(draft: Draft, held: HeldItem, but: str | None) -> bool:
    return held.instance_id != but and not held.equipped and draft.rival(held, VAULT) is None


def first(items: Iterable[HeldItem]) -> HeldItem | None:
    return next(iter(items), None)
