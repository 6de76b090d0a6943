"""The highest power that a character could have with all that its person owns, wherever it lies. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from destinyvault.bungie.enums import Bucket, ClassType, TierType

WEAPONS = (Bucket.KINETIC_WEAPONS, Bucket.ENERGY_WEAPONS, Bucket.POWER_WEAPONS)
ARMOR = (Bucket.HELMET, Bucket.GAUNTLETS, Bucket.CHEST_ARMOR, Bucket.LEG_ARMOR, Bucket.CLASS_ARMOR)
SLOTS = frozenset(map(int, (*WEAPONS, *ARMOR)))
EXOTIC, ANY_CLASS = TierType.EXOTIC.value, ClassType.ANY.value

# Slot, class, exotic or not.
Kind = tuple[int, int, bool]


class Item(Protocol):
    bucket_hash: int
    class_type: int
    tier: int
    power: int | None
    owner: str | None
    equipped: bool


@dataclass(frozen=True, slots=True)
class Gear:
    """`highest` is the power of the best item of each kind; `worn` what each character wears."""

    highest: Mapping[Kind, int]
    worn: Mapping[str, Sequence[int]]


def gear(items: Iterable[Item]) -> Gear:
    highest: dict[Kind, int] = defaultdict(int)
    worn: dict[str, list[int]] = defaultdict(list)
    for item in items:
        if item.bucket_hash in SLOTS and item.power:
            kind = item.bucket_hash, item.class_type, item.tier == EXOTIC
            highest[kind] = max(highest[kind], item.power)
            if item.equipped and item.owner:
                worn[item.owner].append(item.power)
    return Gear(highest, worn)


def best_power(owned: Gear, character_id: str, class_type: int, shown: int) -> int:
    """The mean of the best item for each slot, as the game rounds it; 0 while a slot has none.

    At most one exotic weapon and one exotic piece of armor are counted, as the game allows. `shown` is the power that
    Bungie tells for what is worn; what it has above the mean of that (the artifact's bonus) is added here as well.
    """
    best = _mean([*_best(WEAPONS, class_type, owned.highest), *_best(ARMOR, class_type, owned.highest)])
    if not best:
        return 0
    worn = _mean(owned.worn.get(character_id, ()))
    return best + (max(shown - worn, 0) if worn else 0)


def _mean(powers: Sequence[int]) -> int:
    return sum(powers) // len(SLOTS) if len(powers) == len(SLOTS) and all(powers) else 0


def _best(slots: Sequence[int], class_type: int, highest: Mapping[Kind, int]) -> list[int]:
    """For each slot, 0 where there is nothing to wear: the best of all choices with one exotic, or none."""
    usual = {slot: _highest(slot, class_type, False, highest) for slot in slots}
    exotic = {slot: _highest(slot, class_type, True, highest) for slot in slots}
    choices = [usual, *(usual | {slot: exotic[slot]} for slot in slots)]
    return list(max(choices, key=lambda chosen: sum(chosen.values())).values())


def _highest(slot: int, class_type: int, exotic: bool, highest: Mapping[Kind, int]) -> int:
    return max(highest.get((slot, each, exotic), 0) for each in (class_type, ANY_CLASS))
