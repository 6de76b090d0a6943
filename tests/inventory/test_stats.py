"""Stats by hand: small definitions whose sums can be checked by reading them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.stats import armor_total, stats_of, told_values

RANGE, RPM, DRAW, SECRET, ATTACK, HEALTH, MELEE = (
    1240592695,
    4284893193,
    447667954,
    77,
    1480404414,
    392767087,
    4244567218,
)


def stat(name, index, category=1):
    return {
        "displayProperties": {"name": name, "description": f"About {name}."},
        "index": index,
        "statCategory": category,
    }


STATS = {
    RANGE: stat("Range", 18),
    RPM: stat("Rounds Per Minute", 16),
    DRAW: stat("Draw Time", 56),
    SECRET: stat("", 51),
    ATTACK: stat("Attack", 15, category=3),
    HEALTH: stat("Health", 3, category=2),
    MELEE: stat("Melee", 4, category=2),
}


def scale(stat_hash, *points, numeric=False, maximum=100):
    table = [{"value": value, "weight": weight} for value, weight in points]
    return {"statHash": stat_hash, "maximumValue": maximum, "displayAsNumeric": numeric, "displayInterpolation": table}


GROUP = {
    "scaledStats": [
        scale(RANGE, (0, 10), (100, 60)),
        scale(RPM, (0, 360), (10, 400), (80, 600), (100, 720), numeric=True),
        scale(DRAW, (0, 900), (100, 500), numeric=True),
        scale(SECRET, (0, 0), (100, 100)),
        scale(ATTACK, (0, 0), (100, 100)),
    ]
}
ARMOR_GROUP = {"scaledStats": [scale(each, (-100, -100), (0, 0), (100, 100)) for each in (MELEE, HEALTH)]}


def gives(category="frames", conditional=False, **points):
    names = {"range": RANGE, "rpm": RPM, "draw": DRAW, "secret": SECRET, "attack": ATTACK, "health": HEALTH}
    return {
        "plug": {"plugCategoryIdentifier": category},
        "investmentStats": [
            {"statTypeHash": names[name], "value": value, "isConditionallyActive": conditional}
            for name, value in points.items()
        ],
    }


def told(**values):
    names = {"range": RANGE, "rpm": RPM, "health": HEALTH}
    return {names[name]: value for name, value in values.items()}


def only(found, name):
    (stat,) = [each for each in found if each.name == name]
    return stat


def test_investment_points_are_shown_on_the_groups_scale():
    found = stats_of(gives(range=40, rpm=20), (), {}, GROUP, STATS)
    assert [(each.name, each.value) for each in found] == [("Rounds Per Minute", 429), ("Range", 30)]
    assert [each.numeric for each in found] == [True, False]


def test_halves_round_to_the_even_number():
    values = [only(stats_of(gives(range=points), (), {}, GROUP, STATS), "Range").value for points in (1, 3, 5)]
    assert values == [10, 12, 12]  # 10.5, 11.5, 12.5


@pytest.mark.parametrize(("points", "shown"), [(-50, 10), (0, 10), (100, 60), (180, 60)])
def test_beyond_the_ends_of_the_table_its_last_values_hold(points, shown):
    assert only(stats_of(gives(range=points), (), {}, GROUP, STATS), "Range").value == shown


def test_each_part_is_told_on_the_shown_scale_and_they_add_up():
    plugs = [
        gives(range=10),
        gives("v400.plugs.weapons.masterworks.stat.range", range=10),
        gives("intrinsics", range=2),
    ]
    found = only(stats_of(gives(range=40), plugs, told(range=43), GROUP, STATS), "Range")
    assert (found.base, found.plugs, found.masterwork, found.other, found.value) == (31, 5, 5, 2, 43)
    assert found.exact


def test_without_bungies_word_the_value_is_computed_and_says_so():
    found = only(stats_of(gives(range=40), [gives(range=10)], {}, GROUP, STATS), "Range")
    assert (found.value, found.other, found.exact) == (35, 0, False)


def test_conditional_points_count_only_where_bungie_counts_them():
    plugs = [gives("v400.plugs.weapons.masterworks.stat.range", conditional=True, range=20)]
    values = [
        only(stats_of(gives(range=40), plugs, word, GROUP, STATS), "Range")
        for word in ({}, told(range=30), told(range=40))
    ]
    assert [(each.value, each.masterwork, each.other) for each in values] == [(30, 0, 0), (30, 0, 0), (40, 10, 0)]


def test_hidden_stats_and_power_are_left_out():
    found = stats_of(gives(range=1, secret=50, attack=60), (), {}, GROUP, STATS)
    assert [each.name for each in found] == ["Range"]


def test_a_group_lists_what_its_kind_may_have_and_not_what_this_one_has():
    assert [each.name for each in stats_of(gives(range=1), (), told(rpm=0), GROUP, STATS)] == ["Range"]
    assert [each.name for each in stats_of({}, (), told(rpm=450), GROUP, STATS)] == ["Rounds Per Minute"]


def test_less_is_better_where_the_table_falls():
    found = stats_of(gives(draw=50, range=50), (), {}, GROUP, STATS)
    assert {each.name: each.lower_is_better for each in found} == {"Range": False, "Draw Time": True}


def test_armor_has_every_stat_of_its_group_and_a_total():
    found = stats_of({"itemType": 2}, [gives("armor_stats", health=12)], {MELEE: 4}, ARMOR_GROUP, STATS)
    assert [(each.name, each.value, each.base) for each in found] == [("Health", 12, 12), ("Melee", 4, 0)]
    assert armor_total(found) == 16
    assert armor_total(stats_of(gives(range=1), (), {}, GROUP, STATS)) is None


def test_without_a_group_bungies_word_is_shown_and_nothing_is_guessed():
    assert stats_of(gives(range=40), (), {}, {}, STATS) == ()
    (found,) = stats_of(gives(range=40), (), {RANGE: 61, ATTACK: 5, SECRET: 5, 12345: 5}, {}, STATS)
    assert (found.name, found.value, found.maximum) == ("Range", 61, 100)


def test_a_bar_stays_within_its_ends():
    below, above = (
        only(stats_of({"itemType": 2}, (), told(health=word), ARMOR_GROUP, STATS), "Health") for word in (-7, 140)
    )
    assert (below.value, below.bar, above.value, above.bar) == (-7, 0, 140, 100)


def test_told_values_are_those_that_can_be_read():
    component = {
        "stats": {"155": {"value": 7}, "x": {"value": 1}, "156": {"value": "high"}, "157": 3, "158": {"value": "8"}}
    }
    assert told_values(component) == {155: 7, 158: 8}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["scaledStats", "statHash", "displayInterpolation", "value", "weight", "maximumValue", "investmentStats",
             "statTypeHash", "plug", "plugCategoryIdentifier", "stats", "displayProperties", "itemType"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip
OBJECT = st.dictionaries(st.sampled_from(["scaledStats", "investmentStats", "plug", "stats", "itemType"]), ANYTHING)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(OBJECT, st.lists(OBJECT, max_size=3), OBJECT)
def test_nothing_that_bungie_may_send_breaks_it(definition, plugs, group):
    stats_of(definition, plugs, told_values(definition), group, STATS | {5: {"displayProperties": 3}})
