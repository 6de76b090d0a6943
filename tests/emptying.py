"""The database between tests that commit: what they wrote goes, what every one of them starts from stays.

Django's own way empties all tables and makes permissions, content types and schedules again, and the Manifest would be
imported again, for each test. Here the rows that are to stay are left in place where no test touched them.
"""

from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

_flush = TransactionTestCase._fixture_teardown
_as_made: dict[str, tuple] = {}  # by table, what it looked like when it was made; empty tables are not among them


def remember_what_migrations_made():
    _as_made.clear()
    _as_made.update(_look(_filled(connection.introspection.django_table_names(only_existing=True))))


def remember_the_manifest():
    _as_made.update(_look(_manifest_tables()))


def empty(case):
    """In place of TransactionTestCase._fixture_teardown."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {_listed(tables)}")  # what other threads have not committed yet goes, too
        changed = {table for table, look in _look(_as_made).items() if look != _as_made[table]}
        manifest = set(_manifest_tables())
        if not changed - manifest:
            _delete(set(_filled(tables)) - set(_as_made) - manifest)
            if changed or not manifest <= set(_as_made):
                empty_manifest()
            return
    _flush(case)
    remember_what_migrations_made()


def empty_manifest():
    tables = _manifest_tables()
    if _filled(tables):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {_listed(tables)} CASCADE")


def _manifest_tables():
    return [model._meta.db_table for model in apps.get_app_config("manifest").get_models()]


def _delete(tables):
    """Foreign keys are checked at the end of the transaction, hence the order does not matter."""
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'DELETE FROM "{table}"')


def _filled(tables):
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


def _look(tables):
    """{table: (rows, last transaction that wrote one)}: another one as soon as anything was written or deleted."""
    if not tables:
        return {}
    asked = " UNION ALL ".join(
        f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM \"{table}\"" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table: (rows, last) for table, rows, last in cursor.fetchall()}


def _listed(tables):
    return ", ".join(f'"{table}"' for table in tables)
