"""Sockets by hand: a weapon with a barrel that rolls, a trait, a hidden socket and one that is empty."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.perks import (
    active_plugs,
    bare_sockets,
    by_category,
    option_hashes,
    options_of,
    plug_hashes,
    plug_set_hashes,
)

PERKS, MODS, BARRELS = 4241085061, 2685412949, 900
BORE, CHOKE, LONG, TRAIT, HIDDEN, NAMELESS, GONE, MOD, UNKNOWN = 1, 2, 3, 4, 5, 6, 7, 8, 4000


def plug(name, description="", **more):
    return {"displayProperties": {"name": name, "description": description, "icon": f"/{name}.png"}, **more}


PLUGS = {
    BORE: plug("Fluted Bore", "Steadier.", itemTypeDisplayName="Barrel"),
    CHOKE: plug("Short Choke"),
    LONG: plug("Long Rifling"),
    TRAIT: plug("Rampage", perks=[{"perkHash": 71}, {"perkHash": 72}]),
    HIDDEN: plug("Rolled stats", investmentStats=[{"statTypeHash": 1, "value": 5}]),
    NAMELESS: plug(""),
    GONE: plug("Old Barrel"),
    MOD: plug("Backup Mag", plug={"plugCategoryIdentifier": "v400.weapon.mod"}),
}
SETS = {BARRELS: {"reusablePlugItems": [
    {"plugItemHash": BORE, "currentlyCanRoll": True}, {"plugItemHash": LONG, "currentlyCanRoll": True},
    {"plugItemHash": GONE, "currentlyCanRoll": False}, {"plugItemHash": UNKNOWN, "currentlyCanRoll": True}, {}, None,
]}}  # fmt: skip
CATEGORIES = {PERKS: plug("WEAPON PERKS"), MODS: plug("WEAPON MODS")}
WEAPON = {
    "sockets": {
        "socketEntries": [
            {"singleInitialItemHash": CHOKE, "randomizedPlugSetHash": BARRELS},
            {"singleInitialItemHash": TRAIT, "reusablePlugItems": [{"plugItemHash": TRAIT}]},
            {"singleInitialItemHash": HIDDEN, "defaultVisible": False},
            {"singleInitialItemHash": 0},
            {"singleInitialItemHash": MOD},
        ],
        "socketCategories": [
            {"socketCategoryHash": MODS, "socketIndexes": [4, 3]},
            {"socketCategoryHash": PERKS, "socketIndexes": [0, 1, 2]},
        ],
    }
}


def state(plug_hash, enabled=True, visible=True):
    return {"plugHash": plug_hash, "isEnabled": enabled, "isVisible": visible}


STATES = {"sockets": [state(BORE), state(TRAIT), state(HIDDEN, visible=False), {"isEnabled": False}, state(MOD, False)]}
CHOICES = {"plugs": {"0": [{"plugItemHash": BORE, "canInsert": True}, {"plugItemHash": CHOKE, "canInsert": True}]}}


def shown(definition=WEAPON, component=STATES, reusable=CHOICES, plugs=PLUGS, sets=SETS, perks=None):
    found = bare_sockets(definition, component, reusable)
    return by_category(definition, found, plugs, sets, CATEGORIES, perks)


def test_plugs_stand_in_the_games_categories_and_order():
    told = [(each.name, [socket.plug.name for socket in each.sockets]) for each in shown()]
    assert told == [("WEAPON MODS", ["Backup Mag"]), ("WEAPON PERKS", ["Fluted Bore", "Rampage"])]


def test_a_plug_tells_everything_of_itself():
    bore = shown()[1].sockets[0].plug
    assert (bore.name, bore.type_name, bore.description, bore.icon) == (
        "Fluted Bore", "Barrel", "Steadier.", "/Fluted Bore.png",
    )  # fmt: skip
    assert bore.active
    assert not shown()[0].sockets[0].plug.active


def test_a_perk_describes_the_plug_that_does_not_do_so_itself():
    perks = {71: plug("", "Kills raise damage."), 72: plug("", "Stacks three times.")}
    assert shown(perks=perks)[1].sockets[1].plug.description == "Kills raise damage.\nStacks three times."


def test_choices_of_this_copy_and_options_of_every_copy_are_told_apart():
    barrel = shown()[1].sockets[0]
    assert [each.name for each in barrel.choices] == ["Short Choke"]
    assert [each.name for each in barrel.options] == ["Long Rifling"]  # the old one no longer rolls
    assert barrel.more == 0


def test_an_unknown_plug_is_a_placeholder():
    states = {"sockets": [state(UNKNOWN), *STATES["sockets"][1:]]}
    found = shown(component=states)[1].sockets[0].plug
    assert (found.known, found.name) == (False, f"Unknown plug {UNKNOWN}")


def test_without_a_component_the_definition_tells_what_is_in():
    found = bare_sockets(WEAPON)
    assert [each.plug_hash for each in found] == [CHOKE, TRAIT, HIDDEN, None, MOD]
    assert [socket.plug.name for socket in by_category(WEAPON, found, PLUGS, SETS, CATEGORIES)[1].sockets] == [
        "Short Choke",
        "Rampage",
    ]


def test_hidden_sockets_count_but_are_not_shown():
    assert PLUGS[HIDDEN] in active_plugs(bare_sockets(WEAPON, STATES), PLUGS)
    assert PLUGS[MOD] not in active_plugs(bare_sockets(WEAPON, STATES), PLUGS)
    assert "Rolled stats" not in str(shown())


def test_sockets_of_an_unknown_definition_are_shown_all_the_same():
    (category,) = shown(definition={})
    assert (category.hash, category.name) == (0, "")
    assert [socket.plug.name for socket in category.sockets] == ["Fluted Bore", "Rampage", "Backup Mag"]


def test_what_to_look_up_is_known_by_hash():
    found = bare_sockets(WEAPON, STATES, CHOICES)
    assert plug_hashes(found) == {BORE, CHOKE, TRAIT, HIDDEN, MOD}
    assert plug_set_hashes(found) == {BARRELS}
    assert option_hashes(found, SETS) == {BORE, LONG, UNKNOWN, TRAIT}


def test_a_set_of_hundreds_is_counted_only():
    many = {BARRELS: {"reusablePlugItems": [{"plugItemHash": each} for each in range(1000, 1300)]}}
    plugs = PLUGS | {each: plug(f"Shader {each}") for each in range(1000, 1300)}
    barrel = shown(sets=many, plugs=plugs)[1].sockets[0]
    assert (barrel.options, barrel.more) == ((), 300)
    assert option_hashes(bare_sockets(WEAPON, STATES), many) == {TRAIT}


def test_a_perk_of_several_plugs_is_told_once():
    plugs = PLUGS | {LONG: plug("Short Choke"), GONE: plug("Fluted Bore", itemTypeDisplayName="Enhanced Barrel")}
    sets = {BARRELS: {"reusablePlugItems": [{"plugItemHash": each} for each in (LONG, GONE)]}}
    barrel = shown(plugs=plugs, sets=sets)[1].sockets[0]
    assert [each.name for each in barrel.choices] == ["Short Choke"]
    assert [(each.name, each.type_name) for each in barrel.options] == [("Fluted Bore", "Enhanced Barrel")]


def test_tiers_of_a_masterwork_are_no_perks_that_it_could_have():
    plugs = PLUGS | {
        BORE: plug("Tier 3: Range", plug={"plugCategoryIdentifier": "v400.plugs.weapons.masterworks.stat.range"})
    }
    assert shown(plugs=plugs)[1].sockets[0].options == ()


NAMES = ["sockets", "socketEntries", "socketCategories", "socketIndexes", "plugHash", "plugs", "reusablePlugItems", "0"]
NAMES += ["plugItemHash", "isVisible", "perks", "plug", "displayProperties", "name", "randomizedPlugSetHash"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)
OBJECT = st.dictionaries(st.sampled_from(NAMES), ANYTHING)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(OBJECT, OBJECT, OBJECT, OBJECT)
def test_nothing_that_bungie_may_send_breaks_it(definition, component, reusable, any_plug):
    found = bare_sockets(definition, component, reusable)
    plugs = dict.fromkeys(plug_hashes(found), any_plug)
    for socket in found:
        options_of(socket, dict.fromkeys(socket.plug_sets, any_plug))
    by_category(definition, found, plugs, {}, {}, {})
    active_plugs(found, plugs)
