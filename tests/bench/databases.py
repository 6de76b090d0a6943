"""A database of its own for a bench: `with own_database("bench_name", kept=False): …`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def own_database(name: str, *, kept: bool) -> Iterator[None]:
    """With all migrations applied, and empty; as the last run left it where it is `kept`."""
    logging.disable(logging.INFO)
    before = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=kept)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=kept)
