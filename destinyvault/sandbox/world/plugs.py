"""What goes into sockets: frames, barrels, magazines, traits, mods, shaders; and the sets that weapons roll from."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row, plain
from destinyvault.sandbox.world.words import (
    BARRELS,
    EFFECTS,
    MAGAZINES,
    MODS,
    PERK_MANNERS,
    PERK_NOUNS,
    SHADER_NOUNS,
    Both,
    prefixed,
)

TRAIT_COUNT, FRAME_COUNT, SHADER_COUNT, MOD_COUNT = 140, 18, 80, 60
SETS_OF_TRAITS = 24

PERK_NAMES = [
    Both(f"{manner.en} {noun.en}", f"{noun.fr} {manner.fr}") for noun in PERK_NOUNS for manner in PERK_MANNERS
]
FRAME = Both("Intrinsic", "Intrinsèque")
TRAIT = Both("Trait", "Attribut")


def plug_sort(name: Both, bucket: int = facts.HIDDEN, **more: Any) -> Sort:
    return Sort(facts.MOD_TYPE, name, bucket, instanced=False, movable=False, categories=(59,), **more)


def plug(category: str, forge: Forge) -> dict[str, Any]:
    return {"plug": {"plugCategoryIdentifier": category, "plugCategoryHash": forge.hash("plug category", category)}}


def plugs(forge: Forge) -> Iterator[Row]:
    traits = list(PERK_NAMES)
    forge.rng("traits").shuffle(traits)
    kinds = [
        ("frame", FRAME, traits[TRAIT_COUNT:][:FRAME_COUNT], "intrinsics"),
        ("barrel", Both("Barrel", "Canon"), BARRELS, "barrels"),
        ("magazine", Both("Magazine", "Chargeur"), MAGAZINES, "magazines"),
        ("trait", TRAIT, traits[:TRAIT_COUNT], "frames"),
        ("masterwork", Both("Masterwork", "Chef-d’œuvre"), [Both("Masterwork", "Chef-d’œuvre")], "masterworks"),
    ]
    for kind, type_name, names, category in kinds:
        for number, name in enumerate(names):
            key = forge.hash(kind, number)
            granted = [{"perkHash": key, "perkVisibility": 0, "requirementDisplayString": ""}]
            more = plug(category, forge) | {"perks": granted}
            yield item_row(forge, key, name, facts.COMMON, plug_sort(type_name), **more)
            yield plain(
                forge, "DestinySandboxPerkDefinition", number, key, name,
                description=EFFECTS[number % len(EFFECTS)], isDisplayable=True, damageType=0,
            )  # fmt: skip
    yield from cosmetics(forge)
    yield from plug_sets(forge)


def cosmetics(forge: Forge) -> Iterator[Row]:
    shader = plug_sort(Both("Shader", "Revêtement"), sub_type=facts.SHADER_SUB_TYPE, stack=9999)
    for number, name in enumerate(forge.names("shader", SHADER_NOUNS)[:SHADER_COUNT]):
        yield item_row(forge, forge.hash("shader", number), name, facts.LEGENDARY, shader, **plug("shader", forge))
    for number in range(MOD_COUNT):
        weapon = number % 2 == 0
        type_name = Both("Weapon Mod", "Mod d’arme") if weapon else Both("General Armor Mod", "Mod d’armure")
        name = prefixed(PERK_MANNERS[number % len(PERK_MANNERS)], MODS[number % len(MODS)])
        category = "v400.weapon.mod" if weapon else "enhancements.v2_general"
        sort = plug_sort(type_name, stack=1)
        yield item_row(forge, forge.hash("mod", number), name, facts.LEGENDARY, sort, **plug(category, forge))


def plug_sets(forge: Forge) -> Iterator[Row]:
    for kind, count in (("barrel", len(BARRELS)), ("magazine", len(MAGAZINES))):
        yield plug_set(forge, kind, [forge.hash(kind, number) for number in range(count)])
    for number in range(SETS_OF_TRAITS):
        rolls = forge.rng("trait set", number).sample(range(TRAIT_COUNT), 8)
        yield plug_set(forge, f"trait{number}", [forge.hash("trait", roll) for roll in rolls])


def plug_set(forge: Forge, name: str, options: list[int]) -> Row:
    entries = [{"plugItemHash": option, "currentlyCanRoll": True} for option in options]
    values = {"reusablePlugItems": entries, "isFakePlugSet": False}
    return plain(forge, "DestinyPlugSetDefinition", 0, forge.hash("plug set", name), "", **values)


def entry(forge: Forge, category: int, initial: int, plug_set_name: str = "", options: tuple[int, ...] = ()) -> dict:
    """One socket entry of an item definition."""
    socket: dict[str, Any] = {
        "socketTypeHash": forge.hash("socket type", category),
        "singleInitialItemHash": initial,
        "reusablePlugItems": [{"plugItemHash": option} for option in options],
        "preventInitializationOnVendorPurchase": False,
        "hidePerksInItemTooltip": False,
        "plugSources": 2,
        "defaultVisible": True,
    }
    if plug_set_name:
        socket["randomizedPlugSetHash"] = forge.hash("plug set", plug_set_name)
    return socket


def weapon_sockets(forge: Forge, key: int) -> dict[str, Any]:
    rng = forge.rng("sockets", key)
    frame = forge.hash("frame", rng.randrange(FRAME_COUNT))
    first, second = rng.sample(range(SETS_OF_TRAITS), 2)
    entries = [
        entry(forge, facts.INTRINSIC_TRAITS, frame, options=(frame,)),
        entry(forge, facts.WEAPON_PERKS, forge.hash("barrel", 0), "barrel"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("magazine", 0), "magazine"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("trait", rng.randrange(TRAIT_COUNT)), f"trait{first}"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("trait", rng.randrange(TRAIT_COUNT)), f"trait{second}"),
        entry(forge, facts.WEAPON_COSMETICS, forge.hash("shader", rng.randrange(SHADER_COUNT))),
        entry(forge, facts.WEAPON_MODS, forge.hash("mod", rng.randrange(0, MOD_COUNT, 2))),
        entry(forge, facts.WEAPON_MODS, forge.hash("masterwork", 0)),
    ]
    groups = {
        facts.INTRINSIC_TRAITS: [0],
        facts.WEAPON_PERKS: [1, 2, 3, 4],
        facts.WEAPON_COSMETICS: [5],
        facts.WEAPON_MODS: [6, 7],
    }
    return socket_block(entries, groups)


def armor_sockets(forge: Forge, key: int) -> dict[str, Any]:
    rng = forge.rng("sockets", key)
    frame = forge.hash("frame", rng.randrange(FRAME_COUNT))
    mods = [forge.hash("mod", number) for number in rng.sample(range(1, MOD_COUNT, 2), 3)]
    entries = [entry(forge, facts.ARMOR_PERKS, frame, options=(frame,))]
    entries += [entry(forge, facts.ARMOR_MODS, mod) for mod in mods]
    entries.append(entry(forge, facts.ARMOR_COSMETICS, forge.hash("shader", rng.randrange(SHADER_COUNT))))
    groups = {facts.ARMOR_PERKS: [0], facts.ARMOR_MODS: [1, 2, 3], facts.ARMOR_COSMETICS: [4]}
    return socket_block(entries, groups)


def socket_block(entries: list[dict], groups: dict[int, list[int]]) -> dict[str, Any]:
    return {
        "detail": Both("Details", "Détails"),
        "socketEntries": entries,
        "intrinsicSockets": [],
        "socketCategories": [
            {"socketCategoryHash": category, "socketIndexes": indexes} for category, indexes in groups.items()
        ],
    }
