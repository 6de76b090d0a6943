"""Vendors: who is there, who may look, and Xûr's weekend."""

import pytest

from destinyvault.sandbox import facts
from tests.sandbox.wire import COLLECTOR, ILVA

EVERYTHING = "400,401,402"


def at(orders, moment):
    orders.set_clock(f"2026-11-{moment}:00+00:00")


@pytest.mark.parametrize(
    ("moment", "here"),
    [
        ("27T16:59", False),  # Friday
        ("27T17:01", True),
        ("29T12:00", True),
        ("30T23:00", True),  # Monday
        ("24T16:59", True),  # Tuesday
        ("24T17:01", False),
        ("26T12:00", False),
    ],
)
def test_xur_stays_from_friday_to_tuesday(wire, orders, moment, here):
    at(orders, moment)
    vendors = wire.response("/Destiny2/Vendors/", components=EVERYTHING)["vendors"]["data"]
    assert (str(facts.XUR) in vendors) is here
    assert (str(facts.XUR_GEAR) in vendors) is here


def test_xur_sells_exotics_and_more_gear_on_his_second_shelf(wire, orders):
    at(orders, "28T12:00")
    sales = wire.response("/Destiny2/Vendors/", components=EVERYTHING)["sales"]["data"]
    kinds = wire.sandbox.catalog.by_hash
    tiers = [kinds[sale["itemHash"]].tier for sale in sales[str(facts.XUR)]["saleItems"].values()]
    assert tiers.count(facts.EXOTIC) >= 3
    assert sales[str(facts.XUR_GEAR)]["saleItems"]


def test_stock_changes_with_the_week_and_not_with_the_day(wire, orders):
    stocks = []
    for moment in ("20T18:00", "21T18:00", "28T18:00"):
        at(orders, moment)
        sales = wire.response("/Destiny2/Vendors/", components="402")["sales"]["data"]
        stocks.append([sale["itemHash"] for sale in sales[str(facts.XUR)]["saleItems"].values()])
    assert stocks[0] == stocks[1] != stocks[2]


def character_of(wire, guardian):
    return next(iter(wire.profile(guardian)["characters"]["data"]))


def test_character_sees_gear_of_its_class_that_the_public_does_not(wire, orders):
    at(orders, "28T12:00")
    token = wire.token(ILVA)
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/"
    own = wire.response(path, token, components=EVERYTHING)["sales"]["data"][str(facts.XUR_GEAR)]["saleItems"]
    public = wire.response("/Destiny2/Vendors/", components=EVERYTHING)["sales"]["data"][str(facts.XUR_GEAR)][
        "saleItems"
    ]
    assert own.keys() > public.keys()
    one = wire.response(f"{path}{facts.XUR_GEAR}/", token, components=EVERYTHING)
    assert one["sales"]["data"] == own


def test_vendors_of_a_character_need_its_owner(wire):
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/"
    assert wire.refused(path, components="400")[1:] == (12, "InsufficientPrivileges")
    assert wire.refused(path, wire.token(COLLECTOR), components="400")[1] == 12


def test_vendor_who_is_away_is_not_found(wire, orders):
    at(orders, "26T12:00")
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/{facts.XUR}/"
    assert wire.refused(path, wire.token(ILVA), components="400")[1:] == (1627, "DestinyVendorNotFound")
