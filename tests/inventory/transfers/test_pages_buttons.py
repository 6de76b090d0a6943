"""The buttons of an item: H of MOVE_CASES as the page shows it, and what is off while Bungie is away."""

import re

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Transfer
from tests.inventory.guardians import OWNER, let_time_pass, refresh

pytestmark = pytest.mark.django_db


def buttons(html):
    """Each button's value, and whether it can be pressed."""
    return {value: " disabled" not in rest for value, rest in re.findall(r'name="do" value="([^"]+)"([^>]*)>', html)}


def page(browser, item):
    return browser.get(f"/items/{item.instance_id}/").text


@pytest.fixture
def owned(site):
    return site.account(OWNER).owned


def test_h1_an_equipped_weapon_may_go_everywhere_and_be_worn_by_the_others(site, owned):
    browser = site.browser(OWNER)
    worn = next(each for each in owned.items if each.equipped and each.home == facts.WEAPON_BUCKETS[0])
    characters = [each.id for each in owned.characters]
    told = buttons(page(browser, worn))
    assert {value: told[value] for value in told if value.startswith("equip")} == {
        f"equip {each}": each != worn.owner for each in characters
    }
    assert all(told[f"move {each}"] for each in [*characters, "vault"])
    assert {"lock", "unlock"} & told.keys()
    assert not [value for value in told if value.startswith("pull")]


def test_what_is_lost_can_be_pulled(site, owned):
    browser = site.browser(OWNER)
    lost = next(each for each in owned.items if each.bucket == facts.POSTMASTER and each.instance_id)
    told = buttons(page(browser, lost))
    assert told[f"pull {lost.owner}"]
    assert f"move {lost.owner}" not in told  # which would be the same


def test_of_a_stack_that_lies_in_several_places_the_lost_part_is_pulled(site, owned):
    browser = site.browser(OWNER)
    lost = next(
        each
        for each in owned.items
        if each.bucket == facts.POSTMASTER and not each.instance_id and each.kind and each.movable
    )
    html = browser.get(f"/items/stack/{lost.hash}/").text
    assert buttons(html)[f"pull {lost.owner}"]
    browser.post("/transfers/", {"do": f"pull {lost.owner}", "items": f"{lost.hash}@account"})
    (want,) = Transfer.objects.get().wants
    assert (want["kind"], want["item_hash"], want["source"]) == ("pull", lost.hash, lost.owner)


def test_every_button_is_off_while_bungie_is_away_and_says_why(site, owned):
    browser = site.browser(OWNER)
    held = next(each for each in owned.items if each.instance_id and each.home in facts.WEAPON_BUCKETS)
    assert "disabled aria-describedby" not in page(browser, held)
    let_time_pass()
    site.fault(error_code=5)
    refresh(browser)
    html = page(browser, held)
    assert "<fieldset disabled" in html
    assert "Nothing can be moved until" in html
    assert "data-actions-off=" in browser.get("/inventory/").text


def test_all_of_a_stack_is_brought_to_where_not_all_of_it_lies(site, mover):
    stack = mover.plain_stack(2)

    def offered():
        html = mover.browser.get(f"/items/stack/{stack['hash']}/").text
        return [value for value in buttons(html) if value.startswith("consolidate")]

    assert offered() == []
    largest = site.sandbox.catalog.by_hash[stack["hash"]].stack
    mover.play("add", hash=stack["hash"], quantity=largest, to="vault")
    mover.know()
    assert len(mover.items(hash=stack["hash"])) == 2
    elsewhere = offered()
    assert elsewhere
    assert "consolidate vault" not in elsewhere
    mover.play("move", hash=stack["hash"], quantity=1, to=mover.characters[0])
    mover.know()
    assert set(offered()) == {*elsewhere, "consolidate vault"}
    mover.play("move", hash=stack["hash"], quantity=largest + 1, to=mover.characters[0])
    mover.know()
    assert mover.amounts(stack) == {"account": largest + 2}
    assert offered() == ["consolidate vault"]


def test_all_means_all_whatever_store_and_amount_stand_beside_it(site, mover):
    stack = mover.plain_stack(6)
    mover.play("move", hash=stack["hash"], quantity=4, to=mover.characters[0])
    mover.know()
    form = {"do": "consolidate vault", "items": f"{stack['hash']}@vault", "quantity": "1"}
    assert mover.browser.post("/transfers/", form).status_code == 302
    assert mover.until_it_ends(Transfer.objects.get()).status == "done"
    assert mover.amounts(stack) == {"vault": 6}


def test_of_a_stack_some_may_be_moved_or_all_brought_together(site, owned):
    browser = site.browser(OWNER)
    stack = next(each for each in owned.items if each.instance_id is None and each.quantity > 1 and each.movable)
    html = browser.get(f"/items/stack/{stack.hash}/").text
    assert 'name="quantity"' in html
    assert any(value.startswith("move ") for value in buttons(html))
