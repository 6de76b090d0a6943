"""The small tables that all else refers to, with Bungie's own hashes: buckets, tiers, classes, elements, stats."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import TIER_NAMES, Forge, Row, plain
from destinyvault.sandbox.world.words import Both

# hash, name, category, order, places, location, scope, goes to the vault, first in first out
BUCKETS = [
    (facts.SUBCLASS, Both("Subclass", "Doctrine"), 3, 10, 10, 1, 0, False, False),
    (facts.KINETIC, Both("Kinetic Weapons", "Armes cinétiques"), 3, 20, 10, 1, 0, True, False),
    (facts.ENERGY, Both("Energy Weapons", "Armes à énergie"), 3, 30, 10, 1, 0, True, False),
    (facts.POWER, Both("Power Weapons", "Armes puissantes"), 3, 40, 10, 1, 0, True, False),
    (facts.GHOST, Both("Ghost", "Spectre"), 3, 45, 10, 1, 0, True, False),
    (facts.ARTIFACT, Both("Artifacts", "Artéfacts"), 3, 46, 7, 1, 0, False, False),
    (facts.HELMET, Both("Helmet", "Casque"), 3, 50, 10, 1, 0, True, False),
    (facts.GAUNTLETS, Both("Gauntlets", "Gantelets"), 3, 60, 10, 1, 0, True, False),
    (facts.CHEST, Both("Chest Armor", "Plastron"), 3, 70, 10, 1, 0, True, False),
    (facts.LEGS, Both("Leg Armor", "Jambières"), 3, 80, 10, 1, 0, True, False),
    (facts.CLASS_ITEM, Both("Class Armor", "Armure de classe"), 3, 90, 10, 1, 0, True, False),
    (facts.VEHICLE, Both("Vehicle", "Véhicule"), 3, 110, 10, 1, 0, True, False),
    (facts.SHIP, Both("Ships", "Vaisseaux"), 3, 130, 10, 1, 0, True, False),
    (facts.EMBLEM, Both("Emblems", "Emblèmes"), 3, 150, 10, 1, 0, False, False),
    (facts.FINISHER, Both("Finishers", "Coups de grâce"), 3, 160, 10, 1, 0, False, False),
    (facts.EMOTES, Both("Emotes", "Interactions"), 0, 0, 1, 1, 0, False, False),
    (facts.CLAN_BANNER, Both("Clan Banners", "Étendards de clan"), 0, 0, 1, 1, 0, False, False),
    (facts.MODIFICATIONS, Both("Modifications", "Modifications"), 1, 20, 50, 0, 1, True, False),
    (facts.CONSUMABLES, Both("Consumables", "Objets consommables"), 1, 30, 50, 0, 1, True, False),
    (facts.VAULT, Both("General", "Général"), 1, 30, 1000, 2, 1, False, False),
    (facts.ENGRAMS, Both("Engrams", "Engrammes"), 1, 40, 10, 1, 0, False, False),
    (facts.QUESTS, Both("Quests", "Quêtes"), 0, 0, 63, 1, 0, False, False),
    (facts.POSTMASTER, Both("Lost Items", "Objets perdus"), 0, 0, 21, 4, 0, False, True),
    (facts.MESSAGES, Both("Messages", "Messages"), 0, 0, 20, 4, 0, False, True),
    (facts.SPECIAL_ORDERS, Both("Special Orders", "Commandes spéciales"), 0, 0, 20, 4, 1, False, False),
    (facts.GLIMMER_BUCKET, Both("Glimmer", "Lumens"), 2, 10, 1, 0, 1, False, False),
    (facts.BRIGHT_DUST_BUCKET, Both("Bright Dust", "Poussière brillante"), 2, 60, 1, 0, 1, False, False),
    (facts.HIDDEN, Both("", ""), 0, 0, 5, 1, 0, False, True),
    (1801258597, Both("", ""), 0, 60, 46, 1, 0, False, False),
    (3865314626, Both("Materials", "Matériaux"), 1, 10, 0, 1, 0, False, False),
]
CLASSES = {
    facts.TITAN: Both("Titan", "Titan"),
    facts.HUNTER: Both("Hunter", "Chasseur"),
    facts.WARLOCK: Both("Warlock", "Arcaniste"),
}
RACES = {0: Both("Human", "Humain"), 1: Both("Awoken", "Éveillé"), 2: Both("Exo", "Exo")}
GENDERS = {0: Both("Body Type 1", "Morphologie 1"), 1: Both("Body Type 2", "Morphologie 2")}
ELEMENTS = {
    1: (Both("Kinetic", "Cinétique"), (255, 255, 255)),
    2: (Both("Arc", "Cryo-électrique"), (122, 236, 243)),
    3: (Both("Solar", "Solaire"), (242, 114, 27)),
    4: (Both("Void", "Abyssal"), (177, 132, 197)),
    6: (Both("Stasis", "Stase"), (77, 136, 255)),
    7: (Both("Strand", "Filobscur"), (53, 227, 102)),
}
# In the order in which the game lists them; the number is their category: weapon, defense, primary.
STATS = {
    facts.POWER_STAT: (Both("Power", "Puissance"), 3),
    facts.DEFENSE_STAT: (Both("Defense", "Défense"), 3),
    facts.ARMOR_STATS[1]: (Both("Health", "Santé"), 2),
    facts.ARMOR_STATS[5]: (Both("Melee", "Mêlée"), 2),
    facts.ARMOR_STATS[3]: (Both("Grenade", "Grenade"), 2),
    facts.ARMOR_STATS[4]: (Both("Super", "Super"), 2),
    facts.ARMOR_STATS[2]: (Both("Class", "Classe"), 2),
    facts.ARMOR_STATS[0]: (Both("Weapons", "Armes"), 2),
    facts.ATTACK_STAT: (Both("Attack", "Attaque"), 3),
    facts.RPM: (Both("Rounds Per Minute", "Coups par minute"), 1),
    facts.DRAW_TIME: (Both("Draw Time", "Temps de tension"), 1),
    facts.IMPACT: (Both("Impact", "Impact"), 1),
    facts.RANGE: (Both("Range", "Portée"), 1),
    facts.STABILITY: (Both("Stability", "Stabilité"), 1),
    facts.MAGAZINE: (Both("Magazine", "Chargeur"), 1),
    facts.HANDLING: (Both("Handling", "Maniement"), 1),
    facts.RELOAD: (Both("Reload Speed", "Vitesse de recharge"), 1),
    facts.AIM_ASSIST: (Both("Aim Assistance", "Aide à la visée"), 1),
    facts.RECOIL: (Both("Recoil Direction", "Direction du recul"), 1),
    facts.ZOOM: (Both("Zoom", "Zoom"), 1),
    facts.HIDDEN_STAT: (Both("", ""), 1),
}
CATEGORIES = {
    1: (Both("Weapon", "Arme"), 3, 0),
    2: (Both("Kinetic Weapon", "Arme cinétique"), 0, 0),
    3: (Both("Energy Weapon", "Arme à énergie"), 0, 0),
    4: (Both("Power Weapon", "Arme puissante"), 0, 0),
    5: (Both("Auto Rifle", "Fusil automatique"), 0, 6),
    6: (Both("Hand Cannon", "Revolver"), 0, 9),
    7: (Both("Pulse Rifle", "Fusil à impulsion"), 0, 13),
    8: (Both("Scout Rifle", "Fusil d’éclaireur"), 0, 14),
    9: (Both("Fusion Rifle", "Fusil à fusion"), 0, 11),
    10: (Both("Sniper Rifle", "Fusil de précision"), 0, 12),
    11: (Both("Shotgun", "Fusil à pompe"), 0, 7),
    12: (Both("Machine Gun", "Mitrailleuse"), 0, 8),
    13: (Both("Rocket Launcher", "Lance-roquettes"), 0, 10),
    14: (Both("Sidearm", "Pistolet"), 0, 17),
    16: (Both("Quest Step", "Étape de quête"), 12, 0),
    18: (Both("Currencies", "Devises"), 1, 0),
    19: (Both("Emblems", "Emblèmes"), 14, 0),
    20: (Both("Armor", "Armure"), 2, 0),
    21: (Both("Warlock", "Arcaniste"), 0, 0),
    22: (Both("Titan", "Titan"), 0, 0),
    23: (Both("Hunter", "Chasseur"), 0, 0),
    34: (Both("Engrams", "Engrammes"), 8, 0),
    35: (Both("Consumables", "Consommables"), 9, 0),
    39: (Both("Ghost", "Spectre"), 24, 0),
    40: (Both("Materials", "Matériaux"), 0, 0),
    41: (Both("Shaders", "Revêtements"), 19, 20),
    42: (Both("Ships", "Vaisseaux"), 21, 0),
    43: (Both("Sparrows", "Passereaux"), 22, 0),
    44: (Both("Emotes", "Interactions"), 23, 0),
    45: (Both("Helmets", "Casques"), 0, 26),
    46: (Both("Arms", "Bras"), 0, 27),
    47: (Both("Chest", "Torse"), 0, 28),
    48: (Both("Legs", "Jambes"), 0, 29),
    49: (Both("Class Items", "Objets de classe"), 0, 30),
    50: (Both("Subclasses", "Doctrines"), 16, 0),
    52: (Both("Inventory", "Inventaire"), 0, 0),
    53: (Both("Quest", "Quête"), 15, 0),
    54: (Both("Sword", "Épée"), 0, 18),
    56: (Both("Mods", "Mods"), 0, 21),
    59: (Both("Mods", "Mods"), 19, 0),
    153950757: (Both("Grenade Launcher", "Lance-grenades"), 0, 23),
    1112488720: (Both("Finishers", "Coups de grâce"), 29, 0),
    1504945536: (Both("Linear Fusion Rifle", "Fusil à fusion linéaire"), 0, 22),
    1784235469: (Both("Bounties", "Contrats"), 26, 0),
    2489664120: (Both("Trace Rifle", "Fusil à rayon"), 0, 25),
    3317538576: (Both("Combat Bow", "Arc de combat"), 0, 31),
    3871742104: (Both("Glaive", "Glaive"), 0, 33),
    3954685534: (Both("Submachine Gun", "Pistolet-mitrailleur"), 0, 24),
}
SOCKET_CATEGORIES = {
    facts.INTRINSIC_TRAITS: (Both("INTRINSIC TRAITS", "ATTRIBUTS INTRINSÈQUES"), 6),
    facts.WEAPON_PERKS: (Both("WEAPON PERKS", "ATTRIBUTS D’ARME"), 1),
    facts.WEAPON_MODS: (Both("WEAPON MODS", "MODS D’ARME"), 2),
    facts.WEAPON_COSMETICS: (Both("WEAPON COSMETICS", "APPARENCE DE L’ARME"), 2),
    facts.ARMOR_PERKS: (Both("ARMOR PERKS", "ATTRIBUTS D’ARMURE"), 6),
    facts.ARMOR_MODS: (Both("ARMOR MODS", "MODS D’ARMURE"), 2),
    facts.ARMOR_COSMETICS: (Both("ARMOR COSMETICS", "APPARENCE DE L’ARMURE"), 2),
}


def ground(forge: Forge) -> Iterator[Row]:
    for rows in (buckets, tiers, people, elements, stats, categories, sockets):
        yield from rows(forge)


def buckets(forge: Forge) -> Iterator[Row]:
    for number, (key, name, category, order, places, location, scope, vaulted, fifo) in enumerate(BUCKETS):
        values: dict[str, Any] = {"category": category, "bucketOrder": order, "itemCount": places, "location": location}
        values |= {"scope": scope, "hasTransferDestination": vaulted, "enabled": bool(category), "fifo": fifo}
        yield plain(forge, "DestinyInventoryBucketDefinition", number, key, name, **values)
        if category == 3:
            yield plain(forge, "DestinyEquipmentSlotDefinition", number, key, name, bucketTypeHash=key)


def tiers(forge: Forge) -> Iterator[Row]:
    for tier, key in facts.TIER_HASHES.items():
        yield plain(forge, "DestinyItemTierTypeDefinition", tier, key, TIER_NAMES[tier])


def people(forge: Forge) -> Iterator[Row]:
    for number, key in facts.CLASS_HASHES.items():
        yield plain(
            forge,
            "DestinyClassDefinition",
            number,
            key,
            CLASSES[number],
            classType=number,
            genderedClassNamesByGenderHash={str(gender): CLASSES[number] for gender in facts.GENDER_HASHES.values()},
        )
    for number, key in facts.RACE_HASHES.items():
        yield plain(
            forge,
            "DestinyRaceDefinition",
            number,
            key,
            RACES[number],
            raceType=number,
            genderedRaceNamesByGenderHash={str(gender): RACES[number] for gender in facts.GENDER_HASHES.values()},
        )
    for number, key in facts.GENDER_HASHES.items():
        yield plain(forge, "DestinyGenderDefinition", number, key, GENDERS[number], genderType=number)


def elements(forge: Forge) -> Iterator[Row]:
    for number, key in facts.DAMAGE_HASHES.items():
        name, (red, green, blue) = ELEMENTS[number]
        yield plain(
            forge,
            "DestinyDamageTypeDefinition",
            number,
            key,
            name,
            icon=forge.icon("element", number, extension="png"),
            transparentIconPath=f"/img/destiny_content/damage_types/destiny2/{name.en.lower()}_trans.png",
            showIcon=number > 1,
            enumValue=number,
            color={"red": red, "green": green, "blue": blue, "alpha": 255},
        )


def stats(forge: Forge) -> Iterator[Row]:
    for number, (key, (name, category)) in enumerate(STATS.items()):
        icon = forge.icon("stat", key, extension="png") if key in facts.ARMOR_STATS else ""
        yield plain(
            forge, "DestinyStatDefinition", number, key, name, icon=icon, aggregationType=1, statCategory=category
        )


def categories(forge: Forge) -> Iterator[Row]:
    for number, (key, (name, item_type, sub_type)) in enumerate(CATEGORIES.items()):
        values = {"grantDestinyItemType": item_type, "grantDestinySubType": sub_type, "grantDestinyClass": 3}
        values |= {"visible": True, "deprecated": False, "shortTitle": name, "parentCategoryHashes": []}
        yield plain(forge, "DestinyItemCategoryDefinition", number, key, name, **values)


def sockets(forge: Forge) -> Iterator[Row]:
    for number, (key, (name, style)) in enumerate(SOCKET_CATEGORIES.items()):
        yield plain(
            forge, "DestinySocketCategoryDefinition", number, key, name, categoryStyle=style, uiCategoryStyle=style
        )
        kind = forge.hash("socket type", key)
        yield plain(forge, "DestinySocketTypeDefinition", number, kind, "", socketCategoryHash=key, plugWhitelist=[])
    yield plain(
        forge,
        "DestinyEnergyTypeDefinition",
        0,
        facts.ANY_ENERGY,
        Both("Any Energy Type", "Tout type d’énergie"),
        enumValue=0,
        capacityStatHash=0,
        costStatHash=0,
    )
