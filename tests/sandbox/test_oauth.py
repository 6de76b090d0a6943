"""Sign-in: consent, codes, tokens that expire and rotate."""

import base64

import pytest
import requests

from tests.sandbox.wire import ILVA, NEVER_PLAYED

YEAR = 366 * 86400
ASK = {"client_id": "12345", "response_type": "code", "state": "abc"}


def consent(sandbox, **ask):
    address = f"{sandbox.root}/en/OAuth/Authorize"
    return requests.get(address, params=ask, headers={"User-Agent": "tests"}, timeout=60)


def test_consent_page_lists_everybody_and_says_that_it_is_a_sandbox(sandbox):
    page = consent(sandbox, **ASK)
    assert page.status_code == 200
    assert all(f'value="{one.id}"' in page.text for one in sandbox.guardians)
    assert "sandbox on this machine" in page.text


def test_names_with_markup_stay_text_on_the_consent_page(sandbox):
    assert "<b>Bram" not in consent(sandbox, **ASK).text


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "999"}, {"response_type": "token"}, {"redirect_uri": "https://example.org/"}],
)
def test_application_that_asks_wrongly_gets_an_error_page_and_no_redirect(sandbox, wrong):
    page = consent(sandbox, **ASK | wrong)
    assert page.status_code == 400
    assert not page.history


def test_choice_leads_back_with_a_code_and_the_state(orders):
    back = orders.consent(ILVA, "abc")
    assert back.keys() == {"code", "state"}
    assert back["state"] == "abc"


def test_cancel_leads_back_with_access_denied(orders):
    assert orders.consent(ILVA, "abc", cancel=True)["error"] == "access_denied"


def test_code_buys_tokens_for_the_bungie_account(wire, orders):
    answer = wire.exchange(grant_type="authorization_code", code=orders.consent(ILVA)["code"])
    bought = answer.json()
    assert answer.status_code == 200
    assert (bought["token_type"], bought["expires_in"], bought["refresh_expires_in"]) == ("Bearer", 3600, 7776000)
    assert bought["membership_id"] == ILVA
    user = wire.response("/User/GetMembershipsForCurrentUser/", bought["access_token"])["bungieNetUser"]
    assert user["membershipId"] == ILVA


def test_credentials_may_stand_in_the_body(wire, orders):
    form = {"client_id": "12345", "client_secret": "sandbox-client-secret", "grant_type": "authorization_code"}
    assert wire.exchange(auth=None, code=orders.consent(ILVA)["code"], **form).status_code == 200


@pytest.mark.parametrize("auth", [None, ("12345", "wrong"), ("999", "sandbox-client-secret")])
def test_stranger_cannot_spend_a_code(wire, orders, auth):
    answer = wire.exchange(auth=auth, grant_type="authorization_code", code=orders.consent(ILVA)["code"])
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_damaged_basic_credentials_are_refused_not_an_error_of_ours(sandbox):
    address = f"{sandbox.root}/Platform/App/OAuth/token/"
    for damaged in ("***", base64.b64encode(b"\xff\xfe").decode()):
        headers = {"User-Agent": "tests", "Authorization": f"Basic {damaged}"}
        assert requests.post(address, data={"a": "b"}, headers=headers, timeout=60).status_code == 401


def test_code_can_be_spent_once(wire, orders):
    code = orders.consent(ILVA)["code"]
    assert wire.exchange(grant_type="authorization_code", code=code).status_code == 200
    again = wire.exchange(grant_type="authorization_code", code=code)
    assert (again.status_code, again.json()) == (
        400,
        {"error": "invalid_grant", "error_description": "AuthorizationCodeInvalid"},
    )


def test_code_grows_stale(wire, orders):
    code = orders.consent(ILVA)["code"]
    orders.advance(601)
    stale = wire.exchange(grant_type="authorization_code", code=code)
    assert stale.json() == {"error": "invalid_grant", "error_description": "AuthorizationCodeStale"}


def test_access_token_dies_after_an_hour(wire, orders):
    token = wire.token(ILVA)
    assert wire.get("/Destiny2/Manifest/", token).status_code == 200
    orders.advance(3601)
    assert wire.refused("/Destiny2/Manifest/", token) == (401, 99, "WebAuthRequired")


def test_refresh_rotates_and_the_old_token_is_dead(wire):
    old = wire.sandbox.tokens.issue_pair(ILVA)["refresh_token"]
    new = wire.exchange(grant_type="refresh_token", refresh_token=old).json()["refresh_token"]
    assert new != old
    assert wire.exchange(grant_type="refresh_token", refresh_token=old).json()["error"] == "invalid_grant"
    assert wire.exchange(grant_type="refresh_token", refresh_token=new).status_code == 200


def test_access_token_is_no_refresh_token(wire):
    token = wire.token(ILVA)
    assert wire.exchange(grant_type="refresh_token", refresh_token=token).json()["error"] == "invalid_grant"


def test_refresh_token_dies_after_ninety_days(wire, orders):
    token = wire.sandbox.tokens.issue_pair(ILVA)["refresh_token"]
    orders.advance(90 * 86400 + 1)
    dead = wire.exchange(grant_type="refresh_token", refresh_token=token)
    assert dead.json()["error_description"] == "RefreshTokenExpired"


def test_authorization_dies_after_a_year_however_often_it_was_refreshed(wire, orders):
    orders.token_lifetimes(refresh=2 * YEAR)
    token = wire.sandbox.tokens.issue_pair(ILVA)["refresh_token"]
    token = wire.exchange(grant_type="refresh_token", refresh_token=token).json()["refresh_token"]
    orders.advance(YEAR)
    dead = wire.exchange(grant_type="refresh_token", refresh_token=token)
    assert dead.json()["error_description"] == "AuthorizationRecordExpired"


def test_tokens_outlive_a_restart_of_the_sandbox(sandbox, tmp_path):
    from destinyvault.sandbox.clock import Clock
    from destinyvault.sandbox.tokens import Tokens

    token = sandbox.tokens.issue_pair(ILVA)["access_token"]
    assert Tokens("sandbox-client-secret:1", Clock()).bearer(token) == ILVA
    assert Tokens("another:1", Clock()).bearer(token) is None


def test_ordered_end_kills_the_tokens_of_one_guardian_only(wire, orders):
    hers, theirs = wire.token(ILVA), wire.token(NEVER_PLAYED)
    orders.end_tokens(ILVA, "access")
    assert wire.get("/Destiny2/Manifest/", hers).status_code == 401
    assert wire.get("/Destiny2/Manifest/", theirs).status_code == 200
    assert wire.get("/Destiny2/Manifest/", wire.token(ILVA)).status_code == 200


def test_maintenance_reaches_the_token_endpoint_as_400(wire, orders):
    orders.fault("*", maintenance=True)
    answer = wire.exchange(grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json()["error_description"]) == (400, "SystemDisabled")
