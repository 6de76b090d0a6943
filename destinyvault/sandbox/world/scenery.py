"""The tables around the items: places, activities, records, seasons, vendors, loadout names and the like."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row, plain
from destinyvault.sandbox.world.words import FLAVOURS, MANNERS, NOUNS, Both

# vendor hash, name, what stands below it, group
TOWER, LIMITED = 679769104, 3227191227
VENDORS = [
    (facts.XUR, Both("Xûr", "Xûr"), Both("Agent of the Nine", "Agent des Neuf"), LIMITED),
    (facts.XUR_GEAR, Both("Strange Gear Offers", "Offres étranges d’équipement"), Both("", ""), LIMITED),
    (672118013, Both("Banshee-44", "Banshee-44"), Both("Gunsmith", "Armurier"), TOWER),
    (350061650, Both("Ada-1", "Ada-1"), Both("Armor Synthesis", "Synthèse d’armure"), TOWER),
    (2255782930, Both("Master Rahool", "Maître Rahool"), Both("Cryptarch", "Cryptarque"), TOWER),
    (69482069, Both("Commander Zavala", "Commandant Zavala"), Both("Titan Vanguard", "Avant-garde Titan"), TOWER),
]
# The game's own display categories of Xûr's two shelves; all others have one.
OFFERS = (Both("Offers", "Offres"),)
CATEGORIES = {
    facts.XUR: (
        Both("Multivarious Strange Offers", "Offres étranges diverses"),
        Both("Consumables", "Objets consommables"),
        Both("Exotic Weapons", "Armes exotiques"),
        Both("More Strange Offers", "Autres offres étranges"),
    ),
    facts.XUR_GEAR: (
        Both("Exotic Gear", "Équipement exotique"),
        Both("Legendary Weapons", "Armes légendaires"),
        Both("Legendary Armor", "Armures légendaires"),
    ),
}
EARTH, TOWER_DESTINATION = 3747705955, 1737926756
# How many of each in the base world; `--scale` grows these and the tables of bulk.py.
COUNTS = {
    "DestinyPlaceDefinition": 12,
    "DestinyDestinationDefinition": 24,
    "DestinyActivityDefinition": 90,
    "DestinyActivityTypeDefinition": 12,
    "DestinyActivityModeDefinition": 16,
    "DestinyActivityModifierDefinition": 30,
    "DestinyRecordDefinition": 160,
    "DestinyPresentationNodeDefinition": 80,
    "DestinySeasonDefinition": 12,
    "DestinySeasonPassDefinition": 12,
    "DestinyMilestoneDefinition": 20,
    "DestinyMetricDefinition": 60,
    "DestinyProgressionDefinition": 30,
    "DestinyStatGroupDefinition": 12,
    "DestinyTraitDefinition": 24,
    "DestinyFactionDefinition": 12,
    "DestinyMaterialRequirementSetDefinition": 20,
    "DestinyLoadoutNameDefinition": 30,
    "DestinyLoadoutColorDefinition": 15,
    "DestinyLoadoutIconDefinition": 24,
}
GROUPS = {LIMITED: Both("Limited Time", "Temps limité"), TOWER: Both("Tower", "Tour")}
ICONLESS = ("DestinyPlaceDefinition", "DestinyProgressionDefinition")


def scenery(forge: Forge) -> Iterator[Row]:
    yield from vendors(forge)
    yield from tower(forge)
    names = forge.names("scenery", NOUNS)
    for table, count in COUNTS.items():
        for number in range(count):
            yield scene(forge, table, number, names[(number * 7 + len(table)) % len(names)])
    yield from breakers(forge)
    yield from statistics(forge)


def scene(forge: Forge, table: str, number: int, name: Both) -> Row:
    key = forge.hash(table, number)
    icon = "" if table in ICONLESS else forge.icon(table, number, extension="png")
    return plain(forge, table, number, key, name, description=FLAVOURS[number % len(FLAVOURS)], icon=icon)


def vendors(forge: Forge) -> Iterator[Row]:
    for number, (key, name) in enumerate(GROUPS.items()):
        body = {"order": number, "categoryName": name, "hash": key, "index": number, "redacted": False}
        yield Row("DestinyVendorGroupDefinition", key, body | {"blacklisted": False})
    for number, (key, name, subtitle, group) in enumerate(VENDORS):
        row = plain(
            forge, "DestinyVendorDefinition", number, key, name,
            description=FLAVOURS[number], icon=forge.icon("vendor", key, extension="png"),
            vendorIdentifier=f"SANDBOX_{number}", enabled=True, visible=True, returnWithVendorRequest=True,
            resetIntervalMinutes=10080, resetOffsetMinutes=-12060, inhibitBuying=False, inhibitSelling=True,
            factionHash=0, groups=[{"vendorGroupHash": group}], itemList=[],
            failureStrings=[Both("Already Acquired", "Déjà acquis")],
            locations=[{"destinationHash": TOWER_DESTINATION, "backgroundImagePath": ""}],
            displayCategories=[
                category(forge, key, *numbered) for numbered in enumerate(CATEGORIES.get(key, OFFERS))
            ],
        )  # fmt: skip
        large = forge.icon("vendor large", key)
        row.body["displayProperties"] |= {"subtitle": subtitle, "largeIcon": large, "requirementsDisplay": []}
        yield row


def category(forge: Forge, vendor: int, index: int, name: Both) -> dict[str, Any]:
    shown = {"name": name, "hasIcon": False}
    key = forge.hash("offers", vendor, index)
    return {"index": index, "identifier": f"offers_{index}", "displayCategoryHash": key, "displayProperties": shown}


def tower(forge: Forge) -> Iterator[Row]:
    """Where the vendors stand, and the item among Xûr's wares that leads to his second shelf."""
    shown = Both("The Last City", "La Dernière Cité")
    yield plain(forge, "DestinyPlaceDefinition", 0, EARTH, Both("Earth", "Terre"))
    yield plain(forge, "DestinyDestinationDefinition", 0, TOWER_DESTINATION, shown, placeHash=EARTH)
    sort = Sort(facts.DUMMY_TYPE, Both("", ""), facts.HIDDEN, instanced=False, movable=False)
    preview = {"screenStyle": "screen_style_sandbox", "previewVendorHash": facts.XUR_GEAR, "previewActionString": ""}
    yield item_row(forge, door(forge), VENDORS[1][1], facts.EXOTIC, sort, preview=preview)


def door(forge: Forge) -> int:
    return forge.hash("door", facts.XUR_GEAR)


def breakers(forge: Forge) -> Iterator[Row]:
    kinds = {
        485622768: "Shield Piercing|Perce-bouclier",
        2611060930: "Disruption|Perturbation",
        3178805705: "Stagger|Choc",
    }
    for number, (key, words) in enumerate(kinds.items(), 1):
        yield plain(forge, "DestinyBreakerTypeDefinition", number, key, Both(*words.split("|")), enumValue=number)


def statistics(forge: Forge) -> Iterator[Row]:
    """The one table whose rows are keyed by text."""
    for number, manner in enumerate(MANNERS):
        key = f"medals_sandbox_{number:02d}"
        body = {"statId": key, "group": 3, "periodTypes": [2], "modes": [5, 7], "category": 0, "statName": manner}
        yield Row(
            "DestinyHistoricalStatsDefinition", key, body | {"unitType": 1, "weight": 1, "medalTierHash": 802673299}
        )
