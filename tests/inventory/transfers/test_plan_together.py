"""Several wishes in one order: for one item, and for places of which there are too few."""

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.planned import VAULT, anew, equip, lock, move, pieces, place, refusals, walked
from tests.inventory.transfers.worlds import (
    BAG,
    COIN,
    CONSUMABLES,
    EQUIP,
    HUNTER,
    SHARD,
    TITAN,
    TO_CHARACTER,
    calls,
    stack,
    weapon,
    weapons,
    world,
)

LOCK = Kind.LOCK.value

pytestmark = pytest.mark.usefixtures("ends")


# One item


def test_an_item_is_locked_and_moved_in_one_order():
    planned, after = walked(world(vault=[weapon(1)]), lock(1), move(1, HUNTER))
    assert calls(planned) == [(LOCK, "1", HUNTER), (TO_CHARACTER, "1", HUNTER)]
    assert (after.find("1").locked, place(after, 1)) == (True, HUNTER)


def test_an_item_is_moved_put_on_and_locked_in_one_order():
    given = world(vault=[weapon(1)], hunter=[weapon(2, worn=True)])
    _, after = walked(given, equip(1, HUNTER), lock(1))
    assert (after.find("1").locked, after.find("1").equipped) == (True, True)


@pytest.mark.parametrize(
    "wishes",
    [
        (move(1, HUNTER), move(1, TITAN)),
        (move(1, HUNTER), equip(1, HUNTER)),
        (lock(1), lock(1, Kind.UNLOCK)),
        (lock(1, Kind.UNLOCK), lock(1)),
    ],
    ids=["two places", "carried and worn", "lock, unlock", "unlock, lock"],
)
def test_two_ways_for_one_item_are_a_conflict(wishes):
    planned, _ = walked(world(vault=[weapon(1)], hunter=[weapon(2, worn=True)]), *wishes)
    assert [(each.want, each.code) for each in planned.refusals] == [(1, "conflict")]


@pytest.mark.parametrize(
    "wishes",
    [(move(1, HUNTER), move(1, TITAN)), (move(1, TITAN), move(1, HUNTER)), (lock(2), lock(2, Kind.UNLOCK))],
    ids=["met first", "met last", "lock"],
)
def test_two_ways_for_one_item_are_a_conflict_though_one_of_them_is_met(wishes):
    planned, _ = walked(world(hunter=[weapon(1), weapon(2, locked=True)]), *wishes)
    assert [(each.want, each.code) for each in planned.refusals] == [(1, "conflict")]


def test_the_same_asked_twice_is_done_once():
    given = world(vault=[weapon(1)], hunter=[weapon(2, worn=True)])
    planned, _ = walked(given, *[equip(1, HUNTER)] * 2, *[lock(2)] * 2)
    assert planned.refusals == ()
    assert sorted(calls(planned)) == [(EQUIP, "1", HUNTER), (LOCK, "2", HUNTER), (TO_CHARACTER, "1", HUNTER)]


def test_the_same_asked_twice_is_refused_twice_where_there_is_no_way():
    given = world(vault=[weapon(1)], titan=weapons(10, 10, fixed=True))
    planned, _ = walked(given, move(1, TITAN), move(1, TITAN))
    assert refusals(planned) == ["no_room", "no_room"]


@pytest.mark.parametrize(
    "wishes",
    [
        (pieces(0, VAULT), pieces(0, HUNTER)),
        (pieces(0, VAULT, "account"), pieces(2, HUNTER, VAULT)),
        (pieces(2, HUNTER, VAULT), Want(Kind.CONSOLIDATE, None, COIN, to=VAULT)),
    ],
    ids=["all, all", "all, some", "some, all"],
)
def test_all_of_a_stack_here_and_some_of_it_there_are_a_conflict(wishes):
    planned, _ = walked(world(vault=[stack(5)], account=[stack(6)]), *wishes)
    assert [(each.want, each.code) for each in planned.refusals] == [(1, "conflict")]


def test_some_of_a_stack_here_and_some_of_it_there_are_not():
    given = world(hunter=[stack(10, bucket=BAG)])
    _, after = anew(given, pieces(3, TITAN), pieces(4, VAULT, HUNTER))
    assert sorted((str(each.owner), each.quantity) for each in after.items) == [("11", 3), ("12", 3), ("None", 4)]


# Room for some of it


@pytest.mark.parametrize("quantity", [12, 16])
def test_a_stack_that_needs_more_places_than_can_be_free_is_refused(quantity):
    given = world(vault=[stack(10, max_stack=10), stack(6, max_stack=10)], consumables=1)
    planned = plan(given, [pieces(quantity, HUNTER, VAULT)])
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


def test_a_stack_that_needs_more_places_than_a_character_has_free_has_room_made():
    coins = [stack(10, bucket=BAG, max_stack=10)] * 2
    planned, after = walked(world(vault=coins, hunter=[weapon(1, BAG)], room=2), pieces(20, HUNTER, VAULT))
    assert planned.refusals == ()
    assert [each.quantity for each in after.items if each.owner == HUNTER] == [10, 10]


def test_a_stack_that_needs_more_places_than_all_have_free_has_room_made():
    given = world(vault=[stack(10, max_stack=10)] * 2, account=[stack(5, SHARD)], consumables=2)
    planned, after = walked(given, pieces(20, HUNTER, VAULT))
    assert planned.refusals == ()
    assert [(each.hash, each.quantity) for each in after.items if each.bucket_hash == CONSUMABLES] == [(COIN, 10)] * 2


def test_wishes_that_wait_for_the_same_places_all_end():
    coins = [stack(10, max_stack=10), stack(10, max_stack=10)]
    shards = [stack(10, SHARD, max_stack=10), stack(10, SHARD, max_stack=10)]
    given = world(vault=[*coins, *shards], consumables=3)
    planned, _ = walked(given, pieces(20, HUNTER, VAULT), Want(Kind.CONSOLIDATE, None, SHARD, to=HUNTER))
    assert [each.want for each in planned.refusals] == [1]
