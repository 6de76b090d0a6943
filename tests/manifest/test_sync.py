"""From a content file to the live revision."""

from pathlib import Path

import pytest

from manifest import importing, lookup, unpacking
from manifest.errors import ManifestError
from manifest.models import Definition, Item, Revision, Table
from manifest.progress import SILENT
from manifest.sync import Action, check, sync
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)


def names(revision_or_live):
    live = revision_or_live
    return {hash_: item.name for hash_, item in lookup.items(live, range(1, 100)).items()}


def test_first_import_makes_every_definition_live(import_tables):
    revision = import_tables({made.ITEMS: made.items(1, 2), made.STATS: {4294967295: {"hash": 4294967295}}})
    live = lookup.live("en")
    assert live.revision_id == revision.pk
    assert names(live) == {1: "Palindrome", 2: "Palindrome"}
    assert lookup.tables(live, made.STATS) == {made.STATS: {4294967295: {"hash": 4294967295}}}
    assert (revision.rows, revision.added, revision.changed, revision.removed) == (3, 3, 0, 0)
    assert revision.tables[made.ITEMS] == {"rows": 2, "added": 2, "changed": 0, "removed": 0}
    assert revision.content_bytes > 0
    assert set(revision.seconds) == {"fetch", "ingest", "prepare", "switch"}


def test_update_writes_only_what_changed(import_tables):
    import_tables({made.ITEMS: made.items(1, 2, 3)})
    unchanged = Definition.objects.get(hash=1).pk
    revision = import_tables({made.ITEMS: {**made.items(1), **dict([made.item(2, name="Renamed")]), **made.items(4)}})
    assert (revision.rows, revision.added, revision.changed, revision.removed) == (3, 1, 1, 1)
    assert set(Definition.objects.filter(added=revision.pk).values_list("hash", flat=True)) == {2, 4}
    assert Definition.objects.get(hash=1).pk == unchanged
    assert names(lookup.live("en")) == {1: "Palindrome", 2: "Renamed", 4: "Palindrome"}


def test_reader_of_the_revision_before_is_not_disturbed(import_tables):
    import_tables({made.ITEMS: made.items(1, 2)})
    before = lookup.live("en")
    import_tables({made.ITEMS: dict([made.item(1, name="Renamed"), made.item(3)])})
    assert names(before) == {1: "Palindrome", 2: "Palindrome"}
    wanted = {made.ITEMS: [1, 2, 3]}
    assert set(lookup.definitions(before, wanted)[made.ITEMS]) == {1, 2}
    assert set(lookup.definitions(lookup.live("en"), wanted)[made.ITEMS]) == {1, 3}


def test_unchanged_content_writes_no_definition(import_tables):
    import_tables({made.ITEMS: made.items(1), made.HISTORICAL: {"kills": {"a": 1}}})
    revision = import_tables({made.ITEMS: made.items(1), made.HISTORICAL: {"kills": {"a": 1}}}, force=True)
    assert (revision.rows, revision.added, revision.changed, revision.removed) == (2, 0, 0, 0)
    assert Definition.objects.count() == 2
    assert lookup.live("en").revision_id == revision.pk


def test_table_keyed_by_text_changes_row_by_row(import_tables):
    import_tables({made.ITEMS: {}, made.HISTORICAL: {"kills": {"a": 1}, "deaths": {"a": 1}, "assists": {"a": 1}}})
    revision = import_tables({made.ITEMS: {}, made.HISTORICAL: {"kills": {"a": 2}, "deaths": {"a": 1}, "wins": {}}})
    assert (revision.added, revision.changed, revision.removed) == (1, 1, 1)
    valid = Definition.objects.filter(removed=None).values_list("key", "json")
    assert dict(valid) == {"kills": {"a": 2}, "deaths": {"a": 1}, "wins": {}}


def test_table_may_change_from_text_keys_to_ids_and_back(import_tables):
    by_text, by_id = {"kills": {"a": 1}, "wins": {"a": 1}}, {0: {"a": 1}, 9: {"a": 1}}
    import_tables({made.ITEMS: {}, made.HISTORICAL: by_text})
    for rows in (by_id, by_text):
        revision = import_tables({made.ITEMS: {}, made.HISTORICAL: rows}, force=True)
        assert (revision.added, revision.changed, revision.removed) == (2, 0, 2)
        valid = Definition.objects.filter(removed=None).values_list("key", "hash")
        assert {key or hash_ for key, hash_ in valid} == set(rows)
        assert len(valid) == 2


def test_table_that_is_gone_takes_its_definitions_with_it(import_tables):
    import_tables({made.ITEMS: made.items(1), made.STATS: {5: {}}, made.HISTORICAL: {"kills": {}}})
    revision = import_tables({made.ITEMS: made.items(1)}, force=True)
    live = lookup.live("en")
    assert lookup.tables(live, made.STATS) == {made.STATS: {}}
    assert revision.removed == 2
    assert revision.tables[made.STATS] == {"rows": 0, "added": 0, "changed": 0, "removed": 1}


def test_languages_do_not_touch_each_other(import_tables):
    import_tables({made.ITEMS: dict([made.item(1, name="Palindrome")])}, "en")
    import_tables({made.ITEMS: dict([made.item(1, name="Palindrom")])}, "de")
    assert names(lookup.live("en")) == {1: "Palindrome"}
    assert names(lookup.live("de")) == {1: "Palindrom"}
    assert Table.objects.count() == 2


def test_known_content_is_not_imported_again_and_an_older_one_is_switched_to(import_tables, tmp_path):
    first = made.content_file(tmp_path / "first", {made.ITEMS: made.items(1)})
    second = made.content_file(tmp_path / "second", {made.ITEMS: made.items(2)})
    kept = sync("en", file=first).revision
    assert sync("en", file=first).action == Action.UP_TO_DATE
    sync("en", file=second)
    outcome = sync("en", file=first)
    assert (outcome.action, outcome.revision) == (Action.SWITCHED, kept)
    assert names(lookup.live("en")) == {1: "Palindrome"}
    assert Revision.objects.count() == 2


def test_after_going_back_the_next_import_compares_with_the_newest(import_tables, tmp_path):
    first = made.content_file(tmp_path / "first", {made.ITEMS: made.items(1)})
    sync("en", file=first)
    import_tables({made.ITEMS: made.items(2)})
    sync("en", file=first)
    import_tables({made.ITEMS: made.items(2, 3)})
    assert set(names(lookup.live("en"))) == {2, 3}


def test_items_are_summarised_with_bungies_numbers(import_tables):
    shown = {"name": "Jade Rabbit", "icon": "/icons/jade.png"}
    stored = {"bucketTypeHash": 1498876634, "tierType": 6, "tierTypeName": "Exotic", "maxStackSize": 5}
    more = {"displayProperties": shown, "inventory": {**stored, "stackUniqueLabel": "jade"}, "classType": 1}
    flags = {"redacted": True, "equippable": True, "nonTransferrable": True, "iconWatermark": "/mark.png"}
    worn = {"equippingBlock": {"ammoType": 2}, "defaultDamageType": 4}
    import_tables({made.ITEMS: dict([made.item(3, **more, **flags, **worn), (8, {})])})
    jade, bare = lookup.items(lookup.live("en"), [3, 8]).values()
    assert jade == lookup.ItemSummary(
        3, "Jade Rabbit", "Hand Cannon", 3, 1498876634, 6, "Exotic", 1,
        "/icons/jade.png", "/mark.png", 4, 2, 5, True, True, False, "jade",
    )  # fmt: skip
    assert bare == lookup.ItemSummary(8, "", "", 0, 0, 0, "", 3, "", "", 0, 0, 1, False, False, True, "")


ROWS = {
    "broken JSON": ({5: '{"a": '}, f"row 5 of {made.ITEMS} is not valid JSON"),
    "NaN": ({5: '{"a": NaN}'}, "row 5 .* not valid JSON"),
    "half a character": ({5: '{"a": "\\ud800"}'}, "row 5 .* half a character"),
    "invalid UTF-8": ({5: b'{"a": "\xff"}'}, "row 5 .* UTF-8"),
    "NUL byte": ({5: b'{"a": "\0"}'}, "row 5 .* not valid JSON"),
    "escaped NUL": ({5: '{"a": "x\\u0000"}'}, "row 5 .* NUL"),
    "text for a number": (dict([made.item(5, itemType="rifle")]), "does not fit"),
    "text for an object": (dict([made.item(5, inventory="bag")]), "does not fit"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_one_bad_row_refuses_the_whole_import(kind, import_tables, kept):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    rows, sentence = ROWS[kind]
    with pytest.raises(ManifestError, match=sentence):
        import_tables({made.ITEMS: {**made.items(*range(10, 3000)), **rows}})
    assert kept() == before
    import_tables({made.ITEMS: made.items(1, 10)})
    assert set(names(lookup.live("en"))) == {1, 10}


def test_backslash_before_u0000_is_no_nul(import_tables):
    import_tables({made.ITEMS: dict([made.item(5, name="\\u0000")])})
    assert names(lookup.live("en")) == {5: "\\u0000"}


@pytest.mark.parametrize(("first", "second"), [(7, 7), (2**32 - 1, -1)])
def test_same_hash_twice_is_refused(first, second, import_tables, kept, tmp_path):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    with pytest.raises(ManifestError, match="there twice"):
        sync("en", file=made.with_rows_twice(tmp_path, first, second))
    assert kept() == before


@pytest.mark.parametrize("kind", sorted(made.BAD_FILES))
def test_bad_file_leaves_the_live_revision_alone(kind, import_tables, kept, tmp_path):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    archive, word = made.bad_files(tmp_path)[kind]
    with pytest.raises(ManifestError, match=word):
        sync("en", file=archive)
    assert kept() == before
    failed = Revision.objects.get(status="failed")
    assert word in failed.error


def test_file_that_is_not_there_is_a_clear_sentence(transactional_db, tmp_path):
    with pytest.raises(ManifestError, match="cannot be read"):
        sync("en", file=tmp_path / "nowhere.content")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_full_disk_is_a_clear_sentence(import_tables, kept, tmp_path):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    archive = made.content_file(tmp_path, {made.ITEMS: made.items(*range(1, 2000))})

    def onto_a_full_disk(folder, progress):
        (folder / "content.sqlite").symlink_to("/dev/full")
        return unpacking.unpack(archive, archive.name, folder, progress)

    revision = Revision.objects.create(language="en", path="x")
    with pytest.raises(ManifestError, match="disk is full"):
        importing.import_content(revision, [onto_a_full_disk], SILENT)
    assert kept() == before


def test_only_the_last_failure_of_a_content_is_kept(import_tables, tmp_path):
    archive, _ = made.bad_files(tmp_path)["truncated"]
    for _ in range(3):
        with pytest.raises(ManifestError):
            sync("en", file=archive)
    assert Revision.objects.filter(status="failed").count() == 1


def test_nothing_stays_on_disk(import_tables, settings):
    import_tables({made.ITEMS: made.items(1)})
    assert list((settings.VAR_DIR / "manifest").iterdir()) == []


def test_check_changes_nothing(sandbox, transactional_db):
    outcome = check("en")
    assert outcome.action == Action.AVAILABLE
    assert Revision.objects.count() == Item.objects.count() == 0
