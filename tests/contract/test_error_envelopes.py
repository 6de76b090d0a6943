"""Every error reply that was seen on the real service can be had from the sandbox, word for word."""

import csv
import json

import pytest

from destinyvault.sandbox.codes import CODES
from tests.sandbox.wire import ILVA, PRIVATE

SUCCESS = 1


@pytest.fixture(scope="session")
def seen(captures):
    return json.loads((captures / "captures" / "error_envelopes.json").read_text())


def test_status_names_are_bungies(captures):
    with (captures / "error_codes.csv").open() as file:
        names = {int(row["number"]): row["name"] for row in csv.DictReader(file)}
    assert {number: code.status for number, code in CODES.items()} == {number: names[number] for number in CODES}


def test_every_envelope_can_be_ordered(wire, orders, seen):
    errors = [one for one in seen if one["body"]["ErrorCode"] != SUCCESS]
    assert len(errors) >= 12
    for one in errors:
        orders.fault("GetProfile", times=1, error_code=one["body"]["ErrorCode"], **extras(one["body"]))
        answer = wire.get(wire.account(ILVA), components="100")
        assert answer.json() == one["body"] | {"ThrottleSeconds": 0, "MessageData": {}}, one["source"]
        assert answer.status_code == one.get("http_status", answer.status_code), one["source"]
        assert answer.status_code != 200
        for name, value in one.get("headers", {}).items():
            assert answer.headers[name] == value


def extras(body):
    return {"response": body["Response"]} if "Response" in body else {}


def as_seen(seen, code):
    """The envelope of a code as it was captured, without what only actions carry."""
    return next(
        {name: value for name, value in one["body"].items() if name != "Response"}
        for one in seen
        if one["body"]["ErrorCode"] == code
    )


def test_natural_causes_give_the_same_words(wire, orders, seen):
    asked = {
        99: lambda: wire.get("/User/GetMembershipsForCurrentUser/"),
        1601: lambda: wire.get("/Destiny2/3/Profile/1/", components="100"),
        1623: lambda: wire.get(f"{wire.account(ILVA)}Item/1/", wire.token(ILVA), components="300"),
        1627: lambda: wire.get(f"{vendors(wire)}1/", wire.token(ILVA), components="400"),
    }
    for code, ask in asked.items():
        answer = ask()
        assert (answer.status_code, answer.json()) == (500, as_seen(seen, code))
    orders.fault("*", maintenance=True)
    assert wire.get("/Destiny2/Manifest/").json() == as_seen(seen, 5)


def vendors(wire):
    character = next(iter(wire.profile(ILVA)["characters"]["data"]))
    return f"{wire.account(ILVA)}Character/{character}/Vendors/"


def test_throttle_of_an_address_uses_the_words_that_were_seen(wire, orders, seen):
    orders.throttle(0)
    told = wire.get("/Destiny2/Manifest/").json()
    assert told | as_seen(seen, 36) == told


def test_private_profile_is_no_error_but_components_without_data(wire, seen):
    private = next(one["body"] for one in seen if one["body"]["ErrorCode"] == SUCCESS)
    told = wire.get(wire.account(PRIVATE), components="202,900").json()
    assert told["Response"] | private["Response"] == told["Response"]
    assert {**told, "Response": None} == {**private, "Response": None}
