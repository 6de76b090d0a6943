"""The straight path behind every page and API call of this app: snapshot, definitions, vault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.people import Player
from manifest import asking, lookup

from .snapshots import Seen, latest
from .vault import Vault, build_vault, hashes
from .words import NO_WORDS, Words, words_of


@dataclass(frozen=True, slots=True)
class Reading:
    """`live` is None while this site has no Manifest: then items have no names yet.

    `unknown` counts the items that it does not know, by the reason.
    """

    seen: Seen
    vault: Vault
    words: Words
    live: lookup.Live | None
    unknown: Mapping[asking.Why, int]


def read(player: Player, *, refresh: bool = False) -> Reading:
    seen = latest(player, refresh=refresh)
    live = lookup.live(player.preferences.language)
    words = words_of(live) if live else NO_WORDS
    items = lookup.items(live, hashes(seen.profile)) if live else {}
    vault = build_vault(seen.profile, items, words)
    return Reading(seen, vault, words, live, _unknown(vault, live))


def _unknown(vault: Vault, live: lookup.Live | None) -> Mapping[asking.Why, int]:
    hashes = [item.hash for item in vault.items if not item.known]
    reasons = asking.reasons(live, set(hashes)) if live else {}
    return Counter(reasons[each] for each in hashes if each in reasons)
