"""Where everything is that a cancelled job had still to do."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.people import player_of
from inventory import snapshots
from inventory.reading import read

from . import doubts, settling, telling
from .claims import UNSETTLED
from .models import Step, Transfer
from .planner import plan
from .wants import Want
from .world import world_from


def cancelled(transfer: Transfer, steps: Sequence[Step]) -> str:
    """From what is known, without a question to Bungie: a sentence for each wish that is not met."""
    seen = snapshots.known(player_of(transfer.membership))
    if seen is None:
        return "Cancelled."
    world = world_from(read(seen))
    refused = {each["want"] for each in transfer.refusals}
    left = [Want.of(each) for number, each in enumerate(transfer.wants) if number not in refused]
    planned = plan(world, left, move_others=transfer.move_others)
    undone = {each.want for each in (*planned.steps, *planned.refusals)}
    lost = [each for each in steps if each.status in UNSETTLED]
    unknown = {one for each in lost for one in (each.item_ids or [each.item_id or each.item_hash])}
    message = telling.cancelled([want for number, want in enumerate(left) if number in undone], world, unknown)
    return f"{message} {doubts.AS_SAID}" if doubts.unshown(steps, settling.evidence_at(seen)) else message
