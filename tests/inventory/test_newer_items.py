"""Somebody owns items that the live Manifest does not know: their visit makes the site look for a newer one."""

import html
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.core.cache import cache
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from destinyvault.sandbox.manifest import Changes
from manifest import asking, tasks
from manifest.models import Item, Language, Revision

from .guardians import EMPTY_VAULT, OWNER, let_time_pass, refresh

pytestmark = pytest.mark.django_db
runs_the_check = pytest.mark.django_db(transaction=True)
NEW, NEWER = 4_000_000_001, 4_000_000_002
NOTICE = "newer than this site's Manifest"


@pytest.fixture(autouse=True)
def nothing_asked(db):
    cache.clear()
    OrmQ.objects.all().delete()


@pytest.fixture
def give(site, monkeypatch):
    """give(guardian, hash) makes one of the guardian's items one of the game's last hour."""

    def give(guardian, hash_):
        owned = site.account(guardian).owned
        place = next(n for n, item in enumerate(owned.items) if item.instance_id and item.kind and not item.equipped)
        new = replace(owned.items[place], hash=hash_, kind=None)
        monkeypatch.setattr(owned, "items", [*owned.items[:place], new, *owned.items[place + 1 :]])
        site.account(guardian).forget()

    return give


def visit(browser, path="/inventory/"):
    let_time_pass()
    answer = refresh(browser, path)
    assert answer.status_code == 200
    return answer.content.decode()


def asked():
    tasks = [SignedPackage.loads(row.payload) for row in OrmQ.objects.all()]
    return [task for task in tasks if task["func"] == "manifest.tasks.check_for_newer"]


def live():
    return Language.objects.get(code="en").live_id


def with_item(hash_, **validity):
    """An item of another revision than the live one."""
    row = Item.objects.filter(language="en").first()
    row.pk, row.hash, row.added, row.removed = 2**40 + hash_, hash_, validity["added"], validity.get("removed")
    row.save(force_insert=True)


def a_minute_passes():
    cache.delete(asking.ASKED)


def run(task):
    return tasks.check_for_newer(*task["args"])


@pytest.fixture
def player(site):
    """Whoever is used here owned nothing unknown so far."""
    return site.browser(EMPTY_VAULT)


def test_nobody_asks_while_every_item_is_known(player):
    assert NOTICE not in visit(player)
    assert asked() == []


def test_unknown_item_asks_for_one_check_in_a_minute_and_the_page_says_so(give, player):
    give(EMPTY_VAULT, NEW)
    assert f"1 item of yours without a name here: seemingly {NOTICE}" in html.unescape(visit(player))
    visit(player, "/vault/")
    visit(player, "/api/v1/inventory")
    (task,) = asked()
    assert task["args"] == ("en", Language.objects.get(code="en").live_id, [NEW])
    a_minute_passes()
    visit(player)
    assert len(asked()) == 2


def test_two_people_share_the_minute(site, give, player):
    other = site.browser(OWNER)
    give(EMPTY_VAULT, NEW)
    give(OWNER, NEWER)
    visit(player)
    visit(other)
    assert len(asked()) == 1


@runs_the_check
def test_what_a_whole_check_did_not_find_is_not_asked_for_again(give, player):
    give(EMPTY_VAULT, NEW)
    visit(player)
    assert "en: up to date" in run(*asked())
    a_minute_passes()
    page = html.unescape(visit(player))
    assert NOTICE not in page
    assert "1 item of yours without a name here: in no Manifest that Bungie offers today" in page
    assert len(asked()) == 1


def test_item_that_the_manifest_lost_is_not_called_newer(player, give):
    give(EMPTY_VAULT, NEW)
    with_item(NEW, added=0, removed=live())
    page = html.unescape(visit(player))
    assert NOTICE not in page
    assert "1 item of yours without a name here: gone from the game's Manifest" in page
    assert asked() == []


def test_item_of_a_revision_that_staff_set_aside_is_not_looked_for(player, give):
    give(EMPTY_VAULT, NEW)
    later = Revision.objects.create(language="en", version="next", path="/next.content", status="running")
    with_item(NEW, added=later.pk)
    assert NOTICE in html.unescape(visit(player)), "what is still being written does not count"
    Revision.objects.filter(pk=later.pk).update(status="complete")
    page = html.unescape(visit(player))
    assert NOTICE not in page
    assert "a newer Manifest than the one that this site's staff keep" in page


@runs_the_check
def test_another_new_item_is_asked_for_again(give, player):
    give(EMPTY_VAULT, NEW)
    visit(player)
    run(*asked())
    give(EMPTY_VAULT, NEWER)
    a_minute_passes()
    visit(player)
    assert asked()[1]["args"][2] == [NEWER]


@runs_the_check
def test_next_revision_makes_every_unknown_item_a_question_again(give, player):
    give(EMPTY_VAULT, NEW)
    visit(player)
    run(*asked())
    a_minute_passes()
    with another_revision():
        visit(player)
        assert len(asked()) == 2


@runs_the_check
@pytest.mark.parametrize("trouble", ["bungie is away", "a new one was seen once"])
def test_check_that_settled_nothing_is_asked_for_again(trouble, site, give, player):
    give(EMPTY_VAULT, NEW)
    visit(player)
    if trouble == "bungie is away":
        site.fault("GetDestinyManifest", maintenance=True)
    else:
        site.sandbox.library.publish(Changes())
    run(*asked())
    a_minute_passes()
    assert NOTICE in html.unescape(visit(player))
    assert len(asked()) == 2


def test_before_the_first_manifest_nobody_asks(give, player):
    give(EMPTY_VAULT, NEW)
    Language.objects.update(live=None)
    visit(player)
    assert asked() == []


def test_broken_cache_breaks_no_page(give, player, settings):
    give(EMPTY_VAULT, NEW)
    settings.CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    assert NOTICE not in html.unescape(visit(player))
    assert asked() == []


@contextmanager
def another_revision():
    row = Language.objects.get(code="en")
    before = row.live
    row.live = Revision.objects.create(language="en", version="next", path="/next.content", status="complete")
    row.save()
    yield
    row.live = before
    row.save()
