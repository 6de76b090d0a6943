"""Revisions come, go and are given up while pages and API are asked without a pause: nothing fails or is mixed."""

import json
import re
import threading
import time
from datetime import timedelta
from itertools import cycle

import pytest
import requests

from destinyvault.sandbox.content import reading
from manifest import pruning, switch
from manifest.models import Revision
from manifest.sync import sync
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "20000001"
PAGES = ["/inventory/", "/api/v1/inventory", "/api/v1/manifest", "/healthz", "/manifest/", "/"]
READERS = 3
PATIENCE_SECONDS = 30
NAMING_ITEMS = PAGES[:2]
REVISIONS = 6
_NUMBER = re.compile(r"Revision-(\d+)-")


@pytest.fixture
def revision_files(sandbox, tmp_path):
    """Content files of which every item is named by the number of its revision."""
    with reading(sandbox.library.current.content("en").database) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: dict(database.execute(f"SELECT * FROM {name}")) for name in names}
    items = {key: json.loads(body) for key, body in tables.pop(made.ITEMS).items()}
    return [
        made.content_file(tmp_path / str(number), {**tables, made.ITEMS: numbered(items, number)})
        for number in range(REVISIONS)
    ]


def numbered(items, number):
    return {
        key: {**item, "displayProperties": {**item["displayProperties"], "name": f"Revision-{number}-{key}"}}
        for key, item in items.items()
    }


class Reader(threading.Thread):
    """Asks one page after the other, and keeps what should not have come."""

    def __init__(self, site, cookies, end):
        super().__init__()
        self.site, self.end = site, end
        self.session = requests.Session()
        self.session.cookies.update(cookies)
        self.asked, self.wrong, self.numbers = 0, [], set()

    def run(self):
        for page in cycle(PAGES):
            if self.end.is_set():
                return
            try:
                self.judge(page, self.session.get(self.site + page, timeout=30, allow_redirects=False))
            except requests.RequestException as error:
                self.wrong.append((page, error))
            self.asked += 1

    def judge(self, page, reply):
        numbers = set(_NUMBER.findall(reply.text))
        self.numbers |= numbers
        if reply.status_code != 200 or len(numbers) > 1 or (page in NAMING_ITEMS and not numbers):
            self.wrong.append((page, reply.status_code, numbers, reply.text[:500]))


def test_no_request_fails_or_mixes_revisions_while_they_change(
    live_server, sandbox, sign_in, revision_files, settings, monkeypatch
):
    settings.MANIFEST_LANGUAGES, settings.MANIFEST_KEEP_REVISIONS = ["en"], 2
    monkeypatch.setattr(pruning, "_STILL_READ", timedelta(seconds=3))  # no request here takes as long
    first, *later = revision_files
    sync("en", file=first, force=True)
    browser = sign_in(OWNER)
    assert b"Revision-0-" in browser.get("/inventory/").content
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    end = threading.Event()
    readers = [Reader(live_server.url, cookies, end) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for file in later:
            sync("en", file=file, force=True)
            change_back_and_forth()
        give_up_old_ones()
    finally:
        end.set()
        for reader in readers:
            reader.join()
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert min(reader.asked for reader in readers) >= len(PAGES)
    assert len(set.union(*(reader.numbers for reader in readers))) > 1, "nobody saw a change"


def change_back_and_forth():
    """Through every kept revision and back to the newest."""
    newest, *older = Revision.objects.filter(language="en", status="complete").order_by("-id")
    for revision in older:
        switch.make_live(revision, pinned=True)
    switch.make_live(newest)


def give_up_old_ones():
    end = time.monotonic() + PATIENCE_SECONDS
    while not Revision.objects.filter(status="pruned", pruned_at__isnull=False).exists():
        assert time.monotonic() < end, "nothing was given up"
        pruning.prune("en")
        time.sleep(0.1)
