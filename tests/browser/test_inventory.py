"""The inventory as its player uses it: by typing, by keyboard, by thumb, and without any script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Preferences
from inventory.models import ProfileSnapshot
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.browser.test_pages import COLLECTOR, HOSTILE, OWNER

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "Pip"
SMALL_DESK = {"width": 1024, "height": 768}
SHOWN = "#stores .tile:not(.tile--out)"
FADED = "#stores .tile--out"
IN_ORDER = """() => [...document.querySelectorAll("#weapons .bucket--vault")]
    .map(bucket => [...bucket.querySelectorAll(".tile")].map(tile => tile.ariaLabel.split(",\\n")[0].toLowerCase()))
    .every(names => names.every((name, place) => !place || names[place - 1] <= name))"""
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, select, [type=search], .store-switch")]
    .filter(each => each.checkVisibility() && !each.closest(".skip, .site-footer, .store-header-name"))
    .map(each => [each.className, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
    .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
FOUND = "headers => headers.map(each => [each.dataset.column, each.firstElementChild.dataset.found])"
FOCUSED = "document.activeElement"


def label(tile):
    return tile.get_attribute("aria-label").split(",\n")[0]


def perks_read(page):
    """What the site tells of perks, which the page asks for when somebody comes to type; the page has read it."""
    with page.expect_response("**/inventory/perks.json") as told:
        page.get_by_role("searchbox").focus()
    told.value.finished()
    # Asked for once more, it is read after what the page itself asked for.
    page.evaluate("address => fetch(address).then(reply => reply.json())", told.value.url)
    return told.value.json()


def columns(page, selector):
    """How many tiles stand beside each other in the first row of what `selector` finds."""
    boxes = page.locator(selector).evaluate_all("tiles => tiles.map(tile => tile.getBoundingClientRect().top)")
    return sum(top == boxes[0] for top in boxes)


def pages(page, site):
    character = page.locator(".store-header-name a").first.get_attribute("href")
    for name, path in (("inventory", "/inventory/"), ("vault", "/vault/"), ("character", character)):
        page.goto(f"{site}{path}")
        yield name


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_stores_is_open_to_all(viewport, open_as, site, keep):
    page = open_as(OWNER, viewport=viewport)
    for name in pages(page, site):
        assert serious(page) == []
        keep(page, name)
    assert not page.complaints


@pytest.mark.parametrize("viewport", [DESK, SMALL_DESK, PHONE], ids=["desk", "small desk", "phone"])
@pytest.mark.parametrize("guardian", [COLLECTOR, HOSTILE, NEW])
def test_every_page_of_stores_fits(guardian, viewport, open_as, site, keep):
    page = open_as(guardian, viewport=viewport)
    for name in pages(page, site) if guardian != NEW else ["inventory"]:
        assert not is_sideways(page)
        keep(page, name)
    assert not page.complaints


@pytest.mark.parametrize("size", [44, 56, 72])
def test_the_vault_keeps_its_width_on_a_small_desk(size, open_as, site):
    page = open_as(COLLECTOR, viewport=SMALL_DESK)
    Preferences.objects.update_or_create(user__bungie__display_name__startswith=COLLECTOR, defaults={"tile_size": size})
    page.goto(f"{site}/inventory/")
    tile = page.locator('#weapons [data-column="vault"] .tile').first.bounding_box()
    assert tile["width"] == size
    assert columns(page, '#weapons .bucket-row:first-of-type [data-column="vault"] .tile') >= 3
    assert not is_sideways(page)


def test_what_is_worn_stands_first_and_larger_beside_a_block_of_three_by_three(open_as):
    page = open_as(COLLECTOR)
    worn = page.locator('#weapons [data-column="1"] .bucket-equipped .tile').first.bounding_box()
    other = page.locator('#weapons [data-column="1"] .bucket-items .tile').first.bounding_box()
    assert worn["width"] > other["width"] == 56
    assert worn["x"] < other["x"]
    assert columns(page, '#weapons .bucket-row:first-of-type [data-column="1"] .bucket-items .tile') <= 3


def test_typing_fades_what_does_not_match_and_says_how_much_does(open_as):
    page = open_as(OWNER)
    every = page.locator("#stores .tile").count()
    name = label(page.locator("#weapons a.tile").first)
    perks_read(page)
    page.get_by_role("searchbox").press_sequentially(name.upper())
    expect(page.locator(FADED)).not_to_have_count(0)
    found = page.locator(SHOWN).count()
    assert 1 <= found < every
    assert page.locator("#stores .tile").count() == every
    assert all(label(tile) == name for tile in page.locator("#weapons " + SHOWN.removeprefix("#stores ")).all()[:1])
    expect(page.get_by_text(f"{found} of {every}")).to_be_visible()
    assert page.locator(".filter-count").get_attribute("aria-live") == "polite"
    expect(page.locator(FADED).first).to_have_css("opacity", "0.15")


def test_accents_are_folded_and_every_word_has_to_match(open_as):
    page = open_as(OWNER)
    box = page.get_by_role("searchbox")
    perks_read(page)
    box.fill("LÉGENDARY rìfle")
    page.locator(FADED).first.wait_for()
    shown = page.locator(SHOWN).evaluate_all("tiles => tiles.map(tile => tile.ariaLabel)")
    assert shown
    box.fill("legendary rifle")
    assert page.locator(SHOWN).evaluate_all("tiles => tiles.map(tile => tile.ariaLabel)") == shown


def test_a_perk_is_found_as_it_is_typed_and_as_the_server_finds_it(open_as, site):
    page = open_as(OWNER)
    box, told = page.get_by_role("searchbox"), perks_read(page)
    names, items = told["names"], told["items"]
    place = next(place for place, name in enumerate(names) if 0 < sum(place in each for each in items.values()) < 20)
    box.fill(names[place])
    page.wait_for_url("**/inventory/?filter=*")
    typed = page.locator(SHOWN).evaluate_all("tiles => tiles.map(tile => tile.getAttribute('href'))")
    having = {f"/items/{instance}/" for instance, places in items.items() if place in places}
    assert set(typed) & having
    plain = open_as(OWNER, page.url.removeprefix(site), java_script_enabled=False)
    assert plain.locator(SHOWN).evaluate_all("tiles => tiles.map(tile => tile.getAttribute('href'))") == typed


def test_the_filter_is_in_the_address_and_escape_takes_it_back(open_as, site):
    page = open_as(OWNER)
    page.get_by_role("searchbox").fill("legendary")
    page.wait_for_url(f"{site}/inventory/?filter=legendary")
    page.reload()
    page.locator(FADED).first.wait_for()
    expect(page.get_by_role("searchbox")).to_have_value("legendary")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Escape")
    page.wait_for_url(f"{site}/inventory/")
    expect(page.locator(FADED)).to_have_count(0)
    expect(page.locator(".filter-count")).to_have_text("")


def test_a_filter_outlives_a_refresh(open_as, site):
    page = open_as(OWNER)
    now = timezone.now()
    ProfileSnapshot.objects.update(fetched_at=now - timedelta(seconds=10), minted_at=now - timedelta(hours=3))
    page.goto(f"{site}/inventory/")
    perks_read(page)
    page.get_by_role("searchbox").fill("legendary")
    page.locator(FADED).first.wait_for()
    before = page.locator(FADED).count()
    page.locator(".age a").click()
    expect(page.get_by_text("just now")).to_be_visible()
    expect(page.locator(FADED)).to_have_count(before)


def test_without_perks_names_and_types_are_found(open_as):
    page = open_as(OWNER)
    page.route("**/perks.json", lambda route: route.abort())
    page.get_by_role("searchbox").fill("legendary")
    page.locator(FADED).first.wait_for()
    assert page.locator(SHOWN).count()


def test_without_scripts_the_box_filters_by_its_form(open_as, site):
    page = open_as(OWNER, java_script_enabled=False)
    page.get_by_role("searchbox").fill("legendary rifle")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/inventory/?filter=legendary+rifle")
    assert page.locator(FADED).count() > page.locator(SHOWN).count() > 0
    expect(page.locator(".filter-count")).to_have_text(f"{page.locator(SHOWN).count()} found")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_another_order_is_kept(scripts, open_as, site):
    page = open_as(OWNER, java_script_enabled=scripts)
    page.locator("#sort").select_option("name")
    if not scripts:
        page.locator(".sort button").click()
    page.wait_for_function(IN_ORDER)
    page.goto(f"{site}/vault/")
    expect(page.locator("#sort")).to_have_value("name")
    assert page.evaluate(IN_ORDER)


def test_a_folded_group_stays_folded(open_as, site):
    page = open_as(OWNER)
    with page.expect_response("**/inventory/folds/") as kept:
        page.locator("#weapons > summary").click()
    assert kept.value.status == 204
    page.reload()
    expect(page.locator("#weapons .tile").first).to_be_hidden()
    expect(page.locator("#armor .tile").first).to_be_visible()
    with page.expect_response("**/inventory/folds/"):
        page.locator("#weapons > summary").click()
    page.goto(f"{site}/inventory/")
    expect(page.locator("#weapons .tile").first).to_be_visible()


def test_a_page_that_comes_tells_the_site_of_no_fold(open_as, site):
    page = open_as(OWNER)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/folds/" in request.url else None)
    page.reload(wait_until="networkidle")
    assert asked == []


def test_without_scripts_a_group_folds_all_the_same(open_as):
    page = open_as(OWNER, java_script_enabled=False)
    page.locator("#weapons > summary").click()
    expect(page.locator("#weapons .tile").first).to_be_hidden()


def test_a_way_into_a_folded_group_opens_it(open_as):
    page = open_as(OWNER)
    page.locator(".store-link--materials").click()
    expect(page.locator("#materials li").first).to_be_visible()


def test_the_shortcuts_are_listed_and_do_what_they_say(open_as):
    page = open_as(OWNER)
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keyboard")
    expect(overlay).to_be_visible()
    assert overlay.locator("dt").count() >= 14
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator(".filter-words")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.wait_for_function(f"{FOCUSED}.closest('[data-column]')?.dataset.column === 'vault'")
    page.keyboard.press("2")
    page.wait_for_function(f"{FOCUSED}.closest('[data-column]')?.dataset.column === '2'")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_function(f"{FOCUSED}.parentElement.id === 'armor'")


def test_no_shortcut_acts_while_somebody_types(open_as):
    page = open_as(OWNER)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "refresh" in request.url else None)
    page.get_by_role("searchbox").press_sequentially("r?v/1")
    assert page.get_by_role("searchbox").input_value() == "r?v/1"
    assert page.get_by_role("dialog").count() == 0
    assert asked == []


def test_r_asks_bungie_again(open_as, site):
    page = open_as(OWNER)
    with page.expect_response("**/*refresh=1*"):
        page.keyboard.press("r")


def test_arrows_go_from_tile_to_tile_and_tab_from_bucket_to_bucket(open_as):
    page = open_as(COLLECTOR)
    page.keyboard.press("v")
    where = f"(() => {{ const box = {FOCUSED}.getBoundingClientRect(); return [box.x, box.y] }})()"
    x, y = page.evaluate(where)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == [x + 60, y]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(where)[0] == x + 60
    assert page.evaluate(where)[1] > y
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(where)[0] == x
    bucket = f"[...document.querySelectorAll('.bucket')].indexOf({FOCUSED}.closest('.bucket'))"
    first = page.evaluate(bucket)
    page.keyboard.press("Tab")
    assert page.evaluate(bucket) > first
    name = page.evaluate(f"{FOCUSED}.ariaLabel.split(',\\n')[0]")
    expect(page.locator(".tile-name b")).to_have_text(name)


def test_a_phone_has_four_or_five_tiles_to_a_row_that_a_thumb_can_hit(open_as, site):
    page = open_as(COLLECTOR, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("label[for=show-vault]").tap()
    selector = '#weapons .bucket-row:first-of-type [data-column="vault"] .tile'
    assert columns(page, selector) == 5
    assert page.evaluate(TOO_SMALL) == []
    Preferences.objects.update_or_create(user__bungie__display_name__startswith=COLLECTOR, defaults={"tile_size": 72})
    page.goto(f"{site}/inventory/")
    page.locator("label[for=show-vault]").tap()
    assert columns(page, selector) == 4


def test_a_phone_tells_of_the_chosen_store_and_leads_to_its_page(open_as):
    page = open_as(OWNER, viewport=PHONE, has_touch=True, is_mobile=True)
    facts = page.locator(".store-facts:visible")
    expect(facts).to_have_count(1)
    expect(facts).to_contain_text("Best possible")
    page.locator("label[for=show-2]").tap()
    href = page.locator(".store-header-name a").nth(1).get_attribute("href")
    facts.locator(f'a[href="{href}"]').tap()
    page.wait_for_url(f"**{href}")


def test_the_bar_of_groups_jumps_and_opens(open_as):
    page = open_as(OWNER, viewport=PHONE)
    with page.expect_response("**/inventory/folds/"):
        page.locator("#armor > summary").click()
    page.get_by_role("navigation", name="Groups").get_by_role("link", name="Armor").click()
    expect(page.locator("#armor .tile:visible").first).to_be_visible()
    half = PHONE["height"] / 2
    page.wait_for_function("half => document.querySelector('#armor').getBoundingClientRect().y < half", arg=half)


def test_a_phone_shows_in_which_stores_the_matches_are(open_as):
    page = open_as(OWNER, viewport=PHONE)
    perks_read(page)
    page.get_by_role("searchbox").fill("legendary")
    page.locator(".store-tab[data-found]").first.wait_for()
    told = page.locator(".store-header").evaluate_all(FOUND)
    for column, found in told:
        assert int(found) == page.locator(f'#stores [data-column="{column}"] .tile:not(.tile--out)').count()


def test_the_postmaster_tells_power_on_a_desk(open_as):
    page = open_as(COLLECTOR)
    tiles = page.locator("#postmaster .bucket--slots .tile:has(.tile-line)")
    expect(tiles.first.locator(".tile-line")).to_be_visible()
    box, line = tiles.first.bounding_box(), tiles.first.locator(".tile-line")
    assert line.evaluate("line => line.scrollWidth <= line.clientWidth + 1")
    assert box["width"] > 30
