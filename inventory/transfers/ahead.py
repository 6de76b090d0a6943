"""The jobs of an account that have not ended when another one is asked for: what they are about to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from accounts.people import Player

from .holdings import Holdings
from .models import Status, Step, StepStatus, Transfer
from .steps import PlannedStep
from .wants import Want
from .world import World, world_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def world_ahead(player: Player) -> World:
    """Once all is done that comes first: jobs that wait for Bungie or the player may be overtaken, and do not count.

    The steps are read first, so that none of them is missed; an item that has moved meanwhile does not move twice.
    Raises BungieError where nothing is known yet.
    """
    first = _wanted(player).exclude(status=Status.PARKED)
    to_do = (StepStatus.WAITING, StepStatus.RUNNING)
    steps = list(Step.objects.filter(transfer__in=first, status__in=to_do).order_by("transfer_id", "number"))
    world = world_of(player)
    if not steps:
        return world
    holdings = Holdings(world.items)
    for step in steps:
        holdings.apply(PlannedStep.of(step))
    return replace(world, items=holdings.items)


def is_spoken_for(player: Player, wants: Sequence[Want]) -> bool:
    """Whether one of them is about something that a job still has to do with, be it one that waits."""
    named = {each.item_id or each.item_hash for each in wants}
    jobs = _wanted(player).values_list("wants", flat=True)
    return any((each["item_id"] or each["item_hash"]) in named for wanted in jobs for each in wanted)


def _wanted(player: Player) -> QuerySet[Transfer]:
    return Transfer.objects.filter(membership=player.membership, finished_at=None, cancel_asked_at=None)
