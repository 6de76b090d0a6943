"""Imports of a full-size Manifest, and of the real one where it is at hand, against raw COPY of the same rows.

An import is the whole command, from the zip on disk to the switch; the baselines read a file that is unpacked already.
Each import is a process of its own, whose memory is watched (that of Postgres is not part of it).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from destinyvault.sandbox.content import Content
from destinyvault.sandbox.manifest import open_library
from manifest import unpacking
from manifest.models import Revision
from manifest.progress import SILENT
from tests.bench.baselines import raw_copy, row_by_row, settle
from tests.bench.contents import changed, scaled
from tests.bench.targets import say, tell

SCALE = 110_000
MOST = {"first import": 0.8, "unchanged": 0.15, "1% changed": 0.2}
SIZES = (10_000, 40_000, 110_000, 400_000)
LINEAR = 1.25  # what a row may cost more in a Manifest that is almost four times as long
DATABASE = "bench_manifest"
ROOT = Path(__file__).resolve().parents[2]
CAPTURES = Path(os.environ.get("BUNGIE_CAPTURES", ROOT.parent / "shared" / "bungie"))
Run = tuple[Revision, float]


def main() -> None:
    content = open_library(1, SCALE, settings.VAR_DIR / "bench", None).current.content("en")
    with own_database(), tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as made:
        folder = Path(made)
        report(f"Manifest of {SCALE:,} definitions", content, folder)
        if real := captured(folder):
            report("The real Manifest", real, folder)
        else:
            say(f"The real Manifest: not measured, there is no capture at {CAPTURES}")
        report_growth(content, folder)


@contextmanager
def own_database() -> Iterator[None]:
    before = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def captured(folder: Path) -> Content | None:
    for zipped in (CAPTURES / "captures").glob("world_sql_content_*.content"):
        return Content("", zipped, unpacking.unpack(zipped, zipped.name, folder, SILENT).path)
    return None


def report(title: str, content: Content, folder: Path) -> None:
    """Every figure is the best of two, since other work on the machine only ever adds to them."""
    raw, uncompressed = [raw_copy(content)], [raw_copy(content, "EXTERNAL")]
    runs = {"first import": [first_import(content), first_import(content)]}
    runs["unchanged"] = [imported(content), imported(content)]
    one_by_one = row_by_row(content)
    for share in (0.01, 0.2):
        new = changed(content, share, folder)
        runs[f"{share:.0%} changed"] = [imported(new), imported(content)]  # there and back
    raw.append(raw_copy(content))
    uncompressed.append(raw_copy(content, "EXTERNAL"))
    say(f"{title}, {content.database.stat().st_size / 1e6:.0f} MB unpacked; raw COPY takes {min(raw):.2f} s here")
    for name, run in runs.items():
        best = min(run, key=total)
        tell(f"{name}, of raw COPY", total(best) / min(raw), at_most=MOST.get(name, 0), note=in_ratios(best, min(raw)))
    first, unchanged = (min(total(run) for run in runs[name]) for name in ("first import", "unchanged"))
    tell("first import, of uncompressed raw COPY", first / min(uncompressed))  # our column is uncompressed, too
    tell("row by row by an ORM, of the first import", one_by_one / first, at_least=6, note=f"{one_by_one:.0f} s here")
    tell("row by row by an ORM, of the unchanged one", one_by_one / unchanged, at_least=35)
    every = [run for some in runs.values() for run in some]
    tell("switch", max(revision.seconds["switch"] for revision, _ in every) * 1000, " ms", at_most=50)
    tell("memory of all importing processes", max(memory for _, memory in every), " MB", at_most=128)


def report_growth(content: Content, folder: Path) -> None:
    say("Seconds for each 10,000 definitions, as a Manifest grows")
    seconds: dict[str, dict[int, float]] = {"first import": {}, "unchanged": {}}
    for size in SIZES:
        new = scaled(content, size / SCALE, folder)
        runs = {"first import": [first_import(new), first_import(new)], "unchanged": [imported(new), imported(new)]}
        for name, some in runs.items():
            best = min(some, key=total)
            seconds[name][size] = total(best) * 10_000 / best[0].rows
            tell(f"{name}, {best[0].rows:,} rows", seconds[name][size], " s", note=f"{best[1]:.0f} MB")
        new.zipped.unlink()
    for name, each in seconds.items():
        growth = each[SIZES[-1]] / each[SIZES[-2]]
        tell(f"{name}: a row of {SIZES[-1]:,}, of one of {SIZES[-2]:,}", growth, at_most=LINEAR)


def in_ratios(run: Run, raw: float) -> str:
    seconds = run[0].seconds
    parts = ", ".join(f"{phase} {spent / raw:.2f}" for phase, spent in seconds.items())
    return f"{parts}; {run[1]:.0f} MB"


def total(run: Run) -> float:
    return sum(run[0].seconds.values())


def first_import(content: Content) -> Run:
    call_command("flush", interactive=False, verbosity=0)
    return imported(content)


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
