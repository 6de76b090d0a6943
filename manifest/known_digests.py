"""Digests of what the newest revision holds, read ahead of the comparing on a connection of their own."""

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from manifest.content_file import ContentTable, Key
from manifest.models import Definition

Digests = dict[Key, bytes]

_COPY_START, _COPY_END = 19, 2  # bytes around the rows of a binary COPY
_COPY_ROW = struct.Struct(">hiqi16s")


def of_each(tables: Sequence[ContentTable], ids: Mapping[str, int]) -> Iterator[tuple[ContentTable, Digests]]:
    """While one table is compared, Postgres sends the next one's."""
    with ThreadPoolExecutor(1, thread_name_prefix="digests") as beside:
        try:
            ahead = [beside.submit(_read, table, ids[table.name]) for table in tables[:1]]
            for number, table in enumerate(tables, 1):
                read = ahead.pop()
                ahead += [beside.submit(_read, following, ids[following.name]) for following in tables[number:][:1]]
                yield table, read.result() if table.keyed_by_text else _unpacked(read.result())
        finally:
            beside.submit(_close)


def _read(table: ContentTable, table_id: int) -> Digests | memoryview:
    kept = Definition.objects.filter(table=table_id, removed=None)
    if table.keyed_by_text:
        return {key: bytes(digest) for key, digest in kept.values_list("key", "digest")}
    # A binary COPY is several times as quick as rows through the driver.
    file = io.BytesIO()
    query = f"SELECT hash, digest FROM manifest_definition WHERE table_id = {table_id:d} AND removed IS NULL"  # noqa: S608 - a number
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", file)
    return file.getbuffer()[_COPY_START:-_COPY_END]


def _close() -> None:
    connection.close()  # of the thread that runs this


def _unpacked(rows: memoryview) -> Digests:
    return {hash_: digest for _, _, hash_, _, digest in _COPY_ROW.iter_unpack(rows)}
