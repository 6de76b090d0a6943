"""Everything about one item: what Bungie adds for a single item, put into words by the definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.people import Player
from accounts.tokens import with_token
from destinyvault.bungie import client
from destinyvault.bungie.enums import Component
from destinyvault.bungie.errors import BungieDown, Refused, Throttled
from manifest import lookup

from .reading import Reading
from .untrusted import definition_hash, integer, listing, mapping, text
from .vault import CHARACTER, POSTMASTER, VAULT, OwnedItem, Vault
from .words import Definitions, display

COMPONENTS = (Component.ITEM_STATS, Component.ITEM_SOCKETS)
ITEMS, STATS, STAT_GROUPS = "DestinyInventoryItemDefinition", "DestinyStatDefinition", "DestinyStatGroupDefinition"
FULL_BAR = 100


@dataclass(frozen=True, slots=True)
class Stat:
    name: str
    value: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Plug:
    name: str
    type_name: str
    description: str
    icon: str


@dataclass(frozen=True, slots=True)
class Detail:
    """`complete` is False where Bungie could not be asked for stats and perks."""

    item: OwnedItem
    place: str
    flavour: str
    description: str
    stats: tuple[Stat, ...]
    plugs: tuple[Plug, ...]
    complete: bool


def find(vault: Vault, instance_id: str) -> OwnedItem | None:
    return next((item for item in vault.items if item.id == instance_id), None)


def detail(player: Player, reading: Reading, item: OwnedItem) -> Detail:
    reply = _ask(player, item)
    definition, stats, plugs = _looked_up(reading.live, item, reply or {})
    return Detail(
        item=item,
        place=place(item, reading.vault),
        flavour=text(definition.get("flavorText")),
        description=display(definition, "description"),
        stats=stats,
        plugs=plugs,
        complete=reply is not None,
    )


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


def _ask(player: Player, item: OwnedItem) -> dict[str, Any] | None:
    """None where Bungie is away, or knows the item no more: what the profile told of it is the answer then."""
    who = player.membership
    try:
        return with_token(
            player.account,
            lambda token: client.item(who.membership_type, who.membership_id, item.id, COMPONENTS, token),
        )
    except (BungieDown, Throttled, Refused):
        return None


def _looked_up(
    live: lookup.Live | None, item: OwnedItem, reply: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Stat, ...], tuple[Plug, ...]]:
    values, plug_hashes = _stat_values(reply), _plug_hashes(reply)
    if live is None:
        return {}, (), ()
    found = lookup.definitions(live, {ITEMS: {item.hash, *plug_hashes}, STATS: values.keys()})
    items = found.get(ITEMS, {})
    definition = items.get(item.hash, {})
    scales = _scales(live, definition)
    plugs = (_plug(items[plug_hash]) for plug_hash in plug_hashes if plug_hash in items)
    return (
        definition,
        tuple(_stats(values, found.get(STATS, {}), scales)),
        tuple(plug for plug in plugs if plug.name),
    )


def _stat_values(reply: dict[str, Any]) -> dict[int, int]:
    told = mapping(_data(reply, "stats").get("stats")).items()
    values = {definition_hash(stat_hash): integer(mapping(stat).get("value")) for stat_hash, stat in told}
    return {stat_hash: value for stat_hash, value in values.items() if stat_hash is not None and value is not None}


def _plug_hashes(reply: dict[str, Any]) -> list[int]:
    sockets = [mapping(socket) for socket in listing(_data(reply, "sockets").get("sockets"))]
    hashes = [definition_hash(socket.get("plugHash")) for socket in sockets if socket.get("isVisible")]
    return [plug_hash for plug_hash in hashes if plug_hash]


def _scales(live: lookup.Live, definition: dict[str, Any]) -> dict[int, int]:
    """The game shows some stats on another scale than 0 to 100, and only those that the item's stat group lists."""
    group_hash = (definition.get("stats") or {}).get("statGroupHash")
    if not group_hash:
        return {}
    group = lookup.definitions(live, {STAT_GROUPS: [group_hash]}).get(STAT_GROUPS, {}).get(group_hash, {})
    return {scaled.get("statHash"): scaled.get("maximumValue", FULL_BAR) for scaled in group.get("scaledStats", ())}


def _stats(values: dict[int, int], definitions: Definitions, scales: dict[int, int]) -> list[Stat]:
    shown = [stat_hash for stat_hash in values if display(definitions.get(stat_hash, {}), "name")]
    shown.sort(key=lambda stat_hash: definitions[stat_hash].get("index", 0))
    return [
        Stat(
            name=display(definitions[stat_hash], "name"),
            value=values[stat_hash],
            maximum=max(scales.get(stat_hash, FULL_BAR), values[stat_hash]),
        )
        for stat_hash in shown
        if not scales or stat_hash in scales
    ]


def _plug(definition: dict[str, Any]) -> Plug:
    return Plug(
        name=display(definition, "name"),
        type_name=text(definition.get("itemTypeDisplayName")),
        description=display(definition, "description"),
        icon=display(definition, "icon"),
    )


def _data(reply: dict[str, Any], component: str) -> dict[str, Any]:
    return mapping(mapping(reply.get(component)).get("data"))
