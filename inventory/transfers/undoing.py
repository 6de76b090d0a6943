"""The way back from what a job has done to the items that were wished for. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

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
    balance: dict[Item, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for step in done:
        for place, quantity in _changes(step):
            balance[step.item_id, step.item_hash if step.item_id is None else 0][place] += quantity
    hashes = {step.item_id: step.item_hash for step in done}
    for (item_id, item_hash), places in balance.items():
        for source, target, quantity in _ways(places):
            if item_id:
                yield Want(Kind.MOVE, item_id, hashes[item_id], to=target)
            else:
                yield Want(Kind.MOVE, None, item_hash, quantity, source, target)


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
