"""What guardians can own, read from a content file: our own world's or a real one's."""

import json
import random
import sqlite3
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.content import Content, reading, rows_of, tables
from destinyvault.sandbox.icons.subjects import OTHER_TABLES, Subject, rank, subjects_of_item, subjects_of_table

ROLLS_KEPT = 10
FORMAT = 7  # of the kept catalogs: raise it whenever what is kept changes
PERKS = (facts.WEAPON_PERKS,)
ACCOUNT_SCOPE = 1
LOOKS = {
    "colorHash": "DestinyLoadoutColorDefinition",
    "iconHash": "DestinyLoadoutIconDefinition",
    "nameHash": "DestinyLoadoutNameDefinition",
}
# Real Manifests mix thousands of dummies and retired copies among the items; these are the types that bags hold.
OWNABLE = {
    **{bucket: {facts.WEAPON_TYPE} for bucket in facts.WEAPON_BUCKETS},
    **{bucket: {facts.ARMOR_TYPE} for bucket in facts.ARMOR_BUCKETS},
    facts.GHOST: {facts.GHOST_TYPE},
    facts.VEHICLE: {facts.VEHICLE_TYPE},
    facts.SHIP: {facts.SHIP_TYPE},
    facts.EMBLEM: {facts.EMBLEM_TYPE},
    facts.SUBCLASS: {facts.SUBCLASS_TYPE},
    facts.FINISHER: {facts.FINISHER_TYPE},
    facts.EMOTES: {facts.EMOTE_TYPE},
    facts.CLAN_BANNER: {facts.CLAN_BANNER_TYPE},
    facts.ARTIFACT: {facts.ARTIFACT_TYPE},
    facts.CONSUMABLES: {0, facts.CONSUMABLE_TYPE, facts.MATERIAL_TYPE},
    facts.MODIFICATIONS: {facts.MOD_TYPE},
    facts.ENGRAMS: {facts.ENGRAM_TYPE},
    facts.QUESTS: {facts.QUEST_STEP_TYPE, facts.BOUNTY_TYPE},
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One item definition, as far as owning it goes."""

    hash: int
    bucket: int
    tier: int
    type: int
    sub_type: int
    class_type: int
    element: int  # damage type, 0 for none
    instanced: bool
    stack: int
    movable: bool
    acts: bool  # Bungie lets clients act on it
    equippable: bool
    side_effects: bool  # of pulling it from the postmaster
    stack_label: str  # no inventory holds two stacks with one label
    equip_label: str  # nobody wears two things with one label
    redacted: bool
    icon: str
    background: str  # an emblem's banner
    objectives: tuple[int, ...]
    sockets: tuple[tuple[int, ...], ...]  # per socket: the plug it starts with, then what else it may roll
    hidden: tuple[int, ...]  # the sockets that nobody sees
    perks: tuple[int, ...]  # the sockets that roll perks to choose from
    stat_group: int
    gives: tuple[tuple[int, int, bool], ...]  # stat, investment points, whether they count in some states only


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket definition, as far as the way of things through it goes."""

    places: int
    shared: bool  # one for all characters of an account
    vaulted: bool  # what belongs here has a place in the vault


@dataclass(frozen=True, slots=True)
class PlugKind:
    """A plug that does more than stand in its socket."""

    category: str
    gives: tuple[tuple[int, int, bool], ...]
    objectives: tuple[int, ...]


@dataclass(frozen=True)
class Numbers:
    """What turns the points of an item and its plugs into stats: plugs and stat groups by hash."""

    plugs: dict[int, PlugKind]
    groups: dict[int, dict[int, tuple[tuple[int, int], ...]]]

    def category(self, plug: int) -> str:
        return self.plugs[plug].category if plug in self.plugs else ""


@dataclass(frozen=True)
class Rooms:
    """Where things are kept: the buckets by hash, and the looks that a loadout may be given, by part."""

    buckets: dict[int, Bucket]
    looks: dict[str, tuple[int, ...]]


class Catalog:
    def __init__(self, kinds: list[Kind], icons: dict[str, Subject], numbers: Numbers, rooms: Rooms) -> None:
        self.icons, self.numbers, self.rooms = icons, numbers, rooms
        self.by_hash = {kind.hash: kind for kind in kinds}
        self.classified = [kind for kind in kinds if kind.redacted]
        self.by_bucket: dict[int, list[Kind]] = defaultdict(list)
        for kind in kinds:
            if not kind.redacted and kind.type in OWNABLE.get(kind.bucket, ()):
                self.by_bucket[kind.bucket].append(kind)

    def sample(self, rng: random.Random, bucket: int, count: int, class_type: int = facts.ANY_CLASS) -> list[Kind]:
        """Up to `count` different kinds of a bucket that the class can wear."""
        fitting = [
            kind
            for kind in self.by_bucket[bucket]
            if facts.ANY_CLASS in (kind.class_type, class_type) or kind.class_type == class_type
        ]
        return rng.sample(fitting, min(count, len(fitting)))


def load_catalog(content: Content, folder: Path) -> Catalog:
    """The catalog of a content file, kept beside it so that a second start need not read every definition."""
    kept = folder / f"catalog-{content.md5}-{FORMAT}.json"
    if not kept.exists():
        kinds, icons, numbers, rooms = scan(content)
        told = {"kinds": [asdict(kind) for kind in kinds], "icons": icons}
        told |= {"numbers": asdict(numbers), "rooms": asdict(rooms)}
        partial = kept.with_suffix(f".{random.randrange(10**9)}.part")  # noqa: S311 (a file name)
        partial.write_text(json.dumps(told))
        partial.replace(kept)
    stored = json.loads(kept.read_text())
    icons = {path: Subject(*subject) for path, subject in stored["icons"].items()}
    kinds = [Kind(**kind) for kind in stored["kinds"]]
    return Catalog(kinds, icons, read_numbers(stored["numbers"]), read_rooms(stored["rooms"]))


def read_rooms(stored: dict[str, Any]) -> Rooms:
    buckets = {int(key): Bucket(**bucket) for key, bucket in stored["buckets"].items()}
    return Rooms(buckets, {part: tuple(hashes) for part, hashes in stored["looks"].items()})


def read_numbers(stored: dict[str, Any]) -> Numbers:
    return Numbers(
        plugs={int(key): PlugKind(**plug) for key, plug in stored["plugs"].items()},
        groups={
            int(key): {int(stat): points for stat, points in group.items()} for key, group in stored["groups"].items()
        },
    )


def scan(content: Content) -> tuple[list[Kind], dict[str, Subject], Numbers, Rooms]:
    """Reads the whole file once: what can be owned, what each picture shows, what adds up to stats, where things go."""
    kinds, icons, plugs = [], {}, {}
    with reading(content.database) as db:
        for table in OTHER_TABLES.keys() & set(tables(db)):
            for _, body in rows_of(db, table):
                icons |= subjects_of_table(table, json.loads(body))
        sets = plug_sets(db)
        for _, text in rows_of(db, "DestinyInventoryItemDefinition"):
            body = json.loads(text)
            for path, subject in subjects_of_item(body).items():
                icons[path] = max(icons.get(path, subject), subject, key=rank)
            if "plug" in body and (body.get("investmentStats") or body.get("objectives")):
                plugs[body["hash"]] = plug_kind(body)
            kind = kind_of(body, sets)
            if kind.redacted or kind.type in OWNABLE.get(kind.bucket, ()):
                kinds.append(kind)
        groups = {group["hash"]: scales(group) for group in map(json.loads, bodies(db, "DestinyStatGroupDefinition"))}
        return kinds, icons, Numbers(plugs, groups), rooms_of(db)


def rooms_of(db: sqlite3.Connection) -> Rooms:
    read = map(json.loads, bodies(db, "DestinyInventoryBucketDefinition"))
    looks = {part: tuple(hashes_of(db, table)) for part, table in LOOKS.items()}
    return Rooms({body["hash"]: bucket_of(body) for body in read}, looks)


def bucket_of(body: dict[str, Any]) -> Bucket:
    return Bucket(body["itemCount"], body["scope"] == ACCOUNT_SCOPE, body["hasTransferDestination"])


def hashes_of(db: sqlite3.Connection, table: str) -> list[int]:
    return [json.loads(body)["hash"] for body in bodies(db, table)]


def bodies(db: sqlite3.Connection, table: str) -> list[str]:
    return [body for _, body in rows_of(db, table)] if table in tables(db) else []


def scales(group: dict[str, Any]) -> dict[int, tuple[tuple[int, int], ...]]:
    """By stat: the points between which the game draws straight lines."""
    return {
        scaled["statHash"]: tuple((point["value"], point["weight"]) for point in scaled["displayInterpolation"])
        for scaled in group.get("scaledStats", [])
    }


def plug_kind(body: dict[str, Any]) -> PlugKind:
    goals = (body.get("objectives") or {}).get("objectiveHashes", [])
    return PlugKind(body["plug"].get("plugCategoryIdentifier", ""), gives(body), tuple(goals))


def gives(body: dict[str, Any]) -> tuple[tuple[int, int, bool], ...]:
    told = body.get("investmentStats") or []
    return tuple((each["statTypeHash"], each["value"], each.get("isConditionallyActive", False)) for each in told)


def plug_sets(db: sqlite3.Connection) -> dict[int, list[int]]:
    read = (json.loads(body) for _, body in rows_of(db, "DestinyPlugSetDefinition"))
    return {plug_set["hash"]: plug_hashes(plug_set.get("reusablePlugItems", [])) for plug_set in read}


def kind_of(body: dict[str, Any], sets: dict[int, list[int]]) -> Kind:
    inventory, sockets = body.get("inventory", {}), body.get("sockets", {})
    entries, groups = sockets.get("socketEntries", []), sockets.get("socketCategories", [])
    return Kind(
        hash=body["hash"],
        bucket=inventory.get("bucketTypeHash", 0),
        tier=inventory.get("tierType", 0),
        type=body.get("itemType") or 0,
        sub_type=body.get("itemSubType") or 0,
        class_type=body.get("classType", facts.ANY_CLASS),
        element=body.get("defaultDamageType") or 0,
        instanced=inventory.get("isInstanceItem", False),
        stack=inventory.get("maxStackSize", 1),
        movable=not body.get("nonTransferrable"),
        acts=body.get("allowActions", True),
        equippable=body.get("equippable", False),
        side_effects=body.get("doesPostmasterPullHaveSideEffects", False),
        stack_label=inventory.get("stackUniqueLabel", ""),
        equip_label=(body.get("equippingBlock") or {}).get("uniqueLabel", ""),
        redacted=body.get("redacted", False),
        icon=body.get("displayProperties", {}).get("icon", ""),
        background=body.get("secondaryIcon", ""),
        objectives=tuple(body.get("objectives", {}).get("objectiveHashes", [])),
        sockets=tuple(rolls(entry, sets) for entry in entries),
        hidden=tuple(number for number, entry in enumerate(entries) if not entry.get("defaultVisible", True)),
        perks=tuple(
            number for group in groups if group["socketCategoryHash"] in PERKS for number in group["socketIndexes"]
        ),
        stat_group=body.get("stats", {}).get("statGroupHash", 0),
        gives=gives(body),
    )


def rolls(entry: dict[str, Any], sets: dict[int, list[int]]) -> tuple[int, ...]:
    initial = entry.get("singleInitialItemHash", 0)
    options = [
        *plug_hashes(entry.get("reusablePlugItems", [])),
        *plug_hashes(entry.get("randomizedPlugItems", [])),
        *sets.get(entry.get("randomizedPlugSetHash", 0), []),
    ]
    return tuple(dict.fromkeys([initial, *options[:ROLLS_KEPT]]))


def plug_hashes(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["plugItemHash"] for entry in entries]
