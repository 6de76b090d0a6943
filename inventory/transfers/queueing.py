"""From a wish to a job: planned, stored with its steps and handed to the cluster in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django_q.tasks import async_task

from accounts.people import Player

from .models import Action, Step, Transfer
from .planner import plan
from .steps import Plan, PlannedStep, Refusal
from .wants import Want
from .world import world_of

MOST_WANTS = 1000  # of one job: more than anybody owns


class NoWay(Exception):
    """Nothing of what was asked for can be done: nothing is queued. `refusals` say why, in the order of the wishes."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(refusals[0].message if refusals else "Nothing was asked for.")
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Order:
    """What a form or a program asks for. `key` names the click: sent twice, it is one job; empty is a new one."""

    action: Action
    wants: tuple[Want, ...]
    move_others: bool = True
    key: str = ""


def preview(player: Player, order: Order) -> Plan:
    """What would be done, as far as it is known now; nothing is stored. Raises NoWay, BungieError."""
    return _planned(player, order)


def enqueue(
    player: Player, order: Order, *, undoes: Transfer | None = None, retries: Transfer | None = None
) -> Transfer:
    """The job, queued; the earlier one where this click came before. Raises NoWay, BungieError."""
    found = Transfer.objects.filter(membership=player.membership, key=order.key).first() if order.key else None
    if found:
        return found
    planned = _planned(player, order)
    with transaction.atomic():
        transfer, is_new = Transfer.objects.get_or_create(
            membership=player.membership,
            key=order.key or secrets.token_urlsafe(24),
            defaults={
                "action": order.action,
                "wants": [each.kept for each in order.wants],
                "move_others": order.move_others,
                "refusals": [asdict(each) for each in planned.refusals],
                "undoes": undoes,
                "retries": retries,
            },
        )
        if is_new:
            Step.objects.bulk_create(step_rows(transfer, planned.steps))
            hand_out(transfer.pk)
    return transfer


def hand_out(transfer_id: int) -> None:
    """To whichever worker is free; it commits with the row."""
    async_task("inventory.transfers.runner.run", transfer_id, task_name=f"transfer {transfer_id}")


def step_rows(transfer: Transfer, steps: Sequence[PlannedStep], first: int = 1) -> list[Step]:
    return [
        Step(transfer=transfer, number=number, **asdict(step) | {"item_ids": list(step.item_ids)})
        for number, step in enumerate(steps, first)
    ]


def _planned(player: Player, order: Order) -> Plan:
    if len(order.wants) > MOST_WANTS:
        many = f"At most {MOST_WANTS:,} items can be asked for at once; these are {len(order.wants):,}."
        raise NoWay([Refusal(0, "too_many", many)])
    planned = plan(world_of(player), order.wants, move_others=order.move_others)
    if planned.steps:
        return planned
    raise NoWay(planned.refusals or [Refusal(0, "already_there", "Nothing has to be done: it is there already.")])
