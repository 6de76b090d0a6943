"""A visit may ask for a check: somebody owns items that the live Manifest does not know.

Every profile holds a few per cent of items that no Manifest has. What a whole check left unknown is remembered for the
live revision, so that only other items make the site look again before the next revision is live.
"""

import logging
from collections.abc import Collection

from django.core.cache import cache
from django_q.tasks import async_task

from manifest.errors import first_line
from manifest.lookup import Live

log = logging.getLogger(__name__)
PAUSE_SECONDS = 60  # between two checks that visits asked for, whoever they are
REMEMBERED_SECONDS = 30 * 24 * 3600
MOST_REMEMBERED = 20_000
ASKED = "manifest-check-asked-for"


def newer(live: Live, unknown: Collection[int]) -> frozenset[int]:
    """Those of the `unknown` hashes that a newer Manifest may bring; asks for a check, at most once a minute."""
    if not unknown:
        return frozenset()
    try:
        return _newer(live, unknown)
    except Exception as error:  # each cache has its own; the page can do without, and the schedule checks anyway
        log.warning("The cache does not answer, so no check is asked for: %s", first_line(error))
        return frozenset()


def remember_missing(revision_id: int, hashes: Collection[int]) -> None:
    """No Manifest that Bungie offers today has them."""
    key = _key(revision_id)
    missing = frozenset(cache.get(key, ())) | frozenset(hashes)
    if len(missing) <= MOST_REMEMBERED:
        cache.set(key, missing, REMEMBERED_SECONDS)


def _newer(live: Live, unknown: Collection[int]) -> frozenset[int]:
    missing = _key(live.revision_id)
    kept = cache.get_many([missing, ASKED])  # one query where the cache is a table, at each page of such a person
    found = frozenset(unknown) - kept.get(missing, frozenset())
    if found and ASKED not in kept and cache.add(ASKED, True, PAUSE_SECONDS):
        async_task("manifest.tasks.check_for_newer", live.language, live.revision_id, sorted(found))
    return found


def _key(revision_id: int) -> str:
    return f"manifest-items-missing-{revision_id}"
