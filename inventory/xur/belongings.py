"""What a person has of Xûr's wares and of what he asks for, as last known: Bungie is not asked for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from inventory.detail import place
from inventory.profile import Profile
from inventory.vault import Guardian, build_vault
from inventory.words import Words


@dataclass(frozen=True, slots=True)
class Belongings:
    """`copies` by item: where each is, in words. `held` by currency."""

    copies: Mapping[int, tuple[str, ...]]
    held: Mapping[int, int]


def guardians(profile: Profile, words: Words) -> tuple[Guardian, ...]:
    """Last played first."""
    return build_vault(replace(profile, items=(), currencies=()), {}, words).characters


def belongings(profile: Profile, sold: Collection[int], asked: Collection[int], words: Words) -> Belongings:
    held: Counter[int] = Counter()
    for each in (*profile.currencies, *profile.items):
        if each.hash in asked:
            held[each.hash] += each.quantity
    vault = build_vault(replace(profile, items=tuple(each for each in profile.items if each.hash in sold)), {}, words)
    copies: dict[int, list[str]] = defaultdict(list)
    for item in vault.items:
        copies[item.hash].append(place(item, vault))
    return Belongings({item: tuple(places) for item, places in copies.items()}, held)
