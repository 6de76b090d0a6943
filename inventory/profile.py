"""A GetProfile reply as typed values. The reply's shape is not trusted: what cannot be read is counted, not raised."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from destinyvault.bungie import clock
from destinyvault.bungie.enums import Component, Privacy
from destinyvault.bungie.errors import BungieDown

from .untrusted import definition_hash, identity, integer, listing, mapping, moment, text

log = logging.getLogger(__name__)

# What is asked for, by its name in the reply, and in the words of the page when it does not come.
PARTS = {
    "characters": "your characters",
    "characterInventories": "what your characters carry",
    "characterEquipment": "what your characters wear",
    "profileInventory": "the vault",
    "profileCurrencies": "your currencies",
    "instances": "the power of your items",
    "sockets": "the perks of your items",
}
OF_ITEMS = {"instances", "sockets"}  # these stand below itemComponents
COMPONENTS = (
    Component.PROFILE_INVENTORIES,
    Component.PROFILE_CURRENCIES,
    Component.CHARACTERS,
    Component.CHARACTER_INVENTORIES,
    Component.CHARACTER_EQUIPMENT,
    Component.ITEM_INSTANCES,
    Component.ITEM_SOCKETS,
)
PRIVATE, ABSENT = "private", "absent"

# Vehicles state their speed and subclasses their level as primary stat; only these two are an item's power.
POWER_STATS = frozenset({1480404414, 3897883278})  # Attack, Defense
NOBODY = "0"  # the owner of what is in the bags of a character whose id cannot be read


@dataclass(frozen=True, slots=True)
class Character:
    id: str
    class_hash: int
    race_hash: int
    gender_hash: int
    power: int
    emblem: str
    emblem_background: str
    last_played: datetime | None
    stats: tuple[tuple[int, int], ...]  # hash and value


class HeldItem(NamedTuple):  # quicker to make than a frozen dataclass, a thousand times for a page
    hash: int
    style_hash: int  # the ornament whose picture it wears, 0 for its own
    instance_id: str | None
    quantity: int
    bucket_hash: int
    owner: str | None
    equipped: bool
    state: int
    transfer_status: int
    power: int | None
    damage_type: int
    damage_type_hash: int


@dataclass(frozen=True, slots=True)
class Currency:
    hash: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Profile:
    """`missing` maps a name of PARTS to PRIVATE or ABSENT; `skipped` counts entries that could not be read."""

    characters: tuple[Character, ...]
    items: tuple[HeldItem, ...]
    currencies: tuple[Currency, ...]
    missing: dict[str, str]
    skipped: int


def require_profile(reply: object) -> dict[str, Any]:
    """Raises BungieDown for a reply that is no profile at all, so that callers show the last one known."""
    if not isinstance(reply, dict) or not reply.keys() & PARTS.keys():
        raise BungieDown(message="Bungie's answer holds no profile.")
    return reply


def is_whole(reply: dict[str, Any]) -> bool:
    """Whether each component that is asked for came, so that nothing of an earlier reply is needed."""
    return not any(map(why_missing, _components(reply).values()))


def minted_at(reply: dict[str, Any]) -> datetime | None:
    """When Bungie made it, by our clock. None of the components that are asked for goes by the secondary time."""
    minted = moment(reply.get("responseMintedTimestamp"))
    return minted and clock.ours(minted)


def parse_profile(reply: object) -> Profile:
    """Raises BungieDown, as `require_profile`."""
    parts = _parts(require_profile(reply))
    characters = [_character(raw) for raw in mapping(parts["characters"]).values()]
    items = list(_items(parts))
    currencies = [_currency(raw) for raw in _listed(parts["profileCurrencies"])]
    skipped = sum(found.count(None) for found in (characters, items, currencies))
    if skipped:
        log.warning("Bungie sent %d entries that could not be read", skipped)
    return Profile(
        characters=tuple(filter(None, characters)),
        items=tuple(filter(None, items)),
        currencies=tuple(filter(None, currencies)),
        missing={name: why for name, raw in _components(reply).items() if (why := why_missing(raw))},
        skipped=skipped,
    )


def plugs(reply: dict[str, Any]) -> dict[str, list[int]]:
    """The visible plugs of each item, by its instance id. Not part of `Profile`: only those who filter need them."""
    told = mapping(_parts(reply)["sockets"])
    return {instance_id: _visible(sockets) for instance_id, sockets in told.items()}


def instances_and_sockets(reply: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The data of both components by instance id, for single items."""
    parts = _parts(reply)
    told = mapping(parts["sockets"]).items()
    return mapping(parts["instances"]), {instance_id: mapping(sockets) for instance_id, sockets in told}


def _visible(sockets: object) -> list[int]:
    found = [mapping(socket) for socket in listing(mapping(sockets).get("sockets"))]
    hashes = [definition_hash(socket.get("plugHash")) for socket in found if socket.get("isVisible") is True]
    return [each for each in hashes if each]


def _components(reply: dict[str, Any]) -> dict[str, Any]:
    sets = mapping(reply.get("itemComponents"))
    return {name: sets.get(name) if name in OF_ITEMS else reply.get(name) for name in PARTS}


def _parts(reply: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: mapping(mapping(raw).get("data")) for name, raw in _components(reply).items()}


def why_missing(component: object) -> str | None:
    component = mapping(component)
    if isinstance(component.get("data"), dict):
        return None
    return PRIVATE if component.get("privacy") == Privacy.PRIVATE else ABSENT


def _items(parts: dict[str, dict[str, Any]]) -> Iterator[HeldItem | None]:
    instances = parts["instances"]
    for owner, equipped, held in _holders(parts):
        for raw in _listed(held):
            yield _item(raw, owner, equipped, instances)


def _holders(parts: dict[str, dict[str, Any]]) -> Iterator[tuple[str | None, bool, object]]:
    yield None, False, parts["profileInventory"]
    for name, equipped in (("characterEquipment", True), ("characterInventories", False)):
        for owner, held in parts[name].items():
            yield identity(owner) or NOBODY, equipped, held


def _item(raw: object, owner: str | None, equipped: bool, instances: dict[str, Any]) -> HeldItem | None:
    raw = mapping(raw)
    item_hash = definition_hash(raw.get("itemHash"))
    if item_hash is None:
        return None
    instance_id = identity(raw.get("itemInstanceId"))
    instance = mapping(instances.get(instance_id)) if instance_id else {}
    return HeldItem(
        hash=item_hash,
        style_hash=definition_hash(raw.get("overrideStyleItemHash")) or 0,
        instance_id=instance_id,
        quantity=integer(raw.get("quantity")) or 1,
        bucket_hash=definition_hash(raw.get("bucketHash")) or 0,
        owner=owner,
        equipped=equipped,
        state=integer(raw.get("state")) or 0,
        transfer_status=integer(raw.get("transferStatus")) or 0,
        power=_power(instance) if instance else None,
        damage_type=integer(instance.get("damageType")) or 0,
        damage_type_hash=definition_hash(instance.get("damageTypeHash")) or 0,
    )


def _power(instance: dict[str, Any]) -> int | None:
    """Classified items and engrams have no primary stat of their own; their level tells the power all the same."""
    stat = mapping(instance.get("primaryStat"))
    if stat.get("statHash") in POWER_STATS:
        return integer(stat.get("value"))
    level = integer(instance.get("itemLevel")) or 0
    return level * 10 + (integer(instance.get("quality")) or 0) if level else None


def _character(raw: object) -> Character | None:
    raw = mapping(raw)
    character_id = identity(raw.get("characterId"))
    if character_id is None:
        return None
    return Character(
        id=character_id,
        class_hash=definition_hash(raw.get("classHash")) or 0,
        race_hash=definition_hash(raw.get("raceHash")) or 0,
        gender_hash=definition_hash(raw.get("genderHash")) or 0,
        power=integer(raw.get("light")) or 0,
        emblem=text(raw.get("emblemPath")),
        emblem_background=text(raw.get("emblemBackgroundPath")),
        last_played=moment(raw.get("dateLastPlayed")),
        stats=tuple(_numbers(raw.get("stats"))),
    )


def _numbers(told: object) -> Iterator[tuple[int, int]]:
    for name, value in mapping(told).items():
        stat_hash, number = definition_hash(name), integer(value)
        if stat_hash is not None and number is not None:
            yield stat_hash, number


def _currency(raw: object) -> Currency | None:
    raw = mapping(raw)
    currency_hash = definition_hash(raw.get("itemHash"))
    return None if currency_hash is None else Currency(currency_hash, integer(raw.get("quantity")) or 0)


def _listed(held: object) -> list[object]:
    return listing(mapping(held).get("items"))
