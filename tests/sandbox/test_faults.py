"""Faults that are ordered over HTTP, and the other orders."""

import pytest
import requests

from destinyvault.sandbox.orders import OrderRefused
from tests.sandbox.wire import COLLECTOR, ILVA, KEY

MANIFEST = "/Destiny2/Manifest/"


def test_fault_strikes_as_often_as_ordered_and_only_where_ordered(wire, orders):
    orders.fault("GetDestinyManifest", error_code=1618, times=2)
    assert wire.get("/Settings/").status_code == 200
    answers = [wire.get(MANIFEST).json()["ErrorCode"] for _ in range(3)]
    assert answers == [1618, 1618, 1]


def test_fault_can_be_meant_for_one_guardian(wire, orders):
    orders.fault("GetProfile", guardian=ILVA, error_code=1618)
    assert wire.refused(wire.account(ILVA), wire.token(ILVA), components="100")[1] == 1618
    assert wire.get(wire.account(COLLECTOR), wire.token(COLLECTOR), components="100").status_code == 200


def test_token_endpoint_can_fail_for_one_guardian(wire, orders):
    hers, theirs = orders.consent(ILVA)["code"], orders.consent(COLLECTOR)["code"]
    orders.fault("token", guardian=ILVA, html=503)
    assert wire.exchange(grant_type="authorization_code", code=hers).status_code == 503
    assert wire.exchange(grant_type="authorization_code", code=theirs).status_code == 200


def test_fault_can_be_meant_for_a_path(wire, orders):
    orders.fault("/Platform/Destiny2/", status=502)
    assert wire.get(MANIFEST).status_code == 502
    assert wire.get("/Settings/").status_code == 200


def test_star_means_the_api_and_not_the_files(wire, orders, sandbox):
    path = sandbox.library.index()["mobileWorldContentPaths"]["en"]
    orders.fault("*", maintenance=True)
    assert wire.refused(MANIFEST) == (503, 5, "SystemDisabled")
    assert requests.get(sandbox.root + path, headers={"User-Agent": "t"}, timeout=60).status_code == 200


def test_settings_still_answer_in_maintenance_and_say_so(wire, orders):
    orders.fault("*", maintenance=True)
    assert not wire.response("/Settings/")["systems"]["Destiny2"]["enabled"]
    assert wire.response("/GlobalAlerts/") == []


def test_throttle_fault_says_how_long_to_wait(wire, orders):
    orders.fault("GetProfile", error_code=1672, throttle_seconds=7)
    body = wire.get(wire.account(ILVA), components="100").json()
    assert (body["ErrorStatus"], body["ThrottleSeconds"]) == ("DestinyThrottledByGameServer", 7)


def test_page_and_nothing_in_place_of_json(wire, orders):
    orders.fault("GetDestinyManifest", html=503, times=1)
    orders.fault("GetDestinyManifest", empty=200, times=1)
    orders.fault("GetDestinyManifest", body={"unexpected": True}, times=1)
    page, empty, odd = (wire.get(MANIFEST) for _ in range(3))
    assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert (empty.status_code, empty.content) == (200, b"")
    assert odd.json() == {"unexpected": True}


@pytest.mark.parametrize("drop", ["before", "after"])
def test_connection_is_dropped_without_a_reply(wire, orders, drop):
    orders.fault("GetDestinyManifest", drop=drop, times=1)
    with pytest.raises(requests.ConnectionError):
        wire.get(MANIFEST)
    assert orders.log("GetDestinyManifest")[-1]["status"] is None
    assert wire.get(MANIFEST).status_code == 200


def test_drop_after_comes_after_the_effect(wire, orders):
    """The code is spent although its buyer never heard of it."""
    code = orders.consent(ILVA)["code"]
    orders.fault("token", drop="after", times=1)
    with pytest.raises(requests.ConnectionError):
        wire.exchange(grant_type="authorization_code", code=code)
    assert wire.exchange(grant_type="authorization_code", code=code).status_code == 400


def test_drop_before_comes_before_the_effect(wire, orders):
    code = orders.consent(ILVA)["code"]
    orders.fault("token", drop="before", times=1)
    with pytest.raises(requests.ConnectionError):
        wire.exchange(grant_type="authorization_code", code=code)
    assert wire.exchange(grant_type="authorization_code", code=code).status_code == 200


def test_delayed_reply_is_late_and_still_the_right_one(wire, orders, sandbox):
    orders.fault("GetDestinyManifest", delay=2)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{sandbox.root}/Platform{MANIFEST}", headers=KEY, timeout=0.1)
    assert wire.get(MANIFEST).json()["ErrorCode"] == 1


def test_address_is_counted_whatever_goes_wrong_with_its_requests(wire, orders):
    orders.throttle(0.2)
    orders.fault("GetDestinyManifest", html=503)
    assert [wire.get(MANIFEST).headers["Content-Type"][:9] for _ in range(2)] == ["text/html"] * 2
    assert wire.refused(MANIFEST) == (503, 36, "ThrottleLimitExceededMomentarily")


def test_faults_can_be_taken_back(wire, orders):
    orders.fault("*", maintenance=True)
    orders.clear_faults()
    assert wire.get(MANIFEST).status_code == 200
    assert orders.state()["faults"] == []


def test_faults_of_one_guardian_can_be_taken_back(wire, orders):
    orders.fault("GetProfile", guardian=ILVA, error_code=1618)
    orders.fault("GetProfile", guardian=wire.account(ILVA).split("/")[4], error_code=1620)
    orders.fault("GetProfile", guardian=COLLECTOR, error_code=1618)
    orders.fault("GetDestinyManifest", error_code=1618)
    orders.clear_faults(ILVA)
    assert [each["match"]["guardian"] for each in orders.state()["faults"]] == [COLLECTOR, None]
    assert wire.profile(ILVA)["profileInventory"]["data"]


@pytest.mark.parametrize(
    "order",
    [
        {"match": {"operation": "GetProfile"}},
        {"fault": {"explode": True}},
        {"fault": {}},
    ],
)
def test_order_that_makes_no_sense_is_refused_with_the_reason(sandbox, order):
    address = f"{sandbox.root}/sandbox/faults"
    answer = requests.post(address, json=order, headers={"User-Agent": "tests"}, timeout=60)
    assert answer.status_code == 400
    assert "fault" in answer.json()["error"]


def test_unknown_orders_and_unknown_people_are_refused(orders):
    with pytest.raises(OrderRefused, match="nobody here"):
        orders.end_tokens("Nobody")
    with pytest.raises(OrderRefused, match="no such token"):
        orders.token_lifetimes(cookie=1)


def test_settings_and_alerts_say_what_was_ordered(wire, orders):
    assert wire.response("/Settings/")["systems"]["Destiny2"]["enabled"]
    assert wire.response("/GlobalAlerts/") == []
    orders.status(disabled=["Destiny2"], alerts=["Back soon"])
    assert not wire.response("/Settings/")["systems"]["Destiny2"]["enabled"]
    assert wire.response("/GlobalAlerts/")[0]["AlertHtml"] == "Back soon"


def test_reset_undoes_every_order(wire, orders):
    orders.fault("*", maintenance=True)
    orders.publish(changed=0.01)
    orders.hide(ILVA, private=[102])
    orders.advance(10**6)
    orders.throttle(0)
    orders.reset()
    assert orders.state()["manifest"]["number"] == 1
    assert wire.profile(ILVA)["profileInventory"]["data"]
    assert [entry["operation"] for entry in orders.log()] == ["GetProfile"]
