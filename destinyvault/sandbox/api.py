"""The operations of the API, each as its page in the spec says. Everything that is refused raises Refused."""

from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import content, facts, people, vendors
from destinyvault.sandbox.account import NAMES, Account
from destinyvault.sandbox.envelope import Refused, Reply, success
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

KNOWN_COMPONENTS = frozenset(NAMES.values())
MAX_ID = 2**63


def number(text: str) -> int:
    if not text.lstrip("-").isdecimal() or abs(int(text)) >= MAX_ID:
        raise Refused(7)
    return int(text)


def wanted_components(request: Request) -> frozenset[int]:
    """The mandatory `components` parameter: numbers or names, parted by commas."""
    given = [part.strip() for part in request.query.get("components", "").split(",") if part.strip()]
    wanted = frozenset(int(part) if part.isdecimal() else NAMES.get(part, -1) for part in given)
    if not wanted or not wanted <= KNOWN_COMPONENTS:
        raise Refused(18)
    return wanted


def signed_in(request: Request) -> str:
    if not request.guardian:
        raise Refused(99)
    return request.guardian


def account(sandbox: "Sandbox", request: Request) -> Account:
    """The account in the path. Its own platform has to be named, and an overridden one does not answer."""
    platform, membership_id = number(request.params["type"]), str(number(request.params["id"]))
    found = sandbox.accounts.get(membership_id)
    if found is None or found.guardian.is_overridden(found.membership):
        raise Refused(1601)
    if platform not in (found.membership.type, -1):
        raise Refused(1601)
    return found


def owns(request: Request, found: Account) -> bool:
    return request.guardian == found.guardian.id


def bungie_user(sandbox: "Sandbox", request: Request) -> Reply:
    guardian = sandbox.guardian(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    return success(people.general_user(guardian))


def memberships_by_id(sandbox: "Sandbox", request: Request) -> Reply:
    number(request.params["type"])
    guardian = sandbox.guardian_behind(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    return success(people.memberships(guardian))


def memberships_of_current_user(sandbox: "Sandbox", request: Request) -> Reply:
    guardian = sandbox.guardian(signed_in(request))
    if guardian is None:
        raise Refused(217)
    return success(people.memberships(guardian))


def linked_profiles(sandbox: "Sandbox", request: Request) -> Reply:
    """Without getAllMemberships an overridden platform is not listed."""
    number(request.params["type"])
    guardian = sandbox.guardian_behind(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    everything = request.query.get("getAllMemberships", "").lower() == "true"
    return success(people.linked_profiles(guardian, sandbox.accounts, everything, sandbox.clock.now()))


def get_profile(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    return found.profile(wanted, owns(request, found))


def get_character(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    told = found.response(wanted, owns(request, found), sandbox.clock.now())
    key = character_id(found, request)
    picked = {
        short: pick(told[name], key)
        for component, name, short in CHARACTER_PARTS
        if component in wanted and name in told
    }
    if "itemComponents" in told:
        picked["itemComponents"] = told["itemComponents"]
        picked["uninstancedItemComponents"] = {}
    return success(picked)


CHARACTER_PARTS = (
    (200, "characters", "character"),
    (201, "characterInventories", "inventory"),
    (202, "characterProgressions", "progressions"),
    (203, "characterRenderData", "renderData"),
    (204, "characterActivities", "activities"),
    (205, "characterEquipment", "equipment"),
    (206, "characterLoadouts", "loadouts"),
)


def pick(component: dict[str, Any], key: str) -> dict[str, Any]:
    """One character's share of a component that lists all of them."""
    return component | {"data": component["data"][key]} if "data" in component else component


def character_id(found: Account, request: Request) -> str:
    key = str(number(request.params["character"]))
    if key not in found.data("characters", 0):
        raise Refused(1620)
    return key


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


def get_item(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    key = str(number(request.params["instance"]))
    told = found.response(wanted | {102, 201, 205}, owns(request, found), sandbox.clock.now(), key)
    owner, item = find_item(told, key)
    picked: dict[str, Any] = {"characterId": owner} if owner else {}
    if 307 in wanted:
        picked["item"] = {"data": item, "privacy": 2}
    for name, short in ITEM_PARTS.items():
        component = told.get("itemComponents", {}).get(name)
        if component is not None:
            picked[short] = {key_: value for key_, value in component.items() if key_ != "data"}
            if key in component.get("data", {}):
                picked[short]["data"] = component["data"][key]
    return success(picked)


def find_item(told: dict[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    """The item with this instance id in a GetProfile response, and the character that has it (empty: the vault)."""
    for item in told["profileInventory"].get("data", {"items": []})["items"]:
        if item.get("itemInstanceId") == key:
            return "", item
    for name in ("characterInventories", "characterEquipment"):
        for character, bag in told[name].get("data", {}).items():
            for item in bag["items"]:
                if item.get("itemInstanceId") == key:
                    return character, item
    raise Refused(1623)


def get_vendors(sandbox: "Sandbox", request: Request) -> Reply:
    wanted, class_type = wanted_components(request), shopper(sandbox, request)
    return success(vendors.vendors(sandbox.forge, sandbox.catalog, wanted, sandbox.clock.now(), class_type))


def get_vendor(sandbox: "Sandbox", request: Request) -> Reply:
    wanted, class_type = wanted_components(request), shopper(sandbox, request)
    key = number(request.params["vendor"])
    told = vendors.one_vendor(sandbox.forge, sandbox.catalog, wanted, sandbox.clock.now(), key, class_type)
    if told is None:
        raise Refused(1627)
    return success(told)


def shopper(sandbox: "Sandbox", request: Request) -> int:
    """The class of the character at the shelves. Vendors need the owner's sign-in, whatever the spec says."""
    found = account(sandbox, request)
    if not owns(request, found):
        raise Refused(12)
    return found.data("characters", 0)[character_id(found, request)]["classType"]


def public_vendors(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    return success(vendors.vendors(sandbox.forge, sandbox.catalog, wanted, sandbox.clock.now()))


def manifest(sandbox: "Sandbox", request: Request) -> Reply:
    return success(sandbox.library.index())


def entity_definition(sandbox: "Sandbox", request: Request) -> Reply:
    key = number(request.params["hash"])
    edition = sandbox.library.current.content(request.query.get("lc", "en"))
    with content.reading(edition.database) as db:
        if request.params["table"] not in content.tables(db):
            raise Refused(18)
        body = content.definition(db, request.params["table"], key)
    if body is None:
        raise Refused(21, http_status=500)
    return success(body)


SYSTEMS = ("Destiny2", "D2Profiles", "D2Characters", "Destiny2Manifest", "Authentication", "ApiKeyManagement", "Users")


def settings(sandbox: "Sandbox", request: Request) -> Reply:
    disabled = sandbox.disabled_systems
    systems = {name: {"enabled": name not in disabled, "parameters": {}} for name in SYSTEMS}
    locales = [setting(language) for language in facts.LANGUAGES]
    return success({"environment": "sandbox", "systems": systems, "userContentLocales": locales})


def setting(name: str) -> dict[str, Any]:
    return {"identifier": name, "isDefault": name == "en", "displayName": name, "summary": "", "childSettings": []}


def global_alerts(sandbox: "Sandbox", request: Request) -> Reply:
    return success(sandbox.alerts)
