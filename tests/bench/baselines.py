"""What an import is compared with: the same rows into bare tables, by one COPY and one by one."""

import json
import os
import queue
import threading
import time

from django.db import connection, transaction

from destinyvault.sandbox.content import Content
from manifest import content_file
from manifest.models import Definition

EACH = 5  # only every fifth row is inserted one by one
ESCAPES = ((b"\\", b"\\\\"), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t"))


def raw_copy(content: Content, storage: str = "EXTENDED") -> float:
    """Seconds for one connection, text form, into a table without an index. Reading goes beside it."""
    chunks: queue.Queue[bytes] = queue.Queue(8)
    reader = threading.Thread(target=_read_as_text, args=(content, chunks))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw (name text, hash bigint, json jsonb)")
        cursor.execute(f"ALTER TABLE raw ALTER COLUMN json SET STORAGE {storage}")
        settle()
        started = time.monotonic()
        reader.start()
        cursor.copy_expert("COPY raw FROM STDIN", _Source(chunks))
        seconds = time.monotonic() - started
        cursor.execute("DROP TABLE raw")
    return seconds


def row_by_row(content: Content) -> float:
    """Seconds to save every row through Django's ORM, in one transaction; reckoned from a part of them."""
    settle()
    started = time.monotonic()
    with transaction.atomic():
        for number, (_, key, body) in enumerate(_rows(content)):
            if number % EACH == 0:
                hash_, text = (0, key) if isinstance(key, str) else (key, "")
                Definition(table_id=number, added=0, hash=hash_, key=text, digest=b"", json=json.loads(body)).save()
        seconds = time.monotonic() - started
        transaction.set_rollback(True)
    return seconds * EACH


def settle() -> None:
    """Pages that an earlier run left to be written would slow down the next one."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    os.sync()


class _Source:
    def __init__(self, chunks: "queue.Queue[bytes]") -> None:
        self.chunks = chunks

    def read(self, _size: int) -> bytes:
        return self.chunks.get()


def _read_as_text(content: Content, chunks: "queue.Queue[bytes]") -> None:
    buffer = bytearray()
    for name, key, body in _rows(content):
        for plain, escaped in ESCAPES:
            body = body.replace(plain, escaped)
        buffer += b"%s\t%d\t%s\n" % (name.encode(), 0 if isinstance(key, str) else key, body)
        if len(buffer) > 1 << 19:
            chunks.put(bytes(buffer))
            buffer.clear()
    chunks.put(bytes(buffer))
    chunks.put(b"")


def _rows(content: Content):
    with content_file.opened(content.database) as database:
        for table in content_file.tables(database):
            for key, body in content_file.rows(database, table):
                yield table.name, key, body
