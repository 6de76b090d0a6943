"""The planner by the numbers of MOVE_CASES: where from and where to, room, what is worn, stacks, the postmaster.

Every plan here is also walked through step by step, by the rules of game.py.
"""

from collections import Counter
from dataclasses import replace

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.steps import StepKind, Why
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.planned import (
    VAULT,
    anew,
    equip,
    lock,
    move,
    pieces,
    place,
    refusals,
    steps_anew,
    walked,
)
from tests.inventory.transfers.worlds import (
    BAG,
    COIN,
    ENERGY,
    EQUIP,
    GENERAL,
    HUNTER,
    KINETIC,
    LABELLED,
    LEGS,
    SHARD,
    TITAN,
    TO_CHARACTER,
    TO_VAULT,
    armor,
    calls,
    exotic,
    stack,
    weapon,
    weapons,
    world,
)

PULL = StepKind.PULL.value


# A. Where from, where to


@pytest.mark.parametrize("to", [HUNTER, TITAN], ids=["a1", "a2"])
def test_a1_a2_out_of_the_vault_is_one_call(to):
    planned, after = walked(world(vault=[weapon(1)]), move(1, to))
    assert calls(planned) == [(TO_CHARACTER, "1", to)]
    assert place(after, 1) == to


@pytest.mark.parametrize("owner", ["hunter", "titan"], ids=["a3", "a4"])
def test_a3_a4_into_the_vault_is_one_call(owner):
    planned, after = walked(world(**{owner: [weapon(1)]}), move(1, VAULT))
    assert calls(planned) == [(TO_VAULT, "1", {"hunter": HUNTER, "titan": TITAN}[owner])]
    assert place(after, 1) == VAULT


@pytest.mark.parametrize(("owner", "source", "to"), [("hunter", HUNTER, TITAN), ("titan", TITAN, HUNTER)])
def test_a5_a6_from_one_character_to_another_goes_through_the_vault(owner, source, to):
    planned, after = walked(world(**{owner: [weapon(1)]}), move(1, to))
    assert calls(planned) == [(TO_VAULT, "1", source), (TO_CHARACTER, "1", to)]
    assert place(after, 1) == to


def test_a7_what_is_there_already_needs_nothing():
    planned, _ = walked(world(hunter=[weapon(1, worn=True), weapon(2)]), equip(1, HUNTER), move(2, HUNTER))
    assert (planned.steps, planned.refusals) == ((), ())


def test_a10_from_the_vault_to_the_vault_is_nothing():
    planned, _ = walked(world(vault=[weapon(1)]), move(1, VAULT))
    assert (planned.steps, planned.refusals) == ((), ())


def test_an_item_that_nobody_has_is_refused():
    assert refusals(plan(world(), [move(1, VAULT)])) == ["gone"]


def test_a_character_that_nobody_has_is_refused():
    assert refusals(plan(world(vault=[weapon(1)]), [move(1, "99")])) == ["no_such_character"]


# B. How full it is


def test_b1_two_free_places_are_enough():
    planned, _ = walked(world(vault=[weapon(1)], titan=weapons(10, 8)), move(1, TITAN))
    assert len(planned.steps) == 1


def test_b2_one_moves_aside_from_a_full_bucket():
    planned, after = walked(world(vault=[weapon(1)], titan=weapons(10, 10)), move(1, TITAN))
    assert [step.why for step in planned.steps] == [Why.ROOM, Why.WANTED]
    assert place(after, 1) == TITAN


def test_b2_never_moving_others_is_told_with_what_would_move():
    planned = plan(world(vault=[weapon(1)], titan=weapons(10, 10)), [move(1, TITAN)], move_others=False)
    assert (planned.steps, refusals(planned)) == ((), ["moves_others"])
    assert "full" in planned.refusals[0].message


def test_b3_full_and_nothing_movable_is_no_way():
    planned = plan(world(vault=[weapon(1)], titan=weapons(10, 10, fixed=True)), [move(1, TITAN)])
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


def test_b4_vault_and_bucket_full_the_other_character_helps():
    given = world(vault=weapons(50, 4), hunter=[weapon(1)], titan=weapons(10, 10), vault_room=4)
    planned, after = walked(given, move(1, TITAN))
    assert place(after, 1) == TITAN
    assert len(planned.steps) > 1


def test_b5_everything_full_and_fixed_is_no_way():
    full = {name: weapons(first, 10, fixed=True) for name, first in (("hunter", 10), ("titan", 30), ("warlock", 50))}
    planned = plan(world(vault=[weapon(1)], vault_room=1, **full), [move(1, TITAN)])
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


def test_b9_the_last_place_of_the_vault_is_not_spent_on_what_moves_aside():
    given = world(vault=weapons(50, 3), hunter=[weapon(1)], titan=weapons(10, 10), vault_room=4)
    planned, after = walked(given, move(1, TITAN))
    aside = [step.item_id for step in planned.steps if step.why == Why.ROOM]
    assert place(after, 1) == TITAN
    assert all(place(after, each) != VAULT for each in aside)


def test_b10_a_stack_that_melts_into_another_moves_aside_first():
    given = world(
        vault=[stack(5, hash=601, bucket=BAG), weapon(1, BAG)],
        titan=[stack(5, hash=601, bucket=BAG), *weapons(10, 9, BAG)],
    )
    planned, _ = walked(given, move(1, TITAN))
    assert [(step.item_id, step.item_hash) for step in planned.steps if step.why == Why.ROOM] == [(None, 601)]


def test_b11_each_hop_has_its_room_before_it_runs():
    given = world(vault=weapons(50, 4), hunter=[weapon(1)], titan=weapons(10, 10), warlock=weapons(30, 9), vault_room=4)
    _, after = walked(given, move(1, TITAN))
    assert place(after, 1) == TITAN


def test_b12_where_nothing_is_free_but_the_place_that_the_item_leaves_there_is_no_way():
    bags = {name: weapons(first, 2) for name, first in (("hunter", 1), ("titan", 10), ("warlock", 20))}
    planned = plan(world(vault=weapons(50, 4), room=2, vault_room=4, **bags), [move(1, TITAN)])
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


# C. What moves aside: see test_plan_aside


# D. What is worn


def test_d1_putting_on_what_is_carried_is_one_call():
    planned, after = walked(world(hunter=[weapon(1), weapon(2, worn=True)]), equip(1, HUNTER))
    assert calls(planned) == [(EQUIP, "1", HUNTER)]
    assert (after.find("1").equipped, after.find("2").equipped) == (True, False)


def test_d2_what_lies_in_the_vault_moves_first():
    planned, after = walked(world(vault=[weapon(1)], hunter=[weapon(2, worn=True)]), equip(1, HUNTER))
    assert calls(planned) == [(TO_CHARACTER, "1", HUNTER), (EQUIP, "1", HUNTER)]
    assert after.find("1").equipped


def test_d3_the_other_exotic_gives_way_first():
    given = world(hunter=[exotic(1, worn=True), weapon(2), exotic(3, ENERGY), weapon(4, ENERGY, worn=True)])
    planned, after = walked(given, equip(3, HUNTER))
    assert calls(planned) == [(EQUIP, "2", HUNTER), (EQUIP, "3", HUNTER)]
    assert after.find("3").equipped


def test_d4_the_replacement_for_the_other_exotic_is_fetched():
    rare = {"tier": 6, "class_type": 1}
    given = world(
        vault=[armor(2, class_type=1), armor(3, LEGS, **rare)],
        hunter=[armor(1, worn=True, **rare), armor(4, LEGS, class_type=1, worn=True)],
    )
    planned, after = walked(given, equip(3, HUNTER))
    assert (after.find("2").equipped, after.find("3").equipped) == (True, True)
    assert {step.item_id for step in planned.steps} == {"2", "3"}


def test_d4_the_replacement_that_is_fetched_stays_locked():
    stored = [weapon(2, hash=7, power=9, locked=True), weapon(5, hash=7, power=1)]
    given = world(vault=stored, hunter=[exotic(1, worn=True), exotic(3, ENERGY), weapon(4, ENERGY, worn=True)])
    _, after = walked(given, equip(3, HUNTER))
    assert [(after.find(each).equipped, after.find(each).locked) for each in "23"] == [(True, True), (True, False)]


def test_d5_an_exotic_out_of_the_vault_waits_until_the_other_one_is_taken_off():
    given = world(
        vault=[exotic(3, ENERGY)],
        hunter=[exotic(1, worn=True), weapon(2), weapon(4, ENERGY, worn=True)],
    )
    planned, after = walked(given, equip(3, HUNTER))
    assert calls(planned) == [(TO_CHARACTER, "3", HUNTER), (EQUIP, "2", HUNTER), (EQUIP, "3", HUNTER)]
    assert (after.find("1").equipped, after.find("3").equipped) == (False, True)


def test_d5_an_exotic_stays_in_the_vault_where_the_other_one_cannot_be_taken_off():
    given = world(vault=[exotic(3, ENERGY)], hunter=[exotic(1, worn=True), weapon(4, ENERGY, worn=True)])
    planned = plan(given, [equip(3, HUNTER)])
    assert (planned.steps, refusals(planned)) == ((), ["one_exotic"])


def test_d6_what_is_worn_is_replaced_before_it_moves():
    planned, after = walked(world(hunter=[weapon(1, worn=True), weapon(2)]), move(1, VAULT))
    assert calls(planned) == [(EQUIP, "2", HUNTER), (TO_VAULT, "1", HUNTER)]
    assert place(after, 1) == VAULT


def test_d6_what_has_no_name_is_put_on_only_where_nothing_else_is_there():
    given = world(hunter=[weapon(1, worn=True), weapon(2, power=9, name=""), weapon(3, power=1)])
    _, after = walked(given, move(1, VAULT))
    assert after.find("3").equipped


def test_d6_a_replacement_for_which_room_is_made_is_not_what_moves_aside():
    titan = [weapon(1, worn=True), exotic(2), exotic(3, ENERGY, worn=True)]
    given = world(vault=[weapon(5, power=9), weapon(6, power=1)], titan=titan, room=2, vault_room=2)
    planned, after = walked(given, move(1, VAULT))
    assert planned.refusals == ()
    assert (after.find("5").equipped, place(after, 1)) == (True, VAULT)


def test_d7_the_replacement_is_none_that_moves_too():
    given = world(hunter=[weapon(1, worn=True), weapon(2, power=9), weapon(3, power=1)])
    _, after = walked(given, move(1, VAULT), move(2, VAULT))
    assert (after.find("3").equipped, place(after, 1), place(after, 2)) == (True, VAULT, VAULT)


def test_d8_no_second_exotic_is_put_on_as_a_replacement():
    given = world(hunter=[weapon(1, worn=True), exotic(2), exotic(3, ENERGY, worn=True)])
    planned = plan(given, [move(1, VAULT)])
    assert (planned.steps, refusals(planned)) == ((), ["cannot_unequip"])


def test_d9_nothing_else_to_wear_is_no_way():
    planned = plan(world(hunter=[weapon(1, worn=True)]), [move(1, VAULT)])
    assert (planned.steps, refusals(planned)) == ((), ["cannot_unequip"])


def test_d10_armor_of_another_class_is_refused_before_any_call():
    planned = plan(world(vault=[armor(1, class_type=1)]), [equip(1, TITAN)])
    assert (planned.steps, refusals(planned)) == ((), ["other_class"])
    assert planned.refusals[0].message.startswith("Your Titan cannot wear ")


def test_d11_armor_of_another_class_is_carried_by_anybody():
    planned, _ = walked(world(vault=[armor(1, class_type=1)]), move(1, TITAN))
    assert calls(planned) == [(TO_CHARACTER, "1", TITAN)]


def test_d13_a_single_equip_is_a_call_of_its_own():
    planned, _ = walked(world(hunter=[weapon(1), weapon(2, worn=True)]), equip(1, HUNTER))
    assert [step.kind for step in planned.steps] == [StepKind.EQUIP]


def test_d15_several_are_put_on_together_exotics_last():
    given = world(
        hunter=[exotic(1), weapon(2, worn=True), weapon(3, ENERGY), weapon(4, ENERGY, worn=True)],
    )
    planned, after = walked(given, equip(1, HUNTER), equip(3, HUNTER))
    assert [(step.kind, step.item_ids) for step in planned.steps] == [(StepKind.EQUIP_MANY, ("3", "1"))]
    assert (after.find("1").equipped, after.find("3").equipped) == (True, True)


# E. Stacks


@pytest.mark.parametrize(("there", "stacks"), [((), 1), ((10,), 1), ((99,), 2)], ids=["e1", "e2", "e3"])
def test_e1_to_e3_some_of_a_stack_into_the_vault(there, stacks):
    given = world(account=[stack(20)], vault=[stack(each) for each in there])
    _, after = walked(given, pieces(3, VAULT, "account"))
    kept = [held.quantity for held in after.items if held.bucket_hash == GENERAL]
    assert (sum(kept), len(kept)) == (3 + sum(there), stacks)


@pytest.mark.parametrize(("there", "stacks"), [((), 1), ((10,), 1), ((99,), 2)], ids=["e4", "e5", "e6"])
def test_e4_to_e6_some_of_a_stack_out_of_the_vault(there, stacks):
    given = world(vault=[stack(20)], account=[stack(each) for each in there])
    _, after = walked(given, pieces(3, HUNTER, VAULT))
    kept = [held.quantity for held in after.items if held.bucket_hash != GENERAL]
    assert (sum(kept), len(kept)) == (3 + sum(there), stacks)


def test_e7_what_all_characters_share_lands_there_whomever_it_is_sent_to():
    planned, after = walked(world(vault=[stack(20)]), pieces(2, TITAN, VAULT))
    assert len(planned.steps) == 1
    assert [(held.owner, held.quantity) for held in after.items if held.bucket_hash != GENERAL] == [(None, 2)]


def test_e8_a_second_unique_stack_is_refused():
    unique = {"hash": LABELLED, "stack_unique_label": "one"}
    given = world(account=[stack(100, **unique)], vault=[stack(1, **unique)])
    planned = plan(given, [pieces(1, HUNTER, VAULT, LABELLED)])
    assert (planned.steps, refusals(planned)) == ((), ["unique_stack"])


def test_e9_a_large_unique_stack_is_one_call():
    given = world(account=[stack(999, hash=LABELLED, stack_unique_label="one", max_stack=999)])
    planned, _ = walked(given, pieces(0, VAULT, "account", LABELLED))
    assert [(step.kind, step.quantity) for step in planned.steps] == [(StepKind.TO_VAULT, 999)]


def test_e11_all_consumables_need_no_more_calls_than_there_are():
    kinds = [601, 602, 603]
    given = world(account=[stack(5, hash=each) for each in kinds] + [stack(9, LABELLED, stack_unique_label="one")])
    wants = [pieces(0, VAULT, "account", each) for each in [*kinds, LABELLED]]
    planned, after = walked(given, *wants)
    assert len(planned.steps) <= len(wants)
    assert all(held.bucket_hash == GENERAL for held in after.items)


def test_e12_a_unique_stack_with_its_like_in_the_vault_stays():
    unique = {"hash": LABELLED, "bucket": BAG, "stack_unique_label": "one"}
    given = world(hunter=[stack(5, **unique)], vault=[stack(1, **unique)])
    planned = plan(given, [pieces(5, TITAN, HUNTER, LABELLED)])
    assert (planned.steps, refusals(planned)) == ((), ["unique_stack"])


def test_e14_more_than_one_stack_holds_is_moved_and_conserved():
    given = world(account=[stack(100), stack(40)], vault=[stack(70)])
    _, after = walked(given, pieces(120, VAULT, "account"))
    kept = Counter()
    for held in after.items:
        kept[held.bucket_hash == GENERAL] += held.quantity
    assert kept == {True: 190, False: 20}


def test_e14_what_crosses_the_vault_is_not_taken_for_what_lay_there():
    in_bag = {"bucket": BAG, "max_stack": 100}
    given = world(vault=[stack(4, **in_bag)], hunter=[stack(5, **in_bag)], warlock=[stack(2, **in_bag)])
    _, after = walked(given, pieces(10, TITAN))
    assert sorted((str(held.owner), held.quantity) for held in after.items) == [(HUNTER, 1), (TITAN, 10)]


def test_e14_planned_again_what_is_in_the_vault_already_is_on_its_way():
    given = world(hunter=[stack(10, bucket=BAG)], warlock=[stack(4, bucket=BAG)])
    steps, after = anew(given, pieces(7, TITAN))
    assert [step.kind.value for step in steps] == [TO_VAULT, TO_VAULT, TO_CHARACTER]
    assert [held.quantity for held in after.items if held.owner == TITAN] == [7]


def test_e14_planned_again_another_stack_that_moved_aside_does_not_count():
    given = world(vault=[stack(3, max_stack=10)], account=[stack(9, max_stack=10), stack(8, SHARD)], consumables=2)
    steps, after = anew(given, pieces(2, HUNTER, VAULT))
    assert [(step.item_hash, step.quantity) for step in steps] == [(SHARD, 8), (COIN, 2)]
    assert sum(held.quantity for held in after.items if held.bucket_hash != GENERAL) == 11


@pytest.mark.parametrize("quantity", [-1, 21])
def test_amounts_that_are_not_there_are_refused(quantity):
    planned = plan(world(account=[stack(20)]), [pieces(quantity, VAULT, "account")])
    assert (planned.steps, refusals(planned)) == ((), ["bad_quantity"])


def test_e15_consolidating_brings_all_of_it_to_one_store():
    given = world(
        hunter=[stack(5, bucket=BAG)], titan=[stack(6, bucket=BAG)], vault=[stack(7, bucket=BAG)],
    )  # fmt: skip
    _, after = walked(given, Want(Kind.CONSOLIDATE, None, COIN, to=HUNTER))
    assert {(held.owner, held.quantity) for held in after.items} == {(HUNTER, 18)}


@pytest.mark.parametrize(
    ("given", "wish", "kind"),
    [
        (world(account=[stack(20)]), pieces(3, VAULT, "account"), StepKind.TO_VAULT),
        (world(vault=[stack(20)]), pieces(3, TITAN, VAULT), StepKind.TO_CHARACTER),
        (world(lost={TITAN: [stack(20)]}), Want(Kind.PULL, None, COIN, 3, source=TITAN, to=TITAN), StepKind.PULL),
    ],
    ids=["to the vault", "to a character", "from the postmaster"],
)
def test_e16_a_step_about_a_stack_names_no_instance_but_its_kind_and_the_amount(given, wish, kind):
    planned, _ = walked(given, wish)
    assert [(step.kind, step.item_id, step.item_hash, step.quantity) for step in planned.steps] == [
        (kind, None, COIN, 3)
    ]


# F. The postmaster


def test_f1_a_lost_weapon_is_pulled_by_one_call():
    planned, after = walked(world(lost={HUNTER: [weapon(1)]}), move(1, HUNTER))
    assert calls(planned) == [(PULL, "1", HUNTER)]
    assert after.find("1").bucket_hash == KINETIC


def test_f2_where_the_bags_are_full_room_is_made_before_it_is_pulled():
    """No pull is sent blindly: what is known is up to date, or read again before anything moves aside."""
    planned, after = walked(world(lost={HUNTER: [weapon(1)]}, hunter=weapons(10, 10)), move(1, HUNTER))
    assert calls(planned) == [(TO_VAULT, "10", HUNTER), (PULL, "1", HUNTER)]
    assert place(after, 1) == HUNTER


def test_f3_a_lost_weapon_for_another_character_is_three_calls():
    planned, after = walked(world(lost={HUNTER: [weapon(1)]}), move(1, TITAN))
    assert calls(planned) == [(PULL, "1", HUNTER), (TO_VAULT, "1", HUNTER), (TO_CHARACTER, "1", TITAN)]
    assert place(after, 1) == TITAN


def test_f4_and_a_fourth_where_that_one_is_full():
    planned, after = walked(world(lost={HUNTER: [weapon(1)]}, titan=weapons(10, 10)), move(1, TITAN))
    assert (len(planned.steps), place(after, 1)) == (4, TITAN)


def test_f5_a_lost_weapon_goes_on_into_the_vault():
    planned, after = walked(world(lost={HUNTER: [weapon(1)]}), move(1, VAULT))
    assert calls(planned) == [(PULL, "1", HUNTER), (TO_VAULT, "1", HUNTER)]
    assert place(after, 1) == VAULT


def test_f6_a_lost_coin_melts_into_what_all_share_though_the_vault_is_full():
    given = world(lost={TITAN: [stack(1)]}, account=[stack(5)], vault=weapons(50, 4), vault_room=4)
    planned, after = walked(given, Want(Kind.PULL, None, COIN, 1, source=TITAN, to=TITAN))
    assert calls(planned) == [(PULL, COIN, TITAN)]
    assert [held.quantity for held in after.items if held.hash == COIN] == [6]


def test_f7_what_does_more_than_move_is_never_sent():
    given = world(lost={HUNTER: [weapon(1)]}, side_effects=frozenset({1001}))
    planned = plan(given, [Want(Kind.PULL, "1", to=HUNTER)])
    assert (planned.steps, refusals(planned)) == ((), ["side_effects"])


def test_f9_of_a_unique_stack_as_much_is_pulled_as_fits():
    unique = {"hash": LABELLED, "stack_unique_label": "one"}
    given = world(lost={HUNTER: [stack(50, **unique)]}, account=[stack(80, **unique)])
    planned, _ = walked(given, Want(Kind.PULL, None, LABELLED, 50, source=HUNTER, to=HUNTER))
    assert [(step.kind, step.quantity) for step in planned.steps] == [(StepKind.PULL, 20)]


def test_f3_a_lost_stack_for_another_character_needs_a_place_in_the_vault():
    bags = {"bucket": BAG, "hash": COIN}
    stays = weapons(50, 4, fixed=True)
    given = world(vault=stays, titan=[stack(7, **bags)], lost={HUNTER: [stack(5, **bags)]}, vault_room=4)
    planned = plan(given, [pieces(5, TITAN, HUNTER)])
    assert (planned.steps, refusals(planned)) == ((), ["no_room"])


@pytest.mark.parametrize(("to", "owner"), [(VAULT, None), (TITAN, TITAN)])
def test_f5_planned_again_a_stack_that_was_pulled_goes_on(to, owner):
    lost = [stack(5, bucket=BAG, max_stack=10), stack(9, bucket=BAG, max_stack=10)]
    _, after = anew(world(lost={HUNTER: lost}), pieces(12, to, HUNTER))
    assert sum(held.quantity for held in after.items if held.owner == owner) == 12


# G. Many at once


def test_g1_what_is_put_on_instead_is_none_of_those_that_were_asked_for():
    given = world(hunter=[weapon(1, worn=True)], vault=[weapon(2, power=2000), weapon(3, power=1)])
    _, after = walked(given, move(1, VAULT), move(2, VAULT))
    assert (after.find("3").equipped, place(after, 1), place(after, 2)) == (True, VAULT, VAULT)


def test_g2_a_copy_that_was_asked_for_too_is_known_by_its_own_id():
    """No other mark of an item is kept that could have become old."""
    copies = [weapon(2, hash=7, power=2000), weapon(5, ENERGY, hash=8, power=2000)]
    given = world(
        hunter=[weapon(1, hash=7, worn=True), weapon(4, ENERGY, hash=8, worn=True)],
        vault=[*copies, weapon(3, power=1), weapon(6, ENERGY, power=1)],
    )
    _, after = walked(given, *(move(number, VAULT) for number in (1, 2, 4, 5)))
    assert [number for number in "123456" if after.find(number).equipped] == ["3", "6"]
    assert [place(after, number) for number in "1245"] == [VAULT] * 4


def test_many_together_need_no_more_calls_than_one_by_one():
    given = world(vault=weapons(1, 6), hunter=weapons(10, 8), titan=weapons(30, 9))
    wants = [*(move(number, TITAN) for number in range(1, 4)), *(move(number, VAULT) for number in range(30, 35))]
    together, _ = walked(given, *wants)
    apart = sum(len(plan(given, [want]).steps) for want in wants)
    assert len(together.steps) <= apart


def test_k11_the_lock_is_set_again_where_a_copy_lies_beside():
    given = world(hunter=[weapon(1, hash=7, locked=True), weapon(2, hash=7)])
    planned, _ = walked(given, move(1, VAULT))
    assert [(step.kind, step.why) for step in planned.steps] == [
        (StepKind.TO_VAULT, Why.WANTED),
        (StepKind.LOCK, Why.SAME_LOCK),
    ]


def test_k11_so_it_is_beside_a_copy_that_has_moved_aside_just_before():
    titan = [weapon(10, hash=7, power=1, locked=True), weapon(11, hash=7, power=9)]
    given = world(vault=[weapon(1, hash=7, locked=True)], titan=titan, room=2)
    _, after = walked(given, move(1, TITAN))
    assert {each.id: each.locked for each in after.items} == {"1": True, "10": True, "11": False}


def test_k11_the_lock_that_a_move_has_changed_is_set_again_later():
    planned, after = walked(world(hunter=[weapon(1, locked=True)], locks={"1": False}))
    assert [step.why for step in planned.steps] == [Why.SAME_LOCK]
    assert not after.find("1").locked


def test_k11_but_not_where_the_person_asked_for_another():
    planned, _ = walked(world(hunter=[weapon(1, locked=True)], locks={"1": False}), lock(1))
    assert (planned.steps, planned.refusals) == ((), ())


def test_what_all_share_is_moved_once_though_its_bucket_is_not_known_yet():
    given = replace(world(account=[stack(4)]), buckets={})
    assert [step.quantity for step in steps_anew(given, [pieces(0, VAULT)])] == [4]
