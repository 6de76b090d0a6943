import re

import pytest
from django.utils.html import escape

from manifest import lookup

from .guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


def named(site, guardian, wish=lambda item: item.plugs):
    """The first such item with a name, and that name."""
    items = [item for item in site.items(guardian) if item.instance_id and item.kind and wish(item)]
    known = lookup.items(lookup.live("en"), {item.hash for item in items})
    return next((item, known[item.hash]) for item in items if item.hash in known)


def test_item_page_tells_what_it_is_and_where(site):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER, lambda item: item.bucket == 138197802 and item.plugs and item.power)
    html = browser.get(f"/items/{item.instance_id}/").content.decode()
    for text in (escape(known.name), escape(known.type_name), str(item.power), "In the vault", str(item.hash)):
        assert text in html


def test_item_page_shows_stats_with_bars_and_perks_by_name(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    html = browser.get(f"/items/{item.instance_id}/").content.decode()
    plugs = lookup.items(lookup.live("en"), item.plugs)
    assert re.findall(r'<progress [^>]*max="\d+" value="\d+" aria-label="([^"]+)"', html)
    assert all(escape(plug.name) in html for plug in plugs.values())
    assert plugs


def test_worn_item_names_the_character_that_wears_it(site):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER, lambda item: item.equipped)
    assert "Equipped by your" in browser.get(f"/items/{item.instance_id}/").content.decode()


def test_unknown_item_has_a_page_with_its_hash(site):
    browser = site.browser(COLLECTOR)
    unknown = [item for item in site.items(COLLECTOR) if item.kind is None and item.instance_id]
    for item in unknown:
        response = browser.get(f"/items/{item.instance_id}/")
        assert response.status_code == 200
        assert str(item.hash) in response.content.decode()
    assert unknown


@pytest.mark.parametrize("instance", ["1", "abc", "%3Cscript%3E", "9" * 40])
def test_unknown_instance_is_not_found(site, instance):
    assert site.browser(OWNER).get(f"/items/{instance}/").status_code == 404


def test_stranger_cannot_see_an_item(site):
    item, _ = named(site, COLLECTOR)
    assert site.browser(COLLECTOR).get(f"/items/{item.instance_id}/").status_code == 200
    assert site.browser(OWNER).get(f"/items/{item.instance_id}/").status_code == 404


@pytest.mark.parametrize("effect", [{"error_code": 5}, {"error_code": 1623}, {"html": 503}])
def test_item_page_stays_without_stats_when_bungie_does_not_tell_them(site, effect):
    browser = site.browser(OWNER)
    item, known = named(site, OWNER)
    site.fault("GetItem", **effect)
    response = browser.get(f"/items/{item.instance_id}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert escape(known.name) in html
    assert "stats and perks just now" in html


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"stats": {"privacy": 2}, "sockets": {"privacy": 2}},
        {"stats": {"data": {"stats": {"155624089": {"statHash": 155624089}}}}, "sockets": {"data": {"sockets": [{}]}}},
        {"stats": [], "sockets": "x"},
        {"stats": {"data": {"stats": {"x": {"value": "high"}, "7": 7}}}, "sockets": {"data": {"sockets": [None, 3]}}},
    ],
)
def test_item_page_stays_whatever_bungie_tells_of_the_item(site, told):
    browser = site.browser(OWNER)
    item, _ = named(site, OWNER)
    site.fault("GetItem", body={"Response": told, "ErrorCode": 1})
    assert browser.get(f"/items/{item.instance_id}/").status_code == 200
