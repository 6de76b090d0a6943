"""Why somebody owns items that the live Manifest does not know; a visit with newer ones asks for a check.

Every profile holds a few per cent of items that no Manifest has. What a whole check left unknown is remembered for the
live revision, so that only other items make the site look again before the next revision is live.
"""

import logging
from collections.abc import Collection
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Q
from django_q.tasks import async_task

from manifest.errors import first_line
from manifest.lookup import Live
from manifest.models import Item, Revision

log = logging.getLogger(__name__)
PAUSE_SECONDS = 60  # between two checks that visits asked for, whoever they are
REMEMBERED_SECONDS = 30 * 24 * 3600
MOST_REMEMBERED = 20_000
ASKED = "manifest-check-asked-for"


class Why(StrEnum):
    NEWER = "a newer Manifest may have it, and is looked for"
    LATER = "a newer Manifest has it, and staff keep an older one live"
    REMOVED = "an older Manifest had it"
    MISSING = "no Manifest that Bungie offers has it"


def reasons(live: Live, unknown: Collection[int]) -> dict[int, Why]:
    """Of each of the `unknown` hashes of which anything is known. Asks for a check, at most once a minute."""
    if not unknown:
        return {}
    found = _of_other_revisions(live, unknown)
    try:
        return found | _of_this_revision(live, frozenset(unknown) - found.keys())
    except Exception as error:  # each cache has its own; the page can do without, and the schedule checks anyway
        log.warning("The cache does not answer, so no check is asked for: %s", first_line(error))
        return found


def remember_missing(revision_id: int, hashes: Collection[int]) -> None:
    """No Manifest that Bungie offers today has them."""
    key = _key(revision_id)
    missing = frozenset(cache.get(key, ())) | frozenset(hashes)
    if len(missing) <= MOST_REMEMBERED:
        cache.set(key, missing, REMEMBERED_SECONDS)


def _of_other_revisions(live: Live, unknown: Collection[int]) -> dict[int, Why]:
    """What an import has written that is not complete does not count."""
    complete = Revision.objects.filter(language=live.language, status=Revision.Status.COMPLETE)
    later = Q(added__gt=live.revision_id, added__in=complete.values("pk"))
    rows = Item.objects.filter(later | Q(removed__lte=live.revision_id), language=live.language, hash__in=unknown)
    added = rows.order_by("added").values_list("hash", "added")
    return {hash_: Why.LATER if since > live.revision_id else Why.REMOVED for hash_, since in added}


def _of_this_revision(live: Live, unknown: frozenset[int]) -> dict[int, Why]:
    if not unknown:
        return {}
    key = _key(live.revision_id)
    kept = cache.get_many([key, ASKED])  # one query where the cache is a table, at each page of such a person
    missing = unknown & kept.get(key, frozenset())
    newer = unknown - missing
    if newer and ASKED not in kept and cache.add(ASKED, True, PAUSE_SECONDS):
        async_task("manifest.tasks.check_for_newer", live.language, live.revision_id, sorted(newer))
    return dict.fromkeys(newer, Why.NEWER) | dict.fromkeys(missing, Why.MISSING)


def _key(revision_id: int) -> str:
    return f"manifest-items-missing-{revision_id}"
