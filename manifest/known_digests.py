"""Digests of what the newest revision holds, read ahead of the comparing on a connection of their own."""

import io
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from manifest.content_file import ContentTable, Key
from manifest.models import Definition

Digests = dict[Key, bytes]

_BY_HASH = """
COPY (SELECT hash, digest FROM manifest_definition WHERE table_id = {:d} AND key = '' AND removed IS NULL)
TO STDOUT (FORMAT binary)
"""
_COPY_START, _COPY_END = 19, 2  # bytes around the rows of a binary COPY
_COPY_ROW = struct.Struct(">hiqi16s")


def of_each(tables: Sequence[ContentTable], ids: Mapping[str, int]) -> Iterator[tuple[ContentTable, Digests]]:
    """While one table is compared, Postgres sends the next one's."""
    with ThreadPoolExecutor(1, thread_name_prefix="digests") as beside:
        try:
            by_key = beside.submit(_by_key, list(ids.values()))
            ahead = [beside.submit(_by_hash, ids[table.name]) for table in tables[:1]]
            for number, table in enumerate(tables, 1):
                by_hash = _unpacked(ahead.pop().result())
                ahead += [beside.submit(_by_hash, ids[following.name]) for following in tables[number:][:1]]
                yield table, by_hash | by_key.result().pop(ids[table.name], {})
        finally:
            beside.submit(_close)


def _by_key(table_ids: Sequence[int]) -> dict[int, Digests]:
    """Of every table at once, since few have any; one may have changed from text keys to ids."""
    named = Definition.objects.filter(table__in=table_ids, hash=0, removed=None).exclude(key="")
    found: dict[int, Digests] = defaultdict(dict)
    for table_id, key, digest in named.values_list("table_id", "key", "digest"):
        found[table_id][key] = bytes(digest)
    return found


def _by_hash(table_id: int) -> memoryview:
    """As it comes; a binary COPY is several times as quick as rows through the driver."""
    file = io.BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(_BY_HASH.format(table_id), file)
    return file.getbuffer()[_COPY_START:-_COPY_END]


def _close() -> None:
    connection.close()  # of the thread that runs this


def _unpacked(rows: memoryview) -> Digests:
    return {hash_: digest for _, _, hash_, _, digest in _COPY_ROW.iter_unpack(rows)}
