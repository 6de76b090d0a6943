"""The inventory page with three and with a thousand items: queries, time on the server beyond Bungie's reply, bytes."""

import gzip
import logging
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from destinyvault.bungie import client as bungie
from destinyvault.sandbox.server import Sandbox
from inventory.drawing import DRAWN
from inventory.models import ProfileSnapshot
from inventory.reading import VAULTS
from inventory.snapshots import PROFILES
from manifest.sync import sync
from tests.bench.targets import say, tell
from tests.conftest import callback_for

DATABASE = "bench_inventory"
PAGE = "/inventory/"
THREE, THOUSAND = "20000006", "20000002"  # guardians of the sandbox
ROUNDS = 40
MOST_QUERIES, MOST_MS, MOST_KB = 10, 60, 60
MOST_MS_UNCHANGED, MOST_VISIT_KB = 15, 300
PERKS = "/inventory/perks.json"


def main() -> None:
    with living_sandbox(DATABASE) as sandbox:
        report(sandbox)


@contextmanager
def living_sandbox(database: str) -> Iterator[Sandbox]:
    """Its Manifest is live, in a database of the bench's own."""
    logging.disable(logging.INFO)
    connection.settings_dict["TEST"]["NAME"] = database
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with Sandbox(scale=3000) as sandbox, override_settings(BUNGIE_ROOT=sandbox.root):
            sync("en")
            yield sandbox
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def report(sandbox: Sandbox) -> None:
    many = cut(sandbox, THOUSAND, 1000)
    queries = {count: asked(browser) for count, browser in ((3, cut(sandbox, THREE, 3)), (1000, many))}
    fetched, held = timed(many, fetch=True), timed(many, fetch=False)
    page = many.get(PAGE).content
    size, visit = sent(many, PAGE), first_visit(many, page.decode())
    tiles = page.count(b'class="tile ')
    say(f"/inventory/ with {tiles:,} items")
    tell("queries", queries[1000], at_most=MOST_QUERIES, note=f"{queries[3]} with 3 items")
    tell("server time beyond Bungie's reply", fetched, " ms", at_most=MOST_MS, note=f"median of {ROUNDS}")
    tell("while its data is unchanged", held, " ms", at_most=MOST_MS_UNCHANGED, note=f"median of {ROUNDS}")
    tell("HTML, as sent", size, " kB", at_most=MOST_KB)
    tell("first visit, without pictures", visit, " kB", at_most=MOST_VISIT_KB)
    tell("names of perks, once somebody types", sent(many, PERKS), " kB")


def cut(sandbox: Sandbox, guardian: str, items: int) -> Client:
    """A browser signed in as somebody who owns exactly so many items."""
    (membership,) = sandbox.guardian(guardian).memberships
    owned = sandbox.accounts[membership.id].owned
    purse = owned.currencies()
    owned.items[:] = [item for item in owned.items if item not in purse][:items] + purse
    browser = Client()
    browser.get(callback_for(sandbox, browser, guardian=guardian))
    browser.get(PAGE, {"refresh": "1"})
    return browser


def sent(browser: Client, path: str) -> float:
    """kB on the line."""
    return len(browser.get(path, headers={"Accept-Encoding": "gzip"}).content) / 1000


def first_visit(browser: Client, page: str) -> float:
    """kB of the page with its style sheets and scripts."""
    named = set(re.findall(r'(?:src|href)="/static/([^"]+[.](?:js|css))"', page))
    files = [Path(finders.find(name)).read_bytes() for name in named]
    return sent(browser, PAGE) + sum(len(gzip.compress(file)) for file in files) / 1000


def asked(browser: Client) -> int:
    age()
    with CaptureQueriesContext(connection) as captured:
        browser.get(PAGE, {"refresh": "1"}, headers={"HX-Request": "true"})
    return len(captured)


def timed(browser: Client, *, fetch: bool) -> float:
    """Milliseconds at the median, without those that Bungie took to answer."""
    return statistics.median(one(browser, fetch) for _ in range(ROUNDS)) * 1000


def one(browser: Client, fetch: bool) -> float:
    waited = []

    def send(*args: object, **more: object) -> object:
        started = time.perf_counter()
        try:
            return genuine(*args, **more)
        finally:
            waited.append(time.perf_counter() - started)

    genuine = bungie._send
    if fetch:
        age()
        for kept in (PROFILES, VAULTS, DRAWN):  # as if each answer were another one
            kept.clear()
    with mock.patch.object(bungie, "_send", send):
        started = time.perf_counter()
        asking = {"refresh": "1"} if fetch else {}  # what the page does in the background
        assert browser.get(PAGE, asking, headers={"Accept-Encoding": "gzip", "HX-Request": "true"}).status_code == 200
        seconds = time.perf_counter() - started
    assert bool(waited) is fetch
    return seconds - sum(waited)


def age() -> None:
    past = timezone.now() - timedelta(minutes=1)
    ProfileSnapshot.objects.update(fetched_at=past, minted_at=past)


if __name__ == "__main__":
    main()
