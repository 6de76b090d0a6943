"""What a character wears changes by the rules of the game."""

import pytest

from destinyvault.sandbox import facts
from tests.sandbox.player import OK, Player
from tests.sandbox.wire import ILVA

NOT_FOUND, TOO_LOW, NOT_FOR_THIS_CLASS, UNEQUIPPABLE = (500, 1623), (500, 1638), (500, 1639), (500, 1640)
ONE_EXOTIC, ELSEWHERE = (500, 1641), (500, 1671)


@pytest.fixture
def ilva(wire, orders):
    return Player(wire, orders, ILVA)


def new(player, bucket, *, exotic=False, character=0, **more):
    """A new copy of a kind that the hunter can wear, unlocked, on a character."""
    kinds = player.kinds(bucket, equip_label=exotic, stack_label=False)
    kind = next(kind for kind in kinds if kind.class_type in (facts.ANY_CLASS, facts.HUNTER))
    return player.add(player.characters[character], hash=kind.hash, **more)


def worn(player, bucket, character=0):
    return player.items(owner=character, bucket=bucket, equipped=True)


def plain(player):
    """Takes the exotics off, so that tests know what they start from."""
    for bucket in (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS[:4]):
        player.orders.play(player.guardian, "equip", item=new(player, bucket)["instance_id"])


def test_equipping_takes_off_what_was_worn(ilva):
    before, other = worn(ilva, facts.KINETIC)[0], new(ilva, facts.KINETIC)
    count = len(ilva.items(owner=0, bucket=facts.KINETIC))
    plain(ilva)
    assert ilva.equip(other) == OK
    assert [row["instance_id"] for row in worn(ilva, facts.KINETIC)] == [other["instance_id"]]
    assert not ilva.again(before)["equipped"]
    assert len(ilva.items(owner=0, bucket=facts.KINETIC)) == count + 1


def test_profile_shows_what_is_worn_at_once(ilva, wire):
    other = new(ilva, facts.GHOST)
    assert ilva.equip(other) == OK
    profile = wire.profile(ILVA)
    equipment = profile["characterEquipment"]["data"][ilva.characters[0]]["items"]
    (shown,) = [item for item in equipment if item["bucketHash"] == facts.GHOST]
    assert (shown["itemInstanceId"], shown["transferStatus"]) == (other["instance_id"], 1)
    assert profile["itemComponents"]["instances"]["data"][other["instance_id"]]["isEquipped"]


def test_new_emblem_is_on_the_characters_plate(ilva, wire):
    emblem = next(row for row in ilva.items(owner=0, home=facts.EMBLEM) if not row["equipped"])
    assert ilva.equip(emblem) == OK
    assert wire.profile(ILVA)["characters"]["data"][ilva.characters[0]]["emblemHash"] == emblem["hash"]


def test_equipping_what_is_worn_changes_nothing(ilva):
    assert ilva.equip(worn(ilva, facts.KINETIC)[0]) == OK
    assert len(worn(ilva, facts.KINETIC)) == 1
    assert not ilva.orders.actions()["actions"][-1]["effect"]


@pytest.mark.parametrize("place", ["vault", "postmaster", "other"])
def test_only_what_the_character_carries_can_be_equipped(ilva, place):
    to = ilva.characters[1] if place == "other" else place
    item = ilva.add(to, bucket=facts.KINETIC, character=ilva.characters[0])
    assert ilva.equip(item) == NOT_FOUND


def test_armor_of_another_class_is_not_equipped(ilva):
    kind = next(kind for kind in ilva.kinds(facts.CHEST, stack_label=False) if kind.class_type == facts.TITAN)
    assert ilva.equip(ilva.add(ilva.characters[0], hash=kind.hash)) == NOT_FOR_THIS_CLASS


def test_level_of_the_character_has_to_suffice(ilva):
    assert ilva.equip(new(ilva, facts.KINETIC, level=51)) == TOO_LOW
    assert ilva.equip(new(ilva, facts.KINETIC, level=50)) == OK


def test_quest_is_nothing_to_wear(ilva):
    assert ilva.equip(ilva.item(owner=0, home=facts.QUESTS)) == UNEQUIPPABLE


@pytest.mark.parametrize("group", [facts.WEAPON_BUCKETS, facts.ARMOR_BUCKETS])
def test_second_exotic_is_refused_until_the_first_is_off(ilva, group):
    plain(ilva)
    first, second, ordinary = new(ilva, group[0], exotic=True), new(ilva, group[1], exotic=True), new(ilva, group[0])
    assert ilva.equip(first) == OK
    assert ilva.equip(second) == ONE_EXOTIC
    assert ilva.equip(ordinary) == OK
    assert ilva.equip(second) == OK


def test_exotic_takes_the_place_of_another_in_its_own_slot(ilva):
    plain(ilva)
    first, second = (new(ilva, facts.KINETIC, exotic=True) for _ in range(2))
    assert ilva.equip(first) == OK
    assert ilva.equip(second) == OK


def test_exotic_weapon_and_exotic_armor_go_together(ilva):
    plain(ilva)
    assert ilva.equip(new(ilva, facts.KINETIC, exotic=True)) == OK
    assert ilva.equip(new(ilva, facts.HELMET, exotic=True)) == OK


# Several at once


def results(player, *items, character=None):
    ids = [item if isinstance(item, str) else item["instance_id"] for item in items]
    answer = player.send("Items/EquipItems", player.body(character, itemIds=ids))
    assert (answer.status_code, answer.json()["ErrorCode"]) == OK
    told = answer.json()["Response"]["equipResults"]
    assert [one["itemInstanceId"] for one in told] == ids
    return [one["equipStatus"] for one in told]


def test_each_item_of_several_has_its_own_answer(ilva):
    plain(ilva)
    here, away = new(ilva, facts.KINETIC), ilva.add("vault", bucket=facts.ENERGY)
    assert results(ilva, here, away, "1") == [1, 1623, 1623]
    assert ilva.again(here)["equipped"]
    assert ilva.place(away) == "vault"


def test_exotic_goes_on_after_what_makes_room_for_it_and_not_before(ilva):
    plain(ilva)
    old, exotic = new(ilva, facts.KINETIC, exotic=True), new(ilva, facts.ENERGY, exotic=True)
    ordinary = new(ilva, facts.KINETIC)
    ilva.equip(old)
    assert results(ilva, exotic, ordinary) == [1641, 1]
    ilva.equip(old)
    assert results(ilva, ordinary, exotic) == [1, 1]
    assert ilva.again(exotic)["equipped"]


def test_of_two_exotics_in_one_request_the_first_is_worn(ilva):
    plain(ilva)
    first, second = new(ilva, facts.KINETIC, exotic=True), new(ilva, facts.ENERGY, exotic=True)
    assert results(ilva, first, second) == [1, 1641]


def test_list_that_is_none_is_an_unhandled_exception(ilva):
    answer = ilva.send("Items/EquipItems", ilva.body(itemIds="6917529000000000000"))
    assert (answer.status_code, answer.json()["ErrorCode"]) == (500, 3)


# Where the character is


def test_nothing_is_equipped_in_a_locked_activity_but_things_move(ilva, orders, wire):
    plain(ilva)
    weapon, one = new(ilva, facts.KINETIC), ilva.characters[0]
    orders.play(ILVA, "activity", character=one, locked=True)
    activities = wire.response(wire.account(ILVA), ilva.token, components="204")["characterActivities"]["data"]
    assert [bool(told["currentActivityHash"]) for told in activities.values()] == [True, False, False]
    assert ilva.equip(weapon) == ELSEWHERE
    assert results(ilva, weapon) == [1671]
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=0) == ELSEWHERE
    orders.play(ILVA, "activity", character=one, locked=True, code=1640)
    assert ilva.equip(weapon) == UNEQUIPPABLE
    assert ilva.to_vault(weapon) == OK
    assert ilva.from_vault(weapon) == OK
    orders.play(ILVA, "activity", character=one, locked=False)
    assert ilva.equip(weapon) == OK


# Loadouts


def slots(player, character=0):
    told = player.wire.response(player.wire.account(ILVA), player.token, components="206")
    return told["characterLoadouts"]["data"][player.characters[character]]["loadouts"]


def held(slot):
    return {item["itemInstanceId"] for item in slot["items"]} - {"0"}


def worn_now(player):
    buckets = (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS, facts.SUBCLASS)
    return {row["instance_id"] for row in player.items(owner=0, equipped=True) if row["bucket"] in buckets}


def test_character_has_ten_loadouts_some_of_them_filled(ilva):
    told = slots(ilva)
    assert [bool(held(slot)) for slot in told] == [True, True] + [False] * 8
    assert held(told[0]) == worn_now(ilva)
    assert told[9]["nameHash"] == 2166136261


def test_snapshot_keeps_what_is_worn_and_equipping_brings_it_back(ilva, sandbox):
    looks = {part: hashes[3] for part, hashes in sandbox.catalog.rooms.looks.items()}
    assert ilva.act("Loadouts/SnapshotLoadout", loadoutIndex=4, **looks) == OK
    kept = slots(ilva)[4]
    assert held(kept) == worn_now(ilva)
    assert {part: kept[part] for part in looks} == looks
    assert all(item["plugItemHashes"] for item in kept["items"][:3])
    plain(ilva)
    assert held(kept) != worn_now(ilva)
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=4) == OK
    assert held(kept) == worn_now(ilva)


def test_loadout_with_another_exotic_takes_the_worn_one_off_first(ilva):
    plain(ilva)
    exotic, other = new(ilva, facts.KINETIC, exotic=True), new(ilva, facts.ENERGY)
    later, ordinary = new(ilva, facts.ENERGY, exotic=True), new(ilva, facts.KINETIC)
    assert [ilva.equip(item) for item in (exotic, other)] == [OK, OK]
    ilva.act("Loadouts/SnapshotLoadout", loadoutIndex=4)
    assert [ilva.equip(item) for item in (ordinary, later)] == [OK, OK]
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=4) == OK
    assert [ilva.again(item)["equipped"] for item in (exotic, other, later)] == [True, True, False]


def test_loadout_passes_over_what_is_away(ilva):
    ilva.act("Loadouts/SnapshotLoadout", loadoutIndex=4)
    away = worn(ilva, facts.KINETIC)[0]
    plain(ilva)
    ilva.to_vault(away)
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=4) == OK
    assert ilva.place(away) == "vault"
    assert held(slots(ilva)[4]) - worn_now(ilva) == {away["instance_id"]}


def test_loadout_is_renamed_and_cleared(ilva, sandbox):
    name = sandbox.catalog.rooms.looks["nameHash"][5]
    assert ilva.act("Loadouts/UpdateLoadoutIdentifiers", loadoutIndex=0, nameHash=name) == OK
    assert slots(ilva)[0]["nameHash"] == name
    assert held(slots(ilva)[0])
    assert ilva.act("Loadouts/ClearLoadout", loadoutIndex=0) == OK
    assert not held(slots(ilva)[0])


def test_empty_slots_and_unknown_looks_are_refused(ilva):
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=9) == NOT_FOUND
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=10) == (400, 18)
    assert ilva.act("Loadouts/SnapshotLoadout", loadoutIndex=3, iconHash=1) == (400, 18)
