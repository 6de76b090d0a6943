"""The whole site on this machine, against the sandbox: prepare, start, watch, stop.

The demo has a database, secrets and logs of its own under var/, and reads no .env: it cannot touch a real site's data.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from destinyvault import env
from destinyvault.embedded_postgres import server

DATABASE = "destinyvault_demo"
OWN_SETTINGS = {"BUNGIE_API_KEY": "sandbox-api-key", "BUNGIE_CLIENT_ID": "12345"}
OWN_SETTINGS["BUNGIE_CLIENT_SECRET"] = "sandbox-client-secret"  # noqa: S105  the sandbox's, known to everyone
START_SECONDS = 120
STOP_SECONDS = 15
WATCH_SECONDS = 2
LEFTOVER_SECONDS = 5


class DemoError(Exception):
    """The demo cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class Demo:
    base: Path
    var: Path
    port: int
    sandbox_port: int
    content: str
    profile: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def data(self) -> Path:
        return self.var / "postgres"

    @property
    def logs(self) -> Path:
        return self.var / "demo"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wished: int) -> int:
    """The first free port from `wished` on."""
    return next(port for port in range(wished, 65536) if is_free(port))


def run(demo: Demo, say: Callable[[str], None]) -> None:
    """Start everything, stay until SIGINT or SIGTERM, stop everything. Raises DemoError."""
    leftovers = _end_leftovers(demo)
    if not (is_free(demo.port) or (leftovers and _becomes_free(demo.port))):
        raise DemoError(
            f"Port {demo.port} is in use by another program. Port {free_port(demo.port + 1)} is free: "
            f"make demo PORT={free_port(demo.port + 1)}"
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parts: dict[str, subprocess.Popen] = {}
    try:
        _start(demo, parts, say)
        _watch(demo, parts, say)
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        with _no_more_interrupts():
            _stop(demo, parts)
    say("Stopped. Everything you did is kept; `make demo` goes on from there.")


def _start(demo: Demo, parts: dict[str, subprocess.Popen], say: Callable[[str], None]) -> None:
    say("Starting the sandbox (a small Bungie.net on this machine) ...")
    _launch(demo, parts, "sandbox")
    _await_answer(demo, parts, "sandbox", f"{demo.sandbox}/sandbox/")
    say("Starting Postgres and bringing its tables up to date ...")
    server.start(demo.data)
    _manage(demo, "migrate", "--verbosity", "0")
    _manage(demo, "createcachetable")
    _manage(demo, "collectstatic", "--noinput", "--verbosity", "0")
    say("Reading the Manifest ...")
    _manage(demo, "sync_manifest")
    say("Starting the site and its task cluster ...")
    _launch(demo, parts, "web")
    _launch(demo, parts, "cluster")
    _await_answer(demo, parts, "web", f"{demo.address}/healthz")
    say(
        f"\n  Destiny Vault runs at  {demo.address}\n\n"
        "  To sign in: open it, press “Sign in with Bungie.net”, and choose one of the sandbox's guardians.\n"
        f"  Nothing leaves this machine. Logs: {demo.logs}\n"
        "  Ctrl-C stops everything.\n"
    )


def _commands(demo: Demo) -> dict[str, list[str]]:
    manage = [sys.executable, str(demo.base / "manage.py")]
    sandbox = [*manage, "sandbox", "--port", str(demo.sandbox_port)]
    sandbox += ["--redirect-url", f"{demo.address}/accounts/bungie/login/callback/"]
    sandbox += ["--content", demo.content] if demo.content else []
    sandbox += ["--profile", demo.profile] if demo.profile else []
    web = [sys.executable, "-m", "gunicorn", "destinyvault.wsgi"]
    return {"sandbox": sandbox, "web": web, "cluster": [*manage, "qcluster"]}


def _environment(demo: Demo) -> dict[str, str]:
    kept = env.kept_secrets(demo.var / "secrets.json")
    foreign = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ANNOUNCE_WEBHOOK_URL", "DJANGO_SETTINGS_MODULE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in foreign},
        **kept,
        **OWN_SETTINGS,
        "ENV_FILE": "",
        "DEBUG": "off",
        "VAR_DIR": str(demo.var),
        "EMBEDDED_DATABASE": DATABASE,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": demo.address,
        "WEB_PORT": str(demo.port),
        "BUNGIE_ROOT": demo.sandbox,
        "MANIFEST_LANGUAGES": "en,fr",
    }


def _launch(demo: Demo, parts: dict[str, subprocess.Popen], name: str) -> None:
    """In a session of its own, so that Ctrl-C reaches only us and we choose the order of ends."""
    demo.logs.mkdir(parents=True, exist_ok=True)
    with (demo.logs / f"{name}.log").open("ab") as log:
        parts[name] = subprocess.Popen(
            _commands(demo)[name],
            cwd=demo.base,
            env=_environment(demo),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _pid_file(demo).write_text(json.dumps([part.pid for part in parts.values()]))


def _manage(demo: Demo, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(demo.base / "manage.py"), *arguments],
        cwd=demo.base,
        env=_environment(demo),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_words = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise DemoError(f"`manage.py {arguments[0]}` failed:\n{last_words}")


def _await_answer(demo: Demo, parts: dict[str, subprocess.Popen], name: str, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if parts[name].poll() is not None or time.monotonic() > deadline:
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


def _watch(demo: Demo, parts: dict[str, subprocess.Popen], say: Callable[[str], None]) -> None:
    """Whatever is killed comes back: a part by a new start, Postgres by its own recovery."""
    while True:
        time.sleep(WATCH_SECONDS)
        if not server.is_accepting(demo.data):
            say("Postgres is gone; starting it again ...")
            server.start(demo.data)
        for name in [name for name, part in parts.items() if part.poll() is not None]:
            say(f"The {name} ended; starting it again ...")
            _end_group(parts[name].pid)
            _launch(demo, parts, name)


def _stop(demo: Demo, parts: dict[str, subprocess.Popen]) -> None:
    """The cluster first: without a database its main process never ends. Postgres last, unless others use it."""
    for name in ("cluster", "web", "sandbox"):
        if name in parts:
            _end(parts[name])
    _pid_file(demo).unlink(missing_ok=True)
    if server.is_accepting(demo.data) and not _others_connected(demo):
        server.stop(demo.data)


def _end(part: subprocess.Popen) -> None:
    part.terminate()
    with suppress(subprocess.TimeoutExpired):
        part.wait(STOP_SECONDS)
    _end_group(part.pid)


def _end_group(pid: int) -> None:
    """What is left of a part's session: its children, when it was killed itself."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end_leftovers(demo: Demo) -> list[int]:
    """A demo that was killed itself left its parts running; they are ours by their pid file and their folder."""
    try:
        pids = json.loads(_pid_file(demo).read_text())
    except (FileNotFoundError, ValueError):
        return []
    ours = [pid for pid in pids if _runs_in(demo.base, pid)]
    for pid in ours:
        _end_group(pid)
    _pid_file(demo).unlink(missing_ok=True)
    return ours


def _runs_in(folder: Path, pid: int) -> bool:
    try:
        return psutil.Process(pid).cwd() == str(folder)
    except psutil.Error:
        return False


def _becomes_free(port: int) -> bool:
    """What was just killed holds its port for a moment longer."""
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while not is_free(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_free(port)


def _pid_file(demo: Demo) -> Path:
    return demo.logs / "pids.json"


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


@contextmanager
def _no_more_interrupts() -> Iterator[None]:
    """A second Ctrl-C while stopping would leave parts behind."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
