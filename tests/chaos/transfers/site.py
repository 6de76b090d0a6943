"""A whole site in a folder: its Postgres, a sandbox with a crowd, and clusters, any of which may be killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from destinyvault.demo.ports import free_port
from destinyvault.embedded_postgres import server
from destinyvault.sandbox.orders import SandboxOrders

BASE = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 180


class Site:
    def __init__(
        self, folder: Path, crowd: int, clusters: int, *, workers: int = 3, without: str = "", redis_url: str = ""
    ) -> None:
        self.folder, self.data = folder, folder / "postgres"
        self.port = free_port(random.randrange(20_000, 30_000))  # below those that the system hands out
        self.root = f"http://127.0.0.1:{self.port}"
        self.orders = SandboxOrders(self.root)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "tests.chaos.transfers.settings",
            "CHAOS_BUNGIE_ROOT": self.root,
            "CHAOS_WITHOUT": without,
            "CHAOS_WORKERS": str(workers),
            "VAR_DIR": str(folder),
            "EMBEDDED_DATABASE": "chaos",
            "REDIS_URL": redis_url,
        }
        self.crowd, self.wanted = crowd, clusters
        self.clusters: list[subprocess.Popen] = []
        self.sandbox: subprocess.Popen | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--crowd", str(self.crowd), "--scale", "1"]
        self.sandbox = self._launch("sandbox", [sys.executable, "manage.py", "sandbox", *options])
        self._manage("migrate", "-v0")
        self._manage("createcachetable")
        _until(self._sandbox_answers)
        self._manage("sync_manifest", "-v0")
        for _ in range(self.wanted):
            self.start_cluster()

    def stop(self) -> None:
        for cluster in self.clusters:
            _kill_group(cluster)
        if self.sandbox:
            _kill_group(self.sandbox)
        server.stop(self.data)

    def start_cluster(self) -> None:
        self.clusters.append(self._launch("cluster", [sys.executable, "manage.py", "qcluster"]))

    def kill_a_worker(self, rng: random.Random) -> bool:
        """Any process below a cluster's first: its guard, a worker, the one that hands out tasks. Whether it hit."""
        with suppress(psutil.Error):
            below = psutil.Process(rng.choice(self.clusters).pid).children(recursive=True)
            if below:
                rng.choice(below).kill()
                return True
        return False

    def kill_a_cluster(self, rng: random.Random) -> bool:
        cluster = self.clusters.pop(rng.randrange(len(self.clusters)))
        _kill_group(cluster)
        self.start_cluster()
        return True

    def kill_postgres(self, rng: random.Random) -> bool:
        """Whoever connects next starts it again. While that is under way there is none to be hit."""
        try:
            postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
            processes = [postmaster, *postmaster.children(recursive=True)]
        except (FileNotFoundError, IndexError, ValueError, psutil.Error):
            return False
        for process in processes:
            with suppress(psutil.Error):
                process.kill()
        return True

    def tend(self) -> None:
        """What a service manager does: a cluster that ended is started again."""
        for cluster in list(self.clusters):
            if cluster.poll() is not None:
                _kill_group(cluster)
                self.clusters.remove(cluster)
                self.start_cluster()

    def _launch(self, name: str, command: list[str]) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=BASE, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def _manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE, env=self.environment, check=True)

    def _sandbox_answers(self) -> bool:
        try:
            return bool(self.orders.state())
        except OSError:
            return False


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Debian's, on a socket of its own; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("There is no redis-server on this machine: install your system's package.")
    place = folder / "redis.sock"
    quiet = ["--port", "0", "--save", "", "--dir", str(folder), "--unixsocket", str(place)]
    process = subprocess.Popen([program, *quiet], stdout=subprocess.DEVNULL)
    try:
        _until(place.exists)
        yield f"unix://{place}?db=0"
    finally:
        process.terminate()
        process.wait()


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("A part of the site does not come up.")
        time.sleep(0.05)


def _kill_group(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
