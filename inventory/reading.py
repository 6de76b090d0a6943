"""The straight path behind every page and API call of this app: snapshot, definitions, vault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from manifest import asking, lookup

from .profile import HeldItem, Profile
from .recent import Recent
from .snapshots import Seen
from .summaries import summaries
from .vault import Vault, build_vault, hashes
from .words import NO_WORDS, Words, words_of

Wanted = Callable[[HeldItem], bool]
VAULTS: Recent[Vault] = Recent(16)  # some 0.4 MB each


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

    @property
    def has_no_characters(self) -> bool:
        """As Bungie says; not where it did not send them."""
        return not self.vault.characters and "characters" not in self.seen.profile.missing

    @property
    def is_empty(self) -> bool:
        return self.has_no_characters and not self.vault.items

    @property
    def key(self) -> str:
        """The same as long as a page of it would show the same items in the same way."""
        revision = self.live.revision_id if self.live else 0
        return f"{self.seen.digest}-{revision}-{self.seen.player.preferences.sort}"


def read(seen: Seen, wanted: Wanted | None = None) -> Reading:
    """`wanted` chooses items, of whose kinds alone it is: to name a thousand others would take most of the time."""
    live = lookup.live(seen.player.preferences.language)
    words = words_of(live) if live else NO_WORDS
    if wanted:
        vault = _vault(_of_kinds(seen.profile, wanted), live, words)
    else:
        vault = VAULTS.get((seen.digest, live), lambda: _vault(seen.profile, live, words))
    return Reading(seen, vault, words, live, _unknown(vault, live))


def _vault(profile: Profile, live: lookup.Live | None, words: Words) -> Vault:
    return build_vault(profile, summaries(live, hashes(profile)), words)


def _of_kinds(profile: Profile, wanted: Wanted) -> Profile:
    kinds = {held.hash for held in profile.items if wanted(held)}
    return replace(profile, items=tuple(held for held in profile.items if held.hash in kinds), currencies=())


def _unknown(vault: Vault, live: lookup.Live | None) -> Mapping[asking.Why, int]:
    hashes = [item.hash for item in vault.items if not item.known]
    reasons = asking.reasons(live, set(hashes)) if live else {}
    return Counter(reasons[each] for each in hashes if each in reasons)
