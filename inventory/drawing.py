"""The stores as HTML: all of the page that depends on what Bungie sent, and on nothing else of the request.

So it is kept for as long as somebody looks at it again, compressed: 45 kB for a thousand items, where making it takes
most of a page's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from isal import isal_zlib

from accounts.models import Preferences

from .matching import matches
from .materials import materials
from .page import View, everything, groups
from .plugged import NO_PERKS, Perks
from .reading import Reading
from .recent import Recent
from .tiles import told
from .vault import ACCOUNT, VAULT, Guardian, OwnedItem

DRAWN: Recent[bytes] = Recent(64)


@dataclass(frozen=True, slots=True)
class Search:
    """What a person looks for: nothing, or what has all the `words`; `perks` is empty for the former."""

    words: tuple[str, ...] = ()
    perks: Perks = NO_PERKS

    def finds(self, item: OwnedItem) -> bool:
        return matches((*told(item), *self.perks.of(item.id)), self.words)


def drawn(reading: Reading, stores: Sequence[str], preferences: Preferences, search: Search) -> SafeString:
    """`stores` in their order from left to right, as page.py names them."""
    chosen = (preferences.sort, frozenset(preferences.folded))
    key = (reading.seen.digest, reading.live, tuple(stores), *chosen, search.words, settings.BUNGIE_ROOT)
    packed = DRAWN.get(key, lambda: isal_zlib.compress(_draw(reading, stores, preferences, search).encode(), 2))
    return SafeString(isal_zlib.decompress(packed).decode())


def found(reading: Reading, stores: Sequence[str], search: Search) -> int:
    """How many of the items in these stores the person looks for."""
    return sum(search.finds(item) for item in reading.vault.items if (item.owner or item.location) in stores)


def _draw(reading: Reading, stores: Sequence[str], preferences: Preferences, search: Search) -> str:
    missing = reading.seen.profile.missing
    view = View(
        stores=stores,
        sort=preferences.sort,
        folded=frozenset(preferences.folded),
        is_shown=search.finds if search.words else everything,
        postmaster_is_known="characterInventories" not in missing,
    )
    context = {
        "groups": groups(reading.vault, reading.words, view),
        "guardians": _guardians(reading, stores),
        "has_vault": VAULT in stores,
        "is_all": ACCOUNT in stores,
        "vault": reading.vault,
        "vault_is_known": "profileInventory" not in missing,
        "is_told": not missing,
        "materials": materials(reading.vault) if ACCOUNT in stores else (),
        "BUNGIE_ROOT": settings.BUNGIE_ROOT,
    }
    return render_to_string("inventory/_stores.html", context)


def _guardians(reading: Reading, stores: Sequence[str]) -> list[Guardian]:
    return [guardian for guardian in reading.vault.characters if guardian.id in stores]
