"""What is special about one copy: the plugs that it rolled, what they add up to, and what its trackers counted."""

import random
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from destinyvault.sandbox.catalog import Kind, Numbers, PlugKind
from destinyvault.sandbox.world.statistics import shown

if TYPE_CHECKING:
    from destinyvault.sandbox.belongings import Item

MASTERWORK, CRAFTED = 4, 8
SHAPED = "crafting.plugs.frame_identifiers"
FIRST_SHAPED = 1645550000  # in the week in which the first weapon could be shaped
HIGHEST_LEVEL, THOUSANDTHS = 30, 1000


def roll(item: "Item", numbers: Numbers, rng: random.Random) -> None:
    kind = item.kind
    if kind is None:
        return
    item.plugs = tuple(rolled(options, item.state, numbers, rng) for options in kind.sockets)
    item.stats = stats_of(kind, item.plugs, numbers, crafted=bool(item.state & CRAFTED))
    for plug in item.plugs:
        if plug in numbers.plugs:
            item.counted[plug] = counts(numbers.plugs[plug], rng)
    item.counted = {plug: goals for plug, goals in item.counted.items() if goals}


def rolled(options: tuple[int, ...], state: int, numbers: Numbers, rng: random.Random) -> int:
    """Shaped weapons bear a mark that others do not; a masterwork has the last of the tiers."""
    category = numbers.category(options[-1])
    if category == SHAPED:
        return options[-1] if state & CRAFTED else 0
    if "masterworks" in category and "trackers" not in category and len(options) > 2:
        return options[-1] if state & MASTERWORK else rng.choice(options[:-1])
    return rng.choice(options)


def stats_of(kind: Kind, plugs: Iterable[int], numbers: Numbers, *, crafted: bool = False) -> dict[int, int]:
    """By stat; conditional points count on shaped weapons only, as Bungie alone knows."""
    points: Counter[int] = Counter()
    for given in (kind.gives, *(numbers.plugs[plug].gives for plug in plugs if plug in numbers.plugs)):
        for stat, value, conditional in given:
            points[stat] += value if crafted or not conditional else 0
    scales = numbers.groups.get(kind.stat_group, {})
    return {stat: shown(scale, points[stat]) for stat, scale in scales.items() if stat in points}


def counts(plug: PlugKind, rng: random.Random) -> dict[int, int]:
    """How far its objectives got."""
    if plug.category == SHAPED and len(plug.objectives) == 3:
        level, progress, date = plug.objectives
        when = FIRST_SHAPED + rng.randrange(10**8)
        return {level: rng.randint(1, HIGHEST_LEVEL), progress: rng.randrange(THOUSANDTHS), date: when}
    return {objective: rng.randrange(5000) for objective in plug.objectives}
