"""A GetProfile reply as typed values. The reply's shape is not trusted: what cannot be read is counted, not raised."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from destinyvault.bungie.enums import Component, Privacy
from destinyvault.bungie.errors import BungieDown

log = logging.getLogger(__name__)

# What is asked for, by its name in the reply, and in the words of the page when it does not come.
PARTS = {
    "characters": "your characters",
    "characterInventories": "what your characters carry",
    "characterEquipment": "what your characters wear",
    "profileInventory": "the vault",
    "profileCurrencies": "your currencies",
    "instances": "power and elements of your items",
}
COMPONENTS = (
    Component.PROFILE_INVENTORIES,
    Component.PROFILE_CURRENCIES,
    Component.CHARACTERS,
    Component.CHARACTER_INVENTORIES,
    Component.CHARACTER_EQUIPMENT,
    Component.ITEM_INSTANCES,
)
PRIVATE, ABSENT = "private", "absent"

# Vehicles state their speed and subclasses their level as primary stat; only these two are an item's power.
POWER_STATS = frozenset({1480404414, 3897883278})  # Attack, Defense


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


@dataclass(frozen=True, slots=True)
class HeldItem:
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

    minted_at: datetime | None
    characters: tuple[Character, ...]
    items: tuple[HeldItem, ...]
    currencies: tuple[Currency, ...]
    missing: dict[str, str]
    skipped: int


def parse_profile(reply: object) -> Profile:
    """Raises BungieDown for a reply that is no profile at all, so that callers show the last one known."""
    if not isinstance(reply, dict) or not reply.keys() & PARTS.keys():
        raise BungieDown(message="Bungie's answer holds no profile.")
    parts = _parts(reply)
    characters = [_character(raw) for raw in _mapping(parts["characters"]).values()]
    items = list(_items(parts))
    currencies = [_currency(raw) for raw in _listed(parts["profileCurrencies"])]
    skipped = sum(found.count(None) for found in (characters, items, currencies))
    if skipped:
        log.warning("Bungie sent %d entries that could not be read", skipped)
    return Profile(
        minted_at=minted_at(reply),
        characters=tuple(filter(None, characters)),
        items=tuple(filter(None, items)),
        currencies=tuple(filter(None, currencies)),
        missing={name: why for name, raw in _components(reply).items() if (why := _why_missing(raw))},
        skipped=skipped,
    )


def minted_at(reply: dict[str, Any]) -> datetime | None:
    return _moment(reply.get("responseMintedTimestamp"))


def _components(reply: dict[str, Any]) -> dict[str, Any]:
    sets = _mapping(reply.get("itemComponents"))
    return {name: sets.get(name) if name == "instances" else reply.get(name) for name in PARTS}


def _parts(reply: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: _mapping(_mapping(raw).get("data")) for name, raw in _components(reply).items()}


def _why_missing(component: object) -> str | None:
    component = _mapping(component)
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
    for owner, held in parts["characterEquipment"].items():
        yield owner, True, held
    for owner, held in parts["characterInventories"].items():
        yield owner, False, held


def _item(raw: object, owner: str | None, equipped: bool, instances: dict[str, Any]) -> HeldItem | None:
    raw = _mapping(raw)
    item_hash = _hash(raw.get("itemHash"))
    if item_hash is None:
        return None
    instance_id = _id(raw.get("itemInstanceId"))
    instance = _mapping(instances.get(instance_id)) if instance_id else {}
    return HeldItem(
        hash=item_hash,
        style_hash=_hash(raw.get("overrideStyleItemHash")) or 0,
        instance_id=instance_id,
        quantity=_int(raw.get("quantity")) or 1,
        bucket_hash=_hash(raw.get("bucketHash")) or 0,
        owner=owner,
        equipped=equipped,
        state=_int(raw.get("state")) or 0,
        transfer_status=_int(raw.get("transferStatus")) or 0,
        power=_power(instance) if instance else None,
        damage_type=_int(instance.get("damageType")) or 0,
        damage_type_hash=_hash(instance.get("damageTypeHash")) or 0,
    )


def _power(instance: dict[str, Any]) -> int | None:
    """Classified items and engrams have no primary stat of their own; their level tells the power all the same."""
    stat = _mapping(instance.get("primaryStat"))
    if stat.get("statHash") in POWER_STATS:
        return _int(stat.get("value"))
    level = _int(instance.get("itemLevel")) or 0
    return level * 10 + (_int(instance.get("quality")) or 0) if level else None


def _character(raw: object) -> Character | None:
    raw = _mapping(raw)
    character_id = _id(raw.get("characterId"))
    if character_id is None:
        return None
    return Character(
        id=character_id,
        class_hash=_hash(raw.get("classHash")) or 0,
        race_hash=_hash(raw.get("raceHash")) or 0,
        gender_hash=_hash(raw.get("genderHash")) or 0,
        power=_int(raw.get("light")) or 0,
        emblem=_text(raw.get("emblemPath")),
        emblem_background=_text(raw.get("emblemBackgroundPath")),
        last_played=_moment(raw.get("dateLastPlayed")),
    )


def _currency(raw: object) -> Currency | None:
    raw = _mapping(raw)
    currency_hash = _hash(raw.get("itemHash"))
    return None if currency_hash is None else Currency(currency_hash, _int(raw.get("quantity")) or 0)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(held: object) -> list[object]:
    items = _mapping(held).get("items")
    return items if isinstance(items, list) else []


def _int(value: object) -> int | None:
    """Bungie sends 64-bit numbers as strings and has been seen to send others so."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _hash(value: object) -> int | None:
    number = _int(value)
    return number if number is not None and 0 <= number < 2**32 else None


def _id(value: object) -> str | None:
    number = _int(value)
    return str(number) if number else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = parse_datetime(_text(value))
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
