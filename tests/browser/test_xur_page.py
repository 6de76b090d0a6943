"""Xûr's stall in a browser: here and away, signed in and not, on a desk and a phone, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

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
@pytest.mark.parametrize("moment", [HERE, AWAY], ids=["here", "away"])
def test_no_barrier_and_nothing_sideways(moment, viewport, clock, visit):
    clock.set(moment)
    page = visit("/xur/", viewport=viewport)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\s*Xûr is"))
    assert not is_sideways(page)
    assert serious(page) == []
    assert not page.complaints


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_player_sees_the_own_class_and_changes_the_character(viewport, clock, open_as, site):
    page = open_as(COLLECTOR, viewport=viewport)
    clock.set(HERE)
    page.goto(f"{site}/xur/")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("What he sells to your")
    first = page.locator(".offer-words h4").all_inner_texts()
    assert first
    summary = page.locator(".offer-perks summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".offer-perks[open] dl").first).to_be_visible()
    assert not is_sideways(page)
    assert serious(page) == []
    page.locator(".xur-characters a:not([aria-current])").first.click()
    page.wait_for_url(re.compile(r"/xur/\?character=\d+"))
    expect(page.locator(".offer-words h4")).not_to_have_text(first)
    assert not page.complaints


def test_moments_are_in_the_visitors_zone_and_in_utc_without_scripts(clock, visit):
    clock.set(HERE)
    page = visit("/xur/", timezone_id="Asia/Tokyo", locale="en-GB")
    until = page.locator(".facts-list time").first
    expect(until).to_have_attribute("title", "Tuesday 1 December, 17:00 UTC")
    expect(until).to_contain_text("Wednesday")
    expect(until).to_contain_text("02:00")
    plain = visit("/xur/", timezone_id="Asia/Tokyo", java_script_enabled=False)
    expect(plain.locator(".facts-list time").first).to_have_text("Tuesday 1 December, 17:00 UTC")


def test_without_scripts_perks_open_and_names_lead_to_the_armory(clock, visit):
    clock.set(HERE)
    page = visit("/xur/", viewport=PHONE, java_script_enabled=False)
    page.locator(".offer-perks summary").first.click()
    expect(page.locator(".offer-perks dl").first).to_be_visible()
    page.locator(".offer-words h4 a").first.click()
    page.wait_for_url("**/armory/*/")


def test_bungie_down_is_said_in_words(clock, visit, sandbox):
    clock.set(HERE)
    sandbox.faults.order({"match": {"operation": "GetPublicVendors"}, "times": None, "fault": {"maintenance": True}})
    page = visit("/xur/", viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("by his usual schedule")
    expect(page.get_by_text("Bungie is down for maintenance.")).to_be_visible()
    assert serious(page) == []
    sandbox.faults.clear()
    VendorSnapshot.objects.all().delete()
    page.reload()
    sandbox.faults.order({"match": {"operation": "GetPublicVendors"}, "times": None, "fault": {"maintenance": True}})
    clock.pass_by(hours=1)
    page.reload()
    expect(page.get_by_text("This is what was known on 28 November, 12:00 UTC.")).to_be_visible()
    assert page.locator(".offer").count() > 10


def test_the_way_to_the_stall_is_in_the_navigation(visit):
    page = visit("/")
    page.get_by_label("Pages", exact=True).get_by_role("link", name="Xûr").click()
    page.wait_for_url("**/xur/")
    phone = visit("/", viewport=PHONE)
    expect(phone.get_by_label("About this site").get_by_role("link", name="Xûr")).to_be_visible()
