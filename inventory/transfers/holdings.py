"""What one call to Bungie changes, once it has said yes. Pure.

The planner thinks ahead with it, and the pages show by it what our own calls have done since the profile was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from destinyvault.bungie.enums import Bucket, ItemState, PlatformError, TransferStatus
from inventory.profile import HeldItem

from .steps import PlannedStep, StepKind

if TYPE_CHECKING:
    from .models import Step

GENERAL, LOST_ITEMS = Bucket.GENERAL.value, Bucket.LOST_ITEMS.value
LOCKED, WORN = ItemState.LOCKED.value, TransferStatus.EQUIPPED.value
SUCCESS = PlatformError.Success.value

Place = tuple[str | None, int]  # owner and bucket; nobody owns the vault and what all characters share
VAULT: Place = (None, GENERAL)


class Change(Protocol):
    """An effect, or the step that will have it."""

    kind: StepKind
    item_id: str | None
    item_ids: tuple[str, ...]
    item_hash: int
    character_id: str
    quantity: int
    bucket_hash: int
    max_stack: int
    account_wide: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one step that succeeded. For an instance it may be had twice: where it shows already, nothing changes."""

    kind: StepKind
    item_id: str | None
    item_hash: int
    character_id: str
    quantity: int = 1
    item_ids: tuple[str, ...] = ()
    bucket_hash: int = 0
    max_stack: int = 1
    account_wide: bool = False

    @classmethod
    def of(cls, step: PlannedStep | Step) -> Self:
        """Of a PlannedStep, or of a Step row: then only those equipped together that Bungie equipped."""
        outcomes = getattr(step, "outcomes", None) or {}
        item_ids = tuple(each for each in step.item_ids if outcomes.get(each, SUCCESS) == SUCCESS)
        same = ("item_id", "item_hash", "character_id", "quantity", "bucket_hash", "max_stack", "account_wide")
        return cls(kind=StepKind(step.kind), item_ids=item_ids, **{name: getattr(step, name) for name in same})

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """From what `kept` made of it."""
        return cls(**kept | {"kind": StepKind(kept["kind"]), "item_ids": tuple(kept["item_ids"])})

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"kind": self.kind.value, "item_ids": list(self.item_ids)}


def apply(items: Iterable[HeldItem], effect: Change) -> list[HeldItem]:
    holdings = Holdings(items)
    holdings.apply(effect)
    return holdings.items


class Holdings:
    """Items by what they are and where; changed call by call, and back again to a `mark`."""

    def __init__(self, items: Iterable[HeldItem]) -> None:
        self._held: dict[int, HeldItem] = {}
        self._at: dict[Place, dict[int, HeldItem]] = {}
        self._alike: dict[int, dict[int, HeldItem]] = {}
        self._key_of: dict[str, int] = {}
        self._undo: list[tuple[int, HeldItem | None]] = []
        self._next = 0
        self.changes = 0  # ever, those that were taken back among them
        for held in items:
            self._add(held)
        self._undo.clear()

    @property
    def items(self) -> list[HeldItem]:
        """In the order they came; stacks that were begun since come last."""
        return [self._held[key] for key in sorted(self._held)]

    def find(self, instance_id: str | None) -> HeldItem | None:
        key = self._key_of.get(instance_id or "")
        return None if key is None else self._held[key]

    def at(self, place: Place) -> Iterable[HeldItem]:
        return self._at.get(place, {}).values()

    def alike(self, item_hash: int) -> Iterable[HeldItem]:
        return self._alike.get(item_hash, {}).values()

    def count(self, place: Place) -> int:
        return len(self._at.get(place, ()))

    def places(self) -> Iterator[Place]:
        return (place for place, held in self._at.items() if held)

    def worn(self, owner: str | None, bucket_hash: int) -> HeldItem | None:
        return next((held for held in self.at((owner, bucket_hash)) if held.equipped), None)

    def stacks(self, item_hash: int, place: Place) -> list[HeldItem]:
        """Smallest first."""
        found = [held for held in self.at(place) if held.hash == item_hash and not held.instance_id]
        return sorted(found, key=lambda held: held.quantity)

    def mark(self) -> int:
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        while len(self._undo) > mark:
            key, before = self._undo.pop()
            self._set(key, before)

    def apply(self, change: Change) -> None:
        {
            StepKind.TO_VAULT: self._to_vault,
            StepKind.TO_CHARACTER: self._to_character,
            StepKind.PULL: self._pull,
            StepKind.EQUIP: self._equip,
            StepKind.EQUIP_MANY: self._equip,
            StepKind.LOCK: self._lock,
            StepKind.UNLOCK: self._lock,
        }[change.kind](change)

    def _to_vault(self, change: Change) -> None:
        self._move(change, home(change), VAULT)

    def _to_character(self, change: Change) -> None:
        self._move(change, VAULT, home(change))

    def _pull(self, change: Change) -> None:
        held = self.find(change.item_id)
        if held is None or held.bucket_hash == LOST_ITEMS:  # else it was pulled before, and may have gone on
            self._move(change, (change.character_id, LOST_ITEMS), home(change))

    def _move(self, change: Change, source: Place, target: Place) -> None:
        if change.item_id is None:
            self._pour(change, source, target)
        elif (key := self._key_of.get(change.item_id)) is not None:
            held = self._held[key]
            if (held.owner, held.bucket_hash) != target:
                self._put(key, _taken_off(held)._replace(owner=target[0], bucket_hash=target[1]))

    def _pour(self, change: Change, source: Place, target: Place) -> None:
        """The smallest stacks go first, and the smallest are filled first (MOVE_CASES E14)."""
        left = change.quantity
        sample = None
        for key, held in self._stacks(change.item_hash, source):
            taken = min(left, held.quantity)
            if taken:
                self._put(key, held._replace(quantity=held.quantity - taken) if taken < held.quantity else None)
                left, sample = left - taken, held
        if sample:
            self._fill(sample, change.quantity - left, max(change.max_stack, 1), target)

    def _fill(self, sample: HeldItem, quantity: int, max_stack: int, target: Place) -> None:
        for key, held in self._stacks(sample.hash, target):
            added = min(quantity, max(max_stack - held.quantity, 0))
            if added:
                self._put(key, held._replace(quantity=held.quantity + added))
                quantity -= added
        while quantity > 0:
            size = min(quantity, max_stack)
            self._add(sample._replace(owner=target[0], bucket_hash=target[1], quantity=size))
            quantity -= size

    def _stacks(self, item_hash: int, place: Place) -> list[tuple[int, HeldItem]]:
        there = self._at.get(place, {}).items()
        found = [(key, held) for key, held in there if held.hash == item_hash and not held.instance_id]
        return sorted(found, key=lambda each: each[1].quantity)

    def _equip(self, change: Change) -> None:
        for instance_id in change.item_ids or (change.item_id,):
            key = self._key_of.get(instance_id or "")
            if key is not None and self._held[key].owner == change.character_id:
                self._wear(key, self._held[key])

    def _wear(self, key: int, held: HeldItem) -> None:
        if held.equipped or held.bucket_hash == LOST_ITEMS:
            return
        for other_key, other in list(self._at[held.owner, held.bucket_hash].items()):
            if other.equipped:
                self._put(other_key, _taken_off(other))
        self._put(key, held._replace(equipped=True, transfer_status=held.transfer_status | WORN))

    def _lock(self, change: Change) -> None:
        key = self._key_of.get(change.item_id or "")
        if key is not None:
            held = self._held[key]
            state = held.state | LOCKED if change.kind == StepKind.LOCK else held.state & ~LOCKED
            self._put(key, held._replace(state=state))

    def _add(self, held: HeldItem) -> None:
        self._put(self._next, held)
        self._next += 1

    def _put(self, key: int, held: HeldItem | None) -> None:
        self._undo.append((key, self._held.get(key)))
        self._set(key, held)

    def _set(self, key: int, held: HeldItem | None) -> None:
        self.changes += 1
        before = self._held.pop(key, None)
        if before is not None:
            del self._at[before.owner, before.bucket_hash][key]
            del self._alike[before.hash][key]
            self._key_of.pop(before.instance_id or "", None)
        if held is not None:
            self._held[key] = held
            self._at.setdefault((held.owner, held.bucket_hash), {})[key] = held
            self._alike.setdefault(held.hash, {})[key] = held
            if held.instance_id:
                self._key_of[held.instance_id] = key


def amount_left(holdings: Holdings, step: Change) -> int:
    """Of a stack, on the side that only moves change."""
    return sum(held.quantity for held in holdings.stacks(step.item_hash, sure_side(step)))


def sure_side(step: Change) -> Place:
    return (step.character_id, LOST_ITEMS) if step.kind == StepKind.PULL else VAULT


def home(change: Change) -> Place:
    """Where the item lies when it is neither in the vault nor lost."""
    return (None if change.account_wide else change.character_id, change.bucket_hash)


def _taken_off(held: HeldItem) -> HeldItem:
    return held._replace(equipped=False, transfer_status=held.transfer_status & ~WORN)
