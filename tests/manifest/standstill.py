"""Processes that come to one chosen statement stand still there, to be seen, until the test lets them go."""

import os
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.db import connection

PATIENCE_SECONDS = 60
_LOCK = 77_000_001
_TRIGGER = """
CREATE FUNCTION meets_the_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NEW; END $$;
CREATE TRIGGER meets_the_test BEFORE {event} ON {table}
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION meets_the_test();
"""
_DISK_FULL = """RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'"""


class Gate:
    def __init__(self, cursor):
        self._cursor = cursor  # of the connection that holds the lock

    def is_reached(self):
        waiting = (
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
            " AND datname = current_database()"  # the other worker's tests stand still in theirs
        )
        self._cursor.execute(waiting, [_LOCK])
        return self._cursor.fetchone()[0] > 0

    def open(self):
        self._cursor.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def standing_still(event, table, condition):
    """The condition speaks of NEW and OLD. At the end everybody goes on."""
    with _own_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        gate = Gate(cursor)
        with _meeting(cursor, event, table, condition, f"PERFORM pg_advisory_xact_lock_shared({_LOCK})"):
            try:
                yield gate
            finally:
                gate.open()


@contextmanager
def full_disk(event, table, condition):
    """Such a statement ends as Postgres ends it where its disk is full."""
    with _own_cursor() as cursor, _meeting(cursor, event, table, condition, _DISK_FULL):
        yield


@contextmanager
def _own_cursor():
    own = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    own.autocommit = True
    with closing(own), own.cursor() as cursor:
        yield cursor


@contextmanager
def _meeting(cursor, event, table, condition, body):
    cursor.execute(_TRIGGER.format(event=event, table=table, condition=condition, body=body))
    try:
        yield
    finally:
        cursor.execute("DROP FUNCTION meets_the_test CASCADE")


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


def wait_for_a_row():
    """How many connections wait for another one's transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction it would keep showing the first one
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND wait_event IN ('transactionid', 'tuple')"
        )
        return cursor.fetchone()[0]


def started(*arguments, **options):
    """Python in a process of its own, on the database of this test. Tests take it from the fixture `start`."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
        **options.pop("environment", {}),
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2], text=True, **options)
