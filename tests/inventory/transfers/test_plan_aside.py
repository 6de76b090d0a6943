"""What moves aside where room is needed, by MOVE_CASES C, and what never does."""

from inventory.transfers.steps import Why
from tests.inventory.transfers.planned import move, place, refusals, walked
from tests.inventory.transfers.worlds import BAG, LABELLED, TITAN, stack, weapon, world

UNIQUE = {"hash": LABELLED, "bucket": BAG, "stack_unique_label": "one"}


def aside(planned):
    return [step.item_id for step in planned.steps if step.why == Why.ROOM]


def test_a_unique_stack_does_not_move_aside_to_where_its_like_lies():
    given = world(
        vault=[weapon(1, BAG), stack(5, **UNIQUE)], titan=[stack(6, **UNIQUE), weapon(11, BAG, power=9)], room=2
    )
    planned, after = walked(given, move(1, TITAN))
    assert (aside(planned), place(after, 1)) == (["11"], TITAN)


def test_a_unique_stack_does_not_leave_the_vault_for_a_character_that_has_its_like():
    bags = {"hunter": [stack(7, **UNIQUE)], "titan": [stack(6, **UNIQUE)], "warlock": [stack(8, **UNIQUE)]}
    given = world(vault=[stack(5, **UNIQUE)], vault_room=1, **bags | {"hunter": [*bags["hunter"], weapon(1, BAG)]})
    planned, _ = walked(given, move(1, "vault"))
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])
