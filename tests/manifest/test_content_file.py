import sqlite3

import pytest

from manifest import content_file, unpacking
from manifest.errors import ManifestError
from manifest.progress import SILENT
from tests.manifest import content_files as made


def read(archive, folder):
    """{table: {key: JSON}} of everything in the file."""
    with content_file.opened(unpacking.unpack(archive, archive.name, folder, SILENT).verified()) as database:
        return {table.name: dict(content_file.rows(database, table)) for table in content_file.tables(database)}


@pytest.mark.parametrize("kind", sorted(made.BAD_FILES))
def test_bad_file_is_refused_with_its_reason(kind, tmp_path):
    archive, word = made.bad_files(tmp_path)[kind]
    with pytest.raises(ManifestError, match=word):
        read(archive, tmp_path)


def test_every_bad_file_is_tried(tmp_path):
    assert set(made.bad_files(tmp_path)) == made.BAD_FILES


def test_signed_and_unsigned_ids_are_read_as_the_api_writes_them(tmp_path):
    archive = made.content_file(tmp_path, {made.ITEMS: {4294967295: {"a": 1}, 7: {"a": 2}}})
    assert read(archive, tmp_path)[made.ITEMS] == {4294967295: b'{"a": 1}', 7: b'{"a": 2}'}


def test_table_keyed_by_text_is_read(tmp_path):
    archive = made.content_file(tmp_path, {made.ITEMS: {}, made.HISTORICAL: {"kills": {"name": "Kills"}}})
    assert read(archive, tmp_path)[made.HISTORICAL] == {"kills": b'{"name": "Kills"}'}


def test_json_stored_as_bytes_is_read_like_text(tmp_path):
    archive = made.content_file(tmp_path, {made.ITEMS: {1: b'{"a": 1}'}})
    assert read(archive, tmp_path)[made.ITEMS] == {1: b'{"a": 1}'}


@pytest.mark.parametrize("body", ["[]", "", "null", "17"])
def test_row_that_is_no_object_is_refused(body, tmp_path):
    archive = made.content_file(tmp_path, {made.ITEMS: {5: body}})
    with pytest.raises(ManifestError, match=f"row 5 of {made.ITEMS}"):
        read(archive, tmp_path)


def test_schema_of_the_file_runs_none_of_our_functions(tmp_path):
    """A view could name any function that the site might one day give to SQLite."""
    database = tmp_path / "made.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE VIEW {made.STATS} AS SELECT 7 AS id, ours() AS json")
    connection.close()
    ran = []
    with content_file.opened(database) as opened:
        opened.create_function("ours", 0, lambda: ran.append(1))
        with pytest.raises(sqlite3.OperationalError, match="unsafe use of ours"):
            opened.execute(f"SELECT * FROM {made.STATS}")
    assert ran == []


def test_path_inside_the_zip_leads_nowhere(tmp_path):
    good = made.content_file(tmp_path / "made", {made.ITEMS: {}})
    escaping = made.zipped(
        tmp_path / "made" / "made.sqlite3", tmp_path / "made", member="../../escaped", name="x.content"
    )
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    assert read(escaping, folder) == read(good, folder) == {made.ITEMS: {}}
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize(("offset", "wrong"), [(16, "checksum"), (24, "size")])
def test_content_that_is_not_what_the_directory_claims_is_refused(offset, wrong, tmp_path):
    """Both stand in the zip's directory: one less is another checksum, or a content that is too long."""
    archive = made.content_file(tmp_path, {made.ITEMS: made.items(1)})
    whole = bytearray(archive.read_bytes())
    at = whole.index(b"PK\1\2") + offset
    whole[at : at + 4] = (int.from_bytes(whole[at : at + 4], "little") - 1).to_bytes(4, "little")
    with pytest.raises(ManifestError, match="torn or changed" if wrong == "checksum" else "longer than it claims"):
        read(made.written(archive, whole), tmp_path)


def test_file_that_claims_to_be_huge_is_refused_unread(tmp_path, monkeypatch):
    archive = made.content_file(tmp_path, {made.ITEMS: made.items(1)})
    monkeypatch.setattr(unpacking, "MAX_CONTENT_BYTES", 1000)
    with pytest.raises(ManifestError, match="too much"):
        read(archive, tmp_path)
