"""The Django-Q schedule row, kept true to the settings at every migrate."""

from typing import Any

from django.conf import settings
from django.db import connections
from django_q.models import Schedule

NAME = "manifest check"
FUNCTION = "manifest.tasks.check"


def keep(using: str = "default", **_signal: Any) -> None:
    """Make or correct the one row; `next_run` stays, so that a restart does not put the check off."""
    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return  # only this app was migrated
    rows = Schedule.objects.using(using).filter(name=NAME)
    wanted = {
        "func": FUNCTION,
        "schedule_type": Schedule.MINUTES,
        "minutes": settings.MANIFEST_CHECK_MINUTES,
        "repeats": -1,
    }
    if not rows.update(**wanted):
        rows.create(name=NAME, **wanted)
