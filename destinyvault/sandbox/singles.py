"""One character, one item: cut out of what GetProfile would say."""

from typing import TYPE_CHECKING, Any

from destinyvault.sandbox.account import Account
from destinyvault.sandbox.asked import account, character_id, number, owns, wanted_components
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.envelope import Refused, Reply, success
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

CHARACTER_PARTS = {
    "characters": "character",
    "characterInventories": "inventory",
    "characterProgressions": "progressions",
    "characterRenderData": "renderData",
    "characterActivities": "activities",
    "characterEquipment": "equipment",
    "characterLoadouts": "loadouts",
}
ITEM_PARTS = {
    "instances": "instance",
    "objectives": "objectives",
    "perks": "perks",
    "renderData": "renderData",
    "stats": "stats",
    "talentGrids": "talentGrid",
    "sockets": "sockets",
    "reusablePlugs": "reusablePlugs",
    "plugObjectives": "plugObjectives",
}
LISTS_OF_ITEMS = frozenset({102, 201, 205})


def get_character(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    owner, key = owns(request, found), character_id(found, request)
    with found.lock:
        return success(character(found, wanted, owner, key, sandbox.clock.now()))


def character(found: Account, wanted: frozenset[int], owner: bool, key: str, now: float) -> dict[str, Any]:
    told = found.response(wanted - ITEM_COMPONENTS.keys(), owner, now)
    picked = {short: pick(told[name], key) for name, short in CHARACTER_PARTS.items() if name in told}
    if wanted & ITEM_COMPONENTS.keys():
        ids = instances_of(picked.get("inventory"), picked.get("equipment"))
        picked["itemComponents"] = found.item_components(wanted, owner, ids)
        picked["uninstancedItemComponents"] = {}
    return picked


def instances_of(*bags: dict[str, Any] | None) -> set[str]:
    items = [item for bag in bags if bag for item in bag.get("data", {"items": []})["items"]]
    return {item["itemInstanceId"] for item in items if "itemInstanceId" in item}


def pick(component: dict[str, Any], key: str) -> dict[str, Any]:
    """One share of a component that lists many; without data where there is none, or none to be seen."""
    rest = {name: value for name, value in component.items() if name != "data"}
    return rest | ({"data": component["data"][key]} if key in component.get("data", {}) else {})


def get_item(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    owner, key = owns(request, found), str(number(request.params["instance"]))
    with found.lock:
        return success(one_item(found, wanted, owner, key, sandbox.clock.now()))


def one_item(found: Account, wanted: frozenset[int], owner: bool, key: str, now: float) -> dict[str, Any]:
    holder, item = find_item(found.response(LISTS_OF_ITEMS, owner, now), key)
    picked: dict[str, Any] = {"characterId": holder} if holder else {}
    if 307 in wanted:
        picked["item"] = {"data": item, "privacy": 2}
    told = found.item_components(wanted | LISTS_OF_ITEMS, owner, {key})
    return picked | {short: pick(told[name], key) for name, short in ITEM_PARTS.items() if name in told}


def find_item(told: dict[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    """The item with this instance id in a GetProfile response, and the character that has it (empty: the vault)."""
    bags = [("", told.get("profileInventory", {}).get("data"))]
    for name in ("characterInventories", "characterEquipment"):
        bags += told.get(name, {}).get("data", {}).items()
    for character, bag in bags:
        for item in bag["items"] if bag else ():
            if item.get("itemInstanceId") == key:
                return character, item
    raise Refused(1623)
