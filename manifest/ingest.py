"""Compare a content file with what is kept, and write only what differs. Nothing of it is visible before the switch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields

from django.db.models import Exists, OuterRef
from xxhash import xxh3_128_digest

from manifest import content_file, copying, holding, known_digests
from manifest.content_file import ContentTable, Key
from manifest.errors import ManifestError
from manifest.models import Definition, Revision, Table
from manifest.tables import ITEMS
from manifest.unpacking import Content

_SEEN = b""  # in place of a digest, once the content has shown that row
_REPORT_BYTES = 1 << 22


@dataclass
class Counts:
    rows: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass
class Difference:
    """What the content changes: counts per table name, and per table id the keys whose kept definition ends."""

    tables: dict[str, Counts] = field(default_factory=dict)
    ended: dict[int, list[Key]] = field(default_factory=dict)

    def total(self) -> Counts:
        return Counts(*(sum(getattr(counts, each.name) for counts in self.tables.values()) for each in fields(Counts)))


def ingest(content: Content, revision: Revision, progress: Callable[[int], None], *, force: bool = False) -> Difference:
    """Write the new and changed definitions of `content`; `progress` is told the bytes of JSON read so far.

    Raises HeldBack where the content is too unlike what is kept, unless by `force`.
    """
    difference = Difference()
    with content_file.opened(content.path) as database, copying.copying(revision) as put:
        chunk = _Chunk(put)
        tables = content_file.tables(database)
        if not force:
            holding.judge_tables(database, tables, _kept_tables(revision.language))
        ids = _table_ids(revision.language, {table.name for table in tables})
        read = _Read(progress)
        for table, known in known_digests.of_each(tables, ids):
            rows = read.counted(content_file.rows(database, table))
            for row in _differing(table, ids[table.name], rows, known, revision, difference):
                chunk.add(row)
            if table.name == ITEMS and not force:
                counts = difference.tables[ITEMS]
                before = counts.rows - counts.added + counts.removed
                holding.judge_item_count(database, tables, before, counts.rows)
        chunk.flush()
        content.verified()  # before anything is committed
    _end_missing_tables(ids, difference)
    return difference


class _Chunk:
    """Gathers packed rows until there are enough to hand on."""

    def __init__(self, put: copying.Put) -> None:
        self._put = put
        self._rows: list[bytes] = []
        self._bytes = 0

    def add(self, row: bytes) -> None:
        self._rows.append(row)
        self._bytes += len(row)
        if self._bytes >= copying.CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._put(b"".join(self._rows))
            self._rows.clear()
            self._bytes = 0


class _Read:
    """Tells the progress every few megabytes."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self._bytes = self._told = 0

    def counted(self, rows: Iterable[tuple[Key, bytes]]) -> Iterator[tuple[Key, bytes]]:
        for row in rows:
            self._bytes += len(row[1])
            if self._bytes - self._told > _REPORT_BYTES:
                self._progress(self._bytes)
                self._told = self._bytes
            yield row


def _kept_tables(language: str) -> list[str]:
    kept = Definition.objects.filter(table=OuterRef("pk"), removed=None)
    return list(Table.objects.filter(Exists(kept), language=language).values_list("name", flat=True))


def _table_ids(language: str, names: set[str]) -> dict[str, int]:
    """Ids of every table that this language has or had, `names` made where they are new."""
    Table.objects.bulk_create([Table(language=language, name=name) for name in sorted(names)], ignore_conflicts=True)
    return dict(Table.objects.filter(language=language).values_list("name", "id"))


def _differing(
    table: ContentTable,
    table_id: int,
    rows: Iterable[tuple[Key, bytes]],
    known: dict[Key, bytes],
    revision: Revision,
    difference: Difference,
) -> Iterator[bytes]:
    """The rows to write, packed; the table's counts and ended keys go to `difference`."""
    counts = difference.tables[table.name] = Counts()
    ended = difference.ended[table_id] = []
    for key, json in rows:
        counts.rows += 1
        digest = xxh3_128_digest(json)
        before = known.get(key)
        known[key] = _SEEN
        if before == digest:
            continue
        if before == _SEEN:
            raise ManifestError(f"The row {key} of {table.name} is there twice.")
        if before is None:
            counts.added += 1
        else:
            counts.changed += 1
            ended.append(key)
        content_file.require_shallow(table, key, json)
        yield copying.packed(table_id, revision.pk, key, digest, json)
    gone = [key for key, digest in known.items() if digest != _SEEN]
    counts.removed = len(gone)
    ended += gone


def _end_missing_tables(ids: dict[str, int], difference: Difference) -> None:
    for name, table_id in ids.items():
        if name in difference.tables:
            continue
        kept = Definition.objects.filter(table=table_id, removed=None).values_list("hash", "key")
        if gone := [key or hash_ for hash_, key in kept]:
            difference.tables[name] = Counts(removed=len(gone))
            difference.ended[table_id] = gone
