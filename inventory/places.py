"""Which row of the page an item stands in, and the order of the rows: the game's own, as its definitions tell."""

from __future__ import annotations

from dataclasses import dataclass

from destinyvault.bungie.enums import Bucket as Slot
from destinyvault.bungie.enums import BucketCategory, ItemLocation

from .power import ARMOR, WEAPONS
from .vault import POSTMASTER, OwnedItem
from .words import Bucket, Words

GROUPS = ("Postmaster", "Weapons", "Armor", "General", "Inventory")


@dataclass(frozen=True, slots=True)
class Place:
    hash: int
    name: str
    group: str
    order: tuple[bool, int, str]
    capacity: int


# For what the game keeps in buckets without a name, and for items of unknown slot: nothing may be lost from view.
OTHER = Place(hash=0, name="Other", group="General", order=(True, 1 << 30, ""), capacity=0)


def place_of(item: OwnedItem, words: Words) -> Place:
    bucket_hash = Slot.LOST_ITEMS if item.location == POSTMASTER else item.bucket_hash
    return place(words.buckets.get(bucket_hash))


def place(bucket: Bucket | None) -> Place:
    if bucket is None or not bucket.name or bucket.hash == Slot.GENERAL:
        return OTHER
    if bucket.hash == Slot.LOST_ITEMS:  # what is lost when it is not looked at comes before all
        return Place(bucket.hash, bucket.name, _group(bucket), (False, -1, bucket.name), bucket.capacity)
    # Quests, emotes and the like are in buckets that the game does not order: they come after those that it does.
    order = (bucket.category == BucketCategory.INVISIBLE, bucket.order, bucket.name)
    return Place(bucket.hash, bucket.name, _group(bucket), order, bucket.capacity)


def _group(bucket: Bucket) -> str:
    if bucket.hash in WEAPONS:
        return "Weapons"
    if bucket.hash in ARMOR:
        return "Armor"
    if bucket.location == ItemLocation.POSTMASTER or bucket.hash == Slot.ENGRAMS:
        return "Postmaster"
    return "Inventory" if bucket.account_wide else "General"
