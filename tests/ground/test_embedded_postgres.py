"""The embedded server belongs to nobody: any process may be killed, and the next one that connects has it back."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg2
import pytest

from destinyvault.embedded_postgres import server

QUERY = """
import os, signal, django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute({statement!r})
    print(cursor.fetchone() if cursor.description else "done", flush=True)
if {die}: os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    folder.chmod(0o755)
    yield folder
    server.stop(folder / "postgres")


def ask(var, statement, die=False):
    """Run one statement through Django in a process of its own; `die` ends that process by kill -9."""
    done = subprocess.run(
        [sys.executable, "-c", QUERY.format(statement=statement, die=die)],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "destinyvault.settings",
            "ENV_FILE": "",
            "DEBUG": "on",
            "VAR_DIR": str(var),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (-signal.SIGKILL if die else 0), done.stderr
    return done.stdout.strip()


def postmaster(var):
    return psutil.Process(int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0]))


def test_the_first_to_connect_starts_it_and_creates_the_database(var):
    assert ask(var, "select current_database()") == "('destinyvault',)"


def test_many_first_connections_start_one_server(var):
    server.stop(var / "postgres")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(var, "select pg_postmaster_start_time()::text"), range(4)))
    assert len(set(answers)) == 1


def test_it_survives_the_kill_of_the_process_that_started_it(var):
    server.stop(var / "postgres")
    ask(var, "create table if not exists kept (n int)", die=True)
    running = postmaster(var)
    assert ask(var, "select count(*) from kept") == "(0,)"
    assert postmaster(var) == running


def test_it_recovers_what_was_committed_after_a_kill_of_its_own(var):
    ask(var, "create table if not exists kept (n int)")
    ask(var, "insert into kept values (1) returning n")
    postmaster(var).kill()
    assert ask(var, "select max(n) from kept") == "(1,)"


def test_it_recovers_though_one_of_its_processes_outlives_the_kill(var):
    ask(var, "create table if not exists kept (n int)")
    ask(var, "insert into kept values (2) returning n")
    connection = psycopg2.connect(dbname="postgres", **server.address(var / "postgres"))
    psutil.Process(connection.info.backend_pid).suspend()  # as one that waits for what a killed sibling held
    postmaster(var).kill()
    assert ask(var, "select max(n) from kept") == "(2,)"


def test_it_is_waited_for_while_it_recovers_from_the_kill_of_a_connection(var):
    ask(var, "select 1")
    running = postmaster(var)
    connection = psycopg2.connect(dbname="postgres", **server.address(var / "postgres"))
    psutil.Process(connection.info.backend_pid).kill()  # Postgres then restarts all of its own children
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: ask(var, "select 1"), range(4))) == {"(1,)"}
    assert postmaster(var) == running


def test_a_server_that_cannot_start_says_why_and_where_to_look(tmp_path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")  # looks made, but is empty
    tmp_path.chmod(0o755)
    with pytest.raises(server.EmbeddedPostgresError, match="log") as raised:
        server.start(data)
    assert "untouched" in str(raised.value)


def test_nobody_reaches_it_over_the_network(var):
    ask(var, "select 1")
    connection = psycopg2.connect(dbname="postgres", **server.address(var / "postgres"))
    with connection.cursor() as cursor:
        cursor.execute("show listen_addresses")
        assert cursor.fetchone() == ("",)
    connection.close()
