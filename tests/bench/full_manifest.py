"""Five full revisions of one language, 110,000 definitions each; from one to the next 98% of them differ.

(All but those of the smallest tables.) For the figures of comparison, search and admin: `with full_manifest(): …` gives
a database of its own. Building it takes two minutes; with KEEP_FULL_MANIFEST=1 the next run takes it as the last one
left it, with new migrations applied.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from destinyvault.sandbox.content import Content
from destinyvault.sandbox.manifest import Changes, derive, open_library
from destinyvault.sandbox.world.forge import Forge
from manifest.models import Revision
from manifest.sync import sync
from tests.bench.databases import own_database

SCALE = 110_000
REVISIONS = 5
KEPT = bool(os.environ.get("KEEP_FULL_MANIFEST"))


@contextmanager
def full_manifest(database: str = "bench_full_manifest") -> Iterator[list[Revision]]:
    """The revisions, oldest first; the newest is live."""
    with own_database(database, kept=KEPT):
        complete = Revision.objects.filter(status=Revision.Status.COMPLETE, language="en")
        if complete.count() < REVISIONS:
            build()
        yield list(complete.order_by("id"))


def build() -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="full-manifest-", dir=settings.VAR_DIR) as folder:
        for content in editions(Path(folder)):
            sync("en", file=content.zipped)
    count = Revision.objects.count()
    sys.stdout.write(f"{count} revisions of {SCALE:,} definitions built in {time.monotonic() - started:.0f} s\n")


def editions(folder: Path) -> Iterator[Content]:
    """Each is gone when the next one is there: unpacked they have 280 MB."""
    content = open_library(1, SCALE, settings.VAR_DIR / "bench", None).current.content("en")
    yield content
    for number in range(2, REVISIONS + 1):
        later = derive(content, "en", Changes(changed=1.0), number, folder, Forge(1))
        yield later
        if number > 2:
            content.zipped.unlink()
            content.database.unlink()
        content = later
