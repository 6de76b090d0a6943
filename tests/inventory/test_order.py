import pytest

from accounts.models import Preferences
from destinyvault.bungie.enums import Bucket
from inventory.order import KEYS, ordered
from inventory.profile import parse_profile
from inventory.vault import build_vault

from .made import WORDS, item, power, reply, summary

SLOT = Bucket.KINETIC_WEAPONS
KNOWN = {
    1: summary(1, "Élan", SLOT, tier=5, type_name="Bow"),
    2: summary(2, "Echo", SLOT, tier=6, type_name="Sword"),
    3: summary(3, "fern", SLOT, tier=4, type_name="Auto Rifle"),
    4: summary(4, "Zeal", SLOT, tier=4, type_name="Auto Rifle"),
}
POWERS = {1: 10, 2: 20, 3: 40, 4: 30}


def names(sort, worn=None):
    # Of the ids, the one with more digits is newer although it would come first as text.
    ids = {1: 900, 2: 1000, 3: 800, 4: 700}
    held = [item(number, SLOT, ids[number]) for number in KNOWN if number != worn]
    worn_items = [item(worn, SLOT, ids[worn])] if worn else []
    instances = {str(ids[number]): power(value) for number, value in POWERS.items()}
    vault = build_vault(parse_profile(reply(carried=held, worn=worn_items, instances=instances)), KNOWN, WORDS)
    return [each.name for each in ordered(vault.items, sort)]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("power", ["fern", "Zeal", "Echo", "Élan"]),
        ("tier", ["Echo", "Élan", "fern", "Zeal"]),
        ("name", ["Echo", "Élan", "fern", "Zeal"]),
        ("type", ["fern", "Zeal", "Élan", "Echo"]),
        ("newest", ["Echo", "Élan", "fern", "Zeal"]),
        ("nonsense", ["fern", "Zeal", "Echo", "Élan"]),
    ],
)
def test_items_stand_in_the_order_that_the_person_wants(sort, expected):
    assert names(sort) == expected


@pytest.mark.parametrize("sort", Preferences.Sort.values)
def test_what_is_worn_stands_first_in_every_order(sort):
    assert names(sort, worn=4)[0] == "Zeal"


def test_every_order_that_can_be_chosen_is_known():
    assert {*KEYS, Preferences.Sort.POWER} == set(Preferences.Sort)


def test_stacks_have_no_age_and_come_last():
    vault = build_vault(parse_profile(reply([item(1, Bucket.CONSUMABLES), item(2, Bucket.GENERAL, 5)])), KNOWN, WORDS)
    assert [each.id for each in ordered(vault.items, "newest")] == ["5", None]
