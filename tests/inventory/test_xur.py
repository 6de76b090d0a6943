"""Xûr's page, JSON and text, from the sandbox's vendors to what people read."""

import html
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.hostile import hostile_hashes
from inventory.models import VendorSnapshot
from inventory.words import words_of
from manifest import lookup
from manifest.models import Language

from .guardians import COLLECTOR, OWNER, forget_everything
from .weekends import ARRIVAL, AWAY, DEPARTURE, HERE

pytestmark = pytest.mark.django_db
PUBLIC = "GetPublicVendors"
XUR, GEAR = str(facts.XUR), str(facts.XUR_GEAR)
TEXT = {"Accept": "text/plain"}


def fetch(browser, path="/xur/", **headers):
    response = browser.get(path, headers=headers or None)
    return response.status_code, html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def text(browser):
    response = browser.get("/xur/", headers=TEXT)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


def stock(site, vendor, class_type=None):
    """What the sandbox sells there: name by hash, for things that its Manifest knows."""
    offers = site.sandbox.market.visible(vendor, class_type)
    known = lookup.items(lookup.live("en"), {offer.hash for offer in offers})
    return {each.hash: each.name for each in known.values() if each.item_type != facts.DUMMY_TYPE}


def offers_of(reply):
    return [offer for shelf in reply["shelves"] for category in shelf["categories"] for offer in category["offers"]]


def test_visitor_sees_that_he_is_here_and_all_that_he_sells(site, clock, client):
    clock.set(HERE)
    status, page = fetch(client)
    assert status == 200
    for words in ("Xûr is here", "Tuesday 1 December, 17:00 UTC", "Friday 27 November, 17:00 UTC", "his usual time"):
        assert words in page
    assert "The Last City, Earth" in page
    names = stock(site, facts.XUR) | stock(site, facts.XUR_GEAR)
    assert len(names) >= 15
    assert all(name in page for name in names.values())
    for words in ("Exotic Weapons", "Legendary Armor", "Exotic Gear", "Strange Coin", "Glimmer", "Sign in"):
        assert words in page


def test_visitor_sees_that_he_is_away_and_when_he_comes(site, clock, client):
    clock.set(AWAY)
    status, page = fetch(client)
    assert status == 200
    assert "Xûr is not here" in page
    assert "Friday 27 November, 17:00 UTC" in page
    assert client.get("/xur/").content.count(b'<article class="offer"') == 0


def test_what_he_sold_last_stays_when_he_leaves(site, clock, client):
    clock.set(HERE)
    fetch(client)
    clock.set(DEPARTURE, seconds=120)
    page = fetch(client)[1]
    assert "Xûr is not here" in page
    assert "What he sold last" in page
    assert client.get("/xur/").content.count(b'<article class="offer"') > 10
    reply = client.get("/api/v1/xur").json()
    assert (reply["here"], reply["stock_is_current"], reply["returns"]) == (False, False, "2026-12-04T17:00:00Z")
    assert "What he sold last, as of Sat 28 Nov 2026" in text(client)


def test_door_to_his_second_shelf_is_not_a_thing_to_buy(site, clock, client):
    clock.set(HERE)
    fetch(client)
    kept = VendorSnapshot.objects.get(key="public").replies
    assert kept.keys() == {XUR, GEAR}
    door = next(each for each in site.sandbox.market.visible(facts.XUR, None) if each.category == 3).hash
    assert f"/armory/{door}/" not in client.get("/xur/").content.decode()
    assert door not in [offer["hash"] for offer in offers_of(client.get("/api/v1/xur").json())]


def test_another_vendor_behind_a_door_is_found_too(site, clock, client, monkeypatch):
    clock.set(HERE)
    banshee = 672118013
    preview = {"preview": {"previewVendorHash": banshee}}
    genuine = lookup.definitions
    door = next(each for each in site.sandbox.market.visible(facts.XUR, None) if each.category == 3).hash

    def with_door(live, wanted):
        found = genuine(live, wanted)
        if door in found.get("DestinyInventoryItemDefinition", {}):
            found["DestinyInventoryItemDefinition"][door] |= preview
        return found

    monkeypatch.setattr(lookup, "definitions", with_door)
    reply = client.get("/api/v1/xur").json()
    assert [shelf["vendor"] for shelf in reply["shelves"]] == [facts.XUR, facts.XUR_GEAR, banshee]


def test_unknown_things_and_currencies_are_placeholders(site, clock, client):
    clock.set(HERE)
    page = fetch(client)[1]
    unknown = next(each for each in site.sandbox.market.visible(facts.XUR, None) if each.category == 0)
    currency = unknown.costs[0][0]
    assert f"Item {unknown.hash}" in page
    assert f"Item {currency}" in page
    assert "Not in the Manifest" in page


def test_signed_in_person_sees_the_real_rolls_of_the_own_class(site, clock):
    browser = site.browser(OWNER)
    clock.set(HERE)
    page = fetch(browser)[1]
    character = site.account(OWNER).owned.characters[0]
    names = stock(site, facts.XUR_GEAR, character.class_type)
    assert "What he sells to your" in page
    assert all(name in page for name in names.values())
    market = site.sandbox.market
    weapon = next(each for each in market.visible(facts.XUR_GEAR, 0) if each.kind.type == facts.WEAPON_TYPE)
    copy = market.copy(facts.XUR_GEAR, weapon)
    plugs = lookup.items(lookup.live("en"), copy.plugs[:5])
    card = next(part for part in page.split("<article")[1:] if f"/armory/{weapon.hash}/" in part)
    assert all(plug.name in card for plug in plugs.values())
    for stat in (facts.IMPACT, facts.RANGE, facts.STABILITY, facts.HANDLING, facts.RELOAD):
        assert f"<dd>{copy.stats[stat]}<" in card
    assert "Each copy rolls its own" not in card
    assert "Already Acquired" in page


def test_each_character_has_its_own_look_and_a_strangers_has_none(site, clock):
    browser, stranger = site.browser(COLLECTOR), site.browser(OWNER)
    clock.set(HERE)
    fetch(browser)
    for character in site.account(COLLECTOR).owned.characters:
        page = fetch(browser, f"/xur/?character={character.id}")[1]
        assert all(name in page for name in stock(site, facts.XUR_GEAR, character.class_type).values())
    theirs = site.account(COLLECTOR).owned.characters[2].id
    before = site.calls("GetVendor")
    status, page = fetch(stranger, f"/xur/?character={theirs}")
    assert status == 200
    mine = site.account(OWNER).owned.characters[0]
    assert VendorSnapshot.objects.filter(key__endswith=f":{theirs}").count() == 1
    assert VendorSnapshot.objects.filter(key__endswith=f":{mine.id}").count() == 1
    assert site.calls("GetVendor") == before + 2


def test_a_persons_stock_is_kept_for_minutes_and_goes_with_the_person(site, clock):
    browser = site.browser(OWNER)
    clock.set(HERE)
    for _ in range(3):
        fetch(browser)
    assert (site.calls(PUBLIC), site.calls("GetVendor")) == (1, 2)
    row = VendorSnapshot.objects.exclude(key="public").get()
    row.membership.delete()
    assert VendorSnapshot.objects.values_list("key", flat=True).get() == "public"


def test_you_have_it_says_where_the_copies_are_and_what_is_in_the_purse(site, clock, monkeypatch):
    clock.set(HERE)
    weapon = next(each for each in site.sandbox.market.visible(facts.XUR, None) if each.category == 2)
    owned = site.account(OWNER).owned
    vaulted = next(item for item in owned.items if item.bucket == 138197802 and item.instance_id)
    worn = next(item for item in owned.items if item.equipped and item.home == facts.KINETIC)
    copies = [replace(each, hash=weapon.hash, kind=weapon.kind) for each in (vaulted, worn)]
    coins = replace(owned.currencies()[0], hash=facts.STRANGE_COIN, quantity=12)
    monkeypatch.setattr(owned, "items", [*owned.items, *copies, coins])
    site.account(OWNER).forget()
    browser = site.browser(OWNER)
    page = fetch(browser)[1]
    card = next(part for part in page.split("<article")[1:] if f"/armory/{weapon.hash}/" in part)
    assert "You have it:" in card
    assert "In the vault" in card
    assert "Equipped by your" in card
    assert "you have 12" in page
    assert f"{weapon.costs[0][1]} Strange Coin (you have 12)" in text(browser)
    assert re.search(r"You have it: .*In the vault", text(browser))


def test_the_page_without_a_known_inventory_claims_nothing(site, clock):
    browser = site.browser(OWNER)
    forget_everything()
    clock.set(HERE)
    page = fetch(browser)[1]
    assert "What he sells" in page
    assert "you have" not in page.lower()


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ({"maintenance": True}, "Bungie does not tell just now what he sells to you"),
        ({"html": 503}, "Bungie does not tell just now what he sells to you"),
        ({"error_code": 12}, "Bungie does not tell what he sells to this character"),
        ({"error_code": 36}, "asks this site to wait a moment before it tells what he sells to you"),
        ({"body": {"ErrorCode": 1, "Response": {"vendor": {"privacy": 2}}}}, "Bungie does not tell just now"),
    ],
)
def test_person_falls_back_to_what_everybody_is_shown(site, clock, effect, words):
    browser = site.browser(OWNER)
    clock.set(HERE)
    site.fault("GetVendor", **effect)
    asked = []
    for _ in range(2):  # Bungie's answer, then what is kept of it
        status, page = fetch(browser)
        assert status == 200
        assert words in page
        assert all(name in page for name in stock(site, facts.XUR).values())
        asked.append(site.calls("GetVendor"))
    assert asked[0] == asked[1]


def test_refusal_of_a_character_whose_stock_is_known_is_said_as_one(site, clock):
    browser = site.browser(OWNER)
    clock.set(HERE)
    fetch(browser)
    site.fault("GetVendor", error_code=12)
    clock.pass_by(minutes=11)
    for _ in range(2):
        page = fetch(browser)[1]
        assert "What he sells to your" in page
        assert "Bungie refuses to tell this site of Xûr." in page
        assert "This is what was known on 28 November, 12:00 UTC." in page


@pytest.mark.parametrize("is_known", [False, True], ids=["at first", "with his stock known"])
def test_ended_sign_in_falls_back_and_asks_to_sign_in_again(site, clock, is_known):
    browser = site.browser(OWNER)
    clock.set(HERE)
    if is_known:
        fetch(browser)
        clock.pass_by(minutes=11)
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    status, page = fetch(browser)
    assert status == 200
    assert "Sign in again" in page
    assert "What he sells" in page
    assert "Sign in again" in fetch(browser)[1]
    page = fetch(site.browser(OWNER))[1]  # who has signed in again does not wait a minute
    assert "Sign in again" not in page
    assert "What he sells to your" in page


def test_person_finds_him_where_everybody_is_not_told_of_him(site, clock, client):
    browser = site.browser(OWNER)
    clock.set(HERE)
    site.fault(PUBLIC, body={"ErrorCode": 1, "Response": {"vendors": {"data": {GEAR: {"enabled": True}}}}})
    assert "Xûr is not here" in fetch(client)[1]
    page = fetch(browser)[1]
    assert "Xûr is here" in page
    assert all(name in page for name in stock(site, facts.XUR).values())


def test_shelf_that_cannot_be_had_leaves_the_other(site, clock):
    browser = site.browser(OWNER)
    clock.set(HERE)
    site.sandbox.market.away = {facts.XUR_GEAR}
    page = fetch(browser)[1]
    assert "What he sells to your" in page  # not the public's stock
    assert all(name in page for name in stock(site, facts.XUR).values())
    assert "Legendary Armor" not in page


def test_he_leaves_early_for_a_patch(site, clock, client):
    clock.set(HERE)
    site.sandbox.market.away = {facts.XUR}
    page = fetch(client)[1]
    assert "Xûr is not here" in page
    assert "late or has left early" in page
    assert "Friday 4 December" in page
    site.sandbox.market.reset()
    site.sandbox.market.disabled = {facts.XUR}
    VendorSnapshot.objects.all().delete()
    assert "Xûr is not here" in fetch(client)[1]


def test_just_after_he_came_the_page_says_that_things_may_change(site, clock, client):
    clock.set(ARRIVAL, seconds=-30)
    fetch(client)
    clock.set(ARRIVAL, seconds=60)
    page = fetch(client)[1]
    assert "only just come" in page
    assert "seen coming by this site" in page
    early = {offer["hash"] for offer in offers_of(client.get("/api/v1/xur").json())}
    clock.set(ARRIVAL, seconds=240)
    late = {offer["hash"] for offer in offers_of(client.get("/api/v1/xur").json())}
    assert early != late  # dates turn before the stock does


@pytest.mark.parametrize(
    "sales",
    [
        {},
        {"data": {XUR: {"saleItems": {}}}},
        {"privacy": 2},
        {"data": {XUR: {"saleItems": {"x": {"itemHash": 1}, "3": None, "4": {"itemHash": "many"}, "5": []}}}},
    ],
)
def test_here_without_stock_is_said_so(site, clock, client, sales):
    clock.set(HERE)
    vendors = {"data": {XUR: {"vendorHash": facts.XUR, "enabled": True}}}
    site.fault(PUBLIC, body={"ErrorCode": 1, "Response": {"vendors": vendors, "sales": sales}})
    status, page = fetch(client)
    assert status == 200
    assert "Xûr is here" in page
    assert "has not told what he sells" in page
    assert client.get("/api/v1/xur").json()["shelves"] == []


def test_odd_sales_are_shown_as_far_as_they_can_be_read(site, clock, client):
    clock.set(HERE)
    sale = {"itemHash": 77, "quantity": "many", "costs": [None, {"itemHash": "x"}, {"itemHash": 5, "quantity": 3}]}
    told = {
        "vendors": {"data": {XUR: {"nextRefreshDate": "soon", "vendorLocationIndex": -1}}},
        "categories": {"data": {XUR: {"categories": [None, {"itemIndexes": [4, 4, "x"]}, {"itemIndexes": "x"}]}}},
        "sales": {"data": {XUR: {"saleItems": {"4": sale, "9": {"itemHash": 78, "failureIndexes": [99, "x"]}}}}},
    }
    site.fault(PUBLIC, body={"ErrorCode": 1, "Response": told})
    status, page = fetch(client)
    assert status == 200
    assert "Item 77" in page
    assert "Item 78" in page
    assert "3</b> <bdi>Item 5" in page
    assert "Bungie does not tell the place" in page


@pytest.mark.parametrize(
    ("effect", "words", "trouble"),
    [
        ({"maintenance": True}, "Bungie is down for maintenance.", "maintenance"),
        ({"error_code": 36, "throttle_seconds": 30}, "Bungie asks this site to wait a moment.", "throttled"),
        ({"html": 503}, "Bungie does not answer.", "silent"),
        ({"drop": "before"}, "Bungie does not answer.", "silent"),
    ],
)
def test_bungie_away_and_nothing_known(site, clock, client, effect, words, trouble):
    clock.set(HERE)
    site.fault(PUBLIC, **effect)
    for _ in range(2):
        status, page = fetch(client)
        assert status == 200
        assert "Xûr is here, by his usual schedule" in page
        assert words in page
    response = client.get("/api/v1/xur")
    assert response.status_code == 200
    reply = response.json()
    assert (reply["here"], reply["source"], reply["trouble"]) == (True, "schedule", trouble)
    assert (reply["until"], reply["as_of"], reply["shelves"]) == ("2026-12-01T17:00:00Z", None, [])
    lines = text(client)
    assert "by his usual schedule" in lines
    assert words in lines


def test_bungie_away_and_the_last_stock_known(site, clock, client):
    clock.set(HERE)
    before = client.get("/api/v1/xur").json()
    site.fault(PUBLIC, maintenance=True)
    clock.pass_by(hours=2)
    status, page = fetch(client)
    assert status == 200
    assert "Bungie is down for maintenance. This is what was known on 28 November, 12:00 UTC." in page
    reply = client.get("/api/v1/xur").json()
    assert (reply["here"], reply["source"], reply["trouble"]) == (True, "bungie", "maintenance")
    assert reply["stock_is_current"]
    assert reply["shelves"] == before["shelves"]


def test_wrong_api_key_is_told(site, clock, client, settings):
    clock.set(HERE)
    settings.BUNGIE_API_KEY = "wrong"
    for _ in range(2):
        reply = client.get("/api/v1/xur").json()
        assert (reply["source"], reply["trouble"]) == ("schedule", "refused")
        status, page = fetch(client)
        assert status == 200
        assert "Xûr is here, by his usual schedule" in page
        assert "Bungie refuses to tell this site of Xûr" in page
        assert "BUNGIE_API_KEY" in page
    assert site.calls(PUBLIC) == 1


def test_before_the_first_manifest_wares_have_no_names_yet(site, clock, client):
    clock.set(HERE)
    Language.objects.update(live=None)
    words_of.cache_clear()
    status, page = fetch(client)
    assert status == 200
    assert "definitions are still being read" in page
    weapon = next(each for each in site.sandbox.market.visible(facts.XUR, None) if each.category == 2)
    assert f"Item {weapon.hash}" in page
    assert client.get("/api/v1/xur").json()["manifest"] is None
    assert f"Item {weapon.hash}" in text(client)


def test_json_has_the_promised_fields_and_speaks_the_language_that_is_asked_for(site, clock, client):
    clock.set(HERE)
    reply = client.get("/api/v1/xur").json()
    fields = "here source since since_source until returns place as_of trouble manifest stock_as_of stock_is_current"
    assert reply.keys() == {*fields.split(), "shelves"}
    assert (reply["here"], reply["source"], reply["until"]) == (True, "bungie", "2026-12-01T17:00:00Z")
    assert reply["place"]["name"] == "The Last City, Earth"
    assert [shelf["vendor"] for shelf in reply["shelves"]] == [facts.XUR, facts.XUR_GEAR]
    offers = {offer["hash"]: offer for offer in offers_of(reply)}
    for offer in site.sandbox.market.visible(facts.XUR_GEAR, None):
        told = offers[offer.hash]
        assert [(cost["hash"], cost["quantity"]) for cost in told["costs"]] == list(offer.costs)
        assert told["stats"]
        assert told["perks"]
    french = client.get("/api/v1/xur?language=fr").json()
    assert french["manifest"]["language"] == "fr"
    assert "Pièce étrange" in str(french)
    assert "/api/v1/xur" in client.get("/api/v1/openapi.json").json()["paths"]


def test_text_is_aligned_and_fits_a_terminal(site, clock, client):
    clock.set(HERE)
    lines = text(client).splitlines()
    assert lines[0] == "Xûr, Agent of the Nine"
    assert "Here (Bungie says so)." in lines
    assert "Until:   Tue  1 Dec 2026, 17:00 UTC (his usual time)" in lines
    assert all(len(line) <= 100 for line in lines)
    priced = [line for line in lines if re.search(r"\d Strange Coin|\d Glimmer", line)]
    assert len(priced) > 10
    assert {re.search(r"[\d,]+ (Strange|Glimmer)", line).start() for line in priced} == {66}


def test_html_is_for_browsers_and_text_for_who_asks_for_it(site, clock, client):
    clock.set(HERE)
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*"):
        response = client.get("/xur/", headers={"Accept": accept})
        assert response["Content-Type"].startswith("text/html")
    assert "Accept" in client.get("/xur/", headers=TEXT)["Vary"]
    assert client.post("/xur/").status_code == 405


def test_hostile_names_stay_text(site, clock, client):
    clock.set(HERE)
    fetch(client)
    market = site.sandbox.market
    wares = {str(n): {"itemHash": each, "quantity": 1} for n, each in enumerate(hostile_hashes(market.forge))}
    told = {"vendors": {"data": {XUR: {}}}, "sales": {"data": {XUR: {"saleItems": wares}}}}
    site.fault(PUBLIC, body={"ErrorCode": 1, "Response": told})
    clock.pass_by(minutes=11)
    raw = client.get("/xur/").content.decode()
    assert "<script>alert" not in raw
    assert "<b>Bold" not in raw
    assert "<bdi>&lt;script&gt;alert(&#x27;loot&#x27;)&lt;/script&gt;</bdi>" in raw
    assert "<bdi>&lt;b&gt;Bold&lt;/b&gt; Claim</bdi>" in raw
    lines = text(client)
    assert "<b>Bold</b> Claim" in lines
    assert all(line.isprintable() for line in lines.splitlines())
    assert "\u202e" not in lines


def test_the_publics_stall_is_worked_out_once_for_all_visitors(site, clock, client, django_assert_max_num_queries):
    clock.set(HERE)
    first = fetch(client)[1]
    with django_assert_max_num_queries(2):  # what is known of him, and which Manifest is live
        assert fetch(client)[1] == first
    assert "Pièce étrange" in str(client.get("/api/v1/xur?language=fr").json())


def test_what_one_person_has_is_shown_to_nobody_else(site, clock, client):
    browser = site.browser(OWNER)
    clock.set(AWAY)
    fetch(browser)
    clock.set(HERE)
    fetch(client)
    site.fault("GetVendor", error_code=12)  # so that this person is shown the public's stall
    assert "you have" in fetch(browser)[1]
    assert "you have" not in fetch(client)[1].lower()


def test_more_wares_take_no_more_queries(site, clock):
    browser = site.browser(COLLECTOR)
    clock.set(HERE)
    fetch(browser)
    words_of.cache_clear()
    with CaptureQueriesContext(connection) as captured:
        fetch(browser)
    assert len(captured) <= 13
