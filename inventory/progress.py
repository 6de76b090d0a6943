"""What one copy has been through: kills counted, levels gained, its masterwork. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from destinyvault.bungie.enums import ObjectiveStyle

from .stats import investments, is_masterwork, plug_category
from .untrusted import definition_hash, integer, listing, mapping, text
from .words import Definitions, display

JsonObject = Mapping[str, Any]

THOUSANDTHS = 10  # the way to the next level is told in thousandths, and shown in hundredths
LAST_MOMENT = 2**32


@dataclass(frozen=True, slots=True)
class Count:
    """Such as "Enemies Defeated", 1203."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Crafted:
    """`progress` is how many hundredths of the way to the next level are done."""

    level: int
    progress: int
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Masterwork:
    """`stat` is empty where it raises all alike, `tier` 0 where it gives no points (yet)."""

    stat: str
    tier: int


def objectives(component: JsonObject) -> dict[int, dict[int, int]]:
    """By plug and objective, how far it got: of the data of component 309."""
    told = mapping(component.get("objectivesPerPlug")).items()
    found = {definition_hash(plug): dict(_progress(goals)) for plug, goals in told}
    return {plug: goals for plug, goals in found.items() if plug and goals}


def kills(
    plugs: Iterable[JsonObject], counted: Mapping[int, Mapping[int, int]], goals: Definitions
) -> tuple[Count, ...]:
    """Of the trackers that are in the sockets."""
    found = []
    for plug in plugs:
        category = plug_category(plug)
        if "tracker" in category or "kills" in category or is_masterwork(plug):
            told = counted.get(definition_hash(plug.get("hash")) or 0, {})
            found += [Count(_words(mapping(goals.get(goal)), plug), value) for goal, value in told.items()]
    return tuple(found)


def crafted(counted: Mapping[int, Mapping[int, int]], goals: Definitions) -> Crafted | None:
    """The level of a shaped weapon; None for others, and where Bungie does not tell."""
    by_style = {
        integer(mapping(goals.get(goal)).get("uiStyle")): value
        for told in counted.values()
        for goal, value in told.items()
    }
    level = by_style.get(ObjectiveStyle.CRAFTING_WEAPON_LEVEL)
    if level is None:
        return None
    progress = by_style.get(ObjectiveStyle.CRAFTING_WEAPON_LEVEL_PROGRESS, 0)
    made = by_style.get(ObjectiveStyle.CRAFTING_WEAPON_TIMESTAMP, 0)
    date = datetime.fromtimestamp(made, UTC) if 0 < made < LAST_MOMENT else None
    return Crafted(level, min(max(progress // THOUSANDTHS, 0), 100), date)


def masterwork(plugs: Iterable[JsonObject], stats: Definitions) -> Masterwork | None:
    """The one that is in; its tier is the points that it gives whatever the game's state."""
    for plug in plugs:
        if is_masterwork(plug):
            given = {stat: value for stat, value, conditional in investments(plug) if not conditional and value > 0}
            tier = max(given.values(), default=0)
            raised = [stat for stat, value in given.items() if value == tier]
            stat = display(stats.get(raised[0], {}), "name") if len(raised) == 1 else ""
            return Masterwork(stat, tier)
    return None


def _progress(goals: object) -> Iterator[tuple[int, int]]:
    for goal in map(mapping, listing(goals)):
        objective, value = definition_hash(goal.get("objectiveHash")), integer(goal.get("progress"))
        if objective and value is not None:
            yield objective, value


def _words(objective: JsonObject, plug: JsonObject) -> str:
    return text(objective.get("progressDescription")) or display(plug, "name") or "Counted"
