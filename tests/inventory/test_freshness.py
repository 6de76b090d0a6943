from datetime import timedelta

import pytest

from accounts.models import BungieAccount, User
from destinyvault.bungie import client
from inventory.models import ProfileSnapshot

from .guardians import COLLECTOR, OWNER, forget_everything, let_time_pass, now

pytestmark = pytest.mark.django_db


def fetch(browser, path="/inventory/"):
    response = browser.get(path)
    return response.status_code, response.content.decode()


def test_bungie_is_not_asked_twice_within_half_a_minute(site):
    browser = site.browser(OWNER)
    fetch(browser)
    asked = site.calls()
    for path in ("/inventory/", "/vault/", "/api/v1/inventory"):
        fetch(browser, path)
    assert site.calls() == asked == 1
    let_time_pass(31)
    fetch(browser)
    assert site.calls() == 2


def test_refresh_asks_bungie_again_but_not_at_every_click(site):
    browser = site.browser(OWNER)
    fetch(browser)
    fetch(browser, "/inventory/?refresh=1")
    assert site.calls() == 1
    let_time_pass(10)
    fetch(browser, "/inventory/?refresh=1")
    assert site.calls() == 2


def test_two_people_never_see_each_others_items(site):
    owner, collector = site.browser(OWNER), site.browser(COLLECTOR)
    assert "Ilva Thornquist" in fetch(owner)[1]
    assert "Ilva Thornquist" not in fetch(collector)[1]
    assert ProfileSnapshot.objects.count() == 2


def test_reply_minted_earlier_never_replaces_a_newer_one(site):
    browser = site.browser(OWNER)
    fetch(browser)
    newer = now() + timedelta(minutes=5)
    ProfileSnapshot.objects.update(minted_at=newer, fetched_at=now() - timedelta(minutes=1))
    held = bytes(ProfileSnapshot.objects.get().packed)
    site.hide(OWNER, 102)
    status, html = fetch(browser)
    assert status == 200
    assert "that is private" not in html
    row = ProfileSnapshot.objects.get()
    assert (row.minted_at, bytes(row.packed)) == (newer, held)
    assert now() - row.fetched_at < timedelta(seconds=20)


def test_newer_reply_replaces_the_one_held(site):
    browser = site.browser(OWNER)
    fetch(browser)
    let_time_pass(60)
    site.hide(OWNER, 102)
    assert "that is private" in fetch(browser)[1]
    assert "that is private" in fetch(browser)[1]


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        ({"error_code": 5}, "Bungie is down for maintenance."),
        ({"html": 503}, "Bungie does not answer."),
        ({"empty": 200}, "Bungie does not answer."),
        ({"drop": "before"}, "Bungie does not answer."),
        ({"body": {"Response": {}, "ErrorCode": 1}}, "Bungie does not answer."),
        ({"body": {"Response": [1], "ErrorCode": 1}}, "Bungie does not answer."),
        ({"body": '{"Response": {"characters": "\\ud800"}, "ErrorCode": 1}'}, "Bungie does not answer."),
    ],
)
def test_last_known_inventory_is_shown_while_bungie_is_away(site, effect, sentence):
    browser = site.browser(OWNER)
    before = fetch(browser)[1].count('class="tile ')
    let_time_pass(7200)
    site.fault(**effect)
    status, html = fetch(browser)
    assert status == 200
    assert f"{sentence} Your items are safe; this page shows them as of" in html
    assert "2 hours ago" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert html.count('class="tile ') == before


def test_a_bungie_that_was_stopped_is_told_and_the_page_recovers_once_it_runs_again(site, settings):
    browser = site.browser(OWNER)
    before = fetch(browser)[1].count('class="tile ')
    let_time_pass()
    running, settings.BUNGIE_ROOT = settings.BUNGIE_ROOT, "http://127.0.0.1:1"  # nobody listens there
    status, html = fetch(browser)
    assert (status, html.count('class="tile ')) == (200, before)
    assert "Bungie does not answer. Your items are safe" in html
    settings.BUNGIE_ROOT = running
    let_time_pass()
    status, html = fetch(browser)
    assert status == 200
    assert "does not answer" not in html


def test_page_recovers_by_itself_once_bungie_is_back(site):
    browser = site.browser(OWNER)
    fetch(browser)
    let_time_pass()
    site.fault(error_code=5)
    assert "maintenance" in fetch(browser)[1]
    site.sandbox.faults.clear()
    site.account(OWNER).forget()
    let_time_pass()
    status, html = fetch(browser)
    assert status == 200
    assert "maintenance" not in html


def test_while_bungie_hangs_one_view_in_half_a_minute_waits_for_it(site, monkeypatch):
    monkeypatch.setattr(client, "READ_SECONDS", 0.2)
    browser = site.browser(OWNER)
    let_time_pass()
    site.fault(delay=1, times=50)
    pages = [fetch(browser)]
    (hanging,) = site.sandbox.faults.waiting()
    pages += [fetch(browser, path) for path in ("/inventory/", "/vault/", "/inventory/?refresh=1")]
    # Counted as the requests come in; the log has them once they are answered.
    assert site.sandbox.faults.waiting() == [hanging]
    assert hanging["times"] < 50
    for status, html in pages:
        assert status == 200
        assert "Bungie does not answer. Your items are safe; this page shows them as of" in html


def test_refresh_asks_again_soon_after_bungie_gave_no_answer(site):
    browser = site.browser(OWNER)
    fetch(browser)
    let_time_pass()
    site.fault(drop="before")
    fetch(browser)
    site.sandbox.faults.clear()
    let_time_pass(6)
    assert "Bungie does not answer" in fetch(browser)[1]
    assert "Bungie does not answer" not in fetch(browser, "/inventory/?refresh=1")[1]
    assert "Bungie does not answer" not in fetch(browser)[1]


def test_an_older_reply_ends_the_trouble_as_well(site):
    browser = site.browser(OWNER)
    fetch(browser)
    newer = now() + timedelta(minutes=5)
    ProfileSnapshot.objects.update(minted_at=newer, fetched_at=now() - timedelta(minutes=1), trouble="silent")
    assert "Bungie does not answer" not in fetch(browser)[1]


def test_maintenance_of_the_token_endpoint_shows_the_last_known_inventory_too(site):
    browser = site.browser(OWNER)
    fetch(browser)
    let_time_pass()
    BungieAccount.objects.update(access_expires_at=now() - timedelta(minutes=1))
    site.fault("token", maintenance=True)
    status, html = fetch(browser)
    assert status == 200
    assert "Your items are safe; this page shows them as of" in html


def test_with_nothing_known_the_error_page_says_that_bungie_is_away(site):
    browser = site.browser(OWNER)
    forget_everything()
    site.fault(error_code=5)
    status, html = fetch(browser)
    assert status == 503
    assert "Bungie is down for maintenance" in html


def test_dead_sign_in_asks_to_sign_in_again_even_when_items_are_known(site):
    browser = site.browser(OWNER)
    fetch(browser)
    let_time_pass()
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    status, html = fetch(browser)
    assert status == 401
    assert "sign in again" in html.lower()


def test_wrong_api_key_is_told_to_the_person(site, settings):
    browser = site.browser(OWNER)
    forget_everything()
    settings.BUNGIE_API_KEY = "wrong"
    status, html = fetch(browser)
    assert status == 502
    assert "key" in html


def test_garbage_inside_a_profile_is_counted_and_not_an_error(site):
    browser = site.browser(OWNER)
    forget_everything()
    odd = {"profileInventory": {"data": {"items": [None, {"itemHash": "x"}, {"itemHash": 5, "quantity": "many"}]}}}
    site.fault(body={"Response": odd, "ErrorCode": 1})
    status, html = fetch(browser)
    assert status == 200
    assert "2 entries that this site could not read" in html
    assert "Item 5" in html


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
    status, html = fetch(browser)
    assert status == 401
    assert "sign in again" in html.lower()
    assert not ProfileSnapshot.objects.exists()
