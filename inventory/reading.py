"""The straight path behind every page and API call of this app: snapshot, definitions, vault."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.people import Player
from manifest import asking, lookup

from .snapshots import Seen, latest
from .vault import Vault, build_vault, hashes
from .words import NO_WORDS, Words, words_of


@dataclass(frozen=True, slots=True)
class Reading:
    """`live` is None while this site has no Manifest: then items have no names yet.

    `newer` counts the items for which the site is looking for a newer one.
    """

    seen: Seen
    vault: Vault
    words: Words
    live: lookup.Live | None
    newer: int


def read(player: Player, *, refresh: bool = False) -> Reading:
    return reading_of(player, latest(player, refresh=refresh))


def reading_of(player: Player, seen: Seen) -> Reading:
    live = lookup.live(player.preferences.language)
    words = words_of(live) if live else NO_WORDS
    items = lookup.items(live, hashes(seen.profile)) if live else {}
    vault = build_vault(seen.profile, items, words)
    return Reading(seen, vault, words, live, _newer(vault, live))


def _newer(vault: Vault, live: lookup.Live | None) -> int:
    unknown = [item.hash for item in vault.items if not item.known]
    looked_for = asking.newer(live, set(unknown)) if live else frozenset()
    return sum(each in looked_for for each in unknown)
