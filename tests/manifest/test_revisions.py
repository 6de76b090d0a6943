"""Which revision is live and why: sightings, pins, content that is held back."""

import pytest

from destinyvault.sandbox.manifest import Changes
from manifest import lookup, switch, sync, tasks
from manifest.errors import HeldBack, NotKept
from manifest.models import Announcement, Definition, Language, Revision
from manifest.sync import Action
from tests.manifest import content_files as made
from tests.manifest.revisions import contents, let_readers_finish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def only_english(settings):
    settings.MANIFEST_LANGUAGES = ["en"]


def scheduled():
    """What the schedule's check does, for its outcome."""
    return sync.sync("en", patient=True).action


def publish(sandbox, **changes):
    return sandbox.library.publish(Changes(**(changes or {"changed": 0.01})))


def downloads(sandbox):
    return sum(entry["operation"] == "content" for entry in sandbox.log.entries())


def english():
    return Language.objects.select_related("live").get(code="en")


# Sightings


def test_first_manifest_of_a_language_is_imported_at_its_first_sighting(sandbox):
    assert scheduled() == Action.IMPORTED


def test_scheduled_check_imports_what_it_sees_twice(sandbox):
    sync.sync("en")
    publish(sandbox)
    before = english().live
    assert scheduled() == Action.SIGHTED
    assert english().live == before
    assert downloads(sandbox) == 1
    assert scheduled() == Action.IMPORTED
    assert english().sighted_path == ""
    assert scheduled() == Action.UP_TO_DATE


def test_check_by_hand_imports_at_once(sandbox):
    sync.sync("en")
    publish(sandbox)
    assert tasks.update() == "en: imported"


def test_new_path_counts_as_seen_while_servers_disagree(sandbox):
    sync.sync("en")
    publish(sandbox)
    assert scheduled() == Action.SIGHTED
    sandbox.library.flip()
    assert scheduled() == Action.UP_TO_DATE
    sandbox.library.flip()
    assert scheduled() == Action.IMPORTED


def test_new_path_under_an_unchanged_version_is_seen_twice_too(sandbox):
    sync.sync("en")
    publish(sandbox, changed=0.1, keep_version=True)
    assert [scheduled(), scheduled()] == [Action.SIGHTED, Action.IMPORTED]
    assert len(set(Revision.objects.values_list("version", flat=True))) == 1


@pytest.mark.parametrize("keep", [10, 1])
def test_server_that_is_behind_does_not_take_the_site_back(keep, sandbox, settings):
    """Seen again and again, but never twice in a row; also when the older one is no longer kept."""
    settings.MANIFEST_KEEP_REVISIONS = keep
    sync.sync("en")
    publish(sandbox)
    newest = sync.sync("en").revision
    let_readers_finish()
    sync.sync("en")
    for _ in range(3):
        sandbox.library.flip()
        assert scheduled() == Action.SIGHTED
        sandbox.library.flip()
        assert scheduled() == Action.UP_TO_DATE
    assert english().live == newest
    assert downloads(sandbox) == 2


def test_bungie_that_takes_a_version_back_is_followed(sandbox):
    first = sync.sync("en").revision
    publish(sandbox)
    sync.sync("en")
    sandbox.library.flip()
    assert [scheduled(), scheduled()] == [Action.SIGHTED, Action.SWITCHED]
    assert english().live == first
    assert downloads(sandbox) == 2


def test_failed_import_is_tried_again_without_two_more_sightings(sandbox):
    sync.sync("en")
    publish(sandbox)
    assert scheduled() == Action.SIGHTED
    sandbox.faults.order({"match": {"operation": "content"}, "times": 3, "fault": {"content": "404"}})
    assert "HTTP status 404" in tasks.check()
    assert tasks.check() == "en: imported"


# Pins


def test_pinned_revision_stays_while_checks_go_on_importing(sandbox):
    first = sync.sync("en").revision
    publish(sandbox)
    second = sync.sync("en").revision
    switch.make_live(first, pinned=True)
    assert [scheduled(), scheduled()] == [Action.PINNED, Action.PINNED]
    publish(sandbox)
    assert [scheduled(), scheduled(), scheduled()] == [Action.SIGHTED, Action.PINNED, Action.PINNED]
    third = Revision.objects.first()
    assert third.status == "complete"
    assert third.live_until is None
    assert english().live == first
    assert english().pinned_at
    switch.make_live(second, pinned=True)
    assert english().live == second
    assert switch.unpin("en")
    assert not switch.unpin("en")
    assert [scheduled(), scheduled()] == [Action.SIGHTED, Action.SWITCHED]
    assert english().live == third


def test_check_that_began_before_the_pin_does_not_undo_it(sandbox, import_tables):
    first = import_tables({made.ITEMS: made.items(1)})
    second = import_tables({made.ITEMS: made.items(2)})
    switch.make_live(first, pinned=True)
    assert not switch.follow(second)
    assert english().live == first


def test_import_that_ends_after_the_pin_does_not_undo_it(import_tables, tmp_path):
    first = import_tables({made.ITEMS: made.items(1)})

    class Pinning:
        def phase(self, name, total):
            if name == "Switching":
                switch.make_live(first, pinned=True)
            return lambda done: None

    outcome = sync.sync("en", file=made.content_file(tmp_path, {made.ITEMS: made.items(1, 2)}), progress=Pinning())
    assert outcome.action == Action.PINNED
    assert (english().live, outcome.revision.status) == (first, "complete")


def test_force_lifts_a_pin(import_tables):
    first = import_tables({made.ITEMS: made.items(1)})
    switch.make_live(first, pinned=True)
    forced = import_tables({made.ITEMS: made.items(2)}, force=True)
    assert (english().live, english().pinned_at) == (forced, None)


def test_back_and_forward_give_exactly_what_was_imported(import_tables):
    first = import_tables({made.ITEMS: made.items(1, 2), made.HISTORICAL: {"kills": {"a": 1}}})
    was = contents(first)
    second = import_tables({made.ITEMS: made.items(2, 3, lore="new"), made.HISTORICAL: {"kills": {"a": 2}}})
    now = contents(second)
    switch.make_live(first, pinned=True)
    assert set(lookup.items(lookup.live("en"), range(9))) == {1, 2}
    assert contents(first) == was
    switch.make_live(second)
    assert set(lookup.items(lookup.live("en"), range(9))) == {2, 3}
    assert contents(second) == now != was


def test_revision_says_until_when_it_was_live(import_tables):
    first = import_tables({made.ITEMS: made.items(1)})
    second = import_tables({made.ITEMS: made.items(2)})
    first.refresh_from_db()
    assert first.live_until == english().activated_at
    switch.make_live(first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.live_until is None
    assert second.live_until == english().activated_at


def test_every_switch_is_told_once(import_tables, settings):
    settings.ANNOUNCE_WEBHOOK_URL = "http://127.0.0.1:1/"
    first = import_tables({made.ITEMS: made.items(1)})
    import_tables({made.ITEMS: made.items(2)})
    switch.make_live(first, pinned=True)
    switch.make_live(first, pinned=True)
    told = Announcement.objects.filter(kind="live").order_by("pk").values_list("revision_id", flat=True)
    assert list(told) == [first.pk, first.pk + 1, first.pk]


@pytest.mark.parametrize("status", ["pruned", "failed", "held", "running"])
def test_only_what_is_kept_can_go_live(status, import_tables, kept):
    import_tables({made.ITEMS: made.items(1)})
    before = kept()
    gone = Revision.objects.create(language="en", path="gone", status=status)
    with pytest.raises(NotKept):
        switch.make_live(gone, pinned=True)
    with pytest.raises(NotKept):
        switch.follow(gone)
    gone.delete()
    assert kept() == before
    assert english().pinned_at is None


# Held back

STRANGE = {
    "a table is missing": ({made.ITEMS: made.items(1, 2, 3)}, "lacks DestinyStatDefinition"),
    "more than half of the items are gone": ({made.ITEMS: made.items(1), made.STATS: {1: {}}}, "has 1 items"),
    "no items at all": ({made.STATS: {1: {}}}, "has no DestinyInventoryItemDefinition"),
    "Destiny 1": (
        {made.ITEMS: {n: {"itemHash": n, "itemName": "Gjallarhorn"} for n in range(9)}, made.STATS: {1: {}}},
        "not a Destiny 2 Manifest",
    ),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_content_is_held_back_until_it_is_forced(kind, import_tables, kept):
    import_tables({made.ITEMS: made.items(1, 2, 3), made.STATS: {1: {}}})
    before = kept()
    tables, sentence = STRANGE[kind]
    with pytest.raises(HeldBack, match=sentence):
        import_tables(tables)
    assert kept() == before
    held = Revision.objects.get(status="held")
    assert sentence in held.error
    forced = import_tables(tables, force=True)
    assert english().live == forced
    assert not Revision.objects.filter(status="held").exists()


@pytest.mark.parametrize("kind", ["no items at all", "Destiny 1"])
def test_first_content_of_another_game_is_held_back_too(kind, import_tables):
    tables, sentence = STRANGE[kind]
    with pytest.raises(HeldBack, match=sentence):
        import_tables(tables)
    assert english().live is None
    assert not Definition.objects.exists()


def test_exactly_half_of_the_items_is_no_reason(import_tables):
    import_tables({made.ITEMS: made.items(1, 2, 3, 4)})
    assert import_tables({made.ITEMS: made.items(1, 2)}).removed == 2


@pytest.fixture
def held(sandbox):
    """Bungie names content whose items are nearly all gone, and the schedule has read it once."""
    sync.sync("en")
    publish(sandbox, removed=0.6)
    sync_held(patient=False)
    return Revision.objects.get(status="held")


def sync_held(*, patient):
    with pytest.raises(HeldBack):
        sync.sync("en", patient=patient)


def test_held_content_is_not_downloaded_at_every_check(held, sandbox):
    so_far = downloads(sandbox)
    for patient in (True, True, False):
        sync_held(patient=patient)
    assert downloads(sandbox) == so_far
    assert Revision.objects.filter(status="held").get() == held
    assert held.error in english().check_message


def test_held_content_goes_live_when_staff_import_it_again(held, sandbox):
    assert tasks.import_again(held.pk) == "en: imported"
    assert english().live.path == held.path
    assert scheduled() == Action.UP_TO_DATE


def test_failure_that_is_gone_before_it_is_imported_again_is_told(held, sandbox):
    Revision.objects.filter(pk=held.pk).delete()
    assert "is gone" in tasks.import_again(held.pk)
    assert downloads(sandbox) == 2


def test_later_content_that_is_sound_is_imported_as_usual(held, sandbox):
    sandbox.library.flip()
    publish(sandbox)
    assert [scheduled(), scheduled()] == [Action.SIGHTED, Action.IMPORTED]
    assert english().check_message == ""


def test_revision_from_a_file_cannot_be_asked_of_bungie(import_tables, sandbox):
    revision = import_tables({made.ITEMS: made.items(1)})
    assert "--file" in tasks.import_again(revision.pk)
    assert Revision.objects.count() == 1
