"""Jobs that have ended stay as a record, for as long as the site's owner has set."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule

from destinyvault import schedules

from .models import Transfer

DAILY = "forget old transfers"


def forget_old() -> None:
    Transfer.objects.filter(finished_at__lt=timezone.now() - timedelta(days=settings.TRANSFERS_KEEP_DAYS)).delete()


def keep_schedule(using: str = "default", **_signal: Any) -> None:
    schedules.keep(using, DAILY, "inventory.transfers.pruning.forget_old", schedule_type=Schedule.DAILY)
