"""Xûr's stall in a browser: here and away, signed in and not, on a desk and a phone, with and without scripts."""

import re

import pytest

from inventory.models import VendorSnapshot
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.inventory.weekends import AWAY, HERE, CommonClock

pytestmark = pytest.mark.django_db(transaction=True)
COLLECTOR = "Brannoc"


@pytest.fixture
def clock(sandbox, monkeypatch):
    return CommonClock(sandbox, monkeypatch)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("moment", [HERE, AWAY], ids=["here", "away"])
def test_no_barrier_and_nothing_sideways(moment, scheme, viewport, clock, visit):
    clock.set(moment)
    page = visit("/xur/", viewport=viewport, color_scheme=scheme)
    assert page.get_by_role("heading", level=1).inner_text().startswith("Xûr is")
    assert not is_sideways(page)
    assert serious(page) == []
    assert not page.complaints


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_player_sees_the_own_class_and_changes_the_character(scheme, viewport, clock, open_as, site):
    page = open_as(COLLECTOR, viewport=viewport, color_scheme=scheme)
    clock.set(HERE)
    page.goto(f"{site}/xur/")
    assert "What he sells to your" in page.get_by_role("heading", level=2).first.inner_text()
    first = page.locator(".offer-words h4").all_inner_texts()
    summary = page.locator(".offer-perks summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".offer-perks[open] dl").first.is_visible()
    assert not is_sideways(page)
    assert serious(page) == []
    page.locator(".xur-characters a:not([aria-current])").first.click()
    page.wait_for_url(re.compile(r"/xur/\?character=\d+"))
    assert page.locator(".offer-words h4").all_inner_texts() != first
    assert not page.complaints


def test_moments_are_in_the_visitors_zone_and_in_utc_without_scripts(clock, visit):
    clock.set(HERE)
    page = visit("/xur/", timezone_id="Asia/Tokyo", locale="en-GB")
    until = page.locator(".facts-list time").first
    assert "Wednesday" in until.inner_text()
    assert "02:00" in until.inner_text()
    assert until.get_attribute("title") == "Tuesday 1 December, 17:00 UTC"
    plain = visit("/xur/", timezone_id="Asia/Tokyo", java_script_enabled=False)
    assert plain.locator(".facts-list time").first.inner_text() == "Tuesday 1 December, 17:00 UTC"


def test_without_scripts_perks_open_and_names_lead_to_the_armory(clock, visit):
    clock.set(HERE)
    page = visit("/xur/", viewport=PHONE, java_script_enabled=False)
    page.locator(".offer-perks summary").first.click()
    assert page.locator(".offer-perks dl").first.is_visible()
    page.locator(".offer-words h4 a").first.click()
    page.wait_for_url("**/armory/*/")


def test_bungie_down_is_said_in_words(clock, visit, sandbox):
    clock.set(HERE)
    sandbox.faults.order({"match": {"operation": "GetPublicVendors"}, "times": None, "fault": {"maintenance": True}})
    page = visit("/xur/", viewport=PHONE)
    assert "by his usual schedule" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_text("Bungie is down for maintenance.").is_visible()
    assert serious(page) == []
    sandbox.faults.clear()
    VendorSnapshot.objects.all().delete()
    page.reload()
    sandbox.faults.order({"match": {"operation": "GetPublicVendors"}, "times": None, "fault": {"maintenance": True}})
    clock.pass_by(hours=1)
    page.reload()
    assert page.get_by_text("This is what was known on 28 November, 12:00 UTC.").is_visible()
    assert page.locator(".offer").count() > 10


def test_the_way_to_the_stall_is_in_the_navigation(visit):
    page = visit("/")
    page.get_by_label("Pages", exact=True).get_by_role("link", name="Xûr").click()
    page.wait_for_url("**/xur/")
    phone = visit("/", viewport=PHONE)
    assert phone.get_by_label("About this site").get_by_role("link", name="Xûr").is_visible()
