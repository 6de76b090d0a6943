"""Imports of a full-size Manifest against raw COPY of the same rows: one connection, text form, into a bare table.

An import is the whole command, from the zip on disk to the switch; raw COPY reads a file that is unpacked already. Each
import is a process of its own, whose memory is watched (that of Postgres is not part of it).
"""

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from destinyvault.sandbox.content import Content
from destinyvault.sandbox.manifest import Changes, derive, open_library
from destinyvault.sandbox.world.forge import Forge
from manifest import content_file
from manifest.models import Revision

SCALE = 110_000
DATABASE = "bench_manifest"
ROOT = Path(__file__).resolve().parents[2]
Run = tuple[Revision, float]
ESCAPES = ((b"\\", b"\\\\"), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t"))


def main() -> None:
    folder = settings.VAR_DIR / "bench"
    content = open_library(1, SCALE, folder, None).current.content("en")
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        report(content, folder)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def report(content: Content, folder: Path) -> None:
    """Every figure is the best of two, since other work on the machine only ever adds to them."""
    raw = [raw_copy(content)]
    runs = {"first import": [first_import(content), first_import(content)]}
    runs["unchanged"] = [imported(content), imported(content)]
    raw.append(raw_copy(content))
    for share in (0.01, 0.2):
        changes = Changes(changed=share)
        content = derive(content, "en", changes, int(share * 100), folder, Forge(1))
        runs[f"{share:.0%} changed"] = [imported(content)]
    say(f"Manifest of {SCALE:,} definitions, {content.database.stat().st_size / 1e6:.0f} MB unpacked")
    say(f"  {'raw COPY':<13} 1.00  ({min(raw):.1f} s here)")
    for name, run in runs.items():
        say(f"  {name:<13} {in_ratios(min(run, key=total), min(raw))}, {max(memory for _, memory in run):.0f} MB")


def in_ratios(run: Run, raw: float) -> str:
    seconds = run[0].seconds
    parts = ", ".join(f"{phase} {spent / raw:.2f}" for phase, spent in seconds.items())
    return f"{total(run) / raw:.2f}  ({parts})"


def total(run: Run) -> float:
    return sum(run[0].seconds.values())


def first_import(content: Content) -> Run:
    call_command("flush", interactive=False, verbosity=0)
    return imported(content)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def raw_copy(content: Content) -> float:
    chunks: queue.Queue[bytes] = queue.Queue(8)
    reader = threading.Thread(target=read_as_text, args=(content, chunks))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw (name text, hash bigint, json jsonb)")
        settle()
        started = time.monotonic()
        reader.start()
        cursor.copy_expert("COPY raw FROM STDIN", Source(chunks))
        seconds = time.monotonic() - started
        cursor.execute("DROP TABLE raw")
    return seconds


class Source:
    def __init__(self, chunks: "queue.Queue[bytes]") -> None:
        self.chunks = chunks

    def read(self, _size: int) -> bytes:
        return self.chunks.get()


def read_as_text(content: Content, chunks: "queue.Queue[bytes]") -> None:
    buffer = bytearray()
    with content_file.opened(content.database) as database:
        for table in content_file.tables(database):
            for key, json in content_file.rows(database, table):
                for plain, escaped in ESCAPES:
                    json = json.replace(plain, escaped)
                buffer += b"%s\t%d\t%s\n" % (table.name.encode(), 0 if isinstance(key, str) else key, json)
                if len(buffer) > 1 << 19:
                    chunks.put(bytes(buffer))
                    buffer.clear()
    chunks.put(bytes(buffer))
    chunks.put(b"")


def settle() -> None:
    """Pages that an earlier run left to be written would slow down the next one."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    os.sync()


def imported(content: Content) -> Run:
    """The revision, and the megabytes that the importing process and its children took at most."""
    environment = {**os.environ, "EMBEDDED_DATABASE": DATABASE, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    settle()
    command = [sys.executable, "manage.py", "sync_manifest", "-v", "0", "--force", "--language", "en"]
    process = psutil.Popen([*command, "--file", str(content.zipped)], cwd=ROOT, env=environment)
    peak = 0
    while process.poll() is None:
        peak = max(peak, memory_of(process))
        time.sleep(0.02)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Revision.objects.latest("id"), peak / 1e6


def memory_of(process: psutil.Process) -> int:
    try:
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0


if __name__ == "__main__":
    main()
