"""The staff's pages of the Manifest with five full revisions kept: each page's time against the half second allowed.

A page is timed in one process, from request to whole response, at the median of some rounds.
"""

import statistics
import time
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import F, Func
from django.test import Client, override_settings

from manifest.models import Definition, Item, Revision
from tests.bench.full_manifest import full_manifest
from tests.bench.targets import say, tell

MOST_MS = 500
ROUNDS = 5
LIST, OBJECTIVES = "/admin/manifest/definition/", "DestinyObjectiveDefinition"


def main() -> None:
    with full_manifest() as revisions, override_settings(ALLOWED_HOSTS=["*"]):
        rows = Definition.objects.count()
        say(f"Admin with {len(revisions)} revisions, {rows:,} definitions")
        browser = signed_in()
        for name, address in pages(revisions).items():
            times = sorted(timed(browser, address) for _ in range(ROUNDS))
            tell(name, statistics.median(times), " ms", at_most=MOST_MS, note=f"at most {times[-1]:.0f}")


def signed_in() -> Client:
    staff, _ = get_user_model().objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(staff)
    return browser


def timed(browser: Client, address: str) -> float:
    started = time.monotonic()
    response = browser.get(address)
    if response.status_code != 200:
        raise AssertionError(f"{address}: {response.status_code}")
    return (time.monotonic() - started) * 1000


def pages(revisions: list[Revision]) -> dict[str, str]:
    first, last = revisions[0].pk, revisions[-1].pk
    item = Item.objects.filter(removed=None).order_by("-pk").select_related("definition").first()
    largest = Definition.objects.order_by(Func(F("json"), function="pg_column_size").desc()).first()
    return {
        "index": "/admin/",
        "revisions": "/admin/manifest/revision/",
        "revision": f"/admin/manifest/revision/{last}/change/",
        "languages": "/admin/manifest/language/",
        "definitions": LIST,
        "definitions, last page": listed(p=40),
        "valid now": listed(state="now"),
        "valid now, last page": listed(state="now", p=40),
        "taken away": listed(state="gone", p=40),
        "one table": listed(table=OBJECTIVES),
        "brought by the first revision": listed(brought=first, p=40),
        "brought by the last revision": listed(brought=last, p=40),
        "taken away by the last revision": listed(taken=last, p=40),
        "brought by the first, valid now (few)": listed(brought=first, state="now"),
        "brought by a revision that is not there": listed(brought=10**6),
        "hash": listed(q=item.hash),
        "signed hash": listed(q=item.hash - 2**32),
        "name of one item": listed(q=item.name),
        "part of many names": listed(q="e"),
        "no such name": listed(q="no such thing"),
        "name in another table": listed(table=OBJECTIVES, q="e"),
        "no such name in another table": listed(table=OBJECTIVES, q="no such thing"),
        "name, valid now, last revision": listed(q="e", state="now", brought=last),
        "definition, with its history": f"{LIST}{item.pk}/change/",
        "largest definition, with its history": f"{LIST}{largest.pk}/change/",
    }


def listed(**query: object) -> str:
    return f"{LIST}?{urlencode(query)}"
