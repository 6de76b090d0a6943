import re
from html import unescape

import pytest

from inventory.matching import asked, folded, matches
from inventory.models import ProfileSnapshot
from manifest import lookup

from .guardians import COLLECTOR, EMPTY_VAULT, OWNER, forget_everything
from .test_inventory_page import page

pytestmark = pytest.mark.django_db
PERKS = "/inventory/perks.json"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("long", True),
        ("LONG rifle", True),
        ("rifle elan", True),
        ("élan", True),
        ("outlaw", True),
        ("long sword", False),
        ("  ", True),
        ("longrifle", False),
    ],
)
def test_every_word_has_to_be_in_the_name_the_type_or_a_perk(query, found):
    assert matches(("Long Élan", "Legendary Auto Rifle", "Outlaw"), asked(query)) is found


def split(html):
    """The labels of the tiles that stand out, and of those that fade."""
    every = re.findall(r'class="tile ([^"]*)" aria-label="([^"]*)"', html)
    faded = [unescape(label) for classes, label in every if "tile--out" in classes.split()]
    return [unescape(label) for classes, label in every if "tile--out" not in classes.split()], faded


@pytest.mark.parametrize("path", ["/inventory/", "/vault/"])
def test_a_filter_in_the_address_needs_no_script(site, path):
    browser = site.browser(COLLECTOR)
    html = page(browser, f"{path}?filter=legendary+hunter")
    shown, faded = split(html)
    assert shown
    assert len(faded) > len(shown)
    assert f'<output class="filter-count" aria-live="polite">{len(shown)} found' in html
    assert split(page(browser, path))[1] == []


def test_what_is_shown_is_what_has_every_word_in_its_name_its_type_or_a_perk(site):
    browser = site.browser(COLLECTOR)
    told = browser.get(PERKS).json()
    html = page(browser, "/inventory/?filter=rifle+a")
    seen = set()
    for classes, label, instance in re.findall(r'class="(tile [^"]*)" aria-label="([^"]*)" href="/items/(\d+)/"', html):
        perks = [told["names"][place] for place in told["items"].get(instance, ())]
        text = folded("\n".join([*unescape(label).split(",\n")[:2], *perks]))
        assert ("rifle" in text and "a" in text) is ("tile--out" not in classes.split())
        seen.add("tile--out" in classes.split())
    assert seen == {True, False}


def test_no_tile_vanishes_by_a_filter(site):
    browser = site.browser(OWNER)
    shown, faded = split(page(browser, "/inventory/?filter=nothing-is-called-so"))
    assert shown == []
    assert sorted(faded) == sorted(split(page(browser))[0])


def test_a_perk_finds_the_items_that_have_it(site):
    browser = site.browser(OWNER)
    told = browser.get(PERKS).json()
    place, name = next((place, name) for place, name in enumerate(told["names"]) if len(name) > 6)
    having = {instance for instance, places in told["items"].items() if place in places}
    html = page(browser, f"/inventory/?filter={name}")
    out = set(re.findall(r'class="tile [^"]*tile--out[^"]*"[^>]*href="/items/(\d+)/"', html))
    every = set(re.findall(r'href="/items/(\d+)/"', html))
    assert having
    assert having & every <= every - out


def test_perks_are_told_as_the_sandbox_has_them(site):
    browser = site.browser(OWNER)
    told = browser.get(PERKS).json()
    sockets = ProfileSnapshot.objects.get().reply["itemComponents"]["sockets"]["data"]
    live = lookup.live("en")
    assert told["items"].keys() == sockets.keys()
    for instance, places in list(told["items"].items())[:20]:
        plugs = [
            each["plugHash"] for each in sockets[instance]["sockets"] if each["isVisible"] and each.get("plugHash")
        ]
        names = {each.name for each in lookup.items(live, plugs).values() if each.name}
        assert {told["names"][place] for place in places} == names


def test_a_browser_that_has_the_perks_is_told_that_they_still_hold(site):
    browser = site.browser(OWNER)
    first = browser.get(PERKS)
    assert {"private", "no-cache"} <= set(first["Cache-Control"].replace(" ", "").split(","))
    again = browser.get(PERKS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = site.browser(COLLECTOR).get(PERKS, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_there_are_perks_in_the_language_of_the_person(site):
    browser = site.browser(OWNER)
    english = browser.get(PERKS)
    browser.post("/settings/", {"language": "fr", "theme": "system", "sort": "power", "tile_size": 56})
    french = browser.get(PERKS, headers={"If-None-Match": english["ETag"]})
    assert french.status_code == 200
    assert french.json()["names"] != english.json()["names"]


def test_nothing_known_of_a_person_is_no_error(site):
    browser = site.browser(EMPTY_VAULT)
    forget_everything()
    assert browser.get(PERKS).json() == {"names": [], "items": {}}


def test_perks_that_bungie_keeps_to_itself_are_no_error(site):
    site.hide(OWNER, 305)
    browser = site.browser(OWNER)
    assert browser.get(PERKS).json() == {"names": [], "items": {}}
    assert split(page(browser, "/inventory/?filter=a"))[0]


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '"><i class=x>', "x" * 5000, "\N{RIGHT-TO-LEFT OVERRIDE}rifle"]
)
def test_whatever_is_filtered_for_is_text_and_no_error(site, query):
    response = site.browser(OWNER).get("/inventory/", {"filter": query})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<script>alert" not in html
    assert '"><i class=x>' not in html


def test_a_stranger_gets_no_perks(client, db):
    assert client.get(PERKS).status_code == 302


def test_a_filter_knows_what_the_marks_of_a_tile_mean(site):
    browser = site.browser(COLLECTOR)
    for words in ("locked", "masterwork", "solar", "special ammo"):
        shown, faded = split(page(browser, f"/inventory/?filter={words}"))
        assert shown, words
        assert all(word in label.lower() for label in shown for word in words.split())
        assert faded
