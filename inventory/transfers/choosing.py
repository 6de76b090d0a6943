"""The items of one store with a box each: how several are chosen where no script marks tiles. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from destinyvault.bungie.enums import TIERS
from inventory.places import place_of
from inventory.reading import Reading
from inventory.vault import ACCOUNT, POSTMASTER, OwnedItem

from . import permissions
from .buttons import reference
from .naming import Thing, stores
from .world import class_types


@dataclass(frozen=True, slots=True)
class Choice:
    reference: str
    thing: Thing
    quantity: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    choices: tuple[Choice, ...]


def stores_of(reading: Reading) -> dict[str, str]:
    """By id, in the order of the page."""
    named = {store: name[:1].upper() + name[1:] for store, name in stores(reading.vault.characters).items()}
    return {**named, ACCOUNT: "What all characters share"}


def rows(reading: Reading, store: str) -> list[Row]:
    """What can be moved, worn or locked, in the rows of the inventory; of stacks that lie together one."""
    classes, buckets = class_types(reading), reading.words.buckets
    found: dict[tuple[tuple[bool, int, str], str], dict[str, Choice]] = {}
    for item in reading.vault.items:
        if (item.owner or item.location) == store and permissions.permissions(item, classes, buckets).any:
            place = place_of(item, reading.words)
            row = found.setdefault((place.order, place.name), {})
            choice = _choice(item, row.get(reference(item)))
            row[choice.reference] = choice
    return [Row(name, tuple(row.values())) for (_, name), row in sorted(found.items(), key=lambda each: each[0])]


def _choice(item: OwnedItem, alike: Choice | None) -> Choice:
    words = (
        item.type_name,
        f"{item.power} power" if item.power else "",
        "worn" if item.equipped else "",
        "locked" if item.locked else "",
        "at the postmaster" if item.location == POSTMASTER else "",
    )
    return Choice(
        reference=reference(item),
        thing=Thing(item.name, item.icon, TIERS.get(item.tier, "basic")),
        quantity=item.quantity + (alike.quantity if alike else 0),
        words=", ".join(filter(None, words)),
    )
