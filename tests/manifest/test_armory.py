"""The armory: its pages and its API."""

import pytest
from django.test import Client

from manifest import lookup
from manifest.content_file import ITEMS
from manifest.models import Item
from manifest.search import MAX_COUNT
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
    assert "No item has all of these words" in armory.get("/armory/", {"q": "zzz"}).content.decode()


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


@pytest.mark.parametrize("hash_", ["77777", "4294967296", "9" * 40])
def test_unknown_item_is_not_found(armory, hash_):
    assert armory.get(f"/armory/{hash_}/").status_code == 404


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
