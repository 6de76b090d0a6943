import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import Membership
from destinyvault.sandbox import facts
from destinyvault.sandbox.belongings import CRAFTED, MASTERWORK
from inventory.models import ProfileSnapshot
from manifest import lookup
from manifest.models import Item, Language

from .guardians import COLLECTOR, HOSTILE_NAMES, OWNER

pytestmark = pytest.mark.django_db

INSIDE = {"HX-Request": "true", "HX-Target": "item-inside"}


def named(site, guardian, wish=lambda item: item.plugs):
    """The first such item with a name, and that name."""
    items = [item for item in site.items(guardian) if item.instance_id and item.kind and wish(item)]
    known = lookup.items(lookup.live("en"), {item.hash for item in items})
    return next((item, known[item.hash]) for item in items if item.hash in known)


def is_weapon(item):
    return item.home in facts.WEAPON_BUCKETS and item.stats


def is_armor(item):
    return item.home in facts.ARMOR_BUCKETS and item.stats


def definition(item_hash, table="DestinyInventoryItemDefinition"):
    return lookup.definition(lookup.live("en"), table, item_hash)


def page(browser, item):
    response = browser.get(f"/items/{item.instance_id}/")
    assert response.status_code == 200
    return response.content.decode()


def stats_on(html):
    """Each stat's value by its name, from the page."""
    found = re.findall(r"<dt><bdi>([^<]+)</bdi></dt><dd><span>(-?\d+)</span>", html)
    return {unescape(name): int(value) for name, value in found}


def names_of(*hashes):
    return [plug.name for plug in lookup.items(lookup.live("en"), hashes).values() if plug.name]


def stat_names():
    table = lookup.tables(lookup.live("en"), "DestinyStatDefinition")["DestinyStatDefinition"]
    shown = [stat for stat, body in table.items() if body["statCategory"] != 3]
    return {
        stat: table[stat]["displayProperties"]["name"] for stat in sorted(shown, key=lambda each: table[each]["index"])
    }


def test_item_page_tells_what_it_is_and_where(site):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER, lambda item: item.bucket == facts.VAULT and item.plugs and item.power)
    html = page(browser, item)
    for text in (escape(known.name), escape(known.type_name), str(item.power), "In the vault", str(item.hash)):
        assert text in html


@pytest.mark.parametrize("kind", [is_weapon, is_armor], ids=["weapon", "armor"])
def test_stats_are_those_of_the_copy_in_the_games_order(site, kind):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, kind)
    names = stat_names()
    told = {names[stat]: value for stat, value in item.stats.items() if names.get(stat)}
    shown = stats_on(page(browser, item))
    assert shown == told
    assert list(shown) == [name for name in names.values() if name in told]


def test_without_bungies_stats_they_are_computed_from_definition_and_plugs(site):
    """The sandbox reckons as Bungie does, by code of its own: both must come to the same."""
    browser = site.browser(OWNER)
    items = [item for item in site.items(OWNER) if (is_weapon(item) or is_armor(item)) and not item.state & CRAFTED]
    site.drop(OWNER, 304)
    names = stat_names()
    for item in items[:12]:
        told = {names[stat]: value for stat, value in item.stats.items() if names.get(stat)}
        assert stats_on(page(browser, item)) == told
    assert len(items) > 12


def test_armor_has_a_total(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_armor)
    assert f"<dt>Total</dt><dd><span>{sum(item.stats.values())}</span>" in page(browser, item)


def test_numbers_have_no_bar_and_the_rest_have_one(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_weapon)
    bars = re.findall(r'<progress [^>]*max="100" value="\d+" aria-label="([^"]+)"', page(browser, item))
    assert {"Range", "Stability"} <= set(bars)
    assert "Magazine" not in bars


def test_perks_and_mods_stand_by_name_under_the_games_categories(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_weapon)
    html = page(browser, item)
    headings = re.findall(r'<h2 id="item-sockets-\d+"><bdi>([^<]+)</bdi>', html)
    assert headings == ["INTRINSIC TRAITS", "WEAPON PERKS", "WEAPON COSMETICS", "WEAPON MODS"]
    assert all(escape(name) in html for name in names_of(*item.plugs))


def test_a_perk_is_described_by_what_it_grants(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_weapon)
    granted = definition(item.plugs[3], "DestinySandboxPerkDefinition")
    assert escape(granted["displayProperties"]["description"]) in page(browser, item)


def test_the_page_tells_which_perks_it_could_have(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_weapon)
    html = page(browser, item)
    rolls = definition(
        definition(item.hash)["sockets"]["socketEntries"][3]["randomizedPlugSetHash"], "DestinyPlugSetDefinition"
    )
    could = html[html.index("Could have") :]
    assert all(
        escape(name) in could for name in names_of(*(plug["plugItemHash"] for plug in rolls["reusablePlugItems"]))
    )


def test_stats_that_only_armor_has_inside_are_not_shown_as_plugs(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_armor)
    assert "Unknown plug" not in page(browser, item)


def test_masterwork_tracker_and_level_of_a_crafted_weapon(site):
    browser = site.browser(COLLECTOR)

    def wish(item):
        return item.state & CRAFTED and item.state & MASTERWORK and len(item.counted) > 1

    item, _ = named(site, COLLECTOR, wish)
    html = page(browser, item)
    goals = {goal: value for counted in item.counted.values() for goal, value in counted.items()}
    styles = {definition(goal, "DestinyObjectiveDefinition")["uiStyle"]: value for goal, value in goals.items()}
    assert f"Level {styles[2]}" in html
    assert f"{styles[3] // 10}% to the next" in html
    assert f"{styles[0]:,}" in html
    assert "Tier 10" in html


def test_source_lore_flavour_and_ammo(site):
    browser = site.browser(COLLECTOR)
    item, _ = named(site, COLLECTOR, lambda item: is_weapon(item) and item.kind.tier == facts.EXOTIC)
    html, told = page(browser, item), definition(item.hash)
    lore = definition(told["loreHash"], "DestinyLoreDefinition")["displayProperties"]["description"]
    assert escape(told["flavorText"]) in html
    assert escape(lore.split("\n\n")[0]) in html
    assert "Source: the sandbox" in html
    assert {1: "Primary", 2: "Special", 3: "Heavy"}[told["equippingBlock"]["ammoType"]] + " ammo" in html


def test_other_copies_are_linked_with_their_places(site):
    browser = site.browser(COLLECTOR)
    hashes = [item.hash for item in site.items(COLLECTOR) if item.instance_id]
    item, _ = named(site, COLLECTOR, lambda item: hashes.count(item.hash) > 1)
    others = [each for each in site.items(COLLECTOR) if each.hash == item.hash and each is not item]
    html = page(browser, item)
    assert all(f'href="/items/{each.instance_id}/"' in html for each in others)


def test_worn_item_names_the_character_that_wears_it(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, lambda item: item.equipped)
    assert "Equipped by your" in page(browser, item)


def test_the_dialog_gets_the_inside_of_the_page(site):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER)
    html = browser.get(f"/items/{item.instance_id}/", headers=INSIDE).content.decode()
    assert html.lstrip().startswith("<article")
    assert escape(known.name) in html
    assert "<html" not in html


def test_a_refresh_of_the_page_gets_the_whole_page(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    response = browser.get(
        f"/items/{item.instance_id}/?refresh=1", headers={"HX-Request": "true", "HX-Target": "stores"}
    )
    assert 'id="stores"' in response.content.decode()


def test_dialog_page_and_reload_ask_bungie_once(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    for headers in (INSIDE, {}, {}):
        browser.get(f"/items/{item.instance_id}/", headers=headers)
    assert site.calls("GetItem") == 1
    cache.clear()
    page(browser, item)
    assert site.calls("GetItem") == 2


def test_nothing_of_an_item_is_kept_of_somebody_who_deletes_their_data(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    page(browser, item)
    key = f"items:{Membership.objects.get().membership_id}"
    assert cache.get(key)
    browser.post("/settings/delete/")
    assert cache.get(key) is None


def test_what_bungie_said_is_old_after_half_a_minute(site, monkeypatch):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    page(browser, item)
    monkeypatch.setattr("inventory.single.FRESH_SECONDS", -1)
    page(browser, item)
    assert site.calls("GetItem") == 2


@pytest.mark.parametrize("headers", [INSIDE, {}], ids=["dialog", "page"])
def test_an_item_takes_as_many_queries_with_many_perks_as_with_none(site, headers):
    browser = site.browser(COLLECTOR)
    counts = []
    for wish in (is_weapon, is_armor, lambda item: not item.plugs):
        item, _ = named(site, COLLECTOR, wish)
        browser.get(f"/items/{item.instance_id}/")  # what the process keeps is there, and what Bungie told
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/items/{item.instance_id}/", headers=headers)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 11


def test_the_definition_unfolds_and_has_an_address(site):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER)
    address = f"/items/{item.instance_id}/definition/"
    assert address in page(browser, item)
    assert f"/armory/{item.hash}/" in page(browser, item)
    inside = browser.get(address, headers={"HX-Request": "true", "HX-Target": "item-definition"}).content.decode()
    assert "&quot;plugSources&quot;" in inside
    assert "<html" not in inside
    assert escape(known.name) in browser.get(address).content.decode()


def test_unknown_item_has_a_page_with_its_hash(site):
    browser = site.browser(COLLECTOR)
    unknown = [item for item in site.items(COLLECTOR) if item.kind is None and item.instance_id]
    for item in unknown:
        assert str(item.hash) in page(browser, item)
        assert browser.get(f"/items/{item.instance_id}/definition/").status_code == 200
        assert browser.get(f"/items/{item.instance_id}/compare/").status_code == 200
    assert unknown


def test_classified_item_says_so(site):
    browser = site.browser(COLLECTOR)
    secret = next(item for item in site.items(COLLECTOR) if item.kind and item.kind.redacted and item.instance_id)
    assert "classified" in page(browser, secret)


def test_names_that_break_careless_pages_stay_text(site):
    browser = site.browser(HOSTILE_NAMES)
    items = [item for item in site.items(HOSTILE_NAMES) if item.bucket == facts.VAULT and item.instance_id]
    for item in items:
        html = page(browser, item)
        assert "<script>alert" not in html
        assert 'onmouseover="' not in html
        assert "<i>Auto" not in html
        name = definition(item.hash)["displayProperties"]["name"] if definition(item.hash) else ""
        if name:
            assert f"<bdi>{escape(name)}</bdi>" in html
    assert len(items) > 6


@pytest.mark.parametrize("instance", ["1", "abc", "%3Cscript%3E", "9" * 40])
@pytest.mark.parametrize("rest", ["", "definition/", "compare/"])
def test_unknown_instance_is_not_found(site, instance, rest):
    assert site.browser(OWNER).get(f"/items/{instance}/{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["", "definition/", "compare/"])
def test_stranger_cannot_see_an_item(site, rest):
    item, _ = named(site, COLLECTOR)
    assert site.browser(COLLECTOR).get(f"/items/{item.instance_id}/{rest}").status_code == 200
    assert site.browser(OWNER).get(f"/items/{item.instance_id}/{rest}").status_code == 404


@pytest.mark.parametrize("effect", [{"error_code": 5}, {"error_code": 1623}, {"html": 503}])
def test_item_keeps_the_perks_that_were_known_when_bungie_does_not_tell_of_it(site, effect):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER, is_weapon)
    site.fault("GetItem", **effect)
    html = page(browser, item)
    assert escape(known.name) in html
    assert "Bungie did not tell of this item just now" in html
    assert "Computed from the Manifest" in html
    assert {"Range", "Magazine"} <= stats_on(html).keys()
    rolled = [names_of(plug)[0] for plug in item.plugs[:5] if plug]
    assert all(escape(name) in html for name in rolled)
    asked = site.calls("GetItem")
    page(browser, item)
    assert site.calls("GetItem") == asked, "nobody waits again at once for what gave no answer"


def test_bungie_is_not_asked_for_an_item_while_it_is_known_to_be_away(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    page(browser, item)
    cache.clear()
    ProfileSnapshot.objects.update(trouble="silent")
    assert "Bungie did not tell of this item just now" in page(browser, item)
    assert site.calls("GetItem") == 1


@pytest.mark.parametrize("component", [300, 304, 305, 309, 310])
@pytest.mark.parametrize("how", ["drop", "hide"])
def test_item_page_stays_without_any_one_component(site, component, how):
    browser = site.browser(COLLECTOR)
    item, known = named(site, COLLECTOR, lambda item: is_weapon(item) and item.counted)
    getattr(site, how)(COLLECTOR, component)
    html = page(browser, item)
    assert escape(known.name) in html
    assert stats_on(html)
    assert "WEAPON PERKS" in html


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"stats": {"privacy": 2}, "sockets": {"privacy": 2}},
        {"stats": {"data": {"stats": {"155624089": {"statHash": 155624089}}}}, "sockets": {"data": {"sockets": [{}]}}},
        {"stats": [], "sockets": "x"},
        {"stats": {"data": {"stats": {"x": {"value": "high"}, "7": 7}}}, "sockets": {"data": {"sockets": [None, 3]}}},
        {
            "reusablePlugs": {"data": {"plugs": {"0": [None], "x": 3}}},
            "plugObjectives": {"data": {"objectivesPerPlug": 1}},
        },
        {"instance": {"data": {"energy": 3, "gearTier": "high"}}},
    ],
)
def test_item_page_stays_whatever_bungie_tells_of_the_item(site, told):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    site.fault("GetItem", body={"Response": told, "ErrorCode": 1})
    page(browser, item)


def test_an_unknown_plug_is_a_placeholder(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, is_weapon)
    sockets = [{"plugHash": 4294967291, "isEnabled": True, "isVisible": True}]
    site.fault("GetItem", body={"Response": {"sockets": {"data": {"sockets": sockets}}}, "ErrorCode": 1})
    assert "Unknown plug 4294967291" in page(browser, item)


def test_without_a_manifest_an_item_waits_for_it(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    Language.objects.update(live=None)
    assert "Manifest" in page(browser, item)


def test_an_item_without_picture_bucket_or_tier_has_a_page(site):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER, is_weapon)
    Item.objects.filter(hash=item.hash).update(icon="", bucket_hash=5, tier=99, tier_name="")
    html = page(browser, item)
    assert escape(known.name) in html
    assert "band--basic" in html


def test_a_stack_has_a_page_that_counts_it_by_place(site):
    browser = site.browser(OWNER)
    stacks = [item for item in site.items(OWNER) if item.instance_id is None and item.kind]
    stack = stacks[0]
    total = sum(each.quantity for each in stacks if each.hash == stack.hash)
    html = browser.get(f"/items/stack/{stack.hash}/").content.decode()
    assert escape(names_of(stack.hash)[0]) in html
    assert f"<dt>In all</dt><dd>{total:,}</dd>" in html
    assert f"/armory/{stack.hash}/" in html
    inside = browser.get(f"/items/stack/{stack.hash}/", headers=INSIDE).content.decode()
    assert inside.lstrip().startswith("<article")


@pytest.mark.parametrize("item_hash", ["1", "99999999999999999999", "x"])
def test_a_stack_that_the_person_does_not_have_is_not_found(site, item_hash):
    assert site.browser(OWNER).get(f"/items/stack/{item_hash}/").status_code == 404
