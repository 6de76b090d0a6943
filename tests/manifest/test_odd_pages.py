"""Whatever Postgres takes as a definition, no page of it answers 500."""

from contextlib import suppress

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from manifest.errors import ManifestError
from manifest.models import Definition, Item
from tests.manifest import content_files as made
from tests.manifest.test_property_content import json_values, odd_items

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "9" * 5_000  # Python reads and writes no whole number of more than 4,300 digits
calm = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
odd_stats = st.dictionaries(st.sampled_from(["displayProperties", "name", "hash", "a.b"]), json_values)


@pytest.fixture
def pages_answer(import_tables, admin_client):
    """pages_answer(tables): of each definition, new and changed, and of the comparison."""

    def pages_answer(tables):
        import_tables({made.ITEMS: made.items(5, 6), made.STATS: {5: {}}}, force=True)
        revision = import_tables({made.ITEMS: {**made.items(5), **tables[0]}, made.STATS: tables[1]}, force=True)
        paths = [
            f"/manifest/{revision.pk}/",
            f"/manifest/{revision.pk}/?name=x",
            f"/manifest/{revision.pk}/{made.ITEMS}/5/",
            f"/manifest/{revision.pk}/{made.STATS}/5/",
            "/armory/?q=palindrome",
            "/armory/5/",
            "/api/v1/armory?q=palindrome",
            "/api/v1/manifest/changes",
            f"/api/v1/definitions/{made.ITEMS}/5",
            f"/api/v1/definitions/{made.STATS}/5",
            *(reverse("admin:manifest_definition_change", args=[each.pk]) for each in Definition.objects.all()),
        ]
        for path in paths:
            assert admin_client.get(path).status_code == 200, (path, tables)
        assert Item.objects.filter(hash=5, removed=None).exists()

    return pages_answer


@calm
@given(item=odd_items, stat=odd_stats)
def test_pages_show_any_odd_fields(item, stat, pages_answer):
    with suppress(ManifestError):  # what Postgres does not take
        pages_answer((dict([made.item(5, **item)]), {5: stat}))


@pytest.mark.parametrize("number", [LONG, f"-{LONG}", "1e5000", "1e-5000", f"{LONG}.5", "1e400", "-0", "-0.0"])
def test_pages_show_numbers_of_any_length(number, pages_answer):
    body = '{"displayProperties": {"name": "Palindrome"}, "n": %s, "m": [%s, {"x": %s}]}' % ((number,) * 3)
    pages_answer(({5: body}, {5: body}))
