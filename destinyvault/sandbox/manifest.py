"""The Manifest as it is published: the content files, the index that names them, and how a new version comes about."""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from destinyvault.sandbox import facts, world
from destinyvault.sandbox.content import (
    TEXT_KEYED,
    Content,
    encoders,
    packed,
    reading,
    rows_of,
    signed,
    tables,
    unpacked,
    write_contents,
)
from destinyvault.sandbox.world import definitions
from destinyvault.sandbox.world.forge import Forge

FILLED = ("en", "fr")
ROOT = "/common/destiny2_content"
# Tables with fewer rows are the game's fixed points (buckets, tiers, classes): no version of ours touches them.
SMALLEST_CHANGED_TABLE = 60


@dataclass(frozen=True)
class Edition:
    """One published version: a content file for every filled language."""

    number: int
    version: str
    contents: dict[str, Content]

    def content(self, language: str) -> Content:
        return self.contents.get(language) or self.contents["en"]


@dataclass(frozen=True)
class Changes:
    """What share of the definitions the next version changes, adds and takes away."""

    changed: float = 0.01
    added: float = 0.0
    removed: float = 0.0
    keep_version: bool = False


class Library:
    """Every edition that was published in this run. Old files stay downloadable, as they do on the real CDN."""

    def __init__(self, first: Edition, forge: Forge) -> None:
        self.editions = [first]
        self.current = first
        self.removed_languages: set[str] = set()
        self.forge = forge
        self._later = tempfile.TemporaryDirectory(prefix="sandbox-editions-")
        self._lock = threading.Lock()

    def reset(self) -> None:
        with self._lock:
            del self.editions[1:]
            self.current = self.editions[0]
            self.removed_languages.clear()

    def close(self) -> None:
        self._later.cleanup()

    def content(self, md5: str) -> Content | None:
        held = (content for edition in self.editions for content in edition.contents.values())
        return next((content for content in held if content.md5 == md5), None)

    def publish(self, changes: Changes) -> Edition:
        with self._lock:
            number = len(self.editions) + 1
            version = self.current.version if changes.keep_version else version_of(self.forge.seed, number)
            contents = {
                language: derive(content, language, changes, number, Path(self._later.name), self.forge)
                for language, content in self.current.contents.items()
            }
            self.current = Edition(number, version, contents)
            self.editions.append(self.current)
            return self.current

    def flip(self) -> Edition:
        """Back to the edition before: Bungie's servers do not always agree on which is the newest."""
        with self._lock:
            place = self.editions.index(self.current)
            self.current = self.editions[place - 1] if place else self.editions[-1]
            return self.current

    def index(self) -> dict[str, Any]:
        edition = self.current
        languages = [language for language in facts.LANGUAGES if language not in self.removed_languages]
        suffix = self.forge.digest("json", edition.number).hex()
        with reading(edition.content("en").database) as db:
            names = tables(db)
        asset = f"{ROOT}/sqlite/asset/asset_sql_content_{suffix}.content"
        return {
            "version": edition.version,
            "mobileAssetContentPath": asset,
            "mobileGearAssetDataBases": [{"version": number, "path": asset} for number in range(3)],
            "mobileWorldContentPaths": {language: world_path(edition, language) for language in languages},
            "jsonWorldContentPaths": {language: json_path(language, "aggregate", suffix) for language in languages},
            "jsonWorldComponentContentPaths": {
                language: {name: json_path(language, name, suffix) for name in names} for language in languages
            },
            "mobileClanBannerDatabasePath": f"{ROOT}/clanbanner/clanbanner_sql_content_{suffix}.content",
            "mobileGearCDN": {"Gear": f"{ROOT}/geometry/gear", "Texture": f"{ROOT}/geometry/platform/mobile/textures"},
            "iconImagePyramidInfo": [],
        }


def world_path(edition: Edition, language: str) -> str:
    return f"{ROOT}/sqlite/{language}/{edition.content(language).name}"


def json_path(language: str, name: str, suffix: str) -> str:
    return f"{ROOT}/json/{language}/{name}-{suffix}.json"


def version_of(seed: int, number: int) -> str:
    return f"{240000 + number}.26.06.16.{2000 + number}-{seed}-sandbox.{65000 + number}"


def open_library(seed: int, scale: int, folder: Path, capture: Path | None) -> Library:
    """The first edition: somebody's real content file for all languages, or our own world, made once and then kept."""
    folder.mkdir(parents=True, exist_ok=True)
    if capture:
        contents = {"en": unpacked(capture, folder)}
    else:
        contents = kept_world(seed, scale, folder) or make_world(seed, scale, folder)
    return Library(Edition(1, version_of(seed, 1), contents), Forge(seed))


def make_world(seed: int, scale: int, folder: Path) -> dict[str, Content]:
    """Written aside and moved into place, so that two sandboxes starting at once do not read each other's halves."""
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        contents = write_contents(definitions(seed, scale), Path(aside), FILLED)
        settled = {language: settle(content, folder) for language, content in contents.items()}
    note = note_of(seed, scale, folder)
    partial = Path(tempfile.mkstemp(dir=folder)[1])
    partial.write_text(json.dumps({language: content.md5 for language, content in settled.items()}))
    partial.replace(note)
    return settled


def kept_world(seed: int, scale: int, folder: Path) -> dict[str, Content] | None:
    note = note_of(seed, scale, folder)
    if not note.exists():
        return None
    contents = {language: content_at(md5, folder) for language, md5 in json.loads(note.read_text()).items()}
    return contents if all(c.zipped.exists() and c.database.exists() for c in contents.values()) else None


def note_of(seed: int, scale: int, folder: Path) -> Path:
    return folder / f"world-{seed}-{scale}-{recipe()}.json"


def recipe() -> str:
    """Changes whenever the code that makes the world does, so that a stale world is never served."""
    sources = sorted(Path(world.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def content_at(md5: str, folder: Path) -> Content:
    return Content(md5, folder / f"world_sql_content_{md5}.content", folder / f"world_sql_content_{md5}.sqlite3")


def settle(content: Content, folder: Path) -> Content:
    settled = content_at(content.md5, folder)
    content.zipped.replace(settled.zipped)
    content.database.replace(settled.database)
    return settled


def derive(content: Content, language: str, changes: Changes, number: int, folder: Path, forge: Forge) -> Content:
    """The next edition of one language: the same file with a share of its rows changed, the rest byte for byte."""
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        database = Path(aside) / f"{language}.sqlite3"
        shutil.copyfile(content.database, database)
        with sqlite3.connect(database) as db:
            for table in tables(db):
                revise(db, table, language, changes, number, forge)
            # Another md5, and so another path, even when not one definition changed.
            db.execute(f"PRAGMA user_version = {number:d}")
        db.close()
        return settle(packed(database, Path(aside)), folder)


def revise(db: sqlite3.Connection, table: str, language: str, changes: Changes, number: int, forge: Forge) -> None:
    """Which rows change depends on their ids alone, so that all languages change the same ones."""
    (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 (the file's own table names)
    if count < SMALLEST_CHANGED_TABLE or table == TEXT_KEYED:
        return
    encoder = encoders([language])[language]
    gone, revised, new = [], [], []
    for key, body in list(rows_of(db, table)):
        chance = int.from_bytes(forge.digest("edition", number, table, key, size=4), "big") / 2**32
        if chance < changes.removed:
            gone.append((key,))
        elif chance < changes.removed + changes.changed:
            revised.append((encoder.encode(reworded(json.loads(body), number)), key))
        elif chance > 1 - changes.added:
            twin = forge.hash("twin", number, table, key)
            new.append((signed(twin), encoder.encode(reworded(json.loads(body), number) | {"hash": twin})))
    db.executemany(f"DELETE FROM {table} WHERE id = ?", gone)  # noqa: S608
    db.executemany(f"UPDATE {table} SET json = ? WHERE id = ?", revised)  # noqa: S608
    db.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", new)  # noqa: S608


def reworded(body: dict[str, Any], number: int) -> dict[str, Any]:
    shown = body.get("displayProperties", {})
    described = f"{shown.get('description', '')} [{number}]".strip()
    return body | {"displayProperties": shown | {"description": described}}


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
