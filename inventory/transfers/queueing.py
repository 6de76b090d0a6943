"""From a wish to a job: planned, stored with its steps and handed to the cluster in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.people import Player

from . import lessons, undoing, whereabouts
from .ahead import is_spoken_for, world_ahead
from .claims import UNSETTLED
from .handing_out import hand_out
from .models import GAVE_UP, Action, Status, Step, StepStatus, Transfer, WaitsFor
from .planner import plan
from .stacks import counted
from .steps import MOVES, Plan, PlannedStep, Refusal, Why
from .wants import Want

MOST_WANTS = 1000  # of one job: more than anybody owns
ALREADY = "already_there"  # the code of a refusal that is none: all is as it was asked for
HOW_IT_IS = {
    Action.EQUIP: "it is worn already",
    Action.LOCK: "it is locked already",
    Action.UNLOCK: "it is unlocked already",
    Action.PULL: "its character has it already",
    Action.ROOM: "there is room already",
    Action.CONSOLIDATE: "all of it is there already",
    Action.UNDO: "all is back already",
}
AS_LEFT = ("status", "message", "code", "said", "found", "sent_at", "finished_at")  # of a call that was sent
GOES_ON = "This job has not ended yet: wait for it, or cancel it first."
OF_ANOTHER = "This job is of {}. Choose that platform at /settings/, then ask again."
UNDOING = "This is about to be undone by transfer {}: wait for it, or cancel it first."
RETRIED = "This was tried again already, or is about to be, by transfer {}."
NOTHING_BACK = "Nothing of this can be undone: no item was moved that could go back."
UNDONE = "This is undone already, or about to be, by transfer {}."


class NoWay(Exception):
    """Nothing of what was asked for can be done: nothing is queued. `refusals` say why, in the order of the wishes."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(refusals[0].message if refusals else "Nothing was asked for.")
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Order:
    """What a form or a program asks for. `key` names the click: sent twice, it is one job; empty is a new one.

    `undoes` is the job whose way back it is, `retries` the one that left it.
    `unsettled` are the last calls of an earlier try, for stacks, whose answers were lost: Bungie shows what became of
    them before anything is sent, so that no amount goes twice.
    """

    action: Action
    wants: tuple[Want, ...]
    move_others: bool = True
    key: str = ""
    undoes: Transfer | None = None
    retries: Transfer | None = None
    unsettled: tuple[Step, ...] = ()


def too_many(count: int) -> str:
    """A sentence, or nothing where one job takes so many wishes."""
    if count <= MOST_WANTS:
        return ""
    return f"At most {MOST_WANTS:,} items can be asked for at once; these are {count:,}. Nothing was queued."


def preview(player: Player, order: Order) -> Plan:
    """What would be done, as far as it is known now; nothing is stored. Raises NoWay, BungieError."""
    return _planned(player, order)


def earlier(player: Player, key: str) -> Transfer | None:
    """The job of the same click: looked for before anything else, since what it has moved cannot be asked for again."""
    return Transfer.objects.filter(membership=player.membership, key=key).first() if key else None


def enqueue(player: Player, order: Order) -> Transfer:
    """The job, queued; the earlier one where this click came before. Raises NoWay, BungieError."""
    found = earlier(player, order.key)
    if found:
        return found
    planned = _planned(player, order)
    with transaction.atomic():
        _take_turn(player)
        found = _followed_meanwhile(order)
        if found:
            return found
        transfer, is_new = Transfer.objects.get_or_create(
            membership=player.membership,
            key=order.key or secrets.token_urlsafe(24),
            defaults={
                "action": order.action,
                "wants": [each.kept for each in order.wants],
                "move_others": order.move_others,
                "refusals": [asdict(each) for each in planned.refusals],
                "undoes": order.undoes,
                "retries": order.retries,
            },
        )
        if is_new:
            Step.objects.bulk_create(_begun(step_rows(transfer, planned.steps), order.unsettled))
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
    settled = not any(each.status in UNSETTLED for each in steps) and not lessons.owed(steps)
    with transaction.atomic():
        message = whereabouts.cancelled(transfer, steps)
        waiting = active.filter(status__in=(Status.QUEUED, Status.PARKED), beat_at=transfer.beat_at)
        if settled and waiting.update(status=Status.CANCELLED, message=message, finished_at=now, waits_for=""):
            transfer.steps.skip()
        else:
            hand_out(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def can_be_tried_now(transfer: Transfer) -> bool:
    """Before a new sign-in, or before Bungie's own time is over, it would only wait again."""
    return transfer.status == Status.PARKED and transfer.waits_for not in (WaitsFor.SIGN_IN, WaitsFor.THROTTLED)


def try_now(transfer: Transfer) -> Transfer:
    """A job that waits does not wait any longer, where that can help."""
    if can_be_tried_now(transfer):
        with transaction.atomic():
            still = Transfer.objects.filter(pk=transfer.pk, status=Status.PARKED, waits_for=transfer.waits_for)
            if still.update(not_before=timezone.now()):
                hand_out(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def retry_order(player: Player, transfer: Transfer, *, move_others: bool | None = None) -> Order:
    """What an ended job, and whatever tried it again, has left, for `preview`. `move_others` None is as it was then.

    Raises NoWay where it is tried again already.
    """
    _check_follows(player, transfer)
    last = tries(transfer)[-1]
    if _stands(last, transfer):
        raise NoWay([Refusal(0, "retried", RETRIED.format(last.pk))])
    return _what_is_left(transfer, last, move_others)


def retry(player: Player, transfer: Transfer, key: str = "", *, move_others: bool | None = None) -> Transfer:
    """The earlier try where there is one that was not given up. Raises NoWay, BungieError."""
    _check_follows(player, transfer)
    last = tries(transfer)[-1]
    return last if _stands(last, transfer) else enqueue(player, _what_is_left(transfer, last, move_others, key))


def tries(transfer: Transfer) -> list[Transfer]:
    """A job, the one that tried it again, the one that tried that again: each knows what those before it moved."""
    found = [transfer]
    while again := found[-1].retried_by.first():
        found.append(again)
    return found


def undo_order(player: Player, transfer: Transfer) -> Order:
    """The way back of what a job has done, or what an undo that was given up has left of it, for `preview`.

    Raises NoWay where there is none, or where it is undone already.
    """
    _check_follows(player, transfer)
    last = _last_undo(transfer)
    if _stands(last, transfer):
        raise NoWay([Refusal(0, "undone", UNDONE.format(last.pk))])
    return _way_back(transfer, last)


def undo(player: Player, transfer: Transfer, key: str = "") -> Transfer:
    """The earlier undo where there is one that was not given up. Raises NoWay, BungieError."""
    _check_follows(player, transfer)
    last = _last_undo(transfer)
    return last if _stands(last, transfer) else enqueue(player, _way_back(transfer, last, key))


def can_be_undone(transfer: Transfer, steps: Iterable[Step]) -> bool:
    """`steps` are all of its own."""
    if transfer.is_active or not undoing.reverse(steps):
        return False
    return not _stands(_last_undo(transfer), transfer)


def step_rows(transfer: Transfer, steps: Sequence[PlannedStep], first: int = 1) -> list[Step]:
    return [
        Step(transfer=transfer, number=number, **asdict(step) | {"item_ids": list(step.item_ids)})
        for number, step in enumerate(steps, first)
    ]


def _check_follows(player: Player, transfer: Transfer) -> None:
    """What moves once more or back has to wait for the end of it, and belongs to the same items."""
    if transfer.is_active:
        raise NoWay([Refusal(0, "goes_on", GOES_ON)])
    if transfer.membership_id != player.membership.pk:
        raise NoWay([Refusal(0, "other_platform", OF_ANOTHER.format(transfer.membership))])


def _last_undo(transfer: Transfer) -> Transfer | None:
    undone = transfer.undone_by.first()
    return tries(undone)[-1] if undone else None


def _stands(last: Transfer | None, transfer: Transfer) -> bool:
    """Whether the last of those that came of a job does what would be asked for, or has done it."""
    return last is not None and last != transfer and last.status not in GAVE_UP


def _what_is_left(transfer: Transfer, last: Transfer, move_others: bool | None, key: str = "") -> Order:
    may_move_others = transfer.move_others if move_others is None else move_others
    action, unsettled = Action(transfer.action), _unsettled(last)
    return Order(action, _left(last), may_move_others, key, retries=last, unsettled=unsettled)


def _way_back(transfer: Transfer, last: Transfer | None, key: str = "") -> Order:
    """`last` is an undo that was given up."""
    wants = _left(last) if last else tuple(undoing.reverse(transfer.steps.order_by("number")))
    if not wants:
        raise NoWay([Refusal(0, "nothing_to_undo", NOTHING_BACK)])
    unsettled = _unsettled(last) if last else ()
    return Order(Action.UNDO, wants, transfer.move_others, key, undoes=transfer, retries=last, unsettled=unsettled)


def _left(transfer: Transfer) -> tuple[Want, ...]:
    undos = _undos(transfer)
    if active := [each for each in undos if each.is_active]:
        raise NoWay([Refusal(0, "goes_on", UNDOING.format(active[0].pk))])
    refused = {each["want"] for each in transfer.refusals}
    stands = transfer.status == Status.DONE and not any(each.status == Status.DONE for each in undos)
    left = [Want.of(each) for number, each in enumerate(transfer.wants) if number in refused or not stands]
    since = [each.pk for each in undos if each.pk > transfer.pk]  # what is older was taken off when this was asked for
    return tuple(undoing.taken_off(left, Step.objects.filter(transfer__in=since)))


def _undos(transfer: Transfer) -> list[Transfer]:
    """Of a job and of the tries before it; those of the undos too, which do again what the job has done."""
    found = [transfer]
    while before := found[-1].retries:
        found.append(before)
    tried = len(found)
    newest = found
    while newest:
        known = [each.pk for each in found]
        newest = list(Transfer.objects.filter(Q(undoes__in=newest) | Q(retries__in=newest)).exclude(pk__in=known))
        found = [*found, *newest]
    return found[tried:]


def _unsettled(transfer: Transfer) -> tuple[Step, ...]:
    """Of an ended job. Where an instance is tells by itself whether it was moved; of a stack, only the amounts do."""
    lost = transfer.steps.filter(status=StepStatus.UNKNOWN, why=Why.WANTED, kind__in=MOVES, item_id=None)
    return tuple(lost.order_by("number"))


def _begun(rows: list[Step], unsettled: Sequence[Step]) -> list[Step]:
    """The first of a job's steps are those calls, as they were left."""
    for row, before in zip(rows, unsettled, strict=False):
        for name in AS_LEFT:
            setattr(row, name, getattr(before, name))
    return rows


def _take_turn(player: Player) -> None:
    """Two clicks at once come here one after the other, and after whoever deletes the person's data."""
    if not Membership.objects.select_for_update(no_key=True).filter(pk=player.membership.pk).values_list("pk").first():
        raise NoWay([Refusal(0, "deleted", "Your data was deleted from this site meanwhile: nothing was queued.")])


def _followed_meanwhile(order: Order) -> Transfer | None:
    """By another click, since this one was planned."""
    if order.retries:
        return order.retries.retried_by.first()
    return order.undoes.undone_by.first() if order.undoes else None


def _planned(player: Player, order: Order) -> Plan:
    if sentence := too_many(len(order.wants)):
        raise NoWay([Refusal(0, "too_many", sentence)])
    wants = list(order.wants)
    for step in order.unsettled:  # taken for done; the rest is planned again once that is known
        wants[step.want] = counted(wants[step.want], step)
    planned = plan(world_ahead(player), wants, move_others=order.move_others)
    planned = replace(planned, steps=(*map(PlannedStep.of, order.unsettled), *planned.steps))
    # Where it is so now, and another job would change it, the later word is kept to have the last one.
    if planned.steps or (not planned.refusals and is_spoken_for(player, wants)):
        return planned
    raise NoWay(planned.refusals or [_already(order.action)])


def _already(action: Action) -> Refusal:
    return Refusal(0, ALREADY, f"Nothing has to be done: {HOW_IT_IS.get(action, 'it is there already')}.")
