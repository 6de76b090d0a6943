"""Of some sorts a store holds only one, says their definition: Bungie would answer 1648, so nothing is sent."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.steps import Why
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.game import Game
from tests.inventory.transfers.planned import VAULT, equip, move, place, refusals, walked
from tests.inventory.transfers.some_worlds import some_wishes, some_world
from tests.inventory.transfers.test_plan_worlds import is_met
from tests.inventory.transfers.worlds import (
    BAG,
    HUNTER,
    LABELLED,
    TITAN,
    WARLOCK,
    stack,
    weapon,
    weapons,
    world,
)

SEEDS, PARTS = 400, 2


def relic(number, **more):
    return weapon(number, **{"hash": 900, "name": "Relic", "stack_unique_label": "relic"} | more)


@pytest.mark.parametrize(
    ("given", "to", "where"),
    [
        ({"vault": [relic(1)], "hunter": [relic(2)]}, HUNTER, "Kinetic Weapons of your Hunter holds"),
        ({"hunter": [relic(1)], "vault": [relic(2)]}, VAULT, "the vault holds"),
        ({"hunter": [relic(1)], "vault": [relic(2)]}, TITAN, "the vault holds"),
        ({"hunter": [relic(1)], "titan": [relic(2)]}, TITAN, "Kinetic Weapons of your Titan holds"),
        ({"lost": {HUNTER: [relic(1)]}, "hunter": [relic(2)]}, HUNTER, "Kinetic Weapons of your Hunter holds"),
        ({"lost": {HUNTER: [relic(1)]}, "hunter": [relic(2)]}, VAULT, "Kinetic Weapons of your Hunter holds"),
    ],
)
def test_where_there_is_one_already_no_second_one_is_sent(given, to, where):
    planned = plan(world(**given), [move(1, to)])
    assert (planned.steps, refusals(planned)) == ((), ["only_one"])
    assert f"Relic stays where it is: {where} one already" in planned.refusals[0].message


def test_nor_is_one_pulled_and_the_one_in_the_way_is_named():
    given = world(lost={HUNTER: [relic(1)]}, hunter=[relic(2, hash=901, name="Old Relic")])
    planned = plan(given, [Want(Kind.PULL, "1", 900)])
    assert (planned.steps, refusals(planned)) == ((), ["only_one"])
    assert "holds Old Relic already" in planned.refusals[0].message


def test_a_stack_of_another_kind_in_the_way_is_named():
    labelled = {"bucket": BAG, "stack_unique_label": "one"}
    given = world(vault=[stack(1, LABELLED, **labelled)], hunter=[stack(1, 777, **labelled)])
    planned = plan(given, [Want(Kind.MOVE, None, LABELLED, to=HUNTER)])
    assert [each.message for each in planned.refusals] == [
        "Stack 503 stays where it is: Bag of your Hunter holds Stack 777 already, and there can be only one of them."
    ]


def test_e8_the_store_of_the_stack_that_is_full_is_told():
    labelled = {"bucket": BAG, "stack_unique_label": "one"}
    given = world(vault=[stack(1, **labelled)], hunter=[stack(100, **labelled)])
    (refusal,) = plan(given, [Want(Kind.MOVE, None, given.items[0].hash, 1, to=HUNTER)]).refusals
    assert "your stack in Bag of your Hunter has no room for it" in refusal.message


def test_one_alone_goes_everywhere():
    planned, game = walked(world(hunter=[relic(1)]), move(1, TITAN))
    assert (len(planned.steps), place(game, 1)) == (2, TITAN)


def test_one_that_leaves_by_another_wish_is_waited_for():
    given = world(vault=[relic(1)], hunter=[relic(2)], titan=weapons(10, 2), room=2)
    planned, _ = walked(given, move(1, HUNTER), move(2, VAULT))
    assert [(each.want, each.code) for each in planned.refusals] == [(0, "only_one"), (1, "only_one")]
    planned, game = walked(world(lost={HUNTER: [relic(1)]}, hunter=[relic(2)]), move(1, HUNTER), move(2, VAULT))
    assert (refusals(planned), place(game, 1), place(game, 2)) == ([], HUNTER, VAULT)


def test_none_of_several_moves_aside():
    given = world(vault=[weapon(1), relic(3)], hunter=[relic(2, power=1), weapon(4, power=9)], room=2)
    planned, game = walked(given, move(1, HUNTER))
    assert [step.item_id for step in planned.steps if step.why == Why.ROOM] == ["4"]
    assert place(game, 2) == HUNTER


def test_none_is_fetched_to_be_worn_where_there_is_one():
    worn = weapon(1, worn=True)
    given = world(hunter=[worn, relic(2, fixed=True, equippable=False)], vault=[relic(3), weapon(4, power=1)])
    _, game = walked(given, move(1, TITAN))
    assert (place(game, 1), game.find("4").equipped) == (TITAN, True)


def test_one_to_be_worn_is_refused_as_well():
    planned = plan(world(vault=[relic(1)], hunter=[relic(2, worn=True)]), [equip(1, HUNTER)])
    assert (planned.steps, refusals(planned)) == ((), ["only_one"])


def test_it_does_not_go_by_way_of_another_that_holds_one():
    """The vault is full, and what is in the way could only pass through it while the relic waits elsewhere."""
    stores = {"hunter": weapons(10, 3), "warlock": weapons(30, 3), "room": 3, "vault_room": 1}
    planned, game = walked(world(vault=[relic(1)], titan=[relic(2)], **stores), move(1, HUNTER))
    assert (refusals(planned), place(game, 1)) == (["no_room"], VAULT)
    planned, game = walked(world(vault=[weapon(1)], titan=[weapon(2)], **stores), move(1, HUNTER))
    assert (refusals(planned), place(game, 1)) == ([], HUNTER)


def test_one_that_leaves_makes_no_way_where_the_vault_holds_one_too():
    given = world(vault=[weapon(1), relic(3)], hunter=[weapon(5), relic(2)], warlock=weapons(30, 2), room=2)
    planned, game = walked(given, move(1, HUNTER), move(2, TITAN), move(3, WARLOCK))
    assert (refusals(planned), [place(game, each) for each in (1, 2, 3)]) == ([], [HUNTER, TITAN, WARLOCK])


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize("part", range(PARTS))
def test_any_plan_keeps_what_is_unique_apart(part):
    for seed in range(part, SEEDS, PARTS):
        draw = random.Random(seed)
        given = labelled(draw, some_world(draw))
        wants = [want for want in some_wishes(draw, given) if want.item_id]
        try:
            planned = plan(given, wants)
            before, game = Game(given), Game(given).play(planned.steps)
            refused = {each.want for each in planned.refusals}
            assert all(number in refused or is_met(want, before, game) for number, want in enumerate(wants))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


def labelled(draw, given):
    """Some sorts of which no place holds two."""
    held = [each for each in given.items if each.instance_id]
    kinds = dict(given.kinds)
    for item_hash in sorted({each.hash for each in held}):
        many = Counter((each.owner, each.bucket_hash) for each in held if each.hash == item_hash)
        if draw.random() < 0.7 and max(many.values()) == 1:
            kinds[item_hash] = replace(kinds[item_hash], stack_unique_label=f"of {item_hash}")
    return replace(given, kinds=kinds)
