"""Delete the definitions that only old revisions had. The rows of those revisions stay, for the history."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from manifest.models import KeptCounts, Language, Revision

# Requests that began before a switch, or before a revision was given up, still read it.
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

    A call gives revisions up, so that no request begins with them; a later one deletes what only they had.
    """
    complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
    if complete.count() > settings.MANIFEST_KEEP_REVISIONS:
        _choose(language)
    held = Revision.objects.filter(language=language, status__in=Revision.IMPORTED, pruned_at=None)
    unread = held.filter(Q(given_up_at=None) | Q(given_up_at__lt=_before_whoever_reads()))
    if due := list(unread.filter(status=Revision.Status.PRUNED).values_list("pk", flat=True)):
        _delete(language, list(held.exclude(pk__in=due).values_list("pk", flat=True)))
        KeptCounts.objects.filter(Q(earlier__in=due) | Q(later__in=due)).delete()
        held.filter(pk__in=due).update(pruned_at=timezone.now())


def _choose(language: str) -> None:
    """Under the lock that make_live takes: nobody switches to a revision that is being given up."""
    with transaction.atomic():
        live = Language.objects.select_for_update().get(code=language).live_id
        complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
        newest = list(complete.order_by("-id").values_list("id", flat=True)[: settings.MANIFEST_KEEP_REVISIONS])
        unread = Q(live_until=None) | Q(live_until__lt=_before_whoever_reads())
        old = complete.filter(unread).exclude(pk__in=[*newest, live])
        old.update(status=Revision.Status.PRUNED, given_up_at=timezone.now())


def _before_whoever_reads() -> datetime:
    return timezone.now() - _STILL_READ


def _delete(language: str, kept: list[int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_ITEMS, _DEFINITIONS):
            cursor.execute(statement, {"language": language, "kept": kept})
