"""Finish an import and make a revision live."""

from dataclasses import asdict

from django.db import connection, transaction
from django.utils import timezone

from manifest import announcing, comparing
from manifest.errors import ManifestError, NotKept
from manifest.ingest import Difference
from manifest.models import Language, Revision

_END = """
UPDATE manifest_definition SET removed = %s
WHERE table_id = %s AND {which} AND removed IS NULL AND added < %s
"""
_BY_KEY, _BY_HASH = _END.format(which="hash = 0 AND key = ANY(%s)"), _END.format(which="key = '' AND hash = ANY(%s)")
_END_ITEMS = """
UPDATE manifest_item SET removed = definition.removed
FROM manifest_definition definition WHERE definition.removed = %s AND definition.id = manifest_item.definition_id
"""
_SEARCH_INDEXES = ["manifest_item_search", "manifest_item_search_old"]
_MANY_ROWS = 5_000


def prepare(revision: Revision, difference: Difference) -> None:
    """All that the switch needs and nobody sees yet: where definitions end, and fresh statistics."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table_id, keys in difference.ended.items():
            for statement, kind in ((_BY_KEY, str), (_BY_HASH, int)):
                if some := [key for key in keys if isinstance(key, kind)]:
                    cursor.execute(statement, [revision.pk, table_id, some, revision.pk])
        cursor.execute(_END_ITEMS, [revision.pk])
        # What the import left waiting there, every search would read from end to end (migration 0004).
        cursor.execute("SELECT gin_clean_pending_list(name::regclass) FROM unnest(%s) AS name", [_SEARCH_INDEXES])
    if difference.total().added > _MANY_ROWS:
        _gather_statistics()


def _gather_statistics() -> None:
    """Look-ups are planned by them, and the autovacuum daemon is a minute late; a tenth of its usual sample will do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute("ANALYZE manifest_table, manifest_definition, manifest_item")


def complete(revision: Revision, difference: Difference, *, force: bool) -> None:
    """The switch: one short transaction, after which every new request reads this revision.

    While another revision is pinned this one is only kept, unless by `force`.
    """
    done = {
        "status": Revision.Status.COMPLETE,
        "finished_at": timezone.now(),
        "content_bytes": revision.content_bytes,
        "tables": {name: asdict(counts) for name, counts in difference.tables.items()},
        **asdict(difference.total()),
    }
    with transaction.atomic():
        language = _locked(revision.language)
        if not Revision.objects.filter(pk=revision.pk, status=Revision.Status.RUNNING).update(**done):
            raise ManifestError("Another import took over, because this one seemed to have ended.")
        comparing.count_soon(revision)
        if force or not language.pinned_at:
            _go_live(language, revision, pinned=False)


def make_live(revision: Revision, *, pinned: bool = False) -> None:
    """Switch to any kept revision; a pinned one stays live until somebody unpins it. Raises NotKept."""
    with transaction.atomic():
        language = _locked(revision.language)
        _require_kept(revision)
        _go_live(language, revision, pinned=pinned)


def follow(revision: Revision) -> bool:
    """The same for a check; False where staff pinned another one, be it a moment ago. Raises NotKept."""
    with transaction.atomic():
        language = _locked(revision.language)
        if language.pinned_at:
            return False
        _require_kept(revision)
        _go_live(language, revision, pinned=False)
        return True


def _require_kept(revision: Revision) -> None:
    if not Revision.objects.filter(pk=revision.pk, status=Revision.Status.COMPLETE).exists():
        raise NotKept(f"The definitions of {revision} are not kept (any more).", "Choose another revision.")


def unpin(code: str) -> bool:
    """Let checks choose what is live again; False where nothing was pinned."""
    return bool(Language.objects.filter(code=code, pinned_at__isnull=False).update(pinned_at=None))


def _locked(code: str) -> Language:
    """Switches, pins and prunes of one language go one after the other."""
    Language.objects.get_or_create(code=code)
    return Language.objects.select_for_update().get(code=code)


def _go_live(language: Language, revision: Revision, *, pinned: bool) -> None:
    now = timezone.now()
    language.pinned_at = now if pinned else None
    language.sighted_path, language.sighted_at = "", None
    if language.live_id != revision.pk:
        before, language.live, language.activated_at = language.live, revision, now
        Revision.objects.filter(pk=before and before.pk).update(live_until=now)
        announcing.went_live(revision, before=before, by_staff=pinned)
        Revision.objects.filter(pk=revision.pk).update(live_until=None)
    language.save()
