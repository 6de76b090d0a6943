"""What a call that succeeded changes: the planner thinks ahead by it, and the page shows it before Bungie does."""

import json

import pytest

from inventory.transfers.holdings import VAULT, Effect, Holdings, apply
from inventory.transfers.steps import PlannedStep, StepKind, Why
from tests.inventory.transfers.worlds import (
    CONSUMABLES,
    ENERGY,
    HUNTER,
    KINETIC,
    LOST,
    TITAN,
    stack,
    weapon,
    world,
)


def effect(kind, item_id=None, *, of=HUNTER, bucket=KINETIC, **more):
    return Effect(StepKind(kind), item_id, more.pop("hash", 0), of, bucket_hash=bucket, **more)


def coins(kind, quantity, of=HUNTER, max_stack=100):
    more = {"quantity": quantity, "max_stack": max_stack, "account_wide": True, "hash": 501}
    return effect(kind, of=of, bucket=CONSUMABLES, **more)


def where(items):
    return {each.instance_id: (each.owner, each.bucket_hash, each.equipped) for each in items}


def quantities(items, place):
    return sorted(each.quantity for each in items if (each.owner, each.bucket_hash) == place)


def test_an_item_goes_into_the_vault_and_comes_out_to_another_character():
    items = world(hunter=[weapon(1)]).items
    items = apply(items, effect("to_vault", "1"))
    assert where(items) == {"1": (None, VAULT[1], False)}
    assert where(apply(items, effect("to_character", "1", of=TITAN))) == {"1": (TITAN, KINETIC, False)}


@pytest.mark.parametrize(
    "change",
    [
        effect("to_vault", "1"),
        effect("to_character", "2"),
        effect("pull", "3", bucket=ENERGY),
        effect("equip", "4"),
        effect("equip_many", item_ids=("4", "5")),
        effect("lock", "1"),
    ],
)
def test_what_shows_already_is_not_changed_again(change):
    given = world(
        vault=[weapon(2)],
        hunter=[weapon(1, worn=True), weapon(4), weapon(5, ENERGY)],
        lost={HUNTER: [weapon(3, ENERGY)]},
    )
    once = apply(given.items, change)
    assert once != given.items
    assert apply(once, change) == once


def test_equipping_takes_off_what_was_worn_there_and_nothing_else():
    items = world(
        hunter=[weapon(1, worn=True), weapon(2), weapon(3, ENERGY, worn=True)], titan=[weapon(4, worn=True)]
    ).items
    after = apply(items, effect("equip", "2"))
    assert [each.instance_id for each in after if each.equipped] == ["2", "3", "4"]
    assert [each.transfer_status for each in after] == [0, 1, 1, 1]


def test_equipping_what_the_character_does_not_carry_changes_nothing():
    items = world(vault=[weapon(2)], hunter=[weapon(1, worn=True)]).items
    assert apply(items, effect("equip", "2")) == items


def test_an_item_pulled_and_moved_on_is_not_pulled_back():
    items = world(vault=[weapon(1)]).items
    assert apply(items, effect("pull", "1")) == items


def test_a_lock_is_one_bit_of_the_state():
    items = world(hunter=[weapon(1)]).items
    locked = apply(items, effect("lock", "1"))
    assert locked[0].state == 1
    assert apply(locked, effect("unlock", "1")) == items


def test_the_smallest_stacks_go_first_and_the_smallest_are_filled_first():
    """E14"""
    items = world(account=[stack(40), stack(5), stack(30)], vault=[stack(98), stack(60)]).items
    after = apply(items, coins("to_vault", 30))
    assert quantities(after, (None, CONSUMABLES)) == [5, 40]
    assert quantities(after, VAULT) == [90, 98]
    assert sum(each.quantity for each in after) == sum(each.quantity for each in items)


def test_a_stack_begins_another_where_the_first_is_full():
    """E3"""
    after = apply(world(account=[stack(50)], vault=[stack(99)]).items, coins("to_vault", 3))
    assert quantities(after, VAULT) == [2, 100]


def test_what_all_characters_share_has_no_owner():
    after = apply(world(vault=[stack(5)]).items, coins("to_character", 2, of=TITAN))
    assert quantities(after, (None, CONSUMABLES)) == [2]
    assert quantities(after, VAULT) == [3]


def test_a_stack_that_is_gone_gives_nothing():
    assert apply([], coins("to_vault", 3)) == []


def test_a_lost_stack_merges_with_what_is_there():
    items = world(account=[stack(50)], lost={TITAN: [stack(7)]}).items
    after = apply(items, coins("pull", 7, of=TITAN))
    assert quantities(after, (None, CONSUMABLES)) == [57]
    assert quantities(after, (TITAN, LOST)) == []


def test_holdings_go_back_to_what_they_were():
    given = world(account=[stack(40)], vault=[stack(99), weapon(2)], hunter=[weapon(1, worn=True)])
    holdings = Holdings(given.items)
    mark = holdings.mark()
    changes = (effect("to_character", "2"), effect("equip", "2"), effect("to_vault", "1"), coins("to_vault", 40))
    for change in changes:
        holdings.apply(change)
    assert holdings.items != given.items
    holdings.back_to(mark)
    assert holdings.items == given.items
    assert holdings.find("1").equipped


def test_an_effect_is_kept_as_json_and_read_again():
    step = PlannedStep(StepKind.EQUIP_MANY, 0, Why.WANTED, None, 0, HUNTER, item_ids=("1", "2"), bucket_hash=5)
    made = Effect.of(step)
    assert Effect.read(json.loads(json.dumps(made.kept))) == made


def test_of_items_equipped_together_only_those_count_that_bungie_equipped():
    class Row(PlannedStep):
        outcomes = {"1": 1, "2": 1623}

    row = Row(StepKind.EQUIP_MANY, 0, Why.WANTED, None, 0, HUNTER, item_ids=("1", "2", "3"))
    assert Effect.of(row).item_ids == ("1", "3")
