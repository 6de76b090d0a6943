"""From what a person pressed to wishes about items. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from inventory.power import ARMOR, WEAPONS
from inventory.vault import ACCOUNT, POSTMASTER, VAULT, OwnedItem, Vault

from .models import Action
from .queueing import NoWay, Order
from .steps import Refusal
from .wants import ANYWHERE, Kind, Want

KINDS = {
    Action.MOVE: Kind.MOVE,
    Action.EQUIP: Kind.EQUIP,
    Action.LOCK: Kind.LOCK,
    Action.UNLOCK: Kind.UNLOCK,
    Action.PULL: Kind.PULL,
    Action.CONSOLIDATE: Kind.CONSOLIDATE,
}
WITHOUT_DESTINATION = (Action.LOCK, Action.UNLOCK, Action.PULL)
NOTHING_LOST = "There is nothing at the postmaster of this character."


@dataclass(frozen=True, slots=True)
class Reference:
    """One tile of the page: an instance, or the stack of a kind in one store. `quantity` 0 is the order's."""

    item_id: str | None = None
    item_hash: int = 0
    store: str = ANYWHERE
    quantity: int = 0

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        if match["id"]:
            return cls(item_id=match["id"])
        return cls(item_hash=int(match["hash"]), store=match["store"])


def meant(action: str, *, equip: bool) -> Action:
    """A move of what is to be worn there is what "equip" says."""
    return Action.EQUIP if action == Action.MOVE and equip else Action(action)


def order_of(
    action: Action,
    items: Sequence[Reference],
    vault: Vault,
    *,
    to: str = "",
    quantity: int = 0,
    move_others: bool = True,
    key: str = "",
) -> Order:
    """Raises NoWay where there is nothing to do."""
    match action:
        case Action.COLLECT:
            wants = tuple(_pull(item) for item in lost(vault, to))
        case Action.ROOM:
            wants = tuple(_room(vault, to))
        case _:
            hashes = {item.id: item.hash for item in vault.items if item.id}
            wants = tuple(_want(action, each, hashes, to, quantity) for each in items)
    if not wants:
        raise NoWay([Refusal(0, "nothing_there", NOTHING_LOST)])
    return Order(action, wants, move_others, key)


def store_of(item: OwnedItem) -> str:
    """As a wish names it; a postmaster is its character's."""
    return item.owner or (VAULT if item.location == VAULT else ACCOUNT)


def lost(vault: Vault, character_id: str) -> list[OwnedItem]:
    """What lies at the postmaster of a character."""
    return [item for item in vault.items if item.location == POSTMASTER and item.owner == character_id]


def _want(action: Action, item: Reference, hashes: dict[str, int], to: str, quantity: int) -> Want:
    """Of an instance, its hash stands beside its id, so that the job can name it when it is gone.

    A stack is pulled from the postmaster of the character `to`, wherever else some of it lies.
    """
    pulled = action == Action.PULL and item.item_id is None and to
    return Want(
        kind=KINDS[action],
        item_id=item.item_id,
        item_hash=item.item_hash or hashes.get(item.item_id or "", 0),
        quantity=(item.quantity or quantity) if item.item_id is None else 0,
        source=to if pulled else item.store,
        to="" if action in WITHOUT_DESTINATION else to,
    )


def _pull(item: OwnedItem) -> Want:
    return Want(Kind.PULL, item.id, item.hash, source=item.owner or ANYWHERE)


def _room(vault: Vault, character_id: str) -> Iterator[Want]:
    """For what its postmaster holds; with nothing there, one free place in each bucket that drops in the game fill."""
    needed = Counter(item.bucket_hash for item in lost(vault, character_id) if item.id)
    for bucket_hash, places in (needed or dict.fromkeys((*WEAPONS, *ARMOR), 1)).items():
        yield Want(Kind.ROOM, item_hash=bucket_hash, quantity=places, to=character_id)
