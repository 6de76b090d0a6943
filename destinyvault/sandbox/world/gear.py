"""Weapons and armor, with the collectible and the lore that belong to some of them."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row, plain
from destinyvault.sandbox.world.ground import CATEGORIES, CLASSES
from destinyvault.sandbox.world.sockets import armor_sockets, weapon_sockets
from destinyvault.sandbox.world.statistics import armor_numbers, stat_groups, weapon_numbers
from destinyvault.sandbox.world.words import FLAVOURS, NOUNS, PEOPLE, SETS, Both, owned, prefixed

# item category of the type -> the slots that it comes in
WEAPON_SLOTS = {
    5: (facts.KINETIC, facts.ENERGY),
    6: (facts.KINETIC, facts.ENERGY),
    7: (facts.KINETIC, facts.ENERGY),
    8: (facts.KINETIC, facts.ENERGY),
    9: (facts.ENERGY,),
    10: (facts.KINETIC, facts.ENERGY),
    11: (facts.KINETIC, facts.ENERGY),
    12: (facts.POWER,),
    13: (facts.POWER,),
    14: (facts.KINETIC, facts.ENERGY),
    54: (facts.POWER,),
    153950757: (facts.ENERGY, facts.POWER),
    1504945536: (facts.POWER,),
    2489664120: (facts.ENERGY,),
    3317538576: (facts.KINETIC, facts.ENERGY),
    3871742104: (facts.ENERGY,),
    3954685534: (facts.KINETIC, facts.ENERGY),
}
SLOT_CATEGORY = {facts.KINETIC: 2, facts.ENERGY: 3, facts.POWER: 4}
SLOT_ELEMENTS = {facts.KINETIC: (1, 1, 1, 6, 7), facts.ENERGY: (2, 3, 4), facts.POWER: (2, 3, 4, 6, 7)}
TIERS_OF_A_TYPE = [facts.LEGENDARY] * 10 + [facts.EXOTIC] * 2 + [facts.RARE] * 3 + [facts.COMMON, facts.BASIC]

# class -> the pieces in the order of the armor buckets
PIECES = {
    facts.TITAN: ("Helm|Heaume", "Gauntlets|Gantelets", "Plate|Plastron", "Greaves|Jambières", "Mark|Marque"),
    facts.HUNTER: ("Mask|Masque", "Grips|Gants", "Vest|Veste", "Strides|Bottes", "Cloak|Cape"),
    facts.WARLOCK: ("Hood|Capuche", "Gloves|Gants", "Robes|Robe", "Boots|Bottes", "Bond|Lien"),
}
ARMOR_CATEGORY = {facts.TITAN: 22, facts.HUNTER: 23, facts.WARLOCK: 21}
ARMOR_NAMES = {
    facts.HELMET: Both("Helmet", "Casque"),
    facts.GAUNTLETS: Both("Gauntlets", "Gantelets"),
    facts.CHEST: Both("Chest Armor", "Plastron"),
    facts.LEGS: Both("Leg Armor", "Jambières"),
}
CLASS_ITEM_NAMES = {
    facts.TITAN: Both("Titan Mark", "Marque de Titan"),
    facts.HUNTER: Both("Hunter Cloak", "Cape de Chasseur"),
    facts.WARLOCK: Both("Warlock Bond", "Lien d’Arcaniste"),
}
UNIQUE_LABELS = {"exotic_weapon": 4017842899, "exotic_armor": 761097285}
SETS_BY_TIER = {facts.LEGENDARY: 12, facts.RARE: 3, facts.COMMON: 1}


def weapons(forge: Forge) -> Iterator[Row]:
    names = iter(forge.names("weapon", NOUNS))
    yield from stat_groups(forge, WEAPON_SLOTS)
    exotics = iter([owned(person, noun) for noun in NOUNS for person in PEOPLE][:: len(PEOPLE) + 1])
    for category, slots in WEAPON_SLOTS.items():
        for number, tier in enumerate(TIERS_OF_A_TYPE):
            for slot in slots if tier == facts.LEGENDARY else slots[number % len(slots) :][:1]:
                name = next(exotics) if tier == facts.EXOTIC else next(names)
                key = forge.hash("weapon", category, number, slot)
                yield from weapon(forge, key, name, tier, category, slot)


def weapon(forge: Forge, key: int, name: Both, tier: int, category: int, slot: int) -> Iterator[Row]:
    type_name, _, sub_type = CATEGORIES[category]
    element = forge.rng("element", key).choice(SLOT_ELEMENTS[slot])
    categories = (1, SLOT_CATEGORY[slot], category)
    sort = Sort(facts.WEAPON_TYPE, type_name, slot, sub_type, categories=categories, equippable=True)
    ammo = {facts.POWER: 3, facts.ENERGY: 2, facts.KINETIC: 1}[slot]
    more: dict[str, Any] = {
        "screenshot": f"/common/destiny2_content/screenshots/{key}.jpg",
        "equippingBlock": equipping(slot, "exotic_weapon" if tier == facts.EXOTIC else "", ammo),
        "sockets": weapon_sockets(forge, key),
        **weapon_numbers(forge, key, category),
        "defaultDamageType": element,
        "defaultDamageTypeHash": facts.DAMAGE_HASHES[element],
        "damageTypes": [element],
        "damageTypeHashes": [facts.DAMAGE_HASHES[element]],
    }
    yield from with_collectible(forge, item_row(forge, key, name, tier, sort, **more))


def armor(forge: Forge) -> Iterator[Row]:
    sets = iter(SETS)
    for tier, count in SETS_BY_TIER.items():
        for number in range(count):
            set_name = next(sets)
            for class_type in CLASSES:
                yield from armor_set(forge, set_name, tier, class_type, number)
    yield from exotic_armor(forge)


def armor_set(forge: Forge, set_name: Both, tier: int, class_type: int, number: int) -> Iterator[Row]:
    for bucket, piece in zip(facts.ARMOR_BUCKETS, PIECES[class_type], strict=True):
        key = forge.hash("armor", tier, class_type, number, bucket)
        yield from armor_piece(forge, key, prefixed(set_name, Both(*piece.split("|"))), tier, class_type, bucket)


def exotic_armor(forge: Forge) -> Iterator[Row]:
    names = iter([owned(person, noun) for person in PEOPLE for noun in NOUNS][:: len(NOUNS) // 4 + 1])
    for class_type in CLASSES:
        for number, bucket in enumerate((*facts.ARMOR_BUCKETS[:4], *facts.ARMOR_BUCKETS[:4])):
            key = forge.hash("exotic armor", class_type, number)
            yield from armor_piece(forge, key, next(names), facts.EXOTIC, class_type, bucket)


def armor_piece(forge: Forge, key: int, name: Both, tier: int, class_type: int, bucket: int) -> Iterator[Row]:
    type_name = ARMOR_NAMES.get(bucket) or CLASS_ITEM_NAMES[class_type]
    sort = Sort(
        facts.ARMOR_TYPE,
        type_name,
        bucket,
        facts.ARMOR_SUB_TYPES[bucket],
        class_type,
        (20, ARMOR_CATEGORY[class_type], 19 + facts.ARMOR_SUB_TYPES[bucket]),
        equippable=True,
    )
    more: dict[str, Any] = {
        "screenshot": f"/common/destiny2_content/screenshots/{key}.jpg",
        "equippingBlock": equipping(bucket, "exotic_armor" if tier == facts.EXOTIC else ""),
        "sockets": armor_sockets(forge, key),
        **armor_numbers(forge),
    }
    yield from with_collectible(forge, item_row(forge, key, name, tier, sort, **more))


def equipping(slot: int, unique: str = "", ammo: int = 0) -> dict[str, Any]:
    block: dict[str, Any] = {"equipmentSlotTypeHash": slot, "attributes": 0, "ammoType": ammo, "displayStrings": [""]}
    if unique:
        block |= {"uniqueLabel": unique, "uniqueLabelHash": UNIQUE_LABELS[unique]}
    return block


def with_collectible(forge: Forge, row: Row) -> Iterator[Row]:
    """Gear from rare upward can be collected; exotics tell a story as well."""
    body = row.body
    tier = body["inventory"]["tierType"]
    if tier < facts.RARE:
        yield row
        return
    shown, key = body["displayProperties"], int(row.key)
    collectible = forge.hash("collectible", key)
    body["collectibleHash"] = collectible
    yield plain(
        forge, "DestinyCollectibleDefinition", 0, collectible, shown["name"], icon=shown["icon"],
        itemHash=key, scope=0, sourceString=Both("Source: the sandbox", "Source : le bac à sable"), sourceHash=1,
    )  # fmt: skip
    if tier == facts.EXOTIC:
        body["loreHash"] = forge.hash("lore", key)
        story = forge.rng("lore", key).sample(FLAVOURS, 3)
        text = Both("\n\n".join(part.en for part in story), "\n\n".join(part.fr for part in story))
        yield plain(forge, "DestinyLoreDefinition", 0, body["loreHash"], shown["name"], description=text, subtitle="")
    yield row
