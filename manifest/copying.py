"""Write definitions by COPY over several connections at once.

Postgres parses the JSON of one COPY on one core, and that is nearly all of an import's work; two connections use two.
They may commit one after the other, since rows of a revision that is not live are seen by nobody. Binary COPY spares
both sides the quoting of text (https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format").
"""

import struct
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from queue import Queue
from threading import Event

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from manifest import items
from manifest.content_file import Key
from manifest.errors import ManifestError
from manifest.models import Definition, Revision

WRITERS = 2
CHUNK_BYTES = 1 << 19
_CHUNKS_WAITING = 4  # bounds the memory, whatever the size of the content
_COPY = f"COPY {Definition._meta.db_table} (table_id, added, hash, digest, key, json) FROM STDIN (FORMAT binary)"
_FILE_START = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_FILE_END = struct.pack(">h", -1)
_ROW = struct.Struct(">hiqiiiqi16si")  # the number of columns, then length and value of each
_JSON = struct.Struct(">ib")  # length, and the version of jsonb's binary form

Put = Callable[[bytes], None]


def packed(table_id: int, added: int, key: Key, digest: bytes, json: bytes) -> bytes:
    """One row of the COPY."""
    number, text = (0, key.encode()) if isinstance(key, str) else (key, b"")
    start = _ROW.pack(6, 8, table_id, 4, added, 8, number, 16, digest, len(text))
    return b"".join((start, text, _JSON.pack(len(json) + 1, 1), json))


@contextmanager
def copying(revision: Revision) -> Iterator[Put]:
    """Gives a function that takes chunks of packed rows; all are committed when the block ends well, else none."""
    chunks: Queue[bytes | None] = Queue(_CHUNKS_WAITING)
    aborted = Event()
    writers: list[Future[None]] = []

    def put(chunk: bytes) -> None:
        if aborted.is_set():
            raise _WriterFailed
        if len(writers) < WRITERS:
            writers.append(pool.submit(_copy, revision, chunks, aborted))
        chunks.put(chunk)

    with ThreadPoolExecutor(WRITERS, thread_name_prefix="copy") as pool:
        try:
            yield put
        except _WriterFailed:
            pass  # its own error is raised below
        except BaseException:
            aborted.set()
            raise
        finally:
            for _ in writers:
                chunks.put(None)
    for writer in writers:
        writer.result()


class _WriterFailed(Exception):
    """Ends the reading early."""


class _Source:
    """The chunks as the file that one COPY reads, up to its own None."""

    def __init__(self, chunks: Queue[bytes | None]) -> None:
        self._parts = chain([_FILE_START], iter(chunks.get, None), [_FILE_END])

    def read(self, _size: int) -> bytes:
        return next(self._parts, b"")

    def drain(self) -> None:
        """So that nobody waits for room in the queue of a writer that failed."""
        for _ in self._parts:
            pass


def _copy(revision: Revision, chunks: Queue[bytes | None], aborted: Event) -> None:
    source = _Source(chunks)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _hold(cursor, revision)
            with connection.wrap_database_errors:  # Django does not wrap what only psycopg2 knows
                cursor.copy_expert(_COPY, source)
            if aborted.is_set():
                transaction.set_rollback(True)
            else:
                items.fill(cursor, revision)
    except BaseException:
        aborted.set()
        raise
    finally:
        source.drain()
        connection.close()  # this thread's own


def _hold(cursor: CursorWrapper, revision: Revision) -> None:
    """Whoever takes us for dead, and clears up, now waits until these rows can be seen; or came first."""
    cursor.execute("SELECT 1 FROM manifest_revision WHERE id = %s AND status = 'running' FOR SHARE", [revision.pk])
    if not cursor.fetchone():
        raise ManifestError("Another import took over, because this one seemed to have ended.")
