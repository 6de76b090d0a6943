"""One import: a revision's row, its files, its definitions and the switch; or the clear reason why not."""

import errno
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DataError, Error, OperationalError
from psycopg2.errors import DiskFull

from manifest import bad_rows, cleaning, download, holding, ingest, switch
from manifest.download import Unpack
from manifest.errors import BrokenFile, HeldBack, ManifestError, OwnMistake, first_line
from manifest.ingest import Difference
from manifest.models import Revision
from manifest.progress import Progress
from manifest.unpacking import Content

_INTERRUPTED = "Somebody interrupted the import. Nothing of it was kept."


def import_content(revision: Revision, ways: Iterable[Unpack], progress: Progress, *, force: bool = False) -> None:
    """Make the new `revision` complete, and live where nothing is pinned. A broken file is tried the next way.

    Or mark it failed, or held back, keep nothing of it, and raise ManifestError. `force` holds nothing back and goes
    live over a pinned revision.
    """
    try:
        with _in_words(), download.workspace(revision.language) as folder:
            _import(revision, folder, ways, progress, force)
    except BaseException as error:  # Ctrl-C too: what is written so far goes now, not at the next import
        _give_up(revision, error)
        raise
    cleaning.forget_failures(revision)


def _import(revision: Revision, folder: Path, ways: Iterable[Unpack], progress: Progress, force: bool) -> None:
    clock = _Clock()
    difference = _difference(revision, folder, ways, progress, force, clock)
    progress.phase("Switching", None)
    switch.prepare(revision, difference)
    clock.note("prepare")
    switch.complete(revision, difference, force=force)
    clock.note("switch")
    revision.seconds = clock.seconds
    revision.save(update_fields=["seconds"])


def _difference(
    revision: Revision, folder: Path, ways: Iterable[Unpack], progress: Progress, force: bool, clock: "_Clock"
) -> Difference:
    for unpack in ways:
        try:
            content = unpack(folder, progress)
            clock.note("fetch")
            revision.content_bytes = content.path.stat().st_size
            with _naming_what_is_bad(content):
                report = progress.phase("Importing", revision.content_bytes)
                difference = ingest.ingest(content, revision, report, force=force)
            clock.note("ingest")
            return difference
        except BrokenFile as error:
            failure = error
    raise failure


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def note(self, phase: str) -> None:
        now = time.monotonic()
        self.seconds[phase] = round(now - self._last, 3)
        self._last = now


@contextmanager
def _naming_what_is_bad(content: Content) -> Iterator[None]:
    try:
        yield
    except (DataError, OperationalError) as error:
        if not _is_about_values(error):
            raise
        content.verified()
        reason = bad_rows.first(content.path) or f"A value of the content does not fit: {first_line(error)}."
        raise ManifestError(reason) from error
    except ManifestError:
        content.verified()  # whatever is wrong with another file than the promised one, that comes first
        raise


def _is_about_values(error: Error) -> bool:
    """Not only wrong ones: what is nested too deep for Postgres is an OperationalError of class 54."""
    return isinstance(error, DataError) or (getattr(error.__cause__, "pgcode", "") or "").startswith("54")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ManifestError("The disk is full.", "Make room below VAR_DIR.", detail=error.filename or "") from error
        reason = error.strerror or type(error).__name__
        raise ManifestError(f"A file could not be read or written: {reason}.", detail=str(error)) from error
    except Error as error:
        if isinstance(error.__cause__, DiskFull):
            raise ManifestError(
                "The disk of the database is full.", "Make room for it.", detail=first_line(error)
            ) from error
        raise ManifestError("The database failed.", detail=first_line(error)) from error


def _give_up(revision: Revision, error: BaseException) -> None:
    with suppress(Error):  # a database that is gone: the next import clears up (cleaning.abandon_killed)
        if not isinstance(error, Exception):
            cleaning.abandon(revision, _INTERRUPTED)  # told to nobody: whoever did it knows
            cleaning.forget_failures(revision)
        else:
            told = error if isinstance(error, ManifestError) else OwnMistake(error)
            status = Revision.Status.HELD if isinstance(error, HeldBack) else Revision.Status.FAILED
            cleaning.give_up(revision, told.happened, status)
            if isinstance(error, HeldBack):
                holding.keep_rows(revision, error.rows)
