"""How things move: between character and vault, and out of the postmaster. Pure: belongings in, changed or Refused.

The characterId is the source on the way to the vault and the destination on the way from it, so that nothing goes from
one character to another at once (Bungie-net/api #1936). What is not where the request says it is, is not found.
"""

from dataclasses import dataclass, replace

from destinyvault.sandbox import facts
from destinyvault.sandbox.belongings import LOCKED, Belongings, Character, Item
from destinyvault.sandbox.envelope import Refused

NOT_FOUND, NO_VAULT_SLOT, EQUIPPED, NOT_TRANSFERRABLE, FORBIDDEN = 1623, 1627, 1656, 1660, 1663
SIDE_EFFECTS, NOT_UNIQUE, NO_ROOM, INVENTORY_FULL = 1673, 1648, 1642, 1637
AWAY = (facts.VAULT, facts.POSTMASTER)


@dataclass(frozen=True)
class Asked:
    """An item as a request names it: an instance, or so many of a stack."""

    hash: int
    instance_id: str | None
    quantity: int


@dataclass(frozen=True)
class Place:
    bucket: int
    owner: str = ""


VAULT = Place(facts.VAULT)


def transfer(owned: Belongings, character: Character, asked: Asked, to_vault: bool) -> None:
    """Codes in this order, which is chosen: not found, no vault slot, forbidden, not transferrable, equipped, a stack
    that has to move whole, a second one of its label, no room."""
    there = [one for one in owned.items if (carried(one, character) if to_vault else one.bucket == facts.VAULT)]
    stacks = named(there, asked)
    first = stacks[0]
    if not owned.bucket(first.home).vaulted:
        raise Refused(NO_VAULT_SLOT)
    permitted(first)
    if not first.movable:
        raise Refused(NOT_TRANSFERRABLE)
    if first.equipped:
        raise Refused(EQUIPPED)
    if first.stack_label and asked.quantity != first.quantity:
        raise Refused(NOT_UNIQUE)  # the code is chosen; that it is refused is #790
    move(owned, stacks, asked.quantity, VAULT if to_vault else home(owned, first, character))


def pull(owned: Belongings, character: Character, asked: Asked) -> None:
    """From the character's own postmaster. Chosen: full is 1637; what cannot be transferred can still be pulled, and
    of a stack with a label so much as fits."""
    stacks = named(owned.bag(facts.POSTMASTER, character.id), asked)
    permitted(stacks[0])
    if stacks[0].kind and stacks[0].kind.side_effects:
        raise Refused(SIDE_EFFECTS)
    move(owned, stacks, asked.quantity, home(owned, stacks[0], character), full=INVENTORY_FULL)


def carried(item: Item, character: Character) -> bool:
    """By the character, or in the bags that all characters share."""
    return item.bucket not in AWAY and item.owner in ("", character.id)


def named(items: list[Item], asked: Asked) -> list[Item]:
    """What the request means of these, smallest stack first: one instance, or stacks that hold so many together."""
    found = [one for one in items if (one.hash, one.instance_id) == (asked.hash, asked.instance_id)]
    if not found or sum(one.quantity for one in found) < asked.quantity:
        raise Refused(NOT_FOUND)
    return sorted(found, key=lambda one: one.quantity)


def permitted(item: Item) -> None:
    if item.kind and not item.kind.acts:
        raise Refused(FORBIDDEN)


def home(owned: Belongings, item: Item, character: Character) -> Place:
    return Place(item.home, "" if owned.bucket(item.home).shared else character.id)


def move(owned: Belongings, stacks: list[Item], quantity: int, place: Place, full: int = NO_ROOM) -> None:
    """All of it or nothing; raises Refused with `full` where the places run out."""
    first = stacks[0]
    bag = owned.bag(place.bucket, place.owner)
    alike = sorted((one for one in bag if not one.instance_id and one.hash == first.hash), key=lambda one: one.quantity)
    needed = 1 if first.instance_id else further_stacks(alike, quantity, first.stack_limit)
    labelled = [one for one in bag if first.stack_label and one.stack_label == first.stack_label]
    if first.stack_label and needed and len(labelled) + needed > 1:
        raise Refused(NOT_UNIQUE)
    if needed > owned.free(place.bucket, place.owner):
        raise Refused(full)
    if first.instance_id:
        take_over_lock(owned, first)
        first.bucket, first.owner = place.bucket, place.owner
    else:
        pour(owned, stacks, alike, quantity, place)


def further_stacks(alike: list[Item], quantity: int, limit: int) -> int:
    """How many stacks have to be begun when those that are there are filled first."""
    rest = quantity - sum(max(0, limit - one.quantity) for one in alike)
    return max(0, -(-rest // limit))


def pour(owned: Belongings, stacks: list[Item], alike: list[Item], quantity: int, place: Place) -> None:
    """Takes from the smallest stacks first and fills the smallest first (MOVE_CASES E14); then begins new ones."""
    first = stacks[0]
    take(owned, stacks, quantity)
    for one in alike:
        filled = min(quantity, max(0, first.stack_limit - one.quantity))
        one.quantity += filled
        quantity -= filled
    while quantity:
        size = min(quantity, first.stack_limit)
        owned.items.append(replace(first, bucket=place.bucket, owner=place.owner, quantity=size))
        quantity -= size


def take(owned: Belongings, stacks: list[Item], quantity: int) -> None:
    for one in stacks:
        taken = min(quantity, one.quantity)
        one.quantity -= taken
        quantity -= taken
    emptied = {id(one) for one in stacks if not one.quantity}
    owned.items = [one for one in owned.items if id(one) not in emptied]


def take_over_lock(owned: Belongings, item: Item) -> None:
    """Bungie's bug #764: out of a bucket that holds another copy, an item comes with that copy's lock state."""
    others = (one for one in owned.bag(item.bucket, item.owner) if one.hash == item.hash and one is not item)
    other = next(others, None)
    if other:
        item.state = (item.state & ~LOCKED) | (other.state & LOCKED)
