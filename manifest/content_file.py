"""Read the SQLite file of a Manifest content file, whose tables are (id or key, json).

https://github.com/vpzed/Destiny2-API-Info/wiki describes the form; ids are signed there and unsigned in the API.
Everything in the file is judged as foreign: whatever does not fit raises ManifestError.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from manifest.errors import ManifestError

MAX_ROW_BYTES = 16 << 20  # a hundred times the longest known
MAX_DEPTH = (
    100  # twenty times the deepest known; at ten times as much Python gives up reading it, and the pages with it
)
MAX_TABLES = 1_000
_MAX_KEY_BYTES = 200
_NOT_FORM = bytes(set(range(256)) - set(b'{}[]"'))
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_STRING = re.compile(rb'"[^"]*"')
_TABLE_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")

Key = int | str


@dataclass(frozen=True)
class ContentTable:
    name: str
    id_column: str

    @property
    def keyed_by_text(self) -> bool:
        return self.id_column == "key"


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Read-only, and never trusting what the file's own schema wants to run. Text comes as bytes."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = bytes
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ROW_BYTES)
            database.execute("PRAGMA trusted_schema = OFF")
            yield database
    except sqlite3.DataError as error:
        raise ManifestError(f"The content has a row of more than {MAX_ROW_BYTES >> 20} megabytes.") from error
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second of sqlite3's own words about a damaged schema
        raise ManifestError(f"The SQLite file of the content is damaged ({error}).") from error


def check_pages(path: Path) -> None:
    with opened(path) as database:
        (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != b"ok":
        raise ManifestError(f"The SQLite file of the content is damaged ({verdict.decode(errors='replace')}).")


def tables(database: sqlite3.Connection) -> list[ContentTable]:
    """Only stored ones: views are passed over, and a virtual table would run code of its module to be read."""
    found = database.execute(
        r"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
    )
    rows = found.fetchmany(MAX_TABLES + 1)
    if len(rows) > MAX_TABLES:
        raise ManifestError(f"The content has more than {MAX_TABLES:,} tables.")
    names = [_stored(name.decode(errors="replace"), sql) for name, sql in rows]
    return sorted((_table(database, name) for name in names), key=lambda table: table.name)


def _stored(name: str, sql: bytes | None) -> str:
    if (sql or b"").upper().startswith(b"CREATE VIRTUAL"):
        raise ManifestError(f"The table {name} of the content is a virtual one, which holds no rows of its own.")
    return name


def _table(database: sqlite3.Connection, name: str) -> ContentTable:
    if not _TABLE_NAME.fullmatch(name):
        raise ManifestError(f"The content has a table with the strange name {name!r}.")
    columns = {row[1].decode(errors="replace") for row in database.execute(f"PRAGMA table_info({name})")}
    for id_column in ("id", "key"):
        if columns == {id_column, "json"}:
            return ContentTable(name, id_column)
    raise ManifestError(
        f"The table {name} has the columns {', '.join(sorted(columns))} instead of id (or key) and json."
    )


def rows(database: sqlite3.Connection, table: ContentTable) -> Iterator[tuple[Key, bytes]]:
    """(hash as the API writes it, or text key) and the JSON as it stands, of one row after the other."""
    key_of = _text_key if table.keyed_by_text else _hash
    for identity, json in database.execute(f"SELECT {table.id_column}, json FROM {table.name}"):  # noqa: S608 - both checked above
        key = key_of(table, identity)
        if not isinstance(json, bytes) or not json.lstrip()[:1] == b"{":
            raise ManifestError(f"The row {key} of {table.name} holds no JSON object.")
        yield key, json


def require_shallow(table: ContentTable, key: Key, json: bytes) -> None:
    """Asked of each row that is written, hence in steps that run in C."""
    if json.count(b"{") + json.count(b"[") > MAX_DEPTH and _is_deep(json):
        raise ManifestError(
            f"The row {key} of {table.name} is nested too deep: more than {MAX_DEPTH} objects and lists in each other."
        )


def _is_deep(json: bytes) -> bool:
    """Each pass takes the innermost ones away."""
    unescaped = json.replace(rb"\\", b"").replace(rb"\"", b"")
    # Without what is no form, two quotes side by side are a string, or the end of one and the start of the next.
    form = unescaped.translate(_ONE_KIND, _NOT_FORM).replace(b'""', b"")
    form = _STRING.sub(b"", form) if b'"' in form else form
    for _ in range(MAX_DEPTH):
        before, form = len(form), form.replace(b"{}", b"")
        if len(form) in (0, before):
            return False  # the second of what is no JSON: Postgres says so in clearer words
    return True


def _hash(table: ContentTable, identity: object) -> int:
    if not isinstance(identity, int) or not -(1 << 31) <= identity < 1 << 32:
        raise ManifestError(f"A row of {table.name} has the id {identity!r}, which is no 32-bit number.")
    return identity & 0xFFFFFFFF


def _text_key(table: ContentTable, identity: object) -> str:
    try:
        key = identity.decode()
    except (AttributeError, UnicodeDecodeError) as error:
        raise ManifestError(f"A row of {table.name} has the key {identity!r}, which is no text.") from error
    if "\0" in key:
        raise ManifestError(f"A row of {table.name} has a key with a NUL byte.")
    if not 0 < len(identity) <= _MAX_KEY_BYTES:
        raise ManifestError(f"A row of {table.name} has a key of {len(identity):,} bytes.")
    return key
