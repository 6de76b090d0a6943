"""Stacks: amounts, of which the smallest go first, and those of which a store holds only one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inventory.profile import HeldItem

from . import refusing
from .draft import Draft, is_lost
from .holdings import LOST_ITEMS, VAULT, Change, Place
from .room import Cargo, bring
from .steps import StepKind, Why
from .wants import ANYWHERE, Kind, Want


def move(draft: Draft, number: int, want: Want, *, make_room: bool) -> None:
    """What is left of the wish. Raises Blocked and Refused."""
    found = [held for held in draft.holdings.alike(want.item_hash) if not held.instance_id]
    name = draft.name(want.item_hash)
    if not found:
        raise refusing.gone(name)
    slot = draft.slot_of(want.item_hash)
    target = draft.place(want.source if want.kind == Kind.PULL else want.to, slot)
    sources = [place for place in _sources(draft, want, found, slot) if place != target]
    if not sources:
        _check_lost(draft, want, found)
    there = {place: _total(draft, want.item_hash, place) for place in sources}
    on_the_way = min(want.on_the_way, _total(draft, want.item_hash, VAULT))
    if VAULT in there:
        there[VAULT] -= on_the_way
    left = _left(want, sum(there.values()), on_the_way)
    if left > sum(there.values()):
        raise refusing.bad_quantity(name, sum(there.values()))
    trip = _Trip(draft, number, want.item_hash, slot, target, make_room)
    if want.kind == Kind.PULL:
        fitting = trip.fitting(left)
        if left and not fitting and not want.moved:
            raise refusing.unique_stack(name, draft.where(target))
        left = fitting
    trip.go(there, left, on_the_way)


def counted(want: Want, step: Change) -> Want:
    """The wish after one of its own steps succeeded, so that planned again it asks for the rest only."""
    is_own = want.item_id is None and want.kind != Kind.ROOM
    if not is_own or step.item_id is not None or step.item_hash != want.item_hash:
        return want
    if step.kind == StepKind.PULL:
        want = replace(want, pulled=want.pulled + step.quantity)
    if arrives(want, step):
        on_the_way = max(want.on_the_way - step.quantity, 0)
        return replace(want, moved=want.moved + step.quantity, on_the_way=on_the_way)
    if step.kind == StepKind.PULL:
        return want  # it lies in the bags now, from where the wish takes it
    return replace(want, on_the_way=want.on_the_way + step.quantity)


def arrives(want: Want, step: Change) -> bool:
    """Whether a move of the wish's own item brings it where the wish wants it."""
    if want.kind == Kind.PULL:
        return step.kind == StepKind.PULL
    if want.to == "vault":
        return step.kind == StepKind.TO_VAULT
    return step.kind != StepKind.TO_VAULT and (step.account_wide or step.character_id == want.to)


def _left(want: Want, there: int, on_the_way: int) -> int:
    return max(want.quantity - want.moved - on_the_way, 0) if want.quantity else there


def _sources(draft: Draft, want: Want, found: list[HeldItem], slot: int) -> list[Place]:
    """Smallest amount first; what is lost only where it is meant."""
    places = {(held.owner, held.bucket_hash) for held in found}
    lost = (want.source, LOST_ITEMS)
    if want.kind == Kind.PULL:
        return [lost] if lost in places else []
    if want.source == ANYWHERE:
        return sorted((each for each in places if each[1] != LOST_ITEMS), key=lambda each: _size(draft, want, each))
    here = VAULT if want.source == "vault" else draft.place(want.source, slot)
    return [here, lost] if lost in places and _means_lost(draft, want, here) else [here]


def _check_lost(draft: Draft, want: Want, found: list[HeldItem]) -> None:
    """Where none of it lies anywhere else, what is lost is no more than left out: it is all that could be meant."""
    lost = sorted({held.owner or "" for held in found if is_lost(held)})
    is_begun = want.moved or want.on_the_way or want.pulled
    if lost and want.source == ANYWHERE and not is_begun:
        is_rest = not all(map(is_lost, found))
        raise refusing.at_postmaster(draft.name(want.item_hash), [draft.who(each) for each in lost], is_rest=is_rest)


def _means_lost(draft: Draft, want: Want, here: Place) -> bool:
    """Where all is asked for: all of the bags, or, where nothing was there at first, all of the postmaster."""
    there = _total(draft, want.item_hash, here)
    if want.quantity and not want.pulled:
        return there < _left(want, 0, want.on_the_way)
    return bool(want.pulled) or not (there or want.moved or want.on_the_way)


def _size(draft: Draft, want: Want, place: Place) -> tuple[int, str]:
    return _total(draft, want.item_hash, place), place[0] or ""


def _total(draft: Draft, item_hash: int, place: Place) -> int:
    return sum(held.quantity for held in draft.holdings.stacks(item_hash, place))


class _Trip:
    """Amounts of one kind on their way to one target, a call for each stack that gives some."""

    def __init__(self, draft: Draft, number: int, item_hash: int, slot: int, target: Place, make_room: bool) -> None:
        self.draft, self.number, self.item_hash, self.slot = draft, number, item_hash, slot
        self.target, self.make_room = target, make_room
        kind = draft.kind(item_hash)
        self.label, self.most = kind.stack_unique_label, max(kind.max_stack, 1)

    def go(self, there: Mapping[Place, int], left: int, on_the_way: int) -> None:
        """`there` says how many each source can give, the first to give first."""
        crossing = on_the_way
        there = self._gathered(there, left) if self.label else there
        for place, most in there.items():
            some = min(left, most)
            left -= some
            if place != VAULT and self._crosses(place):
                self._send(place, VAULT, some)
                crossing += some
            else:
                self._send(place, self.target, some)
        if crossing:
            self._send(VAULT, self.target, min(crossing, _total(self.draft, self.item_hash, VAULT)))

    def _gathered(self, there: Mapping[Place, int], left: int) -> Mapping[Place, int]:
        """What moves only as a whole is put together first, out of the postmaster and what lies in the bags."""
        lost = next((place for place in there if place[1] == LOST_ITEMS), None)
        bags = lost and self._bags(lost)
        if bags not in there or bags == self.target:
            return there
        some = max(min(left - there[bags], there[lost]), 0)
        self._pour(lost, bags, some)
        return {place: many + some if place == bags else many for place, many in there.items() if place != lost}

    def _bags(self, lost: Place) -> Place:
        return self.draft.place(lost[0] or "", self.slot)

    def fitting(self, quantity: int) -> int:
        """Of what a store holds one stack of, so much as still goes into it (F9)."""
        if not self.label:
            return quantity
        free = self.most - sum(held.quantity for held in self.draft.labelled(self.label, self.target))
        return min(quantity, max(free, 0))

    def _crosses(self, place: Place) -> bool:
        bags = self._bags(place) if place[1] == LOST_ITEMS else place
        return VAULT != self.target != bags

    def _send(self, source: Place, target: Place, quantity: int) -> None:
        if source[1] == LOST_ITEMS:
            bags = self._bags(source)
            self._pour(source, bags, quantity)
            if bags != target:
                self._send(bags, target, quantity)
        elif source != target:
            self._pour(source, target, quantity)

    def _pour(self, source: Place, target: Place, quantity: int) -> None:
        while quantity > 0:
            stacks = self.draft.holdings.stacks(self.item_hash, source)
            if not stacks:
                return
            held = stacks[0]
            some = min(quantity, held.quantity)
            if self.label:
                self._check_label(held, target, some)
            new = self._begun(target, some)
            cargo = Cargo(self.number, Why.WANTED, held, target, some, int(some == held.quantity), new, new)
            bring(self.draft, cargo, make_room=self.make_room)
            quantity -= some

    def _begun(self, target: Place, quantity: int) -> int:
        """How many stacks have to be begun there."""
        room = sum(max(self.most - held.quantity, 0) for held in self.draft.holdings.stacks(self.item_hash, target))
        return max(-(-(quantity - room) // self.most), 0)

    def _check_label(self, held: HeldItem, target: Place, quantity: int) -> None:
        name = self.draft.name(self.item_hash)
        if quantity != held.quantity and not is_lost(held):
            raise refusing.whole_stack(name, held.quantity)
        where, there = self.draft.where(target), self.draft.labelled(self.label, target)
        other = next((each for each in there if each.hash != self.item_hash), None)
        if other:
            raise refusing.only_one(name, where, self.draft.name(other.hash))
        passing = target == VAULT and self.target != VAULT
        if there and (passing or sum(each.quantity for each in there) + quantity > self.most):
            raise refusing.unique_stack(name, where)
