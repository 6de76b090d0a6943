"""What can be pressed for one item: which buttons its page and its dialog show, and why some of them do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.vault import ACCOUNT, POSTMASTER, VAULT, OwnedItem, Vault

from .naming import stores


@dataclass(frozen=True, slots=True)
class Button:
    """`why_not` is empty where it can be pressed."""

    to: str
    label: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """`sources` are the stacks to choose from, as references with their words; one for an instance."""

    sources: tuple[tuple[str, str], ...]
    most: int
    move: tuple[Button, ...]
    equip: tuple[Button, ...]
    consolidate: tuple[Button, ...] = ()
    can_lock: bool = False
    locked: bool = False
    can_pull: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.move or self.equip or self.consolidate or self.can_lock or self.can_pull)


def of_item(item: OwnedItem, vault: Vault) -> Buttons:
    names = stores(vault.characters)
    movable = item.transferable
    return Buttons(
        sources=((item.id or "", ""),),
        most=1,
        move=tuple(Button(to, _heading(name)) for to, name in names.items()) if movable else (),
        equip=tuple(Button(to, name) for to, name in names.items() if to != VAULT) if item.power else (),
        can_lock=True,
        locked=item.locked,
        can_pull=item.location == POSTMASTER,
    )


def of_stacks(stacks: Sequence[tuple[str, OwnedItem]], vault: Vault) -> Buttons:
    """`stacks` are the places in words, each with what lies there."""
    names = stores(vault.characters)
    return Buttons(
        sources=tuple((reference(item), f"{place}: {item.quantity:,}") for place, item in stacks),
        most=sum(item.quantity for _, item in stacks),
        move=tuple(Button(to, _heading(name)) for to, name in names.items()),
        equip=(),
        consolidate=tuple(Button(to, _heading(name)) for to, name in names.items()) if len(stacks) > 1 else (),
        can_pull=any(item.location == POSTMASTER for _, item in stacks),
    )


def reference(item: OwnedItem) -> str:
    """As forms.py reads it."""
    if item.id:
        return item.id
    return f"{item.hash}@{item.owner or (VAULT if item.location == VAULT else ACCOUNT)}"


def _heading(name: str) -> str:
    return name.removeprefix("the ").capitalize() if name.startswith("the ") else name
