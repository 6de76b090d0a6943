"""An item's stats as the game shows them: from its definition, its plugs, and what Bungie tells of this copy. Pure.

Definitions and plugs add up in investment points. The item's stat group turns the sum into the number that is shown,
by a table of points between which it draws straight lines, rounding halves to the even number (Bungie-net/api #1029).
Some effects are known to Bungie's servers only; where they tell another number, theirs stands (#797).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .untrusted import definition_hash, integer, listing, mapping, text
from .words import Definitions

JsonObject = Mapping[str, Any]

FULL_BAR = 100
ARMOR = 2  # DestinyItemType
PRIMARY, DEFENSE = 3, 2  # DestinyStatCategory: power and its like; what armor gives to its wearer
LARGEST = 10**9


class Part(StrEnum):
    """Where points of a stat come from."""

    BASE = "base"
    PLUGS = "perks and mods"
    MASTERWORK = "masterwork"


@dataclass(frozen=True, slots=True)
class Stat:
    """`value` is `base + plugs + masterwork + other`; `other` is what only Bungie's servers know of.

    `exact` is False for a value that was computed without Bungie's word for this copy. `numeric` stats have no bar.
    """

    hash: int
    name: str
    description: str
    value: int
    maximum: int
    numeric: bool
    lower_is_better: bool
    base: int
    plugs: int
    masterwork: int
    other: int
    exact: bool
    category: int

    @property
    def bar(self) -> int:
        """How far the bar reaches: a stat may be below nothing, or above its maximum."""
        return min(max(self.value, 0), self.maximum)


@dataclass(slots=True)
class _Points:
    """Investment points of one stat. Conditional ones hold in some states of the game only."""

    always: dict[Part, int] = field(default_factory=dict)
    conditional: dict[Part, int] = field(default_factory=dict)

    def add(self, part: Part, value: int, conditional: bool) -> None:
        points = self.conditional if conditional else self.always
        points[part] = points.get(part, 0) + value

    def up_to(self, last: Part, *, conditional: bool) -> int:
        parts = list(Part)[: list(Part).index(last) + 1]
        kinds = (self.always, self.conditional) if conditional else (self.always,)
        return sum(points.get(part, 0) for points in kinds for part in parts)


@dataclass(frozen=True, slots=True)
class _Scale:
    """How a stat group shows one stat: `points` from investment points to what is shown."""

    maximum: int
    numeric: bool
    points: tuple[tuple[int, int], ...]

    @property
    def falls(self) -> bool:
        """More points show less: charge time and draw time are better when they are short."""
        return len(self.points) > 1 and self.points[-1][1] < self.points[0][1]

    def shown(self, value: int) -> int:
        if not self.points:
            return value
        (lowest, first), (highest, last) = self.points[0], self.points[-1]
        if value <= lowest or value >= highest:
            return first if value <= lowest else last
        (start, shown), (end, next_shown) = next(
            pair for pair in zip(self.points, self.points[1:], strict=False) if pair[0][0] <= value <= pair[1][0]
        )
        return round(shown + Fraction((value - start) * (next_shown - shown), end - start))


UNSCALED = _Scale(FULL_BAR, False, ())


def stat_group(definition: JsonObject) -> int | None:
    return definition_hash(mapping(definition.get("stats")).get("statGroupHash"))


def told_values(component: JsonObject) -> dict[int, int]:
    """Values by stat hash, of the data of the component of an item's stats (304)."""
    told = mapping(component.get("stats")).items()
    values = {definition_hash(stat_hash): _number(mapping(stat).get("value")) for stat_hash, stat in told}
    return {stat_hash: value for stat_hash, value in values.items() if stat_hash is not None and value is not None}


def stats_of(
    definition: JsonObject,
    plugs: Iterable[JsonObject],
    told: Mapping[int, int],
    group: JsonObject,
    stats: Definitions,
) -> tuple[Stat, ...]:
    """In the game's order. `plugs` are the definitions of those that are active; `group` the item's stat group.

    Without a group nobody knows the scales: then only what was told is shown.
    """
    points, scales = _points(definition, plugs), _scales(group)
    wanted = _shown(definition, points, told, scales)
    found = [
        _stat(stats[stat_hash], stat_hash, points.get(stat_hash), told, scales.get(stat_hash, UNSCALED))
        for stat_hash in wanted
        if _is_shown(mapping(stats.get(stat_hash)))
    ]
    return tuple(sorted(found, key=lambda stat: (_index(stats[stat.hash]), stat.hash)))


def armor_total(stats: Iterable[Stat]) -> int | None:
    """What a piece of armor gives altogether; None for what gives nothing."""
    values = [stat.value for stat in stats if stat.category == DEFENSE]
    return sum(values) if values else None


def is_masterwork(plug: JsonObject) -> bool:
    """Also of the plugs that lead to one: they are worth what they give, up to ten points."""
    category = plug_category(plug)
    return "masterwork" in category and "tracker" not in category


def plug_category(plug: JsonObject) -> str:
    return text(mapping(plug.get("plug")).get("plugCategoryIdentifier"))


def investments(definition: JsonObject) -> list[tuple[int, int, bool]]:
    """Stat, points, and whether they count in some states of the game only."""
    found = []
    for raw in map(mapping, listing(definition.get("investmentStats"))):
        stat_hash, value = definition_hash(raw.get("statTypeHash")), _number(raw.get("value"))
        if stat_hash is not None and value is not None:
            found.append((stat_hash, value, bool(raw.get("isConditionallyActive"))))
    return found


def _points(definition: JsonObject, plugs: Iterable[JsonObject]) -> dict[int, _Points]:
    points: dict[int, _Points] = {}
    sources = [(definition, Part.BASE), *((plug, _part(plug)) for plug in plugs)]
    for source, part in sources:
        for stat_hash, value, conditional in investments(source):
            points.setdefault(stat_hash, _Points()).add(part, value, conditional)
    return points


def _part(plug: JsonObject) -> Part:
    """Armor is rolled by plugs that nobody can take out; they belong to the piece itself."""
    if is_masterwork(plug):
        return Part.MASTERWORK
    return Part.BASE if plug_category(plug).startswith(("intrinsics", "armor_stats")) else Part.PLUGS


def _scales(group: JsonObject) -> dict[int, _Scale]:
    scaled = map(mapping, listing(group.get("scaledStats")))
    found = {definition_hash(each.get("statHash")): _scale(each) for each in scaled}
    return {stat_hash: scale for stat_hash, scale in found.items() if stat_hash is not None}


def _scale(scaled: JsonObject) -> _Scale:
    raw = map(mapping, listing(scaled.get("displayInterpolation")))
    points = {_number(point.get("value")): _number(point.get("weight")) for point in raw}
    readable = sorted((at, shown) for at, shown in points.items() if at is not None and shown is not None)
    return _Scale(
        _number(scaled.get("maximumValue")) or FULL_BAR, bool(scaled.get("displayAsNumeric")), tuple(readable)
    )


def _shown(
    definition: JsonObject, points: Mapping[int, _Points], told: Mapping[int, int], scales: Mapping[int, _Scale]
) -> list[int]:
    """The group lists what its kind of weapon may have; this one has what it or Bungie gives a number for."""
    if not scales:
        return list(told)
    if definition.get("itemType") == ARMOR:
        return list(scales)
    return [stat_hash for stat_hash in scales if stat_hash in points or told.get(stat_hash)]


def _is_shown(stat: JsonObject) -> bool:
    return bool(text(mapping(stat.get("displayProperties")).get("name"))) and stat.get("statCategory") != PRIMARY


def _stat(
    definition: JsonObject, stat_hash: int, points: _Points | None, told: Mapping[int, int], scale: _Scale
) -> Stat:
    points = points or _Points()
    word = told.get(stat_hash)
    conditional = word is not None and word == scale.shown(points.up_to(Part.MASTERWORK, conditional=True))
    base, with_plugs, computed = (scale.shown(points.up_to(part, conditional=conditional)) for part in Part)
    value = computed if word is None else word
    shown = mapping(definition.get("displayProperties"))
    return Stat(
        hash=stat_hash,
        name=text(shown.get("name")),
        description=text(shown.get("description")),
        value=value,
        maximum=max(scale.maximum, 1),
        numeric=scale.numeric,
        lower_is_better=scale.falls,
        base=base,
        plugs=with_plugs - base,
        masterwork=computed - with_plugs,
        other=value - computed,
        exact=word is not None,
        category=integer(definition.get("statCategory")) or 0,
    )


def _index(stat: JsonObject) -> int:
    return integer(stat.get("index")) or 0


def _number(value: object) -> int | None:
    number = integer(value)
    return number if number is not None and abs(number) < LARGEST else None
