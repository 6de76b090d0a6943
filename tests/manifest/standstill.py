"""Processes that come to one chosen statement stand still there, to be seen, until the test lets them go."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.db import connection

PATIENCE_SECONDS = 60
_LOCK = 77_000_001
_TRIGGER = """
CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared({lock}); RETURN NEW; END $$;
CREATE TRIGGER stand_still BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION stand_still();
"""


class Gate:
    def __init__(self, lock_holder):
        self._lock_holder = lock_holder

    def is_reached(self):
        with self._lock_holder.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [_LOCK]
            )
            return cursor.fetchone()[0] > 0

    def open(self):
        with self._lock_holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def standing_still(event, table, condition):
    """The condition speaks of NEW and OLD. At the end everybody goes on."""
    lock_holder = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    lock_holder.autocommit = True
    with lock_holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute(_TRIGGER.format(event=event, table=table, condition=condition, lock=_LOCK))
    gate = Gate(lock_holder)
    try:
        yield gate
    finally:
        gate.open()
        with lock_holder.cursor() as cursor:
            cursor.execute("DROP FUNCTION stand_still CASCADE")
        lock_holder.close()


def until(condition):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


class Beside(threading.Thread):
    """Work on a connection of its own, whose error comes out of `join`."""

    def __init__(self, work, *arguments, **options):
        super().__init__()
        self.work, self.error = lambda: work(*arguments, **options), None
        self.start()

    def run(self):
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def join(self):
        super().join(PATIENCE_SECONDS)
        assert not self.is_alive()
        if self.error:
            raise self.error


def waits_for_a_row():
    """Whether some connection waits for another one's transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND wait_event IN ('transactionid', 'tuple')"
        )
        return cursor.fetchone()[0] > 0


def start(*arguments, **options):
    """Python in a process of its own, on the database of this test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
        **options.pop("environment", {}),
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2], text=True, **options)
