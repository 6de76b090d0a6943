"""What may be done with the things of a slot, as far as the game's own rules tell it."""

from __future__ import annotations

from destinyvault.bungie.enums import Bucket, ClassType, TierType
from inventory.power import ARMOR, WEAPONS

ANY_CLASS, EXOTIC = ClassType.ANY.value, TierType.EXOTIC.value
LOCKABLE = frozenset(map(int, (*WEAPONS, *ARMOR, Bucket.GHOST, Bucket.VEHICLE, Bucket.SHIPS)))
STAY = frozenset(map(int, (Bucket.SEASONAL_ARTIFACT, Bucket.FINISHERS)))  # can be worn, never put anywhere else
GROUPS = (frozenset(map(int, WEAPONS)), frozenset(map(int, ARMOR)))


def exotic_group(tier: int, bucket_hash: int) -> frozenset[int]:
    """The slots among which only one exotic can be worn; none for what is no exotic, or is one of another kind."""
    if tier == EXOTIC:
        return next((group for group in GROUPS if bucket_hash in group), frozenset())
    return frozenset()


def fits(class_type: int, character_class: int) -> bool:
    return ANY_CLASS in (class_type, character_class) or class_type == character_class
