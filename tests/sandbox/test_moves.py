"""Items move by the rules of the game, and each rule says so in Bungie's codes."""

from dataclasses import replace

import pytest

from destinyvault.sandbox import facts
from tests.sandbox.player import OK, Player
from tests.sandbox.wire import COLLECTOR, CROSS_SAVE, EMPTY_VAULT, ILVA, TWO_PLATFORMS, items_of

NOT_FOUND, NO_VAULT_SLOT, INVENTORY_FULL, NO_ROOM = (500, 1623), (500, 1627), (500, 1637), (500, 1642)
NOT_UNIQUE, EQUIPPED, STAYS, SIDE_EFFECTS = (500, 1648), (500, 1656), (500, 1660), (500, 1673)
UNREADABLE, MISSING = (400, 7), (400, 18)
GONE = 9  # so many of a stack


@pytest.fixture
def ilva(wire, orders):
    return Player(wire, orders, ILVA)


@pytest.fixture
def weapon(ilva):
    return ilva.item(place="vault", home=facts.KINETIC)


def plain_stack(player, **more):
    """A kind of stack that nobody has yet, with few to a stack."""
    held = {row["hash"] for row in player.items()}
    kinds = player.kinds(facts.CONSUMABLES, stack_label=False, movable=True, side_effects=False)
    return next(kind for kind in kinds if 1 < kind.stack < 100 and kind.hash not in held)


def unique_stack(player):
    held = {row["hash"] for row in player.items()}
    return next(kind for kind in player.kinds(facts.CONSUMABLES, stack_label=True) if kind.hash not in held)


# Between character and vault


def test_item_goes_from_the_vault_to_a_character_and_back(ilva, weapon):
    one = ilva.characters[1]
    assert ilva.from_vault(weapon, one) == OK
    assert (ilva.place(weapon), ilva.again(weapon)["bucket"]) == (one, facts.KINETIC)
    assert ilva.to_vault(weapon, one) == OK
    assert (ilva.place(weapon), ilva.again(weapon)["bucket"]) == ("vault", facts.VAULT)
    assert len(ilva.items(instance_id=weapon["instance_id"])) == 1


def test_profile_tells_of_a_move_at_once(ilva, wire, weapon):
    before = wire.profile(ILVA)["responseMintedTimestamp"]
    ilva.from_vault(weapon)
    profile = wire.profile(ILVA)
    carried = profile["characterInventories"]["data"][ilva.characters[0]]["items"]
    (shown,) = [item for item in items_of(profile) if item.get("itemInstanceId") == weapon["instance_id"]]
    assert shown in carried
    assert (shown["location"], shown["bucketHash"], shown["transferStatus"]) == (1, facts.KINETIC, 0)
    assert profile["responseMintedTimestamp"] > before


def test_item_asked_for_alone_is_where_it_went(ilva, wire, weapon):
    ilva.from_vault(weapon)
    told = wire.response(f"{wire.account(ILVA)}Item/{weapon['instance_id']}/", ilva.token, components="307")
    assert told["characterId"] == ilva.characters[0]
    assert told["item"]["data"]["location"] == 1


def test_ids_may_be_numbers_or_strings(ilva, weapon):
    body = {**ilva.named(weapon), "itemId": int(weapon["instance_id"]), "transferToVault": False}
    assert ilva.act("Items/TransferItem", int(ilva.characters[0]), **body) == OK


def test_nothing_goes_from_character_to_character(ilva, weapon):
    ilva.from_vault(weapon, ilva.characters[0])
    assert ilva.from_vault(weapon, ilva.characters[1]) == NOT_FOUND
    assert ilva.to_vault(weapon, ilva.characters[1]) == NOT_FOUND
    assert ilva.place(weapon) == ilva.characters[0]


def test_item_that_is_there_already_is_not_found(ilva, weapon):
    assert ilva.to_vault(weapon) == NOT_FOUND


def test_instance_and_hash_have_to_be_the_same_item(ilva, weapon):
    other = next(row for row in ilva.items(place="vault") if row["hash"] != weapon["hash"])
    assert ilva.from_vault({**weapon, "hash": other["hash"]}) == NOT_FOUND
    assert ilva.from_vault({**weapon, "instance_id": "0"}) == NOT_FOUND
    assert ilva.from_vault(weapon, quantity=2) == NOT_FOUND


def test_without_transfer_to_vault_nothing_is_found(ilva, weapon):
    assert ilva.act("Items/TransferItem", **ilva.named(weapon)) == NOT_FOUND
    assert ilva.place(weapon) == "vault"


def test_worn_items_do_not_move(ilva):
    worn = ilva.item(owner=0, equipped=True, home=facts.KINETIC)
    assert ilva.to_vault(worn) == EQUIPPED


@pytest.mark.parametrize("bucket", [facts.EMOTES, facts.SUBCLASS, facts.QUESTS, facts.ENGRAMS, facts.GLIMMER_BUCKET])
def test_what_has_no_place_in_the_vault_finds_no_vendor(ilva, bucket):
    there = [row for row in ilva.items(home=bucket) if row["owner"] in (None, ilva.characters[0])]
    assert ilva.to_vault(there[0]) == NO_VAULT_SLOT


def test_non_transferrable_items_stay(ilva):
    kind = ilva.kinds(facts.CONSUMABLES, movable=False)[0]
    stack = ilva.add(ilva.characters[0], hash=kind.hash)
    assert ilva.to_vault(stack) == STAYS


def test_any_class_may_carry_any_armor(ilva):
    foreign = next(kind for kind in ilva.kinds(facts.CHEST, stack_label=False) if kind.class_type == facts.TITAN)
    armor = ilva.add("vault", hash=foreign.hash)
    assert ilva.from_vault(armor, ilva.characters[0]) == OK


# Room


def test_full_bucket_takes_nothing_more_what_is_worn_counted(ilva, orders, weapon):
    orders.play(ILVA, "fill", where=facts.KINETIC, character=ilva.characters[0])
    assert len(ilva.items(owner=0, bucket=facts.KINETIC)) == 10
    assert ilva.from_vault(weapon) == NO_ROOM
    assert ilva.from_vault(weapon, ilva.characters[1]) == OK


def test_vault_takes_a_thousand_and_no_more(ilva, orders):
    orders.play(ILVA, "fill", where="vault", free=1)
    first, second = [row for row in ilva.items(owner=0, equipped=False) if row["bucket"] in facts.WORN][:2]
    assert ilva.to_vault(first) == OK
    assert len(ilva.items(place="vault")) == 1000
    assert ilva.to_vault(second) == NO_ROOM
    assert ilva.place(second) == ilva.characters[0]


def test_capacities_are_those_of_the_manifest(sandbox, ilva, weapon, monkeypatch):
    owned = sandbox.accounts[ilva.account].owned
    ilva.orders.play(ILVA, "fill", where=facts.KINETIC, character=ilva.characters[0])
    eleven = replace(owned.bucket(facts.KINETIC), places=11)
    monkeypatch.setattr(owned, "buckets", owned.buckets | {facts.KINETIC: eleven})
    assert ilva.from_vault(weapon) == OK
    assert ilva.to_vault(weapon) == OK


# Stacks


def test_stacks_are_shared_by_all_characters(ilva):
    kind = plain_stack(ilva)
    stack = ilva.add("vault", hash=kind.hash, quantity=5)
    assert ilva.from_vault(stack, ilva.characters[2], quantity=5) == OK
    assert ilva.amounts(kind.hash) == {"account": [5]}
    assert ilva.to_vault(stack, ilva.characters[1], quantity=5) == OK


def test_part_of_a_stack_moves_and_joins_what_is_there(ilva):
    kind = plain_stack(ilva)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=10)
    assert ilva.to_vault(stack, quantity=3) == OK
    assert ilva.amounts(kind.hash) == {"account": [7], "vault": [3]}
    assert ilva.to_vault(stack, quantity=3) == OK
    assert ilva.amounts(kind.hash) == {"account": [4], "vault": [6]}


def test_what_does_not_fit_into_a_stack_begins_another(ilva):
    kind = plain_stack(ilva)
    ilva.add("vault", hash=kind.hash, quantity=kind.stack - 1)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=5)
    assert ilva.to_vault(stack, quantity=3) == OK
    assert ilva.amounts(kind.hash) == {"account": [2], "vault": [2, kind.stack]}


def test_another_stack_needs_a_place_and_joining_one_does_not(ilva, orders):
    kind = plain_stack(ilva)
    ilva.add("vault", hash=kind.hash, quantity=kind.stack - 1)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=5)
    orders.play(ILVA, "fill", where="vault")
    assert ilva.to_vault(stack, quantity=2) == NO_ROOM
    assert ilva.amounts(kind.hash) == {"account": [5], "vault": [kind.stack - 1]}
    assert ilva.to_vault(stack, quantity=1) == OK


def test_one_request_may_take_of_several_stacks_the_smallest_first(ilva):
    kind = plain_stack(ilva)
    ilva.add(ilva.characters[0], hash=kind.hash, quantity=kind.stack + 4)
    assert ilva.amounts(kind.hash) == {"account": [4, kind.stack]}
    assert ilva.to_vault(ilva.item(hash=kind.hash), quantity=6) == OK
    assert ilva.amounts(kind.hash) == {"account": [kind.stack - 2], "vault": [6]}


def test_more_than_there_is_is_not_found(ilva):
    kind = plain_stack(ilva)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=4)
    assert ilva.to_vault(stack, quantity=5) == NOT_FOUND


def test_unique_stack_moves_whole_or_not_at_all(ilva):
    kind = unique_stack(ilva)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=4)
    assert ilva.to_vault(stack, quantity=3) == NOT_UNIQUE
    assert ilva.to_vault(stack, quantity=4) == OK
    assert ilva.amounts(kind.hash) == {"vault": [4]}


def test_unique_stack_finds_no_second_place_beside_its_like(ilva):
    kind = unique_stack(ilva)
    ilva.add("vault", hash=kind.hash, quantity=kind.stack)
    stack = ilva.add(ilva.characters[0], hash=kind.hash, quantity=1)
    assert ilva.to_vault(stack, quantity=1) == NOT_UNIQUE
    assert ilva.from_vault(stack, quantity=kind.stack) == NOT_UNIQUE


def test_some_armor_can_be_had_once_per_store(ilva):
    held = {row["hash"] for row in ilva.items()}
    kinds = [kind for bucket in facts.ARMOR_BUCKETS for kind in ilva.kinds(bucket, stack_label=True)]
    kind = next(kind for kind in kinds if kind.hash not in held)
    first, second = (ilva.add(ilva.characters[n], hash=kind.hash) for n in range(2))
    assert ilva.to_vault(first, ilva.characters[0]) == OK
    assert ilva.to_vault(second, ilva.characters[1]) == NOT_UNIQUE


# The postmaster


def test_lost_weapon_is_pulled_into_its_bucket(ilva):
    lost = ilva.add("postmaster", character=ilva.characters[0], bucket=facts.POWER)
    assert ilva.pull(lost) == OK
    assert (ilva.place(lost), ilva.again(lost)["bucket"]) == (ilva.characters[0], facts.POWER)


def test_postmaster_gives_to_its_own_character_only(ilva):
    lost = ilva.add("postmaster", character=ilva.characters[0], bucket=facts.POWER)
    assert ilva.pull(lost, ilva.characters[1]) == NOT_FOUND
    assert ilva.to_vault(lost) == NOT_FOUND
    assert ilva.from_vault(lost) == NOT_FOUND


def test_full_inventory_takes_nothing_from_the_postmaster(ilva, orders):
    lost = ilva.add("postmaster", character=ilva.characters[0], bucket=facts.POWER)
    orders.play(ILVA, "fill", where=facts.POWER, character=ilva.characters[0])
    assert ilva.pull(lost) == INVENTORY_FULL
    assert ilva.place(lost) == "postmaster"


def test_lost_stack_joins_the_one_that_all_characters_share_whatever_the_vault(ilva, orders):
    kind = plain_stack(ilva)
    ilva.add(ilva.characters[0], hash=kind.hash, quantity=3)
    lost = ilva.add("postmaster", character=ilva.characters[1], hash=kind.hash, quantity=2)
    orders.play(ILVA, "fill", where="vault")
    assert ilva.pull(lost, ilva.characters[1], quantity=1) == OK
    assert ilva.amounts(kind.hash) == {"account": [4], "postmaster": [1]}


def test_of_a_unique_stack_so_much_is_pulled_as_fits(ilva):
    kind = unique_stack(ilva)
    ilva.add(ilva.characters[0], hash=kind.hash, quantity=kind.stack - 2)
    lost = ilva.add("postmaster", character=ilva.characters[0], hash=kind.hash, quantity=5)
    assert ilva.pull(lost, quantity=3) == NOT_UNIQUE
    assert ilva.pull(lost, quantity=2) == OK
    assert ilva.amounts(kind.hash) == {"account": [kind.stack], "postmaster": [3]}


def test_what_has_side_effects_is_not_pulled(ilva):
    effects = {kind.hash for kind in ilva.kinds(facts.CONSUMABLES, side_effects=True)}
    lost = next(row for row in ilva.items(place="postmaster", owner=0) if row["hash"] in effects)
    assert ilva.pull(lost) == SIDE_EFFECTS


# Locks


def test_lock_is_set_and_taken_off_and_told_everywhere(ilva, wire, weapon):
    for state in (True, False):
        assert ilva.lock(weapon, state) == OK
        shown = next(i for i in items_of(wire.profile(ILVA)) if i.get("itemInstanceId") == weapon["instance_id"])
        alone = wire.response(f"{wire.account(ILVA)}Item/{weapon['instance_id']}/", ilva.token, components="307")
        assert bool(shown["state"] & 1) == bool(alone["item"]["data"]["state"] & 1) == state


def test_lock_is_set_by_the_character_that_carries_the_item(ilva, weapon):
    ilva.from_vault(weapon, ilva.characters[0])
    assert ilva.lock(weapon, True, ilva.characters[1]) == NOT_FOUND


def test_subclass_cannot_be_locked(ilva):
    assert ilva.lock(ilva.item(owner=0, home=facts.SUBCLASS), True) == (500, 1663)


def test_moved_item_takes_over_the_lock_of_a_copy_that_stays(ilva, weapon):
    """Bungie-net/api #764."""
    twin = ilva.add("vault", hash=weapon["hash"])
    ilva.lock(weapon, True)
    ilva.lock(twin, False)
    ilva.from_vault(weapon)
    assert not ilva.again(weapon)["locked"]
    assert not ilva.again(twin)["locked"]


def test_moved_item_keeps_its_lock_where_no_copy_stays(ilva, weapon):
    ilva.lock(weapon, True)
    ilva.from_vault(weapon)
    ilva.to_vault(weapon)
    assert ilva.again(weapon)["locked"]


def test_quest_is_tracked_and_a_weapon_is_not(ilva, weapon):
    quest = ilva.item(owner=0, home=facts.QUESTS)
    assert ilva.act("Items/SetTrackedState", itemId=quest["instance_id"], state=not quest["tracked"]) == OK
    assert ilva.again(quest)["tracked"] is not quest["tracked"]
    assert ilva.act("Items/SetTrackedState", itemId=weapon["instance_id"], state=True) == (500, 1663)


# Who may, and what a body has to say


def test_nobody_moves_anything_without_signing_in(ilva, weapon):
    answer = ilva.send("Items/TransferItem", ilva.body(**ilva.named(weapon), transferToVault=False), token="none")
    assert (answer.status_code, answer.json()["ErrorCode"]) == (401, 99)


def test_nobody_moves_what_belongs_to_another(ilva, weapon, wire):
    other = wire.token(EMPTY_VAULT)
    body = ilva.body(**ilva.named(weapon), transferToVault=False)
    assert ilva.send("Items/TransferItem", body, token=other).json()["ErrorCode"] == 1601
    assert ilva.act("Items/TransferItem", "2305843009000000601", **ilva.named(weapon), transferToVault=False)[1] == 1620


def test_application_without_the_scope_moves_nothing(ilva, weapon, orders):
    orders.scopes("ReadBasicUserProfile", "ReadDestinyInventoryAndVault")
    assert ilva.from_vault(weapon) == (500, 1666)


def test_overridden_platform_moves_nothing(wire, orders):
    player = Player(wire, orders, CROSS_SAVE)
    item = player.item(place="vault", home=facts.KINETIC)
    assert player.from_vault(item) == OK
    player.platform = "2"
    assert player.to_vault(item) == (500, 1601)


def test_two_platforms_are_two_accounts(wire, orders):
    player = Player(wire, orders, TWO_PLATFORMS)
    item = player.item(place="vault", home=facts.KINETIC)
    player.platform = "3"
    assert player.from_vault(item) == (500, 1620)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"itemId": "first"}, UNREADABLE),
        ({"itemId": 1.5}, UNREADABLE),
        ({"itemId": True}, UNREADABLE),
        ({"itemId": "9" * 20}, UNREADABLE),
        ({"itemReferenceHash": "1"}, UNREADABLE),
        ({"itemReferenceHash": -1}, UNREADABLE),
        ({"stackSize": "1"}, UNREADABLE),
        ({"stackSize": 2**31}, UNREADABLE),
        ({"transferToVault": "false"}, UNREADABLE),
        ({"transferToVault": 0}, UNREADABLE),
        ({"membershipType": "3"}, UNREADABLE),
        ({"stackSize": 0}, MISSING),
        ({"stackSize": None}, MISSING),
        ({"itemId": None}, MISSING),
        ({"characterId": None}, MISSING),
        ({"membershipType": None}, MISSING),
        ({"membershipType": 254}, (500, 1601)),
        ({"targetCharacterId": "1"}, OK),
    ],
)
def test_body_is_read_strictly(ilva, weapon, change, answer):
    body = {**ilva.named(weapon), "transferToVault": False, **change}
    assert ilva.act("Items/TransferItem", **body) == answer
    assert (ilva.place(weapon) != "vault") == (answer == OK)


def test_refusals_of_the_game_answer_with_response_zero(ilva, weapon):
    body = ilva.body(**ilva.named(weapon), transferToVault=True)
    assert ilva.send("Items/TransferItem", body).json() == {
        "Response": 0,
        "ErrorCode": 1623,
        "ThrottleSeconds": 0,
        "ErrorStatus": "DestinyItemNotFound",
        "Message": "The item requested was not found.",
        "MessageData": {},
    }


def test_collectors_vault_has_room_for_what_the_manifest_says(wire, orders):
    player = Player(wire, orders, COLLECTOR)
    free = 1000 - len(player.items(place="vault"))
    if free:
        orders.play(COLLECTOR, "fill", where="vault")
    assert player.to_vault(player.item(owner=0, equipped=False, home=facts.KINETIC)) == NO_ROOM
