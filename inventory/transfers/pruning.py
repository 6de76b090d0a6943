"""Jobs that have ended stay as a record, for as long as the site's owner has set."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule

from destinyvault import schedules

from .models import Transfer

BATCH = 500
DAILY = "forget old transfers"


def forget_old() -> None:
    """A batch at a time, each in a transaction of its own, and without what they asked for: there may be very many."""
    long_ago = timezone.now() - timedelta(days=settings.TRANSFERS_KEEP_DAYS)
    old = Transfer.objects.filter(finished_at__lt=long_ago).order_by("finished_at").values_list("pk", flat=True)
    while batch := list(old[:BATCH]):
        Transfer.objects.filter(pk__in=batch).only("pk").delete()


def keep_schedule(using: str = "default", **_signal: Any) -> None:
    schedules.keep(using, DAILY, "inventory.transfers.pruning.forget_old", schedule_type=Schedule.DAILY)
