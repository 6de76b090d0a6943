"""The pages of a comparison: two full revisions in which all but the smallest tables differ."""

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client, override_settings

from manifest import comparing
from manifest.models import KeptCounts
from tests.bench.full_manifest import full_manifest
from tests.bench.targets import say, tell

MOST_MS = 200
ROUNDS = 9
FIRST_PAGES = ("neighbours", "far apart", "backward", "one definition", "history", "API, neighbours")


def main() -> None:
    with full_manifest("bench_full_manifest") as revisions, override_settings(MANIFEST_LANGUAGES=["en"]):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE manifest_definition, manifest_item")  # as the daemon does within minutes
        first, *_, before, last = (revision.pk for revision in revisions)
        pages = {
            "neighbours": f"/manifest/{last}/",
            "neighbours, page 500": f"/manifest/{last}/?page=500",
            "neighbours, tables": f"/manifest/{last}/?table=DestinyObjectiveDefinition",
            "neighbours, by name": f"/manifest/{last}/?name=ghost",
            "far apart": f"/manifest/{last}/?from={first}",
            "backward": f"/manifest/{before}/?from={last}",
            "one definition": definition(last),
            "history": "/manifest/",
            "API, neighbours": f"/api/v1/manifest/changes?from={before}&to={last}",
        }
        say(f"Comparison of two revisions of {revisions[-1].rows:,} definitions")
        KeptCounts.objects.all().delete()
        tell("far apart, before the cluster counted", timed(lambda: fetch(pages["far apart"])), " ms")
        for revision in revisions:
            comparing.count_differences(revision.pk)  # as the cluster does after an import
        for name, address in pages.items():
            report(name, MOST_MS if name in FIRST_PAGES else 0, lambda address=address: fetch(address))


def definition(revision: int) -> str:
    page = Client().get(f"/manifest/{revision}/").content.decode()
    return page.split('class="change-name" href="')[1].split('"')[0].replace("&amp;", "&")


def fetch(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 200, (address, response.status_code)


def report(name: str, most: float, work: Callable[[], None]) -> None:
    took = sorted(timed(work) for _ in range(ROUNDS))
    tell(name, statistics.median(took), " ms", at_most=most, note=f"at most {took[-1]:.0f}")


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
