"""The buttons of an item's page and of its dialog, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inventory.reading import Reading
from inventory.vault import POSTMASTER, VAULT, OwnedItem

from . import permissions
from .naming import stores
from .orders import store_of
from .permissions import Permissions
from .world import class_types

ALL_OF_THEM = "Your characters"  # what all of them share is with each
PULL = "Pull from the postmaster"
THERE, WORN, OTHER_CLASS = "It is there already.", "It is worn already.", "It is of another class."


@dataclass(frozen=True, slots=True)
class Button:
    """`why_not` is empty where it can be pressed."""

    to: str
    label: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """`sources` are what can be moved, as references with words; more than one only where stacks lie apart."""

    sources: tuple[tuple[str, str], ...]
    most: int
    move: tuple[Button, ...] = ()
    equip: tuple[Button, ...] = ()
    consolidate: tuple[Button, ...] = ()
    lock: str = ""  # "lock" or "unlock"
    pull: tuple[Button, ...] = ()
    take_off: str = ""  # of whom

    @property
    def any(self) -> bool:
        return bool(self.move or self.equip or self.consolidate or self.lock or self.pull or self.take_off)


def of_item(item: OwnedItem, reading: Reading) -> Buttons:
    allowed, names = _allowed(item, reading), stores(reading.vault.characters)
    move = _move([allowed], names)
    wearer = (item.owner or "") if item.equipped else ""
    return Buttons(
        sources=((reference(item), ""),),
        most=1,
        move=tuple(each for each in move if each.to != item.owner or not (wearer or allowed.pull)),
        equip=tuple(
            Button(each.to, names[each.to], "" if each.enabled else WORN if item.owner == each.to else OTHER_CLASS)
            for each in allowed.equip
        ),
        lock=("unlock" if item.locked else "lock") if allowed.lock else "",
        pull=(Button(item.owner or "", PULL),) if allowed.pull else (),
        take_off=wearer if wearer in {each.to for each in allowed.store} else "",
    )


def of_stacks(stacks: Sequence[tuple[str, OwnedItem]], reading: Reading) -> Buttons:
    """`stacks` are the places in words, each with what lies there."""
    allowed, names = [_allowed(item, reading) for _, item in stacks], stores(reading.vault.characters)
    sources: dict[str, list[str]] = {}
    for place, item in stacks:
        sources.setdefault(reference(item), []).append(f"{place}: {item.quantity:,}")
    move = tuple(_move(allowed, names, ALL_OF_THEM if _is_shared(stacks, reading) else ""))
    amounts = Counter[str]()
    for _, item in stacks:
        amounts[reference(item)] += item.quantity
    return Buttons(
        sources=tuple((given, "; ".join(words)) for given, words in sources.items()),
        most=max(amounts.values(), default=0),
        move=move,
        consolidate=_consolidate([item for _, item in stacks], move),
        pull=tuple(_pull([item.owner or "" for _, item in stacks if item.location == POSTMASTER], names)),
    )


def reference(item: OwnedItem) -> str:
    """As forms.py reads it."""
    return item.id or f"{item.hash}@{store_of(item)}"


def _allowed(item: OwnedItem, reading: Reading) -> Permissions:
    return permissions.permissions(item, class_types(reading), reading.words.buckets)


def _pull(owners: Sequence[str], names: dict[str, str]) -> Iterable[Button]:
    for owner in dict.fromkeys(owners):
        yield Button(owner, f"{PULL} of {names.get(owner, 'a character')}" if len({*owners}) > 1 else PULL)


def _consolidate(items: Sequence[OwnedItem], move: Iterable[Button]) -> tuple[Button, ...]:
    """Only where there is something to bring from elsewhere; what is lost has to be pulled first."""
    lying = [item for item in items if item.location != POSTMASTER]
    if len(lying) < 2:
        return ()
    return tuple(Button(each.to, each.label) for each in move if any(_is_elsewhere(item, each.to) for item in lying))


def _is_elsewhere(item: OwnedItem, to: str) -> bool:
    if VAULT in (item.location, to):
        return item.location != to
    return item.owner not in (None, to)


def _is_shared(stacks: Sequence[tuple[str, OwnedItem]], reading: Reading) -> bool:
    buckets = {reading.words.buckets.get(item.bucket_hash) for _, item in stacks}
    return any(bucket and bucket.account_wide for bucket in buckets)


def _move(allowed: Sequence[Permissions], names: dict[str, str], shared: str = "") -> Iterable[Button]:
    """Where any of them may go; a place where all of it lies already is shown as such."""
    enabled = {button.to for each in allowed for button in each.store if button.enabled}
    shown = {button.to for each in allowed for button in each.store}
    for to, name in names.items():
        if to == VAULT and any(each.vault for each in allowed):
            yield Button(VAULT, "Vault")
        elif to in shown:
            yield Button(to, shared or name, "" if to in enabled else THERE)
