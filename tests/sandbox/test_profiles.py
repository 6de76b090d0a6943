"""Who plays here, and what GetProfile says of them to whom."""

import pytest

from destinyvault.sandbox import facts
from tests.sandbox.wire import (
    COLLECTOR,
    CROSS_SAVE,
    EMPTY_VAULT,
    HOSTILE,
    ILVA,
    INVENTORY,
    NEVER_PLAYED,
    NEW,
    PRIVATE,
    TWO_PLATFORMS,
    items_of,
)


def of_bucket(profile, bucket):
    return [item for item in items_of(profile) if item["bucketHash"] == bucket]


def test_everyday_player_has_three_characters_and_some_hundred_items(wire):
    profile = wire.profile(ILVA)
    assert [one["classType"] for one in profile["characters"]["data"].values()] == [1, 2, 0]
    assert 300 <= len(list(items_of(profile))) <= 450
    assert len(of_bucket(profile, facts.POSTMASTER)) > 15


def test_collector_has_a_thousand_items_and_a_vault_all_but_full(wire):
    profile = wire.profile(COLLECTOR)
    assert len(list(items_of(profile))) > 1000
    assert 980 <= len(of_bucket(profile, facts.VAULT)) <= 1000


def test_every_character_wears_one_thing_per_slot_and_carries_at_most_nine(wire):
    profile = wire.profile(COLLECTOR)
    for character, worn in profile["characterEquipment"]["data"].items():
        slots = [item["bucketHash"] for item in worn["items"]]
        assert len(slots) == len(set(slots))
        assert set(slots) >= set(facts.WORN)
        carried = [item["bucketHash"] for item in profile["characterInventories"]["data"][character]["items"]]
        assert all(carried.count(bucket) <= 9 for bucket in facts.WORN)


def test_nobody_wears_two_exotic_weapons_or_two_exotic_armors(wire):
    tiers = wire.sandbox.catalog.by_hash
    for worn in wire.profile(COLLECTOR)["characterEquipment"]["data"].values():
        for group in (facts.WEAPON_BUCKETS, facts.ARMOR_BUCKETS):
            gear = [item for item in worn["items"] if item["bucketHash"] in group]
            assert sum(tiers[item["itemHash"]].tier == facts.EXOTIC for item in gear) <= 1


def test_worn_items_say_so(wire):
    for worn in wire.profile(ILVA)["characterEquipment"]["data"].values():
        assert all(item["transferStatus"] & 1 for item in worn["items"])


def test_64_bit_ids_are_strings_and_hashes_numbers(wire):
    profile = wire.profile(ILVA)
    instanced = next(item for item in items_of(profile) if "itemInstanceId" in item)
    assert isinstance(instanced["itemInstanceId"], str)
    assert isinstance(instanced["itemHash"], int)
    assert isinstance(profile["profile"]["data"]["userInfo"]["membershipId"], str)


def test_same_seed_owns_the_same_items(wire):
    first = wire.profile(ILVA)
    wire.sandbox.accounts = wire.sandbox.draw_accounts()
    assert wire.profile(ILVA)["profileInventory"] == first["profileInventory"]


def test_stranger_sees_what_is_worn_and_not_what_is_kept(wire):
    stranger = wire.profile(ILVA, signed_in=False)
    assert stranger["profileInventory"] == stranger["characterInventories"] == {"privacy": 2}
    assert stranger["characterEquipment"]["data"]
    worn = {item["itemInstanceId"] for bag in stranger["characterEquipment"]["data"].values() for item in bag["items"]}
    assert stranger["itemComponents"]["instances"]["data"].keys() == worn


def test_another_persons_token_opens_nothing(wire):
    seen = wire.response(wire.account(ILVA), wire.token(COLLECTOR), components="102")
    assert seen["profileInventory"] == {"privacy": 2}


def test_application_without_the_scope_sees_what_a_stranger_sees(wire, orders):
    orders.scopes("ReadBasicUserProfile")
    assert wire.profile(ILVA)["profileInventory"] == {"privacy": 2}


def test_private_inventory_comes_without_data_and_without_an_error(wire):
    profile = wire.profile(PRIVATE)
    assert profile["profileInventory"] == profile["characterEquipment"] == {"privacy": 2}
    assert profile["itemComponents"]["instances"] == {"privacy": 2}
    assert profile["characters"]["data"]


def test_new_account_has_no_character_and_no_item(wire):
    profile = wire.profile(NEW)
    assert profile["characters"]["data"] == {}
    assert list(items_of(profile)) == []


def test_empty_vault_is_not_an_empty_inventory(wire):
    profile = wire.profile(EMPTY_VAULT)
    assert profile["profileInventory"]["data"]["items"] == []
    assert list(items_of(profile))


def test_classified_items_and_items_missing_from_the_manifest_are_owned(wire):
    catalog = wire.sandbox.catalog
    hashes = {item["itemHash"] for item in items_of(wire.profile(ILVA))}
    assert hashes & {kind.hash for kind in catalog.classified}
    assert len([key for key in hashes if key not in catalog.by_hash]) == 2


def test_hostile_names_are_on_a_guardian_and_their_items(wire, sandbox):
    profile = wire.profile(HOSTILE)
    assert "<script>" in profile["profile"]["data"]["userInfo"]["displayName"]
    token = wire.token(HOSTILE)
    path = "/Destiny2/Manifest/DestinyInventoryItemDefinition/{}/"
    names = [
        wire.response(path.format(item["itemHash"]), token)["displayProperties"]["name"]
        for item in profile["profileInventory"]["data"]["items"]
        if item["itemHash"] in sandbox.catalog.by_hash
    ]
    assert any("<script>" in name for name in names)
    assert any(len(name) >= 199 for name in names)


def test_cross_save_has_four_platforms_of_which_one_plays(wire):
    told = wire.response(f"/User/GetMembershipsById/{CROSS_SAVE}/254/")
    applicable = {one["membershipType"]: one["applicableMembershipTypes"] for one in told["destinyMemberships"]}
    assert applicable == {1: [2, 3, 6, 1], 2: [], 3: [], 6: []}
    assert told["primaryMembershipId"] == "4611686018500000031"


def test_linked_profiles_lists_overridden_platforms_only_when_asked(wire):
    path = f"/Destiny2/254/Profile/{CROSS_SAVE}/LinkedProfiles/"
    assert [one["isOverridden"] for one in wire.response(path)["profiles"]] == [False]
    everything = wire.response(path, getAllMemberships="true")["profiles"]
    assert [one["isOverridden"] for one in everything] == [False, True, True, True]
    assert [one["isCrossSavePrimary"] for one in everything] == [True, False, False, False]


def test_overridden_platform_does_not_answer_get_profile(wire):
    assert wire.refused("/Destiny2/2/Profile/4611686018500000032/", components="100")[1] == 1601


def test_two_platforms_without_cross_save_own_different_things(wire):
    told = wire.response(f"/User/GetMembershipsById/{TWO_PLATFORMS}/254/")
    assert "primaryMembershipId" not in told
    first, second = (wire.profile(TWO_PLATFORMS, place=place) for place in (0, 1))
    ids = [{item.get("itemInstanceId") for item in items_of(one)} - {None} for one in (first, second)]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


def test_bungie_account_may_have_no_destiny(wire):
    token = wire.token(NEVER_PLAYED)
    assert wire.response("/User/GetMembershipsForCurrentUser/", token)["destinyMemberships"] == []
    assert wire.response(f"/Destiny2/254/Profile/{NEVER_PLAYED}/LinkedProfiles/")["profiles"] == []


def test_memberships_of_the_current_user_need_a_sign_in(wire):
    assert wire.refused("/User/GetMembershipsForCurrentUser/") == (500, 99, "WebAuthRequired")


def test_profile_is_minted_anew_after_thirty_seconds(wire, orders):
    first = wire.profile(ILVA)["responseMintedTimestamp"]
    assert wire.profile(ILVA)["responseMintedTimestamp"] == first
    orders.advance(29)
    assert wire.profile(ILVA)["responseMintedTimestamp"] == first
    orders.advance(2)
    assert wire.profile(ILVA)["responseMintedTimestamp"] > first


def test_forgetting_mints_anew_at_once(wire, sandbox):
    first = wire.profile(ILVA)["responseMintedTimestamp"]
    sandbox.accounts["4611686018500000001"].forget()
    assert wire.profile(ILVA)["responseMintedTimestamp"] > first


def test_components_can_be_hidden_and_left_out_by_order(wire, orders):
    orders.hide(ILVA, private=[102], missing=[201])
    profile = wire.profile(ILVA)
    assert profile["profileInventory"] == {"privacy": 2}
    assert "characterInventories" not in profile
    orders.hide(ILVA)
    assert wire.profile(ILVA)["profileInventory"]["data"]


def test_item_components_are_told_for_the_items_of_the_listed_components_only(wire):
    profile = wire.response(wire.account(ILVA), wire.token(ILVA), components="205,300")
    worn = {item["itemInstanceId"] for bag in profile["characterEquipment"]["data"].values() for item in bag["items"]}
    assert profile["itemComponents"]["instances"]["data"].keys() == worn


def test_one_character_and_one_item_can_be_asked_for(wire):
    token, path = wire.token(ILVA), wire.account(ILVA)
    profile = wire.profile(ILVA)
    character = next(iter(profile["characters"]["data"]))
    told = wire.response(f"{path}Character/{character}/", token, components="200,201,205")
    assert told["character"]["data"]["characterId"] == character
    assert told["inventory"]["data"] == profile["characterInventories"]["data"][character]
    with_items = wire.response(f"{path}Character/{character}/", token, components="205,300")
    worn = {item["itemInstanceId"] for item in told["equipment"]["data"]["items"]}
    assert with_items["itemComponents"]["instances"]["data"].keys() == worn
    weapon = told["equipment"]["data"]["items"][0]["itemInstanceId"]
    item = wire.response(f"{path}Item/{weapon}/", token, components="300,304,305,307")
    assert item["characterId"] == character
    assert item["item"]["data"]["itemInstanceId"] == weapon
    assert item["instance"]["data"] == profile["itemComponents"]["instances"]["data"][weapon]
    assert item["sockets"]["data"]["sockets"]


def test_unknown_characters_and_items_are_not_found(wire):
    token, path = wire.token(ILVA), wire.account(ILVA)
    assert wire.refused(f"{path}Character/1/", token, components="200")[1] == 1620
    assert wire.refused(f"{path}Item/1/", token, components="300")[1] == 1623


@pytest.mark.parametrize("guardian", [ILVA, COLLECTOR])
def test_every_instance_id_is_there_once(wire, guardian):
    ids = [item["itemInstanceId"] for item in items_of(wire.profile(guardian)) if "itemInstanceId" in item]
    assert len(ids) == len(set(ids))


def test_sockets_hold_plugs_that_the_manifest_knows(wire):
    sockets = wire.profile(ILVA, INVENTORY)["itemComponents"]["sockets"]["data"]
    plugs = {socket["plugHash"] for one in sockets.values() for socket in one["sockets"] if socket["isEnabled"]}
    assert plugs
    for plug in sorted(plugs)[:40]:
        assert wire.response(f"/Destiny2/Manifest/DestinyInventoryItemDefinition/{plug}/")["hash"] == plug
