"""The sockets of weapons and armor: which plugs they start with, and which they may roll."""

from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.world.forge import Forge
from destinyvault.sandbox.world.plugs import (
    FRAME_COUNT,
    MOD_COUNT,
    SETS_OF_TRAITS,
    SHADER_COUNT,
    TRAIT_COUNT,
    entry,
    socket_block,
)
from destinyvault.sandbox.world.upgrades import (
    MASTERWORKS,
    TRACKERS,
    armor_masterwork,
    armor_roll,
    masterwork,
    shape,
    tracker,
)


def weapon_sockets(forge: Forge, key: int) -> dict[str, Any]:
    rng = forge.rng("sockets", key)
    frame = forge.hash("frame", rng.randrange(FRAME_COUNT))
    first, second = rng.sample(range(SETS_OF_TRAITS), 2)
    stat = rng.choice(list(MASTERWORKS))
    trackers = tuple(tracker(forge, number) for number in range(len(TRACKERS) + 1))
    entries = [
        entry(forge, facts.INTRINSIC_TRAITS, frame, options=(frame,)),
        entry(forge, facts.WEAPON_PERKS, forge.hash("barrel", 0), "barrel"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("magazine", 0), "magazine"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("trait", rng.randrange(TRAIT_COUNT)), f"trait{first}"),
        entry(forge, facts.WEAPON_PERKS, forge.hash("trait", rng.randrange(TRAIT_COUNT)), f"trait{second}"),
        entry(forge, facts.WEAPON_COSMETICS, forge.hash("shader", rng.randrange(SHADER_COUNT))),
        entry(forge, facts.WEAPON_MODS, forge.hash("mod", rng.randrange(0, MOD_COUNT, 2))),
        entry(forge, facts.WEAPON_MODS, masterwork(forge, stat, 1), f"masterwork {MASTERWORKS[stat][0]}"),
        entry(forge, facts.WEAPON_COSMETICS, trackers[0], options=trackers),
        entry(forge, facts.INTRINSIC_TRAITS, 0, options=(shape(forge),)),
    ]
    groups = {
        facts.INTRINSIC_TRAITS: [0, 9],
        facts.WEAPON_PERKS: [1, 2, 3, 4],
        facts.WEAPON_COSMETICS: [5, 8],
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
    entries.append(entry(forge, facts.ARMOR_MODS, armor_masterwork(forge, 1), "masterwork armor"))
    entries += [
        entry(forge, facts.ARMOR_PERKS, armor_roll(forge, half, 0), f"armor roll {half}", visible=False)
        for half in range(2)
    ]
    groups = {facts.ARMOR_PERKS: [0, 6, 7], facts.ARMOR_MODS: [1, 2, 3, 5], facts.ARMOR_COSMETICS: [4]}
    return socket_block(entries, groups)
