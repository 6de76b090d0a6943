"""What is kept is kept whole: whatever is imported, switched, pinned, given up or killed around it."""

from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from manifest import cleaning, comparing, ingest, lookup, pruning, switch, unpacking
from manifest.errors import ManifestError
from manifest.models import Definition, Item, KeptCounts, Language, Revision
from manifest.progress import SILENT
from manifest.sync import sync
from tests.manifest import content_files as made
from tests.manifest.revisions import contents, give_up, let_readers_finish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def keep(settings):
    def keep(number):
        settings.MANIFEST_KEEP_REVISIONS = number

    return keep


def imported(import_tables, count, language="en"):
    """Revisions of which each changes, adds and removes something."""
    return [
        import_tables({made.ITEMS: made.items(1, number, number + 1, lore=f"{number}")}, language)
        for number in range(10, 10 + count)
    ]


def status(revision):
    return Revision.objects.get(pk=revision.pk).status


def test_oldest_revisions_go_and_the_kept_ones_stay_whole(import_tables, keep):
    revisions = imported(import_tables, 4)
    was = {revision.pk: contents(revision) for revision in revisions}
    comparing.count_differences(revisions[3].pk)
    keep(2)
    give_up()
    assert not KeptCounts.objects.exists()
    assert [status(revision) for revision in revisions] == ["pruned", "pruned", "complete", "complete"]
    assert {revision.pk: contents(revision) for revision in revisions[2:]} == dict(list(was.items())[2:])
    assert not Definition.objects.filter(removed__lte=revisions[2].pk).exists()
    assert not Item.objects.filter(removed__lte=revisions[2].pk).exists()
    assert all(revision.pruned_at for revision in Revision.objects.filter(status="pruned"))


def test_revision_that_was_live_a_moment_ago_is_kept_for_who_reads_it(import_tables, keep):
    keep(1)
    first, second = imported(import_tables, 2)
    assert status(first) == "complete"
    let_readers_finish()
    pruning.prune("en")
    assert [status(first), status(second)] == ["pruned", "complete"]


def test_revision_that_was_given_up_a_moment_ago_is_whole_for_who_reads_it(import_tables, keep):
    first, second, third = imported(import_tables, 3)
    was = contents(first), contents(second)
    let_readers_finish()
    keep(2)
    pruning.prune("en")
    assert (status(first), contents(first)) == ("pruned", was[0])
    keep(1)
    let_readers_finish()
    pruning.prune("en")  # deletes what only the first had, while the second is still read
    assert [status(second), status(third)] == ["pruned", "complete"]
    assert not Definition.objects.filter(removed__lte=second.pk).exists()
    assert contents(second) == was[1]
    let_readers_finish()
    pruning.prune("en")
    assert not Definition.objects.exclude(removed=None).exists()


def test_live_revision_is_kept_however_old_it_is(import_tables, keep):
    first, *_ = imported(import_tables, 4)
    was = contents(first)
    switch.make_live(first, pinned=True)
    keep(1)
    give_up()
    assert list(Revision.objects.values_list("status", flat=True)) == ["complete", "pruned", "pruned", "complete"]
    assert contents(first) == was
    assert set(lookup.items(lookup.live("en"), range(99))) == {1, 10, 11}


def test_other_languages_and_unfinished_revisions_are_left_alone(import_tables, keep):
    german = imported(import_tables, 2, "de")
    was = [contents(revision) for revision in german]
    imported(import_tables, 3)
    for unfinished in ("failed", "held"):
        Revision.objects.create(language="en", path=unfinished, status=unfinished)
    keep(1)
    give_up()
    assert [contents(revision) for revision in german] == was
    assert [status(revision) for revision in german] == ["complete", "complete"]
    assert Revision.objects.filter(status__in=["failed", "held"]).count() == 2
    assert Revision.objects.filter(language="en", status="pruned").count() == 2


def test_pruning_that_was_killed_between_its_steps_is_finished_by_the_next(import_tables, keep):
    *_, last = imported(import_tables, 3)
    was = contents(last)
    let_readers_finish()
    Revision.objects.filter(language="en").exclude(pk=last.pk).update(status="pruned")
    give_up()
    assert contents(last) == was
    assert Definition.objects.count() == len(was[0])
    assert not Revision.objects.filter(status="pruned", pruned_at=None).exists()


BODIES = st.sampled_from(["red", "blue", "green"])
CONTENTS = st.fixed_dictionaries(
    {
        made.ITEMS: st.dictionaries(st.integers(1, 6), BODIES, min_size=2),
        made.STATS: st.dictionaries(st.integers(1, 3), BODIES),
        made.HISTORICAL: st.dictionaries(st.sampled_from(["kills", "wins"]), BODIES, min_size=1),
    }
)


def body_of(table, key, word):
    return made.item(key, name=word)[1] if table == made.ITEMS else {"a": word}


class Life(RuleBasedStateMachine):
    """Every complete revision holds, at every moment, exactly the content that was imported as it."""

    folder = keep = None

    def __init__(self):
        super().__init__()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE manifest_language, manifest_revision, manifest_definition, manifest_item CASCADE")
        self.model = {}

    def archive(self, content):
        tables = {name: {key: body_of(name, key, word) for key, word in rows.items()} for name, rows in content.items()}
        held = {
            (name, *((0, key) if isinstance(key, str) else (key, ""))): body
            for name, rows in tables.items()
            for key, body in rows.items()
        }
        return made.content_file(self.folder, tables), (held, dict(content[made.ITEMS]))

    @initialize(contents=st.lists(CONTENTS, min_size=3, max_size=3))
    def has_a_past(self, contents):
        for content in contents:
            self.is_imported(content=content, force=True)

    @rule(content=CONTENTS, force=st.booleans())
    def is_imported(self, content, force):
        archive, expected = self.archive(content)
        with suppress(ManifestError):  # held back
            revision = sync("en", file=archive, force=force).revision
            self.model[revision.pk] = expected

    @rule(content=CONTENTS, marked=st.booleans())
    def is_killed_while_it_is_imported(self, content, marked):
        """Everything is written, perhaps even where definitions end, and then nobody is there to switch or clear up."""
        archive, _ = self.archive(content)
        Language.objects.get_or_create(code="en")
        cleaning.abandon_killed("en")
        revision = Revision.objects.create(language="en", path="killed")
        unpacked = unpacking.unpack(archive, archive.name, self.folder, SILENT)
        difference = ingest.ingest(unpacked, revision, lambda done: None, force=True)
        if marked:
            switch.prepare(revision, difference)

    @rule(choice=st.integers(0, 9), pinned=st.booleans())
    def goes_live(self, choice, pinned):
        if kept := list(Revision.objects.filter(status="complete").order_by("pk")):
            switch.make_live(kept[choice % len(kept)], pinned=pinned)

    @rule()
    def is_unpinned(self):
        switch.unpin("en")

    @rule(number=st.integers(1, 3))
    def is_pruned(self, number):
        type(self).keep(number)
        if Language.objects.filter(code="en").exists():
            cleaning.abandon_killed("en")
            give_up()
        type(self).keep(100)

    @invariant()
    def every_kept_revision_is_what_was_imported(self):
        kept = Revision.objects.filter(status="complete")
        assert {revision.pk: contents(revision) for revision in kept} == {
            revision.pk: self.model[revision.pk] for revision in kept
        }

    @invariant()
    def what_is_live_is_kept(self):
        for language in Language.objects.exclude(live=None).select_related("live"):
            assert language.live.status == "complete"


@pytest.fixture
def life(keep, tmp_path):
    class LifeHere(Life):
        folder = tmp_path

    LifeHere.keep = staticmethod(keep)
    keep(100)
    return LifeHere


@pytest.mark.usefixtures("transactional_db")
def test_every_kept_revision_stays_what_was_imported_whatever_happens(life):
    calm = settings(max_examples=12, stateful_step_count=15, deadline=None, derandomize=True, database=None)
    unshrunk = settings(calm, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(life, settings=unshrunk)
