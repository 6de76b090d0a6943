"""When Bungie is asked, and what the page shows before, meanwhile and instead."""

import re
from datetime import timedelta

import pytest

from accounts.models import BungieAccount, Membership, User
from destinyvault.bungie import client
from destinyvault.bungie.enums import Bucket
from inventory.models import ProfileSnapshot

from .guardians import COLLECTOR, OWNER, bungie_was_asked_just_now, forget_everything, let_time_pass, now, refresh
from .hanging import hanging

pytestmark = pytest.mark.django_db


def fetch(browser, path="/inventory/"):
    response = browser.get(path)
    return response.status_code, response.content.decode()


def refreshed(browser, path="/inventory/"):
    response = refresh(browser, path)
    return response.status_code, response.content.decode()


@pytest.fixture
def lose_an_item(site, monkeypatch):
    def lose_an_item():
        owned = site.account(OWNER).owned
        lost = next(item for item in owned.items if item.bucket == Bucket.GENERAL)
        monkeypatch.setattr(owned, "items", [item for item in owned.items if item is not lost])
        site.account(OWNER).forget()

    return lose_an_item


def test_bungie_is_not_asked_twice_within_half_a_minute(site):
    browser = site.browser(OWNER)
    for path in ("/inventory/", "/vault/", "/api/v1/inventory"):
        fetch(browser, path)
    assert site.calls() == 1
    let_time_pass(31)
    fetch(browser, "/api/v1/inventory")
    assert site.calls() == 2


@pytest.mark.parametrize("path", ["/inventory/", "/vault/", "/characters/", "/items/"])
def test_a_page_never_asks_bungie_but_shows_what_is_known_and_asks_in_the_background(site, path):
    browser = site.browser(OWNER)
    owned = site.account(OWNER).owned
    carried = next(item.instance_id for item in owned.items if item.instance_id and item.power)
    path += {"/characters/": f"{owned.characters[0].id}/", "/items/": f"{carried}/"}.get(path, "")
    assert asks_again(fetch(browser, path)[1]) is None
    let_time_pass(7200)
    status, html = fetch(browser, path)
    assert (status, site.calls()) == (200, 1)
    assert "2 hours ago" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert asks_again(html) == "0"
    status, html = refreshed(browser, path)
    assert (status, site.calls()) == (200, 2)
    assert "just now" in html


def asks_again(html):
    """After how many seconds, if at all."""
    found = re.search(r'id="age"[^>]* data-again="(\d+)"', html)
    return found and found[1]


def test_refresh_asks_bungie_again_but_not_at_every_click(site):
    browser = site.browser(OWNER)
    bungie_was_asked_just_now()
    refresh(browser)
    assert site.calls() == 1
    let_time_pass(10)
    refresh(browser)
    assert site.calls() == 2


def test_the_link_to_refresh_asks_without_a_script_and_leads_to_the_page(site):
    browser = site.browser(OWNER)
    let_time_pass(10)
    response = browser.get("/vault/?refresh=1")
    assert (response.status_code, response.url) == (302, "/vault/")
    assert site.calls() == 2


def test_unchanged_items_are_not_sent_again(site, lose_an_item):
    browser = site.browser(OWNER)
    key = browser.get("/inventory/").context["key"]
    response = browser.get(f"/inventory/?refresh=1&shown={key}", headers={"HX-Request": "true"})
    assert response["HX-Reswap"] == "none"
    assert 'class="tile' not in response.content.decode()
    assert "just now" in response.content.decode()
    lose_an_item()
    let_time_pass()
    response = browser.get(f"/inventory/?refresh=1&shown={key}", headers={"HX-Request": "true"})
    assert "HX-Reswap" not in response
    assert 'class="tile' in response.content.decode()


def test_two_people_never_see_each_others_items(site):
    owner, collector = site.browser(OWNER), site.browser(COLLECTOR)
    assert "Ilva Thornquist" in fetch(owner)[1]
    assert "Ilva Thornquist" not in fetch(collector)[1]
    assert ProfileSnapshot.objects.count() == 2


@pytest.mark.parametrize("seconds", [0, 300])
def test_reply_that_was_not_minted_later_never_replaces_the_one_held(site, seconds):
    browser = site.browser(OWNER)
    row = ProfileSnapshot.objects.get()
    newer = row.minted_at + timedelta(seconds=seconds)
    ProfileSnapshot.objects.update(minted_at=newer, fetched_at=now() - timedelta(minutes=1))
    fault = {"Response": {"profileInventory": {"data": {"items": []}}}, "ErrorCode": 1}
    fault["Response"]["responseMintedTimestamp"] = row.minted_at.isoformat()
    site.fault(body=fault)
    before = now()
    status, html = refreshed(browser)
    assert (status, site.calls()) == (200, 2)
    assert html.count('class="tile ') == len(site.items(OWNER))
    after = ProfileSnapshot.objects.get()
    assert (after.minted_at, after.digest) == (newer, row.digest)
    assert after.fetched_at >= before


@pytest.mark.parametrize(("seconds", "is_replaced"), [(20, False), (40, True)])
def test_reply_that_does_not_say_when_it_was_minted_may_be_as_old_as_bungies_cache(site, seconds, is_replaced):
    """Else it could prove that a call of ours did not happen, which it does not know of yet."""
    browser, ago = site.browser(OWNER), now() - timedelta(seconds=seconds)
    ProfileSnapshot.objects.update(minted_at=ago, fetched_at=now() - timedelta(minutes=1))
    reply = {name: part for name, part in ProfileSnapshot.objects.get().reply.items() if "Minted" not in name}
    site.fault(body={"Response": reply, "ErrorCode": 1})
    before = now()
    refreshed(browser)
    after = ProfileSnapshot.objects.get().minted_at
    assert (after != ago) == is_replaced
    assert after < before - timedelta(seconds=19)


def test_newer_reply_replaces_the_one_held(site, lose_an_item):
    browser = site.browser(OWNER)
    before = fetch(browser)[1].count('class="tile ')
    let_time_pass(60)
    lose_an_item()
    assert refreshed(browser)[1].count('class="tile ') == before - 1
    assert fetch(browser)[1].count('class="tile ') == before - 1


TROUBLES = [
    ({"error_code": 5}, "Bungie is down for maintenance."),
    ({"error_code": 36}, "Bungie asks this site to wait a moment."),
    ({"error_code": 1601}, "Bungie refuses to tell this site what you own."),
    ({"html": 503}, "Bungie does not answer."),
    ({"empty": 200}, "Bungie does not answer."),
    ({"drop": "before"}, "Bungie does not answer."),
    ({"body": {"Response": {}, "ErrorCode": 1}}, "Bungie does not answer."),
    ({"body": {"Response": [1], "ErrorCode": 1}}, "Bungie does not answer."),
    ({"body": '{"Response": {"characters": {"data": {"\\ud800": 1}}}, "ErrorCode": 1}'}, "Bungie does not answer."),
]


@pytest.mark.parametrize(("effect", "sentence"), TROUBLES)
def test_last_known_inventory_is_shown_while_bungie_is_away(site, effect, sentence):
    browser = site.browser(OWNER)
    before = fetch(browser)[1].count('class="tile ')
    let_time_pass(7200)
    site.fault(**effect)
    response = refresh(browser)
    html = response.content.decode()
    assert response.status_code == 200
    assert response.context["actions_off"]
    assert f"{sentence} Your items are safe; this page shows them as of" in html
    assert "2 hours ago" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert html.count('class="tile ') == before
    assert asks_again(html) is None, "it asks again in half a minute, not at once"


def test_page_recovers_by_itself_once_bungie_is_back(site, settings):
    browser = site.browser(OWNER)
    let_time_pass()
    running, settings.BUNGIE_ROOT = settings.BUNGIE_ROOT, "http://127.0.0.1:1"  # nobody listens there
    assert "Bungie does not answer" in refreshed(browser)[1]
    assert "Bungie does not answer" in fetch(browser)[1]
    settings.BUNGIE_ROOT = running
    let_time_pass()
    response = refresh(browser)
    assert response.status_code == 200
    assert "does not answer" not in response.content.decode()
    assert not response.context["actions_off"]


def test_refresh_asks_again_soon_after_bungie_gave_no_answer(site):
    browser = site.browser(OWNER)
    let_time_pass()
    site.fault(drop="before")
    refresh(browser)
    site.sandbox.faults.clear()
    assert "Bungie does not answer" in refreshed(browser)[1]
    let_time_pass(6)
    assert "Bungie does not answer" in fetch(browser)[1]
    assert "Bungie does not answer" not in refreshed(browser)[1]
    assert "Bungie does not answer" not in fetch(browser)[1]


def test_an_older_reply_ends_the_trouble_as_well(site):
    browser = site.browser(OWNER)
    newer = now() + timedelta(minutes=5)
    ProfileSnapshot.objects.update(minted_at=newer, fetched_at=now() - timedelta(minutes=1), trouble="silent")
    assert "Bungie does not answer" not in refreshed(browser)[1]


def test_maintenance_of_the_token_endpoint_shows_the_last_known_inventory_too(site):
    browser = site.browser(OWNER)
    let_time_pass()
    BungieAccount.objects.update(access_expires_at=now() - timedelta(minutes=1))
    site.fault("token", maintenance=True)
    status, html = refreshed(browser)
    assert status == 200
    assert "Your items are safe; this page shows them as of" in html


def test_while_bungie_hangs_it_is_asked_once_in_half_a_minute_for_a_person(site, monkeypatch):
    browser = site.browser(OWNER)
    let_time_pass()
    monkeypatch.setattr(client, "READ_SECONDS", 0.2)
    with hanging(site.account(OWNER)) as held:
        pages = [refreshed(browser)]
        asked = held.asked
        pages += [fetch(browser, path) for path in ("/inventory/", "/vault/")] + [refreshed(browser)]
        assert held.asked == asked > 0
    for status, html in pages:
        assert status == 200
        assert "Bungie does not answer. Your items are safe; this page shows them as of" in html
    site.wait_for_answers(1 + asked)


def test_first_visit_says_what_is_going_on_at_once_and_leads_to_the_items(site):
    browser = site.browser(OWNER)
    forget_everything()
    for path in ("/inventory/", "/vault/", "/items/1/"):
        response = browser.get(path)
        assert (response.status_code, site.calls()) == (200, 1)
        assert "Reading your items from Bungie" in response.content.decode()
        assert f'content="0; url={path}?refresh=1"' in response.content.decode()
        assert f'hx-get="{path}?refresh=1"' in response.content.decode()
    response = browser.get("/inventory/?refresh=1", follow=True)
    assert response.redirect_chain == [("/inventory/", 302)]
    assert response.content.decode().count('class="tile ') == len(site.items(OWNER))


def test_a_part_of_a_page_that_is_no_longer_known_is_loaded_as_a_whole(site):
    browser = site.browser(OWNER)
    forget_everything()
    response = browser.get("/vault/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/vault/"


def test_the_first_visit_becomes_a_whole_page_as_soon_as_something_is_known(site):
    browser = site.browser(OWNER)
    forget_everything()
    asks = {"HX-Request": "true", "HX-Target": "first-visit"}
    response = browser.get("/vault/?refresh=1", headers=asks)
    assert response["HX-Redirect"] == "/vault/"
    assert ProfileSnapshot.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "first-visit"}])
@pytest.mark.parametrize(
    ("effect", "title"),
    [
        ({"error_code": 5}, "Bungie is down for maintenance"),
        ({"html": 503}, "Bungie does not answer"),
        ({"error_code": 36}, "Bungie asks for patience"),
    ],
)
def test_with_nothing_known_the_page_says_what_is_wrong_and_tries_again(site, effect, title, headers):
    browser = site.browser(OWNER)
    forget_everything()
    site.fault(**effect)
    response = browser.get("/inventory/?refresh=1", headers=headers)
    html = response.content.decode()
    assert response.status_code == 503
    assert title in html
    seconds = int(response["Retry-After"])
    assert f'hx-trigger="load delay:{seconds}s"' in html
    assert f'content="{seconds}; url=/inventory/?refresh=1"' in html


def test_dead_sign_in_is_told_beside_the_items_with_the_way_to_sign_in_again(site):
    browser = site.browser(OWNER)
    before = fetch(browser)[1].count('class="tile ')
    let_time_pass()
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    refresh(browser)
    html = fetch(browser)[1]
    assert "Bungie no longer accepts the sign-in that this site holds for you. Your items are safe" in html
    assert 'href="/accounts/bungie/login/?next=/inventory/">Sign in again' in html
    assert html.count('class="tile ') == before
    assert browser.get("/api/v1/inventory").status_code == 401
    site.browser(OWNER, browser)
    assert "no longer accepts" not in fetch(browser)[1]


def test_dead_sign_in_with_nothing_known_asks_to_sign_in_again(site):
    browser = site.browser(OWNER)
    forget_everything()
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    status, html = fetch(browser, "/inventory/?refresh=1")
    assert status == 401
    assert "sign in again" in html.lower()


def test_wrong_api_key_is_told_to_the_person(site, settings):
    browser = site.browser(OWNER)
    forget_everything()
    settings.BUNGIE_API_KEY = "wrong"
    status, html = fetch(browser, "/inventory/?refresh=1")
    assert status == 502
    assert "key" in html


def test_garbage_inside_a_profile_is_counted_and_not_an_error(site):
    browser = site.browser(OWNER)
    forget_everything()
    odd = {"profileInventory": {"data": {"items": [None, {"itemHash": "x"}, {"itemHash": 5, "quantity": "many"}]}}}
    site.fault(body={"Response": odd, "ErrorCode": 1})
    status, html = refreshed(browser)
    assert status == 200
    assert "2 entries that this site could not read" in html
    assert "Item 5" in html


def test_memberships_are_looked_up_when_bungie_is_asked_and_not_before(site):
    browser = site.browser(OWNER)
    old = now() - timedelta(days=2)
    BungieAccount.objects.update(memberships_read_at=old)
    Membership.objects.update(display_name="An old name")
    fetch(browser)
    assert site.calls("GetLinkedProfiles") == 1, "at the sign-in"
    let_time_pass()
    assert "Inventory of Ilva Thornquist" in refreshed(browser)[1]
    assert site.calls("GetLinkedProfiles") == 2


@pytest.mark.django_db(transaction=True)  # the foreign key is looked at when a transaction ends
@pytest.mark.parametrize("known", [True, False], ids=["with items known", "at the first visit"])
def test_who_deletes_their_data_while_bungie_is_asked_is_asked_to_sign_in(site, known, monkeypatch):
    browser = site.browser(OWNER)
    if known:
        let_time_pass()
    else:
        forget_everything()
    genuine = client.profile

    def meanwhile(*args):
        reply = genuine(*args)
        User.objects.get(bungie__membership_id=OWNER).delete()
        return reply

    monkeypatch.setattr(client, "profile", meanwhile)
    status, html = refreshed(browser)
    assert status == 401
    assert "sign in again" in html.lower()
    assert not ProfileSnapshot.objects.exists()
