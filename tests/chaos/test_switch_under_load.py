"""Revisions come, go and are given up while pages and API are asked without a pause: nothing fails or is mixed."""

import json
import re
import threading
from itertools import cycle

import pytest
import requests
from django.db import connection
from django.utils import timezone

from destinyvault.sandbox.content import reading
from manifest import pruning, switch
from manifest.comparing import PAGE
from manifest.models import Revision
from manifest.sync import sync
from tests.manifest import content_files as made
from tests.manifest.standstill import until

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "20000001"
PAGES = [
    "/inventory/",
    "/api/v1/inventory",
    "/armory/?q=revision",
    "/api/v1/armory?q=revision",
    "/manifest/{new}/?from={old}",
    "/api/v1/manifest/changes?from={old}&to={new}",
    "/api/v1/manifest/changes",
    "/manifest/feed.atom",
    "/api/v1/manifest",
    "/healthz",
    "/manifest/",
    "/",
]
READERS = 3
NAMING_ITEMS, COMPARING = PAGES[:4], PAGES[4:7]
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

    def __init__(self, site, cookies, imported, end):
        super().__init__()
        self.site, self.imported, self.end = site, imported, end
        self.session = requests.Session()
        self.session.cookies.update(cookies)
        self.asked, self.wrong, self.numbers = set(), [], set()
        self.began = timezone.now()  # the request that is under way

    def run(self):
        pairs = cycle([(-2, -1), (-1, -2), (-3, -1)])  # of the revisions so far, also one that may be given up just now
        for page in cycle(PAGES):
            if self.end.is_set():
                break
            old, new = (self.imported[place] for place in next(pairs))
            path, self.began = page.format(old=old, new=new), timezone.now()
            try:
                reply = self.session.get(self.site + path, timeout=30, allow_redirects=False)
                self.judge(page, reply, [old, new] if "{" in page else [])
            except Exception as error:
                self.wrong.append((path, error))
            self.asked.add(page)
        connection.close()

    def judge(self, page, reply, named):
        numbers = set(_NUMBER.findall(reply.text))
        if reply.status_code == 404 and page in COMPARING:
            right = says_why(reply.text, named)
        elif "/changes" in page:
            right = reply.status_code == 200 and is_of_two_revisions(reply.json(), self.imported, named)
        else:
            self.numbers |= numbers
            right = reply.status_code == 200 and len(numbers) <= 1 and (numbers or page not in NAMING_ITEMS)
        if not right:
            body = reply.text.partition("<main")[2] or reply.text
            self.wrong.append((reply.url, reply.status_code, numbers, reply.elapsed, body[:2_000]))


def says_why(text, named):
    """Only where the address names a revision that was given up, or what is live has none before it."""
    if named:
        return "no longer kept" in text and Revision.objects.filter(pk__in=named, status="pruned").exists()
    return "There is no earlier revision to compare with." in text


def is_of_two_revisions(reply, imported, named):
    """Every name is the new revision's, every old value the old one's, and no change is missing."""
    old, new = reply["from"]["id"], reply["to"]["id"]
    names = {imported.index(new): [change["name"] for change in reply["changes"]], imported.index(old): []}
    for change in reply["changes"]:
        for field in change["fields"]:
            names[imported.index(old)].append(field["old"])
            names[imported.index(new)].append(field["new"])
    whole = len(reply["changes"]) == min(PAGE, reply["total"]) > 0
    right = all(name.startswith(f"Revision-{number}-") for number, said in names.items() for name in said)
    return whole and right and named in ([], [old, new])


def test_no_request_fails_or_mixes_revisions_while_they_change(
    live_server, sandbox, sign_in, revision_files, settings, monkeypatch
):
    settings.MANIFEST_LANGUAGES, settings.MANIFEST_KEEP_REVISIONS = ["en"], 2
    earlier, later = revision_files[:3], revision_files[3:]
    imported = [sync("en", file=file, force=True).revision.pk for file in earlier]
    browser = sign_in(OWNER)
    assert b"Revision-2-" in browser.get("/inventory/").content
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    end = threading.Event()
    readers = [Reader(live_server.url, cookies, imported, end) for _ in range(READERS)]
    # Pruning takes it that no request lasts ten minutes; here it is known how long each lasts.
    monkeypatch.setattr(pruning, "_before_whoever_reads", lambda: min(reader.began for reader in readers))
    for reader in readers:
        reader.start()
    try:
        for file in later:
            imported.append(sync("en", file=file, force=True).revision.pk)
            change_back_and_forth()
        give_up_old_ones()
        until(lambda: all_pages_of(readers) == set(PAGES))
    finally:
        end.set()
        for reader in readers:
            reader.join()
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert len(set.union(*(reader.numbers for reader in readers))) > 1, "nobody saw a change"


def change_back_and_forth():
    """Through every kept revision and back to the newest."""
    newest, *older = Revision.objects.filter(language="en", status="complete").order_by("-id")
    for revision in older:
        switch.make_live(revision, pinned=True)
    switch.make_live(newest)


def give_up_old_ones():
    def is_done():
        pruning.prune("en")
        return Revision.objects.filter(status="pruned", pruned_at__isnull=False).exists()

    until(is_done)


def all_pages_of(readers):
    return set().union(*(reader.asked for reader in readers))
