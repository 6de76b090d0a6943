"""Undo what an import left that did not come to its end."""

from django.db import connection, transaction
from django.utils import timezone

from manifest import announcing
from manifest.models import Definition, Item, Revision

KILLED = "The import was cut off in the middle. Nothing of it was kept."


def abandon(revision: Revision, error: str, status: Revision.Status = Revision.Status.FAILED) -> bool:
    """Mark it failed, or held back, and take its rows away; no reader ever saw one of them. False: that was done."""
    with transaction.atomic():
        running = Revision.objects.filter(pk=revision.pk, status=Revision.Status.RUNNING)
        # First, since it waits for connections of that import which are still writing (copying._hold).
        if not running.update(status=status, error=error, finished_at=timezone.now()):
            return False
        for model in (Item, Definition):
            _delete_added(model._meta.db_table, revision)
            model.objects.filter(removed=revision.pk).update(removed=None)
        return True


def give_up(revision: Revision, reason: str, status: Revision.Status = Revision.Status.FAILED) -> None:
    """The same together with what is told of it, and in place of earlier failures."""
    with transaction.atomic():
        if abandon(revision, reason, status):
            announcing.failed(revision, reason, held=status == Revision.Status.HELD)
        forget_failures(revision)


def abandon_killed(language: str) -> None:
    """For the holder of the language's lock: whatever still counts as running was killed."""
    for revision in Revision.objects.filter(language=language, status=Revision.Status.RUNNING):
        give_up(revision, KILLED)


def forget_failures(revision: Revision) -> None:
    """Keep only the last failure of a path; a broken file is tried every few minutes."""
    same = Revision.objects.filter(language=revision.language, path=revision.path, status__in=Revision.UNFINISHED)
    same.exclude(pk=revision.pk).delete()


def _delete_added(table: str, revision: Revision) -> None:
    """In one statement; the ORM would read the rows first to look for what refers to them."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE added = %s", [revision.pk])  # noqa: S608 - the name of our own table
