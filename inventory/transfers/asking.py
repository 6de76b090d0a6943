"""What may be asked for, by a form or by a program: an order, or a sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.people import Player
from inventory import snapshots
from inventory.reading import read
from inventory.vault import ACCOUNT, VAULT, Vault

from .models import Action
from .orders import WITHOUT_DESTINATION, Reference, order_of, store_of
from .queueing import NoWay, Order, too_many
from .steps import Refusal
from .wants import ANYWHERE

STORES_ONLY = (Action.COLLECT, Action.ROOM)  # what they are about is told by the character
TO_CHARACTERS = (Action.EQUIP, *STORES_ONLY)
MOST_PIECES = 2**31 - 1  # of a stack: more than the database counts are nobody's

NO_DESTINATION = "Say where to: one of your characters, or the vault."
NO_CHARACTER = "Say where to: one of your characters."
NO_SUCH_STORE = "You have no such character. Choose one of yours, or the vault."
NOT_A_CHARACTER = "That needs one of your characters, not the vault."
NOTHING_GOES_ANYWHERE = "“{}” takes no destination: leave “to” away."
NO_ITEMS = "Name at least one item, by item_id or by item_hash."
NAMES_NO_ITEMS = "“{}” is about all that a character has: leave the items away."
NO_SUCH_SOURCE = "You have no store “{}”. A source is one of your characters, “vault” or “account”."
SINGLE = "{} names single items, of which each has an id of its own: name the one that you mean by item_id."
FROM_WHERE = "Say from whose postmaster: name one of your characters as the source of item {}."
ELSEWHERE = "Item {} is in “{}”, not in “{}”: name that as its source, or leave the source away."
ONE_OF_IT = "Of item {} there is only one: leave its quantity away."


class WrongRequest(Exception):
    """It makes no sense as it was asked for, whatever is where. Its words say what to do instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks for. `move_others` None is as the person prefers it."""

    action: Action
    items: Sequence[Reference] = ()
    to: str = ""
    move_others: bool | None = None
    key: str = ""

    def is_same_as(self, action: str, wants: Sequence[dict[str, Any]]) -> bool:
        """As what a job was made of; of the two that are about a whole character, that was what lay there then."""
        if self.action != action or any(want["to"] not in ("", self.to) for want in wants):
            return False
        if self.action == Action.COLLECT:
            return all(want["source"] == self.to for want in wants)
        if self.action in STORES_ONLY:
            return True
        told = [(want["item_id"] or want["item_hash"], want["source"], want["quantity"]) for want in wants]
        mine = [
            (each.item_id or each.item_hash, each.store, 0 if each.item_id else each.quantity)
            for each in dict.fromkeys(self.items)
        ]
        return told == mine


def order(player: Player, asked: Asked) -> Order:
    """Looks at what is known of the person's items, or at Bungie where that is old.

    Raises WrongRequest, NoWay where there is nothing to do, BungieError.
    """
    vault = read(snapshots.latest(player)).vault
    _check(asked, vault)
    _check_sources(asked, vault)
    kept = player.preferences.move_others
    return order_of(
        asked.action,
        list(dict.fromkeys(asked.items)),
        vault,
        to=asked.to,
        move_others=kept if asked.move_others is None else asked.move_others,
        key=asked.key,
    )


def wrong_destination(action: Action, to: str, vault: Vault) -> str:
    """A sentence, or nothing where it is right."""
    if action in WITHOUT_DESTINATION:
        return ""
    if not to:
        return NO_CHARACTER if action in TO_CHARACTERS else NO_DESTINATION
    if to == VAULT:
        return NOT_A_CHARACTER if action in TO_CHARACTERS else ""
    return "" if to in _characters(vault) else NO_SUCH_STORE


def _check(asked: Asked, vault: Vault) -> None:
    """In the order in which a person would mend it."""
    for sentence in _sentences(asked, vault):
        if sentence:
            raise WrongRequest(sentence)


def _check_sources(asked: Asked, vault: Vault) -> None:
    """Of items with ids: a source is where the program believes them to be."""
    there = {item.id: store_of(item) for item in vault.items if item.id}
    wrong = [
        Refusal(number, "elsewhere", ELSEWHERE.format(each.item_id, there[each.item_id], each.store))
        for number, each in enumerate(dict.fromkeys(asked.items))
        if each.store and there.get(each.item_id, each.store) != each.store
    ]
    if wrong:
        raise NoWay(wrong)


def _sentences(asked: Asked, vault: Vault) -> Iterable[str]:
    yield too_many(len(asked.items))
    yield _wrong_number(asked)
    yield NOTHING_GOES_ANYWHERE.format(asked.action) if asked.action in WITHOUT_DESTINATION and asked.to else ""
    yield wrong_destination(asked.action, asked.to, vault)
    characters = _characters(vault)
    stores = {ANYWHERE, VAULT, ACCOUNT, *characters}
    yield from (NO_SUCH_SOURCE.format(each.store) for each in asked.items if each.store not in stores)
    yield from (ONE_OF_IT.format(each.item_id) for each in asked.items if each.item_id and each.quantity > 1)
    stacks = {item.hash for item in vault.items if item.id is None}
    singles = {item.hash for item in vault.items} - stacks
    yield from (SINGLE.format(each.item_hash) for each in asked.items if each.item_hash in singles)
    if asked.action == Action.PULL:
        pulled = (each for each in asked.items if not each.item_id and each.store not in characters)
        yield from (FROM_WHERE.format(each.item_hash) for each in pulled)


def _wrong_number(asked: Asked) -> str:
    if asked.action in STORES_ONLY:
        return NAMES_NO_ITEMS.format(asked.action) if asked.items else ""
    return "" if asked.items else NO_ITEMS


def _characters(vault: Vault) -> set[str]:
    return {guardian.id for guardian in vault.characters}
