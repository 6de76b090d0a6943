"""The whole way from the sandbox's index, and everything that Bungie.net may do on that way."""

import pytest
from django.apps import apps

from destinyvault.sandbox.manifest import Changes
from manifest import lookup, sync, tasks
from manifest.errors import ManifestError
from manifest.models import Definition, Language, Revision
from manifest.sync import Action
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(import_tables, sandbox):
    """Something is live, that every failure must leave alone."""
    import_tables({made.ITEMS: made.items(1)})
    return lookup.live("en")


def order(sandbox, operation, fault, times=None):
    sandbox.faults.order({"match": {"operation": operation}, "fault": fault, "times": times})


def publish(sandbox, **changes):
    return sandbox.library.publish(Changes(**changes))


def downloads(sandbox):
    return [entry for entry in sandbox.log.entries() if entry["operation"] == "content"]


def test_sandbox_manifest_is_imported_and_then_up_to_date(sandbox, transactional_db):
    outcome = sync.sync("en")
    assert outcome.action == Action.IMPORTED
    assert outcome.revision.rows == Definition.objects.count() > 0
    assert lookup.live("en").path == sandbox.library.index()["mobileWorldContentPaths"]["en"]
    again = sync.sync("en")
    assert again.action == Action.UP_TO_DATE
    assert len(downloads(sandbox)) == 1


def test_new_path_under_the_same_version_is_imported(sandbox, transactional_db):
    sync.sync("en")
    publish(sandbox, changed=0.2, keep_version=True)
    outcome = sync.sync("en")
    assert outcome.action == Action.IMPORTED
    assert outcome.revision.changed > 0
    assert outcome.revision.added == outcome.revision.removed == 0


def test_same_content_under_a_new_version_is_renamed_not_imported(sandbox, transactional_db):
    sync.sync("en", file=sandbox.library.current.content("en").zipped)
    assert lookup.live("en").version == sync.FROM_FILE
    assert sync.sync("en").action == Action.UP_TO_DATE
    assert lookup.live("en").version == sandbox.library.current.version
    assert downloads(sandbox) == []


def test_index_that_flips_back_switches_without_a_download(sandbox, transactional_db):
    first = sync.sync("en").revision
    publish(sandbox)
    sync.sync("en")
    sandbox.library.flip()
    outcome = sync.sync("en")
    assert (outcome.action, outcome.revision) == (Action.SWITCHED, first)
    assert len(downloads(sandbox)) == 2


def test_check_says_what_is_new_and_changes_nothing(sandbox, transactional_db):
    assert sync.check("en").action == Action.AVAILABLE
    assert not Revision.objects.exists()
    assert not Language.objects.exists()
    sync.sync("en")
    assert sync.check("en").action == Action.UP_TO_DATE


@pytest.mark.parametrize("broken", ["404", "html", "empty", "truncated", "corrupt", "two_files", "wrong_md5"])
def test_bad_download_is_tried_three_ways_and_leaves_the_live_revision_alone(broken, sandbox, live, kept):
    before = kept()
    order(sandbox, "content", {"content": broken})
    with pytest.raises(ManifestError):
        sync.sync("en")
    assert kept() == before
    assert len(downloads(sandbox)) == 3
    assert Language.objects.get(code="en").check_failed
    sandbox.faults.clear()
    assert sync.sync("en").action == Action.IMPORTED
    assert not Language.objects.get(code="en").check_failed


def test_torn_file_that_the_cdn_keeps_is_fetched_under_another_query(sandbox, transactional_db):
    order(sandbox, "content", {"content": "truncated"}, times=2)
    assert sync.sync("en").action == Action.IMPORTED


def test_download_that_breaks_off_is_a_clear_sentence(sandbox, live, kept):
    before = kept()
    order(sandbox, "content", {"drop": "before"})
    with pytest.raises(ManifestError, match="could not be downloaded"):
        sync.sync("en")
    assert kept() == before


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"error_code": 2101}, "BUNGIE_API_KEY"),
        ({"maintenance": True}, "maintenance"),
        ({"html": 503}, "no readable answer"),
        ({"empty": 200}, "no readable answer"),
    ],
)
def test_index_that_fails_is_a_clear_sentence(fault, sentence, sandbox, live, kept):
    before = kept()
    order(sandbox, "GetDestinyManifest", fault)
    with pytest.raises(ManifestError, match=sentence):
        sync.sync("en")
    assert kept() == before
    assert sentence in Language.objects.get(code="en").check_message


def test_wrong_api_key_is_named(sandbox, transactional_db, settings):
    settings.BUNGIE_API_KEY = "wrong"
    with pytest.raises(ManifestError, match="BUNGIE_API_KEY"):
        sync.sync("en")


def test_bungie_that_is_gone_is_a_clear_sentence(sandbox, live, kept, settings):
    before = kept()
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    with pytest.raises(ManifestError, match="cannot be reached"):
        sync.sync("en")
    assert kept() == before


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_language_that_nobody_has_leaves_nothing(reachable, force, sandbox, live, kept, settings):
    before = kept()
    if not reachable:
        settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    with pytest.raises(ManifestError):
        sync.sync("xx", force=force)
    assert kept() == before
    for model in apps.get_app_config("manifest").get_models():
        if hasattr(model, "language"):
            assert not model.objects.filter(language="xx").exists()


def test_index_without_our_language_names_what_it_offers(sandbox, live, kept):
    before = kept()
    sandbox.library.removed_languages.add("fr")
    with pytest.raises(ManifestError, match=r"'fr'; it offers de, en, es.*MANIFEST_LANGUAGES"):
        sync.sync("fr")
    assert kept()[0] == before[0]


@pytest.mark.parametrize("path", [5, None, {}, "elsewhere/en.content"])
def test_index_whose_path_is_none_is_a_clear_sentence_and_a_failed_check(path, sandbox, live, kept):
    before = kept()
    index = {"version": "9", "mobileWorldContentPaths": {"en": path}}
    order(sandbox, "GetDestinyManifest", {"body": {"Response": index, "ErrorCode": 1}})
    with pytest.raises(ManifestError, match="none at all"):
        sync.check("en")
    with pytest.raises(ManifestError, match="none at all"):
        sync.sync("en")
    assert kept() == before
    assert Language.objects.get(code="en").check_failed


def test_failing_language_does_not_stop_the_others(sandbox, transactional_db, settings):
    settings.MANIFEST_LANGUAGES = ["fr", "en"]
    sandbox.library.removed_languages.add("fr")
    told = tasks.check()
    assert "fr: Bungie.net's index has no Manifest in 'fr'" in told
    assert "en: imported" in told
    assert lookup.live("en").language == "en"
    assert Language.objects.get(code="fr").check_failed


def test_all_languages_ask_for_the_index_once(sandbox, transactional_db, settings):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    tasks.check()
    asked = [entry for entry in sandbox.log.entries() if entry["operation"] == "GetDestinyManifest"]
    assert len(asked) == 1
    assert {lookup.live(code).language for code in ("en", "fr")} == {"en", "fr"}
