"""Where everything is that a job has left undone, from what is known, without a question to Bungie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from accounts.people import player_of
from inventory import snapshots
from inventory.reading import read
from inventory.snapshots import Seen

from . import doubts, lessons, settling, telling
from .claims import UNSETTLED
from .models import Step, StepStatus, Transfer
from .planner import plan
from .steps import MOVES, Refusal, Why
from .wants import Want
from .world import World, world_from

COULD_MOVE = (StepStatus.DONE, *UNSETTLED)


def cancelled(transfer: Transfer, steps: Sequence[Step]) -> str:
    return told("Cancelled.", transfer, steps, done="Cancelled, but everything was done already.")


def told(how: str, transfer: Transfer, steps: Sequence[Step], *, done: str = "") -> str:
    """How it ended, and a sentence for each wish that is not met: first of what has left its place."""
    seen = _seen(transfer)
    if seen is None:
        return how
    world = world_from(read(seen))
    left = _left(transfer, steps, world)
    if not left and not done:
        return how
    lost = [each for each in steps if each.status in UNSETTLED]
    unknown = {one for each in lost for one in (each.item_ids or [each.item_id or each.item_hash])}
    message = f"{how} {telling.where(left, world, unknown)}" if left else done
    return f"{message} {doubts.AS_SAID}" if doubts.unshown(steps, settling.evidence_at(seen)) else message


def after_moves(refusals: Iterable[Refusal], transfer: Transfer, steps: Sequence[Step]) -> list[Refusal]:
    """Of what has been moved before it was refused, it says where that is now."""
    refusals, wants = list(refusals), _wants(transfer)
    moved = _moved(steps, wants, (StepStatus.DONE,))
    seen = _seen(transfer) if any(each.want in moved for each in refusals) else None
    if seen is None:
        return refusals
    world = world_from(read(seen))
    return [_told_after(each, wants, world) if each.want in moved else each for each in refusals]


def _told_after(refusal: Refusal, wants: Sequence[Want], world: World) -> Refusal:
    return replace(refusal, message=f"{refusal.message} {telling.now(wants[refusal.want], world)}".strip())


def _seen(transfer: Transfer) -> Seen | None:
    return snapshots.known(player_of(transfer.membership))


def _wants(transfer: Transfer) -> list[Want]:
    return [Want.of(each) for each in transfer.wants]


def _left(transfer: Transfer, steps: Sequence[Step], world: World) -> list[Want]:
    wants, refused = _wants(transfer), {each["want"] for each in transfer.refusals}
    tried = [number for number in range(len(wants)) if number not in refused]
    asked = [wants[number] for number in tried]
    planned = plan(world, asked, move_others=transfer.move_others)
    undone = {each.want for each in planned.refusals}
    undone |= {number for each in planned.steps for number in lessons.wishes_of(each, asked)}
    moved = _moved(steps, wants, COULD_MOVE)
    return [asked[number] for number in sorted(undone, key=lambda number: (tried[number] not in moved, number))]


def _moved(steps: Iterable[Step], wants: Sequence[Want], statuses: Sequence[StepStatus]) -> set[int]:
    """Wishes whose own items were moved."""
    moves = (each for each in steps if each.kind in MOVES and each.why == Why.WANTED and each.status in statuses)
    return {number for each in moves for number in lessons.wishes_of(each, wants)}
