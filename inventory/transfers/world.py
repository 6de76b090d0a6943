"""All that one person owns and where there is room, as the planner needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.people import Player
from inventory import snapshots
from inventory.profile import Character, HeldItem
from inventory.reading import read
from inventory.summaries import summaries
from inventory.words import Bucket
from manifest.lookup import ItemSummary


@dataclass
class World:
    """`characters` last played first; `kinds` what the Manifest says of the items' hashes."""

    characters: tuple[Character, ...]
    items: list[HeldItem]
    kinds: Mapping[int, ItemSummary]
    buckets: Mapping[int, Bucket]


def world_of(player: Player) -> World:
    """As last known, with what our own calls have changed since. Raises BungieError where nothing is known yet."""
    seen = snapshots.known(player) or snapshots.latest(player)
    reading = read(seen)
    kinds = summaries(reading.live, {held.hash for held in seen.profile.items})
    return World(seen.profile.characters, list(seen.profile.items), kinds, reading.words.buckets)
