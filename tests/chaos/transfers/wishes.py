"""What somebody of the crowd may ask for, drawn from where their items really are."""

import random
from collections.abc import Sequence

from destinyvault.sandbox import facts
from inventory.transfers.models import Action
from inventory.transfers.queueing import Order
from inventory.transfers.wants import Kind, Want
from tests.chaos.transfers.truth import Thing

GEAR = (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS)


def order(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> Order:
    draw = rng.choice(
        (_moves, _moves, _moves, _equips, _equips, _locks, _collect, _stacks, _stacks, _room, _consolidate)
    )
    action, wants = draw(things, characters, rng)
    return Order(action, tuple(wants), move_others=rng.random() > 0.15, key=f"{rng.getrandbits(64):x}")


def order_after(first: Order, things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> Order:
    """Another one of the same person: half of them about the same items. Of a stack both would count the other's."""
    named = {want.item_id for want in first.wants if want.item_id}
    same = [each for each in things if each.id in named and each.home in GEAR and not each.is_lost]
    rest = [each for each in things if each.id]
    action, wants = _moves(same if same and rng.random() < 0.5 else rest, characters, rng)
    return Order(action, tuple(wants), key=f"{rng.getrandbits(64):x}")


def _moves(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    gear = [each for each in things if each.id and each.home in GEAR and not each.is_lost]
    chosen = rng.sample(gear, min(len(gear), rng.randint(1, 5)))
    return Action.MOVE, [Want(Kind.MOVE, each.id, each.hash, to=_elsewhere(each, characters, rng)) for each in chosen]


def _equips(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    buckets = rng.choice((facts.WEAPON_BUCKETS, facts.WEAPON_BUCKETS, facts.ARMOR_BUCKETS))
    gear = [each for each in things if each.id and each.home in buckets and not each.is_lost]
    chosen = rng.sample(gear, min(len(gear), rng.randint(1, 3)))
    to = rng.choice(characters)
    one_per_slot = {each.home: each for each in chosen}.values()
    return Action.EQUIP, [Want(Kind.EQUIP, each.id, each.hash, to=to) for each in one_per_slot]


def _locks(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    gear = [each for each in things if each.id and each.home in GEAR and not each.is_lost]
    kind, action = rng.choice(((Kind.LOCK, Action.LOCK), (Kind.UNLOCK, Action.UNLOCK)))
    return action, [Want(kind, each.id, each.hash) for each in rng.sample(gear, min(len(gear), 3))]


def _collect(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    lost = [each for each in things if each.is_lost]
    if not lost:
        return _moves(things, characters, rng)
    return Action.COLLECT, [Want(Kind.PULL, each.id, each.hash, source=each.owner, to=each.owner) for each in lost]


def _stacks(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    stacks = [each for each in things if each.id is None and each.home == facts.CONSUMABLES and not each.is_lost]
    if not stacks:
        return _moves(things, characters, rng)
    one = rng.choice(stacks)
    source, to = ("vault", characters[0]) if one.is_in_vault else ("account", "vault")
    return Action.MOVE, [Want(Kind.MOVE, None, one.hash, rng.randint(1, one.quantity), source=source, to=to)]


def _room(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    to = rng.choice(characters)
    return Action.ROOM, [Want(Kind.ROOM, None, rng.choice(GEAR), rng.randint(1, 4), to=to)]


def _consolidate(things: Sequence[Thing], characters: Sequence[str], rng: random.Random) -> tuple[Action, list[Want]]:
    stacks = [each for each in things if each.id is None and each.home == facts.CONSUMABLES and not each.is_lost]
    if not stacks:
        return _moves(things, characters, rng)
    one = rng.choice(stacks)
    to = characters[0] if one.is_in_vault else "vault"
    return Action.CONSOLIDATE, [Want(Kind.CONSOLIDATE, None, one.hash, to=to)]


def _elsewhere(thing: Thing, characters: Sequence[str], rng: random.Random) -> str:
    return rng.choice([place for place in (*characters, "vault") if place != (thing.owner or "vault")])
