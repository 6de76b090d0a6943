"""What the Manifest says of the items that people own, kept in this process: at one revision it never changes."""

from __future__ import annotations

from collections.abc import Collection

from manifest import lookup
from manifest.lookup import ItemSummary, Live

from .recent import Recent

MOST = 20_000  # some 12 MB; all players of one site own fewer different items
SUMMARIES: Recent[dict[int, ItemSummary | None]] = Recent(4)  # None: this revision has no such item


def summaries(live: Live | None, hashes: Collection[int]) -> dict[int, ItemSummary]:
    """By hash, of those that the revision has. One query, and none where somebody else has asked for the same."""
    if live is None:
        return {}
    known = SUMMARIES.get(live, dict)
    if len(known) > MOST:
        known = SUMMARIES.put(live, {})
    wanted = {each for each in hashes if each not in known}
    if wanted:
        known.update(dict.fromkeys(wanted) | lookup.items(live, wanted))
    return {each: summary for each in hashes if (summary := known[each])}
