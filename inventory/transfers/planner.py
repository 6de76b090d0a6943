"""From wishes to calls, or to the reason why not. Pure: the same world and wishes give the same plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .steps import Plan, PlannedStep, StepKind, Why
from .wants import Want
from .world import World


def plan(world: World, wants: Sequence[Want], *, move_others: bool = True) -> Plan:
    return Plan(tuple(step for number, want in enumerate(wants) for step in _direct(world, number, want)))


def _direct(world: World, number: int, want: Want) -> Iterator[PlannedStep]:
    held = next((each for each in world.items if each.instance_id == want.item_id), None)
    if held is None or held.owner == want.to:
        return
    if held.owner:
        yield PlannedStep(StepKind.TO_VAULT, number, Why.WANTED, held.instance_id, held.hash, held.owner)
    if want.to != "vault":
        yield PlannedStep(StepKind.TO_CHARACTER, number, Why.WANTED, held.instance_id, held.hash, want.to)
