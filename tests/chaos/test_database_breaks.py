"""Postgres itself breaks in the middle of an import: one clear sentence, nothing half, and the next import works."""

import os
import shutil
import subprocess
import sys
import time
import urllib.parse
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from destinyvault.embedded_postgres import server
from tests.manifest import content_files as made

BASE = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
COMMAND = [sys.executable, "manage.py", "sync_manifest", "--language", "en", "--file"]
ROWS = 12_000
POSTGRES_SAYS = ("WARNING:  ", "DETAIL:  ", "HINT:  ")
LIVE = """
SELECT live_id, (SELECT count(*) FROM manifest_definition WHERE removed IS NULL AND added <= live_id),
    (SELECT count(*) FROM manifest_definition WHERE added > live_id OR removed > live_id)
FROM manifest_language
"""


class Site:
    """The site's commands on a Postgres of their own, whose crash disturbs nobody else."""

    def __init__(self, folder):
        self.data = folder / "postgres"
        server.start(self.data)
        server.create_database(self.data, "site")
        host = urllib.parse.quote(str(server.address(self.data)["host"]), safe="")
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"postgres://postgres@{host}/site",
        }
        self.run([sys.executable, "manage.py", "migrate", "-v0"])

    def start(self, command):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.environment, cwd=BASE, **pipes)

    def run(self, command):
        """The code and what stands on stderr."""
        process = self.start(command)
        _, told = process.communicate()
        return process.returncode, told

    def ask(self, statement):
        with closing(psycopg2.connect(dbname="site", **server.address(self.data))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def until(self, condition):
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := condition()):
            assert time.monotonic() < end, "it never came to that"
            time.sleep(0.02)
        return found

    def accepts(self):
        try:
            return self.ask("SELECT 1")
        except psycopg2.OperationalError:
            return None


@pytest.fixture
def site(tmp_path):
    tmp_path.chmod(0o755)
    site = Site(tmp_path)
    yield site
    server.stop(site.data)


@pytest.fixture
def small(site, tmp_path):
    """One item, which is live."""
    assert site.run([*COMMAND, made.content_file(tmp_path / "small", {made.ITEMS: made.items(1)})])[0] == 0
    return site.ask(LIVE)


@pytest.fixture
def large(tmp_path):
    text = os.urandom(1_500).hex()  # hard to compress
    return made.content_file(tmp_path / "large", {made.ITEMS: made.items(*range(1, ROWS), lore=text)})


def assert_one_clear_sentence(told, words):
    """Beside it stands at most what a crashing Postgres says to whoever connects just then (libpq writes it)."""
    assert "Traceback" not in told
    (line,) = (line for line in told.splitlines() if not line.startswith(POSTGRES_SAYS))
    assert words in line
    assert "The live Manifest stays as it is." in line


def assert_the_next_import_works(site, large):
    assert site.run([*COMMAND, large]) == (0, "")
    ((_, valid, more),) = site.ask(LIVE)
    assert (valid, more) == (ROWS - 1, 0)
    assert site.ask("SELECT count(*) FROM manifest_revision WHERE status = 'running'") == [(0,)]


def test_killed_backend_of_an_import_is_one_clear_sentence_and_the_next_one_works(site, small, large):
    process = site.start([*COMMAND, large])
    ((backend,), *_) = site.until(
        lambda: site.ask("SELECT pid FROM pg_stat_progress_copy WHERE command = 'COPY FROM' AND tuples_processed > 0")
    )
    assert process.poll() is None
    os.kill(backend, 9)
    _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert_one_clear_sentence(told, "The database")
    site.until(site.accepts)
    assert [row[:2] for row in site.ask(LIVE)] == [row[:2] for row in small]
    assert_the_next_import_works(site, large)


@pytest.fixture
def little_room(site, tmp_path):
    """Definitions are kept on a disk of 12 megabytes; gives a function that makes it larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("mount") or os.geteuid() or _mount("size=12m", folder):
        pytest.skip(
            "only root may mount a small disk; tests/manifest/test_interrupted.py raises Postgres's error for it"
        )
    try:
        place = folder / "postgres"
        place.mkdir()
        owner = site.data.stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        site.ask(f"CREATE TABLESPACE small LOCATION '{place}'")
        site.ask("ALTER TABLE manifest_definition SET TABLESPACE small")
        yield lambda: _mount("remount,size=400m", folder)
    finally:
        server.stop(site.data)
        subprocess.run(["umount", folder], check=True)


def _mount(options, folder):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False, capture_output=True)
    return done.returncode


def test_full_disk_of_the_database_is_one_clear_sentence_and_the_next_import_works(site, small, large, little_room):
    code, told = site.run([*COMMAND, large])
    assert code == 1
    assert_one_clear_sentence(told, "The disk of the database is full.")
    assert site.ask(LIVE) == small
    ((status, error),) = site.ask("SELECT status, error FROM manifest_revision ORDER BY id DESC LIMIT 1")
    assert (status, error) == ("failed", "The disk of the database is full.")
    little_room()
    assert_the_next_import_works(site, large)
