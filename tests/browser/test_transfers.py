"""Items are moved by hand: dragged, by buttons, several at once; every page tells what goes on, and how to undo it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from destinyvault.sandbox import facts
from destinyvault.sandbox.orders import SandboxOrders
from inventory.transfers.models import Status, Transfer
from inventory.transfers.runner import run
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.inventory.guardians import let_time_pass

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "Ilva"
POWER = "section.bucket-row[aria-label='Power Weapons']"
DONE = ".progress-job--done"


@pytest.fixture
def work():
    """As the cluster does: the next job that is queued, up to its end."""

    def work():
        job = Transfer.objects.filter(status=Status.QUEUED).latest("id")
        run(job.pk)
        job.refresh_from_db()
        assert not job.is_active, job.message
        return job

    return work


def cell(page, column):
    return page.locator(f"{POWER} .bucket[data-column='{column}']")


def carried(page, column="1"):
    return cell(page, column).locator(".bucket-items .tile")


def worn(page, column="1"):
    return cell(page, column).locator(".bucket-equipped .tile")


def href(tile):
    return tile.get_attribute("href")


def there(page, column, address):
    return page.locator(f"#stores [data-column='{column}'] a[href='{address}']")


def drag(page, tile, target):
    """Both in view: the page must not scroll under the pointer."""
    tile.evaluate("tile => tile.scrollIntoView({ block: 'center' })")
    start, end = tile.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + 24, end["y"] + 24, steps=5)
    page.mouse.up()


def vault_header(page):
    return page.locator(".store-header--vault")


def test_a_tile_is_dragged_into_the_vault_followed_and_brought_back(open_as, work):
    page = open_as(OWNER)
    tile = carried(page).first
    address = href(tile)
    drag(page, tile, vault_header(page))
    expect(page.locator("#progress")).to_contain_text("to the vault")
    expect(there(page, "1", address)).to_have_class(re.compile("tile--moving"))
    expect(cell(page, "vault").locator(".slot--held")).to_have_count(1)
    held = []
    page.route("**refresh=1**", lambda route: held.append(route))
    page.locator(".refresh").click()
    work()
    expect(there(page, "vault", address)).to_have_count(1)
    with page.expect_response("**refresh=1**"):  # of what was asked for before, and is shown all the same
        held[0].continue_()
    expect(there(page, "1", address)).to_have_count(0)
    expect(page.locator(".tile--moving, .slot--held")).to_have_count(0)
    page.locator(DONE).get_by_role("button", name="Undo").click()
    plan = page.get_by_role("dialog", name="The plan")
    expect(plan).to_contain_text("the vault → Hunter")
    assert Transfer.objects.count() == 1
    plan.get_by_role("button", name="Do it").click()
    expect(plan).to_be_hidden()
    expect(page.locator("#progress")).to_contain_text("Undo")
    work()
    expect(there(page, "1", address)).to_have_count(1)
    assert not page.complaints


def test_a_tile_dropped_on_what_is_worn_is_worn(open_as, work):
    page = open_as(OWNER)
    tile = carried(page).last
    address = href(tile)
    drag(page, tile, worn(page))
    expect(page.locator("#progress")).to_contain_text("Equip")
    work()
    expect(worn(page)).to_have_attribute("href", address)
    assert not page.complaints


def test_what_else_would_be_moved_is_shown_before_anything_moves(open_as, work):
    page = open_as(OWNER)
    tile = worn(page)
    address = href(tile)
    drag(page, tile, vault_header(page))
    plan = page.get_by_role("dialog", name="The plan")
    expect(plan).to_contain_text("This also moves 1 other item")
    expect(plan.get_by_role("listitem")).to_contain_text("worn in its place")
    assert serious(page) == []
    plan.get_by_role("button", name="Never move other items").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("worn in place of")
    assert not Transfer.objects.exists()
    drag(page, worn(page), vault_header(page))
    plan.get_by_role("button", name="Do it").click()
    expect(page.locator("#progress")).to_contain_text("to the vault")
    work()
    expect(there(page, "vault", address)).to_have_count(1)
    expect(worn(page)).to_have_count(1)


def test_room_is_made_after_its_plan_and_where_there_is_room_nobody_is_alarmed(open_as, site, sandbox, work):
    page = open_as(OWNER)
    make_room = page.locator("a[data-do^='room']").first
    character = make_room.get_attribute("data-do").split()[1]
    guardian = next(each.id for each in sandbox.guardians if OWNER in each.name)
    for bucket in (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS):
        SandboxOrders(sandbox.root).play(guardian, "fill", where=bucket, character=character)
    let_time_pass()
    page.goto(f"{site}/inventory/?refresh=1")  # which leads back once Bungie has answered
    make_room.click()
    plan = page.get_by_role("dialog", name="The plan")
    expect(plan.get_by_role("list", name="What makes room")).to_contain_text("→ the vault")
    assert not Transfer.objects.exists()
    plan.get_by_role("button", name="Do it").click()
    expect(page.locator("#progress")).to_contain_text("Make room on")
    work()
    make_room.click()
    expect(page.locator("#said")).to_contain_text("there is room already")
    expect(page.locator("#said")).not_to_have_class(re.compile("error"))


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_dialogs_buttons_move_and_close_it(viewport, open_as, work):
    page = open_as(OWNER, viewport=viewport)
    tile = carried(page).first
    address = href(tile)
    tile.click()
    dialog = page.locator("#item-dialog")
    dialog.get_by_role("group", name="Move to").get_by_role("button", name="Vault").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#progress")).to_contain_text("to the vault")
    assert not is_sideways(page)
    work()
    expect(there(page, "vault", address)).to_have_count(1)
    assert not page.complaints


def test_several_are_selected_by_click_and_key_and_moved_together(open_as, work):
    page = open_as(OWNER)
    tiles = carried(page)
    addresses = [href(tiles.nth(0)), href(tiles.nth(1)), href(tiles.nth(2))]
    tiles.nth(0).click(modifiers=["Control"])
    tiles.nth(1).click(modifiers=["Shift"])
    tiles.nth(2).focus()
    page.keyboard.press("x")
    bar = page.locator("#selection")
    expect(bar).to_contain_text("3 selected")
    page.keyboard.press("Space")
    expect(bar).to_contain_text("2 selected")
    page.keyboard.press("x")
    page.keyboard.press("m")
    assert serious(page) == []
    bar.get_by_role("button", name="Vault").click()
    expect(page.locator("#progress")).to_contain_text("Move 3 items to the vault")
    expect(bar).to_be_hidden()
    work()
    for address in addresses:
        expect(there(page, "vault", address)).to_have_count(1)
    assert not page.complaints


def test_by_keys_alone_an_item_is_moved_and_undone_and_the_place_among_the_tiles_is_kept(open_as, work):
    page = open_as(OWNER)
    tile = carried(page).first
    address = href(tile)
    tile.focus()
    for key in ("x", "m", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator("#selection button:focus")).to_have_text("Vault")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_contain_text("to the vault")
    expect(there(page, "1", address)).to_be_focused()
    work()
    expect(there(page, "vault", address)).to_be_focused()
    expect(page.locator(DONE)).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("dialog", name="The plan")).to_contain_text("the vault → Hunter")
    assert not page.complaints


def test_keys_lock_unlock_pull_and_cancel_and_are_listed(open_as):
    page = open_as(OWNER)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("Pull what is selected from the postmaster")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    tile = cell(page, "1").locator(".bucket-items .tile:not(.tile--locked)").first
    lost = page.locator("#postmaster .bucket--slots .tile").first
    for chosen, key, told in ((tile, "l", "Lock"), (lost, "p", "from the postmaster")):
        chosen.focus()
        page.keyboard.press("x")
        page.keyboard.press(key)
        expect(page.locator(".progress-job--queued")).to_contain_text(told)
        page.keyboard.press("c")
        expect(page.locator(".progress-job--queued")).to_have_count(0)
    assert [job.status for job in Transfer.objects.all()] == [Status.CANCELLED] * 2
    tile.focus()
    page.keyboard.press("x")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("it is unlocked already")
    expect(page.locator("#selection").get_by_role("button", name="Pull")).to_be_hidden()


def test_a_refusal_is_shown_in_the_dialog_that_it_came_of_and_lifted_for_once(open_as):
    page = open_as(OWNER)
    worn(page).click()
    dialog = page.locator("#item-dialog")
    dialog.get_by_role("button", name="Take off").click()
    plan = page.get_by_role("dialog", name="The plan")
    plan.get_by_role("button", name="Never move other items").click()
    expect(dialog.get_by_role("alert")).to_contain_text("other items are not to be moved")
    assert serious(page) == []
    dialog.get_by_role("button", name="with other items moved").click()
    expect(plan.get_by_role("list", name="Other items that are moved")).to_contain_text("worn in its place")


def test_another_try_of_what_was_cancelled_shows_its_plan_with_scripts_and_without(open_as, site):
    for scripts in (True, False):
        page = open_as(OWNER, java_script_enabled=scripts)
        page.goto(f"{site}{href(worn(page))}")
        page.get_by_role("group", name="Move to").get_by_role("button", name="Vault").click()
        page.get_by_role("button", name="Do it").click()
        expect(page.locator("#progress" if scripts else ".job-state")).to_contain_text(re.compile("vault|Queued"))
        page.goto(f"{site}/transfers/{Transfer.objects.get().pk}/")
        page.locator("#job").get_by_role("button", name="Cancel").click()
        expect(page.locator(".job-state")).to_contain_text("Cancelled")
        page.locator("#job").get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="Before anything moves")).to_be_visible()
        expect(page.get_by_role("list", name="Other items that are moved")).to_contain_text("worn in its place")
        page.get_by_role("button", name="Do it").click()
        expect(page.locator(".job-state")).to_contain_text("Queued")
        Transfer.objects.all().delete()


def test_the_times_of_steps_are_the_readers_own_and_without_scripts_utc(open_as, site, work):
    page = open_as(OWNER, timezone_id="Asia/Kathmandu", locale="en-GB")
    page.goto(f"{site}{href(carried(page).first)}")
    page.get_by_role("group", name="Move to").get_by_role("button", name="Vault").click()
    expect(page.locator("#progress")).to_contain_text("vault")
    sent_at = work().steps.first().sent_at
    for scripts in (True, False):
        page = open_as(OWNER, timezone_id="Asia/Kathmandu", locale="en-GB", java_script_enabled=scripts)
        page.goto(f"{site}/transfers/{Transfer.objects.get().pk}/")
        local = (sent_at + timedelta(hours=5, minutes=45)).strftime("%H:%M:%S")
        expect(page.locator(".step time")).to_have_text(local if scripts else f"{sent_at:%H:%M:%S} UTC")


def test_on_a_phone_a_press_or_the_button_selects(open_as):
    page = open_as(OWNER, viewport=PHONE, has_touch=True, is_mobile=True)
    tiles = page.locator("#postmaster .tile:visible")  # in view: a page that scrolls is not pressed
    tile = tiles.first
    tile.dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    bar = page.locator("#selection")
    expect(bar).to_contain_text("1 selected")
    tile.dispatch_event("pointerup", {"pointerType": "touch", "bubbles": True})
    tile.dispatch_event("click")  # as a finger that leaves has it
    tiles.nth(1).tap()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
    page.get_by_role("button", name="Select several items").click()
    tiles.nth(1).tap()
    expect(bar).to_contain_text("1 selected")
    assert not is_sideways(page)
    for button in bar.get_by_role("button").filter(visible=True).all():
        assert button.bounding_box()["height"] >= 44
    assert serious(page) == []


def test_the_menus_of_what_is_selected_stay_on_a_phones_screen(open_as):
    page = open_as(OWNER, viewport=PHONE, has_touch=True)
    page.get_by_role("button", name="Select several items").click()
    page.locator(f"{POWER} .tile:visible").first.tap()
    for words in ("Move to", "Equip on"):
        page.locator("#selection summary", has_text=words).tap()
        menu = page.locator("#selection details[open]", has_text=words).locator(".menu-items")
        expect(menu).to_be_visible()
        box = menu.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_job_is_told_on_every_page_and_can_be_cancelled_there(open_as, site):
    page = open_as(OWNER)
    drag(page, carried(page).first, vault_header(page))
    expect(page.locator("#progress")).to_contain_text("to the vault")
    page.goto(f"{site}/settings/")
    line = page.locator(".progress-job")
    expect(line).to_contain_text("to the vault")
    assert serious(page) == []
    line.get_by_role("button", name="Cancel").click()
    expect(page.locator("#progress")).to_contain_text("Cancelled")
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled")


def test_a_jobs_page_follows_it_and_fits_everywhere(open_as, site, work):
    page = open_as(OWNER)
    drag(page, carried(page).first, vault_header(page))
    expect(page.locator("#progress")).to_contain_text("to the vault")
    page.goto(f"{site}/transfers/{Transfer.objects.get().pk}/")
    expect(page.locator(".job-state")).to_contain_text("Queued")
    work()
    expect(page.locator(".job-state")).to_contain_text("Done")
    expect(page.locator(".step--done")).to_have_count(1)
    for path in (page.url, f"{site}/transfers/"):
        page.goto(path)
        expect(page.locator("#progress")).to_contain_text("Done")
        assert serious(page) == []
        page.set_viewport_size(PHONE)
        assert not is_sideways(page)
        page.set_viewport_size(DESK)
    assert not page.complaints


def test_a_move_that_stumbled_is_told_as_done_fits_a_phone_and_is_undone_from_its_page(open_as, site, sandbox, work):
    page = open_as(OWNER)
    drag(page, carried(page).first, vault_header(page))
    expect(page.locator("#progress")).to_contain_text("to the vault")
    SandboxOrders(sandbox.root).fault("TransferItem", error_code=1642, times=1)
    job = work()
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/transfers/{job.pk}/")
    expect(page.locator(".step--failed .step-said")).to_contain_text("(1642)")
    expect(page.locator(".things").first).not_to_contain_text("not done")
    assert not is_sideways(page)
    page.locator("#job").get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".job-state")).to_contain_text("Queued")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Undo")


def test_without_scripts_the_forms_lead_through_the_plan_to_the_job(open_as, work):
    page = open_as(OWNER, java_script_enabled=False)
    worn(page).click()
    page.get_by_role("group", name="Move to").get_by_role("button", name="Vault").click()
    expect(page.get_by_role("heading", name="Before anything moves")).to_be_visible()
    expect(page.get_by_role("list", name="Other items that are moved")).to_contain_text("worn in its place")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".job-state")).to_contain_text("Queued")
    work()
    page.reload()
    expect(page.locator(".job-state")).to_contain_text("Done")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Before anything moves back")).to_be_visible()
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".job-state")).to_contain_text("Queued")


def test_without_scripts_several_are_chosen_by_boxes_and_the_job_follows_itself(open_as, work):
    page = open_as(OWNER, viewport=PHONE, java_script_enabled=False)
    page.get_by_role("link", name="Select several items").click()
    page.get_by_label("Items of", exact=True).select_option("vault")
    page.get_by_role("button", name="Show").click()
    boxes = page.get_by_role("checkbox")
    for number in range(3):
        boxes.nth(number).check()
    page.get_by_role("group", name="Move to").get_by_role("button", name="Titan").click()
    expect(page.locator(".job-state")).to_contain_text("Queued")
    work()
    expect(page.locator(".job-state")).to_contain_text("All 3 are done")


def test_nothing_can_be_moved_while_bungie_is_away_and_every_way_says_why(open_as, site, sandbox):
    page = open_as(OWNER)
    let_time_pass()
    SandboxOrders(sandbox.root).fault("GetProfile", error_code=5)
    page.goto(f"{site}/inventory/")
    expect(page.locator("#age")).to_have_attribute("data-actions-off", re.compile("maintenance"))
    drag(page, carried(page).first, vault_header(page))
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Nothing can be moved until")
    carried(page).first.click()
    expect(page.locator("#item-inside").get_by_role("button", name="Vault")).to_be_disabled()
    assert not Transfer.objects.exists()
