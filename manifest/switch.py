"""Finish an import and make a revision live."""

from dataclasses import asdict

from django.db import connection, transaction
from django.utils import timezone

from manifest.errors import ManifestError
from manifest.ingest import Difference
from manifest.models import Language, Revision

_END = """
UPDATE manifest_definition SET removed = %s
WHERE table_id = %s AND {column} = ANY(%s) AND removed IS NULL AND added < %s
"""
_END_ITEMS = """
UPDATE manifest_item SET removed = definition.removed
FROM manifest_definition definition WHERE definition.removed = %s AND definition.id = manifest_item.definition_id
"""
_MANY_ROWS = 5_000


def prepare(revision: Revision, difference: Difference) -> None:
    """All that the switch needs and nobody sees yet: where definitions end, and fresh statistics."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table_id, keys in difference.ended.items():
            if keys:
                statement = _END.format(column="key" if isinstance(keys[0], str) else "hash")
                cursor.execute(statement, [revision.pk, table_id, keys, revision.pk])
        cursor.execute(_END_ITEMS, [revision.pk])
    if difference.total().added > _MANY_ROWS:
        _gather_statistics()


def _gather_statistics() -> None:
    """Look-ups are planned by them, and the autovacuum daemon is a minute late; a tenth of its usual sample will do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute("ANALYZE manifest_table, manifest_definition, manifest_item")


def complete(revision: Revision, difference: Difference) -> None:
    """The switch: one short transaction, after which every new request reads this revision."""
    done = {
        "status": Revision.Status.COMPLETE,
        "finished_at": timezone.now(),
        "content_bytes": revision.content_bytes,
        "tables": {name: asdict(counts) for name, counts in difference.tables.items()},
        **asdict(difference.total()),
    }
    with transaction.atomic():
        if not Revision.objects.filter(pk=revision.pk, status=Revision.Status.RUNNING).update(**done):
            raise ManifestError("Another import took over, because this one seemed to have ended.")
        make_live(revision)


def make_live(revision: Revision) -> None:
    Language.objects.update_or_create(
        code=revision.language, defaults={"live": revision, "activated_at": timezone.now()}
    )
