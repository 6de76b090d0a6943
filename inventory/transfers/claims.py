"""A worker's hold on a job. Every write of a run goes through it: a worker that has lost it writes nothing more."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import BungieAccount, Membership

from . import settling
from .handing_out import hand_out
from .models import GAVE_UP, Status, Step, StepStatus, Transfer, WaitsFor
from .parking import Parked, next_wait
from .steps import Refusal
from .wants import Want

log = logging.getLogger(__name__)
MEMBERSHIP = "membership__account__user__preferences"
TAKEN_WITHIN = timedelta(seconds=1)  # where a worker is free
UNSETTLED = (StepStatus.RUNNING, StepStatus.UNKNOWN)


class Lost(Exception):
    """Another worker has the job, or the person has deleted their data."""


class Claim:
    def __init__(self, transfer: Transfer, worker: str) -> None:
        self.transfer = transfer
        self.worker = worker
        self.taken_at = timezone.now()
        self.waited_for, self.parked_at = transfer.waits_for, transfer.parked_at  # before this run

    @contextmanager
    def writing(self, **values: Any) -> Iterator[None]:
        """One transaction, rolled back where the job is no longer ours. Counts as a sign of life."""
        with transaction.atomic():
            if not self._mine().update(beat_at=timezone.now(), **values):
                raise Lost
            yield
        for name, value in values.items():
            setattr(self.transfer, name, value)

    @contextmanager
    def going_on(self) -> Iterator[bool]:
        """One transaction on a job that is still ours, with whether the person still wants it; no sign of life."""
        with transaction.atomic():
            asked = self._mine().select_for_update(no_key=True).values_list("cancel_asked_at", flat=True)
            found = list(asked)
            if not found:
                raise Lost
            yield found[0] is None

    def beat(self) -> bool:
        """Whether the person still wants it."""
        with self.writing():
            pass
        return self._mine().filter(cancel_asked_at=None).exists()

    def progressed(self) -> None:
        """What it waited for is over."""
        self.waited_for, self.parked_at = "", None

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        with self.writing(refusals=[*self.transfer.refusals, *map(asdict, refusals)]):
            pass

    def park(self, parked: Parked) -> None:
        """Since when it waits counts on while nothing of it goes well, whatever it waits for next.

        A sign-in is waited for since the job was taken up: who signs in meanwhile has done what is asked for.
        """
        now = timezone.now()
        again = self.parked_at if self.waited_for != WaitsFor.SIGN_IN else None
        since = self.taken_at if parked.waits_for == WaitsFor.SIGN_IN else again or now
        wait = parked.wait or next_wait(now - since)
        until = None if parked.waits_for == WaitsFor.SIGN_IN else now + wait
        self._leave(Status.PARKED, parked.message, waits_for=parked.waits_for, parked_at=since, not_before=until)

    def give_back(self, message: str) -> None:
        """So that another job comes to its turn; this one is handed out behind it, once the account's turn is free."""
        self._leave(Status.QUEUED, message)

    def end(self, status: Status, message: str) -> None:
        """A call whose answer was lost, and that nobody has settled, stays unknown."""
        steps = Step.objects.filter(transfer=self.transfer)
        with self._leaving(status, message, finished_at=timezone.now()):
            steps.skip()
            steps.filter(status=StepStatus.RUNNING).update(status=StepStatus.UNKNOWN, message=settling.LOST)

    def _leave(self, status: Status, message: str, **values: Any) -> None:
        with self._leaving(status, message, **values):
            pass

    def _leaving(self, status: Status, message: str, **values: Any) -> Any:
        return self.writing(status=status, message=message, worker="", **values)

    def _mine(self) -> Any:
        return Transfer.objects.filter(pk=self.transfer.pk, worker=self.worker, status=Status.RUNNING)


def take(account: BungieAccount) -> Claim | None:
    """The account's next job, now this worker's; None where there is none. The caller has the account's lock."""
    transfer = _next(account)
    if transfer is None:
        return None
    now, worker = timezone.now(), _name()
    same = Transfer.objects.filter(pk=transfer.pk, status=transfer.status, worker=transfer.worker, finished_at=None)
    claim = Claim(transfer, worker)
    values = {"status": Status.RUNNING, "worker": worker, "waits_for": "", "not_before": None, "message": ""}
    values["started_at"] = transfer.started_at or now
    values["takeovers"] = transfer.takeovers + (transfer.status == Status.RUNNING)
    if not same.update(beat_at=now, **values):
        return None
    for name, value in values.items():
        setattr(transfer, name, value)
    return claim


def hand_out_next(account: BungieAccount) -> None:
    """Whoever ends, parks or gives back a job does this, once the account's turn is free again."""
    queued = Transfer.objects.filter(membership__account=account, status=Status.QUEUED, finished_at=None).order_by("id")
    found = queued.values_list("pk", flat=True).first()
    if found is not None:
        hand_out(found)


def is_waited_for(account: BungieAccount) -> bool:
    """Whether another job of the account is queued."""
    return Transfer.objects.filter(membership__account=account, finished_at=None, status=Status.QUEUED).exists()


def began_later(transfer: Transfer) -> dict[int, list[Want]]:
    """What was asked for after this one and is not given up, by transfer: jobs that wait may be overtaken."""
    younger = Transfer.objects.filter(membership=transfer.membership, pk__gt=transfer.pk, started_at__isnull=False)
    wanted = younger.exclude(status__in=GAVE_UP).values_list("pk", "wants", "refusals")
    return {
        pk: [Want.of(each) for number, each in enumerate(wants) if number not in {each["want"] for each in refusals}]
        for pk, wants, refusals in wanted
    }


def _next(account: BungieAccount) -> Transfer | None:
    """First what a dead worker has left, then what has a call whose outcome is not known: nothing overtakes those."""
    active = Transfer.objects.filter(membership__account=account, finished_at=None)
    jobs = list(active.annotate(unsettled=_is_unsettled()).select_related(MEMBERSHIP).order_by("id"))
    jobs.sort(key=lambda job: (job.status != Status.RUNNING, not job.unsettled, job.pk))
    if jobs and (jobs[0].status == Status.RUNNING or jobs[0].unsettled):
        jobs = jobs[:1]
    now = timezone.now()
    due = [job for job in jobs if is_due(job, now)]
    # What has only to be shown is ended first: afterwards an item may be elsewhere by the next job's doing.
    return next((job for job in jobs if due and job.waits_for == WaitsFor.SHOWN), due[0] if due else None)


def _is_unsettled() -> Exists:
    return Exists(Step.objects.filter(transfer=OuterRef("pk"), status__in=UNSETTLED))


def is_due(job: Transfer, now: datetime) -> bool:
    if job.status != Status.PARKED or job.cancel_asked_at:
        return True
    if job.waits_for == WaitsFor.SIGN_IN:
        signed_in_at = job.membership.account.signed_in_at
        return bool(signed_in_at and signed_in_at > job.parked_at)
    return job.not_before is None or job.not_before <= now


def others_wait(account: BungieAccount) -> bool:
    """Whether jobs wait for which no worker was free, other than those behind a job of the same account."""
    theirs = Transfer.objects.filter(membership__account=OuterRef("membership__account"), finished_at=None).exclude(
        pk=OuterRef("pk")
    )
    before = theirs.filter(Q(status=Status.RUNNING) | _is_unsettled())
    seen_at = Coalesce("beat_at", "created_at")
    queued = Transfer.objects.filter(status=Status.QUEUED, finished_at=None).annotate(seen_at=seen_at)
    waiting = queued.filter(seen_at__lt=timezone.now() - TAKEN_WITHIN).exclude(membership__account=account)
    return waiting.exclude(Exists(before)).exists()


def wait_for_workers(instance: Membership, using: str, **_signal: Any) -> None:
    """Before a person's rows are deleted: steps go before their jobs, where a worker writes the job first."""
    jobs = Transfer.objects.using(using).filter(membership=instance).order_by("pk")
    list(jobs.select_for_update().values_list("pk", flat=True))


def _name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"
