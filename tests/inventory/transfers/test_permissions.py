"""Which buttons an item has: MOVE_CASES H, by their numbers."""

from dataclasses import replace

import pytest

from inventory.profile import Profile
from inventory.transfers.permissions import Way, permissions
from inventory.vault import build_vault
from inventory.words import NO_WORDS, Bucket
from tests.inventory.transfers.worlds import (
    CLASS_TYPES,
    EMBLEMS,
    HUNTER,
    KINETIC,
    TITAN,
    WARLOCK,
    armor,
    stack,
    weapon,
    world,
)


def offered(**places):
    given = world(**places)
    words = replace(NO_WORDS, buckets=given.buckets)
    (item,) = build_vault(Profile((), tuple(given.items), (), {}, 0), given.kinds, words).items
    return permissions(item, CLASS_TYPES, given.buckets)


def on(*characters, but=()):
    return tuple(Way(each, each not in but) for each in characters)


ALL = (HUNTER, TITAN, WARLOCK)


def test_h1_a_worn_weapon_goes_anywhere_and_can_be_taken_off():
    found = offered(hunter=[weapon(1, worn=True)])
    assert found.equip == on(*ALL, but=[HUNTER])
    assert found.store == on(*ALL)
    assert found.vault
    assert found.lock
    assert not found.pull


def test_h1_a_carried_weapon_is_stored_where_it_is_not():
    found = offered(titan=[weapon(1)])
    assert found.equip == on(*ALL)
    assert found.store == on(*ALL, but=[TITAN])


def test_h2_what_cannot_be_transferred_is_only_taken_off():
    found = offered(hunter=[weapon(1, worn=True, fixed=True)])
    assert found.store == on(HUNTER)
    assert found.equip == on(HUNTER, but=[HUNTER])
    assert not found.vault


def test_h2_what_cannot_be_transferred_and_is_not_worn_is_only_put_on():
    found = offered(hunter=[weapon(1, fixed=True)])
    assert (found.store, found.equip) == ((), on(HUNTER))


def test_h3_of_what_all_characters_share_only_one_is_offered():
    assert offered(vault=[stack(5)]).store == on(HUNTER)
    assert offered(account=[stack(5)]).store == on(HUNTER, but=[HUNTER])
    assert offered(account=[stack(5)]).vault
    assert offered(vault=[stack(5)]).equip == ()
    assert not offered(account=[stack(5)]).lock


@pytest.mark.parametrize("bucket", [3683254069, 1506418338, 999])
def test_h4_finishers_artifacts_and_slots_of_one_are_not_stored(bucket):
    given = world(hunter=[weapon(1, bucket)])
    buckets = given.buckets | {bucket: Bucket(bucket, "", 3, 0, 1 if bucket == 999 else 10, 1, False)}
    words = replace(NO_WORDS, buckets=buckets)
    (item,) = build_vault(Profile((), tuple(given.items), (), {}, 0), given.kinds, words).items
    found = permissions(item, CLASS_TYPES, buckets)
    assert found.store == ()
    assert not found.vault
    assert found.equip


def test_armor_of_another_class_is_stored_but_not_worn():
    found = offered(vault=[armor(1, class_type=CLASS_TYPES[TITAN])])
    assert found.equip == on(*ALL, but=[HUNTER, WARLOCK])
    assert found.store == on(*ALL)
    assert not found.vault


def test_a_lost_item_is_pulled_or_goes_on_from_there():
    found = offered(lost={TITAN: [weapon(1)]})
    assert found.pull
    assert found.store == on(*ALL)
    assert found.vault
    assert not found.lock


def test_emblems_have_no_lock():
    assert not offered(hunter=[weapon(1, EMBLEMS)]).lock
    assert offered(hunter=[weapon(1, KINETIC)]).lock
