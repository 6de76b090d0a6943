"""A real GetProfile reply, served as though its owner played here."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from destinyvault.sandbox import components, facts
from destinyvault.sandbox.account import INVENTORY, PRIVATE, Account, Ids
from destinyvault.sandbox.belongings import Belongings, Character, Item
from destinyvault.sandbox.catalog import Catalog, Kind, kind_of
from destinyvault.sandbox.clock import Clock
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.content import Content, definition, reading
from destinyvault.sandbox.guardians import Guardian, Membership

BUNGIE_ID = "20000099"
BAGS = ("profileInventory", "characterInventories", "characterEquipment")
MOVING = (*BAGS, "characterLoadouts", "characterActivities")
ITEMS = "DestinyInventoryItemDefinition"
NOT_TRANSFERRABLE = 2


class BadCapture(Exception):
    """The file is not a GetProfile reply."""


class CapturedAccount(Account):
    """What can be moved is told as it stands now, everything else as it was captured."""

    def __init__(
        self, guardian: Guardian, membership: Membership, clock: Clock, captured: dict[str, Any], owned: Belongings
    ) -> None:
        super().__init__(guardian, membership, clock, owned)
        self.captured = captured

    def data(self, name: str, now: float) -> dict[str, Any]:
        if name in MOVING:
            return self.moving(name, now) if name in self.captured or name not in BAGS else {}
        if name in self.captured:
            return self.captured[name].get("data", {})
        if name == "profile":
            return self.made_up_profile(now)
        characters = self.captured["characters"]["data"]
        return {one: {} for one in characters} if name.startswith("character") else {}

    def moving(self, name: str, now: float) -> dict[str, Any]:
        owned = self.owned
        if name == "profileInventory":
            return components.items(owned.shared())
        told: dict[str, Callable[[Character], dict[str, Any]]] = {
            "characterInventories": lambda one: components.items(owned.carried(one.id)),
            "characterEquipment": lambda one: components.items(owned.worn(one.id)),
            "characterLoadouts": lambda one: components.loadouts(owned.saved(one.id)),
            "characterActivities": lambda one: components.activity(one, now),
        }
        return {one.id: told[name](one) for one in owned.characters}

    def made_up_profile(self, now: float) -> dict[str, Any]:
        characters = self.captured["characters"]["data"]
        told = components.profile(self.guardian, self.membership, self.owned, now)
        played = max(one["dateLastPlayed"] for one in characters.values())
        return told | {"characterIds": list(characters), "dateLastPlayed": played}

    def item_components(self, wanted: frozenset[int], owner: bool, only: Ids = None) -> dict[str, Any]:
        told = {}
        for number, (name, _, _) in ITEM_COMPONENTS.items():
            if number in wanted:
                hidden = not owner or number in self.hidden or self.hidden >= INVENTORY
                told[name] = {"privacy": PRIVATE} if hidden else self.captured_items(name, only)
        return told

    def captured_items(self, name: str, only: Ids) -> dict[str, Any]:
        data = self.captured.get("itemComponents", {}).get(name, {}).get("data", {})
        chosen = data if only is None else {key: value for key, value in data.items() if key in only}
        if name == "instances":
            worn = {item.instance_id for item in self.owned.items if item.equipped}
            chosen = {key: value | {"isEquipped": key in worn} for key, value in chosen.items()}
        return {"data": chosen, "privacy": PRIVATE}


def read_capture(file: Path) -> tuple[Guardian, dict[str, Any]]:
    """The capture's owner, first on the consent page, and their reply. Raises BadCapture with the reason."""
    try:
        raw = file.read_bytes()
        captured = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        captured = captured.get("Response", captured)
        first = next(iter(captured["characters"]["data"].values()))
        membership = Membership(first["membershipType"], first["membershipId"], "The capture’s owner")
    except FileNotFoundError as error:
        raise BadCapture(f"{file}: there is no such file") from error
    except (OSError, EOFError, ValueError, KeyError, AttributeError, StopIteration, TypeError) as error:
        raise BadCapture(f"{file} is not a GetProfile reply with characters: {error!r}") from error
    owned = sum(len(bag["items"]) for bag in bags(captured))
    about = f"A real account from a file: {owned} items"
    return Guardian(BUNGIE_ID, "The capture’s owner", 2021, about, (membership,)), captured


def belongings(captured: dict[str, Any], catalog: Catalog, content: Content) -> Belongings:
    """The captured items as things that can be moved, by the definitions of this content file."""
    shown = list(listed(captured))
    kinds = kinds_of({item["itemHash"] for _, _, item in shown}, catalog, content)
    instances = captured.get("itemComponents", {}).get("instances", {}).get("data", {})
    items = [
        captured_item(item, owner, worn, kinds.get(item["itemHash"]), instances.get(item.get("itemInstanceId"), {}))
        for owner, worn, item in shown
    ]
    return Belongings(list(characters(captured)), items, catalog.rooms.buckets)


def listed(captured: dict[str, Any]) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Every item with its character, empty for what is shared, and whether it is worn."""
    for item in captured.get("profileInventory", {}).get("data", {"items": []})["items"]:
        yield "", False, item
    for name in ("characterInventories", "characterEquipment"):
        for character, bag in captured.get(name, {}).get("data", {}).items():
            for item in bag["items"]:
                yield character, name == "characterEquipment", item


def kinds_of(hashes: set[int], catalog: Catalog, content: Content) -> dict[int, Kind]:
    """Real accounts own things that the catalog leaves out."""
    with reading(content.database) as db:
        bodies = [definition(db, ITEMS, key) for key in hashes - catalog.by_hash.keys()]
    others = {body["hash"]: kind_of(body, {}) for body in bodies if body}
    return others | {key: catalog.by_hash[key] for key in hashes & catalog.by_hash.keys()}


def captured_item(shown: dict[str, Any], owner: str, worn: bool, kind: Kind | None, told: dict[str, Any]) -> Item:
    bucket, instance = shown["bucketHash"], shown.get("itemInstanceId")
    away = bucket in (facts.VAULT, facts.POSTMASTER)
    # Of an unknown thing away from home nobody can say where that is; this is chosen.
    lost = facts.KINETIC if instance else facts.CONSUMABLES
    home = bucket if not away else kind.bucket if kind else lost
    return Item(
        shown["itemHash"], home, bucket, owner, instance, shown["quantity"], shown["state"],
        told.get("primaryStat", {}).get("value", 0), worn, kind=kind, level=told.get("equipRequiredLevel", 0),
        fixed=bool(shown["transferStatus"] & NOT_TRANSFERRABLE), shown=shown,
    )  # fmt: skip


def characters(captured: dict[str, Any]) -> Iterator[Character]:
    for key, one in captured["characters"]["data"].items():
        yield Character(
            key, one["classType"], one["raceType"], one["genderType"], int(one["minutesPlayedTotal"]), None, 0,
            one.get("baseCharacterLevel", 50),
        )  # fmt: skip


def bags(captured: dict[str, Any]) -> list[dict[str, Any]]:
    shared = [captured[name]["data"] for name in ("profileInventory",) if "data" in captured.get(name, {})]
    for name in ("characterInventories", "characterEquipment"):
        shared += captured.get(name, {}).get("data", {}).values()
    return shared
