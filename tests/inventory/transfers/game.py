"""The game's own rules for calls, written without a look at what plans them: a call that breaks one raises Broken.

With Bungie's bug: out of a place where another copy lies, an item comes with that one's lock (Bungie-net/api #764).
"""

from dataclasses import dataclass, replace

from inventory.power import ARMOR, WEAPONS
from tests.inventory.transfers.worlds import CLASS_TYPES, EXOTIC, GENERAL, LOST

GROUP = {bucket.value: "weapon" for bucket in WEAPONS} | {bucket.value: "armor" for bucket in ARMOR}
FITS_ALL = 3


class Broken(AssertionError):
    pass


@dataclass
class Piece:
    hash: int
    id: str | None
    quantity: int
    owner: str | None
    bucket_hash: int
    equipped: bool
    locked: bool
    fixed: bool

    @property
    def place(self):
        return self.owner, self.bucket_hash


class Game:
    def __init__(self, world):
        self.kinds, self.buckets = world.kinds, world.buckets
        self.items = [self.piece(held) for held in world.items]

    def piece(self, held):
        fixed = bool(held.transfer_status & 2) or not self.kinds[held.hash].transferable
        at = held.owner, held.bucket_hash
        return Piece(held.hash, held.instance_id, held.quantity, *at, held.equipped, bool(held.state & 1), fixed)

    def play(self, steps):
        for step in steps:
            try:
                getattr(self, step.kind.value)(step)
            except Broken as broken:
                raise Broken(f"{broken}: {step}") from None
        return self

    def find(self, instance_id):
        found = [each for each in self.items if each.id == instance_id]
        rule(len(found) == 1, f"{instance_id} is there {len(found)} times")
        return found[0]

    def place(self, to, bucket_hash):
        if to == "vault":
            return None, GENERAL
        return (None if self.buckets[bucket_hash].account_wide else to), bucket_hash

    def free(self, place):
        return self.buckets[place[1]].capacity - sum(each.place == place for each in self.items)

    def amount(self, item_hash, place):
        return sum(each.quantity for each in self.items if (each.hash, each.place) == (item_hash, place))

    # Calls, named as steps are

    def to_vault(self, step):
        bags = [each for each in self.items if each.bucket_hash not in (GENERAL, LOST)]
        self.transfer(step, [each for each in bags if each.owner in (None, step.character_id)], (None, GENERAL))

    def to_character(self, step):
        self.transfer(step, [each for each in self.items if each.bucket_hash == GENERAL], self.home(step))

    def pull(self, step):
        lost = [each for each in self.items if each.place == (step.character_id, LOST)]
        self.move(step, self.named(step, lost), self.home(step))

    def equip(self, step):
        self.wear(step.item_id, step.character_id)

    def equip_many(self, step):
        rule(len(step.item_ids) > 1, "one alone is equipped by itself")
        for each in step.item_ids:
            self.wear(each, step.character_id)

    def lock(self, step):
        self.set_lock(step, True)

    def unlock(self, step):
        self.set_lock(step, False)

    # What they do

    def transfer(self, step, there, target):
        found = self.named(step, there)
        rule(not any(each.fixed for each in found), "it cannot be transferred")
        rule(not any(each.equipped for each in found), "it is worn")
        is_whole = step.quantity == found[0].quantity
        rule(is_whole or not self.kinds[step.item_hash].stack_unique_label, "a unique stack moves whole")
        self.move(step, found, target)

    def named(self, step, there):
        found = [each for each in there if each.id == step.item_id and each.hash == step.item_hash]
        rule(found and sum(each.quantity for each in found) >= step.quantity, "it is not there")
        rule(step.quantity > 0, "nothing is asked for")
        return sorted(found, key=lambda each: each.quantity)

    def home(self, step):
        return self.place(step.character_id, self.kinds[step.item_hash].bucket_hash)

    def move(self, step, found, target):
        if step.item_id:
            self.move_instance(found[0], target)
        else:
            self.pour(step.item_hash, step.quantity, found, target)
        inside = [each for each in self.items if each.place == target]
        rule(len(inside) <= self.buckets[target[1]].capacity, "there is no room")
        label = self.kinds[step.item_hash].stack_unique_label
        rule(
            not label or sum(self.kinds[each.hash].stack_unique_label == label for each in inside) == 1, "it is unique"
        )

    def move_instance(self, piece, target):
        copies = [each for each in self.items if (each.place, each.hash) == (piece.place, piece.hash)]
        others = [each for each in copies if each is not piece]
        if others:
            piece.locked = others[0].locked
        piece.owner, piece.bucket_hash = target

    def pour(self, item_hash, quantity, found, target):
        left = quantity
        for piece in found:
            taken = min(left, piece.quantity)
            piece.quantity, left = piece.quantity - taken, left - taken
        self.fill(replace(found[0], owner=target[0], bucket_hash=target[1], equipped=False), quantity)
        self.items = [each for each in self.items if each.quantity]

    def fill(self, sample, quantity):
        most = self.kinds[sample.hash].max_stack
        there = [each for each in self.items if (each.place, each.hash) == (sample.place, sample.hash)]
        for piece in sorted(there, key=lambda each: each.quantity):
            added = min(quantity, most - piece.quantity)
            piece.quantity, quantity = piece.quantity + added, quantity - added
        while quantity:
            size = min(most, quantity)
            self.items.append(replace(sample, quantity=size))
            quantity -= size

    def wear(self, instance_id, character_id):
        piece, kind = self.find(instance_id), self.kinds[self.find(instance_id).hash]
        rule(piece.owner == character_id and piece.bucket_hash != LOST, "the character does not carry it")
        rule(not piece.equipped, "it is worn already")
        rule(kind.equippable, "it is nothing to wear")
        rule(kind.class_type in (FITS_ALL, CLASS_TYPES[character_id]), "it is of another class")
        rule(kind.tier != EXOTIC or not self.other_exotics(piece), "another exotic is worn")
        for each in self.items:
            if each.place == piece.place:
                each.equipped = each is piece

    def other_exotics(self, piece):
        worn = [each for each in self.items if each.equipped and each.owner == piece.owner]
        worn = [each for each in worn if each.bucket_hash != piece.bucket_hash and self.kinds[each.hash].tier == EXOTIC]
        group = GROUP.get(piece.bucket_hash)
        return [each for each in worn if group and GROUP.get(each.bucket_hash) == group]

    def set_lock(self, step, locked):
        piece = self.find(step.item_id)
        rule(piece.owner in (None, step.character_id), "the character is not beside it")
        piece.locked = locked


def rule(kept, message):
    if not kept:
        raise Broken(message)
