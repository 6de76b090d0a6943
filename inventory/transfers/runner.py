"""The task that does a job's steps at Bungie.net.

A worker may die at any line of it. What stands in the database then is enough for the next one: a job that is RUNNING
and nobody's, and at most one step whose call may have happened: that is settled by reading, never sent again blindly.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from time import monotonic

from django.db import InterfaceError, OperationalError, connection

from accounts.models import BungieAccount, User
from inventory.turns import JOB, alone

from . import claims, lessons, settling, telling, whereabouts
from .claims import Claim, Lost
from .doing import do
from .doubts import PATIENCE
from .models import Status, WaitsFor
from .parking import Parked
from .rounds import finish, settle, steps_to_do
from .work import Cancelled, Hopeless, Work

log = logging.getLogger(__name__)
# Django passes on as it is what psycopg2 says while a transaction of a dead connection is being left.
DATABASE_GONE = (OperationalError, InterfaceError, connection.Database.InterfaceError)
MOST_TAKEOVERS = 20  # without progress
TURN_SECONDS = 5  # then other jobs that wait come to their turn
MISTAKE = "This site made a mistake with it, which its log tells more of. Nothing is lost: your items are with Bungie."
LOCKED = "The owner of this site has locked your account here."


def run(transfer_id: int) -> None:
    """The next job of the account whose job this is, as far as it goes now: that job itself, most of the time."""
    try:
        account = BungieAccount.objects.filter(memberships__transfers=transfer_id).first()
        if account and _run_next(account):  # else the person has deleted their data
            claims.hand_out_next(account)
    except DATABASE_GONE as error:
        log.warning("Transfer %s stands still until the database is back: %s", transfer_id, error)
        connection.close()


def _run_next(account: BungieAccount) -> bool:
    """Whether the account's turn was free for a job. Where another worker has it, that one will see to the next.

    The platforms of one person take turns too: to Bungie they are one account.
    """
    with alone(JOB, account.membership_id) as mine:
        claim = claims.take(account) if mine else None
        if claim is None:
            return False
        try:
            _go(claim)
        except Lost:
            log.warning("Transfer %s is not this worker's any more.", claim.transfer.pk)
    return True


def _go(claim: Claim) -> None:
    """Whatever is wrong with a job, it ends: the account's other jobs wait for that."""
    try:
        if claim.transfer.takeovers > MOST_TAKEOVERS:
            raise RuntimeError("its workers die, one after the other")
        _rounds(Work(claim))
    except (Lost, *DATABASE_GONE):
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
    _keep_out_the_locked(work)
    steps = steps_to_do(work)
    if not steps:
        return finish(work)
    for step in steps:
        _keep_out_the_locked(work)
        if _others_wait(work):
            work.claim.give_back(work.transfer.message)
            return False
        if not do(work, step):
            break
    return True


def _keep_out_the_locked(work: Work) -> None:
    """Asked anew each time: the owner of the site may lock an account in mid-job."""
    if not User.objects.filter(pk=work.account.user_id, is_active=True).exists():
        raise Hopeless(whereabouts.told(LOCKED, work.transfer, work.steps))


def _park(work: Work, parked: Parked) -> None:
    """Who cancels waits for Bungie only as long as it may take to show what the last call has done."""
    is_soon_known = parked.waits_for == WaitsFor.ANSWER and settling.on_its_way(work.unsettled, PATIENCE)
    if work.claim.beat() or is_soon_known:
        work.claim.park(parked)
    else:
        _cancel(work)


def _cancel(work: Work) -> None:
    """What was moved already keeps its lock; where Bungie lets that not be put right now, the job says so."""
    for step in lessons.owed(work.steps):
        if not settling.on_its_way(work.unsettled):
            with suppress(Parked):
                do(work, step)
    _end(work, Status.CANCELLED, whereabouts.cancelled(work.transfer, work.steps))


def _end(work: Work, status: Status, message: str) -> None:
    """Not before the last call is over in any case: the account's next job sends its own at once."""
    rest = settling.on_its_way(work.unsettled)
    if rest:
        work.claim.park(Parked(WaitsFor.ANSWER, rest))
        return
    work.claim.end(status, telling.with_locks(message, work.steps))


def _others_wait(work: Work) -> bool:
    return monotonic() - work.began > TURN_SECONDS and claims.others_wait(work.account)
