"""Everything in a bag that is not gear: ghosts, ships, emblems, subclasses, stacks, quests, currencies."""

from collections.abc import Iterator, Sequence
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row, plain
from destinyvault.sandbox.world.gear import equipping, with_collectible
from destinyvault.sandbox.world.ground import CLASSES, ELEMENTS
from destinyvault.sandbox.world.words import (
    BIKE_NOUNS,
    BOUNTY_WORDS,
    CONSUMABLES,
    EMBLEM_NOUNS,
    MATERIALS,
    MODS,
    MOVES,
    NOUNS,
    PERK_MANNERS,
    QUEST_WORDS,
    SHELL_NOUNS,
    SHIP_NOUNS,
    Both,
    prefixed,
)

EMBLEM_COUNT = 80
# Stacks that do not leave the bag they are in; others do something of their own when the postmaster gives them out.
STAYING = {("material", 13), ("consumable", 12)}
PULLED_WITH_EFFECTS = {("consumable", 9), ("consumable", 3)}


def things(forge: Forge) -> Iterator[Row]:
    for rows in (rides, emblems, subclasses, gestures, stacks, errands, engrams, currencies, classified):
        yield from rows(forge)


def rides(forge: Forge) -> Iterator[Row]:
    kinds = [
        ("ghost", facts.GHOST_TYPE, facts.GHOST, 39, Both("Ghost Shell", "Coque de Spectre"), SHELL_NOUNS),
        ("bike", facts.VEHICLE_TYPE, facts.VEHICLE, 43, Both("Vehicle", "Véhicule"), BIKE_NOUNS),
        ("ship", facts.SHIP_TYPE, facts.SHIP, 42, Both("Ship", "Vaisseau"), SHIP_NOUNS),
    ]
    for kind, item_type, bucket, category, type_name, nouns in kinds:
        sort = Sort(item_type, type_name, bucket, categories=(category, 52), equippable=True)
        for number, name in enumerate(forge.names(kind, nouns)[:60]):
            tier = (facts.LEGENDARY, facts.LEGENDARY, facts.EXOTIC, facts.RARE, facts.COMMON)[number % 5]
            row = item_row(forge, forge.hash(kind, number), name, tier, sort, equippingBlock=equipping(bucket))
            yield from with_collectible(forge, row)


def emblems(forge: Forge) -> Iterator[Row]:
    sort = Sort(
        facts.EMBLEM_TYPE, Both("Emblem", "Emblème"), facts.EMBLEM, categories=(19, 52), equippable=True, movable=False
    )
    for number, name in enumerate(forge.names("emblem", EMBLEM_NOUNS)[:EMBLEM_COUNT]):
        key = forge.hash("emblem", number)
        rng = forge.rng("emblem colour", key)
        yield item_row(
            forge, key, name, facts.LEGENDARY if number % 4 else facts.COMMON, sort,
            secondaryIcon=forge.icon("emblem background", key), secondaryOverlay=forge.icon("emblem overlay", key),
            secondarySpecial=forge.icon("emblem special", key),
            backgroundColor={part: rng.randrange(20, 160) for part in ("red", "green", "blue")} | {"alpha": 255},
            equippingBlock=equipping(facts.EMBLEM),
        )  # fmt: skip


def subclasses(forge: Forge) -> Iterator[Row]:
    nouns = {facts.TITAN: "Bastion|Bastion", facts.HUNTER: "Stalker|Traqueur", facts.WARLOCK: "Weaver|Tisseur"}
    for class_type, class_name in CLASSES.items():
        type_name = Both(f"{class_name.en} Subclass", f"Doctrine de {class_name.fr}")
        sort = Sort(
            facts.SUBCLASS_TYPE, type_name, facts.SUBCLASS, class_type=class_type, categories=(50, 52), equippable=True,
            movable=False,
        )  # fmt: skip
        for element in (2, 3, 4, 6, 7):
            key = forge.hash("subclass", class_type, element)
            name = prefixed(ELEMENTS[element][0], Both(*nouns[class_type].split("|")))
            more: dict[str, Any] = {
                "equippingBlock": equipping(facts.SUBCLASS),
                "talentGrid": {"hudDamageType": element},
            }
            yield item_row(forge, key, name, facts.BASIC, sort, **more)


def gestures(forge: Forge) -> Iterator[Row]:
    kinds = [
        ("finisher", facts.FINISHER_TYPE, facts.FINISHER, Both("Finisher", "Coup de grâce"), 24),
        ("emote", facts.EMOTE_TYPE, facts.EMOTES, Both("Emote", "Interaction"), 24),
        ("clan banner", facts.CLAN_BANNER_TYPE, facts.CLAN_BANNER, Both("Clan Banner", "Étendard de clan"), 3),
        ("artifact", facts.ARTIFACT_TYPE, facts.ARTIFACT, Both("Seasonal Artifact", "Artéfact saisonnier"), 3),
    ]
    for kind, item_type, bucket, type_name, count in kinds:
        sort = Sort(item_type, type_name, bucket, equippable=True, movable=False)
        nouns = MOVES if count > 3 else NOUNS
        for number, name in enumerate(forge.names(kind, nouns)[:count]):
            tier = facts.EXOTIC if number % 7 == 6 else facts.LEGENDARY
            yield item_row(forge, forge.hash(kind, number), name, tier, sort, equippingBlock=equipping(bucket))


def stacks(forge: Forge) -> Iterator[Row]:
    yield from stack_rows(forge, "material", facts.MATERIAL_TYPE, 40, Both("Material", "Matériau"), MATERIALS, 9999)
    yield from stack_rows(
        forge, "consumable", facts.CONSUMABLE_TYPE, 35, Both("Consumable", "Consommable"), CONSUMABLES, 50
    )
    transmat = Both("Transmat Effect", "Effet de transmat")
    effects = [prefixed(manner, mod) for manner, mod in zip(PERK_MANNERS, MODS, strict=False)]
    for number, name in enumerate(effects):
        sort = Sort(facts.MOD_TYPE, transmat, facts.MODIFICATIONS, categories=(59,), instanced=False, stack=99)
        yield item_row(forge, forge.hash("transmat", number), name, facts.RARE, sort)


def stack_rows(
    forge: Forge, kind: str, item_type: int, category: int, type_name: Both, names: Sequence[Both], size: int
) -> Iterator[Row]:
    for number, name in enumerate(names):
        sort = Sort(
            item_type, type_name, facts.CONSUMABLES, categories=(category, 52), instanced=False, stack=size,
            movable=(kind, number) not in STAYING,
            # A few may be held only once per inventory: their stacks move whole (Bungie-net/api #790).
            stack_label=f"sandbox.{kind}.{number}" if number % 5 == 0 else "",
        )  # fmt: skip
        tier = (facts.LEGENDARY, facts.RARE, facts.COMMON, facts.EXOTIC)[number % 4]
        effects = {"doesPostmasterPullHaveSideEffects": (kind, number) in PULLED_WITH_EFFECTS}
        yield item_row(forge, forge.hash(kind, number), name, tier, sort, **effects)


def errands(forge: Forge) -> Iterator[Row]:
    kinds = [
        ("quest", facts.QUEST_STEP_TYPE, 16, Both("Quest Step", "Étape de quête"), QUEST_WORDS),
        ("bounty", facts.BOUNTY_TYPE, 1784235469, Both("Vanguard Bounty", "Contrat d’Avant-garde"), BOUNTY_WORDS),
    ]
    for kind, item_type, category, type_name, names in kinds:
        sort = Sort(item_type, type_name, facts.QUESTS, categories=(category,), movable=False)
        for number, name in enumerate(names):
            objective = forge.hash("objective", kind, number)
            yield plain(
                forge, "DestinyObjectiveDefinition", number, objective, "",
                completionValue=10 * (number + 1), progressDescription=Both("Steps taken", "Pas accomplis"),
            )  # fmt: skip
            more = {"objectives": {"objectiveHashes": [objective], "requireFullObjectiveCompletion": True}}
            tier = facts.EXOTIC if number % 6 == 5 else facts.LEGENDARY
            yield item_row(forge, forge.hash(kind, number), name, tier, sort, **more)


def engrams(forge: Forge) -> Iterator[Row]:
    sort = Sort(facts.ENGRAM_TYPE, Both("Engram", "Engramme"), facts.ENGRAMS, categories=(34,), movable=False)
    tiers = {facts.EXOTIC: "Exotic|exotique", facts.LEGENDARY: "Legendary|légendaire", facts.RARE: "Rare|rare"}
    for tier, words in tiers.items():
        english, french = words.split("|")
        name = Both(f"{english} Engram", f"Engramme {french}")
        yield item_row(forge, forge.hash("engram", tier), name, tier, sort)


def currencies(forge: Forge) -> Iterator[Row]:
    held = [
        (facts.GLIMMER, facts.GLIMMER_BUCKET, Both("Glimmer", "Lumens"), 500000),
        (facts.BRIGHT_DUST, facts.BRIGHT_DUST_BUCKET, Both("Bright Dust", "Poussière brillante"), 999999),
        (facts.STRANGE_COIN, facts.HIDDEN, Both("Strange Coin", "Pièce étrange"), 999),
    ]
    for key, bucket, name, size in held:
        sort = Sort(
            facts.CURRENCY_TYPE, Both("Currency", "Devise"), bucket, categories=(18, 52), instanced=False, stack=size,
            movable=False,
        )  # fmt: skip
        yield item_row(forge, key, name, 0, sort)


def classified(forge: Forge) -> Iterator[Row]:
    """Items that Bungie keeps secret: a name, a bucket and hardly more; the collectible knows what they really are."""
    for number, bucket in enumerate((facts.KINETIC, facts.POWER, facts.CONSUMABLES)):
        key, collectible = forge.hash("classified", number), forge.hash("classified collectible", number)
        name = Both(f"Sealed Dispatch {number + 1}", f"Dépêche scellée {number + 1}")
        stackable = bucket == facts.CONSUMABLES
        sort = Sort(facts.CONSUMABLE_TYPE if stackable else 0, Both("", ""), bucket, instanced=not stackable)
        row = item_row(forge, key, Both("Classified", "Classifié"), facts.LEGENDARY, sort)
        secret = {"name": Both("Classified", "Classifié"), "description": "", "icon": "/img/misc/missing_icon_d2.png"}
        row.body.update(displayProperties=secret | {"hasIcon": False}, redacted=True, collectibleHash=collectible)
        row.body.update(itemTypeDisplayName="", itemTypeAndTierDisplayName="", flavorText="")
        yield row
        icon = forge.icon("collectible", number)
        yield plain(forge, "DestinyCollectibleDefinition", 0, collectible, name, icon=icon, itemHash=key)
