"""The whole site on this machine, against the sandbox: prepare, start, watch, stop.

The demo has a database and logs of its own under var/, and reads no .env: it cannot touch a real site's data.
"""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import fasteners
import psycopg2

from destinyvault.demo.parts import (
    DATABASE,
    STAFF,
    STAFF_PASSWORD,
    Parts,
    end,
    end_group,
    end_leftovers,
    launch,
    manage,
    pid_file,
    staff_password,
)
from destinyvault.demo.place import Demo, DemoError
from destinyvault.demo.ports import becomes_free, free_port, is_free
from destinyvault.embedded_postgres import server

ENDINGS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
START_SECONDS = 120
WATCH_SECONDS = 2


def run(demo: Demo, say: Callable[[str], None]) -> None:
    """Start everything, stay until Ctrl-C, SIGTERM or the terminal's end, stop everything. Raises DemoError."""
    with _only_demo(demo):
        _take_port(demo, end_leftovers(demo))
        _run(demo, say)


def _run(demo: Demo, say: Callable[[str], None]) -> None:
    for number in ENDINGS:  # Ctrl-C too: a shell that starts us in the background leaves it ignored
        signal.signal(number, _end_once)
    parts: Parts = {}
    try:
        _start(demo, parts, say)
        _watch(demo, parts, say)
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        _ignore_endings()
        _stop(demo, parts)
    say("Stopped. The site keeps what it knows; with the next `make demo` the guardians own what they did at first.")


@contextmanager
def _only_demo(demo: Demo) -> Iterator[None]:
    """One demo for each folder: they share its database, and one would take the other's parts for leftovers."""
    demo.logs.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(demo.logs / "lock")
    if not lock.acquire(blocking=False):
        raise DemoError("A demo of this folder runs already. Stop it with Ctrl-C first, or use its address.")
    try:
        yield
    finally:
        lock.release()


def _take_port(demo: Demo, leftovers: list[int]) -> None:
    if is_free(demo.port) or (leftovers and becomes_free(demo.port)):
        return
    other = free_port(demo.port + 1)
    offer = f"Port {other} is free: make demo PORT={other}" if other else "Name another: make demo PORT=…"
    raise DemoError(f"Port {demo.port} is in use by another program, or not allowed to you. {offer}")


def _start(demo: Demo, parts: Parts, say: Callable[[str], None]) -> None:
    say("Starting the sandbox (a small Bungie.net on this machine) ...")
    launch(demo, parts, "sandbox")
    _await_answer(demo, parts, "sandbox", f"{demo.sandbox}/sandbox/")
    say("Starting Postgres and bringing its tables up to date ...")
    server.start(demo.data)
    manage(demo, "migrate", "--verbosity", "0")
    manage(demo, "createcachetable")
    manage(demo, "collectstatic", "--noinput", "--verbosity", "0")
    manage(demo, "demo_staff", **{STAFF_PASSWORD: staff_password(demo)})
    say("Reading the Manifest ...")
    manage(demo, "sync_manifest")
    say("Starting the site and its task cluster ...")
    launch(demo, parts, "web")
    launch(demo, parts, "cluster")
    _await_answer(demo, parts, "web", f"{demo.address}/healthz")
    say(
        f"\n  Destiny Vault runs at  {demo.address}\n\n"
        "  To sign in: open it, press “Sign in with Bungie.net”, and choose one of the sandbox's guardians.\n"
        f"  As staff: {demo.address}/admin/ with the name {STAFF} and the password {staff_password(demo)}\n"
        f"  {_what_leaves()} Logs: {demo.logs}\n"
        "  Ctrl-C stops everything.\n"
    )


def _what_leaves() -> str:
    if os.environ.get("ANNOUNCE_WEBHOOK_URL", "").strip():
        return "Only messages to ANNOUNCE_WEBHOOK_URL leave this machine."
    return "Nothing leaves this machine."


def _await_answer(demo: Demo, parts: Parts, name: str, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while (ended := parts[name].poll() is not None) or not _answers(url):
        if ended or time.monotonic() > deadline:
            log = demo.logs / f"{name}.log"
            tail = "\n".join(log.read_text(errors="replace").strip().splitlines()[-3:])
            raise DemoError(f"The {name} did not start. The end of {log}:\n{tail}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  an address of ours
            return True
    except (urllib.error.URLError, OSError):
        return False


def _watch(demo: Demo, parts: Parts, say: Callable[[str], None]) -> None:
    """Whatever is killed comes back: a part by a new start, Postgres by its own recovery."""
    while True:
        time.sleep(WATCH_SECONDS)
        if not server.is_accepting(demo.data):
            say("Postgres is gone; starting it again ...")
            server.start(demo.data)
        for name in [name for name, part in parts.items() if part.poll() is not None]:
            say(f"The {name} ended; starting it again ...")
            end_group(parts[name].pid)
            launch(demo, parts, name)


def _stop(demo: Demo, parts: Parts) -> None:
    """The cluster first: without a database its main process never ends. Postgres last, unless others use it."""
    for name in ("cluster", "web", "sandbox"):
        if name in parts:
            end(parts[name])
    pid_file(demo).unlink(missing_ok=True)
    if server.is_accepting(demo.data) and not _others_connected(demo):
        server.stop(demo.data)


def _others_connected(demo: Demo) -> bool:
    connection = psycopg2.connect(dbname="postgres", **server.address(demo.data))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND datname NOT IN ('postgres', %s)",  # postgres: this look itself, and the watch
                [DATABASE],
            )
            return cursor.fetchone()[0] > 0
    finally:
        connection.close()


def _end_once(*_: object) -> None:
    """A second Ctrl-C while stopping would leave parts behind."""
    _ignore_endings()
    raise KeyboardInterrupt


def _ignore_endings() -> None:
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
