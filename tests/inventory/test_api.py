import pytest

from accounts import api_keys
from accounts.models import User
from manifest import lookup

from .guardians import COLLECTOR, OWNER, forget_everything, let_time_pass

pytestmark = pytest.mark.django_db


def test_stranger_gets_401_and_a_reason(client, db):
    for path in ("/api/v1/me", "/api/v1/inventory"):
        response = client.get(path)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "not_signed_in"


def test_wrong_api_key_gets_401(client, db):
    response = client.get("/api/v1/me", headers={"Authorization": "Bearer dv_wrong"})
    assert response.status_code == 401


def test_api_key_opens_the_inventory_of_its_owner(site, client):
    site.browser(OWNER)
    _, key = api_keys.create(User.objects.get(bungie__membership_id=OWNER), "test")
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me", headers=headers).json()["name"] == "Ilva Thornquist"
    reply = client.get("/api/v1/inventory", headers=headers).json()
    assert reply["membership_id"] == "4611686018500000001"


def test_me_tells_name_memberships_and_preferences(site):
    assert site.browser(OWNER).get("/api/v1/me").json() == {
        "name": "Ilva Thornquist",
        "memberships": [
            {
                "type": 3,
                "id": "4611686018500000001",
                "platform": "Steam",
                "name": "Ilva Thornquist#4102",
                "chosen": True,
            }
        ],
        "preferences": {
            "language": "",
            "theme": "system",
            "sort": "power",
            "tile_size": 56,
            "move_others": True,
            "folded": [],
        },
    }


def test_inventory_tells_every_item_as_the_sandbox_has_it(site):
    reply = site.browser(COLLECTOR).get("/api/v1/inventory").json()
    held = site.items(COLLECTOR)
    assert len(reply["items"]) == len(held)
    told = {item["id"]: item for item in reply["items"] if item["id"]}
    for item in held:
        if item.instance_id:
            one = told[item.instance_id]
            assert (one["hash"], one["quantity"], one["owner"]) == (item.hash, item.quantity, item.owner or None)
            assert one["equipped"] == item.equipped
            assert one["locked"] == bool(item.state & 1)
            assert one["masterwork"] == bool(item.state & 4)
            assert one["location"] == where(item)


def where(item):
    if item.bucket == 215593132:
        return "postmaster"
    if item.owner:
        return "character"
    return "vault" if item.bucket == 138197802 else "account"


def test_an_item_has_exactly_the_promised_fields(site):
    reply = site.browser(OWNER).get("/api/v1/inventory").json()
    assert reply.keys() >= {"membership_id", "minted_at", "manifest", "characters", "vault", "items"}
    assert reply["characters"][0].keys() == {"id", "class", "race", "power", "emblem", "last_played"}
    assert reply["vault"].keys() == {"used", "capacity"}
    assert reply["manifest"] == {"version": lookup.live("en").version, "language": "en"}
    fields = "id hash quantity name type tier class bucket location owner equipped power element locked masterwork"
    fields += " crafted classified known transferable icon"
    assert reply["items"][0].keys() == set(fields.split())
    assert reply["items"][0]["bucket"].keys() == {"hash", "name"}


def test_characters_come_last_played_first(site):
    played = [each["last_played"] for each in site.browser(OWNER).get("/api/v1/inventory").json()["characters"]]
    assert len(played) == 3
    assert played == sorted(played, reverse=True)


def test_person_without_a_destiny_account_gets_404(client, db):
    client.force_login(User.objects.create_user("staff", is_staff=True))
    response = client.get("/api/v1/inventory")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_maintenance_with_nothing_known_is_503_with_retry_after(site):
    browser = site.browser(OWNER)
    forget_everything()
    site.fault(error_code=5)
    response = browser.get("/api/v1/inventory")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response.json()["error"]["code"] == "bungie_maintenance"


def test_maintenance_with_items_known_answers_them_as_stale(site):
    browser = site.browser(OWNER)
    fresh = browser.get("/api/v1/inventory").json()
    let_time_pass()
    site.fault(error_code=5)
    stale = browser.get("/api/v1/inventory").json()
    assert (fresh["stale"], stale["stale"]) == (False, True)
    assert stale["items"] == fresh["items"]


def test_refresh_asks_bungie_again(site):
    browser = site.browser(OWNER)
    browser.get("/api/v1/inventory")
    let_time_pass(10)
    browser.get("/api/v1/inventory")
    assert site.calls() == 1
    browser.get("/api/v1/inventory?refresh=1")
    assert site.calls() == 2


def test_nonsense_in_a_parameter_is_400_with_its_name(site):
    response = site.browser(OWNER).get("/api/v1/inventory?refresh=perhaps")
    assert response.status_code == 400
    assert "refresh" in response.json()["error"]["message"]


def test_private_component_is_named_in_the_reply(site):
    site.hide(OWNER, 102)
    assert site.browser(OWNER).get("/api/v1/inventory").json()["missing"] == {"profileInventory": "private"}


def test_dead_sign_in_is_401(site):
    browser = site.browser(OWNER)
    let_time_pass()
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    forget_everything()
    response = browser.get("/api/v1/inventory")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "sign_in_expired"


def test_document_describes_the_operations(client, db):
    document = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/me", "/api/v1/inventory"} <= document["paths"].keys()
    item = document["components"]["schemas"]["ItemReply"]
    assert "class" in item["properties"]


@pytest.mark.parametrize("path", ["me", "inventory"])
def test_wrong_method_is_405_in_json_and_names_the_right_one(path, client, db):
    response = client.post(f"/api/v1/{path}")
    assert response.status_code == 405
    assert response["Allow"] == "GET"
    assert response.json()["error"] == {
        "code": "method_not_allowed",
        "message": "This address answers to GET only. Nothing was changed.",
    }


@pytest.mark.parametrize("path", ["me", "inventory"])
def test_no_cache_keeps_what_a_person_owns(path, site, client):
    for browser in (site.browser(OWNER), client):
        assert {"private", "no-store"} <= set(browser.get(f"/api/v1/{path}")["Cache-Control"].split(", "))


def test_unknown_path_is_404_in_json(client, db):
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
