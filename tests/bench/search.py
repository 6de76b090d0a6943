"""Search over five full revisions of one language and one of another: letter by letter as typed, and the worst.

At the newest revision, and after a roll-back to the oldest one, of which hardly anything is current.
"""

import statistics
import time

from django.conf import settings
from django.db import connection

from destinyvault.sandbox.manifest import open_library
from manifest import lookup, switch
from manifest.models import Item, Revision
from manifest.search import search
from manifest.sync import sync
from tests.bench.full_manifest import SCALE, full_manifest
from tests.bench.targets import say, tell

MOST_MS = 30
ROUNDS = 5
TYPED = ("silver lantern", "exotic hand cannon", "warlock helm", "iron verdict", "defeating a target", "rocket laun")
WORST = ("a", "s", "t", "the", "of", "legendary", "common", "trait", "weapon", "a t", "zzz", "“quoted” & odd")


def main() -> None:
    with full_manifest() as revisions:
        other_language(revisions)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE manifest_item")  # as autovacuum has done a minute after an import
        report("the newest revision", MOST_MS)
        switch.make_live(revisions[0])
        report("after a roll-back", 0)
        switch.make_live(revisions[-1])


def other_language(revisions: list[Revision]) -> None:
    if not Revision.objects.filter(language="fr").exists():
        library = open_library(1, SCALE, settings.VAR_DIR / "bench", None)
        sync("fr", file=library.current.content("fr").zipped)


def report(title: str, most: float) -> None:
    live = lookup.live("en")
    queries = [text[:length] for text in TYPED for length in range(1, len(text) + 1)] + list(WORST)
    best = {text: min(timed(live, text) for _ in range(ROUNDS)) for text in queries}
    every = sorted(timed(live, text) for text in queries for _ in range(ROUNDS))
    p95 = every[int(len(every) * 0.95)]
    slowest = sorted(best, key=best.get)[-3:][::-1]
    of_live = Item.objects.filter(lookup.valid_at(live.revision_id), language="en").count()
    say(f"Search, {title}: {of_live:,} items ({Item.objects.count():,} rows kept), {len(every)} queries of 25 results")
    tell(
        "95th percentile", p95, " ms", at_most=most, note=f"median {statistics.median(every):.1f}, most {every[-1]:.1f}"
    )
    say(f"  slowest {', '.join(f'“{text}” {best[text]:.1f} ms' for text in slowest)} (best of {ROUNDS})")


def timed(live: lookup.Live, text: str) -> float:
    started = time.perf_counter()
    search(live, text, limit=25)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
