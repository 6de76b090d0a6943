from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.drawing import DRAWN
from inventory.plugged import PERKS
from inventory.reading import VAULTS
from inventory.snapshots import PROFILES
from inventory.summaries import SUMMARIES
from inventory.words import words_of

from .guardians import COLLECTOR, EMPTY_VAULT, let_time_pass, refresh

pytestmark = pytest.mark.django_db
MOST = 10
WITH_BUNGIE = 13  # where it is asked: a lock taken and given back besides, for programs another look at the snapshot
UNKNOWN = 4_000_000_001


def queries(get, browser, path):
    words_of.cache_clear()  # as in a process that has just started
    for kept in (DRAWN, PERKS, PROFILES, SUMMARIES, VAULTS):
        kept.clear()
    with CaptureQueriesContext(connection) as captured:
        assert get(browser, path).status_code == 200
    return len(captured)


def shown(browser, path):
    return browser.get(path)


@pytest.mark.parametrize("path", ["/inventory/", "/inventory/?filter=a", "/vault/", "/api/v1/inventory"])
def test_a_thousand_items_take_as_many_queries_as_three(site, path, monkeypatch):
    few, many = site.browser(EMPTY_VAULT), site.browser(COLLECTOR)
    owned = site.account(EMPTY_VAULT).owned
    unknown = replace(owned.items[2], hash=UNKNOWN, kind=None)  # as among the thousand, one that no Manifest has
    monkeypatch.setattr(owned, "items", [*owned.items[:2], unknown])
    assert len(site.items(COLLECTOR)) > 1000
    for browser in (few, many):
        browser.get(path)
    site.account(EMPTY_VAULT).forget()
    let_time_pass()
    refreshed = queries(refresh, few, path), queries(refresh, many, path)
    told = queries(shown, few, path), queries(shown, many, path)
    assert refreshed[0] == refreshed[1] <= WITH_BUNGIE
    assert told[0] == told[1] <= MOST


def test_the_names_of_perks_take_as_many_queries_for_a_thousand_items_as_for_a_few(site):
    few, many = site.browser(EMPTY_VAULT), site.browser(COLLECTOR)
    for browser in (few, many):
        refresh(browser, "/inventory/")
    assert queries(shown, few, "/inventory/perks.json") == queries(shown, many, "/inventory/perks.json") <= MOST
