"""An item as a dialog over the inventory and as a page; items side by side."""

import re

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.browser.test_pages import COLLECTOR, HOSTILE, OWNER

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


def first_weapon(page):
    return page.locator("#weapons a.tile:visible").first


def opened(page, tile=None):
    """The dialog of a tile, with what Bungie told in it."""
    (tile or first_weapon(page)).click()
    page.locator("#item-inside article").wait_for()
    return page.get_by_role("dialog")


def name_of(tile):
    return tile.get_attribute("aria-label").split(",\n")[0]


def comparison(page):
    """Chosen by the form, as somebody without scripts would."""
    page.goto(page.url + "compare/")
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("table").wait_for()


@SIZES
def test_a_tile_opens_a_dialog_with_the_items_address(viewport, open_as, site):
    page = open_as(OWNER, viewport=viewport)
    tile = first_weapon(page)
    dialog = opened(page, tile)
    assert page.url == site + tile.get_attribute("href")
    assert dialog.get_by_role("heading", level=1).inner_text() == name_of(tile)
    assert dialog.get_by_role("progressbar").count() > 3
    assert not is_sideways(page)
    page.go_back()
    dialog.wait_for(state="hidden")
    assert page.url == f"{site}/inventory/"
    page.go_forward()
    page.locator("#item-inside article").wait_for()
    assert not page.complaints


def test_on_a_phone_it_is_a_sheet_from_below(open_as):
    page = open_as(OWNER, viewport=PHONE)
    opened(page)
    page.wait_for_timeout(300)
    place = page.locator("#item-dialog").bounding_box()
    assert (place["x"], place["width"]) == (0, 390)
    assert round(place["y"] + place["height"]) == 844
    assert place["y"] > 40


def test_the_keyboard_opens_and_closes_it_and_stays_inside(open_as, site):
    page = open_as(OWNER)
    tile = first_weapon(page)
    href = tile.get_attribute("href")
    tile.focus()
    page.keyboard.press("Enter")
    page.locator("#item-inside article").wait_for()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    page.keyboard.press("Escape")
    page.wait_for_url(f"{site}/inventory/")
    assert page.evaluate("document.activeElement.getAttribute('href')") == href


def test_the_button_and_a_click_beside_it_close_it(open_as, site):
    page = open_as(OWNER)
    dialog = opened(page)
    dialog.get_by_role("button", name="Close").click()
    page.wait_for_url(f"{site}/inventory/")
    opened(page)
    page.mouse.click(5, 400)
    page.wait_for_url(f"{site}/inventory/")
    assert not dialog.is_visible()


def test_a_dialog_leads_to_other_copies_and_closes_at_once(open_as, site):
    page = open_as(COLLECTOR)
    hrefs = page.evaluate(
        """() => {
          const names = [...document.querySelectorAll('#weapons a.tile')].map(
            (tile) => [tile.getAttribute('aria-label').split(',\\n')[0], tile.getAttribute('href')]);
          const twice = names.find(([name]) => names.filter(([other]) => other === name).length > 1);
          return names.filter(([name]) => name === twice[0]).map(([, href]) => href);
        }"""
    )
    opened(page, page.locator(f'a.tile[href="{hrefs[0]}"]'))
    page.locator(f'#item-inside .item-copies a[href="{hrefs[1]}"]').click()
    page.wait_for_url(site + hrefs[1])
    page.locator("#item-inside article").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_url(f"{site}/inventory/")
    assert not page.locator("#item-dialog").is_visible()


def test_reloading_the_dialog_shows_the_page_and_back_leads_to_the_inventory(open_as, site):
    page = open_as(OWNER)
    opened(page)
    page.reload()
    assert page.locator("main article.item").is_visible()
    page.go_back()
    page.locator(".inventory--all").wait_for()
    assert page.url == f"{site}/inventory/"


def test_a_click_for_a_new_tab_is_left_to_the_browser(open_as, site):
    page = open_as(OWNER)
    with page.context.expect_page() as other:
        first_weapon(page).click(modifiers=["Control"])
    assert re.search(r"/items/\d+/$", other.value.url)
    assert page.url == f"{site}/inventory/"


def test_an_error_gets_the_whole_window(open_as, sandbox):
    page = open_as(OWNER)
    first_weapon(page).evaluate("tile => tile.setAttribute('href', '/items/1/')")
    first_weapon(page).click()
    page.get_by_role("heading", level=1, name="no such page").wait_for(timeout=8000)
    assert page.locator("#item-dialog").count() == 0


def test_the_definition_loads_when_it_unfolds(open_as):
    page = open_as(OWNER)
    dialog = opened(page)
    assert dialog.locator("pre").count() == 0
    dialog.get_by_text("Its definition").click()
    dialog.locator("pre").wait_for()
    assert "displayProperties" in dialog.locator("pre").inner_text()
    assert not page.complaints


@SIZES
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_serious_barrier_in_the_dialog_the_page_and_a_comparison(viewport, scheme, open_as):
    page = open_as(OWNER, viewport=viewport, color_scheme=scheme)
    opened(page)
    page.wait_for_timeout(300)  # the sheet has risen
    assert serious(page) == []
    page.reload()
    for fold in page.locator("details.plug-others summary").all():
        fold.click()
    assert serious(page) == []
    comparison(page)
    assert serious(page) == []
    assert not is_sideways(page)
    assert not page.complaints


def test_a_comparison_scrolls_in_its_own_box_beside_its_first_column(open_as):
    page = open_as(COLLECTOR, viewport=PHONE)
    opened(page)
    page.reload()
    comparison(page)
    box, label = page.locator(".compare-box"), page.locator(".compare tbody th").first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    before = label.bounding_box()["x"]
    box.evaluate("box => box.scrollBy(300, 0)")
    assert label.bounding_box()["x"] == before
    assert not is_sideways(page)


@SIZES
def test_everything_works_without_any_script(viewport, open_as, site):
    page = open_as(OWNER, viewport=viewport, java_script_enabled=False)
    first_weapon(page).click()
    assert page.locator("main article.item").is_visible()
    address = page.url
    page.get_by_text("Its definition").click()
    page.get_by_role("link", name="Show the definition").click()
    assert page.locator("pre").is_visible()
    page.goto(address)
    comparison(page)
    page.get_by_role("link", name=re.compile("^Take .* away$")).first.click()
    assert page.locator(".compare thead th").count() == 3


@SIZES
def test_names_that_break_careless_pages_stay_inside(viewport, open_as):
    page = open_as(HOSTILE, viewport=viewport)
    if viewport is PHONE:
        page.locator("label[for=show-vault]").click()
    count = page.locator("#weapons [data-column=vault] a.tile").count()
    for number in range(min(count, 6)):
        dialog = opened(page, page.locator("#weapons [data-column=vault] a.tile").nth(number))
        assert dialog.locator("script, article i").count() == 0
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
        assert not is_sideways(page)
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
    assert count > 4
    assert not page.complaints
