"""The site as it is served, while what it stands on goes away and comes back."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from destinyvault.demo.ports import free_port
from destinyvault.embedded_postgres import server

BASE = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120


def test_when_the_embedded_database_cannot_start_the_site_says_so(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")  # looks made, but is empty
    tmp_path.chmod(0o755)
    program = """
import django; django.setup()
from django.test import Client
for path in ("/", "/healthz"):
    answer = Client(raise_request_exception=False).get(path)
    print(answer.status_code, "cannot reach its database" in answer.content.decode())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        cwd=BASE,
    )
    assert done.stdout.splitlines() == ["503 True", "503 False"]


class Site:
    """gunicorn on a database of its own, reached by DATABASE_URL as somebody's own server is."""

    def __init__(self, folder):
        self.data = folder / "postgres"
        server.start(self.data)
        server.create_database(self.data, "site")
        host = urllib.parse.quote(str(server.address(self.data)["host"]), safe="")
        self.root = f"http://127.0.0.1:{(port := free_port(18200))}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"postgres://postgres@{host}/site",
            "WEB_PORT": str(port),
        }
        manage = [sys.executable, str(BASE / "manage.py")]
        subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True, cwd=BASE)
        web = [sys.executable, "-m", "gunicorn", "destinyvault.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        self.process = subprocess.Popen(web, env=environment, cwd=BASE, stderr=subprocess.DEVNULL)

    def get(self, path):
        try:
            with urllib.request.urlopen(self.root + path, timeout=60) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.read().decode()
        except OSError:
            return 0, ""

    def until(self, path, status):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := self.get(path))[0] != status:
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)
        return answer[1]

    def close(self):
        self.process.terminate()
        self.process.wait()
        server.stop(self.data)


@pytest.fixture
def site(tmp_path):
    tmp_path.chmod(0o755)
    site = Site(tmp_path)
    yield site
    site.close()


def test_without_its_database_the_site_says_so_and_recovers_by_itself(site):
    site.until("/", 200)
    server.stop(site.data)
    page = site.until("/", 503)
    assert "cannot reach its database" in page
    assert "Traceback" not in page
    assert '"gone"' in site.until("/healthz", 503)
    server.start(site.data)
    site.until("/", 200)
