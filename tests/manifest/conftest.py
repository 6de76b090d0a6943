import pytest
from django.contrib.auth import get_user_model

from manifest import lookup
from manifest.models import Definition, Item, Language, Revision
from manifest.sync import sync
from tests import emptying
from tests.manifest import content_files as made
from tests.manifest.standstill import started


@pytest.fixture(autouse=True)
def own_var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture(autouse=True)
def no_manifest_yet(transactional_or_plain_db):
    """Other tests of this process leave theirs in place, so that it is imported once."""
    emptying.empty_manifest()


@pytest.fixture
def staff(client):
    """The browser of somebody who may do everything in the admin."""
    client.force_login(get_user_model().objects.create_superuser("staff", password="x"))
    return client


@pytest.fixture
def import_tables(tmp_path, transactional_db):
    """import_tables({table: rows}) goes through the whole import, from a file of that content."""

    def import_tables(tables, language="en", **options):
        archive = made.content_file(tmp_path / "made", tables)
        return sync(language, file=archive, **options).revision

    return import_tables


@pytest.fixture
def start():
    """start(*arguments) is Python in a process of its own, which does not outlive the test."""
    processes = []

    def start(*arguments, **options):
        processes.append(started(*arguments, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def kept():
    """Everything that a failed import must leave alone, as values to compare."""

    def kept():
        live = lookup.live("en")
        return (
            live,
            sorted(Definition.objects.values_list("pk", "hash", "added", "removed")),
            sorted(Item.objects.values_list("pk", "hash", "added", "removed")),
            list(Language.objects.values_list("code", "live")),
            Revision.objects.filter(status="running").count(),
        )

    return kept
