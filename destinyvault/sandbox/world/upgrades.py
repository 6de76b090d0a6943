"""Plugs that change numbers: masterworks by tier, kill trackers, the mark of a shaped weapon, what armor rolls."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, item_row, plain
from destinyvault.sandbox.world.plugs import plug, plug_set, plug_sort
from destinyvault.sandbox.world.statistics import investments
from destinyvault.sandbox.world.words import Both

MASTERWORKS = {
    facts.RANGE: ("range", Both("Range", "Portée")),
    facts.STABILITY: ("stability", Both("Stability", "Stabilité")),
    facts.HANDLING: ("handling", Both("Handling", "Maniement")),
    facts.RELOAD: ("reload", Both("Reload Speed", "Vitesse de recharge")),
}
BEYOND = 3  # what a full masterwork adds to the other stats, on some weapons only
FULL_TIER = 10
ARMOR_TIERS = 5
ARMOR_ROLLS = 24
FIRST_HALF, SECOND_HALF = facts.ARMOR_STATS[:3], facts.ARMOR_STATS[3:]
TRACKERS = [
    (Both("Kill Tracker", "Compteur de victimes"), Both("Enemies Defeated", "Ennemis vaincus")),
    (Both("Crucible Tracker", "Compteur de l’Épreuve"), Both("Crucible Opponents Defeated", "Adversaires vaincus")),
]
# DestinyObjectiveUiStyle: the level of a shaped weapon, the way to the next one in thousandths, when it was shaped
SHAPED = [
    (2, Both("Weapon Level", "Niveau de l’arme"), 0),
    (3, Both("Level Progress", "Progression de niveau"), 1000),
    (4, Both("Date Crafted", "Date de façonnage"), 0),
]


def upgrades(forge: Forge) -> Iterator[Row]:
    for rows in (weapon_masterworks, armor_masterworks, armor_rolls, trackers, shaped):
        yield from rows(forge)


def weapon_masterworks(forge: Forge) -> Iterator[Row]:
    for stat, (word, name) in MASTERWORKS.items():
        for tier in range(1, FULL_TIER + 1):
            full = tier == FULL_TIER
            title = Both("Masterworked", "Chef-d’œuvre") if full else Both(f"Tier {tier}", f"Niveau {tier}")
            others = dict.fromkeys(MASTERWORKS.keys() - {stat}, BEYOND) if full else {}
            yield upgrade(
                forge, masterwork(forge, stat, tier), Both(f"{title.en}: {name.en}", f"{title.fr} : {name.fr}"),
                f"v400.plugs.weapons.masterworks.stat.{word}", {stat: tier}, others,
            )  # fmt: skip
        tiers = [masterwork(forge, stat, tier) for tier in range(1, FULL_TIER + 1)]
        yield plug_set(forge, f"masterwork {word}", tiers)


def armor_masterworks(forge: Forge) -> Iterator[Row]:
    for tier in range(1, ARMOR_TIERS + 1):
        full = tier == ARMOR_TIERS
        name = Both("Masterwork", "Chef-d’œuvre") if full else Both(f"Tier {tier} Armor", f"Armure de niveau {tier}")
        yield upgrade(
            forge, armor_masterwork(forge, tier), name, "v460.plugs.armor.masterworks",
            dict.fromkeys(facts.ARMOR_STATS, tier),
        )  # fmt: skip
    yield plug_set(forge, "masterwork armor", [armor_masterwork(forge, tier) for tier in range(1, ARMOR_TIERS + 1)])


def armor_rolls(forge: Forge) -> Iterator[Row]:
    """Two sockets that nobody sees, each with a plug that gives points to half of the stats."""
    for half, stats in enumerate((FIRST_HALF, SECOND_HALF)):
        for number in range(ARMOR_ROLLS):
            rng = forge.rng("armor roll", half, number)
            given = {stat: rng.randrange(2, 16) for stat in stats}
            yield upgrade(forge, armor_roll(forge, half, number), Both("", ""), "armor_stats", given)
        yield plug_set(forge, f"armor roll {half}", [armor_roll(forge, half, each) for each in range(ARMOR_ROLLS)])


def trackers(forge: Forge) -> Iterator[Row]:
    category = "v400.plugs.weapons.masterworks.trackers"
    off = Both("Tracker Disabled", "Compteur désactivé")
    yield upgrade(forge, tracker(forge, 0), off, category, {})
    for number, (name, counted) in enumerate(TRACKERS, start=1):
        objective = forge.hash("tracker objective", number)
        yield goal(forge, number, objective, counted, completionValue=1, uiStyle=0, allowOvercompletion=True)
        yield upgrade(forge, tracker(forge, number), name, category, {}, objectives=[objective])


def shaped(forge: Forge) -> Iterator[Row]:
    goals = [forge.hash("shaped objective", style) for style, _, _ in SHAPED]
    for key, (style, words, completion) in zip(goals, SHAPED, strict=True):
        yield goal(forge, style, key, words, completionValue=completion, uiStyle=style)
    name = Both("Shaped Weapon", "Arme façonnée")
    yield upgrade(forge, shape(forge), name, "crafting.plugs.frame_identifiers", {}, objectives=goals)


def upgrade(
    forge: Forge,
    key: int,
    name: Both,
    category: str,
    given: dict[int, int],
    others: dict[int, int] | None = None,
    objectives: list[int] | None = None,
) -> Row:
    more: dict[str, Any] = plug(category, forge) | {"investmentStats": investments(given, others)}
    if objectives:
        more["objectives"] = {"objectiveHashes": objectives, "requireFullObjectiveCompletion": False}
    return item_row(forge, key, name, facts.COMMON, plug_sort(Both("", "")), **more)


def goal(forge: Forge, number: int, key: int, words: Both, **values: Any) -> Row:
    return plain(forge, "DestinyObjectiveDefinition", number, key, "", progressDescription=words, **values)


def masterwork(forge: Forge, stat: int, tier: int) -> int:
    return forge.hash("masterwork", stat, tier)


def armor_masterwork(forge: Forge, tier: int) -> int:
    return forge.hash("armor masterwork", tier)


def armor_roll(forge: Forge, half: int, number: int) -> int:
    return forge.hash("armor roll", half, number)


def tracker(forge: Forge, number: int) -> int:
    return forge.hash("tracker", number)


def shape(forge: Forge) -> int:
    return forge.hash("shaped")
