"""What the Manifest says of the items that people own, kept in this process: at one revision it never changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from manifest import lookup
from manifest.lookup import ItemSummary, Live

from .recent import Recent

MOST = 20_000  # some 12 MB; all players of one site own fewer different items
SUMMARIES: Recent[dict[int, ItemSummary]] = Recent(4)


def summaries(live: Live | None, hashes: Collection[int]) -> Mapping[int, ItemSummary]:
    """By hash; there may be more of them than were asked for."""
    if live is None:
        return {}
    known = SUMMARIES.get(live, dict)
    if len(known) > MOST:
        known = SUMMARIES.put(live, {})
    wanted = set(hashes) - known.keys()
    if wanted:
        known.update(lookup.items(live, wanted))
    return known
