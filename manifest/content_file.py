"""Read a Manifest content file: a zip holding one SQLite file, whose tables are (id or key, json).

https://github.com/vpzed/Destiny2-API-Info/wiki describes the form; ids are signed there and unsigned in the API.
Everything in the file is judged as foreign: whatever does not fit raises ManifestError.
"""

import hashlib
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from manifest.errors import ManifestError
from manifest.progress import Progress

ITEMS = "DestinyInventoryItemDefinition"
MAX_CONTENT_BYTES = 4 << 30  # ten times the largest known: more is a zip bomb, or a form that we do not know
_HEADER = b"SQLite format 3\0"
_NAMED_BY_MD5 = re.compile(r"_([0-9a-f]{32})\.content$")
_TABLE_NAME = re.compile(r"[A-Za-z0-9_]+")
_STEP = 1 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

Key = int | str


@dataclass(frozen=True)
class ContentTable:
    name: str
    id_column: str

    @property
    def keyed_by_text(self) -> bool:
        return self.id_column == "key"


def promised_md5(name: str) -> str | None:
    """Bungie names a content file by the md5 of the SQLite file inside."""
    named = _NAMED_BY_MD5.search(name)
    return named and named[1]


def unpack(archive: Path, name: str, folder: Path, progress: Progress) -> Path:
    """The SQLite file of `archive`, verified and written into `folder`; `name` carries the md5 that it must have."""
    target = folder / "content.sqlite"
    try:
        with zipfile.ZipFile(archive) as opened:
            digest = _extract(opened, _only_member(opened), target, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ManifestError(f"The content file is not a whole zip file ({_kind(archive, error)}).") from error
    _verify(target, digest, name)
    return target


def _only_member(opened: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in opened.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise ManifestError(f"The content file holds {len(members)} files, where exactly one is expected.")
    if members[0].file_size > MAX_CONTENT_BYTES:
        raise ManifestError(f"The content file claims to unpack to {members[0].file_size:,} bytes; that is too much.")
    if members[0].compress_type not in _METHODS:
        raise ManifestError(
            f"The content file is packed by method {members[0].compress_type}, which Bungie never uses."
        )
    return members[0]


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, progress: Progress) -> str:
    """Writes to a name of ours, so that a path inside the zip leads nowhere. ZipFile stops at the size that it claims.

    Hashing and writing one block goes beside unpacking the next: on two cores that takes half the time.
    """
    digest = hashlib.md5(usedforsecurity=False)
    report = progress.phase("Unpacking", member.file_size)
    done = 0
    with opened.open(member) as packed, target.open("wb") as unpacked, ThreadPoolExecutor(1) as beside:
        keeping: Future[None] | None = None
        while block := packed.read(_STEP):
            if keeping:
                keeping.result()
            keeping = beside.submit(_keep, block, unpacked, digest)
            done += len(block)
            report(done)
        if keeping:
            keeping.result()
    return digest.hexdigest()


def _keep(block: bytes, file: BinaryIO, digest: "hashlib._Hash") -> None:
    file.write(block)
    digest.update(block)


def _verify(target: Path, digest: str, name: str) -> None:
    with target.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise ManifestError("The file inside the content file is not an SQLite database.")
    promised = promised_md5(name)
    if promised is None:
        _check_pages(target)  # no md5 speaks for them
    elif promised != digest:
        raise ManifestError(f"The content file is not the one that its name promises: its md5 is {digest}.")


def _check_pages(path: Path) -> None:
    with opened(path) as database:
        (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != b"ok":
        raise ManifestError(f"The SQLite file of the content is damaged ({verdict.decode(errors='replace')}).")


def _kind(archive: Path, error: Exception) -> str:
    with archive.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if not start:
        return "it is empty"
    return "it is an HTML page" if start.startswith((b"<!doctype", b"<html")) else str(error)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Read-only, and never trusting what the file's own schema wants to run. Text comes as bytes."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = bytes
            database.execute("PRAGMA trusted_schema = OFF")
            yield database
    except sqlite3.Error as error:
        raise ManifestError(f"The SQLite file of the content is damaged ({error}).") from error


def tables(database: sqlite3.Connection) -> list[ContentTable]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    found = [_table(database, name.decode(errors="replace")) for (name,) in rows.fetchall()]
    return sorted(found, key=lambda table: table.name)


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
    return key
