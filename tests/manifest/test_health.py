import pytest

from manifest import health, sync
from manifest.errors import ManifestError
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
    assert english.activated_at <= english.checked_at
    assert not english.check_failed
    assert not french.version


def test_failed_check_is_told_beside_what_stays_live(import_tables, tmp_path, settings):
    settings.MANIFEST_LANGUAGES = ["en"]
    revision = import_tables({made.ITEMS: made.items(1)})
    with pytest.raises(ManifestError):
        sync.sync("en", file=made.bad_files(tmp_path)["html"][0])
    (state,) = health.state()
    assert state.check_failed
    assert "HTML" in state.check_message
    assert state.path == revision.path
