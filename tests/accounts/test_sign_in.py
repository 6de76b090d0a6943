import logging
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import BungieAccount, Membership, Preferences, User
from tests.accounts.bungie import (
    CROSS_SAVE,
    HOSTILE,
    NEVER_PLAYED,
    TWO_PLATFORMS,
    callback_from,
    calls,
    come_back,
    fault,
    signed_in,
)
from tests.conftest import callback_for

pytestmark = pytest.mark.django_db

CALLBACK = "/accounts/bungie/login/callback/"


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def everything_stored():
    """The text of every cell of every table."""
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            yield from (row[0] for row in cursor.fetchall())


def test_a_person_signs_in(client, sandbox):
    response = come_back(sandbox, client)
    assert response.url == "/inventory/"
    assert is_signed_in(client)
    user = User.objects.get()
    assert (str(user), user.email, user.has_usable_password()) == ("Ilva Thornquist", "", False)
    account = user.bungie
    assert (account.membership_id, account.sign_in_needed) == ("20000001", False)
    assert account.access_expires_at < account.refresh_expires_at
    assert (account.refresh_expires_at - account.signed_in_at).days == 90
    assert Membership.objects.get(chosen=True).full_name == "Ilva Thornquist#4102"
    assert Preferences.objects.filter(user=user).exists()


def test_the_addresses_are_those_that_the_portal_and_the_design_know():
    assert reverse("bungie_login") == "/accounts/bungie/login/"
    assert reverse("bungie_callback") == CALLBACK


def test_a_plain_link_and_a_form_both_lead_to_bungie(sandbox):
    client = Client(enforce_csrf_checks=True)
    assert client.get("/accounts/bungie/login/").url.startswith(f"{sandbox.root}/en/OAuth/Authorize?")
    assert client.post("/accounts/bungie/login/").status_code == 403
    token = client.get("/accounts/logout/").cookies["csrftoken"].value
    answer = client.post("/accounts/bungie/login/", {"csrfmiddlewaretoken": token})
    assert answer.url.startswith(f"{sandbox.root}/en/OAuth/Authorize?")


@pytest.mark.parametrize(
    ("wanted", "reached"), [("/vault/", "/vault/"), ("https://evil.example/", "/inventory/"), ("", "/inventory/")]
)
def test_people_come_back_to_the_page_that_they_wanted_if_it_is_ours(client, sandbox, wanted, reached):
    address = callback_from(sandbox, client, f"/accounts/bungie/login/?next={wanted}")
    assert client.get(address).url == reached


def test_signing_in_again_is_the_same_person_with_new_tokens(client, sandbox):
    first = signed_in(sandbox, client)
    again = signed_in(sandbox, Client())
    assert User.objects.count() == 1
    assert again.access_token != first.access_token


def test_signing_in_again_keeps_the_chosen_platform(client, sandbox):
    account = signed_in(sandbox, client, TWO_PLATFORMS)
    other = account.memberships.get(chosen=False)
    client.post("/settings/platform/", {"membership": other.pk})
    signed_in(sandbox, Client(), TWO_PLATFORMS)
    assert account.memberships.get(chosen=True) == other


def test_cross_save_leaves_one_account_and_its_own_platform(client, sandbox):
    account = signed_in(sandbox, client, CROSS_SAVE)
    assert [each.platform for each in account.memberships.all()] == ["Xbox"]
    assert set(account.memberships.get().other_platforms) == {"PlayStation", "Steam", "Epic Games"}
    assert "with Cross Save also on" in client.get("/settings/").text


def test_without_cross_save_both_platforms_are_offered(client, sandbox):
    account = signed_in(sandbox, client, TWO_PLATFORMS)
    assert {each.platform for each in account.memberships.all()} == {"PlayStation", "Steam"}
    assert account.memberships.filter(chosen=True).count() == 1


def test_a_name_full_of_markup_is_only_a_name(client, sandbox):
    signed_in(sandbox, client, HOSTILE)
    page = client.get("/settings/").text
    assert "<b>Bram" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;Bram" in page


def test_no_token_stands_in_the_clear_in_any_table(client, sandbox):
    account = signed_in(sandbox, client)
    stored = list(everything_stored())
    assert any(account.membership_id in row for row in stored)
    assert not [row for row in stored if account.access_token in row or account.refresh_token in row]


def test_a_locked_person_cannot_sign_in(client, sandbox):
    signed_in(sandbox, client)
    User.objects.update(is_active=False)
    other = Client()
    response = come_back(sandbox, other)
    assert response.status_code == 403
    assert "This account is locked" in response.text
    assert not is_signed_in(other)


def cancelled(sandbox, client, settings):
    return come_back(sandbox, client, cancel="1")


def refused(sandbox, client, settings):
    state = callback_for(sandbox, client, cancel="1").split("state=")[1]
    return client.get(CALLBACK, {"error": "invalid_scope", "state": state})


def without_a_state(sandbox, client, settings):
    return client.get(callback_for(sandbox, client, guardian="20000001").split("&state=")[0])


def with_the_state_of_another_browser(sandbox, client, settings):
    return client.get(callback_for(sandbox, Client(), guardian="20000001"))


def without_a_code(sandbox, client, settings):
    return client.get(CALLBACK, {"state": callback_for(sandbox, client, cancel="1").split("state=")[1]})


def with_an_old_code(sandbox, client, settings):
    sandbox.tokens.lifetimes.code = -1
    return come_back(sandbox, client)


def with_a_used_code(sandbox, client, settings):
    code = callback_for(sandbox, client, guardian="20000001").split("code=")[1].split("&")[0]
    sandbox.tokens.spend_code(code)
    state = callback_for(sandbox, client, cancel="1").split("state=")[1]
    return client.get(CALLBACK, {"code": code, "state": state})


def in_maintenance(sandbox, client, settings):
    fault(sandbox, "*", maintenance=True)
    return come_back(sandbox, client)


def in_maintenance_after_the_token(sandbox, client, settings):
    fault(sandbox, "GetLinkedProfiles", maintenance=True)
    return come_back(sandbox, client)


def with_the_token_endpoint_down(sandbox, client, settings):
    fault(sandbox, "token", html=503)
    return come_back(sandbox, client)


def with_the_token_reply_lost(sandbox, client, settings):
    fault(sandbox, "token", drop="after")
    return come_back(sandbox, client)


def throttled(sandbox, client, settings):
    fault(sandbox, "GetLinkedProfiles", error_code=36, throttle_seconds=60)
    return come_back(sandbox, client)


def with_a_wrong_api_key(sandbox, client, settings):
    settings.BUNGIE_API_KEY = "mistyped"
    return come_back(sandbox, client)


def with_a_wrong_secret(sandbox, client, settings):
    settings.BUNGIE_CLIENT_SECRET = "mistyped"
    return come_back(sandbox, client)


def without_an_application(sandbox, client, settings):
    settings.BUNGIE_CLIENT_ID = ""
    return client.get("/accounts/bungie/login/")


def with_another_refusal(sandbox, client, settings):
    fault(sandbox, "GetLinkedProfiles", error_code=1665)
    return come_back(sandbox, client)


def without_a_destiny_account(sandbox, client, settings):
    return come_back(sandbox, client, NEVER_PLAYED)


FAILURES = [
    (cancelled, 200, "Sign-in cancelled"),
    (refused, 403, "Bungie refused the sign-in"),
    (without_a_state, 400, "It was not begun in this browser"),
    (with_the_state_of_another_browser, 400, "It was not begun in this browser"),
    (without_a_code, 400, "without the code"),
    (with_an_old_code, 400, "The sign-in took too long"),
    (with_a_used_code, 400, "The sign-in took too long"),
    (in_maintenance, 503, "Bungie is down for maintenance"),
    (in_maintenance_after_the_token, 503, "Bungie is down for maintenance"),
    (with_the_token_endpoint_down, 503, "Bungie does not answer"),
    (with_the_token_reply_lost, 503, "Bungie does not answer"),
    (throttled, 503, "Bungie asks for patience"),
    (with_a_wrong_api_key, 502, "This site is not set up for Bungie"),
    (with_a_wrong_secret, 502, "This site is not set up for Bungie"),
    (without_an_application, 502, "This site is not set up for Bungie"),
    (with_another_refusal, 502, "did not say which Destiny accounts"),
    (without_a_destiny_account, 403, "No Destiny 2 account"),
]


@pytest.mark.parametrize(("way", "status", "words"), FAILURES, ids=lambda each: getattr(each, "__name__", None))
def test_a_sign_in_that_fails_says_why_and_stores_nothing(client, sandbox, settings, caplog, way, status, words):
    caplog.set_level(logging.DEBUG)
    response = way(sandbox, client, settings)
    assert response.status_code == status
    assert words in response.text
    assert ("Retry-After" in response) == (status == 503)
    assert not User.objects.exists()
    assert not is_signed_in(client)
    assert settings.BUNGIE_CLIENT_SECRET not in caplog.text + response.text


@pytest.mark.parametrize("way", [in_maintenance, with_the_token_endpoint_down, cancelled, without_a_state])
def test_whoever_is_signed_in_stays_so_when_a_new_sign_in_fails(client, sandbox, settings, way):
    account = signed_in(sandbox, client)
    way(sandbox, client, settings)
    assert is_signed_in(client)
    account.refresh_from_db()
    assert not account.sign_in_needed


def test_a_state_is_good_once(client, sandbox):
    address = callback_for(sandbox, client, guardian="20000001")
    assert client.get(address).status_code == 302
    assert client.get(address).status_code == 400
    assert len(calls(sandbox, "token")) == 1


def test_a_second_bungie_account_cannot_be_hung_on_a_person(client, sandbox):
    signed_in(sandbox, client)
    address = callback_from(sandbox, client, "/accounts/bungie/login/?process=connect", TWO_PLATFORMS)
    client.get(address)
    assert User.objects.count() == 2
    assert set(BungieAccount.objects.values_list("user__first_name", flat=True)) == {"Ilva Thornquist", "Tamsin Roo"}


def test_a_destiny_account_that_bungie_cannot_read_now_is_an_outage_and_not_a_missing_account(client, sandbox):
    card = {"membershipType": 3, "membershipId": "1", "applicableMembershipTypes": [3]}
    unread = {"profiles": [], "profilesWithErrors": [{"errorCode": 1643, "infoCard": card}]}
    fault(sandbox, "GetLinkedProfiles", body={"Response": unread, "ErrorCode": 1})
    assert come_back(sandbox, client).status_code == 503


def test_of_two_first_sign_ins_at_the_same_moment_one_counts(client, sandbox):
    """The quicker one has stored its account after the slower one looked for it: the database says no then."""
    quicker = User.objects.create_user("quicker")
    BungieAccount.objects.create(user=quicker, membership_id="20000001")
    response = come_back(sandbox, client)
    assert response.status_code == 409
    assert list(User.objects.all()) == [quicker]
    assert not is_signed_in(client)


def test_a_visitor_who_only_presses_the_button_is_forgotten_within_an_hour(client, sandbox):
    cookie = client.get("/accounts/bungie/login/").cookies["sessionid"]
    assert 600 <= cookie["max-age"] <= 3600, "the state is good for ten minutes"
    assert Session.objects.get().expire_date <= timezone.now() + timedelta(hours=1)


def test_whoever_has_signed_in_is_remembered_as_long_as_bungie_does(client, sandbox, settings):
    signed_in(sandbox, client)
    cookie = client.get("/settings/").client.cookies["sessionid"]
    assert cookie["max-age"] == settings.SESSION_COOKIE_AGE
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=89)


def test_a_second_sign_in_begun_does_not_shorten_the_first(client, sandbox, settings):
    signed_in(sandbox, client)
    client.get("/accounts/bungie/login/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=89)
