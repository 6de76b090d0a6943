"""The Atom feed, as a feed reader takes it."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.conf import settings
from django.test import Client

from manifest.models import Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def two(import_tables):
    old = import_tables({made.ITEMS: made.items(1, 2)})
    return old, import_tables({made.ITEMS: made.items(2, 3)})


def feed(query=""):
    response = Client().get(f"/manifest/feed.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(query=""):
    return {
        entry.find("a:id", ATOM).text: (
            entry.find("a:link", ATOM).get("href"),
            entry.find("a:summary", ATOM).text,
            entry.find("a:updated", ATOM).text,
        )
        for entry in feed(query).findall("a:entry", ATOM)
    }


def test_every_revision_is_an_entry_that_links_to_its_changes(two):
    old, new = two
    found = entries()
    assert list(found) == [f"{settings.SITE_URL}/manifest/{each.pk}/" for each in (new, old)]
    link, summary, updated = found[f"{settings.SITE_URL}/manifest/{new.pk}/"]
    assert link == f"{settings.SITE_URL}/manifest/{new.pk}/"
    assert "1 new, 0 changed, 1 removed" in summary
    assert updated.startswith(new.finished_at.strftime("%Y-%m-%dT%H:%M:%S"))


def test_what_is_no_longer_kept_keeps_its_id_and_links_to_the_list(two):
    before = list(entries())
    Revision.objects.filter(pk=two[0].pk).update(status="pruned")
    after = entries()
    assert list(after) == before
    assert after[before[1]][0] == f"{settings.SITE_URL}/manifest/?language=en"


def test_import_of_the_same_again_is_no_news(two, import_tables):
    before = list(entries())
    import_tables({made.ITEMS: made.items(2, 3)}, force=True)
    assert list(entries()) == before


def test_attempts_that_failed_are_no_news(two):
    Revision.objects.create(language="en", version="9", path="/9", status="failed", error="torn")
    assert len(entries()) == 2


def test_each_language_has_a_feed(two, import_tables):
    french = import_tables({made.ITEMS: made.items(1)}, language="fr")
    assert list(entries("?language=fr")) == [f"{settings.SITE_URL}/manifest/{french.pk}/"]


def test_an_empty_site_has_an_empty_feed():
    assert entries() == {}
