"""Everything about single items: what Bungie tells of a copy, put into words by the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from accounts.people import Player
from destinyvault.bungie.enums import AmmoType
from manifest import lookup
from manifest.lookup import Live
from manifest.tables import (
    COLLECTIBLES,
    ITEMS,
    LORE,
    OBJECTIVES,
    PERKS,
    PLUG_SETS,
    SOCKET_CATEGORIES,
    STAT_GROUPS,
    STATS,
)

from . import perks, progress
from .perks import BareSocket, SocketCategory
from .progress import Count, Crafted, Masterwork
from .reading import Reading
from .single import Told, told, told_before
from .stats import Stat, armor_total, stat_group, stats_of
from .untrusted import definition_hash, integer, mapping, text
from .vault import CHARACTER, POSTMASTER, VAULT, OwnedItem, Vault
from .words import Definitions, display

JsonObject = Mapping[str, Any]

NOTHING = Told({}, {}, None, {}, {})
AMMO = {AmmoType.PRIMARY: "Primary", AmmoType.SPECIAL: "Special", AmmoType.HEAVY: "Heavy"}


@dataclass(frozen=True, slots=True)
class Energy:
    used: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Lore:
    title: str
    subtitle: str
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    item: OwnedItem
    place: str


@dataclass(frozen=True, slots=True)
class Detail:
    """`told` is False where Bungie could not be asked: perks are then those of the profile, and stats computed."""

    item: OwnedItem
    place: str
    flavour: str
    description: str
    ammo: str
    gear_tier: int
    energy: Energy | None
    stats: tuple[Stat, ...]
    total: int | None
    categories: tuple[SocketCategory, ...]
    kills: tuple[Count, ...]
    masterwork: Masterwork | None
    crafted: Crafted | None
    lore: Lore | None
    source: str
    copies: tuple[Copy, ...]
    told: bool


def find(vault: Vault, instance_id: str) -> OwnedItem | None:
    return next((item for item in vault.items if item.id == instance_id), None)


def details(player: Player, reading: Reading, items: Sequence[OwnedItem], *, options: bool = True) -> list[Detail]:
    """In the order of `items`, with as many queries for ten as for one. `options`: also what else they could have."""
    answered = told(player, reading, items)
    told_of = answered if len(answered) == len(items) else told_before(reading, items) | answered
    known = _look_up(reading.live, items, told_of, options) if reading.live else _NOTHING_KNOWN
    return [
        _detail(item, told_of.get(item.id or "", NOTHING), known, reading.vault, told=item.id in answered)
        for item in items
    ]


def place(item: OwnedItem, vault: Vault) -> str:
    owner = next((guardian for guardian in vault.characters if guardian.id == item.owner), None)
    holder = f"{owner.race} {owner.class_name}".strip() if owner else "your character"
    match item.location:
        case location if location == VAULT:
            return "In the vault"
        case location if location == POSTMASTER:
            return f"At the postmaster of your {holder}"
        case location if location == CHARACTER:
            return f"{'Equipped by' if item.equipped else 'Carried by'} your {holder}"
        case _:
            return "Shared by all your characters"


def copies(item: OwnedItem, vault: Vault) -> tuple[Copy, ...]:
    """The others of its kind that the person has, each with a page of its own."""
    others = [each for each in vault.items if each.hash == item.hash and each.id and each is not item]
    return tuple(Copy(each, place(each, vault)) for each in others)


@dataclass(frozen=True, slots=True)
class _Known:
    """The definitions that the items at hand need, by table."""

    tables: Mapping[str, Definitions]

    def __getitem__(self, table: str) -> Definitions:
        return self.tables.get(table, {})

    def item(self, item: OwnedItem) -> JsonObject:
        return self[ITEMS].get(item.hash, {})


_NOTHING_KNOWN = _Known({})


@lru_cache(maxsize=8)
def small_tables(live: Live) -> dict[str, Definitions]:
    """Kept per live revision in each process, as the game's words are: some hundred that every item needs."""
    return lookup.tables(live, STATS, STAT_GROUPS, SOCKET_CATEGORIES)


def _look_up(live: Live, items: Sequence[OwnedItem], told_of: Mapping[str, Told], options: bool) -> _Known:
    """First the items and what Bungie says is in them; then what these refer to; then what else they could hold."""
    all_told = [told_of.get(item.id or "", NOTHING) for item in items]
    unread = {
        each for told in all_told for each in perks.plug_hashes(perks.bare_sockets({}, told.sockets, told.choices))
    }
    found = lookup.definitions(live, {ITEMS: {*(item.hash for item in items), *unread}})[ITEMS]
    pairs = [(found.get(item.hash, {}), told) for item, told in zip(items, all_told, strict=True)]
    sockets = [socket for definition, told in pairs for socket in _sockets(definition, told)]
    more = lookup.definitions(live, _references(pairs, sockets, found, options))
    plugs = found | more.pop(ITEMS)
    if options:
        wanted = perks.option_hashes(sockets, more[PLUG_SETS]) - plugs.keys()
        plugs |= lookup.definitions(live, {ITEMS: wanted})[ITEMS]
    return _Known({**small_tables(live), **more, ITEMS: plugs})


def _references(
    pairs: Iterable[tuple[JsonObject, Told]], sockets: Sequence[BareSocket], found: Definitions, options: bool
) -> dict[str, set[int]]:
    definitions = [definition for definition, _ in pairs]
    goals = {goal for _, told in pairs for counted in progress.objectives(told.counters).values() for goal in counted}
    return {
        ITEMS: perks.plug_hashes(sockets) - found.keys(),
        PLUG_SETS: perks.plug_set_hashes(sockets) if options else set(),
        PERKS: {each for plug in found.values() for each in perks.perk_hashes(plug)},
        LORE: set(filter(None, (definition_hash(each.get("loreHash")) for each in definitions))),
        COLLECTIBLES: set(filter(None, (definition_hash(each.get("collectibleHash")) for each in definitions))),
        OBJECTIVES: goals,
    }


def _sockets(definition: JsonObject, told: Told) -> tuple[BareSocket, ...]:
    return perks.bare_sockets(definition, told.sockets, told.choices)


def _detail(item: OwnedItem, said: Told, known: _Known, vault: Vault, *, told: bool) -> Detail:
    definition = known.item(item)
    sockets = _sockets(definition, said)
    plugs = perks.active_plugs(sockets, known[ITEMS])
    counted = progress.objectives(said.counters)
    stats = stats_of(
        definition, plugs, said.stats, known[STAT_GROUPS].get(stat_group(definition) or 0, {}), known[STATS]
    )
    return Detail(
        item=item,
        place=place(item, vault),
        flavour=text(definition.get("flavorText")),
        description=text(mapping(definition.get("displayProperties")).get("description")),
        ammo=AMMO.get(integer(mapping(definition.get("equippingBlock")).get("ammoType")) or 0, ""),
        gear_tier=integer(said.instance.get("gearTier")) or 0,
        energy=_energy(said.instance),
        stats=stats,
        total=armor_total(stats),
        categories=perks.by_category(
            definition, sockets, known[ITEMS], known[PLUG_SETS], known[SOCKET_CATEGORIES], known[PERKS]
        ),
        kills=progress.kills(plugs, counted, known[OBJECTIVES]),
        masterwork=progress.masterwork(plugs, known[STATS]),
        crafted=progress.crafted(counted, known[OBJECTIVES]) if item.crafted else None,
        lore=_lore(known[LORE].get(definition_hash(definition.get("loreHash")) or 0)),
        source=_source(known[COLLECTIBLES].get(definition_hash(definition.get("collectibleHash")) or 0, {})),
        copies=copies(item, vault),
        told=told,
    )


def _energy(instance: JsonObject) -> Energy | None:
    energy = mapping(instance.get("energy"))
    capacity = integer(energy.get("energyCapacity"))
    return Energy(integer(energy.get("energyUsed")) or 0, capacity) if capacity else None


def _lore(definition: JsonObject | None) -> Lore | None:
    if not definition or not display(definition, "description"):
        return None
    return Lore(display(definition, "name"), text(definition.get("subtitle")), display(definition, "description"))


def _source(collectible: JsonObject) -> str:
    """Bungie writes "Source: …" itself, in every language."""
    return text(collectible.get("sourceString"))
