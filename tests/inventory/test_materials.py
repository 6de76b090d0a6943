from destinyvault.bungie.enums import Bucket
from inventory.materials import materials
from inventory.profile import parse_profile
from inventory.vault import build_vault

from .made import RIFLE, SHADER, SUMMARIES, WORDS, item, reply, summary

PRISM = 2001
KNOWN = SUMMARIES | {PRISM: summary(PRISM, "Prism", Bucket.CONSUMABLES, tier=6, type_name="Material")}


def counted(*vault, **more):
    return materials(build_vault(parse_profile(reply(vault, **more)), KNOWN, WORDS))


def test_a_material_is_counted_over_every_place():
    (shader,) = counted(
        item(SHADER, Bucket.CONSUMABLES, quantity=40),
        item(SHADER, Bucket.GENERAL, quantity=1000),
        item(SHADER, Bucket.GENERAL, quantity=200),
        carried=[item(SHADER, Bucket.LOST_ITEMS, quantity=3)],
    )
    assert (shader.name, shader.shown) == ("Blue Shader", "1,243")
    assert shader.where == "inventory 40 · vault 1,200 · postmaster 3"


def test_where_there_is_but_one_place_it_is_not_told():
    (shader,) = counted(item(SHADER, Bucket.CONSUMABLES, quantity=40))
    assert shader.where == ""


def test_the_most_precious_come_first_and_gear_is_no_material():
    found = counted(item(SHADER, Bucket.CONSUMABLES), item(PRISM, Bucket.GENERAL), item(RIFLE, Bucket.GENERAL, 1))
    assert [each.name for each in found] == ["Prism", "Blue Shader"]
