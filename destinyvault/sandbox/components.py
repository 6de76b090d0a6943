"""One account's data in the words of GetProfile's components."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.belongings import LOADOUT_BUCKETS, Belongings, Character, Item, Loadout
from destinyvault.sandbox.catalog import Kind
from destinyvault.sandbox.clock import iso
from destinyvault.sandbox.guardians import Guardian, Membership
from destinyvault.sandbox.world.forge import ICONS

ALL_VERSIONS = 8191
NO_UNLOCK = 2166136261
LEVEL_PROGRESSION = 1716568313
LOCKED_ACTIVITY, LOCKED_MODE = 2122313384, 2043403989  # a raid and the mode "Raid"


def user_info(guardian: Guardian, membership: Membership) -> dict[str, Any]:
    return {
        "iconPath": facts.PLATFORM_ICONS.get(membership.type, ""),
        "crossSaveOverride": guardian.cross_save,
        "applicableMembershipTypes": applicable(guardian, membership),
        "isPublic": not membership.holdings.private,
        "membershipType": membership.type,
        "membershipId": membership.id,
        "displayName": membership.name,
        "bungieGlobalDisplayName": guardian.name,
        "bungieGlobalDisplayNameCode": guardian.code,
    }


def applicable(guardian: Guardian, membership: Membership) -> list[int]:
    """The platforms that it plays for: none when cross save overrides it, all when it overrides the rest."""
    if guardian.is_overridden(membership):
        return []
    if guardian.cross_save:
        others = [m.type for m in guardian.memberships if m is not membership]
        return [*others, membership.type]
    return [membership.type]


def profile(guardian: Guardian, membership: Membership, owned: Belongings, now: float) -> dict[str, Any]:
    return {
        "userInfo": user_info(guardian, membership),
        "dateLastPlayed": last_played(owned, now),
        "versionsOwned": ALL_VERSIONS,
        "characterIds": [character.id for character in owned.characters],
        "seasonHashes": [],
        "seasonPassHashes": [],
        "eventCardHashesOwned": [],
        "currentGuardianRank": 7 if owned.characters else 1,
        "lifetimeHighestGuardianRank": 9 if owned.characters else 1,
        "renewedGuardianRank": 1,
    }


def last_played(owned: Belongings, now: float) -> str:
    idle = min((character.idle_hours for character in owned.characters), default=24 * 365)
    return iso(now - idle * 3600)


def character(membership: Membership, owned: Belongings, one: Character, now: float) -> dict[str, Any]:
    light = power_of(owned.worn(one.id))
    rng = random.Random(one.id)  # noqa: S311 (a made-up world)
    stats = {str(facts.POWER_STAT): light} | {str(stat): rng.randrange(20, 100) for stat in facts.ARMOR_STATS}
    return {
        "membershipId": membership.id,
        "membershipType": membership.type,
        "characterId": one.id,
        "dateLastPlayed": iso(now - one.idle_hours * 3600),
        "minutesPlayedThisSession": str(one.minutes % 240),
        "minutesPlayedTotal": str(one.minutes),
        "light": light,
        "stats": stats,
        "raceHash": facts.RACE_HASHES[one.race],
        "genderHash": facts.GENDER_HASHES[one.gender],
        "classHash": facts.CLASS_HASHES[one.class_type],
        "raceType": one.race,
        "classType": one.class_type,
        "genderType": one.gender,
        **emblem(next((item.kind for item in owned.worn(one.id) if item.home == facts.EMBLEM), None), rng),
        "levelProgression": progression(LEVEL_PROGRESSION, one.level),
        "baseCharacterLevel": one.level,
        "percentToNextLevel": 0.0,
    }


def power_of(worn: Iterable[Item]) -> int:
    powers = [item.power for item in worn if item.power]
    return sum(powers) // len(powers) if powers else 10


def emblem(kind: Kind | None, rng: random.Random) -> dict[str, Any]:
    color = {part: rng.randrange(20, 140) for part in ("red", "green", "blue")} | {"alpha": 255}
    if kind is None:
        return {"emblemColor": color}
    return {
        "emblemPath": kind.icon,
        "emblemBackgroundPath": kind.background or f"{ICONS}emblem-background-{kind.hash}.jpg",
        "emblemHash": kind.hash,
        "emblemColor": color,
    }


def progression(key: int, level: int) -> dict[str, Any]:
    zeros = ("dailyProgress", "dailyLimit", "weeklyProgress", "weeklyLimit", "currentProgress", "progressToNextLevel")
    levels = {"level": level, "levelCap": level, "stepIndex": level, "nextLevelAt": 0}
    return {"progressionHash": key} | dict.fromkeys(zeros, 0) | levels


def item(one: Item) -> dict[str, Any]:
    place = {"location": one.location, "bucketHash": one.bucket, "transferStatus": one.transfer_status}
    if one.shown:
        return one.shown | place | {"quantity": one.quantity, "state": one.state}
    shown: dict[str, Any] = {"itemHash": one.hash}
    if one.instance_id:
        shown["itemInstanceId"] = one.instance_id
    shown |= {
        "quantity": one.quantity,
        "bindStatus": 0,
        **place,
        "lockable": one.lockable,
        "state": one.state,
        "dismantlePermission": 2 if one.instance_id else 0,
        "isWrapper": False,
        "tooltipNotificationIndexes": [],
    }
    if one.power:
        shown["versionNumber"] = 0
    return shown


def items(some: Iterable[Item]) -> dict[str, Any]:
    return {"items": [item(one) for one in some]}


def loadouts(slots: Iterable[Loadout]) -> dict[str, Any]:
    return {"loadouts": [loadout(one) for one in slots]}


def loadout(one: Loadout) -> dict[str, Any]:
    """An empty slot has looks that name nothing, and items with the id 0."""
    looks = {part: one.looks.get(part, NO_UNLOCK) for part in ("colorHash", "iconHash", "nameHash")}
    items = one.items or {"0": (NO_UNLOCK,)}
    repeated = len(LOADOUT_BUCKETS) if not one.items else 1
    shown = [{"itemInstanceId": key, "plugItemHashes": list(plugs)} for key, plugs in items.items()]
    return looks | {"items": shown * repeated}


def activity(one: Character, now: float) -> dict[str, Any]:
    """In orbit since yesterday; or since just now in the wild, where nothing can be changed."""
    return {
        "dateActivityStarted": iso(now - (600 if one.busy else 86400)),
        "availableActivities": [],
        "currentActivityHash": LOCKED_ACTIVITY if one.busy else 0,
        "currentActivityModeHash": LOCKED_MODE if one.busy else 0,
        "lastCompletedStoryHash": 0,
    }


def instance(one: Item) -> dict[str, Any]:
    element = one.kind.element if one.kind else 0
    shown: dict[str, Any] = {"damageType": element}
    if element:
        shown["damageTypeHash"] = facts.DAMAGE_HASHES.get(element, 0)
    armor = one.home in facts.ARMOR_BUCKETS
    if one.power:
        stat = facts.DEFENSE_STAT if armor else facts.ATTACK_STAT
        shown["primaryStat"] = {"statHash": stat, "value": one.power}
    shown |= {
        "itemLevel": one.power // 10,
        "quality": one.power % 10,
        "isEquipped": one.equipped,
        "canEquip": bool(one.owner) and one.bucket != facts.POSTMASTER,
        "equipRequiredLevel": one.level,
        "unlockHashesRequiredToEquip": [NO_UNLOCK],
        "cannotEquipReason": 0 if one.owner else 16,
    }
    if armor:
        capacity = 10 if one.state & 4 else int(one.instance_id or 0) % 9 + 1
        shown["gearTier"] = int(one.instance_id or 0) % 5 + 1
        shown["energy"] = {
            "energyTypeHash": facts.ANY_ENERGY,
            "energyType": 0,
            "energyCapacity": capacity,
            "energyUsed": capacity // 2,
            "energyUnused": capacity - capacity // 2,
        }
    return shown


def stats(one: Item) -> dict[str, Any]:
    return {"stats": {str(stat): {"statHash": stat, "value": value} for stat, value in one.stats.items()}}


def sockets(one: Item) -> dict[str, Any]:
    hidden = one.kind.hidden if one.kind else ()
    return {"sockets": [socket(plug, number not in hidden) for number, plug in enumerate(one.plugs)]}


def socket(plug: int, visible: bool) -> dict[str, Any]:
    if not plug:
        return {"isEnabled": False, "isVisible": False}
    return {"plugHash": plug, "isEnabled": True, "isVisible": visible}


def reusable_plugs(one: Item) -> dict[str, Any]:
    """The perks to choose from: for sockets that rolled more than one, the rolled plug and its neighbour."""
    plugs = {}
    for number in one.kind.perks if one.kind else ():
        options = one.kind.sockets[number]
        if len(options) > 2:
            chosen = dict.fromkeys([one.plugs[number], options[1]])
            plugs[str(number)] = [{"plugItemHash": plug, "canInsert": True, "enabled": True} for plug in chosen]
    return {"plugs": plugs}


def plug_objectives(one: Item) -> dict[str, Any]:
    """What the plugs count: kills, or the level of a shaped weapon."""
    return {"objectivesPerPlug": {str(plug): list(progress(goals)) for plug, goals in one.counted.items()}}


def progress(goals: dict[int, int]) -> Iterator[dict[str, Any]]:
    for objective, done in goals.items():
        yield {"objectiveHash": objective, "progress": done, "completionValue": 1, "complete": True, "visible": True}


def perks(one: Item) -> dict[str, Any]:
    return {"perks": [{"perkHash": plug, "iconPath": "", "isActive": True, "visible": True} for plug in one.plugs[3:5]]}


def objectives(one: Item) -> dict[str, Any]:
    done = int(one.instance_id or 0) % 10
    goals = one.kind.objectives if one.kind else ()
    shown = {"progress": done, "completionValue": 10, "complete": False, "visible": True}
    return {"objectives": [{"objectiveHash": goal, **shown} for goal in goals]}


def has_rolls(one: Item) -> bool:
    return bool(one.plugs)


def has_stats(one: Item) -> bool:
    return bool(one.stats)


def has_counts(one: Item) -> bool:
    return bool(one.counted)


def has_objectives(one: Item) -> bool:
    return one.kind is not None and bool(one.kind.objectives)


def always(one: Item) -> bool:
    return True


# component number -> where it stands in itemComponents, which items have it, and what it says
ITEM_COMPONENTS = {
    300: ("instances", always, instance),
    301: ("objectives", has_objectives, objectives),
    302: ("perks", has_rolls, perks),
    303: ("renderData", has_rolls, lambda one: {"useCustomDyes": True, "artRegions": {}}),
    304: ("stats", has_stats, stats),
    305: ("sockets", has_rolls, sockets),
    306: ("talentGrids", lambda one: one.home == facts.SUBCLASS, lambda one: {"talentGridHash": 0, "nodes": []}),
    309: ("plugObjectives", has_counts, plug_objectives),
    310: ("reusablePlugs", has_rolls, reusable_plugs),
}
