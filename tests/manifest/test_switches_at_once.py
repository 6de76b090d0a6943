"""Switches, pins and prunes of one language that come at the same moment go one after the other."""

import pytest
from django.db import connection

from manifest import lookup, pruning, switch
from manifest.models import Language, Revision
from tests.manifest import content_files as made
from tests.manifest.revisions import contents, let_readers_finish
from tests.manifest.standstill import Beside, standing_still, until, wait_for_a_row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(import_tables):
    return [import_tables({made.ITEMS: made.items(*range(1, number + 1))}) for number in (1, 2, 3)]


def english():
    return Language.objects.select_related("live").get(code="en")


def in_the_middle_of_leaving(revision):
    """In a switch that has chosen, and noted nothing yet."""
    return standing_still("UPDATE", "manifest_revision", f"NEW.id = {revision.pk} AND NEW.live_until IS NOT NULL")


def test_each_of_two_switches_at_once_is_noted(three):
    first, second, third = three
    with in_the_middle_of_leaving(third) as gate:
        earlier = Beside(switch.make_live, first)
        until(gate.is_reached)
        later = Beside(switch.make_live, second)
        until(wait_for_a_row)
    earlier.join()
    later.join()
    first.refresh_from_db()
    assert english().live == second
    assert first.live_until == english().activated_at, "it was live in between"


def test_pin_that_comes_while_a_check_switches_is_kept(three):
    _, second, third = three
    with in_the_middle_of_leaving(third) as gate:
        checking = Beside(switch.follow, second)
        until(gate.is_reached)
        pinning = Beside(switch.make_live, third, pinned=True)
        until(lambda: wait_for_a_row() or not pinning.is_alive())
    checking.join()
    pinning.join()
    assert english().live == third
    assert english().pinned_at


def test_import_that_ends_while_staff_pin_leaves_the_pin(three, import_tables):
    first, _, third = three
    with in_the_middle_of_leaving(third) as gate:
        pinning = Beside(switch.make_live, first, pinned=True)
        until(gate.is_reached)
        importing = Beside(import_tables, {made.ITEMS: made.items(1, 2, 3, 4)})
        until(wait_for_a_row)
    pinning.join()
    importing.join()
    assert english().live == first
    assert english().pinned_at
    assert Revision.objects.first().status == "complete"


def test_revision_to_which_somebody_just_switches_is_not_given_up(three, settings):
    first, _, third = three
    was = contents(first)
    let_readers_finish()
    settings.MANIFEST_KEEP_REVISIONS = 1
    with in_the_middle_of_leaving(third) as gate:
        switching = Beside(switch.make_live, first)
        until(gate.is_reached)
        giving_up = Beside(pruning.prune, "en")
        until(lambda: wait_for_a_row() or not giving_up.is_alive())
    switching.join()
    giving_up.join()
    assert english().live == first
    assert Revision.objects.get(pk=first.pk).status == "complete"
    assert contents(first) == was
    assert set(lookup.items(lookup.live("en"), [1, 2, 3])) == {1}


def test_searches_after_an_import_read_no_pending_list(import_tables):
    """Postgres answers with how many pages of it were left to clean; every search would have read them all."""
    import_tables({made.ITEMS: made.items(*range(1, 400))})
    import_tables({made.ITEMS: made.items(*range(1, 800), lore="another")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('manifest_item_search')")
        assert cursor.fetchone() == (0,)
