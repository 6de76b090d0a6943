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
    assert str(facts.XUR_GEAR) in vendors  # all week: this one does not tell whether he is here


def test_xur_sells_exotics_and_more_gear_on_his_second_shelf(wire, orders):
    at(orders, "28T12:00")
    sales = wire.response("/Destiny2/Vendors/", components=EVERYTHING)["sales"]["data"]
    kinds = wire.sandbox.catalog.by_hash
    hashes = [sale["itemHash"] for sale in sales[str(facts.XUR)]["saleItems"].values()]
    assert [kinds[each].tier for each in hashes if each in kinds].count(facts.EXOTIC) >= 3
    assert sum(each not in kinds for each in hashes) == 2  # the door to the second shelf, and what nobody has heard of
    assert sales[str(facts.XUR_GEAR)]["saleItems"]


def test_stock_changes_with_the_week_and_not_with_the_day(wire, orders):
    stocks = []
    for moment in ("20T18:00", "21T18:00", "28T18:00"):
        at(orders, moment)
        sales = wire.response("/Destiny2/Vendors/", components="402")["sales"]["data"]
        stocks.append([sale["itemHash"] for sale in sales[str(facts.XUR)]["saleItems"].values()])
    assert stocks[0] == stocks[1] != stocks[2]


def test_dates_turn_at_the_reset_and_stocks_minutes_later(wire, orders):
    told = []
    for moment in ("27T16:59", "27T17:01", "27T17:04"):
        at(orders, moment)
        reply = wire.response("/Destiny2/Vendors/", components=EVERYTHING)
        gear = str(facts.XUR_GEAR)
        told.append((reply["vendors"]["data"][gear]["nextRefreshDate"], reply["sales"]["data"][gear]["saleItems"]))
    (before, old), (turned, still_old), (after, new) = told
    assert (before, turned, after) == ("2026-11-27T17:00:00.000Z", *["2026-11-28T17:00:00.000Z"] * 2)
    assert hashes(old) == hashes(still_old) != hashes(new)


def hashes(sales):
    return [sale["itemHash"] for sale in sales.values()]


def test_sales_are_numbered_with_gaps_and_listed_in_categories(wire, orders):
    at(orders, "28T12:00")
    reply = wire.response("/Destiny2/Vendors/", components=EVERYTHING)
    for key, shelf in reply["sales"]["data"].items():
        sales = shelf["saleItems"]
        assert all(int(index) == sale["vendorItemIndex"] for index, sale in sales.items())
        assert len(sales) < max(map(int, sales))
        listed = [index for each in reply["categories"]["data"][key]["categories"] for index in each["itemIndexes"]]
        assert sorted(listed) == sorted(map(int, sales))


def test_vendors_leave_before_their_time_when_told_to(wire, orders):
    at(orders, "28T12:00")
    orders.vendors(away=[facts.XUR])
    assert str(facts.XUR) not in wire.response("/Destiny2/Vendors/", components="400")["vendors"]["data"]
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/{facts.XUR}/"
    assert wire.refused(path, wire.token(ILVA), components="400")[1] == 1627
    orders.vendors(disabled=[facts.XUR])
    vendors = wire.response("/Destiny2/Vendors/", components="400")["vendors"]["data"]
    assert vendors[str(facts.XUR)]["enabled"] is False


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
    classes = [kind.class_type for kind in map(wire.sandbox.catalog.by_hash.get, hashes(own)) if kind]
    assert facts.HUNTER in classes
    assert set(classes) == {facts.HUNTER, facts.ANY_CLASS}
    shown = [kind.class_type for kind in map(wire.sandbox.catalog.by_hash.get, hashes(public)) if kind]
    assert set(shown) == {facts.TITAN, facts.ANY_CLASS}  # the public sees one class's armor
    one = wire.response(f"{path}{facts.XUR_GEAR}/", token, components=EVERYTHING)
    assert one["sales"]["data"] == own


def test_only_a_single_vendor_tells_what_its_items_are_made_of(wire, orders):
    at(orders, "28T12:00")
    token, components = wire.token(ILVA), f"{EVERYTHING},300,304,305,310"
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/"
    assert wire.response(path, token, components=components)["itemComponents"] == {}
    one = wire.response(f"{path}{facts.XUR_GEAR}/", token, components=components)
    kinds = wire.sandbox.catalog.by_hash
    gear = {index for index, sale in one["sales"]["data"].items() if kinds[sale["itemHash"]].instanced}
    assert one["itemComponents"].keys() == {"instances", "stats", "sockets", "reusablePlugs"}
    assert all(part["data"].keys() == gear for part in one["itemComponents"].values())
    again = wire.response(f"{path}{facts.XUR_GEAR}/", token, components=components)
    assert again["itemComponents"] == one["itemComponents"]


def test_one_vendor_tells_nothing_of_those_behind_its_doors(wire, orders):
    at(orders, "28T12:00")
    token = wire.token(ILVA)
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/"
    own, gear = (
        wire.response(f"{path}{key}/", token, components=EVERYTHING)["sales"]["data"]
        for key in (facts.XUR, facts.XUR_GEAR)
    )
    assert not set(hashes(own)) & set(hashes(gear))


def test_vendors_of_a_character_need_its_owner(wire):
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/"
    assert wire.refused(path, components="400")[1:] == (12, "InsufficientPrivileges")
    assert wire.refused(path, wire.token(COLLECTOR), components="400")[1] == 12


def test_vendor_who_is_away_is_not_found(wire, orders):
    at(orders, "26T12:00")
    path = f"{wire.account(ILVA)}Character/{character_of(wire, ILVA)}/Vendors/{facts.XUR}/"
    assert wire.refused(path, wire.token(ILVA), components="400")[1:] == (1627, "DestinyVendorNotFound")
