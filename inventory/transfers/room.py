"""Bringing something where it should be, with room made step by step: each call has its place before it runs. Pure.

Rules: nothing that is worn, that cannot be transferred or that the job names moves aside; all else may. Within them the
way of fewest calls is found whenever there is one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from typing import NamedTuple

from inventory.profile import HeldItem

from . import aside, refusing
from .draft import ENDLESS, Draft, in_vault, is_lost
from .holdings import VAULT, Place
from .steps import StepKind, Why

CALL, ALREADY_ASKED = 1000, 100  # what one costs; less where somebody asked for it anyway
MELTING, ELSEWHERE, FROM_VAULT, OFFLOADED = -10, 5, 50, 60  # among equally many calls, fewer items are disturbed
ENOUGH = 2  # free places, items: more of them never make a way shorter
IN_VAULT, LOST = -1, -2


class Blocked(Exception):
    """It could go at once if there were room here, or if the only one that may be here were gone."""

    def __init__(self, place: Place, *, by_rival: bool = False) -> None:
        super().__init__(place)
        self.place, self.by_rival = place, by_rival


@dataclass(frozen=True, slots=True)
class Cargo:
    """What is moved for a wish. An instance takes one place wherever it is; stacks may find some that are begun.

    `leaves`, `crossing` and `arriving` are the places that it frees, needs in the vault on its way, and needs there.
    """

    number: int
    why: Why
    held: HeldItem
    target: Place
    quantity: int = 1
    leaves: int = 1
    crossing: int = 1
    arriving: int = 1


class State(NamedTuple):
    """How full everything is; the places are those of the cargo's own bucket, least recently played first."""

    at: int
    free: tuple[int, ...]
    loose: tuple[int, ...]
    melting: tuple[int, ...]
    leavers: tuple[int, ...]
    vault: int
    alike: int  # in the vault, of the same bucket
    put_aside: int  # in the vault, by us
    offloads: int


class Turn(NamedTuple):
    what: str
    place: int = 0


def bring(draft: Draft, cargo: Cargo, *, make_room: bool) -> None:
    """Raises Blocked where room would have to be made, and Refused where there is no way."""
    if cargo.held.instance_id:  # of stacks, amounts decide
        _check_rivals(draft, cargo, make_room)
    full = first_full(draft, cargo)
    if full is None:
        for place in way(draft, cargo):
            hop(draft, cargo, place)
    elif not make_room:
        raise Blocked(full)
    else:
        draft.carried = cargo.held.instance_id
        try:
            _through(draft, cargo, full)
        finally:
            draft.carried = None


def way(draft: Draft, cargo: Cargo) -> Iterator[Place]:
    """The places that it comes to, one call each."""
    held, target = cargo.held, cargo.target
    here = (held.owner, held.bucket_hash)
    if is_lost(held):
        here = draft.place(held.owner or "", draft.slot(held))
        yield here
    if here != target:
        if here != VAULT:
            yield VAULT
        if target != VAULT:
            yield target


def _check_rivals(draft: Draft, cargo: Cargo, make_room: bool) -> None:
    """Bungie lets no second one of such a sort into a place. One that leaves by another wish is waited for."""
    for place in way(draft, cargo):
        rival = draft.rival(cargo.held, place)
        if rival and rival.instance_id in draft.leaving and not make_room:
            raise Blocked(place, by_rival=True)
        if rival:
            raise refusing.only_one(draft.name(cargo.held.hash), draft.where(place), draft.name(rival.hash))


def first_full(draft: Draft, cargo: Cargo) -> Place | None:
    for place in way(draft, cargo):
        if draft.free(place) < (cargo.arriving if place == cargo.target else cargo.crossing):
            return place
    return None


def hop(draft: Draft, cargo: Cargo, place: Place) -> None:
    held = cargo.held
    if held.instance_id:
        held = draft.holdings.find(held.instance_id) or held
    if is_lost(held) and place != VAULT:
        draft.do(StepKind.PULL, cargo.number, cargo.why, held, held.owner or "", cargo.quantity)
    elif place == VAULT:
        draft.to_vault(cargo.number, cargo.why, held, cargo.quantity)
    else:
        draft.to_place(cargo.number, cargo.why, held, place, cargo.quantity)


def _through(draft: Draft, cargo: Cargo, full: Place) -> None:
    mark, name = draft.mark(), draft.name(cargo.held.hash)
    if not draft.move_others and _found(draft, cargo, quietly=True):
        return
    if not (_one_aside(draft, cargo, full) or _found(draft, cargo)):
        raise refusing.no_room(name, draft.full(full))
    disturbed = next((step for step in draft.steps[mark[0] :] if step.moves_other), None)
    if disturbed and not draft.move_others:
        draft.back_to(mark)
        raise refusing.moves_others(name, draft.name(disturbed.item_hash), draft.full(full))


def free_up(draft: Draft, number: int, place: Place, quantity: int) -> None:
    """So many free places, as asked for: what goes from here is no other item. Raises Refused where nothing can."""
    draft.kept[place] = ENDLESS  # nothing moves aside to here meanwhile
    while draft.free(place) < quantity:
        if place != VAULT:
            _free_one(draft, number, place)
        elif not _offload(draft, number, 0, Why.WANTED):
            raise refusing.no_places_to_free(draft.full(place))


def _free_one(draft: Draft, number: int, place: Place) -> None:
    going = aside.best_of(draft, place, VAULT)
    if going is None:
        raise refusing.no_places_to_free(draft.full(place))
    is_room = draft.spare(VAULT) or aside.melts(draft, going, VAULT)
    if is_room or (draft.move_others and _offload(draft, number, 0, Why.ROOM)):
        draft.to_vault(number, Why.WANTED, going)
    elif not _pass_on(draft, number, going):
        raise refusing.no_places_to_free(draft.full(VAULT))


def _pass_on(draft: Draft, number: int, going: HeldItem) -> bool:
    """Through the vault to where there is room: not one of the vault's own places may be taken for good."""
    receiver = next((place for place in draft.places(draft.slot(going)) if draft.spare(place)), None)
    if receiver is None or not draft.free(VAULT):
        return False
    draft.to_vault(number, Why.WANTED, going)
    draft.to_place(number, Why.WANTED, going, receiver)
    return True


def _one_aside(draft: Draft, cargo: Cargo, full: Place) -> bool:
    """The usual case, without a search: what is in the way goes into the vault, which has room to spare."""
    crosses = VAULT in way(draft, cargo)
    if full == VAULT or draft.free(VAULT) <= crosses * cargo.crossing or draft.free(full) + 1 < cargo.arriving:
        return False
    others = [place for place in way(draft, cargo) if place != full]
    if any(draft.free(place) < 1 for place in others):
        return False
    if not _leave(draft, cargo, full) and _put_aside(draft, cargo.number, full, VAULT, Why.ROOM) is None:
        return False
    for place in way(draft, cargo):
        hop(draft, cargo, place)
    return True


def _leave(draft: Draft, cargo: Cargo, place: Place) -> bool:
    held = aside.first(aside.leavers(draft, place, cargo.held.instance_id))
    if held is not None:
        draft.to_vault(draft.leaving[held.instance_id or ""][0], Why.WANTED, held)
    return held is not None


def _put_aside(draft: Draft, number: int, place: Place, receiver: Place, why: Why) -> HeldItem | None:
    held = aside.best_of(draft, place, receiver)
    if held is not None:
        draft.to_vault(number, why, held)
    return held


def _offload(draft: Draft, number: int, besides: int, why: Why) -> bool:
    found = aside.best_to_offload(draft, besides)
    if found:
        draft.to_place(number, why, *found)
    return found is not None


def _found(draft: Draft, cargo: Cargo, *, quietly: bool = False) -> bool:
    """A way by search; `quietly` is one on which nothing else moves."""
    places = draft.places(draft.slot(cargo.held))
    here = VAULT if is_lost(cargo.held) else (cargo.held.owner, cargo.held.bucket_hash)
    if not {VAULT, *places}.issuperset((here, *way(draft, cargo))):
        return False  # the Manifest tells another bucket than the profile
    may_wander = cargo.held.instance_id is not None and not draft.kind(cargo.held.hash).stack_unique_label
    turns = search(cargo, places, _standing(draft, cargo, places, quietly), may_wander=may_wander)
    if turns is None:
        return False
    _Walk(draft, cargo, places, turns).go()
    return True


class _Walk:
    """The way that was found, with the items that go it."""

    def __init__(self, draft: Draft, cargo: Cargo, places: list[Place], turns: tuple[Turn, ...]) -> None:
        self.draft, self.cargo, self.places, self.turns = draft, cargo, places, turns
        self.put_aside: list[str | None] = []

    def go(self) -> None:
        for number, turn in enumerate(self.turns):
            getattr(self, f"_{turn.what}")(number, turn.place)

    def _cargo(self, number: int, place: int) -> None:
        hop(self.draft, self.cargo, VAULT if place == IN_VAULT else self.places[place])

    def _leaver(self, number: int, place: int) -> None:
        _leave(self.draft, self.cargo, self.places[place])

    def _aside(self, number: int, place: int) -> None:
        later = (self.places[turn.place] for turn in self.turns[number:] if turn.what == "back")
        held = _put_aside(self.draft, self.cargo.number, self.places[place], next(later, VAULT), Why.ROOM)
        self.put_aside.append(held.instance_id if held else None)

    def _melt(self, number: int, place: int) -> None:
        _put_aside(self.draft, self.cargo.number, self.places[place], VAULT, Why.ROOM)

    def _back(self, number: int, place: int) -> None:
        """What was put aside goes on; else another of the vault goes there."""
        held = self.draft.holdings.find(self.put_aside.pop()) if self.put_aside else None
        held = held or aside.best_for(self.draft, self.places[place])
        if held is not None:
            self.draft.to_place(self.cargo.number, Why.ROOM, held, self.places[place])

    def _offload(self, number: int, place: int) -> None:
        _offload(self.draft, self.cargo.number, self.places[0][1], Why.ROOM)


def search(cargo: Cargo, places: list[Place], state: State, *, may_wander: bool) -> tuple[Turn, ...] | None:
    """The turns of fewest calls, or None. Items of one bucket and place are alike here: only how many counts.

    What may wander goes by way of other characters too, where that helps.
    """
    goal = IN_VAULT if cargo.target == VAULT else places.index(cargo.target)
    shared = tuple(place[0] is None for place in places)
    origin = next((at for at, place in enumerate(places) if place[0] == cargo.held.owner), 0)
    sizes = (cargo.leaves, cargo.crossing, cargo.arriving)
    return _searched(Rules(goal, origin, shared, may_wander, in_vault(cargo.held), *sizes), state)


@lru_cache(maxsize=1024)
def _searched(rules: Rules, state: State) -> tuple[Turn, ...] | None:
    """Kept: of hundreds of wishes for which there is no room, most find the same places full in the same way."""
    ticks = count()
    queue: list[tuple[int, int, State, tuple[Turn, ...]]] = [(0, next(ticks), state, ())]
    seen: set[State] = set()
    while queue:
        cost, _, state, turns = heapq.heappop(queue)
        if state.at == rules.goal:
            return turns
        if state not in seen:
            seen.add(state)
            for more, turn, after in rules.turns(state):
                heapq.heappush(queue, (cost + more, next(ticks), after, (*turns, turn)))
    return None


def _standing(draft: Draft, cargo: Cargo, places: list[Place], quietly: bool) -> State:
    held, slot = cargo.held, places[0][1]
    here = (held.owner, held.bucket_hash)
    loose = [[] if quietly else [each for each in draft.loose(place) if each is not held] for place in places]
    stored = [] if quietly else [each for each in draft.loose(VAULT) if each is not held]
    return State(
        at=LOST if is_lost(held) else IN_VAULT if in_vault(held) else places.index(here),
        free=tuple(min(draft.free(place), ENOUGH) for place in places),
        loose=tuple(min(len(those), ENOUGH) for those in loose),
        melting=tuple(int(any(aside.melts(draft, each, VAULT) for each in those)) for those in loose),
        leavers=tuple(min(len(aside.leavers(draft, place, held.instance_id)), ENOUGH) for place in places),
        vault=min(draft.free(VAULT), ENOUGH),
        alike=len([*islice((each for each in stored if draft.slot(each) == slot), ENOUGH)]),
        put_aside=0,
        offloads=aside.offloads(draft, slot, ENOUGH) if stored else 0,
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for every state of one search: of the cargo only that which makes a difference."""

    goal: int
    origin: int
    shared: tuple[bool, ...]
    may_wander: bool
    starts_in_vault: bool
    leaves: int
    crossing: int
    arriving: int

    def turns(self, state: State) -> Iterator[tuple[int, Turn, State]]:
        yield from self._of_cargo(state)
        for place in range(len(state.free)):
            if state.vault:
                yield from self._out_of(state, place)
            if state.melting[place]:
                melted = _at(state.melting, place, -1)
                freed = state._replace(free=_at(state.free, place, 1), loose=_at(state.loose, place, -1))
                yield CALL + MELTING, Turn("melt", place), freed._replace(melting=melted)
            if state.free[place] > self.shared[place]:
                yield from self._into(state, place)
        if state.offloads:
            after = state._replace(vault=state.vault + 1, offloads=state.offloads - 1)
            yield CALL + OFFLOADED, Turn("offload"), after

    def _of_cargo(self, state: State) -> Iterator[tuple[int, Turn, State]]:
        if state.at == LOST:
            if state.free[self.origin] >= self._size(self.origin):
                yield CALL, Turn("cargo", self.origin), self._arrived(state, self.origin)
        elif state.at != IN_VAULT:
            if state.vault >= self._size(IN_VAULT):
                free = _at(state.free, state.at, self._size(state.at, leaving=True))
                after = state._replace(free=free, at=IN_VAULT, vault=state.vault - self._size(IN_VAULT))
                yield CALL, Turn("cargo", IN_VAULT), after
        else:
            left = state._replace(vault=state.vault + self._size(IN_VAULT, leaving=True))
            for place in range(len(state.free)):
                if state.free[place] >= self._size(place) and self._may_visit(place):
                    yield CALL, Turn("cargo", place), self._arrived(left, place)

    def _arrived(self, state: State, place: int) -> State:
        return state._replace(at=place, free=_at(state.free, place, -self._size(place)))

    def _may_visit(self, place: int) -> bool:
        return place == self.goal or self.may_wander

    def _size(self, place: int, *, leaving: bool = False) -> int:
        if place == self.goal:
            return self.arriving
        return self.leaves if leaving and self._is_source(place) else self.crossing

    def _is_source(self, place: int) -> bool:
        return (place == IN_VAULT) is self.starts_in_vault

    def _out_of(self, state: State, place: int) -> Iterator[tuple[int, Turn, State]]:
        freed = state._replace(free=_at(state.free, place, 1), vault=state.vault - 1)
        if state.leavers[place]:
            yield ALREADY_ASKED, Turn("leaver", place), freed._replace(leavers=_at(state.leavers, place, -1))
        if state.loose[place]:
            cost = CALL + (0 if place == self.goal else ELSEWHERE)
            after = freed._replace(loose=_at(state.loose, place, -1), put_aside=state.put_aside + 1)
            yield cost, Turn("aside", place), after

    def _into(self, state: State, place: int) -> Iterator[tuple[int, Turn, State]]:
        taken = state._replace(free=_at(state.free, place, -1), vault=state.vault + 1)
        taken = taken._replace(loose=_at(state.loose, place, 1))
        if state.put_aside:
            yield CALL + place, Turn("back", place), taken._replace(put_aside=state.put_aside - 1)
        elif state.alike:
            yield CALL + FROM_VAULT + place, Turn("back", place), taken._replace(alike=state.alike - 1)


def _at(values: tuple[int, ...], place: int, more: int) -> tuple[int, ...]:
    return (*values[:place], values[place] + more, *values[place + 1 :])
