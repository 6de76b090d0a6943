"""`manage.py sandbox`: starts, says where, ends at once, and says what is wrong with what it was given."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def started(*options):
    command = [sys.executable, "-m", "destinyvault.sandbox", "--port", "0", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.parametrize("farewell", [signal.SIGTERM, signal.SIGINT])
def test_says_where_it_is_and_ends_cleanly(farewell):
    process = started()
    root = process.stdout.readline().split()[4]
    request = urllib.request.Request(f"{root}/sandbox/", headers={"User-Agent": "tests"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert json.load(answer)["root"] == root
    process.send_signal(farewell)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_busy_port_is_named(taken_port):
    with pytest.raises(CommandError, match=f"port {taken_port} "):
        call_command("sandbox", port=taken_port)


def test_missing_content_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        call_command("sandbox", port=0, content=tmp_path / "nothing.content")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 half a zip", b"<html>"])
def test_corrupt_content_file_is_refused(tmp_path, body):
    file = tmp_path / "broken.content"
    file.write_bytes(body)
    with pytest.raises(CommandError, match="not a Manifest content file"):
        call_command("sandbox", port=0, content=file)


# mtime=0: two test processes must make the same bytes, or they collect different tests.
EMPTY_REPLY = gzip.compress(b'{"Response": {}}', mtime=0)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", EMPTY_REPLY, b"\x1f\x8b damaged"])
def test_corrupt_profile_is_refused(tmp_path, body):
    file = tmp_path / "broken.json.gz"
    file.write_bytes(body)
    with pytest.raises(CommandError, match="not a GetProfile reply"):
        call_command("sandbox", port=0, profile=file)
