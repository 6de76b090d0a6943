"""News of the Manifest for feed readers: one entry for each revision that was imported."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from manifest import history
from manifest.choosing import language_of
from manifest.comparing import NotComparable
from manifest.models import Revision

ENTRIES = 30


class Revisions(Feed):
    feed_type = Atom1Feed
    subtitle = "Every version of Destiny 2's definitions that this site has read, and how much each changed."

    def get_object(self, request: HttpRequest) -> str:
        try:
            return language_of(request)
        except NotComparable as error:
            raise Http404(str(error)) from error

    def title(self, language: str) -> str:
        return f"Destiny 2 Manifest ({language})"

    def link(self, language: str) -> str:
        return _absolute(f"{reverse('manifest')}?language={language}")

    def feed_url(self, language: str) -> str:
        return _absolute(f"{reverse('manifest-feed')}?language={language}")

    feed_guid = feed_url

    def items(self, language: str) -> list[Revision]:
        return list(history.news(language)[:ENTRIES])

    def item_title(self, revision: Revision) -> str:
        again = ", imported again" if revision.again else ""
        return f"Manifest {revision.version} ({revision.language}){again}"

    def item_description(self, revision: Revision) -> str:
        if history.is_first(revision):
            return f"The first that this site has read: {revision.rows:,} definitions."
        changes = f"{revision.added:,} new, {revision.changed:,} changed, {revision.removed:,} removed"
        return f"{changes}; {revision.rows:,} definitions."

    def item_link(self, revision: Revision) -> str:
        if revision.status == Revision.Status.PRUNED:
            return _absolute(f"{reverse('manifest')}?language={revision.language}")
        return _absolute(reverse("manifest-changes", args=[revision.pk]))

    def item_guid(self, revision: Revision) -> str:
        """The same for ever, also when its definitions are no longer kept."""
        return _absolute(reverse("manifest-changes", args=[revision.pk]))

    def item_pubdate(self, revision: Revision) -> datetime:
        return revision.finished_at

    item_updateddate = item_pubdate


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
