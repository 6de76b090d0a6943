from importlib import import_module

import pytest
from django.db import connection

from manifest import lookup
from manifest.models import Definition, Item
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
MANY = range(1, 3001)


@pytest.fixture
def live(import_tables):
    stats = {hash_: {"hash": hash_} for hash_ in range(1, 50)}
    others = {f"DestinyOther{number}Definition": {1: {}} for number in range(40)}
    import_tables({made.ITEMS: made.items(*MANY), made.STATS: stats, made.HISTORICAL: {"kills": {}}, **others})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE manifest_definition, manifest_item, manifest_table")
    return lookup.live("en")


def test_nothing_is_live_before_the_first_import(db):
    assert lookup.live("en") is None


def test_missing_language_falls_back_to_the_sites_first_then_to_any(import_tables, settings):
    settings.MANIFEST_LANGUAGES = ["fr", "en"]
    import_tables({made.ITEMS: {}}, "en")
    assert lookup.live("ja").language == "en"
    import_tables({made.ITEMS: {}}, "fr")
    assert [lookup.live(code).language for code in ("ja", "en", "fr")] == ["fr", "en", "fr"]


def test_each_look_up_is_one_query(live, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert lookup.live("en")
    for hashes in ([1], MANY):
        with django_assert_num_queries(1):
            assert len(lookup.items(live, hashes)) == len(hashes)
        with django_assert_num_queries(1):
            found = lookup.definitions(live, {made.ITEMS: hashes, made.STATS: [3], "DestinyNoDefinition": [3]})
        assert {table: len(rows) for table, rows in found.items()} == {
            made.ITEMS: len(hashes), made.STATS: 1, "DestinyNoDefinition": 0,
        }  # fmt: skip
    with django_assert_num_queries(1):
        found = lookup.tables(live, made.STATS, "DestinyOther7Definition", "DestinyNoDefinition")
        assert [len(rows) for rows in found.values()] == [49, 1, 0]


def test_unknown_hashes_are_left_out(live):
    assert lookup.items(live, [999_999]) == {}
    assert lookup.definitions(live, {made.ITEMS: [999_999]}) == {made.ITEMS: {}}
    assert lookup.items(live, []) == {}
    assert lookup.definitions(live, {}) == {}


def test_definition_comes_back_as_it_was(import_tables):
    body = {
        "hash": 1,
        "text": "“Crépuscule” – 闇 \\ \n \t 😀",
        "numbers": [1.5, -7, 4294967295],
        "none": None,
        "displayProperties": {},
    }
    import_tables({made.ITEMS: {1: body}})
    assert lookup.definitions(lookup.live("en"), {made.ITEMS: [1]})[made.ITEMS] == {1: body}


def plan_of(query, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_items_are_found_by_their_index(live):
    rows = Item.objects.filter(lookup.valid_at(live.revision_id), language="en", hash__in=list(MANY)[:300])
    plan = rows.explain()
    assert "manifest_item_unique" in plan
    assert "Seq Scan" not in plan


def test_definitions_are_found_by_their_index(live):
    parameters = lookup.definition_parameters(live, [(made.ITEMS, hash_) for hash_ in list(MANY)[:300]])
    plan = plan_of(lookup.DEFINITIONS, parameters)
    assert "manifest_definition_unique" in plan
    assert "Seq Scan on manifest_definition" not in plan


def test_small_table_is_found_by_its_index(live):
    parameters = {"names": [made.STATS], "language": live.language, "revision": live.revision_id}
    plan = plan_of(lookup.TABLES, parameters)
    assert "manifest_definition_unique" in plan
    assert "Seq Scan on manifest_definition" not in plan


def test_ammunition_of_older_imports_is_filled_in_where_it_is_a_number(import_tables):
    import_tables({made.ITEMS: made.items(1, 2, 3, 4)})
    for hash_, ammo in enumerate((2, "much", 10**12, 0), start=1):
        Definition.objects.filter(hash=hash_).update(json={"equippingBlock": {"ammoType": ammo}})
    statement = import_module("manifest.migrations.0007_item_ammo").Migration.operations[1].sql
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert dict(Item.objects.values_list("hash", "ammo_type")) == {1: 2, 2: 0, 3: 0, 4: 0}


@pytest.mark.parametrize(("table", "identity"), [(made.ITEMS, 2999), (made.HISTORICAL, "kills")])
def test_one_definition_is_found_by_its_index_among_kept_revisions(
    import_tables, table, identity, django_assert_num_queries
):
    for revision in range(3):
        text = {"kills": {"revision": revision}, **{f"key {number}": {} for number in range(500)}}
        import_tables({made.ITEMS: made.items(*MANY, revision=revision), made.HISTORICAL: text})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE manifest_definition, manifest_table")
    live = lookup.live("en")
    with django_assert_num_queries(1):
        assert lookup.definition(live, table, identity)["revision"] == 2
    plan = plan_of(lookup.DEFINITION, lookup.one_definition_parameters(live, table, identity))
    assert "manifest_definition_unique" in plan
    assert "Seq Scan on manifest_definition" not in plan


def test_unknown_definition_is_none(live):
    assert lookup.definition(live, made.ITEMS, 999_999) is None
    assert lookup.definition(live, made.ITEMS, "1") is None
    assert lookup.definition(live, "DestinyNoDefinition", 1) is None
