"""What the site says about itself: /status/ for people, /healthz for whatever watches it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Failure, OrmQ, Schedule, Task

from accounts.models import User
from destinyvault import cluster
from manifest.models import Language

pytestmark = pytest.mark.django_db
BASE = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def last_started(**ago):
    """The cluster's schedules as they stand so long after it last looked at them."""
    for row in Schedule.objects.filter(schedule_type=Schedule.MINUTES):
        row.task, row.next_run = "started", timezone.now() - timedelta(**ago) + timedelta(minutes=row.minutes)
        row.save()


def page(client):
    answer = client.get("/status/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def no_status_of_others(db):
    cache.clear()


def test_page_tells_the_live_revision_its_age_and_the_last_check(client, manifest):
    row = Language.objects.select_related("live").get(code="en")
    row.activated_at, row.checked_at = timezone.now() - timedelta(days=3), timezone.now() - timedelta(minutes=4)
    row.check_failed = False
    row.save()
    html = page(client)
    assert f'<a href="/manifest/{row.live_id}/">{row.live.version}</a>' in html
    assert ">3 days ago</time>" in html
    assert ">4 minutes ago</time>: Up to date." in html
    assert "No import is running." in html
    assert "Français" in html


def test_failed_check_is_told_in_its_own_words(client, manifest):
    Language.objects.filter(code="en").update(check_failed=True, check_message="Bungie.net is down <for> maintenance.")
    assert "Bungie.net is down &lt;for&gt; maintenance." in page(client)
    (english,) = [one for one in client.get("/healthz").json()["manifest"] if one["language"] == "en"]
    assert (english["check_failed"], english["message"]) == (True, "Bungie.net is down <for> maintenance.")


def test_pinned_and_sighted_are_told(client, manifest):
    Language.objects.filter(code="en").update(pinned_at=timezone.now(), check_failed=False)
    Language.objects.filter(code="fr").update(sighted_path="/new.content", check_failed=False)
    html = page(client)
    assert "kept by staff" in html
    assert "Bungie named a new one; it is read when the next check sees it too." in html


def test_front_page_tells_the_live_version_or_how_far_the_first_one_is(client, manifest):
    version = Language.objects.select_related("live").get(code="en").live.version
    assert version in client.get("/").text
    assert "The Manifest is not here yet" not in client.get("/").text
    Language.objects.update(live=None)
    with CaptureQueriesContext(connection) as captured:
        assert "The Manifest is not here yet" in client.get("/").text
    assert sum('LEFT OUTER JOIN "manifest_revision"' in query["sql"] for query in captured) == 1


def test_page_stands_before_the_first_manifest(client):
    Language.objects.update(live=None)
    assert "not here yet" in page(client)


@pytest.mark.django_db(transaction=True)
def test_running_import_is_shown_with_its_progress(client, settings):
    settings.MANIFEST_LANGUAGES = ["en"]
    Language.objects.update_or_create(code="en", defaults={"phase": "Importing", "phase_done": 45, "phase_total": 100})
    assert "No import is running." in page(client)
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('en'))", [0x4D414E49])
    html = page(client)
    elsewhere.close()
    assert "English: Importing, 45 %" in html


def test_health_has_the_facts_for_a_machine(client, manifest):
    last_started(seconds=20)
    row = Language.objects.select_related("live").get(code="fr")
    told = client.get("/healthz").json()
    french = next(one for one in told["manifest"] if one["language"] == "fr")
    assert (french["version"], french["path"]) == (row.live.version, row.live.path)
    assert {"activated_at", "age_seconds", "checked_at", "check_failed", "message", "pinned"} <= set(french)
    assert told["cluster"]["running"]


def test_language_without_a_manifest_is_told_as_missing(client, manifest, settings):
    settings.MANIFEST_LANGUAGES = ["en", "de"]
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert [one["language"] for one in answer.json()["missing"]] == ["de"]


def test_silent_cluster_is_told_with_advice_and_takes_no_web_node_away(client, manifest):
    last_started(hours=3)
    OrmQ.objects.create(key="destinyvault", payload="x", lock=timezone.now() - timedelta(hours=3))
    html = page(client)
    assert "silent" in html
    assert ">3 hours ago</time>" in html
    assert "Nothing is imported or delivered until it runs: start <code>manage.py qcluster</code>" in html
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert (answer.json()["cluster"]["running"], answer.json()["cluster"]["waiting"]) == (False, 1)


def test_cluster_that_never_ran_was_never_seen(client, manifest):
    Schedule.objects.update(task=None, next_run=timezone.now())
    assert "Never seen." in page(client)


def test_cache_that_is_broken_hides_nothing(client, manifest, settings):
    settings.CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    last_started(hours=3)
    assert "silent" in page(client)
    last_started(seconds=5)
    assert "running<small>" in page(client)


def test_looking_writes_nothing(client, manifest, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as captured:
        client.get("/status/")
    assert not [query["sql"] for query in captured if not query["sql"].strip().startswith("SELECT")]


def test_staff_find_their_e_mail_from_the_page(client, manifest):
    assert "E-mail me" not in page(client)
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert 'href="/admin/manifest/subscription/mine/"' in page(client)


@pytest.mark.parametrize("path", ["/", "/status/", "/nothing/"])
def test_every_page_leads_to_the_status(path, client, manifest):
    assert '<a href="/status/"' in client.get(path).content.decode()


@pytest.mark.django_db(transaction=True)
def test_real_cluster_is_seen_within_seconds_of_its_start_and_remembered_after_its_end(client, settings):
    Schedule.objects.update(task=None)
    assert not cluster.heartbeat().running
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"], env=environment, cwd=BASE, start_new_session=True
    )
    try:
        until(lambda: cluster.heartbeat().running)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it does not outlive the test, whatever became of it
        process.wait()
    until(lambda: not cluster.heartbeat().running)


def until(condition):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.1)


def test_old_failures_are_forgotten_daily(client):
    call_command("migrate", verbosity=0)
    row = Schedule.objects.get(name=cluster.DAILY)
    assert row.schedule_type == Schedule.DAILY
    for days in (31, 29):
        when = timezone.now() - timedelta(days=days)
        Task.objects.create(id=str(days), name=str(days), func="f", started=when, stopped=when, success=False)
    import_string(row.func)()
    assert [each.id for each in Failure.objects.all()] == ["29"]
