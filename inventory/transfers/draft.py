"""A plan in the making: the steps so far, and how everything lies once they are done. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from destinyvault.bungie.enums import TransferStatus
from inventory.profile import NOBODY, HeldItem
from inventory.vault import item_name, unknown_item
from manifest.lookup import ItemSummary

from . import refusing
from .holdings import GENERAL, LOCKED, LOST_ITEMS, VAULT, Holdings, Place
from .slots import ANY_CLASS
from .steps import PlannedStep, StepKind, Why
from .wants import Kind, Want
from .world import World

FIXED = TransferStatus.NOT_TRANSFERRABLE.value
ENDLESS = 1 << 30  # a bucket of which no definition tells how much it holds
MOVING = (Kind.MOVE, Kind.EQUIP, Kind.PULL)
AWAY = (GENERAL, LOST_ITEMS)

Mark = tuple[int, int, dict[str, bool]]


class Draft:
    """`named` are the instances that the wishes name, `named_kinds` the stacks: none of them ever moves aside.

    `leaving` are those of them that are still on their way, with the number of their wish and where they go. Where
    wishes are met one by one, `later` are those whose turn has yet to come: until then they are not named. `carried` is
    the instance for which room is being made; `kept` are free places that somebody asked for.
    """

    def __init__(self, world: World, wants: Sequence[Want], move_others: bool) -> None:
        self.world = world
        self.wants = wants
        self.move_others = move_others
        self.holdings = Holdings(world.items)
        self.steps: list[PlannedStep] = []
        self.characters = [each.id for each in world.characters]
        self.characters += sorted({each.owner for each in world.items if each.owner} - {*self.characters, NOBODY})
        self.named = {want.item_id for want in wants if want.item_id and want.kind in MOVING}
        self.named_kinds = {want.item_hash for want in wants if want.item_id is None and want.kind != Kind.ROOM}
        self.leaving: dict[str, tuple[int, Place]] = {}
        self.later: set[str] = set()
        self.carried: str | None = None
        self.kept: dict[Place, int] = {}
        self.locks: dict[str, bool] = {}  # that have to be set again after the moves of this wish
        self._loose: dict[Place, list[HeldItem]] = {}
        self._loose_as_of = (-1, 0)  # how many changes there were, and how many were named
        self._unknown: dict[int, ItemSummary] = {}
        kinds = {held.hash: self.kind(held.hash) for held in world.items}  # asked for a thousand times for each wish
        unique = Counter(kinds[held.hash].stack_unique_label for held in world.items)
        self._belongs = {item_hash: kind.bucket_hash for item_hash, kind in kinds.items()}
        self._staying = {item_hash for item_hash, kind in kinds.items() if _stays(kind, unique)}

    # What is where

    def kind(self, item_hash: int) -> ItemSummary:
        found = self.world.kinds.get(item_hash) or self._unknown.get(item_hash)
        if found is None:
            found = self._unknown[item_hash] = unknown_item(item_hash)
        return found

    def name(self, item_hash: int) -> str:
        return item_name(self.kind(item_hash))

    def slot(self, held: HeldItem) -> int:
        """Where the item belongs: only in the vault and the postmaster does Bungie report another bucket than that.

        What the Manifest does not know (yet) belongs where its like lies.
        """
        if held.bucket_hash not in AWAY:
            return held.bucket_hash
        return self._belongs.get(held.hash) or self.slot_of(held.hash)

    def slot_of(self, item_hash: int) -> int:
        """Of a kind, wherever it lies."""
        if bucket_hash := self.kind(item_hash).bucket_hash:
            return bucket_hash
        found = (held.bucket_hash for held in self.holdings.alike(item_hash))
        return next((bucket_hash for bucket_hash in found if bucket_hash not in AWAY), 0)

    def is_shared(self, bucket_hash: int) -> bool:
        bucket = self.world.buckets.get(bucket_hash)
        return bucket is not None and bucket.account_wide

    def place(self, to: str, bucket_hash: int) -> Place:
        """Of what belongs in the bucket; all characters are the same place for what they share."""
        if to == "vault":
            return VAULT
        return (None if self.is_shared(bucket_hash) else to, bucket_hash)

    def places(self, bucket_hash: int) -> list[Place]:
        """All but the vault; those of characters least recently played first."""
        if self.is_shared(bucket_hash):
            return [(None, bucket_hash)]
        return [(each, bucket_hash) for each in reversed(self.characters)]

    def free(self, place: Place) -> int:
        bucket = self.world.buckets.get(place[1])
        if bucket is None or not bucket.capacity:
            return ENDLESS
        return max(bucket.capacity - self.holdings.count(place), 0)

    def spare(self, place: Place) -> int:
        """What of it may be taken by something that moves aside: what is kept for another wish may not."""
        return max(self.free(place) - self.kept.get(place, 0), 0)

    def is_movable(self, held: HeldItem) -> bool:
        return not held.transfer_status & FIXED and self.kind(held.hash).transferable

    def loose(self, place: Place) -> list[HeldItem]:
        """What may move aside from there: nobody named it, nobody wears it, and the game lets it go."""
        found = self._looked_through(place)
        return found if self.carried is None else [held for held in found if held.instance_id != self.carried]

    def _looked_through(self, place: Place) -> list[HeldItem]:
        """Once for all wishes that find everything as it lies now: of hundreds without room, most do."""
        now = (self.holdings.changes, len(self.named))
        if now != self._loose_as_of:
            self._loose, self._loose_as_of = {}, now
        if place not in self._loose:
            self._loose[place] = [held for held in self.holdings.at(place) if self._is_loose(held)]
        return self._loose[place]

    def _is_loose(self, held: HeldItem) -> bool:
        if held.equipped or held.transfer_status & FIXED or held.hash in self._staying:
            return False
        if held.instance_id is None:
            return held.hash not in self.named_kinds
        return held.instance_id not in self.named

    def rival(self, held: HeldItem, place: Place) -> HeldItem | None:
        """Where only one of its sort may be: the one that is there."""
        label = self.kind(held.hash).stack_unique_label
        return next(iter(self.labelled(label, place)), None) if label else None

    def labelled(self, label: str, place: Place) -> list[HeldItem]:
        return [held for held in self.holdings.at(place) if self.kind(held.hash).stack_unique_label == label]

    def name_later(self) -> None:
        self.later = {*self.leaving}
        self.named -= self.later

    def name_now(self, instance_id: str) -> None:
        if instance_id in self.later:
            self.later.discard(instance_id)
            self.named.add(instance_id)

    def class_type(self, character_id: str) -> int:
        return self.world.class_types.get(character_id, ANY_CLASS)

    # Words

    def who(self, character_id: str | None) -> str:
        return f"your {self.world.names.get(character_id or '') or 'Guardian'}"

    def where(self, place: Place) -> str:
        if place == VAULT:
            return "the vault"
        bucket = self.world.buckets.get(place[1])
        name = (bucket and bucket.name) or "that slot"
        return f"{name} of {self.who(place[0])}" if place[0] else name

    def full(self, place: Place) -> str:
        return f"{self.where(place)} is full"

    # Steps

    def do(self, kind: StepKind, number: int, why: Why, held: HeldItem, character_id: str, quantity: int = 0) -> None:
        if why == Why.ROOM and held.instance_id in self.later:
            number, why = self.leaving[held.instance_id][0], Why.WANTED  # it is on its way in any case
        bucket_hash = self.slot(held)
        step = PlannedStep(
            kind,
            number,
            why,
            held.instance_id,
            held.hash,
            character_id,
            quantity or held.quantity,
            bucket_hash=bucket_hash,
            max_stack=max(self.kind(held.hash).max_stack, 1),
            account_wide=self.is_shared(bucket_hash) or (held.owner is None and held.bucket_hash not in AWAY),
        )
        if held.instance_id and kind in (StepKind.TO_VAULT, StepKind.TO_CHARACTER, StepKind.PULL):
            self._mind_lock(held)
        self.add(step)

    def add(self, step: PlannedStep) -> None:
        self.steps.append(step)
        self.holdings.apply(step)

    def to_vault(self, number: int, why: Why, held: HeldItem, quantity: int = 0) -> None:
        self.do(StepKind.TO_VAULT, number, why, held, held.owner or self.anybody(), quantity)

    def to_place(self, number: int, why: Why, held: HeldItem, place: Place, quantity: int = 0) -> None:
        """Out of the vault."""
        self.do(StepKind.TO_CHARACTER, number, why, held, place[0] or self.anybody(), quantity)

    def anybody(self) -> str:
        """Whom to name where any character will do."""
        if not self.characters:
            raise refusing.no_such_character()
        return self.characters[0]

    def _mind_lock(self, held: HeldItem) -> None:
        """A move may give an item the lock of another copy that stays behind (Bungie-net/api #764).

        Of a copy that was moved itself, nobody knows how it is locked until that is set again.
        """
        locked, place = held.state & LOCKED, (held.owner, held.bucket_hash)
        copies = [other for other in self.holdings.alike(held.hash) if (other.owner, other.bucket_hash) == place]
        if any(other.state & LOCKED != locked or other.instance_id in self.locks for other in copies):
            self.locks[held.instance_id or ""] = bool(locked)

    def set_locks(self, number: int) -> None:
        """Those of all that the wish has moved, once each."""
        for instance_id, locked in self.locks.items():
            held = self.holdings.find(instance_id)
            if held is not None:
                kind = StepKind.LOCK if locked else StepKind.UNLOCK
                self.do(kind, number, Why.SAME_LOCK, held, held.owner or self.anybody())
        self.locks = {}

    # There and back

    def mark(self) -> Mark:
        return len(self.steps), self.holdings.mark(), dict(self.locks)

    def back_to(self, mark: Mark) -> None:
        steps, held, self.locks = mark
        del self.steps[steps:]
        self.holdings.back_to(held)


def in_vault(held: HeldItem) -> bool:
    return held.bucket_hash == GENERAL and held.owner is None


def is_lost(held: HeldItem) -> bool:
    return held.bucket_hash == LOST_ITEMS


def _stays(kind: ItemSummary, unique: Counter[str]) -> bool:
    """Of what a store holds only one, no second one is brought anywhere."""
    label = kind.stack_unique_label
    return not kind.transferable or bool(label and unique[label] > 1)
