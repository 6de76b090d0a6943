"""The real capture, whose rows are counted beside it."""

import pytest

from manifest import lookup
from manifest.models import Item
from manifest.sync import sync

BUCKETS = "DestinyInventoryBucketDefinition"
pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def content(captures):
    (path,) = (captures / "captures").glob("world_sql_content_*.content")
    return path


def test_real_content_is_imported_to_the_last_row(content):
    revision = sync("en", file=content).revision
    assert len(revision.tables) == 55
    assert revision.rows == revision.added == 71_271
    assert revision.tables["DestinyInventoryItemDefinition"]["rows"] == 40_530
    assert Item.objects.count() == 40_530
    live = lookup.live("en")
    assert lookup.items(live, [2148305277])[2148305277].name == "Raven Shard"
    assert len(lookup.tables(live, BUCKETS)[BUCKETS]) == 60
    again = sync("en", file=content, force=True).revision
    assert (again.rows, again.added, again.changed, again.removed) == (71_271, 0, 0, 0)
