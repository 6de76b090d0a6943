"""Imports that are killed, cut off or started twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from manifest import cleaning, lookup
from manifest.errors import ImportRunning, ManifestError
from manifest.locks import only_import
from manifest.models import Definition, Item, Language, Revision
from manifest.progress import SILENT
from manifest.sync import Action, sync
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60


def until(condition):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def an_import_is_writing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_progress_copy WHERE relid = 'manifest_definition'::regclass"
            " AND tuples_processed > 0"
        )
        return cursor.fetchone()[0] > 0


def start_import(archive, settings):
    """The command in a process of its own, on the database of this test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
    }
    command = [sys.executable, "manage.py", "sync_manifest", "--file", str(archive), "--language", "en", "-v", "0"]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)


@pytest.fixture
def large(tmp_path):
    text = "All that was, is and will be. " * 100
    return made.content_file(tmp_path / "large", {made.ITEMS: made.items(*range(1, 12_000), lore=text)})


def test_killed_import_leaves_the_live_revision_and_the_next_one_finishes(import_tables, large, kept, settings):
    import_tables({made.ITEMS: made.items(1)})
    live, definitions, items, languages, _ = kept()
    process = start_import(large, settings)
    until(an_import_is_writing)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert kept()[:4] == (live, definitions, items, languages)
    outcome = sync("en", file=large, wait=True)
    assert outcome.action == Action.IMPORTED
    assert not Revision.objects.filter(status="running").exists()
    assert len(lookup.items(lookup.live("en"), range(1, 12_000))) == 11_999
    assert Item.objects.filter(removed=None).count() == 11_999


MOMENTS = ["Unpacking", "Importing", "Switching"]


@pytest.mark.parametrize("moment", [*MOMENTS, "a while later"])
def test_import_killed_in_any_phase_is_finished_by_the_next(moment, import_tables, large, settings):
    import_tables({made.ITEMS: made.items(1)})
    live = lookup.live("en")
    process = start_import(large, settings)
    row = Language.objects.filter(code="en")
    until(lambda: row.get().phase == (moment if moment in MOMENTS else "Importing") or process.poll() is not None)
    if moment not in MOMENTS:
        time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    if lookup.live("en") == live:  # else it was through already
        assert set(lookup.items(lookup.live("en"), range(1, 12_000))) == {1}
    sync("en", file=large, wait=True)
    assert len(lookup.items(lookup.live("en"), range(1, 12_000))) == 11_999
    assert Definition.objects.filter(removed=None).count() == 11_999
    assert not Revision.objects.filter(status="running").exists()
    assert Definition.objects.exclude(removed=None).count() <= 1


def test_what_a_killed_process_had_committed_is_cleared(import_tables, kept):
    """Killed between its last COPY and the switch: rows are written, others marked as removed."""
    import_tables({made.ITEMS: made.items(1, 2)})
    before = kept()
    killed = Revision.objects.create(language="en", path="killed")
    table = Definition.objects.first().table_id
    written = Definition.objects.create(table_id=table, added=killed.pk, hash=1, digest=b"0" * 16, json={})
    Definition.objects.filter(hash=2).update(removed=killed.pk)
    Item.objects.filter(hash=2).update(removed=killed.pk)
    assert len(lookup.items(lookup.live("en"), [1, 2])) == 2
    cleaning.abandon_killed("en")
    assert kept() == before
    assert not Definition.objects.filter(pk=written.pk).exists()
    killed.refresh_from_db()
    assert (killed.status, killed.error) == ("failed", cleaning.KILLED)


def test_imports_that_are_killed_again_and_again_leave_one_failure_of_a_path(import_tables):
    for _ in range(3):
        Revision.objects.create(language="en", path="killed")
        cleaning.abandon_killed("en")
    assert Revision.objects.filter(path="killed").count() == 1


def test_import_clears_up_before_it_compares(import_tables):
    import_tables({made.ITEMS: made.items(1)})
    killed = Revision.objects.create(language="en", path="killed")
    table = Definition.objects.first().table_id
    Definition.objects.create(table_id=table, added=killed.pk, hash=9, digest=b"0" * 16, json={})
    revision = import_tables({made.ITEMS: made.items(1, 2)})
    assert (revision.added, revision.changed, revision.removed) == (1, 0, 0)
    assert lookup.definitions(lookup.live("en"), {made.ITEMS: [9]}) == {made.ITEMS: {}}


def test_interrupted_command_keeps_nothing(import_tables, kept, tmp_path, monkeypatch):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()

    class Interrupting:
        def phase(self, name, total):
            def report(done):
                if name == "Importing":
                    raise KeyboardInterrupt

            return report

    body = {"lore": "x" * 10_000}
    archive = made.content_file(tmp_path, {made.ITEMS: made.items(*range(1, 2000), **body)})
    with pytest.raises(KeyboardInterrupt):
        sync("en", file=archive, progress=Interrupting())
    assert kept() == before
    assert Revision.objects.get(status="failed").error.startswith("Somebody interrupted")


class Elsewhere:
    """Another process that imports, as far as Postgres can tell: a connection of its own that holds the lock."""

    def __init__(self, language):
        self.language, self.held, self.end = language, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.hold)

    def hold(self):
        with only_import(self.language, wait=False, progress=SILENT):
            self.held.set()
            assert self.end.wait(PATIENCE_SECONDS)
        connection.close()

    def __enter__(self):
        self.thread.start()
        assert self.held.wait(PATIENCE_SECONDS)
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()


def test_second_import_of_a_language_is_refused_and_of_another_is_not(import_tables):
    with Elsewhere("en"):
        with pytest.raises(ImportRunning):
            import_tables({made.ITEMS: made.items(1)})
        assert not Language.objects.filter(code="en").exists()
        import_tables({made.ITEMS: made.items(1)}, "fr")
    import_tables({made.ITEMS: made.items(1)}, "en")


def test_second_import_that_waits_comes_after_the_first(import_tables):
    with Elsewhere("en") as other:
        threading.Timer(0.1, other.end.set).start()
        assert import_tables({made.ITEMS: made.items(1)}, wait=True).rows == 1


def test_import_that_was_taken_for_dead_cannot_switch(import_tables, kept, tmp_path):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()

    class TakingOver:
        def phase(self, name, total):
            if name == "Importing":
                cleaning.abandon_killed("en")
            return lambda done: None

    with pytest.raises(ManifestError, match="took over"):
        sync("en", file=made.content_file(tmp_path, {made.ITEMS: made.items(1, 2)}), progress=TakingOver())
    assert kept() == before


def test_database_that_goes_away_is_a_clear_sentence_and_the_next_import_works(import_tables, tmp_path, settings):
    import_tables({made.ITEMS: made.items(1)})

    class Cutting:
        """Ends every connection of this database, as a restart of Postgres does."""

        def phase(self, name, total):
            if name == "Importing":
                cut_connections()
            return lambda done: None

    with pytest.raises(ManifestError, match="database"):
        sync("en", file=made.content_file(tmp_path, {made.ITEMS: made.items(2)}), progress=Cutting())
    connection.close_if_unusable_or_obsolete()
    assert set(lookup.items(lookup.live("en"), [1, 2])) == {1}
    import_tables({made.ITEMS: made.items(2)})
    assert set(lookup.items(lookup.live("en"), [1, 2])) == {2}


def cut_connections():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()

    def cut():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [own])
        connection.close()

    thread = threading.Thread(target=cut)
    thread.start()
    thread.join()
