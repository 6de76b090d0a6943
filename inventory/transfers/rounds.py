"""One round of a job: what is known, the plan from it, and how the job goes on where nothing can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from django.utils import timezone

from inventory.reading import read
from inventory.snapshots import Seen

from . import lessons, settling, telling
from .holdings import Holdings
from .models import Step, StepStatus, WaitsFor
from .parking import UNSEEN, Parked
from .planner import plan
from .queueing import step_rows
from .settling import LOOK_AGAIN, QUIET, Outcome
from .steps import Plan, PlannedStep, StepKind, Why
from .work import Work
from .world import world_from

LOST = "The answer was lost: where the item is will tell whether it happened."
MOVES = (StepKind.TO_VAULT, StepKind.TO_CHARACTER, StepKind.PULL)
PLANNED = [each.name for each in fields(PlannedStep)]


def settle(work: Work) -> None:
    """Calls whose answer was lost, or whose worker died. Raises Parked until Bungie shows what became of them."""
    if not work.unsettled:
        return
    now = timezone.now()
    for step in work.unsettled:
        if step.status == StepStatus.RUNNING:
            work.save(step, StepStatus.UNKNOWN, LOST)
        on_its_way = step.sent_at + QUIET - now if step.finished_at is None else LOOK_AGAIN * 0
        if on_its_way > LOOK_AGAIN * 0:
            raise Parked(WaitsFor.ANSWER, on_its_way)
    seen = work.look()
    work.holdings = Holdings(seen.profile.items)
    for step in work.unsettled:
        _settle(work, step, settling.outcome(step, work.holdings, settling.evidence_at(seen)))


def _settle(work: Work, step: Step, outcome: Outcome) -> None:
    if outcome == Outcome.UNCLEAR:
        raise Parked(WaitsFor.ANSWER, LOOK_AGAIN)
    if outcome == Outcome.HAPPENED:
        work.save_done(step, "The answer was lost. Bungie shows that it was done.", effect=False)
    else:
        missed = "The answer was lost. Bungie shows that it was not done."
        work.save(step, StepStatus.FAILED, missed, finished_at=timezone.now())


def steps_to_do(work: Work) -> list[Step]:
    """From what is known now; anew from Bungie before anything is given up, or moved that nobody asked for."""
    seen = work.look() if work.must_look else work.known()
    planned = think(work, seen)
    if seen.is_stale and (planned.refusals or planned.moves_others):
        planned = think(work, work.look())
    if planned.refusals:
        work.refuse(planned.refusals)
    return _keep(work, planned.steps)


def think(work: Work, seen: Seen) -> Plan:
    """For the wishes that are left; numbered as the person's wishes are."""
    evidence = settling.evidence_at(seen)
    world = replace(world_from(read(seen)), locks=lessons.locks(work.steps))
    work.world = lessons.learned(world, work.steps, work.wants, evidence)
    work.holdings = Holdings(work.world.items)
    aside = work.refused | work.deferred | lessons.unseen(work.steps, work.wants, evidence)
    left = [number for number in range(len(work.wants)) if number not in aside]
    planned = plan(work.world, [work.wants[number] for number in left], move_others=work.transfer.move_others)
    return Plan(
        tuple(replace(each, want=left[each.want]) for each in planned.steps),
        tuple(replace(each, want=left[each.want]) for each in planned.refusals),
    )


def finish(work: Work) -> bool:
    """Nothing can be done now: whether there is more after a look. Ends the job, or raises Parked."""
    evidence = settling.evidence_at(work.known())
    if lessons.unseen(work.steps, work.wants, evidence) - work.refused:
        if settling.evidence_at(work.look()) > evidence:
            return True
        raise Parked(WaitsFor.ANSWER, LOOK_AGAIN, UNSEEN)
    if work.deferred - work.refused:
        raise Parked(WaitsFor.ACTIVITY)
    work.claim.end(*telling.ended(len(work.wants), work.transfer.refusals))
    return False


def _keep(work: Work, planned: Sequence[PlannedStep]) -> list[Step]:
    """The new plan in place of what waits of the old one. The same plan is left as it stands."""
    waiting = [each for each in work.steps if each.status == StepStatus.WAITING]
    owed = [each for each in waiting if _is_owed(each, work.steps)]
    old = [each for each in waiting if each not in owed and each.want not in work.deferred]
    if [_planned(each) for each in old] == list(planned):
        return [*old, *owed]
    gone = {each.pk for each in old}
    work.steps = [each for each in work.steps if each.pk not in gone]
    rows = step_rows(work.transfer, planned, first=max((each.number for each in work.steps), default=0) + 1)
    with work.claim.writing():
        Step.objects.filter(pk__in=gone).delete()
        Step.objects.bulk_create(rows)
    work.steps += rows
    return [*rows, *owed]


def _is_owed(step: Step, steps: Sequence[Step]) -> bool:
    """A move that was done may have changed its lock: no plan that is made since knows of it."""
    if step.why != Why.SAME_LOCK:
        return False
    moved = (each for each in steps if each.item_id == step.item_id and each.kind in MOVES)
    return any(each.status == StepStatus.DONE and each.number < step.number for each in moved)


def _planned(row: Step) -> PlannedStep:
    values = {name: getattr(row, name) for name in PLANNED}
    return PlannedStep(**values | {"item_ids": tuple(row.item_ids), "kind": StepKind(row.kind), "why": Why(row.why)})
