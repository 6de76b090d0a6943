"""The armory: its pages and its API."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from manifest import lookup
from manifest.models import Item, Revision
from manifest.search import MAX_COUNT
from manifest.tables import ITEMS
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"


@pytest.fixture
def armory(import_tables):
    """Sixty items of one name, a few to be careful with, and another language."""
    rows = made.items(*range(10, 70), displayProperties={"name": "Palindrome", "description": "Reads both ways."})
    rows |= dict(
        [
            made.item(1, "Ace of Spades", classType=2, flavorText="Folding was never an option."),
            made.item(2, "<script>alert('loot')</script>", flavorText="<b>bold</b>"),
            made.item(3, ""),
            made.item(4294967295, "Far Away", redacted=True),
        ]
    )
    import_tables({made.ITEMS: rows, made.HISTORICAL: {"kills": {"statName": "Kills"}, "7": {"statName": "Seven"}}})
    import_tables({made.ITEMS: dict([made.item(1, "As de pique")])}, "fr")
    return Client()


def test_page_finds_items_by_the_beginnings_of_words(armory):
    page = armory.get("/armory/", {"q": "ace sp"}).content.decode()
    assert page.count('class="armory-item ') == 1
    assert "Ace of Spades" in page
    assert 'href="/armory/1/"' in page


def test_page_without_a_question_and_without_an_answer_says_what_to_do(armory):
    assert "The beginning of each word is enough" in armory.get("/armory/").content.decode()
    nothing = armory.get("/armory/", {"q": "zzz <b>"}).content.decode()
    assert "No item has all the words of “<b><bdi>zzz &lt;b&gt;</bdi></b>”" in nothing
    assert "Try fewer words" in nothing
    assert "Did you mean" not in nothing


@pytest.mark.parametrize("slip", ["palidnrome", "ace of spdaes", "ÁCE OF SPADS", "palindrone"])
def test_slip_of_the_hand_is_answered_with_what_was_perhaps_meant(armory, slip, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = armory.get("/armory/", {"q": slip}).content.decode()
    meant = "Palindrome" if slip.startswith("pal") else "Ace of Spades"
    assert f"<bdi>{meant}</bdi></a>?" in page.split("Did you mean")[1]
    assert f"?q={meant.replace(' ', '+')}" in page


@pytest.mark.parametrize("hash_", ["4294967295", "-1", " 4294967295 "])
def test_item_is_found_by_its_hash(armory, hash_):
    page = armory.get("/armory/", {"q": hash_}).content.decode()
    assert page.count('class="armory-item ') == 1
    assert 'href="/armory/4294967295/"' in page
    assert armory.get(f"{API}/armory", {"q": hash_}).json()["items"][0]["name"] == "Far Away"


def test_hash_that_is_none_is_told_as_one(armory):
    assert "No item has the hash <b>123456789</b>" in armory.get("/armory/", {"q": "123456789"}).content.decode()


def test_results_come_in_pages(armory):
    first = armory.get("/armory/", {"q": "palin"}).content.decode()
    assert "60 items" in first
    assert (first.count('class="armory-item '), "?q=palin&amp;page=2" in first) == (25, True)
    last = armory.get("/armory/", {"q": "palin", "page": "3"}).content.decode()
    assert (last.count('class="armory-item '), 'rel="next"' in last) == (10, False)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 50, "999999"])
def test_a_page_that_is_not_there_is_no_error(armory, page):
    assert armory.get("/armory/", {"q": "palin", "page": page}).status_code == 200


def test_hostile_names_are_text(armory):
    for address in ("/armory/?q=script", "/armory/2/"):
        page = armory.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<bdi>&lt;script&gt;alert(&#x27;loot&#x27;)&lt;/script&gt;</bdi>" in page


def test_an_item_has_a_page_with_its_definition(armory):
    page = armory.get("/armory/1/").content.decode()
    for part in ("Ace of Spades", "Legendary Hand Cannon · Warlock", "Folding was never an option.", "bucketTypeHash"):
        assert part in page
    assert "keeps this item classified" in armory.get("/armory/4294967295/").content.decode()
    assert "No name" in armory.get("/armory/3/").content.decode()


def display(name, **more):
    return {"displayProperties": {"name": name, "description": f"What {name} does."}, **more}


@pytest.fixture
def full(import_tables):
    """One gun with everything that a definition can name, and its plugs."""
    gun = made.items(
        1,
        stats={"stats": {"7": {"statHash": 7, "value": 42}, "8": {"statHash": 8, "value": 0}, "9": {"statHash": 9}}},
        perks=[{"perkHash": 11}, {"perkHash": 12}],
        collectibleHash=21,
        loreHash=31,
        defaultDamageTypeHash=41,
        equippingBlock={"ammoType": 2},
        sockets={
            "socketEntries": [
                {"singleInitialItemHash": 2, "randomizedPlugSetHash": 51},
                {"singleInitialItemHash": 0, "reusablePlugItems": [{"plugItemHash": 4}]},
                {"singleInitialItemHash": 999},
            ],
            "socketCategories": [{"socketCategoryHash": 61, "socketIndexes": [0, 1, 2, 77]}],
        },
    )
    plugs = dict([made.item(2, "Rampage"), made.item(3, "Outlaw"), made.item(4, "Big Magazine")])
    rolls = {"reusablePlugItems": [{"plugItemHash": 2}, {"plugItemHash": 3}]}
    tables = {
        made.ITEMS: gun | plugs,
        made.STATS: {7: display("Range"), 8: display("Zoom"), 9: display("Odd")},
        "DestinySandboxPerkDefinition": {11: display("Full Auto"), 12: display("")},
        "DestinyCollectibleDefinition": {21: {"sourceString": "Source: the sandbox"}},
        "DestinyLoreDefinition": {31: display("The story")},
        "DestinyDamageTypeDefinition": {41: display("Void")},
        "DestinyInventoryBucketDefinition": {2465295065: display("Energy Weapons")},
        "DestinyPlugSetDefinition": {51: rolls},
        "DestinySocketCategoryDefinition": {61: display("Weapon Perks")},
    }
    import_tables(tables)
    return tables


def test_page_of_an_item_tells_what_its_definition_names(full, client):
    page = client.get("/armory/1/").text
    for part in (
        "<dt><bdi>Range</bdi></dt><dd>42</dd>", "Full Auto", "What Full Auto does.", "Source: the sandbox",
        "What The story does.", "<dd><bdi>Void</bdi></dd>", "Special", "Energy Weapons", "Weapon Perks", "Rampage",
        "or one of 1</summary><p><bdi>Outlaw", "one of 1</summary><p><bdi>Big Magazine", "Here since",
        f"/api/v1/definitions/{ITEMS}/1?language=en",
    ):  # fmt: skip
        assert part in page
    for part in ("Zoom", "Odd"):
        assert part not in page


def test_page_of_an_item_makes_equally_many_queries_for_a_plain_one(full, client):
    asked = []
    for hash_ in (1, 4):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/armory/{hash_}/")
        asked.append(len(queries))
    assert asked[0] == asked[1] + 1 <= 8, "the plugs are one query"


@pytest.mark.parametrize("value", [None, 5, "x", [], [None, 5, "x"], {}, {"a": 5}, True])
def test_definition_of_any_shape_has_a_page(import_tables, client, value):
    fields = ["stats", "perks", "sockets", "collectibleHash", "loreHash", "defaultDamageTypeHash", "equippingBlock"]
    shapes = dict.fromkeys([*fields, "flavorText"], value) if not isinstance(value, dict) else {}
    deep = {"stats": {"stats": value}, "sockets": {"socketEntries": value, "socketCategories": value}}
    import_tables({made.ITEMS: made.items(1, **shapes) | made.items(2, **deep)})
    for hash_ in (1, 2):
        assert client.get(f"/armory/{hash_}/").status_code == 200


def test_page_of_an_item_tells_its_history(import_tables, client):
    first = import_tables({made.ITEMS: made.items(1, 2)})
    second = import_tables({made.ITEMS: made.items(1, flavorText="New.")})
    page = client.get("/armory/1/").text.split("Its history")[1]
    changed, since = f'"/manifest/{second.pk}/{ITEMS}/1/"', f'"/manifest/{first.pk}/{ITEMS}/1/"'
    assert page.index(changed) < page.index(since)
    gone = client.get(f"/manifest/{first.pk}/{ITEMS}/2/").text.split("Its history")[1]
    assert gone.index("Removed") < gone.index("Here since")
    Revision.objects.filter(pk=first.pk).update(status="pruned")
    assert since not in client.get("/armory/1/").text


@pytest.mark.parametrize("hash_", ["77777", "4294967296", "9" * 40])
def test_unknown_item_is_not_found_in_a_sentence(armory, hash_):
    response = armory.get(f"/armory/{hash_}/")
    assert response.status_code == 404
    assert f"has no item with the hash {hash_}" in response.text


def test_without_a_manifest_the_pages_say_so(client):
    for address in ("/armory/", "/armory/?q=ace", "/armory/1/"):
        response = client.get(address)
        assert response.status_code == 503
        assert "no Manifest yet" in response.content.decode()


def test_everybody_is_led_to_the_armory(armory):
    assert 'href="/armory/"' in armory.get("/armory/").content.decode()


def test_person_reads_the_armory_in_their_language(armory, django_user_model):
    from accounts.models import Preferences

    person = django_user_model.objects.create_user("reader")
    Preferences.objects.create(user=person, language="fr")
    armory.force_login(person)
    assert "As de pique" in armory.get("/armory/", {"q": "pique"}).content.decode()
    assert armory.get(f"{API}/armory", {"q": "pique"}).json()["manifest"]["language"] == "fr"


@pytest.mark.parametrize(
    ("header", "heading"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "As de pique"), ("ja,fr;q=0.5", "As de pique"), ("de", "Ace of Spades"),
     ("en-GB,fr;q=0.9", "Ace of Spades"), ("", "Ace of Spades"), (",;q=x", "Ace of Spades")],
)  # fmt: skip
def test_visitors_read_in_the_language_of_their_browser(armory, settings, header, heading):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    response = armory.get("/armory/1/", headers={"Accept-Language": header})
    assert f"<bdi>{heading}</bdi></h1>" in response.text
    assert "Accept-Language" in response["Vary"]


def test_language_is_chosen_on_the_page_and_goes_with_the_links(armory, settings):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    page = armory.get("/armory/", {"q": "pique", "language": "fr"}, headers={"Accept-Language": "en"}).text
    assert '<option value="fr" selected>' in page
    assert 'href="/armory/1/?language=fr"' in page
    assert 'href="/armory/?language=fr"' in armory.get("/armory/1/?language=fr").text
    assert armory.get("/armory/?language=xx").status_code == 404


UNMET = "This site has no item names in Deutsch yet; these are in English."


@pytest.mark.parametrize("address", ["/armory/", "/armory/?q=ace", "/armory/1/"])
def test_language_that_is_not_imported_yet_is_not_offered_and_told_where_it_is_asked_for(armory, settings, address):
    settings.MANIFEST_LANGUAGES = ["en", "fr", "de"]
    assert UNMET not in armory.get(address).text
    page = armory.get(address, {"language": "de", "q": "ace"}).text
    assert UNMET in page
    assert '<option value="fr">' in page
    assert '<option value="de"' not in page
    assert b"it has en, fr." in armory.get("/armory/?language=xx").content


def test_person_whose_language_is_not_imported_is_told_so(armory, settings, django_user_model):
    from accounts.models import Preferences

    settings.MANIFEST_LANGUAGES = ["en", "fr", "de"]
    person = django_user_model.objects.create_user("reader")
    Preferences.objects.create(user=person, language="de")
    armory.force_login(person)
    assert UNMET in armory.get("/armory/1/").text


def test_browser_gets_the_first_of_its_languages_that_is_imported(armory, settings):
    settings.MANIFEST_LANGUAGES = ["en", "de", "fr"]
    page = armory.get("/armory/1/", headers={"Accept-Language": "de, fr;q=0.5"}).text
    assert "<bdi>As de pique</bdi></h1>" in page
    assert "no item names" not in page


def test_what_a_person_chose_comes_before_their_browser(armory, django_user_model, settings):
    from accounts.models import Preferences

    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    person = django_user_model.objects.create_user("reader")
    Preferences.objects.create(user=person, language="en")
    armory.force_login(person)
    assert "Ace of Spades" in armory.get("/armory/1/", headers={"Accept-Language": "fr"}).text


def test_api_searches_with_pages(armory):
    reply = armory.get(f"{API}/armory", {"q": "ace of"}).json()
    live = lookup.live("en")
    assert reply == {
        "manifest": {"version": live.version, "language": "en"},
        "count": 1,
        "page": 1,
        "items": [
            {
                "hash": 1,
                "name": "Ace of Spades",
                "type": "Hand Cannon",
                "tier": "Legendary",
                "class": "warlock",
                "icon": "/icons/1.png",
                "watermark": "",
                "redacted": False,
                "description": "Folding was never an option.",
            }
        ],
    }
    pages = [armory.get(f"{API}/armory", {"q": "palin", "page": page}).json()["items"] for page in (1, 2, 3, 4)]
    assert [len(items) for items in pages] == [25, 25, 10, 0]
    assert len({item["hash"] for items in pages for item in items}) == 60 <= MAX_COUNT


def test_api_gives_any_definition_by_hash_signed_hash_or_text_key(armory):
    far = armory.get(f"{API}/definitions/{ITEMS}/4294967295").json()
    assert (far["table"], far["hash"], far["key"]) == (ITEMS, 4294967295, None)
    assert far["definition"]["displayProperties"]["name"] == "Far Away"
    assert armory.get(f"{API}/definitions/{ITEMS}/-1").json() == far
    for key, name in (("kills", "Kills"), ("7", "Seven")):
        found = armory.get(f"{API}/definitions/{made.HISTORICAL}/{key}").json()
        assert (found["hash"], found["key"], found["definition"]) == (None, key, {"statName": name})


def test_api_answers_in_the_language_that_was_asked_for(armory):
    assert armory.get(f"{API}/armory", {"q": "as", "language": "fr"}).json()["items"][0]["name"] == "As de pique"
    found = armory.get(f"{API}/definitions/{ITEMS}/1", {"language": "fr"}).json()
    assert found["definition"]["displayProperties"]["name"] == "As de pique"
    assert found["manifest"]["language"] == "fr"
    refusal = armory.get(f"{API}/armory", {"q": "as", "language": "ja"})
    assert refusal.status_code == 404
    assert "“ja”; it has en, fr" in refusal.json()["error"]["message"]


@pytest.mark.parametrize(
    "address",
    [
        f"definitions/{ITEMS}/999",
        f"definitions/{ITEMS}/9999999999",
        f"definitions/{ITEMS}/x%00y",
        "definitions/DestinyNothingDefinition/1",
        "definitions/a%00b/1",
    ],
)
def test_api_says_what_is_not_there(armory, address):
    response = armory.get(f"{API}/{address}")
    assert response.status_code == 404
    assert "The Manifest (en, " in response.json()["error"]["message"]


@pytest.mark.parametrize("query", ["q=%00", "q=%27%5C&page=2", "language=%00", "q=" + "a" * 5000])
def test_api_takes_any_text(armory, query):
    assert armory.get(f"{API}/armory?{query}").status_code in (200, 404)


@pytest.mark.parametrize("page", ["0", "x", "1001"])
def test_api_refuses_a_page_that_cannot_be(armory, page):
    response = armory.get(f"{API}/armory", {"q": "a", "page": page})
    assert response.status_code == 400
    assert "page" in response.json()["error"]["message"]


def test_api_without_a_manifest_says_so(client):
    for address in ("armory?q=ace", f"definitions/{ITEMS}/1"):
        response = client.get(f"{API}/{address}")
        assert response.status_code == 503
        assert "no Manifest yet" in response.json()["error"]["message"]


def test_queries_do_not_grow_with_the_results(armory, django_assert_num_queries):
    assert Item.objects.count() > 60
    for text in ("ace", "palin"):
        with django_assert_num_queries(2):
            armory.get(f"{API}/armory", {"q": text})
