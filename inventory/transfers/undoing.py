"""The way back from what a job has done to the items that were wished for. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from inventory.vault import ACCOUNT, VAULT

from .holdings import SUCCESS
from .models import Step, StepStatus
from .steps import LOCKS, StepKind, Why
from .wants import Kind, Want

Item = tuple[str | None, int]


def reverse(steps: Iterable[Step]) -> list[Want]:
    """What was worn first, since nothing that is worn can go back. What was moved aside to make room stays there."""
    done = [each for each in steps if each.status == StepStatus.DONE]
    wished = [each for each in done if each.why == Why.WANTED]
    worn = _worn_again(done)
    again = {want.item_id for want in worn}
    return [*worn, *(want for want in _back(wished) if want.item_id not in again), *_locks(wished)]


def taken_off(wants: Iterable[Want], steps: Iterable[Step]) -> list[Want]:
    """The wishes of a job, less what `steps`, of those that undid it since, have taken back of its stacks.

    Where an instance is tells by itself; of a stack, the wish counts what has arrived and what is on the way.
    """
    balance = _balance(each for each in steps if each.status == StepStatus.DONE and each.why == Why.WANTED)
    return [want if want.item_id else _less(want, balance[None, want.item_hash]) for want in wants]


def _less(want: Want, places: dict[str, int]) -> Want:
    target = want.to if want.to == VAULT or want.to in places else ACCOUNT
    moved = max(want.moved + places[target], 0)
    places[target] -= moved - want.moved  # of two wishes for one place, the other bears the rest
    if want.to == VAULT:
        return replace(want, moved=moved)
    on_the_way = max(want.on_the_way + places[VAULT], 0)
    most = max(want.quantity - moved, 0) if want.quantity else on_the_way
    return replace(want, moved=moved, on_the_way=min(on_the_way, most))


def _worn_again(done: list[Step]) -> list[Want]:
    """Of what followed each other in one slot, the first."""
    put_on = {}
    for step in done:
        for instance_id, before in step.found.get("worn", {}).items():
            if step.outcomes.get(instance_id, SUCCESS) == SUCCESS:
                put_on[instance_id] = Want(Kind.EQUIP, before, to=step.character_id)
    return [want for want in put_on.values() if want.item_id not in put_on]


def _back(done: list[Step]) -> Iterator[Want]:
    """From where each has come in all to where it has gone from in all; out of the postmaster there is no way back."""
    hashes = {step.item_id: step.item_hash for step in done}
    for (item_id, item_hash), places in _balance(done).items():
        for source, target, quantity in _ways(places):
            if item_id:
                yield Want(Kind.MOVE, item_id, hashes[item_id], to=target)
            else:
                yield Want(Kind.MOVE, None, item_hash, quantity, source, target)


def _balance(done: Iterable[Step]) -> dict[Item, dict[str, int]]:
    """By item and place, how much more of it has come there than has gone."""
    balance: dict[Item, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for step in done:
        for place, quantity in _changes(step):
            balance[step.item_id, step.item_hash if step.item_id is None else 0][place] += quantity
    return balance


def _changes(step: Step) -> list[tuple[str, int]]:
    beside = ACCOUNT if step.account_wide else step.character_id
    match step.kind:
        case StepKind.TO_VAULT:
            return [(beside, -step.quantity), (VAULT, step.quantity)]
        case StepKind.TO_CHARACTER:
            return [(VAULT, -step.quantity), (beside, step.quantity)]
        case StepKind.PULL:
            return [(beside, step.quantity)]
    return []


def _ways(places: dict[str, int]) -> Iterator[tuple[str, str, int]]:
    gained = {place: many for place, many in places.items() if many > 0}
    for target, many in places.items():
        missing = -many
        for source in gained:
            taken = min(missing, gained[source])
            if taken > 0:
                yield source, target, taken
                gained[source] -= taken
                missing -= taken


def _locks(done: list[Step]) -> Iterator[Want]:
    for step in done:
        if step.kind in LOCKS:
            yield Want(Kind.UNLOCK if step.kind == StepKind.LOCK else Kind.LOCK, step.item_id)
