"""Pages that are there at once, become newer in place, and say what is going on where there is nothing to show."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from destinyvault.bungie.enums import Bucket, ItemState
from inventory.models import ProfileSnapshot
from manifest.models import Language
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.inventory.guardians import OWNER as OWNER_ID
from tests.inventory.guardians import forget_everything, let_time_pass
from tests.inventory.hanging import hanging

pytestmark = pytest.mark.django_db(transaction=True)
OWNER, COLLECTOR, NEW_ACCOUNT, TWO_ACCOUNTS = "Ilva", "Brannoc", "Pip", "Tamsin"
VIEWPORTS = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def account(sandbox):
    return sandbox.accounts[sandbox.guardian(OWNER_ID).memberships[0].id]


@pytest.fixture
def change_an_item(account, monkeypatch):
    """One of the owner's vault becomes a masterwork, or is none any more."""
    owned = account.owned
    place = next(n for n, item in enumerate(owned.items) if item.bucket == Bucket.GENERAL and item.instance_id)

    def change_an_item():
        changed = replace(owned.items[place], state=owned.items[place].state ^ ItemState.MASTERWORK)
        monkeypatch.setattr(owned, "items", [*owned.items[:place], changed, *owned.items[place + 1 :]])
        account.forget()
        return changed.instance_id

    return change_an_item


def age(page):
    return page.locator("#age time")


def tile_of(page, instance_id):
    return page.locator(f'a.tile[href="/items/{instance_id}/"]').first


@VIEWPORTS
def test_an_old_page_is_there_while_bungie_hangs_and_is_renewed_in_place(
    viewport, open_as, site, account, change_an_item
):
    page = open_as(OWNER, viewport=viewport)
    changed = change_an_item()
    before = tile_of(page, changed).get_attribute("class")
    let_time_pass(3600)
    with hanging(account) as held:
        page.goto(f"{site}/inventory/")
        held.wait()
        expect(age(page)).to_have_text("1 hour ago")
        assert page.locator(".tile").count() > 300
        page.locator("#postmaster > summary").click()
        tile = page.locator("#armor a.tile:visible").first
        tile.focus()
        page.evaluate("scrollTo(0, 200)")
        focused, top = tile.get_attribute("href"), page.evaluate("scrollY")
        assert top == 200
        held.let_go()
        expect(page.get_by_text("just now")).to_be_visible()
    expect(tile_of(page, changed)).not_to_have_class(before)
    expect(page.locator(f'a.tile[href="{focused}"]').first).to_be_focused()
    page.wait_for_function("top => scrollY === top", arg=top)
    assert not page.locator("#postmaster").evaluate("group => group.open")
    assert not page.complaints


def test_unchanged_items_stay_the_very_same_elements(open_as, site):
    page = open_as(OWNER)
    page.evaluate("document.querySelector('.tile').kept = true")
    ProfileSnapshot.objects.update(fetched_at=ProfileSnapshot.objects.get().fetched_at.replace(year=2020))
    with page.expect_response("**refresh=1**") as answer:
        page.locator(".age a").click()
    assert answer.value.headers["hx-reswap"] == "none"
    page.wait_for_function("document.querySelector('#age:not([data-again])')")
    assert page.evaluate("document.querySelector('.tile').kept")
    expect(page.locator(".age .refresh")).to_be_focused()


def test_who_comes_back_to_the_page_sees_newer_items_and_how_old_they_were(open_as, site):
    page = open_as(OWNER, "/settings/")
    page.clock.install()
    page.goto(f"{site}/inventory/")
    page.clock.run_for(20_000)
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.clock.run_for(170_000)
    expect(age(page)).to_have_text("3 minutes ago")
    with page.expect_request("**refresh=1**"):
        page.evaluate("dispatchEvent(new Event('focus'))")


@VIEWPORTS
def test_the_first_visit_says_what_is_going_on_and_fills_itself(viewport, open_as, site, account):
    page = open_as(OWNER, "/settings/", viewport)
    forget_everything()
    with hanging(account) as held:
        page.goto(f"{site}/inventory/")
        held.wait()
        expect(page.get_by_role("heading", name="Reading your items from Bungie")).to_be_visible()
        held.let_go()
        expect(page.locator(".tile").first).to_be_visible()
    expect(page).to_have_url(f"{site}/inventory/")
    assert not page.complaints


def test_the_first_visit_fills_itself_without_scripts(open_as, site):
    page = open_as(OWNER, "/settings/", java_script_enabled=False)
    forget_everything()
    assert "Reading your items from Bungie" in page.request.get(f"{site}/inventory/").text()
    page.goto(f"{site}/inventory/", wait_until="commit")
    expect(page.locator(".tile").first).to_be_visible()
    expect(page).to_have_url(f"{site}/inventory/")


def test_the_first_visit_outlasts_bungies_trouble(open_as, site, sandbox):
    page = open_as(OWNER, "/settings/")
    forget_everything()
    sandbox.faults.order({"match": {"operation": "GetProfile"}, "times": None, "fault": {"error_code": 36}})
    page.goto(f"{site}/inventory/")
    page.get_by_role("heading", name="Bungie asks for patience").wait_for()
    sandbox.faults.clear()
    expect(page.locator(".tile").first).to_be_visible()
    expect(page).to_have_url(f"{site}/inventory/")


def test_a_page_is_renewed_without_scripts_by_its_link(open_as, site):
    page = open_as(OWNER, java_script_enabled=False)
    let_time_pass(3600)
    page.goto(f"{site}/vault/")
    expect(age(page)).to_have_text("1 hour ago")
    page.get_by_role("link", name="Refresh").click()
    expect(age(page)).to_have_text("just now")
    expect(page).to_have_url(f"{site}/vault/")


def test_an_error_page_tries_again_by_itself_without_scripts(open_as, site, sandbox):
    page = open_as(OWNER, "/settings/", java_script_enabled=False)
    forget_everything()
    sandbox.faults.order({"match": {"operation": "GetProfile"}, "times": None, "fault": {"error_code": 36}})
    page.goto(f"{site}/inventory/?refresh=1")
    expect(page.get_by_role("heading", name="Bungie asks for patience")).to_be_visible()
    sandbox.faults.clear()
    page.locator(".tile").first.wait_for()


@VIEWPORTS
def test_the_very_first_start_is_told_and_ends_by_itself(viewport, open_as, site):
    page = open_as(OWNER, viewport=viewport)
    live = dict(Language.objects.values_list("code", "live"))
    Language.objects.update(live=None)
    try:
        page.goto(f"{site}/")
        expect(page.get_by_role("heading", name="The Manifest is not here yet")).to_be_visible()
        page.goto(f"{site}/inventory/")
        expect(page.get_by_role("heading", name="Your items are read; their names are on the way")).to_be_visible()
    finally:
        for code, revision in live.items():
            Language.objects.filter(code=code).update(live=revision)
    page.locator(".tile").first.wait_for()


def test_with_two_accounts_the_page_says_which_one_it_shows_and_leads_to_the_other(open_as, site):
    page = open_as(TWO_ACCOUNTS)
    shown = page.locator(".which-account")
    other = "Steam" if "on PlayStation" in shown.inner_text() else "PlayStation"
    shown.get_by_role("link").click()
    page.get_by_role("radio", name=other).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Show this account").click()
    page.goto(f"{site}/inventory/")
    expect(page.locator(".which-account b", has_text=other)).to_be_visible()


def first_visit(page, site, sandbox):
    forget_everything()
    page.route("**/inventory/?refresh=1", lambda route: None)  # is never answered
    page.goto(f"{site}/inventory/")
    page.get_by_role("heading", name="Reading your items").wait_for()


def maintenance(page, site, sandbox):
    let_time_pass(3600)
    sandbox.faults.order({"match": {"operation": "GetProfile"}, "times": None, "fault": {"maintenance": True}})
    page.goto(f"{site}/inventory/")
    page.get_by_text("Bungie is down for maintenance. Your items are safe").wait_for()


def bungie_down(page, site, sandbox):
    forget_everything()
    sandbox.faults.order({"match": {"operation": "GetProfile"}, "times": None, "fault": {"html": 503}})
    page.goto(f"{site}/inventory/?refresh=1")
    page.get_by_role("heading", name="Bungie does not answer").wait_for()


def sign_in_expired(page, site, sandbox):
    let_time_pass(3600)
    sandbox.tokens.end(OWNER_ID, ("access", "refresh"))
    page.goto(f"{site}/inventory/")
    page.get_by_role("link", name="Sign in again").wait_for()


def private_parts(page, site, sandbox):
    let_time_pass(3600)
    account = sandbox.accounts[sandbox.guardian(OWNER_ID).memberships[0].id]
    account.hidden, account.missing = {102}, {205}
    account.forget()
    page.goto(f"{site}/inventory/?refresh=1")
    page.get_by_text("Bungie did not send the vault: that is private now").wait_for()
    assert page.locator(".tile").count() > 300


@VIEWPORTS
@pytest.mark.parametrize("state", [first_visit, maintenance, bungie_down, sign_in_expired, private_parts])
def test_every_state_is_a_page_for_everyone(state, viewport, open_as, site, sandbox):
    page = open_as(OWNER, "/settings/", viewport)
    page.complaints.clear()
    state(page, site, sandbox)
    assert serious(page) == []
    assert not is_sideways(page)


@VIEWPORTS
@pytest.mark.parametrize(
    ("guardian", "path", "words"),
    [
        (NEW_ACCOUNT, "/inventory/", "There is no character on this account yet"),
        (TWO_ACCOUNTS, "/inventory/", "Your account on"),
        (TWO_ACCOUNTS, "/settings/", "Which one do you want to see?"),
        (OWNER, "/", "Everything you own"),
    ],
)
def test_pages_of_these_people_are_for_everyone(guardian, path, words, viewport, open_as):
    page = open_as(guardian, path, viewport)
    page.get_by_text(words).first.wait_for()
    assert serious(page) == []
    assert not is_sideways(page)
    assert not page.complaints
