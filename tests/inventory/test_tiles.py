import re
from dataclasses import replace

import pytest

from destinyvault.bungie.enums import Bucket
from inventory.page import View, all_stores, groups
from inventory.profile import parse_profile
from inventory.tiles import tile
from inventory.vault import build_vault

from .made import CLASSIFIED, HELMET, NOWHERE, RIFLE, SHADER, SUMMARIES, WORDS, item, power, reply

STACK = "Blue Shader,\nCommon Shader,\n1,200 pieces"


def tile_of(held, instance=None):
    profile = parse_profile(reply([held], instances={"1": instance} if instance else {}))
    (owned,) = build_vault(profile, SUMMARIES, WORDS).items
    return tile(owned)


def test_the_label_says_everything_that_the_picture_shows():
    held = item(RIFLE, Bucket.GENERAL, 1, state=1 | 4)
    found = tile_of(held, power(1790, damageType=3))
    assert found.label == "Long Rifle,\nLegendary Auto Rifle,\n1790 power, Solar, locked, masterwork"
    assert found.classes.split() == ["tile", "tile--legendary", "tile--solar", "tile--locked", "tile--masterwork"]
    assert found.line == "1790"


def test_a_stack_shows_its_size():
    found = tile_of(item(SHADER, Bucket.CONSUMABLES, quantity=1200))
    assert (found.id, found.line) == (None, "1,200")
    assert found.label == STACK


def test_a_stack_leads_nowhere_and_so_carries_its_name_where_no_script_is_needed():
    assert f'title="{STACK}"' in tile_of(item(SHADER, Bucket.CONSUMABLES, quantity=1200)).html
    assert "title=" not in tile_of(item(RIFLE, Bucket.GENERAL, 1)).html


def test_a_name_is_one_line_of_the_label_whatever_it_holds():
    odd = replace(SUMMARIES[SHADER], name="Blue,\n Red & Shader")
    profile = parse_profile(reply([item(SHADER, Bucket.CONSUMABLES)]))
    (owned,) = build_vault(profile, {SHADER: odd}, WORDS).items
    assert tile(owned).label == "Blue, Red & Shader,\nCommon Shader"


def test_an_item_without_a_picture_shows_its_initials():
    found = tile_of(item(CLASSIFIED, Bucket.GENERAL, 1))
    assert (found.icon, found.initials) == ("", "C")
    assert found.label.endswith("classified")


def test_an_unknown_item_shows_a_question_mark_and_its_hash_in_the_label():
    found = tile_of(item(NOWHERE, Bucket.GENERAL, 1))
    assert found.initials == "?"
    assert found.label == f"Item {NOWHERE},\nnot in the Manifest"
    assert "tile--unknown" in found.classes


def test_exotics_are_marked_as_such():
    assert "tile--exotic" in tile_of(item(HELMET, Bucket.GENERAL, 1)).classes


@pytest.mark.parametrize(("ammo", "word"), [(1, "primary"), (2, "special"), (3, "heavy")])
def test_a_weapon_tells_its_ammo(ammo, word):
    known = {RIFLE: replace(SUMMARIES[RIFLE], ammo_type=ammo)}
    (owned,) = build_vault(parse_profile(reply([item(RIFLE, Bucket.GENERAL, 1)])), known, WORDS).items
    assert tile(owned).label.endswith(f"{word} ammo")
    assert f"tile--{word}" in tile(owned).classes.split()


def test_what_is_not_looked_for_fades_and_says_as_much_as_before():
    profile = parse_profile(reply([item(RIFLE, Bucket.GENERAL, 1)]))
    (owned,) = build_vault(profile, SUMMARIES, WORDS).items
    assert tile(owned, shown=False).classes == f"{tile(owned).classes} tile--out"
    assert tile(owned, shown=False).label == tile(owned).label


ODD = [
    {"tier": 99, "tier_name": ""},
    {"bucket_hash": 5},
    {"bucket_hash": 0, "type_name": "", "tier": 0, "tier_name": ""},
    {"icon": ""},
    {"redacted": True, "name": "", "icon": "", "type_name": ""},
    {"damage_type": 77, "ammo_type": 77, "class_type": 77, "item_type": -1},
    {"name": "<b>'\"&</b>", "type_name": "<i>", "tier_name": "&"},
    {"name": "\N{RIGHT-TO-LEFT OVERRIDE}elfir \N{ARABIC LETTER MEEM}"},
    {"name": "x" * 200},
    {"name": "\N{NO-BREAK SPACE}"},
]


@pytest.mark.parametrize("more", ODD)
def test_an_odd_definition_is_a_tile_like_others(more):
    known = {RIFLE: replace(SUMMARIES[RIFLE], **more)}
    vault = build_vault(parse_profile(reply([item(RIFLE, Bucket.GENERAL, 1)])), known, WORDS)
    found = groups(vault, WORDS, View(all_stores(vault)))
    (html,) = [cell.html for group in found for row in group.rows for cell in row.cells if cell.count]
    tags = re.findall(r"<(\w+)", html)
    assert set(tags) <= {"div", "a", "img", "b"}
    assert tags.count("a") == 1
    assert re.search(r'aria-label="[^"]+,\n[^"]+"', html)
