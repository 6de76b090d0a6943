"""Imports that are killed, cut off or started twice."""

import os
import signal
import subprocess
import threading
from contextlib import suppress

import pytest
from django.db import connection
from django_q.tasks import async_task

from manifest import cleaning, lookup
from manifest.errors import ImportRunning, ManifestError
from manifest.locks import importing, only_import
from manifest.models import Definition, Item, Language, Revision
from manifest.progress import SILENT
from manifest.sync import Action, sync
from tests.manifest import content_files as made
from tests.manifest.standstill import PATIENCE_SECONDS, full_disk, standing_still, until

pytestmark = pytest.mark.django_db(transaction=True)
LARGE, SMALL = 11_999, 999  # definitions


def an_import_is_writing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_progress_copy WHERE relid = 'manifest_definition'::regclass"
            " AND tuples_processed > 0"
        )
        return cursor.fetchone()[0] > 0


@pytest.fixture
def start_import(start):
    """start_import(archive) is the command in a process of its own."""

    def start_import(archive):
        command = ["manage.py", "sync_manifest", "--file", archive, "--language", "en", "-v", "0"]
        return start(*command, stderr=subprocess.PIPE)

    return start_import


def kill(process):
    """It lives, and dies of nothing else."""
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    for pipe in filter(None, (process.stdout, process.stderr)):
        pipe.close()


def content_file(folder, rows):
    text = "All that was, is and will be. " * 100
    return made.content_file(folder, {made.ITEMS: made.items(*range(1, rows + 1), lore=text)})


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Long enough at every phase for somebody to see it go on."""
    return content_file(tmp_path_factory.mktemp("large"), LARGE)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """For those who are made to stand still: they are seen there, however little there is to do."""
    return content_file(tmp_path_factory.mktemp("small"), SMALL)


def test_killed_import_leaves_the_live_revision_and_the_next_one_finishes(import_tables, large, kept, start_import):
    import_tables({made.ITEMS: made.items(1)})
    live, definitions, items, languages, _ = kept()
    process = start_import(large)
    until(an_import_is_writing)
    kill(process)
    assert kept()[:4] == (live, definitions, items, languages)
    outcome = sync("en", file=large, wait=True)
    assert outcome.action == Action.IMPORTED
    assert not Revision.objects.filter(status="running").exists()
    assert len(lookup.items(lookup.live("en"), range(1, LARGE + 1))) == LARGE
    assert Item.objects.filter(removed=None).count() == LARGE


STOPPING = """
import sys, time, django; django.setup()
from pathlib import Path
from manifest.sync import sync

file, phase, moment = sys.argv[1:]

def stop():
    print("here", flush=True)
    time.sleep(600)

class Stopping:
    def phase(self, name, total):
        if name == phase and moment == "begins":
            stop()
        return lambda done: stop() if name == phase and 0 < done < total else None

sync("en", file=Path(file), progress=Stopping())
"""
PHASES = [(phase, moment) for phase in ("Unpacking", "Importing") for moment in ("begins", "goes on")]


@pytest.mark.parametrize(("phase", "moment"), [*PHASES, ("Switching", "begins")])
def test_import_killed_in_any_phase_is_finished_by_the_next(phase, moment, import_tables, large, start):
    import_tables({made.ITEMS: made.items(1)})
    process = start("-c", STOPPING, large, phase, moment, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "here\n"
    assert Language.objects.get(code="en").phase == phase
    assert importing() == {"en"}
    kill(process)
    is_whole_and_finished_by_the_next(large, LARGE)


STATEMENTS = {
    "a definition is written": ("INSERT", "manifest_definition", "NEW.hash = 500"),
    "it is marked where one ends": ("UPDATE", "manifest_definition", "NEW.removed IS NOT NULL"),
    "it goes live": ("UPDATE", "manifest_language", "NEW.live_id IS DISTINCT FROM OLD.live_id"),
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_import_killed_in_any_statement_is_finished_by_the_next(statement, import_tables, small, start_import):
    import_tables({made.ITEMS: made.items(1)})
    with standing_still(*STATEMENTS[statement]) as gate:
        process = start_import(small)
        until(gate.is_reached)
        kill(process)
        assert Revision.objects.filter(status="running").count() == 1
    is_whole_and_finished_by_the_next(small, SMALL)


def test_import_killed_right_after_the_switch_is_live(import_tables, small, start_import):
    import_tables({made.ITEMS: made.items(1)})
    with standing_still("UPDATE", "manifest_revision", "NEW.seconds <> OLD.seconds") as gate:
        process = start_import(small)
        until(gate.is_reached)
        kill(process)
    is_all_there(SMALL)
    assert sync("en", file=small, wait=True).action == Action.UP_TO_DATE
    is_all_there(SMALL)


def is_whole_and_finished_by_the_next(archive, rows):
    assert set(lookup.items(lookup.live("en"), range(1, rows + 1))) == {1}
    assert sync("en", file=archive, wait=True).action == Action.IMPORTED
    is_all_there(rows)


def is_all_there(rows):
    assert len(lookup.items(lookup.live("en"), range(1, rows + 1))) == rows
    assert Definition.objects.filter(removed=None).count() == rows
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


def test_of_two_commands_at_once_one_imports_and_the_other_says_that_it_waits(import_tables, small, start):
    import_tables({made.ITEMS: made.items(1)})
    command = ["-u", "manage.py", "sync_manifest", "--file", small, "--language", "en"]
    with standing_still("INSERT", "manifest_definition", "NEW.hash = 500") as gate:
        first = start(*command, stdout=subprocess.PIPE)
        until(gate.is_reached)
        second = start(*command, stdout=subprocess.PIPE)
        assert second.stdout.readline() == "Waiting for another import\n"
        assert (first.poll(), second.poll()) == (None, None)
    told = [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"the file's content is live: {SMALL} definitions" in told[0]
    assert told[1] == "en: the file's content is up to date\n"
    assert Revision.objects.count() == 2
    is_all_there(SMALL)


@pytest.fixture
def start_cluster(start, sandbox):
    environment = {"DJANGO_SETTINGS_MODULE": "tests.manifest.sandboxed", "SANDBOX_ROOT": sandbox.root}
    clusters = []

    def start_cluster():
        clusters.append(start("manage.py", "qcluster", environment=environment, start_new_session=True))
        return clusters[-1]

    yield start_cluster
    for cluster in clusters:
        with suppress(ProcessLookupError):
            os.killpg(cluster.pid, signal.SIGKILL)


def test_cluster_killed_in_the_middle_of_an_import_is_finished_by_the_next_one(import_tables, sandbox, start_cluster):
    import_tables({made.ITEMS: made.items(1)})
    live = lookup.live("en")
    assert sync("en", patient=True).action == Action.SIGHTED
    with standing_still("INSERT", "manifest_definition", "true") as gate:
        cluster = start_cluster()
        async_task("manifest.tasks.check")
        until(gate.is_reached)
        os.killpg(cluster.pid, signal.SIGKILL)
        assert cluster.wait() == -signal.SIGKILL
        assert lookup.live("en") == live
        assert Revision.objects.filter(status="running").count() == 1
    until(lambda: not importing())
    assert lookup.live("en") == live
    start_cluster()
    async_task("manifest.tasks.check")
    until(lambda: lookup.live("en") != live)
    until(lambda: not importing())
    assert lookup.live("en").path == sandbox.library.index()["mobileWorldContentPaths"]["en"]
    assert set(Revision.objects.values_list("status", flat=True)) == {"complete"}
    newest = Revision.objects.first()
    assert Definition.objects.filter(removed=None).count() == newest.rows
    assert set(Definition.objects.values_list("added", flat=True)) <= {live.revision_id, newest.pk}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_full_disk_of_the_database_in_any_statement_is_a_clear_sentence(statement, import_tables, small, kept):
    """Postgres's own error code, wherever it may come; a disk that is full: tests/chaos/test_database_breaks.py."""
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    with (
        full_disk(*STATEMENTS[statement]),
        pytest.raises(ManifestError, match="disk of the database is full") as refused,
    ):
        sync("en", file=small)
    assert "base/1/2" not in str(refused.value)
    assert kept() == before
    assert Revision.objects.get(status="failed").error == "The disk of the database is full."
    sync("en", file=small)
    is_all_there(SMALL)


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
