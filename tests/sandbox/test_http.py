"""The service is as strict as the real one, so that a client that works here works there."""

import http.client
import time

import pytest
import requests

MANIFEST = "/Destiny2/Manifest/"


def test_client_without_user_agent_gets_a_block_page(sandbox):
    connection = http.client.HTTPConnection(sandbox.root.removeprefix("http://"), timeout=60)
    connection.request("GET", "/Platform/Destiny2/Manifest/", headers={"X-API-Key": "sandbox-api-key"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


def test_missing_and_wrong_keys_are_told_apart(wire):
    assert wire.refused(MANIFEST, headers={"X-API-Key": None}) == (401, 2102, "ApiKeyMissingFromRequest")
    assert wire.refused(MANIFEST, headers={"X-API-Key": "wrong"}) == (401, 2101, "ApiInvalidOrExpiredKey")


def test_origin_that_is_not_registered_is_refused(wire):
    assert wire.refused(MANIFEST, headers={"Origin": "https://example.org"})[1:] == (
        2107,
        "OriginHeaderDoesNotMatchKey",
    )


def test_path_without_last_slash_is_redirected_with_its_query(wire):
    answer = wire.get("/Destiny2/3/Profile/4611686018500000001", components="100")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/Platform/Destiny2/3/Profile/4611686018500000001/?components=100",
    )


def test_post_without_last_slash_is_refused_as_html(sandbox):
    address = f"{sandbox.root}/Platform/App/OAuth/token"
    answer = requests.post(address, data={}, headers={"User-Agent": "tests"}, timeout=60, allow_redirects=False)
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "text/html; charset=utf-8")


@pytest.mark.parametrize("components", ["", "0x64", "4711", "Profiles,Nonsense"])
def test_components_are_mandatory_and_have_to_be_known(wire, components):
    query = {"components": components} if components else {}
    assert wire.refused(wire.account("20000001"), **query) == (400, 18, "InvalidParameters")


def test_components_may_be_named(wire):
    assert set(wire.response(wire.account("20000001"), components="Profiles,Characters")) >= {"profile", "characters"}


def test_ids_have_to_be_numbers(wire):
    assert wire.refused("/Destiny2/3/Profile/abc/", components="100") == (400, 7, "ParameterParseFailure")


def test_unknown_account_is_not_found(wire):
    assert wire.refused("/Destiny2/3/Profile/1/", components="100") == (500, 1601, "DestinyAccountNotFound")


def test_account_answers_only_to_its_own_platform(wire):
    own = wire.account("20000001")
    assert wire.refused(own.replace("/3/", "/2/"), components="100")[1] == 1601


@pytest.mark.parametrize("token", ["nonsense", "ä"])
def test_bad_access_token_is_refused_even_where_none_is_needed(wire, token):
    headers = {"Authorization": f"Bearer {token}".encode()}
    assert wire.refused(MANIFEST, headers=headers) == (401, 99, "WebAuthRequired")


def test_unknown_paths_answer_as_html(wire, sandbox):
    assert wire.get("/Nowhere/").status_code == 404
    lost = requests.get(f"{sandbox.root}/en/Nowhere", headers={"User-Agent": "tests"}, timeout=60)
    assert (lost.status_code, lost.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_address_that_asks_too_often_is_told_to_wait(wire, orders):
    orders.throttle(0.3)
    assert [wire.get(MANIFEST).status_code for _ in range(3)] == [200, 200, 200]
    throttled = wire.get(MANIFEST)
    assert throttled.status_code == 503
    assert throttled.json()["ErrorStatus"] == "ThrottleLimitExceededMomentarily"
    assert throttled.json()["ThrottleSeconds"] == 10


def test_limit_is_250_requests_in_ten_seconds(sandbox):
    now = time.monotonic()
    assert all(sandbox.throttle.admits("192.0.2.1", now) for _ in range(250))
    assert not sandbox.throttle.admits("192.0.2.1", now)
    assert sandbox.throttle.admits("192.0.2.2", now)


def test_files_and_pictures_are_not_throttled(wire, orders, sandbox):
    orders.throttle(0)
    path = sandbox.library.index()["mobileWorldContentPaths"]["en"]
    answer = requests.get(f"{sandbox.root}{path}", headers={"User-Agent": "tests"}, timeout=60)
    assert answer.status_code == 200


def test_connection_is_kept_for_many_calls(sandbox):
    connection = http.client.HTTPConnection(sandbox.root.removeprefix("http://"), timeout=60)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", "/Platform/Settings/", headers={"X-API-Key": "sandbox-api-key", "User-Agent": "t"})
        assert connection.getresponse().read()
    assert connection.sock is socket


def test_log_says_what_was_asked_and_no_secret(wire, orders):
    token = wire.token("20000001")
    wire.get(wire.account("20000001"), token, components="100")
    orders.consent("20000001", "secret-state")
    (entry,) = orders.log("GetProfile")
    assert (entry["guardian"], entry["status"], entry["error_code"], entry["user_agent"]) == (
        "20000001",
        200,
        1,
        "tests",
    )
    assert token not in str(orders.log())
    assert "secret-state" not in str(orders.log())
