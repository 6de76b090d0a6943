"""An item as a dialog over the inventory and as a page; items side by side."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.browser.test_pages import COLLECTOR, HOSTILE, OWNER

pytestmark = pytest.mark.django_db(transaction=True)
SETTLED = "async box => { await Promise.all(box.getAnimations().map(each => each.finished)) }"
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
    expect(page.get_by_role("checkbox").nth(2)).to_be_visible()
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("table").wait_for()


@SIZES
def test_a_tile_opens_a_dialog_with_the_items_address(viewport, open_as, site):
    page = open_as(OWNER, viewport=viewport)
    tile = first_weapon(page)
    dialog = opened(page, tile)
    expect(page).to_have_url(site + tile.get_attribute("href"))
    expect(dialog.get_by_role("heading", level=1)).to_have_text(name_of(tile))
    assert dialog.get_by_role("progressbar").count() > 3
    assert not is_sideways(page)
    page.go_back()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{site}/inventory/")
    page.go_forward()
    page.locator("#item-inside article").wait_for()
    assert not page.complaints


def test_on_a_phone_it_is_a_sheet_from_below(open_as):
    page = open_as(OWNER, viewport=PHONE)
    opened(page)
    page.locator("#item-dialog").evaluate(SETTLED)
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
    expect(page.locator(f'a.tile[href="{href}"]').first).to_be_focused()


def test_the_button_and_a_click_beside_it_close_it(open_as, site):
    page = open_as(OWNER)
    dialog = opened(page)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{site}/inventory/")
    opened(page)
    page.mouse.click(5, 400)
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{site}/inventory/")


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
    to_the_other = page.locator(f'#item-inside .item-copies a[href="{hrefs[1]}"]')
    to_the_other.click()
    expect(page).to_have_url(site + hrefs[1])
    expect(to_the_other).to_have_count(0)
    expect(page.locator("#item-inside article")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{site}/inventory/")
    expect(page.locator("#item-dialog")).to_be_hidden()


def test_reloading_the_dialog_shows_the_page_and_back_leads_to_the_inventory(open_as, site):
    page = open_as(OWNER)
    opened(page)
    page.reload()
    expect(page.locator("main article.item")).to_be_visible()
    page.go_back()
    expect(page.locator(".inventory--all")).to_be_visible()
    expect(page).to_have_url(f"{site}/inventory/")


def test_a_click_for_a_new_tab_is_left_to_the_browser(open_as, site):
    page = open_as(OWNER)
    with page.context.expect_page() as other:
        first_weapon(page).click(button="middle")  # with ctrl it is selected
    expect(other.value).to_have_url(re.compile(r"/items/\d+/$"))
    assert page.url == f"{site}/inventory/"


def test_an_error_gets_the_whole_window(open_as, sandbox):
    page = open_as(OWNER)
    first_weapon(page).evaluate("tile => tile.setAttribute('href', '/items/1/')")
    first_weapon(page).click()
    expect(page.get_by_role("heading", level=1, name="no such page")).to_be_visible()
    expect(page.locator("#item-dialog")).to_have_count(0)


def test_the_definition_loads_when_it_unfolds(open_as):
    page = open_as(OWNER)
    dialog = opened(page)
    assert dialog.locator("pre").count() == 0
    dialog.get_by_text("Its definition").click()
    expect(dialog.locator("pre")).to_contain_text("displayProperties")
    assert not page.complaints


@SIZES
def test_no_serious_barrier_in_the_dialog_the_page_and_a_comparison(viewport, open_as):
    page = open_as(OWNER, viewport=viewport)
    opened(page)
    page.locator("#item-dialog").evaluate(SETTLED)
    assert serious(page) == []
    page.reload()
    expect(page.locator("main article.item")).to_be_visible()
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
    expect(page.locator("main article.item")).to_be_visible()
    address = page.url
    page.get_by_text("Its definition").click()
    page.get_by_role("link", name="Show the definition").click()
    expect(page.locator("pre")).to_be_visible()
    page.goto(address)
    comparison(page)
    page.get_by_role("link", name=re.compile("^Take .* away$")).first.click()
    expect(page.locator(".compare thead th")).to_have_count(3)


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
        expect(dialog).to_be_hidden()
    assert count > 4
    assert not page.complaints
