"""The first page of a comparison, nothing cached: two full revisions in which all but the smallest tables differ."""

import statistics
import sys
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client, override_settings

from tests.bench.full_manifest import full_manifest

MOST_MS = 200
ROUNDS = 9


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
        sys.stdout.write(f"Comparison of two revisions of {revisions[-1].rows:,} definitions, of {MOST_MS} ms\n")
        for name, address in pages.items():
            report(name, lambda address=address: fetch(address))


def definition(revision: int) -> str:
    page = Client().get(f"/manifest/{revision}/").content.decode()
    return page.split('class="change-name" href="')[1].split('"')[0].replace("&amp;", "&")


def fetch(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 200, (address, response.status_code)


def report(name: str, work: Callable[[], None]) -> None:
    took = sorted(timed(work) for _ in range(ROUNDS))
    median = statistics.median(took)
    sys.stdout.write(f"  {name:<22} {median / MOST_MS:.2f}  ({median:.0f} ms at the median, {took[-1]:.0f} at most)\n")


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
