"""Rows of Django-Q's schedule, kept true to the code and the settings at every migrate."""

from typing import Any

from django.db import connections
from django_q.models import Schedule


def keep(using: str, name: str, func: str, **when: Any) -> None:
    """Make or correct the one row; `next_run` stays, so that a restart does not put it off."""
    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return  # only one app was migrated
    rows = Schedule.objects.using(using).filter(name=name)
    wanted = {"func": func, "repeats": -1, **when}
    if not rows.update(**wanted):
        rows.create(name=name, **wanted)
