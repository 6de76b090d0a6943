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

    def until(self, condition, seconds=300):
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
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=60) as reply:
                return reply.status == 200
        except OSError:
            return False

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(180)
        self._reader.join(60)
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


@pytest.fixture
def var(tmp_path):
    tmp_path.chmod(0o755)
    yield tmp_path
    server.stop(tmp_path / "postgres")


@pytest.fixture
def start(var):
    """start(port) is a demo of this folder; at the end none is left."""
    demos = []

    def start(port):
        demos.append(RunningDemo(var, port))
        demos[-1].until(lambda: "Ctrl-C stops everything" in demos[-1].text)
        return demos[-1]

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.end()


@pytest.mark.long
def test_the_demo_starts_mends_itself_is_killed_starts_again_and_stops(var, start):
    demo = start(free_port(18000))
    assert f"http://127.0.0.1:{demo.port}" in demo.text
    assert "Sign in with Bungie.net" in demo.text
    is_served_to_its_staff(demo)
    is_the_only_one(demo)
    mends_itself(demo)
    orphans = processes(demo)
    demo.process.kill()
    demo.process.wait()
    again = start(demo.port)
    assert are_gone(orphans), "a killed demo leaves nothing in the way"
    parts = processes(again)
    assert again.end() == 0, again.text
    assert are_gone(parts)
    assert not server.is_accepting(var / "postgres")


def is_served_to_its_staff(demo):
    demo.until(demo.healthy)
    password = re.search("name staff and the password ([^ \n]+)", demo.text)[1]
    assert staff_signs_in(demo.port, password)
    assert not staff_signs_in(demo.port, f"{password}x")
    assert (demo.var / "demo" / "staff_password").stat().st_mode & 0o077 == 0


def is_the_only_one(demo):
    elsewhere = refused(demo.var / "other", demo.port)
    assert f"Port {demo.port} is in use" in elsewhere
    assert "make demo PORT=" in elsewhere
    before = processes(demo)
    for port in (demo.port, free_port(demo.port + 1)):
        assert "runs already" in refused(demo.var, port)
    assert processes(demo) == before


def mends_itself(demo):
    web = demo.pid_of("gunicorn")
    os.kill(web, signal.SIGKILL)
    demo.until(lambda: web not in demo.parts() and demo.healthy())
    postmaster = psutil.Process(int((demo.var / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
    postmaster.kill()
    demo.until(lambda: not postmaster.is_running())
    demo.until(demo.healthy)


def processes(demo):
    """Known by their start, too: numbers of processes come round again."""
    return [psutil.Process(pid) for pid in demo.parts()]


def are_gone(those):
    return not psutil.wait_procs(those, timeout=60)[1]


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
