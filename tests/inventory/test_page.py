import pytest

from destinyvault.bungie.enums import Bucket
from inventory.page import View, all_stores, groups
from inventory.profile import parse_profile
from inventory.vault import VAULT, build_vault
from inventory.words import NO_WORDS

from .made import HELMET, HUNTER, NAMELESS_BUCKET, NOWHERE, RIFLE, SHADER, SUMMARIES, TITAN, WORDS, item, reply

NOTHING = {}


def grouped(*vault, stores=None, words=WORDS, view=NOTHING, **more):
    built = build_vault(parse_profile(reply(vault, **more)), SUMMARIES, words)
    return groups(built, words, View(stores or all_stores(built), **view))


def rows(found):
    return {row.name: {cell.store: cell for cell in row.cells} for group in found for row in group.rows}


def test_groups_and_rows_stand_in_the_order_of_the_game():
    found = grouped(
        item(SHADER, Bucket.CONSUMABLES),
        item(HELMET, Bucket.GENERAL, 1),
        item(RIFLE, Bucket.GENERAL, 2),
        carried=[item(NOWHERE, Bucket.EMOTES, 3), item(NOWHERE, Bucket.GHOST, 4), item(NOWHERE, NAMELESS_BUCKET, 5)],
    )
    assert [(group.title, [row.name for row in group.rows]) for group in found] == [
        ("Postmaster", ["Lost Items"]),
        ("Weapons", ["Kinetic Weapons"]),
        ("Armor", ["Helmet"]),
        ("General", ["Ghost", "Emotes", "Other"]),
        ("Inventory", ["Consumables"]),
    ]


def test_each_row_is_aligned_over_all_stores():
    found = rows(grouped(item(RIFLE, Bucket.GENERAL, 1), worn=[item(RIFLE, Bucket.KINETIC_WEAPONS, 2)]))
    cells = found["Kinetic Weapons"]
    assert list(cells) == [HUNTER, TITAN, VAULT]
    assert [(len(cell.equipped), len(cell.tiles), cell.capacity) for cell in cells.values()] == [
        (1, 0, 10),
        (0, 0, 10),
        (0, 1, 0),
    ]


def test_what_all_characters_share_lies_across_their_columns():
    cells = rows(grouped(item(SHADER, Bucket.CONSUMABLES), item(SHADER, Bucket.GENERAL)))["Consumables"]
    assert [(cell.kind, cell.count, cell.capacity) for cell in cells.values()] == [("account", 1, 50), ("vault", 1, 0)]


def test_the_postmaster_shows_its_empty_places():
    cells = rows(grouped(carried=[item(RIFLE, Bucket.LOST_ITEMS, 1)]))["Lost Items"]
    assert (len(cells[HUNTER].free), len(cells[TITAN].free), len(cells[VAULT].free)) == (20, 21, 0)


def test_one_store_alone_shows_only_what_it_holds():
    everything = [item(RIFLE, Bucket.GENERAL, 1)], {"worn": [item(HELMET, Bucket.HELMET, 2)]}
    assert set(rows(grouped(*everything[0], stores=[VAULT], **everything[1]))) == {"Kinetic Weapons"}
    assert set(rows(grouped(*everything[0], stores=[HUNTER], **everything[1]))) == {"Lost Items", "Helmet"}


def test_nothing_is_lost_when_the_definitions_are():
    found = grouped(item(RIFLE, Bucket.GENERAL, 1), item(SHADER, Bucket.CONSUMABLES), words=NO_WORDS)
    assert [(group.title, group.count) for group in found] == [("General", 2)]
    assert set(rows(found)) == {"Other"}


def postmaster_of(count):
    carried = [item(RIFLE, Bucket.LOST_ITEMS, number + 1) for number in range(count)]
    return rows(grouped(carried=carried))["Lost Items"][HUNTER]


@pytest.mark.parametrize(
    ("held", "nearly_full", "room"),
    [(15, False, "6 places left"), (16, True, "5 places left"), (20, True, "1 place left"), (21, True, "full")],
)
def test_a_postmaster_with_less_than_six_places_says_so(held, nearly_full, room):
    cell = postmaster_of(held)
    assert (cell.nearly_full, cell.room, len(cell.free)) == (nearly_full, room, 21 - held)


def test_more_than_there_is_room_for_is_full_and_shown():
    cell = postmaster_of(30)
    assert (cell.count, cell.room, len(cell.free)) == (30, "full", 0)


def test_only_the_postmaster_warns():
    cells = rows(grouped(carried=[item(RIFLE, Bucket.KINETIC_WEAPONS, n + 1) for n in range(10)]))["Kinetic Weapons"]
    assert not any(cell.nearly_full for cell in cells.values())


def test_the_postmaster_comes_before_the_engrams():
    found = grouped(carried=[item(NOWHERE, Bucket.ENGRAMS, 1)])
    assert [row.name for row in found[0].rows] == ["Lost Items", "Engrams"]


def test_a_folded_group_is_closed_and_keeps_what_is_in_it():
    found = grouped(item(RIFLE, Bucket.GENERAL, 1), view={"folded": frozenset({"weapons"})})
    assert {group.key: group.is_open for group in found} == {"postmaster": True, "weapons": False}
    assert {group.key: group.count for group in found}["weapons"] == 1
