"""What nobody is at any more is handed out again: jobs of dead workers, those that have waited, lost tasks."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_q.brokers.orm import ORM

from . import telling, whereabouts
from .claims import MEMBERSHIP
from .handing_out import hand_out
from .models import Status, Step, Transfer, WaitsFor
from .parking import GIVEN_UP_AFTER

log = logging.getLogger(__name__)
EVERY_SECONDS = 3
SILENT = timedelta(seconds=10)
GIVEN_UP = "Given up after a week of waiting."


class Broker(ORM):
    """Django-Q's own, whose pusher looks for such jobs too: one process of each cluster, that ends with it.

    Several clusters may sweep at once, since each job is handed out by whoever changes its row.
    """

    swept_at = 0.0
    parent = 0

    def dequeue(self) -> Any:
        self.parent = self.parent or os.getppid()
        if os.getppid() != self.parent:
            sys.exit("The guard of this cluster has died.")
        if monotonic() - self.swept_at > EVERY_SECONDS:
            self.swept_at = monotonic()
            self.sweep()
        return super().dequeue()

    def sweep(self) -> None:
        """Whatever goes wrong with it, tasks go on."""
        self.get_connection()  # closes one that has died
        try:
            sweep()
        except Exception:
            log.exception("What was left alone could not be handed out.")


def sweep() -> int:
    """How many were handed out."""
    now = timezone.now()
    _give_up(now)
    return sum(_again(pk, now) for pk in _left_alone(now).values_list("pk", flat=True))


def _left_alone(now: datetime) -> QuerySet[Transfer]:
    """A job counts as handed out for a while; behind another one of the same account it has not been forgotten."""
    jobs = Transfer.objects.filter(finished_at=None).annotate(seen_at=Coalesce("beat_at", "created_at"))
    at_work = Transfer.objects.filter(
        membership__account=OuterRef("membership__account"),
        finished_at=None,
        status=Status.RUNNING,
        beat_at__gte=now - SILENT,
    ).exclude(pk=OuterRef("pk"))
    signed_in_at = F("membership__account__signed_in_at")
    has_signed_in = Q(waits_for=WaitsFor.SIGN_IN, signed_in_at__gt=F("parked_at"))
    is_due = Q(not_before__lte=now) | Q(cancel_asked_at__isnull=False) | has_signed_in
    is_new = Q(seen_at__lt=F("not_before")) | Q(seen_at__lt=F("signed_in_at")) | Q(seen_at__lt=F("cancel_asked_at"))
    return jobs.annotate(signed_in_at=signed_in_at).filter(
        (Q(status=Status.RUNNING) & _silent(now))
        | (Q(status=Status.QUEUED) & _silent(now) & ~Exists(at_work))
        | (Q(status=Status.PARKED) & is_due & (is_new | _silent(now)))
    )


def _silent(now: datetime) -> Q:
    return Q(seen_at__lt=now - SILENT)


def _again(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        locked = Transfer.objects.select_for_update(no_key=True).filter(pk=pk)
        mine = bool(locked.first()) and _left_alone(now).filter(pk=pk).exists()
        if mine:
            Transfer.objects.filter(pk=pk).update(beat_at=timezone.now())
            hand_out(pk)
    return mine


def _give_up(now: datetime) -> None:
    parked = Transfer.objects.filter(finished_at=None, status=Status.PARKED, parked_at__lt=now - GIVEN_UP_AFTER)
    for job in parked.select_related(MEMBERSHIP):
        steps = list(job.steps.order_by("number"))
        message = telling.with_locks(_given_up(job, steps), steps)
        with transaction.atomic():
            same = parked.select_for_update(no_key=True, skip_locked=True).filter(pk=job.pk, beat_at=job.beat_at)
            if same.first():
                job.steps.skip()
                Transfer.objects.filter(pk=job.pk).update(status=Status.FAILED, message=message, finished_at=now)


def _given_up(job: Transfer, steps: Sequence[Step]) -> str:
    """Whatever is wrong with a job, it ends, and so do the others."""
    try:
        return whereabouts.told(GIVEN_UP, job, steps)
    except Exception:
        log.exception("Transfer %s", job.pk)
        return GIVEN_UP
