"""Moves, equips and locks for programs: the plan, the job that does it, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from ninja import Header, P, Query, Router, Schema
from ninja import Status as Answer
from ninja.errors import HttpError
from pydantic import Field

from accounts import people
from accounts.people import Player
from destinyvault.api_errors import CodedError, failures

from . import asking, queueing, replies, showing
from .asking import Asked, WrongRequest
from .bodies import TransferBody
from .models import Action, Status, Transfer
from .queueing import NoWay, Order

router = Router(tags=["transfers"])
READING = failures(400, 401, 404)
CHANGING = failures(400, 401, 403, 404, 409, 413, 502, 503)
PLANNED_OR_QUEUED = {200: replies.TransferReply, 202: replies.TransferReply, **CHANGING}
JOBS_ON_A_PAGE = 50
ADDRESS = "/api/v1/transfers/{}"
MOST_TOLD = 3  # reasons why there is no way

ENDED = "This job has ended already ({}): there is nothing to cancel."
KEY = re.compile("^[!-~]{0,64}$")  # whatever a header can carry and the database hold
WRONG_KEY = "An Idempotency-Key is up to 64 letters, digits and marks of ASCII, such as a UUID. Nothing was queued."
KEY_USED = "This Idempotency-Key came with another wish before, which is transfer {}. Use a new key for each wish."

Key = Header[str, P(alias="Idempotency-Key", description="up to 64 letters, digits and marks of ASCII")]


class Listed(Schema):
    status: Status | None = None
    action: Action | None = None
    refused: bool | None = Field(None, description="true: only those with wishes that cannot be met; false: without")
    page: int = Field(1, ge=1)


@router.post("transfers", response=PLANNED_OR_QUEUED)
def ask(
    request: HttpRequest, response: HttpResponse, body: TransferBody, preview: bool = False, key: Key = ""
) -> Answer:
    """Queues what is asked for: 202 with the job. With `preview=1`: 200 with the plan, and nothing is stored or moved.

    The same `Idempotency-Key` twice is one job. 409 where there is no way, with the reason; of several items those that
    can be moved are, and `refusals` tells of the others.
    """
    who, asked = _player(request), body.asked(key)
    with _reasons():
        if preview:
            return _plan(who, asking.order(who, asked))
        job = _once(who, key, partial(_is_of, asked), lambda: queueing.enqueue(who, asking.order(who, asked)))
    return _job(who, job, response)


@router.get("transfers", response={200: replies.TransfersReply, **READING})
def transfers(request: HttpRequest, asked: Query[Listed]) -> replies.TransfersReply:
    """The person's jobs, newest first, fifty to a page; a page past the last is empty."""
    found = showing.jobs_of(request.auth).narrowed(status=asked.status, action=asked.action, refused=asked.refused)
    pages = Paginator(found, JOBS_ON_A_PAGE)
    shown = list(pages.page(asked.page)) if asked.page <= pages.num_pages else []
    told = replies.listed(_player(request), shown) if shown else []
    return replies.TransfersReply(total=pages.count, page=asked.page, pages=pages.num_pages, transfers=told)


@router.get("transfers/{transfer_id}", response={200: replies.TransferReply, **READING})
def transfer(request: HttpRequest, transfer_id: int) -> replies.TransferReply:
    """A job with its wishes and steps."""
    return replies.transfer(_player(request), showing.own(request.auth, transfer_id))


@router.post("transfers/{transfer_id}/cancel", response={202: replies.TransferReply, **CHANGING})
def cancel(request: HttpRequest, response: HttpResponse, transfer_id: int) -> Answer:
    """Nothing more is sent once the step at hand is answered; the message then says where each item is."""
    who, job = _player(request), showing.own(request.auth, transfer_id)
    if not job.is_active:
        raise CodedError(409, "ended", ENDED.format(job.status))
    queueing.cancel(job)
    return _job(who, showing.own(request.auth, transfer_id), response)


@router.post("transfers/{transfer_id}/retry", response=PLANNED_OR_QUEUED)
def retry(
    request: HttpRequest, response: HttpResponse, transfer_id: int, preview: bool = False, key: Key = ""
) -> Answer:
    """A new job for what an ended one has left undone. With `preview=1` only its plan.

    The same `Idempotency-Key` twice is one job.
    """
    who, job = _player(request), showing.own(request.auth, transfer_id)
    with _reasons():
        if preview:
            return _plan(who, queueing.retry_order(who, job))
        again = _once(who, key, partial(_retries, job), lambda: queueing.retry(who, job, key))
    return _job(who, again, response)


@router.post("transfers/{transfer_id}/undo", response=PLANNED_OR_QUEUED)
def undo(
    request: HttpRequest, response: HttpResponse, transfer_id: int, preview: bool = False, key: Key = ""
) -> Answer:
    """A new job that brings back what an ended one has moved. With `preview=1` only its plan.

    The same `Idempotency-Key` twice is one job.
    """
    who, job = _player(request), showing.own(request.auth, transfer_id)
    with _reasons():
        if preview:
            return _plan(who, queueing.undo_order(who, job))
        back = _once(who, key, partial(_undoes, job), lambda: queueing.undo(who, job, key))
    return _job(who, back, response)


def _player(request: HttpRequest) -> Player:
    who = people.player(request.auth)
    if who is None:
        raise HttpError(404, "There is no Destiny account whose items could be moved.")
    return who


def _once(who: Player, key: str, is_it: Callable[[Transfer], bool], enqueue: Callable[[], Transfer]) -> Transfer:
    """The job of the key, also where another request has stored it meanwhile; 409 where it came of another wish."""
    if not KEY.fullmatch(key):
        raise HttpError(400, WRONG_KEY)
    job = queueing.earlier(who, key) or enqueue()
    if job.key == key and not is_it(job):
        raise CodedError(409, "key_used", KEY_USED.format(job.pk))
    return job


def _is_of(asked: Asked, job: Transfer) -> bool:
    return job.undoes is None and job.retries is None and asked.is_same_as(job.action, job.wants)


def _retries(earlier: Transfer, job: Transfer) -> bool:
    return job.undoes_id is None and job.retries in queueing.tries(earlier)


def _undoes(earlier: Transfer, job: Transfer) -> bool:
    return job.undoes_id == earlier.pk


def _plan(who: Player, order: Order) -> Answer:
    return Answer(200, replies.planned(who, order, queueing.preview(who, order)))


def _job(who: Player, job: Transfer, response: HttpResponse) -> Answer:
    response["Location"] = ADDRESS.format(job.pk)
    return Answer(202, replies.transfer(who, job))


@contextmanager
def _reasons() -> Iterator[None]:
    """Why nothing was queued, as an answer."""
    try:
        yield
    except WrongRequest as error:
        raise HttpError(400, str(error)) from error
    except NoWay as error:
        messages = list(dict.fromkeys(each.message for each in error.refusals))
        more = [f"({len(messages) - MOST_TOLD} more reasons.)"] if len(messages) > MOST_TOLD else []
        code = error.refusals[0].code if error.refusals else "nothing_to_do"
        raise CodedError(409, code, " ".join(messages[:MOST_TOLD] + more) or str(error)) from error
