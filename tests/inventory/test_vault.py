from destinyvault.bungie.enums import Bucket
from inventory.profile import parse_profile
from inventory.vault import build_vault, hashes
from inventory.words import NO_WORDS

from .made import (
    ARC,
    CLASSIFIED,
    HELMET,
    HUNTER,
    NOWHERE,
    RIFLE,
    SHADER,
    SUMMARIES,
    TITAN,
    WORDS,
    component,
    item,
    power,
    reply,
)


def built(*vault, **more):
    return build_vault(parse_profile(reply(vault, **more)), SUMMARIES, WORDS)


def only(*vault, **more):
    (owned,) = built(*vault, **more).items
    return owned


def test_items_of_the_vault_stand_in_the_slot_of_their_definition():
    owned = only(item(RIFLE, Bucket.GENERAL, 1))
    assert (owned.location, owned.owner, owned.bucket_name) == ("vault", None, "Kinetic Weapons")


def test_postmaster_items_belong_to_a_character_and_keep_their_slot():
    owned = only(carried=[item(HELMET, Bucket.LOST_ITEMS, 1)])
    assert (owned.location, owned.owner, owned.bucket_name) == ("postmaster", HUNTER, "Helmet")


def test_account_wide_buckets_belong_to_nobody_alone():
    owned = only(item(SHADER, Bucket.CONSUMABLES, quantity=40))
    assert (owned.location, owned.owner, owned.bucket_name, owned.quantity) == ("account", None, "Consumables", 40)


def test_what_bungie_reports_wins_where_the_item_is_not_stored():
    owned = only(carried=[item(RIFLE, Bucket.GHOST, 1)])
    assert (owned.location, owned.bucket_name) == ("character", "Ghost")


def test_an_item_that_the_manifest_lacks_is_shown_with_its_hash():
    owned = only(item(NOWHERE, Bucket.GENERAL, 1))
    assert (owned.known, owned.name, owned.location) == (False, f"Item {NOWHERE}", "vault")
    assert owned.transferable


def test_a_classified_item_says_so():
    owned = only(item(CLASSIFIED, Bucket.GENERAL, 1))
    assert (owned.classified, owned.known, owned.name) == (True, True, "Classified")


def test_state_bits_become_words():
    owned = only(item(RIFLE, Bucket.GENERAL, 1, state=1 | 4 | 8, transferStatus=2))
    assert (owned.locked, owned.tracked, owned.masterwork, owned.crafted) == (True, False, True, True)
    assert not owned.transferable


def test_an_equipped_item_is_still_one_that_can_be_moved():
    assert only(worn=[item(RIFLE, Bucket.KINETIC_WEAPONS, 1, transferStatus=1)]).transferable


def test_the_element_comes_from_the_item_itself():
    owned = only(item(RIFLE, Bucket.GENERAL, 1), instances={"1": {"damageType": 2, "damageTypeHash": ARC}})
    assert (owned.element, owned.damage_type) == ("Arc", 2)


def test_an_ornament_lends_its_picture_and_nothing_else():
    worn = item(RIFLE, Bucket.GENERAL, 1, overrideStyleItemHash=HELMET)
    owned = only(worn)
    assert (owned.name, owned.icon) == ("Long Rifle", f"/icons/{HELMET}.png")
    assert hashes(parse_profile(reply([worn]))) == {RIFLE, HELMET}


def test_worn_items_come_first_then_by_power_then_by_name():
    vault = built(
        carried=[item(RIFLE, Bucket.KINETIC_WEAPONS, 1), item(RIFLE, Bucket.KINETIC_WEAPONS, 2)],
        worn=[item(HELMET, Bucket.HELMET, 3)],
        instances={"1": power(10), "2": power(20), "3": power(5)},
    )
    assert [owned.id for owned in vault.items] == ["3", "2", "1"]


def test_the_character_played_last_comes_first_with_words_of_its_gender():
    vault = built()
    assert [guardian.id for guardian in vault.characters] == [HUNTER, TITAN]
    assert [guardian.class_name for guardian in vault.characters] == ["Huntress", "Titan"]
    assert vault.characters[0].race == "Awoken"


def test_vault_use_is_counted_against_the_capacity_of_the_definitions():
    vault = built(item(RIFLE, Bucket.GENERAL, 1), item(SHADER, Bucket.GENERAL), item(SHADER, Bucket.CONSUMABLES))
    assert (vault.used, vault.capacity) == (2, 700)


def test_currencies_are_counted_beside_the_items():
    vault = built(profileCurrencies=component({"items": [{"itemHash": SHADER, "quantity": 9}]}))
    assert [(each.name, each.quantity) for each in vault.currencies] == [("Blue Shader", 9)]
    assert vault.items == ()


def test_without_a_manifest_everything_is_still_there():
    profile = parse_profile(reply([item(RIFLE, Bucket.GENERAL, 1)], worn=[item(HELMET, Bucket.HELMET, 2)]))
    vault = build_vault(profile, {}, NO_WORDS)
    assert {owned.name for owned in vault.items} == {f"Item {RIFLE}", f"Item {HELMET}"}
    assert {guardian.class_name for guardian in vault.characters} == {"Guardian"}
    assert vault.capacity == 0
