"""Manifest content files: a zip around one SQLite database, named after the md5 of that database."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from destinyvault.sandbox.world.forge import Row
from destinyvault.sandbox.world.words import Both

TEXT_KEYED = "DestinyHistoricalStatsDefinition"
LOST = "DestinyRewardSourceDefinition"  # Bungie's files hold it without a single row
BATCH = 2000


class BadContent(Exception):
    """The file is not a Manifest content file."""


@dataclass(frozen=True)
class Content:
    """One content file, with its database unpacked beside it."""

    md5: str
    zipped: Path
    database: Path

    @property
    def name(self) -> str:
        return f"world_sql_content_{self.md5}.content"


def signed(key: int | str) -> int | str:
    """Bungie keeps unsigned hashes as SQLite's signed 32-bit ids."""
    return key - 2**32 if isinstance(key, int) and key >= 2**31 else key


def say(language: str, value: Both) -> str:
    return value.fr if language == "fr" else value.en


def encoders(languages: Iterable[str]) -> dict[str, json.JSONEncoder]:
    options = {"ensure_ascii": False, "separators": (",", ":")}
    return {language: json.JSONEncoder(default=partial(say, language), **options) for language in languages}


class Writer:
    """Fills one SQLite file with definitions, in batches."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=OFF")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("BEGIN")
        self.waiting: dict[str, list[tuple[int | str, str]]] = {}
        self.create(LOST)

    def create(self, table: str) -> None:
        key = "key TEXT" if table == TEXT_KEYED else "id INTEGER"
        self.db.execute(f"CREATE TABLE {table} ({key} PRIMARY KEY, json BLOB)")
        self.waiting[table] = []

    def add(self, table: str, key: int | str, body: str) -> None:
        if table not in self.waiting:
            self.create(table)
        waiting = self.waiting[table]
        waiting.append((signed(key), body))
        if len(waiting) >= BATCH:
            self.flush(table)

    def flush(self, table: str) -> None:
        self.db.executemany(f"INSERT INTO {table} VALUES (?, ?)", self.waiting[table])  # noqa: S608 (our own names)
        self.waiting[table] = []

    def close(self) -> None:
        for table in self.waiting:
            self.flush(table)
        self.db.execute("COMMIT")
        self.db.close()


def write_contents(rows: Iterable[Row], folder: Path, languages: tuple[str, ...]) -> dict[str, Content]:
    """One content file per language. Definitions are made once and written in every language as they come."""
    folder.mkdir(parents=True, exist_ok=True)
    writers = {language: Writer(folder / f"{language}.sqlite3") for language in languages}
    spoken = encoders(languages)
    for row in rows:
        for language, writer in writers.items():
            writer.add(row.table, row.key, spoken[language].encode(row.body))
    for writer in writers.values():
        writer.close()
    return {language: packed(writer.path, folder) for language, writer in writers.items()}


def packed(database: Path, folder: Path) -> Content:
    """Zips a database and gives both files the name that its md5 asks for."""
    md5 = md5_of(database)
    final = folder / f"world_sql_content_{md5}.sqlite3"
    database.replace(final)
    zipped = folder / f"world_sql_content_{md5}.content"
    entry = zipfile.ZipInfo(zipped.name, date_time=(2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(zipped, "w", compresslevel=1) as archive:
        entry._compresslevel = 1
        with archive.open(entry, "w", force_zip64=True) as out, final.open("rb") as source:
            shutil.copyfileobj(source, out, 1 << 20)
    return Content(md5, zipped, final)


def content_at(md5: str, folder: Path) -> Content:
    return Content(md5, folder / f"world_sql_content_{md5}.content", folder / f"world_sql_content_{md5}.sqlite3")


def settle(content: Content, folder: Path) -> Content:
    settled = content_at(content.md5, folder)
    content.zipped.replace(settled.zipped)
    content.database.replace(settled.database)
    return settled


def md5_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def unpacked(file: Path, folder: Path) -> Content:
    """Opens somebody's real content file. Raises BadContent with the reason when it is not one."""
    if not file.exists():
        raise BadContent(f"{file}: there is no such file")
    try:
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            database = unzip(file, Path(aside) / "unpacked.sqlite3")
            md5 = md5_of(database)
            return Content(md5, file, database.replace(folder / f"world_sql_content_{md5}.sqlite3"))
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError, EOFError, sqlite3.DatabaseError) as error:
        raise BadContent(f"{file} is not a Manifest content file: {error}") from error


def unzip(file: Path, database: Path) -> Path:
    """The one file of the zip, which has to be a database with items."""
    with zipfile.ZipFile(file) as archive:
        (entry,) = archive.infolist()
        with archive.open(entry) as source, database.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    with reading(database) as db:
        db.execute("SELECT id, json FROM DestinyInventoryItemDefinition LIMIT 1").fetchone()
    return database


@contextlib.contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        yield db


def tables(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def rows_of(db: sqlite3.Connection, table: str) -> Iterator[tuple[int | str, str]]:
    yield from db.execute(f"SELECT * FROM {table}")  # noqa: S608 (table names come from the file's own list)


def definition(db: sqlite3.Connection, table: str, key: int) -> dict | None:
    row = db.execute(f"SELECT json FROM {table} WHERE id = ?", [signed(key)]).fetchone()  # noqa: S608
    return json.loads(row[0]) if row else None


def as_json(content: Content, table: str) -> Iterator[bytes]:
    """One table, or all under "aggregate", in the JSON form of the Manifest: unsigned hash to definition."""
    with reading(content.database) as db:
        if table != "aggregate":
            yield from table_json(db, table)
            return
        for number, name in enumerate(tables(db)):
            yield f"{',' if number else '{'}{json.dumps(name)}:".encode()
            yield from table_json(db, name)
        yield b"}"


def table_json(db: sqlite3.Connection, table: str) -> Iterator[bytes]:
    opening = "{"
    for key, body in rows_of(db, table):
        unsigned = key % 2**32 if isinstance(key, int) else key
        yield f'{opening}"{unsigned}":{body}'.encode()
        opening = ","
    yield b"}" if opening == "," else b"{}"
