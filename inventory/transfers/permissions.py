"""Which ways a page offers for an item (MOVE_CASES H). Pure; whether there is room is for the plan to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from destinyvault.bungie.enums import BucketCategory
from inventory.vault import CHARACTER, POSTMASTER, VAULT, OwnedItem
from inventory.words import Bucket

from .slots import LOCKABLE, STAY, fits


@dataclass(frozen=True, slots=True)
class Way:
    """`to` is a character's id. One that is not enabled is shown all the same: it is there, or of another class."""

    to: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Permissions:
    """`store` puts it into a character's bags: of what is worn there, that takes it off."""

    equip: tuple[Way, ...] = ()
    store: tuple[Way, ...] = ()
    vault: bool = False
    lock: bool = False
    pull: bool = False

    @property
    def any(self) -> bool:
        return bool(self.equip or self.store or self.vault or self.lock or self.pull)


def permissions(item: OwnedItem, characters: Mapping[str, int], buckets: Mapping[int, Bucket]) -> Permissions:
    """`characters` are the class types by id, last played first."""
    bucket = buckets.get(item.bucket_hash)
    return Permissions(
        equip=tuple(_equip(item, characters, bucket)),
        store=tuple(_store(item, characters, bucket)),
        vault=item.transferable and item.location != VAULT and not _stays(bucket),
        lock=item.id is not None and item.bucket_hash in LOCKABLE and item.location != POSTMASTER,
        pull=item.location == POSTMASTER,
    )


def _equip(item: OwnedItem, characters: Mapping[str, int], bucket: Bucket | None) -> list[Way]:
    if item.id is None or bucket is None or bucket.category != BucketCategory.EQUIPPABLE:
        return []
    return [
        Way(each, fits(item.class_type, class_type) and not (item.equipped and item.owner == each))
        for each, class_type in characters.items()
        if item.transferable or item.owner == each
    ]


def _store(item: OwnedItem, characters: Mapping[str, int], bucket: Bucket | None) -> list[Way]:
    if _stays(bucket):
        return []
    if bucket is not None and bucket.account_wide:
        return [Way(each, item.location == VAULT) for each in [*characters][:1] if item.transferable]
    return [
        Way(each, item.equipped or item.owner != each or item.location != CHARACTER)
        for each in characters
        if item.transferable or (item.equipped and item.owner == each)
    ]


def _stays(bucket: Bucket | None) -> bool:
    return bucket is not None and (bucket.hash in STAY or bucket.capacity == 1)
