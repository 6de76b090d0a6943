"""The straight path behind every page and API call of this app: snapshot, definitions, vault."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.people import Player
from manifest import lookup

from .snapshots import Seen, latest
from .vault import Vault, build_vault, hashes
from .words import NO_WORDS, Words, words_of


@dataclass(frozen=True, slots=True)
class Reading:
    """`live` is None while this site has no Manifest: then items have no names yet."""

    seen: Seen
    vault: Vault
    words: Words
    live: lookup.Live | None


def read(player: Player, *, refresh: bool = False) -> Reading:
    seen = latest(player, refresh=refresh)
    live = lookup.live(player.preferences.language)
    words = words_of(live) if live else NO_WORDS
    items = lookup.items(live, hashes(seen.profile)) if live else {}
    return Reading(seen, build_vault(seen.profile, items, words), words, live)
