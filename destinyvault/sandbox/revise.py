"""How a new version of the Manifest comes about: the old one's file with a share of its definitions changed."""

import json
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from destinyvault.sandbox.content import TEXT_KEYED, Content, encoders, packed, rows_of, settle, signed, tables
from destinyvault.sandbox.world.forge import Forge

# Tables with fewer rows are the game's fixed points (buckets, tiers, classes): no version of ours touches them.
SMALLEST_CHANGED_TABLE = 60


@dataclass(frozen=True)
class Changes:
    """What share of the definitions the next version changes, adds and takes away."""

    changed: float = 0.01
    added: float = 0.0
    removed: float = 0.0
    keep_version: bool = False


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
