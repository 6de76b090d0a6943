"""Whose turn it is to ask Bungie: one request for a person at a time, on any number of machines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.models import BungieAccount

# Of a web process's threads (gunicorn.conf.py). While Bungie hangs these wait for it; the others go on serving pages.
MOST_AT_ONCE = 4

_LOCK_CLASS = 0x50524F46  # "PROF": ours alone among the advisory locks of this database
_free = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def turn(account: BungieAccount) -> Iterator[bool]:
    """Whether it is ours, at once. Postgres frees the turn of a process that dies."""
    if not _free.acquire(blocking=False):
        yield False
        return
    try:
        mine = _call("pg_try_advisory_lock", account)
        try:
            yield mine
        finally:
            if mine and connection.is_usable():  # else the lock went with the connection
                _call("pg_advisory_unlock", account)
    finally:
        _free.release()


def _call(function: str, account: BungieAccount) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [_LOCK_CLASS, account.membership_id])
        return cursor.fetchone()[0]
