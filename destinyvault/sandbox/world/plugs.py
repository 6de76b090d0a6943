"""What goes into sockets: frames, barrels, magazines, traits, mods, shaders; and the sets that weapons roll from."""

from collections.abc import Iterator
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge, Row, Sort, item_row, plain
from destinyvault.sandbox.world.statistics import investments
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
    ]
    for kind, type_name, names, category in kinds:
        for number, name in enumerate(names):
            key = forge.hash(kind, number)
            granted = [{"perkHash": key, "perkVisibility": 0, "requirementDisplayString": ""}]
            more = plug(category, forge) | {"perks": granted, "investmentStats": given(forge, kind, number)}
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
        more = plug(category, forge) | {"investmentStats": given(forge, "weapon mod" if weapon else "mod", number)}
        yield item_row(forge, forge.hash("mod", number), name, facts.LEGENDARY, sort, **more)


def given(forge: Forge, kind: str, number: int) -> list[dict[str, Any]]:
    """What the plug gives to its weapon or armor: nothing, for many."""
    rng = forge.rng("given", kind, number)
    if kind == "barrel":
        return investments({facts.RANGE: rng.randrange(3, 11), facts.HANDLING: rng.choice((-5, 5, 8))})
    if kind == "magazine":
        return investments({facts.MAGAZINE: rng.randrange(5, 31), facts.RELOAD: rng.choice((-8, 4, 10))})
    if kind == "trait" and number % 4 == 0:
        return investments({facts.STABILITY: rng.randrange(4, 11)}, {facts.HANDLING: 20} if number % 8 == 0 else None)
    if kind == "mod":
        return investments({rng.choice(facts.ARMOR_STATS): rng.choice((5, 10))} if number % 3 == 0 else {})
    return investments({facts.AIM_ASSIST: 5} if kind == "weapon mod" and number % 8 == 0 else {})


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


def entry(
    forge: Forge,
    category: int,
    initial: int,
    plug_set_name: str = "",
    options: tuple[int, ...] = (),
    *,
    visible: bool = True,
) -> dict:
    """One socket entry of an item definition."""
    socket: dict[str, Any] = {
        "socketTypeHash": forge.hash("socket type", category),
        "singleInitialItemHash": initial,
        "reusablePlugItems": [{"plugItemHash": option} for option in options],
        "preventInitializationOnVendorPurchase": False,
        "hidePerksInItemTooltip": False,
        "plugSources": 2,
        "defaultVisible": visible,
    }
    if plug_set_name:
        socket["randomizedPlugSetHash"] = forge.hash("plug set", plug_set_name)
    return socket


def socket_block(entries: list[dict], groups: dict[int, list[int]]) -> dict[str, Any]:
    return {
        "detail": Both("Details", "Détails"),
        "socketEntries": entries,
        "intrinsicSockets": [],
        "socketCategories": [
            {"socketCategoryHash": category, "socketIndexes": indexes} for category, indexes in groups.items()
        ],
    }
