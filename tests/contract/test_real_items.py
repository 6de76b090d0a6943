"""Stats and sockets of real definitions and of a real player's items, as the pages compute them.

The captured profile holds no stats of single items, so the other witness is each weapon's own definition: beside its
investment points it holds the numbers that Bungie's servers made of them, without plugs. In the captured content the
weapons are some years older than the stat groups, and Bungie has straightened the tables of some stats meanwhile.
"""

import gzip
import json
from collections import Counter, defaultdict

import pytest

from destinyvault.sandbox.content import reading, rows_of, unpacked
from inventory.perks import bare_sockets, by_category, plug_hashes
from inventory.stats import investments, stat_group, stats_of, told_values

pytestmark = pytest.mark.real
UNCHANGED = {"Zoom", "Aim Assistance", "Recoil Direction", "Rounds Per Minute", "Impact", "Ammo Generation"}
TABLES = {
    "items": "DestinyInventoryItemDefinition",
    "groups": "DestinyStatGroupDefinition",
    "stats": "DestinyStatDefinition",
    "categories": "DestinySocketCategoryDefinition",
    "sets": "DestinyPlugSetDefinition",
}


@pytest.fixture(scope="module")
def real(captures, tmp_path_factory):
    (file,) = (captures / "captures").glob("world_sql_content_*.content")
    content = unpacked(file, tmp_path_factory.mktemp("content"))
    with reading(content.database) as db:
        bodies = {name: map(json.loads, (body for _, body in rows_of(db, table))) for name, table in TABLES.items()}
        return {name: {body["hash"]: body for body in found} for name, found in bodies.items()}


@pytest.fixture(scope="module")
def profile(captures):
    packed = (captures / "captures" / "profile_2021.json.gz").read_bytes()
    return json.loads(gzip.decompress(packed))["Response"]


def witnessed(real):
    """Stat group, stat, investment points, what Bungie made of them: of every weapon that tells both."""
    for item in real["items"].values():
        group = real["groups"].get(stat_group(item) or 0)
        if item.get("itemType") != 3 or group is None:
            continue
        told = {stat: body for stat, body in item["stats"]["stats"].items() if body["maximum"]}
        points = {stat: value for stat, value, _ in investments(item)}
        for stat in stats_of(item, (), {}, group, real["stats"]):
            if str(stat.hash) in told:
                yield group["hash"], stat, points[stat.hash], told_values({"stats": told})[stat.hash]


def test_computed_stats_are_bungies_where_the_tables_are_of_one_time(real):
    agree = Counter((stat.name, stat.value == told) for _, stat, _, told in witnessed(real) if stat.name in UNCHANGED)
    right, wrong = (sum(count for (_, same), count in agree.items() if same is wanted) for wanted in (True, False))
    assert {name for name, _ in agree} == UNCHANGED
    assert right > 2500
    assert right / (right + wrong) > 0.98


def test_where_they_differ_it_is_the_tables_and_not_the_sums(real):
    """One number for each number of points in a stat group, always: another table would give it."""
    made_of = defaultdict(set)
    for group, stat, points, told in witnessed(real):
        made_of[group, stat.hash, points].add(told)
    assert len(made_of) > 1000
    assert all(len(told) == 1 for told in made_of.values())


def test_every_plug_that_a_real_player_sees_is_on_the_page(real, profile):
    held = [item for item in items_of(profile) if item.get("itemInstanceId") in sockets_of(profile)]
    seen = Counter()
    for item in held:
        component = sockets_of(profile)[item["itemInstanceId"]]
        choices = profile["itemComponents"]["reusablePlugs"]["data"].get(item["itemInstanceId"])
        definition = real["items"].get(item["itemHash"], {})
        found = bare_sockets(definition, component, choices)
        shown = by_category(definition, found, real["items"], real["sets"], real["categories"])
        on_page = [socket.plug for category in shown for socket in category.sockets]
        states = [state for state in component["sockets"] if state["isVisible"] and state.get("plugHash")]
        visible = [state["plugHash"] for state in states]
        named = [each for each in visible if name_of(real["items"].get(each))]
        assert Counter(plug.hash for plug in on_page) == Counter(named)
        assert plug_hashes(found) >= set(visible)
        seen.update(plug.known for plug in on_page)
    assert len(held) == 717
    assert seen[True] > 3000
    assert seen[False] > 300  # placeholders: their definitions are not in the captured content


def name_of(definition):
    """What the Manifest does not know is shown all the same; what it knows without a name is for the game alone."""
    return definition["displayProperties"]["name"] if definition else "unknown"


def sockets_of(profile):
    return profile["itemComponents"]["sockets"]["data"]


def items_of(profile):
    bags = [*profile["characterInventories"]["data"].values(), *profile["characterEquipment"]["data"].values()]
    return [item for bag in (*bags, profile["profileInventory"]["data"]) for item in bag["items"]]
