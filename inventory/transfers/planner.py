"""From wishes to calls, or to the reason why not. Pure: the same world and wishes give the same plan.

What needs no room to be made goes first, so that what leaves makes way for what comes; only then does something move
aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from inventory.profile import HeldItem

from . import equipping, refusing, room, stacks
from .draft import MOVING, Draft, is_lost
from .holdings import LOCKED, VAULT, Place
from .refusing import Refused
from .room import Blocked, Cargo, bring
from .slots import LOCKABLE, exotic_group, fits
from .steps import Plan, Refusal, StepKind, Why
from .wants import Kind, Want
from .world import World

ANYTHING_WORN = 0  # beside a character: waits until it has put on what it is to wear
MOST_COMPARED = 50
SCARCE = ("no_room", "moves_others")


def plan(world: World, wants: Sequence[Want], *, move_others: bool = True) -> Plan:
    """The steps of all wishes that can be met, and a refusal for each that cannot.

    Where room has to be made it is the best of several plans, and no longer than one that meets the wishes one by one;
    of more than MOST_COMPARED wishes that one is not made.
    """
    first = _plan(world, wants, move_others)
    if not any(step.why == Why.ROOM for step in first.steps) and not any(
        each.code in SCARCE for each in first.refusals
    ):
        return first
    plans = [first]
    stored = {held.instance_id for held in world.items if held.owner is None}
    given = [*range(len(wants))]
    order = sorted(given, key=lambda number: _turn(wants[number], stored))
    if order != given:
        plans.append(_numbered(_plan(world, [wants[number] for number in order], move_others), order))
    if 1 < len(wants) <= MOST_COMPARED:
        plans.append(_plan(world, wants, move_others, one_by_one=True))
    return min(plans, key=lambda each: (len(each.refusals), len(each.steps)))


def _plan(world: World, wants: Sequence[Want], move_others: bool, *, one_by_one: bool = False) -> Plan:
    refused: dict[int, Refused] = {}
    while True:
        try:
            return _Planning(world, wants, move_others, refused, one_by_one).plan()
        except _TooLate as late:
            refused[late.number] = late.refused


def _turn(want: Want, stored: set[str | None]) -> int:
    """When the vault is short of room: first what only passes through, then what leaves it, then what stays in it."""
    return 2 if want.to == "vault" else int(want.item_id in stored)


def _numbered(planned: Plan, order: Sequence[int]) -> Plan:
    steps = tuple(replace(step, want=order[step.want]) for step in planned.steps)
    refusals = (replace(each, want=order[each.want]) for each in planned.refusals)
    return Plan(steps, tuple(sorted(refusals, key=lambda each: each.want)))


class _TooLate(Exception):
    """A wish cannot be met of which some steps are planned already: the plan is made again without it."""

    def __init__(self, number: int, refused: Refused) -> None:
        super().__init__(number)
        self.number, self.refused = number, refused


class _Planning:
    def __init__(
        self,
        world: World,
        wants: Sequence[Want],
        move_others: bool,
        refused: Mapping[int, Refused],
        one_by_one: bool,
    ) -> None:
        self.one_by_one = one_by_one
        self.draft = Draft(world, wants, move_others)
        self.wants = wants
        self.refused = dict(refused)
        self.waiting: dict[Place, list[int]] = {}
        self.tried: dict[int, int] = {}  # how many steps there were when the wish found no room
        self.asked: dict[tuple[str, bool], tuple[int, object]] = {}  # of an instance, and whether it is of its lock
        self.again: dict[int, int] = {}  # what was asked for by an earlier wish too
        self.poured: dict[int, list[tuple[Place, bool]]] = {}  # where stacks go, by kind, and whether all of it
        self.meant: dict[str, list[HeldItem]] = {}  # to be worn, by character
        self.to_wear: dict[str, list[tuple[int, str]]] = {}  # brought, by character
        self.to_bring: dict[str, set[int]] = {}  # the wishes of what is still to be worn, by character

    def plan(self) -> Plan:
        ready = [number for number in range(len(self.wants)) if self._is_open(number)]
        last = [number for number in ready if self.wants[number].kind == Kind.ROOM]
        if self.one_by_one:
            self.draft.name_later()
        self._run([number for number in ready if number not in set(last)])
        self._run(last)
        for character_id in list(self.to_wear):
            self._wear(character_id)
        self.refused |= {each: self.refused[of] for each, of in self.again.items() if of in self.refused}
        self._restore_locks()
        refusals = [Refusal(number, each.code, each.message) for number, each in sorted(self.refused.items())]
        return Plan(tuple(self.draft.steps), tuple(refusals))

    # Which wishes there are

    def _is_open(self, number: int) -> bool:
        """Whether there is something to do; what cannot be done in any way is refused here."""
        if number in self.refused:
            return False
        try:
            return self._check(number, self.wants[number])
        except Refused as refused:
            self.refused[number] = refused
            return False

    def _check(self, number: int, want: Want) -> bool:
        if want.met:
            return False
        if want.quantity < 0:
            raise refusing.bad_quantity(self.draft.name(want.item_hash), 0)
        if want.item_id is None:
            return self._check_stack(want)
        held = self.draft.holdings.find(want.item_id)
        if held is None:
            raise refusing.unknown_item()
        if want.quantity > held.quantity:
            raise refusing.bad_quantity(self.draft.name(held.hash), held.quantity)
        if want.kind in (Kind.LOCK, Kind.UNLOCK):
            return self._check_lock(number, want, held)
        if want.kind not in MOVING:
            raise refusing.unknown_item()
        return self._check_move(number, want, held)

    def _check_stack(self, want: Want) -> bool:
        if want.kind in (Kind.LOCK, Kind.UNLOCK, Kind.EQUIP):
            name = self.draft.name(want.item_hash)
            raise refusing.not_equippable(name) if want.kind == Kind.EQUIP else refusing.not_lockable(name)
        places = [want.source] if want.kind == Kind.PULL else [want.to]
        places += [want.source] if want.source not in ("", "vault", "account") else []
        if any(each not in ("vault", "account") and each not in self.draft.characters for each in places):
            raise refusing.no_such_character()
        if want.kind == Kind.ROOM:
            return True
        self._check_stacks(want)
        return True

    def _check_stacks(self, want: Want) -> None:
        found = [held for held in self.draft.holdings.alike(want.item_hash) if not held.instance_id]
        name = self.draft.name(want.item_hash)
        if not found:
            raise refusing.gone(name)
        if want.to == "account" and not self.draft.is_shared(self.draft.slot(found[0])):
            raise refusing.no_such_character()
        if want.kind == Kind.PULL:
            if want.item_hash in self.draft.world.side_effects:
                raise refusing.side_effects(name)
            if not want.moved and not any(is_lost(held) and held.owner == want.source for held in found):
                raise refusing.not_in_postmaster(name)
        elif not all(self.draft.is_movable(held) for held in found):
            raise refusing.not_transferable(name)
        else:
            self._check_way_of_stacks(want, self.draft.place(want.to, self.draft.slot(found[0])))

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
        if is_met and not self.one_by_one:  # else it may have moved aside when its turn comes
            return False
        self.draft.leaving[held.instance_id or ""] = (number, target)
        if is_worn:
            self.to_bring.setdefault(want.to, set()).add(number)
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

    # In which order

    def _run(self, ready: list[int]) -> None:
        while True:
            for number in ready:
                self._try(number, make_room=self.one_by_one)
            ready = self._woken() or self._dressed() or self._made_way()
            if not ready and not self.waiting:
                return

    def _try(self, number: int, *, make_room: bool = False) -> None:
        mark = self.draft.mark()
        self.draft.name_now(self.wants[number].item_id or "")
        try:
            self._do(number, self.wants[number], make_room)
            self.draft.set_locks(number)
        except Blocked as blocked:
            self.draft.back_to(mark)
            self.tried[number] = len(self.draft.steps)
            self.waiting.setdefault(blocked.place, []).append(number)
        except Refused as refused:
            self.draft.back_to(mark)
            if any(step.want == number for step in self.draft.steps):
                raise _TooLate(number, refused) from None
            self._ended(number)
            self.refused[number] = refused
        else:
            self._ended(number)

    def _ended(self, number: int) -> None:
        want = self.wants[number]
        if want.kind in MOVING:  # its lock is another wish
            self.draft.leaving.pop(want.item_id or "", None)
        if want.kind == Kind.EQUIP:
            self.to_bring[want.to].discard(number)

    def _woken(self) -> list[int]:
        """As many as there is room for now, where they wait for it.

        One that needs more places than were free when it was tried is not tried again before another step is planned.
        """
        woken: list[int] = []
        for place in list(self.waiting):
            free = 0 if place[1] == ANYTHING_WORN else self.draft.free(place)
            stale = (each for each in self.waiting[place] if self.tried[each] < len(self.draft.steps))
            woken += islice(stale, free)
        self._stop_waiting(set(woken))
        return sorted(woken)

    def _wait_on(self, place: Place, numbers: list[int]) -> None:
        if numbers:
            self.waiting[place] = numbers
        else:
            del self.waiting[place]

    def _dressed(self) -> list[int]:
        """Those that wait for a character to put on what it is to wear, once all of that is there."""
        for place in list(self.waiting):
            if place[1] == ANYTHING_WORN and not self.to_bring.get(place[0] or ""):
                self._wear(place[0] or "")
                return sorted(self.waiting.pop(place))
        return []

    def _made_way(self) -> list[int]:
        """Room is made for the first that waits; those that it took along on their way are looked at again."""
        if not self.waiting:
            return []
        number = min(min(numbers) for numbers in self.waiting.values())
        self._stop_waiting({number})
        before = len(self.draft.steps)
        self._try(number, make_room=True)
        waiting = {each for numbers in self.waiting.values() for each in numbers}
        stirred = {step.want for step in self.draft.steps[before:]} & waiting
        self._stop_waiting(stirred)
        return sorted(stirred)

    def _stop_waiting(self, numbers: set[int]) -> None:
        for place in list(self.waiting):
            self._wait_on(place, [each for each in self.waiting[place] if each not in numbers])

    # What is done for one

    def _do(self, number: int, want: Want, make_room: bool) -> None:
        if want.kind == Kind.ROOM:
            self._make_room(number, want)
        elif want.item_id is None:
            stacks.move(self.draft, number, want, make_room=make_room)
        else:
            held = self.draft.holdings.find(want.item_id)
            if held is None:
                raise refusing.unknown_item()
            if want.kind in (Kind.LOCK, Kind.UNLOCK):
                kind = StepKind.LOCK if want.kind == Kind.LOCK else StepKind.UNLOCK
                self.draft.do(kind, number, Why.WANTED, held, held.owner or self.draft.anybody())
            else:
                self._move(number, want, held, make_room)

    def _move(self, number: int, want: Want, held: HeldItem, make_room: bool) -> None:
        target = self.draft.leaving[held.instance_id or ""][1]
        stays_on = want.kind == Kind.EQUIP and held.owner == want.to
        if held.equipped and not stays_on:
            self._take_off(number, held, make_room)
            held = self.draft.holdings.find(held.instance_id) or held
        bring(self.draft, Cargo(number, Why.WANTED, held, target), make_room=make_room)
        if want.kind == Kind.EQUIP:
            self.to_wear.setdefault(want.to, []).append((number, held.instance_id or ""))

    def _take_off(self, number: int, held: HeldItem, make_room: bool) -> None:
        """Where something else is to be worn there in any case, that comes first."""
        owner, draft = held.owner or "", self.draft
        coming = self._to_be_worn(owner)
        if not make_room and any(draft.slot(each) == held.bucket_hash for each in coming):
            raise Blocked((owner, ANYTHING_WORN))
        exotic = any(held.bucket_hash in exotic_group(draft.kind(each.hash).tier, draft.slot(each)) for each in coming)
        equipping.take_off(draft, number, held, no_exotic=exotic, make_room=make_room)

    def _to_be_worn(self, character_id: str) -> list[HeldItem]:
        ids = [instance_id for _, instance_id in self.to_wear.get(character_id, ())]
        ids += [self.wants[number].item_id or "" for number in self.to_bring.get(character_id, ())]
        return [held for each in ids if (held := self.draft.holdings.find(each)) and not held.equipped]

    def _wear(self, character_id: str) -> None:
        wanted = self.to_wear.pop(character_id, [])
        for number, instance_id in wanted:
            held = self.draft.holdings.find(instance_id)
            if held is not None:
                self._take_off_other_exotic(number, held, character_id, wanted)
        equipping.wear(self.draft, character_id, wanted)

    def _take_off_other_exotic(
        self, number: int, held: HeldItem, character_id: str, wanted: list[tuple[int, str]]
    ) -> None:
        group = exotic_group(self.draft.kind(held.hash).tier, held.bucket_hash)
        found = (self.draft.holdings.find(instance_id) for _, instance_id in wanted)
        changed = {each.bucket_hash for each in found if each}
        for worn in equipping.worn_exotics(self.draft, character_id, group, but=held.bucket_hash):
            if worn.bucket_hash not in changed:
                try:
                    equipping.take_off_exotic(self.draft, number, worn, held)
                    self.draft.set_locks(number)
                except Refused as refused:
                    raise _TooLate(number, refused) from None

    def _make_room(self, number: int, want: Want) -> None:
        place = VAULT if want.to == "vault" else self.draft.place(want.to, want.item_hash)
        while self.draft.free(place) < max(want.quantity, 1):
            room.free_one(self.draft, number, place)

    def _restore_locks(self) -> None:
        for instance_id, locked in self.draft.world.locks.items():
            held = self.draft.holdings.find(instance_id)
            is_asked = (instance_id, True) in self.asked  # then it is locked as the wish says
            if held is not None and not is_asked and bool(held.state & LOCKED) != locked:
                self.draft.locks[instance_id] = locked
                self.draft.set_locks(self._number_of(instance_id))

    def _number_of(self, instance_id: str) -> int:
        """Of a wish for which a step about this item can be told: best of all, its own."""
        met = [number for number in range(len(self.wants)) if number not in self.refused]
        return next((number for number in met if self.wants[number].item_id == instance_id), next(iter(met), 0))
