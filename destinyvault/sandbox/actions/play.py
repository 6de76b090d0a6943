"""The player at the game meanwhile: things move without a token, a throttle or a request, by the rules of the game.

Orders name an item by "item" (an instance id) or, where it is a stack, by "hash"; "to" is "vault", "postmaster" (with
"character") or a character id. What the game would not do raises ValueError with the reason.
"""

import itertools
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.actions import equipping, moves, states
from destinyvault.sandbox.actions.journal import whereabouts
from destinyvault.sandbox.actions.moves import Place
from destinyvault.sandbox.belongings import LOCKED, Belongings, Character, Item
from destinyvault.sandbox.catalog import Catalog, Kind
from destinyvault.sandbox.codes import CODES
from destinyvault.sandbox.envelope import Refused
from destinyvault.sandbox.rolls import roll

if TYPE_CHECKING:
    from destinyvault.sandbox.account import Account
    from destinyvault.sandbox.server import Sandbox

Order = dict[str, Any]
Touched = list[Item]
INSTANCES = itertools.count(6917539000000000001)  # beyond all that are drawn
NOWHERE = -1


def play(sandbox: "Sandbox", account: "Account", order: Order) -> list[dict[str, Any]]:
    """Where what was touched is now. GetProfile tells of it at once, or with "seen": false when its cache is old."""
    deed = DEEDS.get(order["do"])
    if deed is None:
        raise ValueError(f"nobody can {order['do']!r}; there is: {', '.join(DEEDS)}")
    try:
        touched, _ = account.write(lambda owned: deed(owned, sandbox.catalog, order))
    except Refused as refused:
        raise ValueError(f"the game refuses: {refused.code} {CODES[refused.code].status}") from refused
    if order.get("seen", True):
        account.forget()
    return whereabouts(touched)


def move(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    """From anywhere to anywhere, by way of the vault where that is needed. Locks stay as they are."""
    stacks = meant(owned, order)
    first = stacks[0]
    state, quantity = first.state, order.get("quantity", first.quantity)
    if first.equipped:
        raise Refused(moves.EQUIPPED)
    if not first.movable and first.bucket != facts.POSTMASTER:
        raise Refused(moves.NOT_TRANSFERRABLE)
    moves.move(owned, stacks, quantity, place(owned, first, order))
    first.state = state
    return [one for one in owned.items if one is first or (not one.instance_id and one.hash == first.hash)]


def equip(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    item = meant(owned, order)[0]
    character = the_character(owned, item.owner)
    equipping.wear(owned, character, equipping.on(owned, character, item.instance_id or ""))
    return [item]


def dismantle(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    """Gone for ever. What is worn or locked cannot be."""
    stacks = meant(owned, order)
    if stacks[0].equipped or stacks[0].state & LOCKED:
        raise ValueError("it is worn or locked")
    moves.take(owned, stacks, order.get("quantity", sum(one.quantity for one in stacks)))
    return [one for one in stacks if one.quantity]


def lock(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    item = meant(owned, order)[0]
    states.marked(item, LOCKED, order["state"])
    return [item]


def add(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    """Something new of that "hash", or of any kind of that "bucket"; "quantity", "state" and "level" may be given.

    What finds no room on a character waits at the postmaster, and the oldest there is lost when that is full."""
    kind = catalog.by_hash[order["hash"]] if "hash" in order else kinds_of(catalog, order["bucket"])[0]
    item = made(catalog, kind, order)
    there = {id(one) for one in owned.items}
    try:
        put(owned, item, place(owned, item, order))
    except Refused:
        if order["to"] in ("vault", "postmaster"):
            raise
        lost_and_found(owned, item, order["to"])
    return [one for one in owned.items if id(one) not in there or (one.hash == item.hash and not one.instance_id)]


def fill(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    """ "where" is "vault", "postmaster" or a bucket, of "character" where it is a character's; "free" places stay."""
    where, owner = order["where"], order.get("character", "")
    bucket = {"vault": facts.VAULT, "postmaster": facts.POSTMASTER}.get(where, where)
    shared = owned.bucket(bucket).shared
    owner = "" if shared else the_character(owned, owner).id
    missing = owned.free(bucket, owner) - order.get("free", 0)
    if missing < 0:
        raise ValueError(f"only {owned.free(bucket, owner)} places are free")
    kinds = itertools.cycle(kinds_of(catalog, facts.KINETIC if isinstance(where, str) else bucket))
    new = [made(catalog, next(kinds), {}) for _ in range(missing)]
    for item in new:
        item.bucket, item.owner, item.quantity = bucket, owner, item.stack_limit
    owned.items += new
    return new


def activity(owned: Belongings, catalog: Catalog, order: Order) -> Touched:
    """Into an activity that locks what the character wears, or out of it into orbit."""
    the_character(owned, order["character"]).busy = bool(order["locked"])
    return []


def meant(owned: Belongings, order: Order) -> list[Item]:
    if "item" in order:
        found = [one for one in owned.items if one.instance_id == str(order["item"])]
    else:
        found = [one for one in owned.items if one.hash == order["hash"] and not one.instance_id]
    if not found:
        raise ValueError("there is no such item")
    return sorted(found, key=lambda one: one.quantity)


def the_character(owned: Belongings, key: str) -> Character:
    found = owned.character(str(key))
    if found is None:
        raise ValueError(f"there is no character {key!r}")
    return found


def place(owned: Belongings, item: Item, order: Order) -> Place:
    if order["to"] == "vault":
        return moves.VAULT
    if order["to"] == "postmaster":
        return Place(facts.POSTMASTER, the_character(owned, order["character"]).id)
    return moves.home(owned, item, the_character(owned, order["to"]))


def put(owned: Belongings, item: Item, where: Place) -> None:
    """Brings a new item in."""
    moves.move(owned, [item], item.quantity, where)
    if item.instance_id:
        owned.items.append(item)


def lost_and_found(owned: Belongings, item: Item, character: str) -> None:
    if not owned.free(facts.POSTMASTER, character):
        oldest = owned.bag(facts.POSTMASTER, character)[0]
        owned.items = [one for one in owned.items if one is not oldest]
    put(owned, item, Place(facts.POSTMASTER, character))


def kinds_of(catalog: Catalog, bucket: int) -> list[Kind]:
    """Plain ones: of which there may be any number, and which nothing holds back."""
    kinds = [
        kind for kind in catalog.by_bucket[bucket] if kind.movable and not kind.stack_label and not kind.equip_label
    ]
    if not kinds:
        raise ValueError(f"nothing goes into bucket {bucket}")
    return kinds


def made(catalog: Catalog, kind: Kind, order: Order) -> Item:
    item = Item(
        kind.hash, kind.bucket, NOWHERE, instance_id=str(next(INSTANCES)) if kind.instanced else None,
        quantity=order.get("quantity", 1), state=order.get("state", 0), level=order.get("level", 0), kind=kind,
        power=1950 if kind.type in (facts.WEAPON_TYPE, facts.ARMOR_TYPE) else 0,
    )  # fmt: skip
    if kind.instanced:
        roll(item, catalog.numbers, random.Random(item.instance_id))  # noqa: S311 (a made-up world)
    return item


DEEDS: dict[str, Callable[[Belongings, Catalog, Order], Touched]] = {
    "move": move,
    "equip": equip,
    "dismantle": dismantle,
    "lock": lock,
    "add": add,
    "fill": fill,
    "activity": activity,
}
