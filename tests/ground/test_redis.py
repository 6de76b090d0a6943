"""REDIS_URL puts the cache into Redis; Debian's server is started here, on a socket of its own."""

import os
import shutil
import subprocess
import sys
import time

import pytest


@pytest.fixture
def redis_url(tmp_path):
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to bring redis-server")
        pytest.skip("no redis-server on this machine: install your system's package")
    socket = tmp_path / "redis.sock"
    quiet = ["--port", "0", "--save", "", "--dir", str(tmp_path), "--unixsocket", str(socket)]
    process = subprocess.Popen([program, *quiet], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not socket.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield f"unix://{socket}?db=0"
    process.terminate()
    process.wait()


def test_the_cache_lives_in_redis_when_its_address_is_set(redis_url):
    program = f"""
import django; django.setup()
from django.core.cache import cache, caches
cache.set("planet", "Nessus", 60)
print(cache.get("planet"), type(caches["default"]).__module__)
import redis
print(redis.Redis.from_url({redis_url!r}).dbsize())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "REDIS_URL": redis_url},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["Nessus", "django_redis.cache", "1"]
