"""What an icon is the icon of: looked up by its path among the definitions that are being served."""

from typing import Any, NamedTuple

from destinyvault.sandbox import facts

ROLES = {
    facts.WEAPON_TYPE: "weapon",
    facts.ARMOR_TYPE: "armor",
    facts.GHOST_TYPE: "ghost",
    facts.SHIP_TYPE: "ship",
    facts.VEHICLE_TYPE: "vehicle",
    facts.EMBLEM_TYPE: "emblem",
    facts.SUBCLASS_TYPE: "subclass",
    facts.ENGRAM_TYPE: "engram",
    facts.CONSUMABLE_TYPE: "consumable",
    facts.MATERIAL_TYPE: "material",
    facts.QUEST_STEP_TYPE: "quest",
    facts.BOUNTY_TYPE: "bounty",
    facts.FINISHER_TYPE: "finisher",
    facts.EMOTE_TYPE: "emote",
    facts.CLAN_BANNER_TYPE: "banner",
    facts.ARTIFACT_TYPE: "artifact",
    facts.CURRENCY_TYPE: "currency",
    facts.PACKAGE_TYPE: "package",
    facts.PATTERN_TYPE: "weapon",
    15: "quest",
}
# Where the type is none or a dummy's, the bucket still says what sort of thing it is.
ROLES_BY_BUCKET = {
    **dict.fromkeys(facts.WEAPON_BUCKETS, "weapon"),
    **dict.fromkeys(facts.ARMOR_BUCKETS, "armor"),
    facts.CONSUMABLES: "material",
    facts.ENGRAMS: "engram",
    facts.QUESTS: "quest",
    facts.EMOTES: "emote",
    1801258597: "quest",
}
PLAIN_ROLES = {"perk": 0, "mod": 1, "vendor": 1}  # these give way where a picture is shared with the thing itself
# The item rows of newer Manifest dumps carry no sub-type, only its English name.
SUB_TYPES = {
    "Auto Rifle": 6, "Shotgun": 7, "Machine Gun": 8, "Hand Cannon": 9, "Rocket Launcher": 10, "Fusion Rifle": 11,
    "Sniper Rifle": 12, "Pulse Rifle": 13, "Scout Rifle": 14, "Sidearm": 17, "Sword": 18, "Linear Fusion Rifle": 22,
    "Grenade Launcher": 23, "Submachine Gun": 24, "Trace Rifle": 25, "Combat Bow": 31, "Bow": 31, "Glaive": 33,
}  # fmt: skip
HELD_AS_MODS = (facts.MODIFICATIONS, facts.CONSUMABLES)


class Subject(NamedTuple):
    role: str
    detail: int = 0  # sub-type of gear, number of an element or a stat
    class_type: int = facts.ANY_CLASS
    tier: int = 0


def subjects_of_item(body: dict[str, Any]) -> dict[str, Subject]:
    """The pictures that one item definition names, each with what it shows."""
    tier, class_type = body.get("inventory", {}).get("tierType", 0), body.get("classType", facts.ANY_CLASS)
    role = role_of(body)
    shown = {body.get("displayProperties", {}).get("icon", ""): Subject(role, detail_of(body, role), class_type, tier)}
    if role == "emblem":
        shown |= {body.get(name, ""): Subject("emblem background") for name in ("secondaryIcon", "secondarySpecial")}
    shown[body.get("screenshot", "")] = Subject(f"screenshot {role}", detail_of(body, role), class_type, tier)
    shown[body.get("iconWatermark", "")] = Subject("watermark")
    shown.pop("", None)
    return shown


def rank(subject: Subject) -> int:
    return PLAIN_ROLES.get(subject.role, 2)


def role_of(body: dict[str, Any]) -> str:
    item_type = body.get("itemType") or 0
    if item_type == facts.MOD_TYPE:
        return role_of_plug(body)
    return ROLES.get(item_type) or ROLES_BY_BUCKET.get(body.get("inventory", {}).get("bucketTypeHash", 0), "perk")


def role_of_plug(body: dict[str, Any]) -> str:
    name = str(body.get("itemTypeDisplayName", ""))
    if body.get("itemSubType") == facts.SHADER_SUB_TYPE or name == "Shader":
        return "shader"
    if name == "Emote":
        return "emote"
    held = body.get("inventory", {}).get("bucketTypeHash") in HELD_AS_MODS
    return "mod" if held or "Mod" in name or "Effect" in name else "perk"


def detail_of(body: dict[str, Any], role: str) -> int:
    if role == "weapon":
        told = body.get("itemSubType")
        return told if told in SUB_TYPES.values() else SUB_TYPES.get(body.get("itemTypeDisplayName", ""), 6)
    if role == "armor":
        return facts.ARMOR_SUB_TYPES.get(body.get("inventory", {}).get("bucketTypeHash", 0), 30)
    if role == "subclass":
        return body.get("talentGrid", {}).get("hudDamageType", 0) or body.get("hash", 0) % 5 + 2
    return 0


def subjects_of_table(table: str, body: dict[str, Any]) -> dict[str, Subject]:
    role, key = OTHER_TABLES[table]
    shown = body.get("displayProperties", {})
    paths = (shown.get("icon"), shown.get("largeIcon"), body.get("transparentIconPath"))
    return {path: Subject(role, body.get(key, 0)) for path in paths if path}


OTHER_TABLES = {
    "DestinyDamageTypeDefinition": ("element", "enumValue"),
    "DestinyStatDefinition": ("stat", "index"),
    "DestinyClassDefinition": ("class", "classType"),
    "DestinyVendorDefinition": ("vendor", "index"),
}
