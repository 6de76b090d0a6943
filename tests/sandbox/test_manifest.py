"""The Manifest as it is published and downloaded."""

import hashlib
import io
import json
import sqlite3
import zipfile

import pytest
import requests

from destinyvault.sandbox import facts
from destinyvault.sandbox.content import write_contents
from destinyvault.sandbox.manifest import open_library
from destinyvault.sandbox.world import definitions

ITEMS = "DestinyInventoryItemDefinition"


def index(wire):
    return wire.response("/Destiny2/Manifest/")


def download(wire, path):
    return requests.get(wire.root + path, headers={"User-Agent": "tests"}, timeout=60)


def opened(wire, path, tmp_path):
    """The database inside a content file, after the checks that a careful client makes."""
    archive = zipfile.ZipFile(io.BytesIO(download(wire, path).content))
    (name,) = archive.namelist()
    raw = archive.read(name)
    md5 = hashlib.md5(raw).hexdigest()
    assert path.endswith(f"world_sql_content_{md5}.content")
    file = tmp_path / f"{md5}.sqlite3"
    file.write_bytes(raw)
    return sqlite3.connect(file)


def rows(db, table=ITEMS):
    return dict(db.execute(f"SELECT * FROM {table}").fetchall())


def test_index_names_a_downloadable_file_in_all_13_languages(wire):
    paths = index(wire)["mobileWorldContentPaths"]
    assert tuple(paths) == facts.LANGUAGES
    for language, path in paths.items():
        assert f"/{language}/" in path
        assert zipfile.is_zipfile(io.BytesIO(download(wire, path).content))


def test_content_is_one_database_named_by_its_md5(wire, tmp_path):
    db = opened(wire, index(wire)["mobileWorldContentPaths"]["en"], tmp_path)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert len(tables) > 25
    assert len(rows(db)) > 1000


def test_ids_are_the_hashes_as_signed_32_bit_numbers(wire, tmp_path):
    items = rows(opened(wire, index(wire)["mobileWorldContentPaths"]["en"], tmp_path))
    assert min(items) < 0 < max(items)
    assert all(json.loads(body)["hash"] == key % 2**32 for key, body in items.items())


def test_historical_stats_are_keyed_by_text(wire, tmp_path):
    stats = rows(
        opened(wire, index(wire)["mobileWorldContentPaths"]["en"], tmp_path), "DestinyHistoricalStatsDefinition"
    )
    assert all(isinstance(key, str) for key in stats)
    assert stats


def test_french_has_the_same_items_under_other_names(wire, tmp_path):
    paths = index(wire)["mobileWorldContentPaths"]
    english, french = (rows(opened(wire, paths[language], tmp_path)) for language in ("en", "fr"))
    assert english.keys() == french.keys()
    names = [
        tuple(json.loads(body)["displayProperties"]["name"] for body in (english[key], french[key])) for key in english
    ]
    assert sum(ours != theirs for ours, theirs in names) > len(names) * 0.8


def test_world_has_the_games_own_buckets_with_places(wire):
    vault = wire.response(f"/Destiny2/Manifest/DestinyInventoryBucketDefinition/{facts.VAULT}/")
    assert (vault["displayProperties"]["name"], vault["itemCount"]) == ("General", 1000)


def test_definition_comes_in_the_language_asked_for(wire):
    path = f"/Destiny2/Manifest/DestinyInventoryBucketDefinition/{facts.HELMET}/"
    assert wire.response(path, lc="fr")["displayProperties"]["name"] == "Casque"


def test_unknown_definitions_are_refused(wire):
    assert wire.refused(f"/Destiny2/Manifest/{ITEMS}/1/") == (500, 21, "NotFound")
    assert wire.refused("/Destiny2/Manifest/DestinyNonsenseDefinition/1/")[1] == 18


def test_wrong_content_path_is_a_404_page(wire):
    answer = download(wire, f"/common/destiny2_content/sqlite/en/world_sql_content_{'0' * 32}.content")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_component_files_hold_one_table_as_json(wire):
    told = index(wire)
    path = told["jsonWorldComponentContentPaths"]["fr"]["DestinyClassDefinition"]
    classes = download(wire, path).json()
    assert {one["classType"]: one["displayProperties"]["name"] for one in classes.values()}[1] == "Chasseur"
    everything = download(wire, told["jsonWorldContentPaths"]["en"]).json()
    assert len(everything) == len(told["jsonWorldComponentContentPaths"]["en"])
    assert everything["DestinyClassDefinition"].keys() == classes.keys()


def test_new_version_changes_the_share_that_was_ordered_and_not_a_byte_more(wire, orders, tmp_path):
    before = index(wire)
    orders.publish(changed=0.2, added=0.1, removed=0.1)
    after = index(wire)
    assert after["version"] != before["version"]
    old, new = (rows(opened(wire, told["mobileWorldContentPaths"]["en"], tmp_path)) for told in (before, after))
    share = len(old) / 100
    assert 15 * share < sum(old[key] != new[key] for key in old.keys() & new.keys()) < 25 * share
    assert 6 * share < len(new.keys() - old.keys()) < 14 * share
    assert 6 * share < len(old.keys() - new.keys()) < 14 * share


def test_all_languages_change_the_same_definitions(wire, orders, tmp_path):
    before = index(wire)["mobileWorldContentPaths"]
    orders.publish(changed=0.1, removed=0.1)
    after = index(wire)["mobileWorldContentPaths"]
    changed = []
    for language in ("en", "fr"):
        old, new = (rows(opened(wire, paths[language], tmp_path)) for paths in (before, after))
        changed.append({key for key in old if old[key] != new.get(key)})
    assert changed[0] == changed[1]
    assert changed[0]


def test_same_version_may_get_a_new_path(wire, orders):
    before = index(wire)
    orders.publish(changed=0.01, keep_version=True)
    after = index(wire)
    assert after["version"] == before["version"]
    assert after["mobileWorldContentPaths"]["en"] != before["mobileWorldContentPaths"]["en"]


def test_index_can_flip_back_and_both_files_stay_downloadable(wire, orders):
    before = index(wire)
    orders.publish(changed=0.01)
    new = index(wire)["mobileWorldContentPaths"]["en"]
    orders.flip_manifest()
    assert index(wire) == before
    assert all(download(wire, path).ok for path in (new, before["mobileWorldContentPaths"]["en"]))


def test_language_can_go_missing_from_the_index(wire, orders):
    orders.remove_language("fr")
    assert "fr" not in index(wire)["mobileWorldContentPaths"]
    orders.restore_languages()
    assert "fr" in index(wire)["mobileWorldContentPaths"]


@pytest.mark.parametrize("broken", ["truncated", "corrupt", "empty", "html", "404", "two_files", "wrong_md5"])
def test_broken_content_does_not_pass_for_good(wire, orders, broken):
    path = index(wire)["mobileWorldContentPaths"]["en"]
    good = download(wire, path).content
    orders.fault("content", times=1, content=broken)
    assert download(wire, path).content != good
    assert download(wire, path).content == good


def test_corrupt_content_is_a_zip_that_does_not_unpack(wire, orders):
    orders.fault("content", content="corrupt")
    archive = zipfile.ZipFile(io.BytesIO(download(wire, index(wire)["mobileWorldContentPaths"]["en"]).content))
    assert archive.testzip()


def test_wrong_md5_is_a_good_database_under_anothers_name(wire, orders):
    path = index(wire)["mobileWorldContentPaths"]["en"]
    orders.fault("content", content="wrong_md5")
    archive = zipfile.ZipFile(io.BytesIO(download(wire, path).content))
    assert archive.testzip() is None
    assert hashlib.md5(archive.read(archive.namelist()[0])).hexdigest() not in path


def test_world_grows_to_the_scale_asked_for(tmp_path):
    contents = write_contents(definitions(1, 5000), tmp_path, ("en",))
    with sqlite3.connect(contents["en"].database) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = sum(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)
    assert 4950 <= counted <= 5000


def test_seed_decides_the_names(tmp_path):
    first, again, other = (
        next(row.body for row in definitions(seed, 1) if row.body.get("itemType") == 3) for seed in (1, 1, 2)
    )
    assert first == again
    assert first["displayProperties"] != other["displayProperties"]


def test_world_is_made_once_and_kept(tmp_path):
    first = open_library(1, 1, tmp_path, None).current.content("en")
    made = first.zipped.stat().st_mtime_ns
    again = open_library(1, 1, tmp_path, None).current.content("en")
    assert again.md5 == first.md5
    assert again.zipped.stat().st_mtime_ns == made
