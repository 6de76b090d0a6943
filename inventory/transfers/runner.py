"""The task that does a job's steps at Bungie.net.

A worker may die at any line of it. What stands in the database then is enough for the next one: a job that is RUNNING
and nobody's, and at most one step whose call may have happened: that is settled by reading, never sent again blindly.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from time import monotonic

from django.db import InterfaceError, OperationalError, connection
from django_q.conf import Conf
from django_q.models import OrmQ

from inventory.turns import MOVES, alone

from . import claims, lessons, whereabouts
from .claims import Claim, Lost
from .doing import do
from .models import Status, Transfer, WaitsFor
from .parking import Parked
from .rounds import finish, settle, steps_to_do
from .work import Cancelled, Hopeless, Work

log = logging.getLogger(__name__)
MOST_TAKEOVERS = 20  # without progress
TURN_SECONDS = 5  # then other jobs that wait come to their turn
MISTAKE = "This site made a mistake with it, which its log tells more of. Nothing is lost: your items are with Bungie."
LOCK_CHANGED = "Moving may have changed the lock of an item, and it could not be put right: look at your locks."
LOCKED = "The owner of this site has locked your account here. What was not done yet is where it was."


def run(transfer_id: int) -> None:
    """The next job of the account whose job this is, as far as it goes now: that job itself, most of the time."""
    try:
        membership_id = Transfer.objects.filter(pk=transfer_id).values_list("membership_id", flat=True).first()
        if membership_id and _run_next(membership_id):  # else the person has deleted their data
            claims.hand_out_next(membership_id)
    except (OperationalError, InterfaceError) as error:
        log.warning("Transfer %s stands still until the database is back: %s", transfer_id, error)
        connection.close()


def _run_next(membership_id: int) -> bool:
    """Whether the account's turn is free for its next job. Where another worker has it, that one will see to it."""
    with alone(MOVES, str(membership_id)) as mine:
        claim = claims.take(membership_id) if mine else None
        if claim is None:
            return False
        try:
            _go(claim)
        except Lost:
            log.warning("Transfer %s is not this worker's any more.", claim.transfer.pk)
    return claim.transfer.status != Status.QUEUED


def _go(claim: Claim) -> None:
    """Whatever is wrong with a job, it ends: the account's other jobs wait for that."""
    try:
        if claim.transfer.takeovers > MOST_TAKEOVERS:
            raise RuntimeError("its workers die, one after the other")
        _rounds(Work(claim))
    except (Lost, OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Transfer %s", claim.transfer.pk)
        claim.end(Status.FAILED, MISTAKE)


def _rounds(work: Work) -> None:
    try:
        while _round(work):
            pass
    except Cancelled:
        _cancel(work)
    except Parked as parked:
        _park(work, parked)
    except Hopeless as reason:
        _end(work, Status.FAILED, str(reason))


def _round(work: Work) -> bool:
    """Whether there is more to do now."""
    settle(work)
    if not work.claim.beat():
        raise Cancelled
    if not work.account.user.is_active:
        raise Hopeless(LOCKED)
    steps = steps_to_do(work)
    if not steps:
        return finish(work)
    for step in steps:
        if _others_wait(work):
            work.claim.give_back(work.transfer.message)
            return False
        if not do(work, step):
            break
    return True


def _park(work: Work, parked: Parked) -> None:
    """Who cancels does not wait for Bungie, except for the moment in which it shows what the last call has done."""
    if work.claim.beat() or parked.waits_for == WaitsFor.ANSWER:
        work.claim.park(parked)
    else:
        _cancel(work)


def _cancel(work: Work) -> None:
    """What was moved already keeps its lock; where Bungie lets that not be put right now, the job says so."""
    for step in lessons.owed(work.steps):
        with suppress(Parked):
            do(work, step)
    _end(work, Status.CANCELLED, whereabouts.cancelled(work.transfer, work.steps))


def _end(work: Work, status: Status, message: str) -> None:
    work.claim.end(status, f"{message} {LOCK_CHANGED}" if lessons.owed(work.steps) else message)


def _others_wait(work: Work) -> bool:
    """Each task has a row until it has ended: more than there are workers means that some were not begun."""
    return monotonic() - work.began > TURN_SECONDS and OrmQ.objects.count() > Conf.WORKERS
