"""The demo as a stranger runs it: a process, its words, its page, its end."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

from destinyvault.demo.ports import free_port
from destinyvault.embedded_postgres import server

BASE = Path(__file__).resolve().parents[2]


class RunningDemo:
    def __init__(self, var, port):
        self.var, self.port = var, port
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(BASE / "manage.py"), "demo", "--port", str(port)],
            env={**os.environ, "VAR_DIR": str(var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self._reader.start()

    @property
    def text(self):
        return "".join(self.lines)

    def until(self, condition, seconds=120):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds} s\n{self.text}"
            assert self.process.poll() is None, self.text
            time.sleep(0.1)

    def parts(self):
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it may end while we look
                found[child.pid] = " ".join(child.cmdline())
        return found

    def pid_of(self, words):
        return next(pid for pid, line in self.parts().items() if words in line)

    def healthy(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as reply:
                return reply.status == 200
        except OSError:
            return False

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join(5)
        return code


def staff_signs_in(port, password):
    """Through the admin's own form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"http://127.0.0.1:{port}/admin/login/"
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.open(address).read().decode())[1]
    form = {"csrfmiddlewaretoken": token, "username": "staff", "password": password, "next": "/admin/"}
    with browser.open(address, urllib.parse.urlencode(form).encode()) as answer:
        return "/admin/manifest/revision/" in answer.read().decode()


def refused(var, port):
    """What a demo says that does not start."""
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), "demo", "--port", str(port)],
        env={**os.environ, "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    folder.chmod(0o755)
    yield folder
    server.stop(folder / "postgres")


def test_the_demo_starts_mends_itself_and_stops(var):
    demo = RunningDemo(var, free_port(18000))
    try:
        demo.until(lambda: "Ctrl-C stops everything" in demo.text)
        assert f"http://127.0.0.1:{demo.port}" in demo.text
        assert "Sign in with Bungie.net" in demo.text
        assert demo.healthy()
        password = re.search("name staff and the password ([^ \n]+)", demo.text)[1]
        assert staff_signs_in(demo.port, password)
        assert not staff_signs_in(demo.port, f"{password}x")
        assert (var / "demo" / "staff_password").stat().st_mode & 0o077 == 0

        elsewhere = refused(var.parent / "other", demo.port)
        assert f"Port {demo.port} is in use" in elsewhere
        assert "make demo PORT=" in elsewhere
        before = demo.parts()
        for port in (demo.port, free_port(demo.port + 1)):
            assert "runs already" in refused(var, port)
        assert demo.parts() == before

        web = demo.pid_of("gunicorn")
        os.kill(web, signal.SIGKILL)
        demo.until(lambda: web not in demo.parts() and demo.healthy())

        postmaster = int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        demo.until(lambda: not psutil.pid_exists(postmaster))
        demo.until(demo.healthy)

        parts = list(demo.parts())
        assert demo.end() == 0
        assert not [pid for pid in parts if psutil.pid_exists(pid)]
        assert not server.is_accepting(var / "postgres")
    finally:
        if demo.process.poll() is None:
            demo.end()


def test_a_killed_demo_leaves_nothing_in_the_way_of_the_next(var):
    port = free_port(18100)
    first = RunningDemo(var, port)
    first.until(lambda: "Ctrl-C stops everything" in first.text)
    orphans = list(first.parts())
    first.process.kill()
    first.process.wait()
    second = RunningDemo(var, port)
    try:
        second.until(lambda: "Ctrl-C stops everything" in second.text)
        assert not [pid for pid in orphans if psutil.pid_exists(pid)]
    finally:
        second.end()


def test_a_port_is_free_until_somebody_listens():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert free_port(taken) != taken


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_port_that_is_none_is_refused_in_words(port, tmp_path):
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), "demo", f"--port={port}"], capture_output=True, text=True, check=False
    )
    assert "is not a port: a number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr
