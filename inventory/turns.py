"""Whose turn it is: one question to Bungie for a person at a time, and one job, on any number of machines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.models import BungieAccount

# Of a web process's threads (gunicorn.conf.py). While Bungie hangs these wait for it; the others go on serving pages.
MOST_AT_ONCE = 4

# Ours alone among the advisory locks of this database.
PROFILE = 0x50524F46  # "PROF"
JOB = 0x4D4F5645  # "MOVE"
_free = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def turn(account: BungieAccount) -> Iterator[bool]:
    """Whether it is ours, at once. Postgres frees the turn of a process that dies."""
    if not _free.acquire(blocking=False):
        yield False
        return
    try:
        with alone(PROFILE, account.membership_id) as mine:
            yield mine
    finally:
        _free.release()


@contextmanager
def alone(lock_class: int, key: str) -> Iterator[bool]:
    """As long as the connection lives that took it."""
    mine = _call("pg_try_advisory_lock", lock_class, key)
    try:
        yield mine
    finally:
        if mine and connection.is_usable():  # else the lock went with the connection
            _call("pg_advisory_unlock", lock_class, key)


def _call(function: str, lock_class: int, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [lock_class, key])
        return cursor.fetchone()[0]
