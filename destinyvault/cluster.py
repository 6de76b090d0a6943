"""The task cluster: whether it runs, when it was last seen, and what it leaves behind."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Schedule

from destinyvault import schedules

log = logging.getLogger(__name__)
DAILY = "forget old failures"
KEPT = timedelta(days=30)
# Django-Q's scheduler looks twice a minute, so a schedule that is due for longer was seen by nobody.
LATE = timedelta(seconds=90)


@dataclass(frozen=True)
class Heartbeat:
    """`seen_at` is true to a minute, None before the first start; `waiting` counts tasks that no worker took yet."""

    running: bool
    seen_at: datetime | None
    waiting: int


def heartbeat() -> Heartbeat:
    """From what a running cluster writes anyway.

    Django-Q's status lives for three seconds in the cache: there at once after a start, but gone when the machine is
    busy, and it says nothing about the past. Its schedules in Postgres move on only while a cluster runs: slower to
    notice, but they remember. Either sign is enough.
    """
    now = timezone.now()
    ran_at, due_at = _schedules()
    on_time = ran_at is not None and due_at > now - LATE
    running = on_time or _has_status()
    waiting = OrmQ.objects.filter(key=Conf.CLUSTER_NAME, lock__lte=now).count()
    return Heartbeat(running, now if running else ran_at, waiting)


def _schedules() -> tuple[datetime | None, datetime | None]:
    """When a cluster last started something by the minute, and when the first of the next is due."""
    rows = Schedule.objects.filter(schedule_type=Schedule.MINUTES, next_run__isnull=False)
    ran = [row.next_run - timedelta(minutes=row.minutes or 1) for row in rows if row.task]
    return max(ran, default=None), min((row.next_run for row in rows), default=None)


def _has_status() -> bool:
    """Stat.get_all() would write into the cache for everybody who looks, and unpickle."""
    try:
        keys = cache.get(Conf.Q_STAT) or []
        return bool(cache.get_many(keys))
    except Exception as error:  # each cache has its own; the schedules still tell
        log.warning("The cache does not answer: %s", error)
        return False


def forget_old_failures() -> None:
    """Django-Q limits only what succeeded (save_limit)."""
    Failure.objects.filter(stopped__lt=timezone.now() - KEPT).delete()


def keep_schedule(using: str = "default", **_signal: Any) -> None:
    schedules.keep(using, DAILY, "destinyvault.cluster.forget_old_failures", schedule_type=Schedule.DAILY)
