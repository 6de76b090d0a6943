"""What the cluster does by the clock: the check of Bungie's index, and whatever is left to deliver."""

from typing import Any

from django.conf import settings
from django_q.models import Schedule

from destinyvault import schedules

NAME = "manifest check"
FUNCTION = "manifest.tasks.check"
# Messages are sent when something happens; the sweep is for those that wait, and for a worker that was killed.
SWEEP = "deliver announcements"
DAILY = "forget old announcements"
UNSAVED = "q_options={'save': False}"  # else the minutes push every other task out of the admin's list


def keep(using: str = "default", **_signal: Any) -> None:
    every_few_minutes = {"schedule_type": Schedule.MINUTES, "minutes": settings.MANIFEST_CHECK_MINUTES}
    schedules.keep(using, NAME, FUNCTION, **every_few_minutes)
    every_minute = {"schedule_type": Schedule.MINUTES, "minutes": 1, "kwargs": UNSAVED}
    schedules.keep(using, SWEEP, "manifest.tasks.deliver", **every_minute)
    schedules.keep(using, DAILY, "manifest.delivery.forget_old", schedule_type=Schedule.DAILY)
