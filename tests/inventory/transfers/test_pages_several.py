"""Several items at once for who has no scripts: boxes, and the buttons of the bar."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Transfer
from tests.inventory.guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site):
    return site.browser(OWNER)


@pytest.fixture
def owned(site):
    return site.account(OWNER).owned


def boxes(browser, store=""):
    page = browser.get(f"/transfers/several/?store={store}").text
    return [part.split('"')[0] for part in page.split('type="checkbox" name="items" value="')[1:]]


def test_a_character_shows_what_it_carries_and_has_lost_the_vault_what_is_in_it(owner, owned):
    character = owned.characters[0].id
    gear = [each for each in owned.items if each.instance_id and each.movable and each.home in facts.WEAPON_BUCKETS]
    carried = {each.instance_id for each in gear if each.owner == character}
    stored = {each.instance_id for each in gear if each.bucket == facts.VAULT}
    assert carried
    assert stored
    assert carried <= set(boxes(owner, character))
    assert stored <= set(boxes(owner, "vault"))
    assert not stored & set(boxes(owner, character))


def test_each_box_stands_once_for_all_that_lies_together(owner, owned):
    for store in ("vault", "account", *(each.id for each in owned.characters)):
        found = boxes(owner, store)
        assert len(found) == len(set(found))


def test_what_is_ticked_is_one_job(owner, owned):
    items = boxes(owner, "vault")[:3]
    form = {"do": f"move {owned.characters[0].id}", "items": items, "confirmed": "on", "key": "click"}
    answer = owner.post("/transfers/", form)
    assert answer.url == f"/transfers/{Transfer.objects.get().pk}/"
    assert len(Transfer.objects.get().wants) == 3


def test_nobody_elses_store_is_shown(owner, site):
    foreign = site.account(COLLECTOR).owned.characters[0].id
    assert boxes(owner, foreign) == boxes(owner)


def test_the_inventory_leads_there_without_scripts(owner):
    page = owner.get("/inventory/").text
    assert any('href="/transfers/several/' in part.split("</noscript>")[0] for part in page.split("<noscript>")[1:])
