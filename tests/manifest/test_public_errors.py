"""What everybody may read of a failure names nothing of the machine; its log and the owner's terminal do."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from destinyvault.embedded_postgres import server
from manifest import cleaning, sync, tasks
from manifest.errors import ManifestError
from manifest.models import Announcement, Language, Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/healthz", "/status/", "/manifest/", "/api/v1/manifest"]


@pytest.fixture(autouse=True)
def english_is_live(import_tables, settings):
    settings.MANIFEST_LANGUAGES = ["en"]
    settings.ANNOUNCE_WEBHOOK_URL = "http://127.0.0.1:1/"
    import_tables({made.ITEMS: made.items(1)})


def everything_public(client):
    rows = [*Revision.objects.values(), *Language.objects.values(), *Announcement.objects.values()]
    return "\n".join([str(rows), *(client.get(page).text for page in PAGES)])


def secrets_of(settings):
    database = settings.DATABASES["default"]
    places = [settings.VAR_DIR, database.get("DATA"), database.get("HOST"), database["NAME"], "socket"]
    if "DATA" in database:
        places.append(server.address(database["DATA"])["host"])
    return [str(place) for place in places if place]


def assert_nothing_leaks(client, settings, *more):
    public = everything_public(client)
    assert [each for each in [*secrets_of(settings), *more] if each in public] == []


def folder_cannot_be_made(monkeypatch, settings):
    (settings.VAR_DIR / "manifest").rmdir()
    (settings.VAR_DIR / "manifest").write_text("a file is in the way")


def connections_are_refused(monkeypatch, settings):
    """To the writers, until the import has ended: as when Postgres has too many."""
    monkeypatch.setattr("manifest.progress.Noted.phase", refusing_connections)
    monkeypatch.setattr("manifest.delivery.deliver_soon", lambda: allow_connections(True))


def refusing_connections(progress, name, total):
    if name == "Importing":
        allow_connections(False)
    return lambda done: None


def allow_connections(allowed):
    own = connection.settings_dict
    admin = psycopg2.connect(**{**connection.get_connection_params(), "dbname": "postgres", "cursor_factory": None})
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{own["NAME"]}" ALLOW_CONNECTIONS {allowed}')
    admin.close()


@contextmanager
def connections_allowed_again():
    try:
        yield
    finally:
        allow_connections(True)


CAUSES = {
    "its folder cannot be made": (folder_cannot_be_made, "/manifest'"),
    "its connections are refused": (connections_are_refused, "not currently accepting connections"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_failed_import_names_nothing_of_the_machine_but_in_the_log(
    cause, sandbox, settings, monkeypatch, client, caplog
):
    bring_about, in_the_log = CAUSES[cause]
    bring_about(monkeypatch, settings)
    with connections_allowed_again():
        told = tasks.update()
    assert told.startswith("en: ")
    assert Revision.objects.get(status="failed").error.split(".")[0] in told
    assert Language.objects.get(code="en").check_failed
    assert Announcement.objects.filter(kind="failed").exists()
    assert in_the_log in caplog.text
    assert_nothing_leaks(client, settings, in_the_log)


def test_owner_reads_it_on_the_terminal(sandbox, settings):
    folder_cannot_be_made(None, settings)
    with pytest.raises(CommandError, match=str(settings.VAR_DIR)):
        call_command("sync_manifest", "--language", "en", verbosity=0)


@pytest.mark.parametrize("name", ["nowhere.content", f"nowhere_{'0' * 32}.content", "", "/dev/zero"])
def test_file_that_cannot_be_read_is_named_to_the_owner_only(name, tmp_path, settings, client):
    file = tmp_path / name  # which of an absolute name is that alone
    with pytest.raises(CommandError, match=str(file)) as refused:
        call_command("sync_manifest", "--file", str(file), verbosity=0)
    assert "read" in str(refused.value)
    assert_nothing_leaks(client, settings, str(tmp_path))


def test_database_that_is_gone_is_told_without_its_address(settings, monkeypatch, sandbox):
    def gone(_language):
        raise OperationalError('connection to server at "10.1.2.3", port 5432 failed: Connection refused')

    monkeypatch.setattr(cleaning, "abandon_killed", gone)
    with pytest.raises(ManifestError) as refused:
        sync.sync("en")
    assert "10.1.2.3" not in str(refused.value)
    assert "10.1.2.3" in refused.value.detail
