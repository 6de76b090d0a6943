"""What the JSON API tells of jobs and plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from pydantic import BaseModel

from accounts.people import Player

from . import naming, showing
from .models import Step, StepStatus, Transfer
from .naming import AnyStep, Names, hashes_of, line
from .queueing import Order
from .steps import TOUCHES_OTHERS, Plan
from .wants import Want

TIMES = ("not_before", "created_at", "started_at", "finished_at", "cancel_asked_at")
AS_STORED = ("action", "status", "message", "move_others", "refused", *TIMES)


class StepReply(BaseModel):
    """One call to Bungie. `want` is the place of the wish, in the order given, that it is for.

    `message` says what it does and why, or what became of it; `code` and `said` are Bungie's words. `moves_other` is
    true where it touches an item that was not asked for. `item_ids` are of items that are equipped together.
    """

    number: int
    want: int
    kind: str
    why: str
    moves_other: bool
    item_id: str | None
    item_ids: list[str]
    item_hash: int
    name: str
    quantity: int
    character_id: str
    status: str
    message: str
    code: int | None
    said: str
    outcomes: dict[str, Any]
    sent_at: datetime | None
    finished_at: datetime | None


class WantReply(BaseModel):
    """`quantity` 0 is all of it. `moved` is how much of a stack has arrived; of an item with an id it stays 0."""

    kind: str
    item_id: str | None
    item_hash: int
    quantity: int
    source: str
    to: str
    moved: int


class RefusalReply(BaseModel):
    """Why the wish at the place `want` cannot be met, while others can."""

    want: int
    code: str
    message: str


class JobReply(BaseModel):
    """How a job stands. `refused` counts the wishes that cannot be met: a job that is done may have some.

    `title` is that of the pages, as "Move 2 items to the vault". `steps_done` counts those of `steps_total` that were
    done: of an ended job the others failed or were skipped. `waits_for` is of a parked one; the pages say "Waiting".
    """

    id: int | None
    membership_id: str
    title: str
    action: str
    status: str
    waits_for: str | None
    not_before: datetime | None
    message: str
    move_others: bool
    refused: int
    steps_done: int
    steps_total: int
    created_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked_at: datetime | None
    undoes: int | None
    retries: int | None


class TransferReply(JobReply):
    """A job, or with `id` null and the status "planned" what one would do."""

    wants: list[WantReply]
    refusals: list[RefusalReply]
    steps: list[StepReply]


class TransfersReply(BaseModel):
    total: int
    page: int
    pages: int
    transfers: list[JobReply]


def transfer(player: Player, job: Transfer) -> TransferReply:
    steps = list(job.steps.order_by("number"))
    names = Names.of(player, hashes_of(showing.wants(job), steps))
    return TransferReply(
        **_job(job, names, sum(step.status == StepStatus.DONE for step in steps), len(steps)),
        wants=[_want(kept) for kept in job.wants],
        refusals=[RefusalReply(**each) for each in job.refusals],
        steps=[_sent(step, names) for step in steps],
    )


def planned(player: Player, order: Order, plan: Plan) -> TransferReply:
    names = Names.of(player, hashes_of(order.wants, plan.steps))
    return TransferReply(
        id=None,
        membership_id=player.membership.membership_id,
        title=naming.titled(order.action, order.wants, names),
        action=order.action,
        status="planned",
        waits_for=None,
        message="",
        move_others=order.move_others,
        refused=len(plan.refusals),
        steps_done=0,
        steps_total=len(plan.steps),
        undoes=order.undoes and order.undoes.pk,
        retries=order.retries and order.retries.pk,
        **dict.fromkeys(TIMES),
        wants=[_want(each.kept) for each in order.wants],
        refusals=[RefusalReply(want=each.want, code=each.code, message=each.message) for each in plan.refusals],
        steps=[_step(step, number, names) for number, step in enumerate(plan.steps, 1)],
    )


def listed(player: Player, jobs: Sequence[Transfer]) -> list[JobReply]:
    counted = {"done": Count("pk", filter=Q(status=StepStatus.DONE)), "total": Count("pk")}
    rows = Step.objects.filter(transfer__in=[job.pk for job in jobs]).order_by().values_list("transfer")
    counts = {pk: (done, total) for pk, done, total in rows.annotate(**counted)}
    names = Names.of(player, hashes_of(want for job in jobs for want in showing.wants(job)))
    return [JobReply(**_job(job, names, *counts.get(job.pk, (0, 0)))) for job in jobs]


def _job(job: Transfer, names: Names, done: int, total: int) -> dict[str, Any]:
    return {name: getattr(job, name) for name in AS_STORED} | {
        "id": job.pk,
        "membership_id": job.membership.membership_id,
        "title": showing.title(job, names),
        "waits_for": job.waits_for or None,
        "steps_done": done,
        "steps_total": total,
        "undoes": job.undoes_id,
        "retries": job.retries_id,
    }


def _want(kept: dict[str, Any]) -> WantReply:
    return WantReply(**Want.of(kept).kept)


def _step(step: AnyStep, number: int, names: Names) -> StepReply:
    """As it was planned."""
    told = line(step, names)
    return StepReply(
        number=number,
        want=step.want,
        kind=step.kind,
        why=step.why,
        moves_other=step.why in TOUCHES_OTHERS,
        item_id=step.item_id,
        item_ids=list(step.item_ids),
        item_hash=step.item_hash,
        name=told.thing.name,
        quantity=step.quantity,
        character_id=step.character_id,
        status=StepStatus.WAITING,
        message=f"{told.does}, {told.why}" if told.why else told.does,
        code=None,
        said="",
        outcomes={},
        sent_at=None,
        finished_at=None,
    )


def _sent(step: Step, names: Names) -> StepReply:
    """As it stands."""
    told = _step(step, step.number, names)
    told.status, told.message = step.status, step.message or told.message
    told.code, told.said, told.outcomes = step.code, step.said, step.outcomes
    told.sent_at, told.finished_at = step.sent_at, step.finished_at
    return told
