"""Content that is not as it should be, each kind with a sentence of its own; SQLite and zip hold many surprises."""

import json
import sqlite3
import struct
import zipfile

import pytest
from django.urls import reverse

from manifest import content_file, lookup
from manifest.errors import ManifestError
from manifest.models import Definition, Revision
from manifest.sync import sync
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
DEEP = 200_000


@pytest.fixture
def from_sqlite(tmp_path):
    """from_sqlite(*statements) imports a file with one sound item, and whatever the statements do."""

    def from_sqlite(*statements, before="", **options):
        database = tmp_path / "made.sqlite3"
        database.unlink(missing_ok=True)
        with sqlite3.connect(database) as connection:
            connection.executescript(before)
            made.add_table(connection, made.ITEMS, made.items(1), "id INTEGER PRIMARY KEY")
            for statement in statements:
                connection.execute(*([statement] if isinstance(statement, str) else statement))
        connection.close()
        return sync("en", file=made.zipped(database, tmp_path), **options).revision

    return from_sqlite


@pytest.fixture
def refuses(import_tables, kept):
    """refuses(work, sentence): the work is refused in these words, nothing is kept, and the next import works."""

    def refuses(work, sentence):
        import_tables({made.ITEMS: made.items(1)})
        before = kept()
        with pytest.raises(ManifestError, match=sentence) as refused:
            work()
        assert kept() == before
        assert "made a mistake" not in str(refused.value)
        assert Revision.objects.get(status="failed").error in str(refused.value)
        assert import_tables({made.ITEMS: made.items(1, 2)}).rows == 2

    return refuses


def table(rows, name=made.STATS, columns="id INTEGER, json BLOB"):
    return f"CREATE TABLE {name} ({columns})", *((f"INSERT INTO {name} VALUES (?, ?)", row) for row in rows)


def stats(revision):
    live = lookup.live("en")
    assert live.revision_id == revision.pk
    return lookup.tables(live, made.STATS)[made.STATS]


# What is odd, and read all the same


def test_ids_may_be_unsigned(from_sqlite):
    assert stats(from_sqlite(*table([(2**32 - 1, '{"a": 1}'), (-2, '{"a": 2}')]))) == {
        2**32 - 1: {"a": 1},
        2**32 - 2: {"a": 2},
    }


def test_table_without_rowid_and_with_a_generated_column_is_read(from_sqlite):
    columns = "id INTEGER PRIMARY KEY, json BLOB, size INTEGER AS (length(json)) STORED"
    made_so = (f"CREATE TABLE {made.STATS} ({columns}) WITHOUT ROWID", f"INSERT INTO {made.STATS} VALUES (7, '{{}}')")
    assert stats(from_sqlite(*made_so)) == {7: {}}


def test_text_in_utf_16_is_read_as_what_it_says(from_sqlite):
    columns = "id INTEGER, json TEXT"
    revision = from_sqlite(
        *table([(7, '{"a": "Gjallarhörn ☃"}')], columns=columns), before="PRAGMA encoding='UTF-16le'"
    )
    assert stats(revision) == {7: {"a": "Gjallarhörn ☃"}}


def test_views_and_triggers_are_passed_over(from_sqlite):
    revision = from_sqlite(
        f"CREATE VIEW {made.STATS} AS SELECT 7 AS id, '{{}}' AS json",
        f"CREATE TRIGGER watch AFTER INSERT ON {made.ITEMS} BEGIN DELETE FROM {made.ITEMS}; END",
        "CREATE INDEX quick ON DestinyInventoryItemDefinition (json)",
    )
    assert list(revision.tables) == [made.ITEMS]
    assert revision.rows == 1


# What is refused

ODD_TABLES = {
    "virtual": (["CREATE VIRTUAL TABLE Words USING fts5(id, json)"], "virtual"),
    "generated JSON": (
        [f"CREATE TABLE {made.STATS} (id INTEGER, json BLOB AS (zeroblob(id)))"], "columns id instead",
    ),
    "more columns": ([f"CREATE TABLE {made.STATS} (id INTEGER, json BLOB, extra TEXT)"], "columns extra, id, json"),
    "both keys": ([f"CREATE TABLE {made.STATS} (id INTEGER, key TEXT, json BLOB)"], "columns id, json, key"),
    "a long name": ([f"CREATE TABLE {'T' * 101} (id INTEGER, json BLOB)"], "strange name"),
    "thousands of tables": ([f"CREATE TABLE T{n} (id INTEGER, json BLOB)" for n in range(1_001)], "more than 1,000"),
    "a number for JSON": (table([(7, 5)]), f"row 7 of {made.STATS} holds no JSON object"),
    "NULL for JSON": (table([(7, None)]), f"row 7 of {made.STATS} holds no JSON object"),
    "NULL for an id": (table([(None, "{}")]), "id None, which is no 32-bit number"),
    "text for an id": (table([("seven", "{}")]), "which is no 32-bit number"),
    "half an id": (table([(7.5, "{}")]), "7.5, which is no 32-bit number"),
    "too small an id": (table([(-(2**31) - 1, "{}")]), "no 32-bit number"),
    "a number for a key": (table([(7, "{}")], columns="key INTEGER, json BLOB"), "key 7, which is no text"),
    "bytes for a key": (table([(b"\xff", "{}")], columns="key BLOB, json BLOB"), "which is no text"),
    "a key with NUL": (table([("a\0b", "{}")], columns="key TEXT, json BLOB"), "NUL"),
    "an empty key": (table([("", "{}")], columns="key TEXT, json BLOB"), "a key of 0 bytes"),
    "a long key": (table([("k" * 9_000, "{}")], columns="key TEXT, json BLOB"), "a key of 9,000 bytes"),
    "a key twice": (table([("kills", "{}"), ("kills", "{}")], columns="key TEXT, json BLOB"), "there twice"),
    "JSON nested deep": (table([(7, '{"a":' * DEEP + "1" + "}" * DEEP)]), f"row 7 of {made.STATS} is nested too deep"),
    "a list nested deep": (table([(7, '{"a":' + "[" * DEEP + "]" * DEEP + "}")]), "nested too deep"),
    "too large a number": (table([(7, '{"a": 1e200000}')]), "does not fit"),
    "JSON in UTF-16": (table([(7, '{"a": 1}'.encode("utf-16-le"))]), f"row 7 of {made.STATS} is not valid JSON"),
    "more after the JSON": (table([(7, "{} {}")]), f"row 7 of {made.STATS} is not valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD_TABLES)
def test_odd_table_is_refused_in_its_own_words(kind, from_sqlite, refuses):
    statements, sentence = ODD_TABLES[kind]
    refuses(lambda: from_sqlite(*statements), sentence)


def test_items_nested_deep_are_refused_in_their_own_words(import_tables, refuses):
    """They are read once more, by who judges whether they are Destiny 2's."""
    deep = {5: '{"displayProperties":' * DEEP + "{}" + "}" * DEEP}
    refuses(lambda: import_tables({made.ITEMS: {**made.items(1), **deep}}), "row 5 of .* nested too deep")


def nested(depth, kind, end="1", **fields):
    """As an item: `depth` counts the object around it all."""
    start, stop = {"objects": ('{"a":', "}"), "lists": ("[", "]"), "both": ('[{"}\\"[":', "}]")}[kind]
    times = (depth - 1) // (2 if kind == "both" else 1)
    body = json.dumps(made.item(5, **fields)[1])
    return {5: f'{body[:-1]}, "deep": {start * times}{end}{stop * times}}}'}


KINDS = ["objects", "lists", "both"]


@pytest.mark.parametrize("depth", [content_file.MAX_DEPTH + 1, 1_001, 3_001])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_nested_deeper_than_pages_can_show_is_refused(kind, depth, import_tables, refuses):
    rows = {**made.items(1), **nested(depth, kind)}
    refuses(lambda: import_tables({made.ITEMS: rows}), f"row 5 of {made.ITEMS} is nested too deep")


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_shows_what_is_nested_as_deep_as_is_allowed(kind, import_tables, admin_client):
    deepest = content_file.MAX_DEPTH - 1
    import_tables({made.ITEMS: {**made.items(1), **nested(deepest, kind)}})
    revision = import_tables({made.ITEMS: {**made.items(1), **nested(deepest, kind, end="2")}})
    definition = Definition.objects.get(hash=5, removed=None)
    for page in (
        f"/manifest/{revision.pk}/",
        f"/manifest/{revision.pk}/{made.ITEMS}/5/",
        "/armory/5/",
        "/api/v1/manifest/changes",
        f"/api/v1/definitions/{made.ITEMS}/5",
        reverse("admin:manifest_definition_change", args=[definition.pk]),
    ):
        assert admin_client.get(page).status_code == 200, page


def test_brackets_in_strings_are_not_nested(import_tables):
    odd = made.items(5, lore='{[\\"{' * 5_000, flavorText="}" * 5_000)
    assert import_tables({made.ITEMS: {**made.items(1), **odd}}).rows == 2


def test_huge_row_is_refused_before_it_is_in_memory(import_tables, refuses):
    body = '{"a": "' + "x" * content_file.MAX_ROW_BYTES + '"}'
    refuses(lambda: import_tables({made.ITEMS: {**made.items(1), 5: body}}), "more than 16 megabytes")


def test_table_that_changes_its_kind_of_key_leaves_nothing_behind(from_sqlite):
    from_sqlite(*table([(7, '{"a": 1}'), (8, '{"a": 1}')]))
    from_sqlite(*table([("kills", "{}"), ("wins", "{}")], columns="key TEXT, json BLOB"))
    valid = Definition.objects.filter(removed=None, table__name=made.STATS)
    assert sorted(valid.values_list("key", flat=True)) == ["kills", "wins"]


# Zip


def zip_of(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def claiming(path, size):
    """The directory at the end claims another size for the one member."""
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2")
    content[entry + 24 : entry + 28] = struct.pack("<I", size)
    path.write_bytes(content)
    return path


def elsewhere(path, offset):
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2")
    content[entry + 42 : entry + 46] = struct.pack("<I", offset)
    path.write_bytes(content)
    return path


SQLITE = b"SQLite format 3\0"
BOMBS = {
    "claims little, holds much": (
        lambda path: claiming(zip_of(path, ("w", SQLITE + bytes(50_000_000))), 100), "longer than it claims"),
    "claims much": (lambda path: claiming(zip_of(path, ("w", SQLITE)), 2**32 - 2), "torn or changed|too much"),
    "many members": (lambda path: zip_of(path, *((f"{n}", b"") for n in range(5_000))), "5000 files"),
    "no member": (lambda path: zip_of(path), "0 files"),
    "only a folder": (lambda path: zip_of(path, ("world/", b"")), "0 files"),
    "member elsewhere": (lambda path: elsewhere(zip_of(path, ("w", SQLITE)), 2**31), "leads nowhere|whole zip"),
    "a zip inside": (lambda path: zip_of(path, ("w", zip_of(path, ("w", SQLITE)).read_bytes())), "not an SQLite"),
    "text in front": (lambda path: zip_of(path, ("w", b"no" + SQLITE)), "not an SQLite"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_zip_that_is_a_trap_is_refused_in_its_own_words(kind, refuses, tmp_path):
    trap, sentence = BOMBS[kind]
    path = tmp_path / "trap.content"
    refuses(lambda: sync("en", file=trap(path)), sentence)


@pytest.mark.parametrize("member", ["../../escaped", "/tmp/escaped", "..\\..\\escaped", "C:\\escaped", "a/b/c"])
def test_path_inside_the_zip_leads_nowhere(member, import_tables, tmp_path, settings):
    import_tables({made.ITEMS: made.items(1)})
    escaping = made.zipped(tmp_path / "made" / "made.sqlite3", tmp_path, member=member, name="escaping.content")
    before = set(tmp_path.rglob("*"))
    assert sync("en", file=escaping).revision.rows == 1
    assert set(tmp_path.rglob("*")) == before
