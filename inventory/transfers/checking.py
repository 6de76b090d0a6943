"""What refuses a wish before anything is planned: it is not there, cannot move, or was asked for otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.profile import HeldItem

from . import refusing
from .draft import MOVING, Draft, is_lost
from .holdings import LOCKED, Place
from .slots import LOCKABLE, exotic_group, fits
from .wants import Kind, Want


class Checks:
    """Of the wishes in their order: each is looked at beside those before it.

    What is to move is noted as `leaving` in the draft. `again` says of a wish which earlier one asked for the same;
    `open_met` also opens those that are met as things lie now, since something may move aside before their turn.
    """

    def __init__(self, draft: Draft, wants: Sequence[Want], *, open_met: bool) -> None:
        self.draft, self.wants, self.open_met = draft, wants, open_met
        self.asked: dict[tuple[str, bool], tuple[int, object]] = {}  # of an instance, and whether it is of its lock
        self.all_asked: dict[tuple[Kind, int, str, str], int] = {}  # of a stack
        self.again: dict[int, int] = {}
        self.poured: dict[int, list[tuple[Place, bool]]] = {}  # where stacks go, by kind, and whether all of it
        self.meant: dict[str, list[HeldItem]] = {}  # to be worn, by character

    def is_open(self, number: int) -> bool:
        """Whether there is something to do. Raises Refused where it cannot be done in any way."""
        want = self.wants[number]
        if want.met:
            return False
        if want.quantity < 0:
            raise refusing.bad_quantity(self.draft.name(want.item_hash), 0)
        if want.item_id is None:
            return self._check_stack(number, want)
        held = self.draft.holdings.find(want.item_id)
        if held is None:
            raise refusing.unknown_item()
        if want.quantity > held.quantity:
            raise refusing.bad_quantity(self.draft.name(held.hash), held.quantity)
        if want.kind in (Kind.LOCK, Kind.UNLOCK):
            return self._check_lock(number, want, held)
        if want.kind not in MOVING:
            raise refusing.not_a_stack(self.draft.name(held.hash))
        return self._check_move(number, want, held)

    def _check_stack(self, number: int, want: Want) -> bool:
        if want.kind in (Kind.LOCK, Kind.UNLOCK, Kind.EQUIP):
            name = self.draft.name(want.item_hash)
            raise refusing.not_equippable(name) if want.kind == Kind.EQUIP else refusing.not_lockable(name)
        places = [want.source] if want.kind == Kind.PULL else [want.to]
        places += [want.source] if want.source not in ("", "vault", "account") else []
        if any(each not in ("vault", "account") and each not in self.draft.characters for each in places):
            raise refusing.no_such_character()
        if want.kind == Kind.ROOM:
            return True
        if self._is_all_asked_again(number, want):
            return False
        self._check_stacks(want)
        return True

    def _check_stacks(self, want: Want) -> None:
        found = [held for held in self.draft.holdings.alike(want.item_hash) if not held.instance_id]
        name = self.draft.name(want.item_hash)
        if not found:
            raise refusing.gone(name)
        if want.to == "account" and not self.draft.is_shared(self.draft.slot_of(want.item_hash)):
            raise refusing.no_such_character()
        if want.kind == Kind.PULL:
            if want.item_hash in self.draft.world.side_effects:
                raise refusing.side_effects(name)
            if not want.moved and not any(is_lost(held) and held.owner == want.source for held in found):
                raise refusing.not_in_postmaster(name)
        elif not all(self.draft.is_movable(held) for held in found):
            raise refusing.not_transferable(name)
        else:
            self._check_way_of_stacks(want, self.draft.place(want.to, self.draft.slot_of(want.item_hash)))

    def _check_way_of_stacks(self, want: Want, target: Place) -> None:
        """All of it here and some of it there: one would take what the other has brought, again and again."""
        others = self.poured.setdefault(want.item_hash, [])
        if any(other != target and (is_all or not want.quantity) for other, is_all in others):
            raise refusing.conflict(self.draft.name(want.item_hash))
        others.append((target, not want.quantity))

    def _check_lock(self, number: int, want: Want, held: HeldItem) -> bool:
        if self.draft.slot(held) not in LOCKABLE or is_lost(held):
            raise refusing.not_lockable(self.draft.name(held.hash))
        if self._is_asked_again(number, held, want.kind):
            return False
        return bool(held.state & LOCKED) != (want.kind == Kind.LOCK)

    def _check_move(self, number: int, want: Want, held: HeldItem) -> bool:
        name = self.draft.name(held.hash)
        if want.kind == Kind.PULL and not is_lost(held):
            if held.owner is None and not self.draft.is_shared(held.bucket_hash):
                raise refusing.not_in_postmaster(name)
            return False
        target = self._target(want, held)
        is_worn = want.kind == Kind.EQUIP
        if is_worn:
            self._check_wearing(want, held)
        self._check_way(held, target)
        if self._is_asked_again(number, held, (target, is_worn)):
            return False
        if is_worn:
            self.meant.setdefault(want.to, []).append(held)
        is_met = (held.owner, held.bucket_hash) == target and held.equipped == is_worn
        if is_met and not self.open_met:
            return False
        self.draft.leaving[held.instance_id or ""] = (number, target)
        return True

    def _target(self, want: Want, held: HeldItem) -> Place:
        slot = self.draft.slot(held)
        to = (held.owner or "") if want.kind == Kind.PULL else want.to
        is_known = to == "vault" or to in self.draft.characters or (to == "account" and self.draft.is_shared(slot))
        if not is_known or (to == "vault" and want.kind == Kind.EQUIP):
            raise refusing.no_such_character()
        return self.draft.place(to, slot)

    def _check_way(self, held: HeldItem, target: Place) -> None:
        draft, name = self.draft, self.draft.name(held.hash)
        home = draft.place(held.owner or "", draft.slot(held)) if is_lost(held) else (held.owner, held.bucket_hash)
        if is_lost(held) and held.hash in draft.world.side_effects:
            raise refusing.side_effects(name)
        if home != target and not draft.is_movable(held):
            raise refusing.not_transferable(name)

    def _check_wearing(self, want: Want, held: HeldItem) -> None:
        draft, kind, slot = self.draft, self.draft.kind(held.hash), self.draft.slot(held)
        name, who = draft.name(held.hash), draft.who(want.to)
        where = who[0].upper() + who[1:]
        if not kind.equippable:
            raise refusing.not_equippable(name)
        if not fits(kind.class_type, draft.class_type(want.to)):
            raise refusing.other_class(name, where)
        group = exotic_group(kind.tier, slot)
        for other in self.meant.get(want.to, ()):
            if other is not held and draft.slot(other) == slot:
                raise refusing.same_slot(name, draft.name(other.hash), where)
            if other is not held and exotic_group(draft.kind(other.hash).tier, draft.slot(other)) & group:
                raise refusing.one_exotic(name, draft.name(other.hash))

    def _is_asked_again(self, number: int, held: HeldItem, way: object) -> bool:
        """Two ways for one item are refused; the same asked for twice is once, and met or refused as one."""
        is_lock = self.wants[number].kind not in MOVING
        earlier, other_way = self.asked.setdefault((held.instance_id or "", is_lock), (number, way))
        if way != other_way:
            name = self.draft.name(held.hash)
            raise refusing.two_locks(name) if is_lock else refusing.conflict(name)
        if earlier != number:
            self.again[number] = earlier
        return earlier != number

    def _is_all_asked_again(self, number: int, want: Want) -> bool:
        """Of amounts each counts by itself; all of it is there only once."""
        if want.quantity:
            return False
        earlier = self.all_asked.setdefault((want.kind, want.item_hash, want.source, want.to), number)
        if earlier != number:
            self.again[number] = earlier
        return earlier != number
