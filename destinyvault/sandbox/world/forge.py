"""Turns a seed into hashes, choices and icons, and gives definitions the shape that Bungie's have."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.words import EFFECTS, FLAVOURS, MANNERS, Both, named

ICONS = "/common/destiny2_content/icons/"

TIER_NAMES = {
    0: Both("Basic", "Basique"),
    facts.BASIC: Both("Basic", "Basique"),
    facts.COMMON: Both("Common", "Commun"),
    facts.RARE: Both("Rare", "Rare"),
    facts.LEGENDARY: Both("Legendary", "Légendaire"),
    facts.EXOTIC: Both("Exotic", "Exotique"),
}


@dataclass(frozen=True)
class Row:
    """One definition on its way into a content file."""

    table: str
    key: int | str
    body: dict[str, Any]


class Forge:
    """Everything that is drawn from the seed. The same question always has the same answer."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def digest(self, *parts: object, size: int = 16) -> bytes:
        return blake2b(repr((self.seed, *parts)).encode(), digest_size=size).digest()

    def hash(self, *parts: object) -> int:
        return int.from_bytes(self.digest(*parts, size=4), "big") | 1

    def icon(self, *parts: object, extension: str = "jpg") -> str:
        return f"{ICONS}{self.digest('icon', *parts).hex()}.{extension}"

    def rng(self, *parts: object) -> random.Random:
        return random.Random(self.digest("rng", *parts))  # noqa: S311 (a made-up world, nothing secret)

    def names(self, what: str, nouns: Iterable[Both]) -> list[Both]:
        """Every pairing of a manner and a noun, in an order of the seed's own, so that no two things share a name."""
        pairs = [named(manner, noun) for noun in nouns for manner in MANNERS]
        self.rng("names", what).shuffle(pairs)
        return pairs


def display(name: Both | str, description: Both | str = "", icon: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = {"description": description, "name": name}
    if icon:
        shown["icon"] = icon
    return shown | {"hasIcon": bool(icon)}


def plain(forge: Forge, table: str, number: int, key: int, name: Both | str, **more: Any) -> Row:
    """A definition of the simple kind: display properties and a few values."""
    description = more.pop("description", "")
    icon = more.pop("icon", "")
    body = {"displayProperties": display(name, description, icon), **more}
    return Row(table, key, body | {"hash": key, "index": number, "redacted": False, "blacklisted": False})


@dataclass(frozen=True)
class Sort:
    """What an item is: fixed for all of its kind."""

    type: int
    type_name: Both
    bucket: int
    sub_type: int = 0
    class_type: int = facts.ANY_CLASS
    categories: tuple[int, ...] = ()
    instanced: bool = True
    stack: int = 1
    equippable: bool = False
    movable: bool = True
    stack_label: str = ""


def item(forge: Forge, key: int, name: Both, tier: int, sort: Sort, **more: Any) -> dict[str, Any]:
    """An item definition as Bungie writes it; `more` overrides and adds."""
    rng = forge.rng("item", key)
    tier_name = TIER_NAMES[tier]
    inventory: dict[str, Any] = {
        "maxStackSize": sort.stack,
        "bucketTypeHash": sort.bucket,
        "recoveryBucketTypeHash": facts.POSTMASTER if sort.movable else 0,
        "tierTypeHash": facts.TIER_HASHES[tier],
        "isInstanceItem": sort.instanced,
        "nonTransferrableOriginal": not sort.movable,
        "tierTypeName": tier_name,
        "tierType": tier,
        "expirationTooltip": "",
        "expiredInActivityMessage": "",
        "expiredInOrbitMessage": "",
        "suppressExpirationWhenObjectivesComplete": True,
    }
    if sort.stack_label:
        inventory["stackUniqueLabel"] = sort.stack_label
    return {
        "displayProperties": display(name, rng.choice(EFFECTS) if sort.instanced else "", forge.icon("item", key)),
        "tooltipNotifications": [],
        "iconWatermark": forge.icon("watermark", rng.randrange(6), extension="png"),
        "itemTypeDisplayName": sort.type_name,
        "flavorText": rng.choice(FLAVOURS),
        "uiItemDisplayStyle": "",
        "itemTypeAndTierDisplayName": Both(
            f"{tier_name.en} {sort.type_name.en}", f"{sort.type_name.fr} {tier_name.fr.lower()}"
        ),
        "displaySource": "",
        "inventory": inventory,
        "investmentStats": [],
        "perks": [],
        "allowActions": True,
        "doesPostmasterPullHaveSideEffects": False,
        "nonTransferrable": not sort.movable,
        "itemCategoryHashes": list(sort.categories),
        "specialItemType": 0,
        "itemType": sort.type,
        "itemSubType": sort.sub_type,
        "classType": sort.class_type,
        "breakerType": 0,
        "equippable": sort.equippable,
        "defaultDamageType": 0,
        "isWrapper": False,
        "traitIds": [],
        "traitHashes": [],
        "hash": key,
        "index": rng.randrange(1, 60000),
        "redacted": False,
        "blacklisted": False,
        **more,
    }


def item_row(forge: Forge, key: int, name: Both, tier: int, sort: Sort, **more: Any) -> Row:
    return Row("DestinyInventoryItemDefinition", key, item(forge, key, name, tier, sort, **more))
