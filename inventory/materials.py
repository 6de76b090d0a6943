"""What is spent, counted over every place where it lies: often in the inventory and in the vault. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from destinyvault.bungie.enums import Bucket

from .vault import ACCOUNT, CHARACTER, POSTMASTER, VAULT, OwnedItem, Vault

STORES = {ACCOUNT: "inventory", VAULT: "vault", POSTMASTER: "postmaster", CHARACTER: "characters"}


@dataclass(frozen=True, slots=True)
class Material:
    name: str
    tier: int
    icon: str
    total: int
    stores: tuple[tuple[str, int], ...]

    @property
    def shown(self) -> str:
        return f"{self.total:,}"

    @property
    def where(self) -> str:
        """Such as "inventory 40 · vault 1,200"; only for what lies in several places."""
        return " · ".join(f"{store} {count:,}" for store, count in self.stores) if len(self.stores) > 1 else ""


def materials(vault: Vault) -> tuple[Material, ...]:
    """The most precious first."""
    stacks: dict[int, list[OwnedItem]] = defaultdict(list)
    for item in vault.items:
        if item.id is None and item.bucket_hash == Bucket.CONSUMABLES:
            stacks[item.hash].append(item)
    found = [_material(each) for each in stacks.values()]
    return tuple(sorted(found, key=lambda material: (-material.tier, material.name)))


def _material(stacks: list[OwnedItem]) -> Material:
    counts = {location: sum(stack.quantity for stack in stacks if stack.location == location) for location in STORES}
    return Material(
        name=stacks[0].name,
        tier=stacks[0].tier,
        icon=stacks[0].icon,
        total=sum(counts.values()),
        stores=tuple((STORES[location], count) for location, count in counts.items() if count),
    )
