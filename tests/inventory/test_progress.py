"""Counters, levels and masterworks by hand."""

import pytest

from inventory.progress import Count, Masterwork, crafted, kills, masterwork, objectives

TRACKER, SHAPED, TRAIT = 10, 11, 12
KILLS, LEVEL, PROGRESS, DATE = 100, 101, 102, 103
GOALS = {
    KILLS: {"progressDescription": "Enemies Defeated"},
    LEVEL: {"uiStyle": 2},
    PROGRESS: {"uiStyle": 3},
    DATE: {"uiStyle": 4},
}
STATS = {7: {"displayProperties": {"name": "Range"}}, 8: {"displayProperties": {"name": "Handling"}}}


def plug(plug_hash, category, *given, name="Plug"):
    stats = [{"statTypeHash": stat, "value": value, "isConditionallyActive": depends} for stat, value, depends in given]
    return {
        "hash": plug_hash,
        "displayProperties": {"name": name},
        "plug": {"plugCategoryIdentifier": category},
        "investmentStats": stats,
    }


def told(plug_hash, **goals):
    names = {"kills": KILLS, "level": LEVEL, "progress": PROGRESS, "date": DATE}
    entries = [{"objectiveHash": names[name], "progress": value} for name, value in goals.items()]
    return objectives({"objectivesPerPlug": {str(plug_hash): entries}})


def test_the_tracker_in_its_socket_counts_and_others_do_not():
    trackers = [plug(TRACKER, "v400.plugs.weapons.masterworks.trackers")]
    assert kills(trackers, told(TRACKER, kills=1203), GOALS) == (Count("Enemies Defeated", 1203),)
    assert kills([plug(TRAIT, "frames")], told(TRAIT, kills=5), GOALS) == ()
    assert kills(trackers, told(TRAIT, kills=5), GOALS) == ()


def test_a_counter_without_words_is_called_by_its_plugs_name():
    (count,) = kills([plug(TRACKER, "trackers", name="Kill Tracker")], told(TRACKER, kills=3), {})
    assert count == Count("Kill Tracker", 3)


def test_a_shaped_weapon_has_a_level_and_a_birthday():
    found = crafted(told(SHAPED, level=17, progress=437, date=1700000000), GOALS)
    assert (found.level, found.progress, found.date.isoformat()) == (17, 43, "2023-11-14T22:13:20+00:00")


@pytest.mark.parametrize("date", [-5, 0, 10**30])
def test_a_date_that_is_none_is_left_out(date):
    found = crafted(told(SHAPED, level=17, progress=99999, date=date), GOALS)
    assert (found.date, found.progress) == (None, 100)


def test_without_a_level_nothing_is_told_of_crafting():
    assert crafted(told(TRACKER, kills=3), GOALS) is None
    assert crafted({}, GOALS) is None


def test_the_tier_of_a_masterwork_is_what_it_always_gives():
    category = "v400.plugs.weapons.masterworks.stat.range"
    full = plug(1, category, (7, 10, False), (8, 30, True), name="Masterworked: Range")
    assert masterwork([plug(TRAIT, "frames", (8, 50, False)), full], STATS) == Masterwork("Range", 10)


def test_a_masterwork_that_raises_all_alike_names_no_stat():
    found = masterwork([plug(1, "v460.plugs.armor.masterworks", (7, 4, False), (8, 4, False))], STATS)
    assert (found.stat, found.tier) == ("", 4)
    assert masterwork([plug(1, "v400.empty.exotic.masterwork", name="Catalyst")], STATS) == Masterwork("", 0)
    assert masterwork([plug(TRACKER, "v400.plugs.weapons.masterworks.trackers")], STATS) is None


@pytest.mark.parametrize(
    "component", [{}, {"objectivesPerPlug": 3}, {"objectivesPerPlug": {"x": [], "5": [None, 3, {}]}}]
)
def test_counters_that_cannot_be_read_are_none(component):
    assert objectives(component) == {}
