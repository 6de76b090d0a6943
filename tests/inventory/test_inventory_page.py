import re

import pytest
from django.utils.html import escape

from accounts.models import Preferences, User
from manifest import lookup
from manifest.models import Language

from .guardians import (
    COLLECTOR,
    EMPTY_VAULT,
    HOSTILE_NAMES,
    NEW_ACCOUNT,
    OWNER,
    PRIVATE_PERSON,
    let_time_pass,
    refresh,
)

pytestmark = pytest.mark.django_db

BUCKETS = "DestinyInventoryBucketDefinition"


def page(browser, path="/inventory/"):
    response = browser.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def tiles(html):
    return re.findall(r'class="tile [^"]*" aria-label="([^"]*)"', html)


@pytest.mark.parametrize("path", ["/inventory/", "/vault/", "/characters/1/", "/items/1/"])
def test_stranger_is_sent_to_the_sign_in_page_and_back(client, db, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url == f"/accounts/bungie/login/?next={path}"


@pytest.mark.parametrize("guardian", [OWNER, COLLECTOR])
def test_every_item_that_a_player_owns_has_a_tile(site, guardian):
    html = page(site.browser(guardian))
    assert len(tiles(html)) == len(site.items(guardian))
    instances = {item.instance_id for item in site.items(guardian) if item.instance_id}
    assert instances == set(re.findall(r'href="/items/(\d+)/"', html))


def test_names_are_those_of_the_manifest_and_unknown_items_show_their_hash(site):
    html = page(site.browser(OWNER))
    items = site.items(OWNER)
    known = lookup.items(lookup.live("en"), {item.hash for item in items})
    for item in items:
        name = known[item.hash].name if item.hash in known else f"Item {item.hash},\nnot in the Manifest"
        assert f'aria-label="{escape(name)}' in html


def test_header_shows_each_character_and_the_vault_with_its_capacity(site):
    html = page(site.browser(OWNER))
    owned = site.account(OWNER).owned
    general = lookup.definitions(lookup.live("en"), {BUCKETS: [138197802]})[BUCKETS][138197802]
    in_vault = sum(item.bucket == 138197802 for item in owned.items)
    assert f"{in_vault} / {general['itemCount']}" in html
    for character in owned.characters:
        assert f'href="/characters/{character.id}/"' in html
    assert [name in html for name in ("Hunter", "Warlock", "Titan", "Awoken", "Exo", "Human")] == [True] * 6


def test_names_are_in_the_language_that_the_person_chose(site):
    browser = site.browser(OWNER)
    Preferences.objects.update_or_create(user__bungie__membership_id=OWNER, defaults={"language": "fr"})
    html = page(browser)
    live = lookup.live("fr")
    assert live.language == "fr"
    bucket = lookup.definitions(live, {BUCKETS: [1498876634]})[BUCKETS][1498876634]
    french = lookup.items(live, {item.hash for item in site.items(OWNER)}).values()
    english = lookup.items(lookup.live("en"), [item.hash for item in french])
    differing = [item for item in french if item.name != english[item.hash].name]
    assert escape(bucket["displayProperties"]["name"]) in html
    assert differing
    assert all(f'aria-label="{escape(item.name)}' in html for item in differing)


def test_postmaster_shows_a_slot_for_every_free_place(site):
    owned = site.account(OWNER).owned
    waiting = sum(item.bucket == 215593132 for item in owned.items)
    assert page(site.browser(OWNER)).count('class="slot"') == 21 * len(owned.characters) - waiting


def test_vault_page_shows_the_vault_alone(site):
    html = page(site.browser(OWNER), "/vault/")
    in_vault = [item for item in site.items(OWNER) if item.bucket == 138197802]
    assert len(tiles(html)) == len(in_vault)


def test_character_page_shows_what_that_character_has(site):
    browser = site.browser(OWNER)
    for character in site.account(OWNER).owned.characters:
        html = page(browser, f"/characters/{character.id}/")
        assert len(tiles(html)) == sum(item.owner == character.id for item in site.items(OWNER))


@pytest.mark.parametrize("character", ["1", "abc", "99999999999999999999999"])
def test_unknown_character_is_not_found(site, character):
    assert site.browser(OWNER).get(f"/characters/{character}/").status_code == 404


def test_stranger_cannot_see_a_character(site):
    theirs = site.account(COLLECTOR).owned.characters[0].id
    assert site.browser(COLLECTOR).get(f"/characters/{theirs}/").status_code == 200
    assert site.browser(OWNER).get(f"/characters/{theirs}/").status_code == 404


def test_new_account_without_characters_is_told_what_to_do(site):
    html = page(site.browser(NEW_ACCOUNT))
    assert "There is no character on this account yet" in html
    assert tiles(html) == []


def test_empty_vault_is_a_normal_page(site):
    browser = site.browser(EMPTY_VAULT)
    assert "The vault is empty" in page(browser, "/vault/")
    assert len(tiles(page(browser))) == len(site.items(EMPTY_VAULT))


def test_person_without_a_destiny_account_is_told_what_to_do(client, db):
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert "There is no Destiny account here yet" in page(client)


def test_hostile_names_are_shown_as_text(site):
    browser = site.browser(HOSTILE_NAMES)
    known = lookup.items(lookup.live("en"), {item.hash for item in site.items(HOSTILE_NAMES)})
    hostile = [item for item in known.values() if "<" in item.name or '"' in item.name]
    html = page(browser)
    assert hostile
    for item in hostile:
        assert f'aria-label="{escape(item.name)}' in html
    assert len(tiles(html)) == len(site.items(HOSTILE_NAMES))
    assert "<script>alert" not in html


def test_private_inventory_is_a_normal_page_that_says_so(site):
    html = page(site.browser(PRIVATE_PERSON))
    assert "the vault, your currencies, the power of your items and the perks of your items: that is private" in html
    assert "Warlock" in html


PARTS = {
    102: "the vault",
    103: "your currencies",
    200: "your characters",
    201: "what your characters carry",
    205: "what your characters wear",
    300: "the power of your items",
    305: "the perks of your items",
}


@pytest.mark.parametrize("component", PARTS)
def test_page_stays_when_one_component_is_private(site, component):
    site.hide(OWNER, component)
    html = page(site.browser(OWNER))
    assert f"Bungie did not send {PARTS[component]}: that is private" in html


@pytest.mark.parametrize("component", PARTS)
def test_page_stays_when_one_component_is_missing(site, component):
    site.drop(OWNER, component)
    html = page(site.browser(OWNER))
    assert f"Bungie did not send {PARTS[component]} this time" in html


@pytest.mark.parametrize("away", ["hide", "drop"])
@pytest.mark.parametrize("component", PARTS)
def test_what_was_known_of_a_component_stays_when_it_does_not_come_again(site, component, away):
    browser = site.browser(OWNER)
    before = tiles(page(browser))
    getattr(site, away)(OWNER, component)
    let_time_pass(31)
    refresh(browser)
    html = page(browser)
    assert tiles(html) == before
    assert PARTS[component] in html


def test_items_of_characters_that_bungie_did_not_send_are_not_lost(site):
    site.hide(OWNER, 200)
    assert len(tiles(page(site.browser(OWNER)))) == len(site.items(OWNER))


def test_without_a_manifest_the_page_says_what_it_waits_for(site):
    browser = site.browser(OWNER)
    live = dict(Language.objects.values_list("code", "live"))
    Language.objects.update(live=None)
    assert "their names are on the way" in page(browser)
    assert "the task cluster of this site does not run" in page(browser, "/status/first-manifest/")
    for code, revision in live.items():
        Language.objects.filter(code=code).update(live=revision)
    assert browser.get("/status/first-manifest/")["HX-Refresh"] == "true"
    assert len(tiles(page(browser))) == len(site.items(OWNER))


def test_page_says_how_old_its_data_is_and_has_a_refresh_link(site):
    html = page(site.browser(OWNER))
    assert re.search(r'<time datetime="[^"]+"[^>]*>just now</time>', html)
    assert 'href="/inventory/?refresh=1"' in html


def test_a_header_tells_power_best_power_and_stats(site):
    html = page(site.browser(OWNER))
    for character in site.account(OWNER).owned.characters:
        header = re.search(
            rf'<section class="store-header"(?:(?!</section>).)*/characters/{character.id}/.*?</section>', html, re.S
        )
        best = re.search(r">best (\d+)<", header[0])
        shown = re.search(r"Power</span> (\d+)<", header[0])
        assert int(best[1]) >= int(shown[1]) > 0
        assert header[0].count("<li title=") == 6


def test_materials_are_counted_on_the_inventory_alone(site):
    browser = site.browser(COLLECTOR)
    html = page(browser)
    live = lookup.live("en")
    stacks = {}
    for held in site.items(COLLECTOR):
        if not held.instance_id:
            stacks[held.hash] = stacks.get(held.hash, 0) + held.quantity
    names = {each.hash: each for each in lookup.items(live, stacks).values() if each.bucket_hash == 1469714392}
    assert names
    shown = dict(re.findall(r"<bdi>([^<]*)</bdi>.*?<b>([\d,]+)</b></li>", html))
    assert {shown[escape(each.name)] for each in names.values()} == {f"{stacks[key]:,}" for key in names}
    assert 'id="materials"' not in page(browser, "/vault/")


def test_a_full_postmaster_warns_in_words(site):
    html = page(site.browser(COLLECTOR))
    assert re.search(r'bucket-count--nearly"><b>full</b> 21 / 21', html)


@pytest.mark.parametrize("size", [44, 56, 72])
def test_the_size_of_tiles_is_the_persons(site, size):
    browser = site.browser(OWNER)
    Preferences.objects.update_or_create(user__bungie__membership_id=OWNER, defaults={"tile_size": size})
    for path in ("/inventory/", "/vault/"):
        assert f'<body class="inventory-page tiles-{size}">' in page(browser, path)


def test_no_page_has_inline_styles_or_scripts(site):
    html = page(site.browser(HOSTILE_NAMES))
    assert not re.search(r"<[^>]* (style|on\w+)=", re.sub(r'"[^"]*"', '""', html))
    assert not re.search(r"<script(?![^>]* src=)", html)
