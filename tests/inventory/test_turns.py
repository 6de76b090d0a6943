"""Several requests of one person at once, over real HTTP and over several processes: Bungie is asked once."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.conf import settings as django_settings
from django.db import connection

from destinyvault.bungie import client
from destinyvault.bungie.patience import TRIES
from inventory import snapshots, turns

from .guardians import COLLECTOR, OWNER, bungie_was_asked_just_now, forget_everything, let_time_pass, refresh
from .hanging import hanging as hanging_account

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
TABS = 4


@pytest.fixture
def web(site, live_server):
    """web(path, guardian) asks a running server as that guardian's browser; each call may run in its own thread."""
    cookies = {guardian: site.browser(guardian).cookies["sessionid"].value for guardian in (OWNER, COLLECTOR)}

    def web(path="/inventory/", guardian=OWNER, **headers):
        url = live_server.url + path
        return requests.get(url, cookies={"sessionid": cookies[guardian]}, headers=headers, timeout=60)

    return web


@pytest.fixture
def hanging(site):
    with hanging_account(site.account(OWNER)) as held:
        yield held


def test_two_tabs_at_once_are_one_read(site, web, hanging):
    forget_everything()
    site.sandbox.log.clear()
    with ThreadPoolExecutor(TABS) as tabs:
        first = tabs.submit(web, "/inventory/?refresh=1")
        hanging.wait()
        others = [web("/inventory/?refresh=1") for _ in range(TABS - 1)]
        assert not first.done()
        hanging.let_go()
        assert 'class="tile ' in first.result().text
    for other in others:
        assert "Reading your items from Bungie" in other.text
        assert "load delay:2s" in other.text
    bungie_was_asked_just_now()
    assert 'class="tile ' in web("/inventory/?refresh=1").text
    assert site.calls() == 1


def test_programs_at_once_are_one_read_and_all_get_it(site, web, hanging):
    forget_everything()
    site.sandbox.log.clear()
    with ThreadPoolExecutor(TABS) as programs:
        answers = [programs.submit(web, "/api/v1/inventory") for _ in range(TABS)]
        hanging.wait()
        hanging.let_go()
        found = {len(answer.result().json()["items"]) for answer in answers}
    assert found == {len(site.items(OWNER))}
    assert site.calls() == 1


def test_while_bungie_hangs_pages_are_there_with_what_is_known(web, hanging):
    """Without a word about time: the page answers while Bungie has not."""
    let_time_pass(3600)
    with ThreadPoolExecutor(1) as tabs:
        asking = tabs.submit(web, "/inventory/?refresh=1", **HTMX)
        hanging.wait()
        for path in ("/inventory/", "/vault/"):
            assert 'class="tile ' in web(path).text
        again = web("/inventory/?refresh=1", **HTMX)
        assert 'class="tile ' in again.text
        assert 'data-again="2"' in again.text
        assert not asking.done(), "Bungie has not answered yet"
        hanging.let_go()
        assert "just now" in asking.result().text


def test_people_do_not_wait_for_each_other(web, hanging):
    let_time_pass(3600)
    with ThreadPoolExecutor(1) as tabs:
        asking = tabs.submit(web, "/inventory/?refresh=1", **HTMX)
        hanging.wait()
        assert "just now" in web("/inventory/?refresh=1", COLLECTOR, **HTMX).text
        assert not asking.done()
        hanging.let_go()


def test_so_many_requests_wait_for_bungie_and_no_more(web, hanging, monkeypatch):
    """A web process has more threads than may wait for Bungie: the others go on serving pages."""
    monkeypatch.setattr(turns, "_free", threading.BoundedSemaphore(1))
    let_time_pass(3600)
    with ThreadPoolExecutor(1) as tabs:
        asking = tabs.submit(web, "/inventory/?refresh=1", **HTMX)
        hanging.wait()
        other = web("/inventory/?refresh=1", COLLECTOR, **HTMX).text
        assert 'data-again="2"' in other
        assert "1\N{NO-BREAK SPACE}hour ago" in other
        hanging.let_go()
        asking.result()
    assert "just now" in web("/inventory/?refresh=1", COLLECTOR, **HTMX).text


def test_bungies_answer_later_than_our_patience_is_trouble_and_nothing_else(site, web, hanging, monkeypatch):
    monkeypatch.setattr(client, "READ_SECONDS", 0.2)
    let_time_pass(3600)
    site.sandbox.log.clear()
    assert 'class="tile ' in web().text
    assert "Bungie does not answer. Your items are safe" in web("/inventory/?refresh=1", **HTMX).text
    assert (hanging.asked, site.calls()) == (TRIES, 0), "Bungie has not answered yet"
    hanging.let_go()
    site.wait_for_answers(TRIES)


HOLD = """
import os, django, sys
django.setup()
from accounts.models import BungieAccount
from inventory.turns import turn
with turn(BungieAccount.objects.get()) as mine:
    print("mine" if mine else "not mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def another_process(site):
    """A web process elsewhere that asks Bungie for the owner at this moment."""
    database = django_settings.DATABASES["default"]["NAME"]
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "EMBEDDED_DATABASE": database},
    )
    yield started
    started.kill()
    started.wait()


def turns_taken():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"  # other tests' locks are there, too
        )
        return cursor.fetchone()[0]


def wait_for_free_turns():
    """Postgres sees a moment later that a process has died."""
    end = time.monotonic() + 60
    while turns_taken():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_another_process_is_waited_for_until_it_dies(site, another_process):
    browser = site.browser(OWNER)
    assert another_process.stdout.readline().strip() == "mine"
    let_time_pass(60)
    assert 'data-again="2"' in refresh(browser).content.decode()
    assert site.calls() == 1
    another_process.kill()
    another_process.wait()
    wait_for_free_turns()
    assert 'data-again="2"' not in refresh(browser).content.decode()
    assert site.calls() == 2


def test_a_turn_ends_with_an_error_as_well(site):
    browser = site.browser(OWNER)
    for _ in range(turns.MOST_AT_ONCE + 1):
        let_time_pass(60)
        site.fault(times=1, error_code=1601)
        assert "Bungie refuses" in refresh(browser).content.decode()
    assert turns_taken() == 0


def test_program_is_told_when_the_first_read_takes_too_long(site, another_process, monkeypatch):
    browser = site.browser(OWNER)
    forget_everything()
    assert another_process.stdout.readline().strip() == "mine"
    monkeypatch.setattr(snapshots, "PATIENCE", snapshots.PATIENCE * 0)
    response = browser.get("/api/v1/inventory")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "bungie_down"
