import pytest

from destinyvault.sandbox.manifest import Changes
from manifest import health, sync
from manifest.errors import HeldBack, ManifestError
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_configured_language_has_a_state_before_the_first_import(settings):
    settings.MANIFEST_LANGUAGES = ["fr", "en"]
    states = health.state()
    assert [state.language for state in states] == ["fr", "en"]
    assert not any(state.version or state.activated_at or state.checked_at for state in states)


def test_state_is_one_query_and_tells_what_is_live(import_tables, settings, django_assert_num_queries):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    live = import_tables({made.ITEMS: made.items(1, 2)})
    import_tables({made.ITEMS: {}}, "de")
    with django_assert_num_queries(1):
        english, french = health.state()
    assert (english.version, english.path, english.definitions) == (live.version, live.path, 2)
    assert english.activated_at
    assert not english.check_failed
    assert not french.version


@pytest.fixture
def only_english(settings):
    settings.MANIFEST_LANGUAGES = ["en"]


def test_failed_check_is_told_beside_what_stays_live(import_tables, sandbox, only_english):
    revision = import_tables({made.ITEMS: made.items(1)})
    sandbox.faults.order({"match": {"operation": "content"}, "fault": {"content": "html"}})
    with pytest.raises(ManifestError):
        sync.sync("en")
    (state,) = health.state()
    assert state.check_failed
    assert "HTML" in state.outcome
    assert state.path == revision.path


def test_a_failed_look_is_told_from_a_failed_import(import_tables, sandbox, only_english, client):
    import_tables({made.ITEMS: made.items(1)})
    look, reading = "The last look at Bungie failed", "What the last look at Bungie found could not be imported"
    for fault, told, other in (
        ({"match": {"operation": "content"}, "fault": {"content": "html"}}, reading, look),
        ({"match": {"operation": "GetDestinyManifest"}, "fault": {"maintenance": True}}, look, reading),
    ):
        sandbox.faults.clear()
        sandbox.faults.order(fault)
        with pytest.raises(ManifestError):
            sync.sync("en")
        page = client.get("/manifest/").text
        assert told in page
        assert other not in page


@pytest.mark.parametrize("checked_before", [True, False])
def test_import_from_a_file_says_nothing_about_bungie(checked_before, import_tables, sandbox, tmp_path, only_english):
    if checked_before:
        sync.sync("en")
        sandbox.faults.order({"match": {"operation": "GetDestinyManifest"}, "fault": {"maintenance": True}})
        with pytest.raises(ManifestError):
            sync.sync("en")
    import_tables({made.ITEMS: made.items(1)}, force=True)
    (before,) = health.state()
    assert (before.checked_at is not None, before.check_failed) == (checked_before, checked_before)
    with pytest.raises(ManifestError):
        sync.sync("en", file=made.bad_files(tmp_path)["html"][0])
    (state,) = health.state()
    assert (state.checked_at, state.check_message) == (before.checked_at, before.check_message)


def test_what_is_held_back_is_told_and_no_failed_check(sandbox, only_english, client):
    sync.sync("en")
    sandbox.library.publish(Changes(removed=0.6))
    for _ in range(2):  # when it is read, and when it is only named again
        with pytest.raises(HeldBack):
            sync.sync("en")
        (state,) = health.state()
        assert not state.check_failed
        assert "It is held back until somebody confirms it" in state.outcome
        (told,) = client.get("/healthz").json()["manifest"]
        assert (told["check_failed"], told["message"]) == (False, state.outcome)
        assert "Last check failed" not in client.get("/status/").text
        assert "The last look at Bungie failed" not in client.get("/manifest/").text
    sandbox.library.flip()
    sync.sync("en")
    assert health.state()[0].outcome == "Up to date."
