import pytest
from django.test import Client

from accounts.models import Preferences, User

from .guardians import COLLECTOR, OWNER
from .test_inventory_page import page, tiles

pytestmark = pytest.mark.django_db


def folded(html):
    return {key for key in ("postmaster", "weapons", "armor", "general", "inventory") if f'id="{key}" open' not in html}


def kept(guardian=OWNER):
    return Preferences.objects.get(user__bungie__membership_id=guardian)


def test_the_order_is_kept_and_the_page_is_shown_again(site):
    browser = site.browser(OWNER)
    before = tiles(page(browser, "/vault/"))
    response = browser.post("/inventory/sort/", {"sort": "name", "next": "/vault/"})
    assert (response.status_code, response.url) == (302, "/vault/")
    after = tiles(page(browser, "/vault/"))
    assert sorted(after) == sorted(before)
    assert after != before
    assert kept().sort == "name"
    assert '<option value="name" selected>' in page(browser)


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example/", "", "javascript:alert(1)", "foo", "/\\evil", "\\evil"],
)
def test_the_way_back_never_leads_to_another_site(site, back):
    assert site.browser(OWNER).post("/inventory/sort/", {"sort": "name", "next": back}).url == "/inventory/"


def test_an_order_that_there_is_not_changes_nothing_and_says_so(site):
    browser = site.browser(OWNER)
    response = browser.post("/inventory/sort/", {"sort": "colour", "next": "/inventory/"}, follow=True)
    assert "There is no such order of items. Choose one of the list." in response.content.decode()
    assert not Preferences.objects.filter(sort="colour").exists()


def test_a_folded_group_comes_folded_and_an_opened_one_open(site):
    browser = site.browser(OWNER)
    assert folded(page(browser)) == set()
    for group in ("armor", "weapons"):
        assert browser.post("/inventory/folds/", {"group": group, "folded": "1"}).status_code == 204
    assert folded(page(browser)) == {"armor", "weapons"}
    assert "armor" in folded(page(browser, "/vault/"))
    browser.post("/inventory/folds/", {"group": "armor", "folded": "0"})
    assert folded(page(browser)) == {"weapons"}
    assert kept().folded == ["weapons"]


def test_folding_twice_is_folding_once(site):
    browser = site.browser(OWNER)
    for _ in range(2):
        browser.post("/inventory/folds/", {"group": "armor", "folded": "1"})
    assert kept().folded == ["armor"]


def test_a_group_that_there_is_not_is_refused(site):
    response = site.browser(OWNER).post("/inventory/folds/", {"group": "x" * 500, "folded": "1"})
    assert (response.status_code, response.content) == (400, b"There is no such group.")


def test_a_choice_is_the_persons_own(site):
    owner, collector = site.browser(OWNER), site.browser(COLLECTOR)
    owner.post("/inventory/folds/", {"group": "armor", "folded": "1"})
    owner.post("/inventory/sort/", {"sort": "name"})
    assert folded(page(collector)) == set()
    assert '<option value="power" selected>' in page(collector)


def test_a_choice_leaves_the_others_alone(site):
    browser = site.browser(OWNER)
    user = User.objects.get(bungie__membership_id=OWNER)
    Preferences.objects.update_or_create(user=user, defaults={"language": "fr", "tile_size": 72})
    browser.post("/inventory/folds/", {"group": "armor", "folded": "1"})
    browser.post("/inventory/sort/", {"sort": "tier"})
    assert (kept().language, kept().tile_size, kept().sort, kept().folded) == ("fr", 72, "tier", ["armor"])
    assert "tiles-72" in page(browser)


@pytest.mark.parametrize("path", ["/inventory/sort/", "/inventory/folds/"])
def test_a_stranger_is_sent_to_sign_in_and_a_look_to_the_inventory(site, path, client):
    assert client.post(path).url.startswith("/accounts/bungie/login/")
    assert site.browser(OWNER).get(path).url == "/inventory/"


@pytest.mark.parametrize("path", ["/inventory/sort/", "/inventory/folds/"])
def test_another_site_cannot_choose_for_a_person(site, path):
    browser = site.browser(OWNER, Client(enforce_csrf_checks=True))
    assert browser.post(path, {"sort": "name", "group": "armor", "folded": "1"}).status_code == 403
