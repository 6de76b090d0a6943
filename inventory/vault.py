"""From a profile and the game's definitions to everything that a player owns, and where it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from destinyvault.bungie.enums import Bucket, ClassType, ItemState, TransferStatus
from manifest.lookup import ItemSummary

from .power import Gear, best_power, gear
from .profile import Character, HeldItem, Profile
from .words import Words, display

# Plain numbers: `int & IntFlag` makes a flag object each time, five times for each of a thousand items.
LOCKED, TRACKED = ItemState.LOCKED.value, ItemState.TRACKED.value
MASTERWORK, CRAFTED = ItemState.MASTERWORK.value, ItemState.CRAFTED.value
NOT_TRANSFERRABLE = TransferStatus.NOT_TRANSFERRABLE.value
CHARACTER, VAULT, POSTMASTER, ACCOUNT = "character", "vault", "postmaster", "account"
NEARLY_FULL = 50  # free places in the vault
NEVER = datetime.min.replace(tzinfo=UTC)


POWER = 1935470627  # the one stat of a character that is shown beside the others


@dataclass(frozen=True, slots=True)
class GuardianStat:
    name: str
    value: int
    icon: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """`best_power` is what the best of all that the person owns would give; 0 where that is not known."""

    id: str
    class_name: str
    race: str
    power: int
    best_power: int
    stats: tuple[GuardianStat, ...]
    emblem: str
    emblem_background: str
    last_played: datetime | None


class OwnedItem(NamedTuple):
    """One tile: an item, or a stack of them. `owner` is the character that holds it, also in its postmaster."""

    id: str | None
    hash: int
    quantity: int
    name: str
    type_name: str
    tier: int
    tier_name: str
    class_type: int
    class_name: str
    bucket_hash: int
    bucket_name: str
    location: str
    owner: str | None
    equipped: bool
    power: int | None
    damage_type: int
    element: str
    ammo: int
    locked: bool
    tracked: bool
    masterwork: bool
    crafted: bool
    classified: bool
    known: bool
    transferable: bool
    icon: str


@dataclass(frozen=True, slots=True)
class OwnedCurrency:
    hash: int
    name: str
    quantity: int
    icon: str

    @property
    def shown(self) -> str:
        return f"{self.quantity:,}"


@dataclass(frozen=True, slots=True)
class Vault:
    """`characters` and `items` in the order to show them; `capacity` 0 while no Manifest tells it."""

    characters: tuple[Guardian, ...]
    items: tuple[OwnedItem, ...]
    currencies: tuple[OwnedCurrency, ...]
    used: int
    capacity: int

    @property
    def room(self) -> int:
        return max(self.capacity - self.used, 0)

    @property
    def nearly_full(self) -> bool:
        return bool(self.capacity) and self.room <= NEARLY_FULL


def build_vault(profile: Profile, items: Mapping[int, ItemSummary], words: Words) -> Vault:
    owned = sorted((_owned(held, items, words) for held in profile.items), key=_rank)
    all_gear = gear(owned)
    general = words.buckets.get(Bucket.GENERAL)
    return Vault(
        characters=(*(_guardian(each, words, all_gear) for each in _last_played_first(profile)), *_unnamed(profile)),
        items=tuple(owned),
        currencies=tuple(_currencies(profile, items)),
        used=sum(item.location == VAULT for item in owned),
        capacity=general.capacity if general else 0,
    )


def hashes(profile: Profile) -> set[int]:
    """Every definition that `build_vault` looks for."""
    wanted = {held.hash for held in profile.items} | {currency.hash for currency in profile.currencies}
    return wanted | {held.style_hash for held in profile.items if held.style_hash}


def _rank(item: OwnedItem) -> tuple[bool, int, str, str]:
    return (not item.equipped, -(item.power or 0), item.name, item.id or "")


def _last_played_first(profile: Profile) -> list[Character]:
    return sorted(profile.characters, key=lambda character: character.last_played or NEVER, reverse=True)


def _guardian(character: Character, words: Words, owned: Gear) -> Guardian:
    class_type = words.classes.get(character.class_hash, {}).get("classType", ClassType.ANY)
    return Guardian(
        id=character.id,
        class_name=words.class_of(character.class_hash, character.gender_hash) or "Guardian",
        race=words.race_of(character.race_hash),
        power=character.power,
        best_power=best_power(owned, character.id, class_type, character.power),
        stats=tuple(_stats(character, words)),
        emblem=character.emblem,
        emblem_background=character.emblem_background,
        last_played=character.last_played,
    )


def _stats(character: Character, words: Words) -> Iterator[GuardianStat]:
    """In the order of the game, which keeps those on top that it shows on top."""
    known = [(words.stats[each], value) for each, value in character.stats if each in words.stats and each != POWER]
    for definition, value in sorted(known, key=lambda each: each[0].get("index", 0)):
        if display(definition, "name"):
            yield GuardianStat(display(definition, "name"), value, display(definition, "icon"))


def _unnamed(profile: Profile) -> Iterator[Guardian]:
    """Characters that Bungie did not send, although it sent what they own: a private component, for one."""
    owners = {held.owner for held in profile.items if held.owner} - {character.id for character in profile.characters}
    for owner in sorted(owners):
        yield Guardian(owner, "Guardian", "", 0, 0, (), "", "", None)


def _owned(held: HeldItem, items: Mapping[int, ItemSummary], words: Words) -> OwnedItem:
    summary = items.get(held.hash) or unknown_item(held.hash)
    style = items.get(held.style_hash)
    bucket_hash = _slot(held, summary)
    bucket = words.buckets.get(bucket_hash)
    damage_type = held.damage_type or summary.damage_type
    return OwnedItem(
        id=held.instance_id,
        hash=held.hash,
        quantity=held.quantity,
        name=item_name(summary),
        type_name=summary.type_name,
        tier=summary.tier,
        tier_name=summary.tier_name,
        class_type=summary.class_type,
        class_name=words.class_names.get(summary.class_type, ""),
        bucket_hash=bucket_hash,
        bucket_name=bucket.name if bucket else "",
        location=_location(held),
        owner=held.owner,
        equipped=held.equipped,
        power=held.power,
        damage_type=damage_type,
        element=words.element_of(held.damage_type_hash, damage_type),
        ammo=summary.ammo_type,
        locked=bool(held.state & LOCKED),
        tracked=bool(held.state & TRACKED),
        masterwork=bool(held.state & MASTERWORK),
        crafted=bool(held.state & CRAFTED),
        classified=summary.redacted,
        known=held.hash in items,
        transferable=summary.transferable and not held.transfer_status & NOT_TRANSFERRABLE,
        icon=(style.icon if style else "") or summary.icon,
    )


def _location(held: HeldItem) -> str:
    if held.owner is not None:
        return POSTMASTER if held.bucket_hash == Bucket.LOST_ITEMS else CHARACTER
    return VAULT if held.bucket_hash == Bucket.GENERAL else ACCOUNT


def _slot(held: HeldItem, summary: ItemSummary) -> int:
    """Where the item belongs: only in the vault and the postmaster does Bungie report another bucket than that."""
    if held.bucket_hash in (Bucket.GENERAL, Bucket.LOST_ITEMS):
        return summary.bucket_hash or held.bucket_hash
    return held.bucket_hash


def _currencies(profile: Profile, items: Mapping[int, ItemSummary]) -> Iterator[OwnedCurrency]:
    for currency in profile.currencies:
        summary = items.get(currency.hash) or unknown_item(currency.hash)
        yield OwnedCurrency(currency.hash, item_name(summary), currency.quantity, summary.icon)


def item_name(summary: ItemSummary) -> str:
    name = summary.name if not summary.name.isspace() else ""
    return name or ("Classified" if summary.redacted else f"Item {summary.hash}")


def unknown_item(item_hash: int) -> ItemSummary:
    """Stands for an item that the Manifest does not have (yet): it is owned all the same, so it is shown."""
    return ItemSummary(
        hash=item_hash,
        name="",
        type_name="",
        item_type=0,
        bucket_hash=0,
        tier=0,
        tier_name="",
        class_type=ClassType.ANY,
        icon="",
        watermark="",
        damage_type=0,
        ammo_type=0,
        max_stack=0,
        redacted=False,
        equippable=False,
        transferable=True,
        stack_unique_label="",
    )
