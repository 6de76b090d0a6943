"""One import per language at a time, whoever asks: schedule, command and admin, on any number of machines."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from manifest.errors import ImportRunning
from manifest.progress import Progress

_LOCK_CLASS = 0x4D414E49  # "MANI": ours alone among the advisory locks of this database
_ASK_AGAIN_SECONDS = 0.5
# pg_locks shows both numbers as unsigned.
_HELD = """
SELECT code FROM manifest_language
JOIN pg_locks ON locktype = 'advisory' AND classid::bigint = %s AND objid::bigint = hashtext(code) & 4294967295
WHERE granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@contextmanager
def only_import(language: str, *, wait: bool, progress: Progress) -> Iterator[None]:
    """Hold the language's lock. Postgres frees it when the process dies. Raises ImportRunning unless told to wait."""
    if not _taken(language):
        if not wait:
            raise ImportRunning(f"Another process is importing the Manifest in {language!r} at the moment.")
        _wait(language, progress)
    try:
        yield
    finally:
        if connection.is_usable():  # else the lock went with the connection
            _call("pg_advisory_unlock", language)


def importing() -> set[str]:
    """The languages that some process imports at the moment, however it began; a killed one holds no lock."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_LOCK_CLASS])
        return {code for (code,) in cursor.fetchall()}


def _wait(language: str, progress: Progress) -> None:
    """By asking again and again: a query that blocks could not be ended by Ctrl-C."""
    progress.phase("Waiting for another import", None)
    while not _taken(language):
        time.sleep(_ASK_AGAIN_SECONDS)


def _taken(language: str) -> bool:
    return _call("pg_try_advisory_lock", language)


def _call(function: str, language: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [_LOCK_CLASS, language])
        return cursor.fetchone()[0]
