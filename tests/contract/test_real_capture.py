"""A real player's profile over a real Manifest, the whole way: sandbox, sign-in, import, API, page."""

import re

import pytest

from destinyvault.sandbox.orders import SandboxOrders
from destinyvault.sandbox.server import Sandbox
from manifest.sync import sync
from tests.conftest import callback_for

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

ITEMS, VAULT, POSTMASTER = 966, 467, 19
OWNER = "20000099"


@pytest.fixture
def owner(captures, tmp_path, settings, client):
    content = next(captures.glob("captures/world_sql_content_*.content"))
    profile = captures / "captures" / "profile_2021.json.gz"
    with Sandbox(content=content, profile=profile, cache_dir=tmp_path) as sandbox:
        settings.BUNGIE_ROOT = sandbox.root
        settings.MANIFEST_LANGUAGES = ["en"]
        sync("en", force=True)  # the sandbox's own Manifest may be live: it has other tables
        client.get(callback_for(sandbox, client, guardian=OWNER))
        yield client


def test_all_items_of_a_real_player_are_there_by_their_real_names(owner):
    reply = owner.get("/api/v1/inventory").json()
    items = reply["items"]
    assert len(items) == ITEMS
    known = [item for item in items if item["known"]]
    assert len(known) / ITEMS > 0.95
    assert all(item["name"] and item["bucket"]["hash"] for item in known)
    assert all(item["name"] == f"Item {item['hash']}" for item in items if not item["known"])
    assert {item["name"] for item in items} >= {"Enhancement Core", "Chroma Rush", "Shadow Price"}

    assert reply["vault"] == {"used": VAULT, "capacity": 1300}
    assert sum(item["location"] == "vault" for item in items) == VAULT
    assert sum(item["location"] == "postmaster" for item in items) == POSTMASTER
    assert [character["class"] for character in reply["characters"]] == ["Hunter", "Titan", "Warlock"]
    assert {currency["name"] for currency in reply["currencies"]} >= {"Glimmer", "Bright Dust"}
    assert reply["missing"] == {}

    html = owner.get("/inventory/").content.decode()
    assert len(re.findall('class="tile ', html)) == ITEMS
    assert html.count('class="slot"') == 3 * 21 - POSTMASTER
    for name in ("Kinetic Weapons", "Leg Armor", "Lost Items", "Consumables", "Finishers", "Quests"):
        assert name in html

    for item in items[:3] + [item for item in items if item["id"] and not item["known"]][:3]:
        page = owner.get(f"/items/{item['id']}/")
        assert page.status_code == 200
        assert str(item["hash"]) in page.content.decode()


def test_xur_stands_where_real_definitions_have_no_places_and_fewer_fields(owner, settings):
    SandboxOrders(settings.BUNGIE_ROOT).set_clock("2026-11-28T12:00:00+00:00")
    reply = owner.get("/api/v1/xur").json()
    assert (reply["here"], reply["place"]["name"]) == (True, "")
    names = {category["name"] for shelf in reply["shelves"] for category in shelf["categories"]}
    assert names >= {"Exotic Weapons", "Consumables", "Exotic Gear", "Legendary Weapons"}
    offers = [each for shelf in reply["shelves"] for category in shelf["categories"] for each in category["offers"]]
    assert sum(offer["known"] for offer in offers) >= 15
    assert any(offer["stats"] and offer["perks"] for offer in offers)
    assert {cost["name"] for offer in offers for cost in offer["costs"]} >= {"Strange Coin", "Glimmer"}
    owner.get("/inventory/?refresh=1")
    page = owner.get("/xur/").content.decode()
    assert "What he sells to your" in page
    assert "Usually in the Tower" in page
