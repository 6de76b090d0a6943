"""Content files made by the tests: good ones, and every bad one that must not hurt."""

import hashlib
import json
import sqlite3
import zipfile
from pathlib import Path

ITEMS = "DestinyInventoryItemDefinition"
STATS = "DestinyStatDefinition"
HISTORICAL = "DestinyHistoricalStatsDefinition"


def item(hash_, name="Palindrome", **fields):
    return hash_, {
        "displayProperties": {"name": name, "description": "", "icon": f"/icons/{hash_}.png", "hasIcon": True},
        "itemTypeDisplayName": "Hand Cannon",
        "itemType": 3,
        "classType": 3,
        "inventory": {"bucketTypeHash": 2465295065, "tierType": 5, "tierTypeName": "Legendary", "maxStackSize": 1},
        "hash": hash_,
        "redacted": False,
        **fields,
    }


def items(*numbers, **fields):
    return dict(item(number, **fields) for number in numbers)


def content_file(folder, tables, *, name=None):
    """A content file in Bungie's form, named by its md5; a table is {hash or key: object, or JSON as text or bytes}."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "made.sqlite3"
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection:
        for table, rows in tables.items():
            text = any(isinstance(key, str) for key in rows)
            add_table(connection, table, rows, "key TEXT PRIMARY KEY" if text else "id INTEGER PRIMARY KEY")
    connection.close()
    return zipped(database, folder, name=name)


def add_table(connection, table, rows, column, json_type="BLOB"):
    connection.execute(f"CREATE TABLE {table} ({column}, json {json_type})")
    pairs = rows.items() if isinstance(rows, dict) else rows
    values = [(signed(key), body if isinstance(body, str | bytes) else json.dumps(body)) for key, body in pairs]
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", values)


def zipped(database: Path, folder: Path, *, name=None, member="world.content"):
    md5 = hashlib.md5(database.read_bytes()).hexdigest()
    path = folder / (name or f"world_sql_content_{md5}.content")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, member)
    return path


def signed(key):
    return key - 2**32 if isinstance(key, int) and key >= 2**31 else key


BAD_FILES = {
    "empty", "html", "truncated", "corrupt", "wrong md5", "two files", "not sqlite", "damaged sqlite",
    "damaged sqlite of the right md5", "unknown columns", "strange table name", "too large an id",
    "packed by LZMA", "packed by bzip2",
}  # fmt: skip


def bad_files(folder):
    """What is wrong -> (such a file, a word of the sentence that must come)."""
    good = content_file(folder / "good", {ITEMS: items(1)})
    whole = good.read_bytes()
    return {
        "empty": (written(folder / "empty.content", b""), "empty"),
        "html": (written(folder / "html.content", b"<!DOCTYPE html><html>Not found"), "HTML"),
        "truncated": (written(folder / "torn.content", whole[: len(whole) // 2]), "whole zip"),
        "corrupt": (written(folder / "corrupt.content", whole[:60] + b"\0" * 60 + whole[120:]), "whole zip"),
        "wrong md5": (good.rename(folder / f"world_sql_content_{'0' * 32}.content"), "md5"),
        "two files": (with_second_file(folder), "2 files"),
        "not sqlite": (with_member(folder / "text.content", b"hello" * 100), "SQLite"),
        "damaged sqlite": (damaged(folder, name="damaged.content"), "damaged"),
        "damaged sqlite of the right md5": (damaged(folder), "damaged"),
        "unknown columns": (with_columns(folder, "id INTEGER PRIMARY KEY, version INTEGER"), "columns"),
        "strange table name": (content_file(folder / "name", {ITEMS: items(1), '"a b"': {1: {}}}), "strange name"),
        "too large an id": (with_id(folder, 2**33), "32-bit"),
        "packed by LZMA": (damaged_member(folder / "lzma.content", zipfile.ZIP_LZMA), "packed by method 14"),
        "packed by bzip2": (damaged_member(folder / "bz2.content", zipfile.ZIP_BZIP2), "packed by method 12"),
    }


def written(path, content):
    path.write_bytes(content)
    return path


def damaged_member(path, method):
    """Both methods have errors of their own for it, where Bungie's zip has one."""
    whole = with_member(path, b"hello" * 10_000, method).read_bytes()
    return written(path, whole[:60] + b"\xa5" * 8 + whole[68:])


def with_member(path, content, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("world.content", content)
    return path


def with_second_file(folder):
    path = content_file(folder, {ITEMS: items(1)}, name="two.content")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("second.txt", "one too many")
    return path


def damaged(folder, *, name=None):
    """A header and the first page are whole; the pages with the rows are not."""
    database = folder / "damaged.sqlite3"
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection:
        add_table(connection, ITEMS, items(*range(1, 400)), "id INTEGER PRIMARY KEY")
    connection.close()
    content = database.read_bytes()
    database.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    return zipped(database, folder, name=name)


def with_columns(folder, columns):
    database = folder / "columns.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE {ITEMS} ({columns}, json BLOB)")
    connection.close()
    return zipped(database, folder, name="columns.content")


def with_id(folder, identity):
    database = folder / "identity.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE {ITEMS} (id INTEGER PRIMARY KEY, json BLOB)")
        connection.execute(f"INSERT INTO {ITEMS} VALUES (?, '{{}}')", [identity])
    connection.close()
    return zipped(database, folder, name="identity.content")


def with_rows_twice(folder, first, second):
    """Two rows of one definition, in a table that has no key to forbid it."""
    database = folder / "twice.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE {ITEMS} (id INTEGER, json BLOB)")
        connection.executemany(
            f"INSERT INTO {ITEMS} VALUES (?, ?)", [(key, '{"displayProperties": {}}') for key in (first, second)]
        )
    connection.close()
    return zipped(database, folder, name="twice.content")
