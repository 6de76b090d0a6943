"""Content files made from another one by SQL: with a share of its rows changed, or with fewer or more rows."""

import hashlib
import math
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from destinyvault.sandbox.content import Content
from manifest import content_file

_PARTS = 1_000  # a row belongs to one of so many, by its id
_APART = 7_777_777  # between the ids of a row and of its copies


def changed(content: Content, share: float, folder: Path) -> Content:
    made = folder / "changed.sqlite3"
    shutil.copyfile(content.database, made)
    with closing(sqlite3.connect(made)) as database:
        for name in _tables_by_number(content.database):
            database.execute(
                f"UPDATE {name} SET json = '{{\"changed\":{share},' || substr(json, 2)"
                f" WHERE abs(id) % {_PARTS} < ? AND length(json) > 2",
                [share * _PARTS],
            )
        database.commit()
    return _packed(made, folder)


def scaled(content: Content, times: float, folder: Path) -> Content:
    """Every table so many times as long, of rows as long as before."""
    made = folder / "scaled.sqlite3"
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as database:
        database.execute("ATTACH ? AS source", [str(content.database)])
        for name in _tables_by_number(content.database):
            database.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, json BLOB)")
            for copy in range(math.ceil(times)):
                database.execute(
                    f"INSERT OR IGNORE INTO {name}"
                    f" SELECT (id + {copy * _APART} + 2147483648) % 4294967296 - 2147483648, json"
                    f" FROM source.{name} WHERE abs(id) % {_PARTS} < ?",
                    [(times - copy) * _PARTS],
                )
        database.commit()
    return _packed(made, folder)


def _tables_by_number(path: Path) -> list[str]:
    with content_file.opened(path) as database:
        return [table.name for table in content_file.tables(database) if not table.keyed_by_text]


def _packed(made: Path, folder: Path) -> Content:
    with made.open("rb") as file:
        md5 = hashlib.file_digest(file, "md5").hexdigest()
    content = Content(md5, folder / f"world_sql_content_{md5}.content", made)
    with zipfile.ZipFile(content.zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made, "world.content")
    return content
