"""Delete the definitions that only old revisions had. The rows of those revisions stay, for the history."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from manifest.models import KeptCounts, Language, Revision

# Requests that began before a switch still read what was live then.
_STILL_READ = timedelta(minutes=10)
_DELETE = """
DELETE FROM {table} gone
WHERE {of_language} AND gone.removed IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM unnest(%(kept)s) AS kept(id) WHERE gone.added <= kept.id AND kept.id < gone.removed)
"""
_DEFINITIONS = _DELETE.format(
    table="manifest_definition",
    of_language="gone.table_id = ANY(ARRAY(SELECT id FROM manifest_table WHERE language = %(language)s))",
)
_ITEMS = _DELETE.format(table="manifest_item", of_language="gone.language = %(language)s")


def prune(language: str) -> None:
    """For the holder of the language's lock: keep the newest MANIFEST_KEEP_REVISIONS and the live one.

    Killed between the two steps, the next call does the second.
    """
    complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
    if complete.count() > settings.MANIFEST_KEEP_REVISIONS:
        _choose(language)
    due = Revision.objects.filter(language=language, status=Revision.Status.PRUNED, pruned_at=None)
    if due.exists():
        _delete(language)
        gone = Q(earlier__language=language) & (Q(earlier__in=due) | Q(later__in=due))
        KeptCounts.objects.filter(gone).delete()
        due.update(pruned_at=timezone.now())


def _choose(language: str) -> None:
    """Under the lock that make_live takes: nobody switches to a revision that is being given up."""
    with transaction.atomic():
        live = Language.objects.select_for_update().get(code=language).live_id
        complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
        newest = list(complete.order_by("-id").values_list("id", flat=True)[: settings.MANIFEST_KEEP_REVISIONS])
        unread = Q(live_until=None) | Q(live_until__lt=timezone.now() - _STILL_READ)
        complete.filter(unread).exclude(pk__in=[*newest, live]).update(status=Revision.Status.PRUNED)


def _delete(language: str) -> None:
    complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
    kept = list(complete.values_list("id", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_ITEMS, _DEFINITIONS):
            cursor.execute(statement, {"language": language, "kept": kept})
