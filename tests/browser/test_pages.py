"""The pages as people meet them: in a browser, on a desk and on a phone, with and without scripts."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import ProfileSnapshot
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious

pytestmark = pytest.mark.django_db(transaction=True)
OWNER, COLLECTOR, HOSTILE = "Ilva", "Brannoc", "Bram"


def test_a_player_signs_in_through_the_consent_page_and_sees_the_inventory(window, site):
    page = window()
    page.goto(f"{site}/accounts/bungie/login/")
    page.get_by_role("button", name=OWNER).click()
    page.wait_for_url(f"{site}/inventory/")
    expect(page.get_by_role("heading", name="Hunter")).to_be_visible()
    expect(page.locator(".tile").nth(300)).to_be_attached()
    assert not page.complaints


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/", "/inventory/", "/vault/", "/settings/"])
def test_no_page_scrolls_sideways_or_complains(path, viewport, open_as):
    page = open_as(COLLECTOR, path, viewport)
    assert not is_sideways(page)
    assert not page.complaints


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_hostile_names_stay_text_and_inside_the_page(viewport, open_as):
    page = open_as(HOSTILE, viewport=viewport)
    for href in page.locator("a.tile").evaluate_all("tiles => tiles.slice(0, 6).map(tile => tile.href)"):
        page.goto(href)
        assert not is_sideways(page)
        assert page.locator("main script, main i, main b b").count() == 0
    assert not page.complaints


@pytest.mark.parametrize("path", ["/", "/inventory/", "/settings/"])
def test_no_serious_barrier_to_anyone(path, open_as):
    page = open_as(OWNER, path)
    assert serious(page) == []


def test_a_phone_shows_one_store_at_a_time_without_any_script(open_as):
    page = open_as(OWNER, viewport=PHONE, java_script_enabled=False)
    first, vault = page.locator('[data-column="1"] .tile').first, page.locator('[data-column="vault"] .tile').first
    expect(first).to_be_visible()
    expect(vault).to_be_hidden()
    page.locator("label[for=show-vault]").click()
    expect(vault).to_be_visible()
    expect(first).to_be_hidden()


def test_an_item_opens_at_an_address_of_its_own_without_any_script(open_as):
    page = open_as(OWNER, java_script_enabled=False)
    tile = page.locator("#weapons a.tile").first
    name = tile.get_attribute("aria-label").split(",\n")[0]
    tile.click()
    page.wait_for_url(re.compile(r"/items/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_stack_opens_what_is_known_of_it(open_as):
    page = open_as(OWNER, viewport=PHONE, has_touch=True, is_mobile=True)
    stack = page.locator('a.tile[href^="/items/stack/"]:visible').first
    name = stack.get_attribute("aria-label").split(",\n")[0]
    stack.tap()
    expect(page.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("In all")).to_be_visible()


def test_a_name_with_a_comma_is_told_whole(open_as):
    page = open_as(OWNER)
    tile = page.locator("#weapons a.tile").first
    tile.evaluate("tile => tile.setAttribute('aria-label', 'Mountain, Top,\\nRare Rifle,\\nlocked')")
    tile.hover()
    expect(page.locator(".tile-name b")).to_have_text("Mountain, Top")
    expect(page.locator(".tile-name")).to_have_text(re.compile(r"Rare Rifle · locked\s*$"))


def test_pointing_at_a_tile_tells_its_name(open_as):
    page = open_as(OWNER)
    tile = page.locator("#weapons a.tile").first
    tile.hover()
    expect(page.locator(".tile-name b")).to_have_text(tile.get_attribute("aria-label").split(",\n")[0])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_refresh_asks_bungie_again_and_keeps_the_chosen_store(scripts, open_as, site):
    page = open_as(OWNER, viewport=PHONE, java_script_enabled=scripts)
    now = timezone.now()
    # Young enough to be shown again, old enough to be asked for again by hand.
    ProfileSnapshot.objects.update(fetched_at=now - timedelta(seconds=10), minted_at=now - timedelta(hours=3))
    page.goto(f"{site}/inventory/")
    expect(page.locator("#age")).to_contain_text("3 hours ago")
    if scripts:
        page.locator("label[for=show-vault]").click()
    page.locator(".age a").click()
    expect(page.get_by_text("just now")).to_be_visible()
    expect(page.locator(f'[data-column="{"vault" if scripts else 1}"] .tile').first).to_be_visible()


def test_the_persons_theme_holds_on_every_page(open_as, site):
    page = open_as(OWNER, "/settings/", color_scheme="dark")
    page.get_by_label("Theme").select_option("light")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.goto(f"{site}/inventory/")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(236, 238, 241)"


def test_a_refresh_that_bungie_refuses_says_so_in_place(open_as, sandbox):
    page = open_as(OWNER)
    ProfileSnapshot.objects.all().delete()
    sandbox.faults.order({"match": {"operation": "GetProfile"}, "times": None, "fault": {"error_code": 1601}})
    page.locator(".age a").click()
    expect(page.get_by_role("heading", name="Bungie refused")).to_be_visible()
    expect(page.get_by_text("We were unable to find your Destiny account information")).to_be_visible()


def test_refresh_after_the_session_ended_leads_to_the_sign_in(open_as, sandbox):
    page = open_as(OWNER)
    Session.objects.all().delete()
    page.locator(".age a").click()
    page.wait_for_url(f"{sandbox.root}/en/OAuth/Authorize**")
    assert not page.complaints


def test_the_persons_menu_closes_on_escape_and_on_a_click_elsewhere(open_as):
    page = open_as(OWNER, "/settings/")
    menu, sign_out = page.locator("details.menu summary"), page.get_by_role("button", name="Sign out")
    menu.click()
    expect(sign_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(sign_out).to_be_hidden()
    menu.click()
    expect(sign_out).to_be_visible()
    page.locator("h1").click()
    expect(sign_out).to_be_hidden()


def test_a_picture_that_fails_gives_way_to_initials(open_as, site):
    page = open_as(OWNER)
    page.route("**/common/**", lambda route: route.abort())
    page.complaints.clear()
    page.goto(f"{site}/inventory/")
    tile = page.locator("#weapons a.tile").first
    name = tile.get_attribute("aria-label").split(",\n")[0]
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    expect(tile.locator("b")).to_have_text(initials, ignore_case=True)
