"""Whatever Bungie sends: nothing but BungieDown is raised, and every item that can be read is on the page once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from destinyvault.bungie.enums import Bucket
from destinyvault.bungie.errors import BungieDown
from inventory.page import View, all_stores, groups
from inventory.profile import OF_ITEMS, PARTS, parse_profile, plugs
from inventory.vault import build_vault

from .made import ARC, CLASSIFIED, HELMET, HUNTER, NAMELESS_BUCKET, NOWHERE, RIFLE, SHADER, SUMMARIES, TITAN, WORDS

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
junk = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def perhaps(usual):
    return st.one_of(usual, usual, usual, junk)


hashes = st.sampled_from([RIFLE, HELMET, SHADER, CLASSIFIED, NOWHERE])
buckets = st.sampled_from([*map(int, Bucket), NAMELESS_BUCKET, 0])
items = st.fixed_dictionaries(
    {"itemHash": perhaps(hashes), "bucketHash": perhaps(buckets)},
    optional={
        "itemInstanceId": perhaps(st.integers(1, 9).map(str)),
        "quantity": perhaps(st.integers(1, 999)),
        "state": perhaps(st.integers(0, 31)),
        "transferStatus": perhaps(st.integers(0, 7)),
        "overrideStyleItemHash": perhaps(hashes),
    },
)
bags = perhaps(st.fixed_dictionaries({"items": perhaps(st.lists(perhaps(items), max_size=6))}))
owners = st.sampled_from([HUNTER, TITAN, "5", "x", ""])
instances = st.fixed_dictionaries(
    {},
    optional={
        "damageType": perhaps(st.integers(0, 7)),
        "damageTypeHash": perhaps(st.just(ARC)),
        "primaryStat": perhaps(st.fixed_dictionaries({"statHash": st.just(1480404414), "value": perhaps(st.just(9))})),
        "itemLevel": perhaps(st.integers(0, 200)),
    },
)
plugs_of_one = st.fixed_dictionaries({}, optional={"plugHash": perhaps(hashes), "isVisible": perhaps(st.booleans())})
sockets = st.fixed_dictionaries({"sockets": perhaps(st.lists(perhaps(plugs_of_one), max_size=4))})
characters = st.fixed_dictionaries(
    {"characterId": perhaps(owners)},
    optional={"stats": junk, "light": junk, "classHash": junk, "dateLastPlayed": junk, "emblemPath": junk},
)
data = {
    "characters": st.dictionaries(owners, perhaps(characters), max_size=3),
    "characterInventories": st.dictionaries(owners, bags, max_size=3),
    "characterEquipment": st.dictionaries(owners, bags, max_size=3),
    "profileInventory": bags,
    "profileCurrencies": bags,
    "instances": st.dictionaries(st.integers(1, 9).map(str), perhaps(instances), max_size=4),
    "sockets": st.dictionaries(st.integers(1, 9).map(str), perhaps(sockets), max_size=4),
}
components = {
    name: perhaps(st.fixed_dictionaries({"data": perhaps(usual)}, optional={"privacy": perhaps(st.integers(0, 2))}))
    for name, usual in data.items()
}
replies = st.fixed_dictionaries(
    {},
    optional={name: component for name, component in components.items() if name not in OF_ITEMS}
    | {
        "itemComponents": perhaps(st.fixed_dictionaries({}, optional={name: components[name] for name in OF_ITEMS})),
        "responseMintedTimestamp": junk,
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies)
def test_every_readable_item_is_on_the_page_once(reply):
    if not reply.keys() & PARTS.keys():
        with pytest.raises(BungieDown):
            parse_profile(reply)
        return
    profile = parse_profile(reply)
    vault = build_vault(profile, SUMMARIES, WORDS)
    page = groups(vault, WORDS, View(all_stores(vault)))
    cells = [cell for group in page for row in group.rows for cell in row.cells]
    assert sum(cell.count for cell in cells) == len(vault.items) == len(profile.items)
    assert all(isinstance(each, int) for plugged in plugs(reply).values() for each in plugged)
    assert all(tile.html for cell in cells for tile in (*cell.equipped, *cell.tiles))


@settings(max_examples=100, deadline=None)
@given(junk)
def test_a_reply_of_any_shape_is_a_profile_or_trouble(reply):
    try:
        assert parse_profile(reply).items == ()
    except BungieDown:
        assert not isinstance(reply, dict) or not reply.keys() & PARTS.keys()
