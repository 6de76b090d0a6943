"""Bungie's yes against what it shows afterwards: an effect may lag behind its answer (Bungie-net/api #770),
or never come.

Pure. A step is only ever judged by a profile that was made after its answer; one that is merely old says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import dropwhile

from destinyvault.bungie.enums import ItemState

from .holdings import GENERAL, LOST_ITEMS, VAULT, Effect, Holdings, Place, amount_left, home, sure_side
from .models import Step, StepStatus
from .steps import EQUIPS, LOCKS, StepKind

What = tuple[str | int | None, ...]  # the place of an item, its lock, or what is worn in a slot

PATIENCE = timedelta(minutes=1)  # for a profile made since; then Bungie's yes has to do
AS_SAID = "That is what Bungie said; it has not shown it yet."


def unshown(steps: Iterable[Step], evidence: datetime) -> list[Step]:
    """What was done as Bungie said, since the profile was made."""
    return [each for each in believed(steps) if each.finished_at >= evidence]


def doubted(steps: Iterable[Step], holdings: Holdings, evidence: datetime) -> list[Step]:
    """What was done as Bungie said, while a profile made since has it as it was. Who moved it on has taken it away."""
    found = [*_still(believed(steps), holdings), *_short(steps, holdings)]
    return [each for each in told_by(steps, evidence) if each in found]


def told_by(steps: Iterable[Step], evidence: datetime) -> list[Step]:
    """What that profile tells of: not what is followed by another one with the same item that it cannot show yet."""
    later = {(each.item_id, each.item_hash) for each in unshown(steps, evidence)}
    known = [each for each in believed(steps) if each.finished_at < evidence]
    return [each for each in known if (each.item_id, each.item_hash) not in later]


def amount(step: Step, holdings: Holdings) -> int | None:
    """Of a stack: what has to change for the step to have come about after all."""
    return None if step.item_id else amount_left(holdings, step)


def believed(steps: Iterable[Step]) -> list[Step]:
    """What was done as Bungie said; what a profile made since has shown is known, not believed."""
    return [each for each in steps if each.status == StepStatus.DONE and not each.found.get("shown")]


def _still(steps: Iterable[Step], holdings: Holdings) -> Iterator[Step]:
    """The last step says how an item has to be: where it lies, whether it is worn, whether it is locked."""
    last: dict[What, tuple[Step, bool]] = {}
    for step in steps:
        last |= {what: (step, still) for what, still in _claims(step, holdings)}
    return (step for step, still in last.values() if still)


def _claims(step: Step, holdings: Holdings) -> Iterator[tuple[What, bool]]:
    """What it touches, and whether that is as it was before."""
    for instance_id in Effect.of(step).item_ids or [step.item_id]:
        held = holdings.find(instance_id)
        if held is None:
            continue
        if step.kind in EQUIPS:
            if held.owner == step.character_id and held.bucket_hash not in (GENERAL, LOST_ITEMS):
                yield ("worn", held.owner, held.bucket_hash), not held.equipped
        elif step.kind in LOCKS:
            is_locked = bool(held.state & ItemState.LOCKED.value)
            yield ("lock", instance_id), is_locked != (step.kind == StepKind.LOCK)
        else:
            yield ("place", instance_id), (held.owner, held.bucket_hash) == _source(step)


def _source(step: Step) -> Place:
    if step.kind == StepKind.PULL:
        return step.character_id, LOST_ITEMS
    return VAULT if step.kind == StepKind.TO_CHARACTER else home(step)


def _short(steps: Iterable[Step], holdings: Holdings) -> Iterator[Step]:
    """Of stacks: where just so much too much or too little is left as one step has moved.

    What was there before the first one is known; later ones were sent in the belief that those before had an effect.
    What was shown before it counts no more: others may have moved some since.
    """
    sides: dict[tuple[int, Place], list[Step]] = {}
    for step in steps:
        if "amount" in step.found and (step.status == StepStatus.DONE or "doubted" in step.found):
            sides.setdefault((step.item_hash, sure_side(step)), []).append(step)
    for side in sides.values():
        sent = list(dropwhile(lambda each: each.found.get("shown"), side))
        if not sent:
            continue
        off = amount_left(holdings, sent[0]) - sent[0].found["amount"] - sum(map(_change, sent))
        yield from [each for each in reversed(believed(sent)) if off and _change(each) == -off][:1]


def _change(step: Step) -> int:
    """Nothing, where nothing came of it."""
    if step.status != StepStatus.DONE:
        return 0
    return step.quantity if step.kind == StepKind.TO_VAULT else -step.quantity
