"""Room in several places at once: what is made for one wish is not taken by what moves aside for another."""

import random

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.planned import VAULT, anew, refusals, walked
from tests.inventory.transfers.some_worlds import SLOTS, STORES, some_world
from tests.inventory.transfers.worlds import (
    BAG,
    COIN,
    CONSUMABLES,
    ENERGY,
    HUNTER,
    KINETIC,
    TITAN,
    TO_CHARACTER,
    TO_VAULT,
    WARLOCK,
    calls,
    stack,
    weapons,
    world,
)

SEEDS = 300


def room(to, bucket=KINETIC, quantity=1):
    return Want(Kind.ROOM, None, bucket, quantity, to=to)


def free(game, to, bucket=KINETIC):
    return game.free(game.place(to, bucket))


def tight(**more):
    """No place in the vault; of weapons for the energy slot, that lie there, the Titan could take one more."""
    given = {"vault": weapons(1, 2, ENERGY), "hunter": weapons(10, 2), "titan": weapons(20, 1, ENERGY), "vault_room": 2}
    return world(**given | {"warlock": weapons(30, 2, ENERGY), "room": 2} | more)


def test_room_for_one_wish_is_not_taken_by_what_moves_aside_for_another():
    given = tight(hunter=[*weapons(10, 2), *weapons(40, 1, ENERGY)])
    planned, game = walked(given, room(TITAN, ENERGY), room(HUNTER))
    assert (free(game, TITAN, ENERGY), free(game, HUNTER), len(planned.steps)) == (1, 1, 2)


def test_nor_by_what_moves_aside_for_an_earlier_one():
    given = tight(warlock=weapons(30, 1, ENERGY), hunter=[*weapons(10, 2), *weapons(40, 2, ENERGY)])
    planned, game = walked(given, room(HUNTER), room(WARLOCK, ENERGY))
    assert (free(game, HUNTER), free(game, WARLOCK, ENERGY), len(planned.steps)) == (1, 1, 2)


def test_where_there_cannot_be_room_in_both_places_the_second_is_refused():
    given = tight(hunter=[*weapons(10, 2), *weapons(40, 2, ENERGY)], titan=[*weapons(20, 1, ENERGY), *weapons(50, 2)])
    given_room = [room(TITAN, ENERGY), room(HUNTER)]
    planned = plan(given, [*given_room, room(WARLOCK)])
    assert [(each.want, each.code) for each in planned.refusals] == [(1, "no_room")]
    assert planned.refusals[0].message == (
        "There cannot be so much room in Kinetic Weapons of your Hunter and in Energy Weapons of your Titan at once. "
        "Ask for less of one of them."
    )
    assert refusals(plan(given, given_room[1:])) == []


def test_the_first_is_met_though_the_second_cannot_be_then():
    titan, warlock = [*weapons(20, 1, ENERGY), *weapons(50, 2)], [*weapons(30, 2, ENERGY), *weapons(60, 2)]
    given = tight(hunter=[*weapons(10, 2), *weapons(40, 2, ENERGY)], titan=titan, warlock=warlock)
    planned, game = walked(given, room(HUNTER), room(TITAN, ENERGY))
    assert [each.want for each in planned.refusals] == [1]
    assert free(game, HUNTER) == 1


def test_the_first_is_met_though_the_second_alone_were_the_shorter_way():
    full = {"hunter": weapons(10, 3), "titan": weapons(20, 3), "warlock": [*weapons(30, 3), *weapons(40, 3, ENERGY)]}
    full["hunter"] += weapons(50, 3, ENERGY)
    given = world(vault=weapons(1, 3, ENERGY), **full, room=3, vault_room=3)
    assert [each.want for each in plan(given, [room(VAULT, quantity=3), room(HUNTER)]).refusals] == [1]


def test_room_in_the_vault_stays_while_room_is_made_elsewhere():
    given = world(vault=weapons(1, 1, ENERGY), hunter=weapons(10, 2), room=2, vault_room=2)
    planned, game = walked(given, room(VAULT), room(HUNTER))
    assert (refusals(planned), free(game, VAULT), free(game, HUNTER)) == ([], 1, 1)


def test_what_cannot_stay_in_the_vault_passes_through_it():
    given = world(hunter=weapons(10, 2), room=2, vault_room=1)
    planned, _ = walked(given, room(VAULT), room(HUNTER))
    assert calls(planned) == [(TO_VAULT, "10", HUNTER), (TO_CHARACTER, "10", WARLOCK)]


def test_room_is_made_where_the_vault_is_full_of_the_same_kind():
    planned, game = walked(world(vault=weapons(1, 2), hunter=weapons(10, 2), room=2, vault_room=2), room(HUNTER))
    assert (len(planned.steps), free(game, HUNTER)) == (2, 1)


def test_a_stack_that_melts_in_a_full_vault_makes_room():
    given = world(vault=[stack(5, COIN)], account=[stack(5, COIN)], vault_room=1, consumables=1)
    planned, _ = walked(given, room(HUNTER, CONSUMABLES))
    assert calls(planned) == [(TO_VAULT, COIN, HUNTER)]


@pytest.mark.usefixtures("ends")
def test_any_room_that_is_not_refused_is_there_in_the_end_however_often_it_is_planned():
    for seed in range(SEEDS):
        draw = random.Random(seed)
        given = some_world(draw)
        wants = [some_room(draw) for _ in range(draw.randint(2, 4))]
        planned, game = walked(given, *wants)
        _, later = anew(given, *wants)
        refused = {each.want for each in planned.refusals}
        for number, want in enumerate(wants):
            if number not in refused:
                assert is_there(want, game), f"seed {seed}: {want}"
                assert is_there(want, later), f"seed {seed}: {want} after planning anew"
            elif number == 0:
                assert plan(given, [want]).refusals, f"seed {seed}: {want} is refused for a later one"


def some_room(draw):
    return room(draw.choice(STORES), draw.choice([*SLOTS, BAG, CONSUMABLES]), draw.randint(1, 3))


def is_there(want, game):
    return game.free(game.place(want.to, want.item_hash)) >= want.quantity
