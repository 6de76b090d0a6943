"""A visit may ask for a check: somebody owns items that the live Manifest does not know.

Every profile holds a few per cent of items that no Manifest has. What a whole check left unknown is remembered for the
live revision, so that only other items make the site look again before the next revision is live.
"""

import logging
from collections.abc import Collection

from django.core.cache import cache
from django_q.tasks import async_task

from manifest.lookup import Live

log = logging.getLogger(__name__)
PAUSE_SECONDS = 60  # between two checks that visits asked for, whoever they are
REMEMBERED_SECONDS = 30 * 24 * 3600
MOST_REMEMBERED = 20_000


def newer(live: Live, unknown: Collection[int]) -> frozenset[int]:
    """Those of the `unknown` hashes that a newer Manifest may bring; asks for a check, at most once a minute."""
    if not unknown:
        return frozenset()
    try:
        found = frozenset(unknown) - _missing(live.revision_id)
        if found and cache.add("manifest-check-asked-for", 1, PAUSE_SECONDS):
            async_task("manifest.tasks.check_for_newer", live.language, live.revision_id, sorted(found))
    except Exception:  # each cache has errors of its own; the page can do without, and the schedule checks anyway
        log.warning("The cache does not answer: no check is asked for", exc_info=True)
        return frozenset()
    return found


def remember_missing(revision_id: int, hashes: Collection[int]) -> None:
    """No Manifest that Bungie offers today has them."""
    missing = _missing(revision_id) | set(hashes)
    if len(missing) <= MOST_REMEMBERED:
        cache.set(_key(revision_id), missing, REMEMBERED_SECONDS)


def _missing(revision_id: int) -> frozenset[int]:
    return frozenset(cache.get(_key(revision_id), ()))


def _key(revision_id: int) -> str:
    return f"manifest-items-missing-{revision_id}"
