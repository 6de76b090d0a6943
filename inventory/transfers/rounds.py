"""One round of a job: what is known, the plan from it, and how the job goes on where nothing can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from destinyvault.bungie import budget
from inventory.reading import read
from inventory.snapshots import Seen

from . import claims, doubts, lessons, overtaking, settling, telling
from .holdings import Holdings
from .models import Step, StepStatus, WaitsFor
from .parking import DOUBTED, TROUBLED, UNSEEN, Parked
from .planner import plan
from .queueing import step_rows
from .settling import LOOK_AGAIN, Outcome
from .steps import Plan, PlannedStep, Refusal, Why
from .verdicts import Verdict, verdict
from .work import Hopeless, Work
from .world import world_from

NOTHING_CAME = "Bungie said yes, but shows that nothing came of it."
IN_VAIN = "Bungie says yes to it again and again, and nothing comes of it. Try it in the game."
UNANSWERED = "Bungie was asked for it again and again, gave no answer, and shows that it was not done. Try again later."


def settle(work: Work) -> None:
    """Calls whose answer was lost, or whose worker died. Raises Parked until Bungie shows what became of them."""
    if not work.unsettled:
        return
    for step in work.unsettled:
        if step.status == StepStatus.RUNNING:
            work.save(step, StepStatus.UNKNOWN, settling.LOST)
    rest = settling.on_its_way(each for each in work.unsettled if each.finished_at is None)
    if rest:
        raise Parked(WaitsFor.ANSWER, rest)
    seen = work.look()
    work.holdings = Holdings(seen.profile.items)
    for step in work.unsettled:
        _settle(work, step, settling.outcome(step, work.holdings, settling.evidence_at(seen)))


def _settle(work: Work, step: Step, outcome: Outcome) -> None:
    doubted = "doubted" in step.found
    missed = "The answer was lost. Bungie shows that it was not done."
    if outcome == Outcome.UNCLEAR:
        raise Parked(WaitsFor.ANSWER, LOOK_AGAIN, DOUBTED if doubted else "")
    if outcome == Outcome.HAPPENED:
        happened = "" if doubted else "The answer was lost. Bungie shows that it was done."
        work.save_done(step, happened, effect=False, found=step.found | {"shown": True})
    elif doubted:
        work.save(step, StepStatus.FAILED, NOTHING_CAME, code=None, finished_at=timezone.now())
        _give_up(work, step, IN_VAIN)
    elif verdict(step.code) == Verdict.TROUBLE and lessons.stays_in_trouble(step, work.steps, work.wants):
        work.put_off(step, missed)
    else:
        work.save(step, StepStatus.FAILED, missed, finished_at=timezone.now())
        _give_up(work, step, UNANSWERED)


def _give_up(work: Work, step: Step, why: str) -> None:
    """A wish that was sent a few times, and nothing came of it: the others go on."""
    wishes = lessons.wishes_of(step, work.wants) if step.why != Why.SAME_LOCK else []
    work.refuse(Refusal(each, "refused", why) for each in wishes if lessons.given_up(work.steps, work.wants, each))


def doubt(work: Work, seen: Seen) -> None:
    """What Bungie said yes to and does not show is settled as a lost answer is. Raises Parked until it is sure."""
    evidence = settling.evidence_at(seen)
    judged = doubts.told_by(work.steps, evidence)
    if not judged:
        return
    work.holdings = Holdings(seen.profile.items)
    found = doubts.doubted(work.steps, work.holdings, evidence)
    doubted = [step for step in found if not work.touched_since(step)]
    work.note_shown([step for step in judged if step not in doubted])
    for step in doubted:
        work.doubt(step)
    for step in doubted:
        _settle(work, step, settling.outcome(step, work.holdings, evidence))


def steps_to_do(work: Work) -> list[Step]:
    """From what is known now; anew from Bungie before anything is given up, or moved that nobody asked for."""
    seen = work.look() if work.must_look else work.known()
    doubt(work, seen)
    planned = think(work, seen)
    if (seen.is_stale or seen.trouble) and (planned.refusals or planned.moves_others):
        seen = work.look()
        doubt(work, seen)
        planned = think(work, seen)
    if planned.refusals:
        work.refuse(planned.refusals)
    return _keep(work, planned.steps)


def think(work: Work, seen: Seen) -> Plan:
    """For the wishes that are left; numbered as the person's wishes are."""
    evidence = work.evidence = settling.evidence_at(seen)
    world = replace(world_from(read(seen)), locks=lessons.locks(work.steps))
    work.world = lessons.learned(world, work.steps, work.wants, evidence)
    work.holdings = Holdings(work.world.items)
    met = lessons.met(work.steps, work.wants)
    overtaken = overtaking.overtaken(work.wants, work.later_wishes, work.world)
    work.refuse([each for each in overtaken if each.want not in met])
    aside = work.refused | work.deferred | lessons.unseen(work.steps, work.wants, evidence)
    left = [number for number in range(len(work.wants)) if number not in aside]
    wants = [replace(work.wants[number], met=number in met) for number in left]
    planned = plan(work.world, wants, move_others=work.transfer.move_others)
    return Plan(
        tuple(replace(each, want=left[each.want] if left else 0) for each in planned.steps),
        tuple(replace(each, want=left[each.want]) for each in planned.refusals),
    )


def finish(work: Work) -> bool:
    """Nothing can be done now: whether there is more after a look. Ends the job, or raises Parked."""
    evidence = work.evidence
    if lessons.unseen(work.steps, work.wants, evidence) - work.refused:
        if settling.evidence_at(work.look()) > evidence:
            return True
        raise Parked(WaitsFor.ANSWER, LOOK_AGAIN, UNSEEN)
    believed = doubts.unshown(work.steps, evidence)
    if believed and _is_shown_now(work):
        return True
    left = work.deferred - work.refused
    if left:
        raise Parked(WaitsFor.SILENT, message=TROUBLED) if left <= work.troubled else Parked(WaitsFor.ACTIVITY)
    status, message = telling.ended(len(work.wants), work.transfer.refusals)
    message = telling.with_locks(message, work.steps)
    work.claim.end(status, f"{message} {doubts.AS_SAID}" if believed else message)
    return False


def _is_shown_now(work: Work) -> bool:
    """Whether Bungie has a profile made after all that it said yes to, if nothing else waits for this job to end.

    A look moves nothing: whoever waits to act comes first.
    """
    if claims.is_waited_for(work.account):
        return False
    try:
        if budget.has_a_queue():
            raise Parked(WaitsFor.SHOWN, LOOK_AGAIN)
        left = doubts.unshown(work.steps, settling.evidence_at(work.look()))
    except (Parked, Hopeless) as why:
        left = doubts.believed(work.steps)
        if isinstance(why, Hopeless) or why.waits_for == WaitsFor.SIGN_IN:
            return False
    is_late = any(timezone.now() - each.finished_at > doubts.PATIENCE for each in left)
    if left and not is_late and not work.deferred - work.refused:
        raise Parked(WaitsFor.SHOWN, LOOK_AGAIN)
    return not left


def _keep(work: Work, planned: Sequence[PlannedStep]) -> list[Step]:
    """The new plan in place of what waits of the old one. The same plan is left as it stands."""
    waiting = [each for each in work.steps if each.status == StepStatus.WAITING]
    owed = lessons.owed(work.steps)
    old = [each for each in waiting if each not in owed and each.want not in work.deferred]
    owed_now = [each for each in owed if each.want not in work.deferred]
    if [PlannedStep.of(each) for each in old] == list(planned):
        return [*old, *owed_now]
    gone = {each.pk for each in old}
    work.steps = [each for each in work.steps if each.pk not in gone]
    rows = step_rows(work.transfer, planned, first=max((each.number for each in work.steps), default=0) + 1)
    with work.claim.writing():
        Step.objects.filter(pk__in=gone).delete()
        Step.objects.bulk_create(rows)
    work.steps += rows
    return [*rows, *owed_now]
