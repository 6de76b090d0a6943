"""Which decision each kind of answer leads to."""

import pytest

from destinyvault.bungie import client
from destinyvault.bungie.errors import (
    BungieDown,
    BungieError,
    OutcomeUnknown,
    Refused,
    SignInExpired,
    SiteRefused,
    Throttled,
)
from tests.bungie.wire import HANG_UP, NEVER, Answer, envelope, oauth_error

# No JSON parser in Python follows it to its bottom.
DEEP = b'{"Response": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def read():
    return client.profile(3, "1", [100], "a-token")


def write():
    return client.equip_item(3, "77", "1", "2", "a-token")


def error_of(call, wire, *answers):
    wire.will_say(*answers)
    with pytest.raises(BungieError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("code", [31, 35, 36, 37, 51, 54, 55, 56, 57, 1672])
def test_throttle_codes(wire, code):
    error = error_of(read, wire, envelope(code=code, throttle=10, http=503))
    assert type(error) is Throttled
    assert error.throttle_seconds == 10


@pytest.mark.parametrize("code", [22, 99, 2106, 2111, 2122, 2123, 2124])
def test_codes_of_a_dead_sign_in(wire, code):
    assert type(error_of(read, wire, envelope(code=code, http=500))) is SignInExpired


@pytest.mark.parametrize("code", [18, 1601, 1623, 1642, 1665, 99999])
def test_every_other_code_is_a_refusal(wire, code):
    assert type(error_of(read, wire, envelope(code=code, http=500))) is Refused


@pytest.mark.parametrize("code", [12, 2101, 2102, 2107, 2108])
@pytest.mark.parametrize("call", [read, write])
def test_a_refusal_of_the_application_is_told_apart_and_the_log_says_who_can_mend_it(wire, caplog, call, code):
    assert type(error_of(call, wire, envelope(code=code, http=401))) is SiteRefused
    assert "BUNGIE_API_KEY" in caplog.text


@pytest.mark.parametrize("code", [1643, 1645, 1651, 1652, 1688])
def test_a_timeout_inside_bungie_leaves_a_write_unknown_and_a_read_to_be_repeated(wire, code):
    assert type(error_of(write, wire, envelope(code=code, http=500))) is OutcomeUnknown
    assert type(error_of(read, wire, envelope(code=code, http=500))) is BungieDown


def test_maintenance_is_known_by_its_code(wire):
    error = error_of(read, wire, envelope(code=5, status="SystemDisabled", http=503))
    assert type(error) is BungieDown
    assert error.maintenance
    assert not error_of(read, wire, Answer(503, b"<html>busy</html>")).maintenance


def test_an_error_carries_what_bungie_said(wire):
    error = error_of(read, wire, envelope(code=1642, status="DestinyNoRoomInDestination", message="Full.", http=500))
    assert (error.code, error.status, error.message, error.http_status) == (
        1642,
        "DestinyNoRoomInDestination",
        "Full.",
        500,
    )


def test_the_body_is_judged_before_the_http_status(wire):
    wire.will_say(envelope({"profile": {}}, http=500))
    assert read() == {"profile": {}}
    assert type(error_of(read, wire, envelope(code=1601, http=200))) is Refused


@pytest.mark.parametrize(
    "body", [b"", b"<html>down</html>", b"[1, 2]", b"null", b'"text"', b'{"a": 1}', b"{", b"\xff\xfe", DEEP]
)
@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_a_body_without_an_envelope_is_an_outage(wire, body, status):
    assert type(error_of(read, wire, Answer(status, body))) is BungieDown


@pytest.mark.parametrize("response", [None, 0, "text", []])
def test_success_without_the_expected_object_is_an_outage(wire, response):
    assert type(error_of(read, wire, envelope(response))) is BungieDown


def test_replies_without_their_fields_are_an_outage(wire):
    indexes = [{"version": "1"}, {"version": "1", "mobileWorldContentPaths": 5}]
    for index in indexes:
        assert type(error_of(client.manifest_index, wire, envelope(index))) is BungieDown
    for call in (client.manifest_index, lambda: client.linked_profiles("1", "t"), lambda: client.bungie_user("1")):
        assert type(error_of(call, wire, envelope({"profiles": [{}]}))) is BungieDown


def test_a_bare_401_is_a_dead_sign_in(wire):
    assert type(error_of(read, wire, Answer(401))) is SignInExpired
    assert type(error_of(write, wire, Answer(401))) is SignInExpired


@pytest.mark.parametrize("answer", [HANG_UP, Answer(502, b"<html>"), Answer(200, b""), Answer(200, b"{}")])
def test_a_write_without_a_readable_answer_is_unknown(wire, answer):
    assert type(error_of(write, wire, answer)) is OutcomeUnknown


def test_a_write_that_is_not_answered_in_time_is_unknown(wire, monkeypatch):
    monkeypatch.setattr(client, "ACTION_SECONDS", 2)  # a busy machine has sent it by then
    assert type(error_of(write, wire, NEVER)) is OutcomeUnknown


def test_a_write_that_never_left_is_not_unknown(wire, settings):
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    assert type(error_of(write, wire)) is BungieDown


@pytest.mark.parametrize(
    ("error", "description", "kind"),
    [
        ("invalid_grant", "AuthorizationCodeInvalid", SignInExpired),
        ("invalid_grant", "", SignInExpired),
        ("server_error", "AuthorizationRecordExpired", SignInExpired),
        ("server_error", "AccessTokenHasExpired", SignInExpired),
        ("SystemDisabled", "", BungieDown),
        ("server_error", "SystemDisabled", BungieDown),
        ("invalid_client", "", SiteRefused),
        ("unauthorized_client", "ApplicationTokenKeyIdDoesNotExist", SiteRefused),
        ("server_error", "ApiInvalidOrExpiredKey", SiteRefused),
        ("temporarily_unavailable", "", BungieDown),
        ("server_error", "", BungieDown),
        ("whatever", "InvalidParameters", BungieDown),
    ],
)
def test_errors_of_the_token_endpoint(wire, error, description, kind):
    caught = error_of(lambda: client.refresh_tokens("r"), wire, oauth_error(error, description))
    assert type(caught) is kind
    assert getattr(caught, "maintenance", None) is (
        (description or error) == "SystemDisabled" if kind is BungieDown else None
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(401), SignInExpired),
        (Answer(403), SignInExpired),
        (Answer(403, b"<html>blocked</html>"), BungieDown),
        (Answer(500, b"<html>"), BungieDown),
        (Answer(200, b"{}"), BungieDown),
        (Answer(200, b'{"access_token": "a", "expires_in": "soon", "membership_id": 1}'), BungieDown),
        (envelope(code=5, status="SystemDisabled", http=503), BungieDown),
        (envelope(code=18, status="InvalidParameters", http=400), BungieDown),
        (envelope(code=2101, status="ApiInvalidOrExpiredKey", http=401), SiteRefused),
        (Answer(200, DEEP), BungieDown),
        (HANG_UP, BungieDown),
    ],
)
def test_other_answers_of_the_token_endpoint(wire, answer, kind):
    assert type(error_of(lambda: client.refresh_tokens("r"), wire, answer)) is kind
    assert len(wire.seen) == 1, "a refresh token is good for one use"
