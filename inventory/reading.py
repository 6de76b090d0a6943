"""The straight path behind every page and API call of this app: snapshot, definitions, vault."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.people import Player
from manifest import asking, lookup

from .profile import Profile
from .recent import Recent
from .snapshots import Seen, latest
from .summaries import summaries
from .vault import Vault, build_vault, hashes
from .words import NO_WORDS, Words, words_of

VAULTS: Recent[Vault] = Recent(16)  # some 0.4 MB each


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
    seen = latest(player, refresh=refresh)
    live = lookup.live(player.preferences.language)
    words = words_of(live) if live else NO_WORDS
    vault = VAULTS.get((seen.digest, live), lambda: _vault(seen.profile, live, words))
    return Reading(seen, vault, words, live, _newer(vault, live))


def _vault(profile: Profile, live: lookup.Live | None, words: Words) -> Vault:
    return build_vault(profile, summaries(live, hashes(profile)), words)


def _newer(vault: Vault, live: lookup.Live | None) -> int:
    unknown = [item.hash for item in vault.items if not item.known]
    looked_for = asking.newer(live, set(unknown)) if live else frozenset()
    return sum(each in looked_for for each in unknown)
