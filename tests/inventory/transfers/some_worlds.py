"""Worlds and wishes by chance: worn items, exotics, copies with different locks, stacks, postmasters, full places."""

from dataclasses import replace
from itertools import count

from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.worlds import (
    BAG,
    CLASS_TYPES,
    CONSUMABLES,
    ENERGY,
    EXOTIC,
    HELMET,
    HUNTER,
    KINETIC,
    LABELLED,
    LEGENDARY,
    TITAN,
    WARLOCK,
    stack,
    weapon,
    world,
)

OWNERS = (HUNTER, TITAN, WARLOCK)
STORES = ("vault", *OWNERS)
SLOTS = (KINETIC, ENERGY, HELMET)
STACKS = ((601, BAG, ""), (602, BAG, "one"), (501, CONSUMABLES, ""), (LABELLED, CONSUMABLES, "two"))
OF_ITEMS = [Kind.MOVE] * 5 + [Kind.EQUIP] * 4 + [Kind.PULL, Kind.LOCK, Kind.UNLOCK]
OF_STACKS = [Kind.MOVE] * 5 + [Kind.CONSOLIDATE] * 2 + [Kind.PULL]


def some_world(draw):
    """`draw` is a random.Random: the same seed gives the same world."""
    numbers, carried, is_tight = count(1), draw.randint(0, 3), draw.random() < 0.5
    bags, lost = {owner: [] for owner in OWNERS}, {owner: [] for owner in OWNERS}
    for owner in OWNERS:
        for slot in SLOTS:
            things = [gear(draw, next(numbers), slot) for _ in range(draw.randint(0, carried))]
            bags[owner] += dressed(things, owner, bags[owner])
        if draw.random() < 0.3:
            lost[owner].append(gear(draw, next(numbers), draw.choice(SLOTS)))
    vault = [gear(draw, next(numbers), draw.choice(SLOTS)) for _ in range(draw.randint(0, 5))]
    account = some_stacks(draw, vault, bags, lost)
    room = max(carried + draw.choice([0, 0, 1]), 1, *(in_bag(things) for things in bags.values()))
    vault_room = max(len(vault) + draw.randint(0, 1 if is_tight else 4), 1)
    consumables = max(len(account) + draw.randint(0, 2), 1)
    return world(vault, *bags.values(), account, lost, room=room, vault_room=vault_room, consumables=consumables)


def gear(draw, number, slot):
    """What a hash is like is the same wherever it lies: every fourth is exotic, helmets are made for classes."""
    kind = draw.randint(1, 4)
    return weapon(
        number,
        slot,
        hash=1000 * (SLOTS.index(slot) + 1) + kind * 10,
        name=f"Item {kind} of {SLOTS.index(slot)}",
        tier=EXOTIC if kind == 4 else LEGENDARY,
        class_type=kind - 1 if slot == HELMET else 3,
        locked=draw.random() < 0.5,
        fixed=draw.random() < 0.12,
        power=draw.randint(1, 3),
    )


def dressed(things, owner, others):
    """One of them is worn, where the character may wear it and wears no other exotic weapon."""
    worn = [each.kind for each in others if each.worn]
    is_taken = any(kind["tier"] == EXOTIC and kind["bucket_hash"] != HELMET for kind in worn)
    for at, thing in enumerate(things):
        fits = thing.kind["class_type"] in (3, CLASS_TYPES[owner])
        if fits and (thing.kind["bucket_hash"] == HELMET or thing.kind["tier"] != EXOTIC or not is_taken):
            return [*things[:at], replace(thing, worn=True), *things[at + 1 :]]
    return things


def some_stacks(draw, vault, bags, lost):
    account = []
    for item_hash, bucket, label in STACKS:
        stores = (vault, account) if bucket == CONSUMABLES else (vault, *bags.values())
        places = [place for place in stores for _ in range(draw.choice([0, 0, 1, 1 if label else 2]))]
        places += [lost[draw.choice(OWNERS)]] if draw.random() < 0.1 else []
        for place in places:
            place.append(stack(draw.randint(1, 10), item_hash, bucket, max_stack=10, stack_unique_label=label))
    return account


def in_bag(things):
    return sum(each.kind["bucket_hash"] == BAG for each in things)


def some_wishes(draw, given, many=5):
    """One in four orders is about two items only, so that its wishes get in each other's way."""
    ids = [held.instance_id for held in given.items if held.instance_id] or ["none"]
    if draw.random() < 0.25:
        ids = draw.sample(ids, min(2, len(ids)))
    hashes = sorted({held.hash for held in given.items if not held.instance_id}) or [1]
    return [some_wish(draw, ids, hashes) for _ in range(draw.randint(1, many))]


def some_wish(draw, ids, hashes):
    to, chance = draw.choice(STORES), draw.random()
    if chance < 0.05:
        return Want(Kind.ROOM, None, draw.choice([*SLOTS, BAG, CONSUMABLES]), draw.randint(0, 4), to=to)
    if chance < 0.7:
        return Want(draw.choice(OF_ITEMS), draw.choice(ids), to=to)
    kind, source = draw.choice(OF_STACKS), draw.choice(["", "account", *STORES])
    source = draw.choice(OWNERS) if kind == Kind.PULL else "" if kind == Kind.CONSOLIDATE else source
    quantity = 0 if kind == Kind.CONSOLIDATE else draw.randint(0, 12)
    return Want(kind, None, draw.choice(hashes), quantity, source, to)


def torn(draw, given):
    """What a Manifest that lags behind, or a profile that was cut short, can do to a world."""
    losing, strange = draw.choice([0, 0, 0.3]), draw.choice([0, 0, 0.1])
    kinds = {each: kind for each, kind in given.kinds.items() if draw.random() >= losing}
    buckets = {each: bucket for each, bucket in given.buckets.items() if draw.random() >= losing}
    if draw.random() < 0.2:  # less room than there are things
        buckets = {each: replace(bucket, capacity=draw.randint(0, 2)) for each, bucket in buckets.items()}
    items = [held._replace(bucket_hash=999) if draw.random() < strange else held for held in given.items]
    locks = {held.instance_id: draw.random() < 0.5 for held in items if held.instance_id and draw.random() < strange}
    characters = given.characters if draw.random() < 0.9 else ()
    return replace(given, characters=characters, items=items, kinds=kinds, buckets=buckets, locks=locks)


def any_wishes(draw, given, many=12):
    """Those that make sense, and those that nobody would mean."""
    ids = [None, "", "none", *(held.instance_id for held in given.items)]
    hashes = [0, *sorted({held.hash for held in given.items}), *given.buckets]
    stores = ["", "account", "99", *STORES]
    found = some_wishes(draw, given, many)
    for _ in range(draw.randint(0, many)):
        quantity, done = draw.choice([0, 0, 1, 5, 11, 25, 1_000_000, -1]), draw.choice([0, 0, 0, 3])
        source, to = draw.choice(stores), draw.choice(stores)
        kind, item_id = draw.choice(list(Kind)), draw.choice(ids)
        found.append(Want(kind, item_id, draw.choice(hashes), quantity, source, to, done, draw.choice([0, 0, 3])))
    draw.shuffle(found)
    return found
