"""What a person has of Xûr's wares and of what he asks for, as last known: Bungie is not asked for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from inventory.detail import place
from inventory.models import ProfileSnapshot
from inventory.profile import Profile, parse_profile
from inventory.vault import Guardian, build_vault
from inventory.words import Words

from .replies import Shelf


@dataclass(frozen=True, slots=True)
class Belongings:
    """`copies` by item: where each is, in words. `held` by currency; None where nobody knows."""

    copies: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    held: Mapping[int, int] | None = None


NOTHING = Belongings()


def last_known(membership_pk: int) -> Profile | None:
    row = ProfileSnapshot.objects.filter(pk=membership_pk).first()
    return parse_profile(row.reply) if row else None


def guardians(profile: Profile, words: Words) -> tuple[Guardian, ...]:
    """Last played first."""
    return build_vault(replace(profile, items=(), currencies=()), {}, words).characters


def belongings(profile: Profile, shelves: Iterable[Shelf], words: Words) -> Belongings:
    sales = [sale for shelf in shelves for sale in shelf.sales]
    sold, asked = {sale.hash for sale in sales}, {cost.hash for sale in sales for cost in sale.costs}
    held: Counter[int] = Counter()
    for each in (*profile.currencies, *profile.items):
        if each.hash in asked:
            held[each.hash] += each.quantity
    vault = build_vault(replace(profile, items=tuple(each for each in profile.items if each.hash in sold)), {}, words)
    copies: dict[int, list[str]] = defaultdict(list)
    for item in vault.items:
        copies[item.hash].append(place(item, vault))
    return Belongings({item: tuple(places) for item, places in copies.items()}, held)
