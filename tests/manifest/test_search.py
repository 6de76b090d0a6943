import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manifest import lookup, switch
from manifest.models import Item, Revision
from manifest.search import MAX_COUNT, SEARCH, parameters, search
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
CLASSES = "DestinyClassDefinition"


def shown(name, description="", **fields):
    return {"displayProperties": {"name": name, "description": description, "icon": "/i.png"}, **fields}


@pytest.fixture
def importing(import_tables):
    """importing(name, name=fields, …): items numbered from 1; gives a function from text to the names found."""

    def importing(*names, language="en", tables=None, **options):
        rows = dict(made.item(number, name) if isinstance(name, str) else name for number, name in enumerate(names, 1))
        import_tables({made.ITEMS: rows, **(tables or {})}, language, **options)
        live = lookup.live(language)
        return lambda text, limit=50, offset=0: named(search(live, text, limit=limit, offset=offset))

    return importing


def named(results):
    return [found.item.name for found in results.found]


def test_every_word_begins_a_word_of_the_item_in_any_order(importing):
    find = importing("Ace of Spades", "Spade Collector", "Face of Stone")
    assert find("ace sp") == find("SP ace") == find("ace of sp") == ["Ace of Spades"]
    assert find("spade") == ["Spade Collector", "Ace of Spades"]
    assert find("pades") == []


def test_exact_name_comes_first_then_its_beginning_then_names_then_kinds_then_texts(importing):
    find = importing(
        made.item(1, "Rest", displayProperties={"name": "Rest", "description": "Not much of a sword."}),
        made.item(2, "Kind", itemTypeDisplayName="Sword"),
        "Old Sword",
        "Sword of Dawn",
        "Sword",
        made.item(9, "Flavoured", flavorText="A song of swords."),
    )
    assert find("sword") == ["Sword", "Sword of Dawn", "Old Sword", "Kind", "Flavoured", "Rest"]


def test_equal_matches_stand_by_tier_then_name_then_hash(importing):
    exotic = {"inventory": {"tierType": 6, "tierTypeName": "Exotic"}}
    find = importing(
        made.item(7, "Swarm B"), made.item(8, "Swarm A"), made.item(5, "Swarm C", **exotic), made.item(3, "Swarm A")
    )
    assert find("swarm") == ["Swarm C", "Swarm A", "Swarm A", "Swarm B"]
    results = search(lookup.live("en"), "swarm", limit=50)
    assert [found.item.hash for found in results.found] == [5, 3, 8, 7]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Crépuscule", "crepuscule"),
        ("Crepuscule", "CRÉPUSCULE"),
        ("L’œil de l’Épée", "oeil epee"),
        ("Straße", "strasse"),
        ("Łowca Świtu", "lowca switu"),
        ("Ærø", "aero"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Клинок Ёлки и йод", "елки йод"),
        ("Nezarec’s Sin", "nezarecs sin"),
        ("Nezarec's Sin", "nezarec's sin"),
        ("Cayde-6", "cayde 6"),
        ("ＡＢＣ", "abc"),
        ("エース・オブ・スペード", "スペード"),
        ("ガラスの闇", "ガラス"),
        ("魔剣士の刃", "剣士"),
        ("魔剣士の刃", "刃"),
        ("魔剣士の刃", "魔剣 の刃"),
        ("갈라르호른", "호른"),
        ("黑桃A", "桃a"),
    ],
)  # fmt: skip
def test_accents_case_and_scripts_without_spaces(importing, name, asked):
    assert importing(name)(asked) == [name]


def test_a_script_without_spaces_is_not_found_by_its_signs_in_another_order(importing):
    find = importing("魔剣士", "ガラス")
    assert find("剣魔") == []
    assert find("カラス") == []


def test_class_and_tier_are_found_by_their_names(importing):
    classes = {1: {**shown("Titan"), "classType": 0}, 2: {**shown("Warlock"), "classType": 2}}
    helmet = {"itemTypeAndTierDisplayName": "Exotic Helmet"}
    find = importing(
        made.item(1, "Nezarec's Sin", classType=2, **helmet),
        made.item(2, "Wall", classType=0, **helmet),
        tables={CLASSES: classes},
    )
    assert find("warlock exotic helmet") == ["Nezarec's Sin"]
    assert find("titan helm") == ["Wall"]


def test_items_without_a_name_are_found_by_their_kind_and_come_after_those_with_one(importing):
    find = importing(made.item(1, ""), made.item(2, "Cannon"), made.item(3, "Classified", redacted=True))
    assert find("cannon") == ["Cannon", "", "Classified"]
    assert find("classified") == ["Classified"]


@pytest.mark.parametrize("text", ["", "   ", "...", "\0", "'", "😀", "&|!():*<->"])
def test_text_without_letters_finds_nothing(importing, text):
    assert importing("Ace of Spades")(text) == []


def test_no_text_is_an_error(importing):
    find = importing("Ace of Spades", "x" * 5000, made.item(9, "", flavorText="語" * 4000 + "y" * 3000))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text() | st.text(alphabet="'\\:*&|!()<->\0%$ a語\ud800") | st.just("a' " * 4000) | st.just("x" * 10_000))
    def any_text(text):
        find(text)

    any_text()
    assert len(find("x" * 10_000)) == len(find("ace \0 'sp")) == len(find("語語")) == 1


def test_each_language_has_its_own_words(importing):
    find_in_english = importing("Dusk")
    find_in_french = importing("Crépuscule", language="fr")
    assert (find_in_english("dusk"), find_in_french("dusk")) == (["Dusk"], [])
    assert (find_in_english("crep"), find_in_french("crep")) == ([], ["Crépuscule"])


def test_only_what_is_valid_at_the_live_revision_is_found(importing):
    find_before = importing("Old Blade", "Constant Blade")
    first = lookup.live("en")
    find_after = importing("New Blade", "Constant Blade", made.item(3, "Third Blade"))
    assert find_before("blade") == ["Constant Blade", "Old Blade"]
    assert find_after("blade") == ["Constant Blade", "New Blade", "Third Blade"]
    switch.make_live(Revision.objects.get(pk=first.revision_id))
    assert named(search(lookup.live("en"), "blade", limit=9)) == ["Constant Blade", "Old Blade"]


def test_pages_follow_one_another_and_the_count_is_of_all(importing):
    names = [f"Blade {number:02}" for number in range(30)]
    find = importing(*names, made.item(99, "Other", flavorText="A blade."))
    assert find("blade", 20) + find("blade", 20, 20) == [*names, "Other"]
    assert search(lookup.live("en"), "blade", limit=20).count == 31
    assert search(lookup.live("en"), "blade", limit=20, offset=500).count == 31


def test_description_comes_with_the_item(importing):
    importing(made.item(1, displayProperties={"name": "Rest", "description": "One."}, flavorText="Two."))
    (found,) = search(lookup.live("en"), "rest", limit=1).found
    assert (found.item.hash, found.description) == (1, "One.\nTwo.")


@pytest.fixture
def many(import_tables):
    """Four thousand items in each of two languages, and as many more that a later revision took away."""
    for language in ("fr", "en"):
        import_tables({made.ITEMS: dict(made.item(n, f"Alpha {n}") for n in range(1, 4001))}, language)
        import_tables({made.ITEMS: dict(made.item(n, f"Beta {n}") for n in range(1, 4001))}, language)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE manifest_definition, manifest_item, manifest_table")
    return lookup.live("en")


def analyzed(live, text):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {SEARCH}", parameters(live, text, limit=25))
        return list(nodes(cursor.fetchone()[0][0]["Plan"]))


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize("text", ["beta", "b", "legendary", "hand cannon beta 77"])
def test_search_reads_items_by_its_index_alone(many, text):
    plan = analyzed(many, text)
    on_items = [node for node in plan if node.get("Relation Name") == "manifest_item"]
    assert "manifest_item_search" in {node.get("Index Name") for node in plan}
    assert on_items
    assert "Seq Scan" not in {node["Node Type"] for node in on_items}


def test_index_gives_only_what_is_current_in_the_language(many):
    scans = [node for node in analyzed(many, "b") if node.get("Index Name") == "manifest_item_search"]
    assert max(node["Actual Rows"] for node in scans) == 4000
    assert Item.objects.filter(name__startswith="Beta").count() == 8000
    scans = [node for node in analyzed(many, "alpha") if node.get("Index Name") == "manifest_item_search"]
    assert max(node["Actual Rows"] for node in scans) == 0


def test_search_after_a_roll_back_reads_what_was_current_then_by_an_index_of_its_own(many):
    switch.make_live(Revision.objects.filter(language="en").earliest("pk"))
    plan = analyzed(lookup.live("en"), "alpha 77")
    on_items = [node for node in plan if node.get("Relation Name") == "manifest_item"]
    assert "manifest_item_search_old" in {node.get("Index Name") for node in plan}
    assert "Seq Scan" not in {node["Node Type"] for node in on_items}
    assert "manifest_item_removed" not in {node.get("Index Name") for node in plan}


def test_search_is_one_query_and_counts_to_a_bound(many, django_assert_num_queries):
    with django_assert_num_queries(1):
        results = search(many, "beta", limit=25)
    assert (len(results.found), results.count) == (25, MAX_COUNT)
