"""A reply that lacks a part, over the one before it: what was known stays, and no item is there twice."""

from datetime import UTC, datetime

import pytest

from destinyvault.bungie.enums import Bucket
from inventory.merging import Kept, kept, merge
from inventory.profile import ABSENT, OF_ITEMS, PARTS, PRIVATE, parse_profile

from .made import HELMET, HUNTER, RIFLE, TITAN, component, item, power, reply

FIRST, SECOND = datetime(2026, 1, 2, 12, tzinfo=UTC), datetime(2026, 1, 2, 13, tzinfo=UTC)
IN_THE_VAULT, CARRIED, WORN = "1", "2", "3"


def whole(**more):
    return reply(
        vault=[item(RIFLE, Bucket.GENERAL, IN_THE_VAULT)],
        carried=[item(RIFLE, Bucket.KINETIC_WEAPONS, CARRIED)],
        worn=[item(HELMET, Bucket.HELMET, WORN)],
        instances={each: power(1800) for each in (IN_THE_VAULT, CARRIED, WORN)},
        profileCurrencies=component({"items": [{"itemHash": 5, "quantity": 6}]}),
        **more,
    )


def without(sent, part, instead=None):
    where = sent["itemComponents"] if part in OF_ITEMS else sent
    where.pop(part)
    if instead:
        where[part] = instead
    return sent


def held():
    return merge(whole(), {}, FIRST)


def told(merged):
    profile = parse_profile(merged)
    items = {(each.instance_id, each.owner, each.equipped, each.power) for each in profile.items}
    return items, profile.currencies, [each.id for each in profile.characters]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("instead", "why"),
    [(None, ABSENT), ({"privacy": 2}, PRIVATE), ({"data": None}, ABSENT)],
    ids=["", "private", "null"],
)
def test_a_part_that_does_not_come_stays_as_it_was_known(part, instead, why):
    merged = merge(without(whole(), part, instead), held(), FIRST)
    assert told(merged) == told(held())
    assert kept(merged) == {part: Kept(why, FIRST)}
    assert parse_profile(merged).missing == {}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_comes_again_is_no_longer_kept(part):
    lacking = merge(without(whole(), part), held(), FIRST)
    again = merge(whole(characters=[]), lacking, SECOND)
    assert kept(again) == {}
    assert told(again)[2] == []


def test_a_part_that_stays_away_keeps_the_time_of_its_data_and_the_reason_of_the_last_reply():
    once = merge(without(whole(), "profileInventory"), held(), FIRST)
    twice = merge(without(whole(), "profileInventory", {"privacy": 2}), once, SECOND)
    assert kept(twice) == {"profileInventory": Kept(PRIVATE, FIRST)}


def test_everything_but_one_part_may_stay_away():
    merged = merge({"characters": component({})}, held(), FIRST)
    items, currencies, characters = told(merged)
    assert (len(items), len(currencies), characters) == (3, 1, [])
    assert kept(merged).keys() == PARTS.keys() - {"characters"}


@pytest.mark.parametrize(
    ("part", "moved", "place"),
    [
        ("profileInventory", {"carried": [IN_THE_VAULT, CARRIED]}, (IN_THE_VAULT, HUNTER, False, 1800)),
        ("characterInventories", {"vault": [IN_THE_VAULT, CARRIED]}, (CARRIED, None, False, 1800)),
        ("characterEquipment", {"carried": [CARRIED, WORN]}, (WORN, HUNTER, False, 1800)),
    ],
)
def test_an_item_that_moved_out_of_a_kept_part_is_only_where_it_is_now(part, moved, place):
    places = {"vault": [IN_THE_VAULT], "carried": [CARRIED], "worn": [WORN]} | moved
    instances = {each: power(1800) for each in (IN_THE_VAULT, CARRIED, WORN)}
    sent = reply(**{name: [item(RIFLE, 5, each) for each in ids] for name, ids in places.items()}, instances=instances)
    items, _, _ = told(merge(without(sent, part), held(), FIRST))
    assert place in items
    assert sorted(each[0] for each in items) == [IN_THE_VAULT, CARRIED, WORN]


def test_an_item_that_came_back_is_where_the_newest_part_has_it():
    """First it leaves a vault that is not sent, then it returns to the vault while the bags are not sent."""
    away = reply(carried=[item(RIFLE, 5, IN_THE_VAULT)])
    once = merge(without(away, "profileInventory"), held(), FIRST)
    back = reply(vault=[item(RIFLE, Bucket.GENERAL, IN_THE_VAULT)])
    items, _, _ = told(merge(without(back, "characterInventories"), once, SECOND))
    assert [(each[0], each[1]) for each in items if each[0] == IN_THE_VAULT] == [(IN_THE_VAULT, None)]


def test_items_of_a_kept_list_keep_what_is_told_of_them_one_by_one():
    """Bungie tells of the instances of those lists only that it sends."""
    sent = without(whole(), "profileInventory", {"privacy": 2})
    del sent["itemComponents"]["instances"]["data"][IN_THE_VAULT]
    sent["itemComponents"]["instances"]["data"][CARRIED] = power(1810)
    items, _, _ = told(merge(sent, held(), FIRST))
    assert {each[0]: each[3] for each in items} == {IN_THE_VAULT: 1800, CARRIED: 1810, WORN: 1800}


def test_what_is_told_of_items_that_are_gone_goes_with_them():
    sent = without(reply(instances={}), "profileInventory")
    merged = merge(sent, held(), FIRST)
    assert merged["itemComponents"]["instances"]["data"].keys() == {IN_THE_VAULT}


def test_a_character_that_was_deleted_does_not_come_back():
    merged = merge(whole(), merge(whole(), {}, FIRST), FIRST)
    deleted = reply(characters=[each for each in merged["characters"]["data"].values() if each["characterId"] != TITAN])
    assert told(merge(deleted, merged, FIRST))[2] == [HUNTER]


def test_the_same_reply_minted_again_makes_the_same_row():
    later = {"responseMintedTimestamp": "2026-01-02T12:00:31Z", "secondaryComponentsMintedTimestamp": "2026-01-02"}
    assert merge(whole(**later), held(), FIRST) == held()


@pytest.mark.parametrize("junk", [None, 7, "x", [], {"data": 7}, {"data": {"items": [None, {"itemInstanceId": []}]}}])
@pytest.mark.parametrize("part", [*PARTS, "itemComponents", "destinyVaultKept"])
def test_parts_of_any_shape_break_nothing(part, junk):
    odd = {**whole(), part: junk}
    once = merge(odd, held(), FIRST)
    assert told(merge(whole(), once, SECOND)) == told(held())
    assert told(merge(odd, merge(odd, {}, FIRST), SECOND))
    assert kept(once).keys() <= PARTS.keys()
