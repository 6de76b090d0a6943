"""What all tests share: one sandbox and its Manifest per test process, and the way that a person signs in."""

import os
import threading
import urllib.error
import urllib.parse
import urllib.request
import weakref
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.backends.signals import connection_created
from django.test import Client, TransactionTestCase

from destinyvault.bungie import budget
from destinyvault.sandbox.server import Sandbox
from tests import emptying

LANGUAGES = ("en", "fr")

# A busy machine is no failure: no example has to be made or tried within so many milliseconds.
too_slow = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=too_slow)
hypothesis.settings.load_profile("patient")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """pytest-django sets up the database of tests that name it beforehand; others would empty the developer's own.

    It puts those without a database last, the longest of all among them.
    """
    for item in items:
        if "transactional_or_plain_db" in item.fixturenames and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
    yield
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class KeptConnections(threading.local):
    """In a test's transaction the budget opens a connection for each question: here each thread opens one in all."""

    own = None

    def create_connection(self, alias):
        if self.own is None or not self.own.is_usable():
            self.own = connections.create_connection(alias)
        return self

    def cursor(self):
        return self.own.cursor()

    def close(self):
        """Kept for the next question."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    TransactionTestCase._fixture_teardown = emptying.empty
    with django_db_blocker.unblock():
        emptying.remember_what_migrations_made()
    opened = weakref.WeakSet()
    connection_created.connect(remember := lambda connection, **_: opened.add(connection))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "connections", KeptConnections())
        yield
    connection_created.disconnect(remember)
    close(opened)


def close(opened):
    """Threads may live on, and while Playwright runs Django has connections of their own for its tests.

    Whichever is left open keeps the test database from being dropped.
    """
    for each in list(opened):
        if each.connection:  # Django's own close() is for the thread that opened it
            each.connection.close()


@pytest.fixture(scope="session")
def running_sandbox():
    with Sandbox(port=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox, settings, request):
    """A Bungie.net without faults, memory or log of earlier tests, which the site takes for the real one."""
    running_sandbox.reset()
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("full_budget")
    settings.BUNGIE_ROOT = running_sandbox.root
    return running_sandbox


@pytest.fixture
def full_budget(transactional_or_plain_db):
    """Nobody has asked Bungie anything yet; what the site remembers outlives the transaction of the test that asked."""
    refill_the_budget()


def refill_the_budget():
    """As when a long time has passed by Postgres' clock."""
    with budget._own_transaction() as cursor:
        cursor.execute("UPDATE bungie_slot SET free_at = 'epoch' WHERE free_at > 'epoch'; DELETE FROM bungie_turn")


@pytest.fixture
def manifest(sandbox, transactional_or_plain_db):
    """The sandbox's Manifest is live in both languages."""
    from manifest.models import Language

    if Language.objects.filter(live__isnull=False).count() < len(LANGUAGES):
        _in_a_thread(_import_manifest)


@pytest.fixture
def transactional_or_plain_db(request, django_db_setup):
    """The database as the test marked it; an import commits by itself, in connections of its own."""
    name = "transactional_db" if "transactional_db" in request.fixturenames or _is_transactional(request) else "db"
    return request.getfixturevalue(name)


@pytest.fixture
def sign_in(sandbox, transactional_or_plain_db):
    """sign_in(guardian) goes the whole way through the consent page, and gives the browser that did.

    As a browser does, it then asks for the items that the first page waits for.
    """

    def sign_in(guardian, client=None):
        client = client or Client()
        response = client.get(callback_for(sandbox, client, guardian=guardian), follow=True)
        assert response.status_code == 200, response.content
        client.get("/inventory/?refresh=1")
        return client

    cache.clear()
    return sign_in


@pytest.fixture(scope="session")
def captures():
    """The folder of real captures, which is not part of the project."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "bungie"
    folder = Path(os.environ.get("BUNGIE_CAPTURES", beside))
    if not folder.is_dir():
        pytest.skip(f"no captures at {folder}; BUNGIE_CAPTURES names another place")
    return folder


@pytest.fixture(autouse=True)
def nothing_worked_out_yet():
    """A process keeps what it has worked out of a revision, which never changes; tests do change one."""
    from inventory import detail, drawing, plugged, reading, snapshots, summaries, words
    from inventory.xur import page

    recent = drawing.DRAWN, plugged.PERKS, snapshots.PROFILES, summaries.SUMMARIES, reading.VAULTS, page.WARES
    for kept in recent:
        kept.clear()
    words.words_of.cache_clear()
    detail.small_tables.cache_clear()


def callback_for(sandbox, client, **choice):
    """Press the button, choose on the consent page; the address to which Bungie sends the browser back."""
    to_bungie = client.get("/accounts/bungie/login/")
    assert to_bungie.status_code == 302, to_bungie.content
    address, _, query = to_bungie.url.partition("?")
    assert address == f"{sandbox.root}/en/OAuth/Authorize"
    form = {**dict(urllib.parse.parse_qsl(query)), **choice}
    back = _without_following(address, urllib.parse.urlencode(form).encode())
    parts = urllib.parse.urlsplit(back)
    return f"{parts.path}?{parts.query}"


def _without_following(address, form):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    request = urllib.request.Request(address, form, {"User-Agent": "browser"})
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Stay).open(request, timeout=60)
    assert answer.value.code in {302, 303}
    return answer.value.headers["Location"]


def _is_transactional(request):
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))


def _import_manifest():
    from manifest.sync import sync

    for language in LANGUAGES:
        sync(language)
    emptying.remember_the_manifest()


def _in_a_thread(work):
    """Outside the test's own transaction, so that the next test of this process finds the work done."""
    failures = []

    def run():
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
