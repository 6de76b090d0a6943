"""When the check of Bungie's index runs."""

from typing import Any

from django.conf import settings
from django_q.models import Schedule

from destinyvault import schedules

NAME = "manifest check"
FUNCTION = "manifest.tasks.check"


def keep(using: str = "default", **_signal: Any) -> None:
    schedules.keep(using, NAME, FUNCTION, schedule_type=Schedule.MINUTES, minutes=settings.MANIFEST_CHECK_MINUTES)
