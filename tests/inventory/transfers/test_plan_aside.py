"""What moves aside where room is needed, key by key of MOVE_CASES C: each decides against all that come after it."""

from dataclasses import replace

import pytest

from inventory.transfers.steps import Why
from tests.inventory.transfers.planned import VAULT, move, place, refusals, walked
from tests.inventory.transfers.worlds import (
    BAG,
    ENERGY,
    HUNTER,
    LABELLED,
    SHARD,
    TITAN,
    TO_VAULT,
    WARLOCK,
    armor,
    calls,
    stack,
    weapon,
    weapons,
    world,
)

ENGRAM = {"item_type": 8}
UNIQUE = {"hash": LABELLED, "bucket": BAG, "stack_unique_label": "one"}


def aside(planned):
    return [step.item_id for step in planned.steps if step.why == Why.ROOM]


def aside_of(titan, coming=None, **more):
    """Out of the titan's full bags, for one that comes from the vault."""
    planned, _ = walked(world(vault=[coming or weapon(1)], titan=titan, room=len(titan), **more), move(1, TITAN))
    return aside(planned)


def aside_of_vault(vault, **more):
    """Out of the full vault into the bags of the warlock, who was played least recently, for one that comes there."""
    planned, _ = walked(world(vault=vault, hunter=[weapon(1, ENERGY)], vault_room=len(vault), **more), move(1, VAULT))
    return aside(planned)


# C. Out of a character's bags


def test_c1_never_what_is_worn_while_something_else_can():
    assert aside_of([weapon(10, worn=True, power=1), weapon(11, power=9)]) == ["11"]


def test_c2_of_a_character_only_what_lies_in_the_same_bucket():
    titan = [weapon(10, power=9), weapon(11, power=9), weapon(12, ENERGY, power=1), weapon(13, ENERGY, power=1)]
    planned, _ = walked(world(vault=[weapon(1)], titan=titan, room=2), move(1, TITAN))
    assert aside(planned) == ["10"]


def test_what_a_wish_was_met_for_is_left_alone_and_does_not_move_aside():
    """The job has done it before: a plan that is made anew does not take it away again."""
    titan = [weapon(10, power=1), weapon(11, power=9)]
    met = replace(move(10, TITAN), met=True)
    gone = replace(move(12, TITAN), met=True)
    planned, _ = walked(world(vault=[weapon(1), weapon(12)], titan=titan, room=2), met, move(1, TITAN), gone)
    assert [(each.item_id, each.want) for each in planned.steps] == [("11", 1), ("1", 1)]


def test_c3_an_engram_goes_into_the_vault_first():
    assert aside_of([weapon(10, power=1), weapon(11, power=9, **ENGRAM)], moved_by_hand={"11": 5.0}) == ["11"]


def test_c4_what_was_moved_by_hand_longest_ago():
    given = {"moved_by_hand": {"10": 7.0, "11": 5.0}, "loadouts": {TITAN: frozenset({"11"})}}
    assert aside_of([weapon(10), weapon(11)], **given) == ["11"]


def test_c5_what_is_in_no_loadout_of_its_owner():
    titan = [armor(10, class_type=1), armor(11, class_type=0)]
    assert aside_of(titan, armor(1), loadouts={TITAN: frozenset({"10"})}) == ["11"]


def test_c6_what_is_in_a_loadout_of_the_character_that_receives_it():
    given = world(
        vault=weapons(50, 3, ENERGY, fixed=True),
        hunter=[armor(1)],
        titan=[armor(10, class_type=1), armor(11, class_type=0)],
        room=2,
        vault_room=4,
        loadouts={WARLOCK: frozenset({"11"})},
    )
    planned, after = walked(given, move(1, TITAN))
    assert (aside(planned), place(after, 11)) == (["11", "11"], WARLOCK)


def test_c7_what_its_owner_cannot_wear():
    titan = [armor(10, class_type=0, power=1), armor(11, class_type=1, power=9)]
    assert aside_of(titan, armor(1), tags={"10": "archive", "11": "favorite"}) == ["11"]


@pytest.mark.parametrize(
    ("first", "then"),
    [("archive", "infuse"), ("infuse", ""), ("", "junk"), ("junk", "keep"), ("keep", "favorite")],
)
def test_c9_by_tag_out_of_a_character(first, then):
    titan = [weapon(10, tier=4, power=1), weapon(11, tier=5, power=9)]
    assert aside_of(titan, tags={"10": then, "11": first}) == ["11"]


def test_c10_the_lower_tier_leaves_a_character():
    assert aside_of([weapon(10, tier=5, power=1), weapon(11, tier=4, power=9)]) == ["11"]


def test_c11_the_lower_power_leaves_a_character():
    assert aside_of([weapon(10, power=1900), weapon(11, power=1800)]) == ["11"]


# C. Out of the vault


def test_c3_an_engram_leaves_the_vault_last():
    assert aside_of_vault([weapon(10, power=9, **ENGRAM), weapon(11, power=1)], moved_by_hand={"11": 5.0}) == ["11"]


def test_c6_what_is_in_a_loadout_of_the_character_to_whom_it_goes():
    vault = [armor(10, class_type=2), armor(11, class_type=0)]
    assert aside_of_vault(vault, loadouts={WARLOCK: frozenset({"11"})}) == ["11"]


def test_c8_what_the_character_to_whom_it_goes_can_wear():
    vault = [armor(10, class_type=0, power=9), armor(11, class_type=2, power=1)]
    assert aside_of_vault(vault, tags={"10": "junk", "11": "archive"}) == ["11"]


@pytest.mark.parametrize(
    ("first", "then"),
    [("junk", ""), ("", "keep"), ("keep", "favorite"), ("favorite", "infuse"), ("infuse", "archive")],
)
def test_c9_by_tag_out_of_the_vault(first, then):
    vault = [weapon(10, tier=5, power=9), weapon(11, tier=4, power=1)]
    assert aside_of_vault(vault, tags={"10": then, "11": first}) == ["11"]


def test_c10_the_higher_tier_leaves_the_vault():
    assert aside_of_vault([weapon(10, tier=4, power=9), weapon(11, tier=5, power=1)]) == ["11"]


def test_c11_the_higher_power_leaves_the_vault():
    assert aside_of_vault([weapon(10, power=1800), weapon(11, power=1900)]) == ["11"]


def test_c_it_goes_to_the_character_played_least_recently_that_has_room():
    given = world(vault=[armor(10)], hunter=[weapon(1, ENERGY)], warlock=[armor(11)], room=1, vault_room=1)
    _, after = walked(given, move(1, VAULT))
    assert place(after, 10) == TITAN


# C. Never


def test_c_what_another_wish_is_about_does_not_move_aside():
    titan = [weapon(10, power=1), weapon(11, power=9)]
    given = world(vault=[weapon(1)], titan=titan, room=2)
    _, after = walked(given, move(1, TITAN), move(10, TITAN))
    assert (place(after, 1), place(after, 10)) == (TITAN, TITAN)


def test_c_what_cannot_be_transferred_never_moves_aside():
    assert aside_of([weapon(10, fixed=True, power=1), weapon(11, power=9)]) == ["11"]


# E. Stacks


def test_e10_a_large_unique_stack_moves_aside_by_one_call():
    """Nothing follows from it: it is not taken for a wish of its own, for which more room would have to be made."""
    given = world(vault=[weapon(1, BAG)], titan=[stack(999, max_stack=999, **UNIQUE)], room=1)
    planned, _ = walked(given, move(1, TITAN))
    assert calls(planned)[:-1] == [(TO_VAULT, LABELLED, TITAN)]
    assert len(planned.steps) == 2


def test_e10_a_unique_stack_does_not_move_aside_to_where_its_like_lies():
    titan = [stack(6, **UNIQUE), weapon(11, BAG, power=9)]
    planned, after = walked(world(vault=[weapon(1, BAG), stack(5, **UNIQUE)], titan=titan, room=2), move(1, TITAN))
    assert (aside(planned), place(after, 1)) == (["11"], TITAN)


def test_e10_a_unique_stack_does_not_leave_the_vault_for_a_character_that_has_its_like():
    bags = {"titan": [stack(6, **UNIQUE)], "warlock": [stack(8, **UNIQUE)]}
    given = world(vault=[stack(5, **UNIQUE)], vault_room=1, hunter=[stack(7, **UNIQUE), weapon(1, BAG)], **bags)
    planned, _ = walked(given, move(1, VAULT))
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


@pytest.mark.parametrize(("places", "refused"), [(1, ["no_room"]), (2, [])])
def test_e13_what_moves_aside_leaves_one_place_free_of_what_all_share(places, refused):
    given = world(vault=[stack(5, SHARD)], hunter=[weapon(1)], vault_room=1, consumables=places)
    planned, after = walked(given, move(1, VAULT))
    assert refusals(planned) == refused
    assert place(after, 1) == (HUNTER if refused else VAULT)
