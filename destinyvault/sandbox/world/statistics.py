"""Stat groups, and the investment points that weapons, armor and plugs give: numbers that add up as the game's do."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row

BOW = 3317538576
STRAIGHT = ((0, 0), (100, 100))
BOTH_WAYS = ((-100, -100), (0, 0), (100, 100))
NUMERIC = frozenset({facts.RPM, facts.MAGAZINE, facts.ZOOM, facts.RECOIL, facts.DRAW_TIME})
FULL = 100

Points = tuple[tuple[int, int], ...]


def stat_groups(forge: Forge, weapon_categories: Mapping[int, Any]) -> Iterator[Row]:
    for number, category in enumerate(weapon_categories):
        scales = {stat: scale(forge, category, stat) for stat in (*weapon_stats(category), facts.HIDDEN_STAT)}
        yield group(number, group_hash(forge, category), scales)
    armor = dict.fromkeys(facts.ARMOR_STATS, BOTH_WAYS)
    yield group(len(weapon_categories), group_hash(forge, "armor"), armor)


def group(number: int, key: int, scales: Mapping[int, Points]) -> Row:
    scaled = [
        {
            "statHash": stat,
            "maximumValue": FULL,
            "displayAsNumeric": stat in NUMERIC,
            "displayInterpolation": [{"value": value, "weight": weight} for value, weight in points],
        }
        for stat, points in scales.items()
    ]
    body = {"maximumValue": FULL, "uiPosition": 0, "scaledStats": scaled, "overrides": {}}
    more = {"hash": key, "index": number, "redacted": False, "blacklisted": False}
    return Row("DestinyStatGroupDefinition", key, body | more)


def group_hash(forge: Forge, category: int | str) -> int:
    return forge.hash("stat group", category)


def weapon_stats(category: int) -> tuple[int, ...]:
    """A bow is drawn, all others fire so many rounds a minute."""
    return (facts.DRAW_TIME if category == BOW else facts.RPM, *facts.WEAPON_STATS)


def scale(forge: Forge, category: int, stat: int) -> Points:
    """From investment points to what is shown: a straight line for most, a bent or falling one for some."""
    rng = forge.rng("stat scale", category, stat)
    low = rng.randrange(4, 40)
    tables: dict[int, Points] = {
        facts.RPM: ((0, low * 10), (20, low * 10 + 90), (80, low * 10 + 300), (100, low * 10 + 420)),
        facts.MAGAZINE: ((0, low // 4), (60, low // 4 + 11), (100, low // 2 + 13)),
        facts.IMPACT: ((0, low), (50, low + 19), (100, low + 60)),
        facts.DRAW_TIME: ((0, 1100), (40, 776), (100, 400)),
    }
    return tables.get(stat, STRAIGHT)


def shown(points: Points, value: int) -> int:
    """What the game shows for so many points; halves go to the even number."""
    if value <= points[0][0]:
        return points[0][1]
    for (start, low), (end, high) in pairwise(points):
        if value <= end:
            return round(low + Fraction((value - start) * (high - low), end - start))
    return points[-1][1]


def weapon_numbers(forge: Forge, key: int, category: int) -> dict[str, Any]:
    rng = forge.rng("stats", key)
    given = {stat: rng.randrange(10, 76) for stat in weapon_stats(category)} | {facts.HIDDEN_STAT: rng.randrange(9)}
    values = {stat: shown(scale(forge, category, stat), points) for stat, points in given.items()}
    return numbers(given, values, group_hash(forge, category), facts.ATTACK_STAT)


def armor_numbers(forge: Forge) -> dict[str, Any]:
    """Armor itself gives nothing: what it rolled is in its sockets."""
    return numbers({}, dict.fromkeys(facts.ARMOR_STATS, 0), group_hash(forge, "armor"), facts.DEFENSE_STAT)


def numbers(given: Mapping[int, int], values: Mapping[int, int], stat_group: int, primary: int) -> dict[str, Any]:
    none = {primary: 0, facts.POWER_STAT: 0}
    block = {
        "disablePrimaryStatDisplay": False,
        "statGroupHash": stat_group,
        "stats": {
            str(stat): {"statHash": stat, "value": value, "minimum": value, "maximum": value, "displayMaximum": FULL}
            for stat, value in {**values, **none}.items()
        },
        "hasDisplayableStats": True,
        "primaryBaseStatHash": primary,
    }
    return {"stats": block, "investmentStats": investments(none | dict(given))}


def investments(given: Mapping[int, int], conditional: Mapping[int, int] | None = None) -> list[dict[str, Any]]:
    sure = [(stat, value, False) for stat, value in given.items()]
    perhaps = [(stat, value, True) for stat, value in (conditional or {}).items()]
    return [
        {"statTypeHash": stat, "value": value, "isConditionallyActive": depends}
        for stat, value, depends in (*sure, *perhaps)
    ]
