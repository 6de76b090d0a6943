"""Filler that grows the world to any size: as many tables and about as many bytes as Bungie's Manifest has."""

import itertools
from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item, plain
from destinyvault.sandbox.world.plugs import TRAIT, entry, plug, socket_block
from destinyvault.sandbox.world.words import FLAVOURS, MANNERS, NOUNS, Both, named

# Shares of the filler, about as in the real Manifest: two in five are items, most of them plugs that nobody holds.
SHARES = {
    "DestinyInventoryItemDefinition": 40,
    "DestinyObjectiveDefinition": 12,
    "DestinySandboxPerkDefinition": 7,
    "DestinyCollectibleDefinition": 5,
    "DestinyRecordDefinition": 5,
    "DestinyPlugSetDefinition": 4,
    "DestinyLoreDefinition": 3,
    "DestinyUnlockDefinition": 3,
    "DestinyUnlockValueDefinition": 2,
    "DestinyRewardItemListDefinition": 3,
    "DestinySackRewardItemListDefinition": 2,
    "DestinyActivityDefinition": 2,
    "DestinyVendorDefinition": 2,
    "DestinyPresentationNodeDefinition": 2,
    "DestinyArtDyeReferenceDefinition": 2,
    "DestinySandboxPatternDefinition": 1,
    "DestinyLocationDefinition": 1,
    "DestinySocketTypeDefinition": 1,
    "DestinyMetricDefinition": 1,
    "DestinyMaterialRequirementSetDefinition": 1,
}
# The long tail: tables with a handful of rows each.
SMALL_TABLES = (
    "Achievement", "ActivityGraph", "ActivityInteractable", "ActivityLoadoutRestriction", "ActivitySkullCategory",
    "Artifact", "ArtDyeChannel", "Bond", "CharacterCustomizationCategory", "CharacterCustomizationOption",
    "Checklist", "EntitlementOffer", "EquipableItemSet", "EventCard", "FireteamFinderActivityGraph",
    "FireteamFinderActivitySet", "FireteamFinderLabel", "FireteamFinderLabelGroup", "FireteamFinderOption",
    "FireteamFinderOptionGroup", "GuardianRank", "GuardianRankConstants", "Icon", "InventoryItemLite", "ItemFilter",
    "LoadoutConstants", "MedalTier", "PlatformBucketMapping", "ProgressionLevelRequirement", "ProgressionMapping",
    "ReportReasonCategory", "RewardAdjusterPointer", "RewardAdjusterProgressionMap", "RewardMapping",
    "RewardSource", "SocialCommendation", "SocialCommendationNode", "TalentGrid", "TraitCategory",
    "UnlockCountMapping", "UnlockEvent", "UnlockExpressionMapping",
)  # fmt: skip
ROWS_OF_A_SMALL_TABLE = 40
PAGES = [
    Both(" ".join(f.en for f in turn), " ".join(f.fr for f in turn)) for turn in itertools.permutations(FLAVOURS[:5], 4)
]


def bulk(forge: Forge, count: int) -> Iterator[Row]:
    """At most a row or two more or less than asked for: shares are rounded."""
    tail = min(len(SMALL_TABLES) * ROWS_OF_A_SMALL_TABLE, count // 10)
    for number in range(tail):
        yield filler(forge, f"Destiny{SMALL_TABLES[number % len(SMALL_TABLES)]}Definition", number)
    total = sum(SHARES.values())
    for table, share in SHARES.items():
        make = filler_item if table == "DestinyInventoryItemDefinition" else filler
        for number in range((count - tail) * share // total):
            yield make(forge, table, number)


def filler(forge: Forge, table: str, number: int) -> Row:
    key = forge.hash("bulk", table, number)
    return plain(
        forge, table, number, key, filler_name(number),
        description=PAGES[key % len(PAGES)], icon=forge.icon("bulk", table, number, extension="png"),
        sourceHash=key // 3, scope=number % 3, links=[key // step for step in range(2, 30)],
    )  # fmt: skip


def filler_name(number: int) -> Both:
    base = named(MANNERS[number % len(MANNERS)], NOUNS[number // len(MANNERS) % len(NOUNS)])
    edition = number // (len(MANNERS) * len(NOUNS)) + 2
    return Both(f"{base.en} {edition}", f"{base.fr} {edition}")


PLUG = Sort(facts.MOD_TYPE, TRAIT, facts.HIDDEN, instanced=False, movable=False, categories=(59, 610365472))


def filler_item(forge: Forge, table: str, number: int) -> Row:
    key = forge.hash("bulk item", number)
    more: dict[str, Any] = plug("filler", forge)
    more["sockets"] = filler_sockets(forge, key)
    more["translationBlock"] = {"arrangements": [{"classHash": 0, "artArrangementHash": key // n} for n in range(2, 8)]}
    more["displaySource"] = PAGES[key % len(PAGES)]
    return Row(table, key, item(forge, key, filler_name(number), facts.COMMON, PLUG, **more))


def filler_sockets(forge: Forge, key: int) -> dict[str, Any]:
    rolls = tuple(key // step for step in range(3, 22))
    entries = [entry(forge, facts.WEAPON_PERKS, key // 2, options=rolls) for _ in range(4)]
    return socket_block(entries, {facts.WEAPON_PERKS: [0, 1, 2, 3]})
