"""From a wish to a job: planned, stored with its steps and handed to the cluster in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from accounts.people import Player

from . import undoing, whereabouts
from .handing_out import hand_out
from .models import Action, Status, Step, StepStatus, Transfer, WaitsFor
from .planner import plan
from .steps import Plan, PlannedStep, Refusal
from .wants import Want
from .world import world_of

MOST_WANTS = 1000  # of one job: more than anybody owns
ALREADY = "already_there"  # the code of a refusal that is none: all is as it was asked for
HOW_IT_IS = {
    Action.EQUIP: "it is worn already",
    Action.LOCK: "it is locked already",
    Action.UNLOCK: "it is unlocked already",
    Action.ROOM: "there is room already",
}


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


def cancel(transfer: Transfer) -> Transfer:
    """At once where no worker is at it; else at the end of the step that is under way. A job that has ended stays."""
    transfer.refresh_from_db()
    if not transfer.is_active:
        return transfer
    now = timezone.now()
    active = Transfer.objects.filter(pk=transfer.pk, finished_at=None)
    active.filter(cancel_asked_at=None).update(cancel_asked_at=now)
    steps = list(transfer.steps.order_by("number"))
    settled = not any(each.status in (StepStatus.RUNNING, StepStatus.UNKNOWN) for each in steps)
    with transaction.atomic():
        message = whereabouts.cancelled(transfer, steps)
        waiting = active.filter(status__in=(Status.QUEUED, Status.PARKED), beat_at=transfer.beat_at)
        if settled and waiting.update(status=Status.CANCELLED, message=message, finished_at=now, waits_for=""):
            transfer.steps.filter(status=StepStatus.WAITING).update(status=StepStatus.SKIPPED)
        else:
            hand_out(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def retry(player: Player, transfer: Transfer, key: str = "", *, move_others: bool | None = None) -> Transfer:
    """A job that waits is tried now; what is left of one that has ended is a new one. Raises NoWay, BungieError."""
    now = timezone.now()
    parked = Transfer.objects.filter(pk=transfer.pk, status=Status.PARKED)
    with transaction.atomic():
        if parked.exclude(waits_for__in=(WaitsFor.SIGN_IN, WaitsFor.THROTTLED)).update(not_before=now):
            hand_out(transfer.pk)
    if transfer.is_active:
        transfer.refresh_from_db()
        return transfer
    return enqueue(player, retry_order(transfer, key, move_others=move_others), retries=transfer)


def retry_order(transfer: Transfer, key: str = "", *, move_others: bool | None = None) -> Order:
    """What is left of a job that has ended, for `preview`; `move_others` None is as it was asked for then."""
    refused = {each["want"] for each in transfer.refusals}
    left = [each for number, each in enumerate(transfer.wants) if number in refused or transfer.status != Status.DONE]
    wants = tuple(map(Want.of, left))
    return Order(Action(transfer.action), wants, transfer.move_others if move_others is None else move_others, key)


def undo_order(transfer: Transfer, key: str = "") -> Order:
    """The way back of what a job has done, for `preview` and for `undo`. Raises NoWay where there is none."""
    wants = undoing.reverse(transfer.steps.order_by("number"))
    if not wants:
        nothing = "Nothing of this can be undone: no item was moved that could go back."
        raise NoWay([Refusal(0, "nothing_to_undo", nothing)])
    return Order(Action.UNDO, tuple(wants), transfer.move_others, key)


def undo(player: Player, transfer: Transfer, key: str = "") -> Transfer:
    """Raises NoWay, BungieError."""
    return enqueue(player, undo_order(transfer, key), undoes=transfer)


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
    raise NoWay(planned.refusals or [_already(order.action)])


def _already(action: Action) -> Refusal:
    return Refusal(0, ALREADY, f"Nothing has to be done: {HOW_IT_IS.get(action, 'it is there already')}.")
