"""What content is held back for: readable, but so unlike what is live that a slip at Bungie's, or ours, is likelier."""

import json
import sqlite3
from collections.abc import Collection

from manifest import content_file
from manifest.content_file import ContentTable
from manifest.errors import HeldBack
from manifest.models import Revision
from manifest.tables import ITEMS

_SAMPLE = 200


def judge_tables(database: sqlite3.Connection, found: Collection[ContentTable], kept: Collection[str]) -> None:
    """`kept` names the tables of which the newest revision has rows. Raises HeldBack."""
    by_name = {table.name: table for table in found}
    if ITEMS not in by_name:
        raise HeldBack(f"The content has no {ITEMS}, so it is not a Destiny 2 Manifest.", _rows(database, found))
    if missing := sorted(set(kept) - set(by_name)):
        reason = f"The content lacks {_listed(missing)}, which the Manifest before it has."
        raise HeldBack(reason, _rows(database, found))
    if not _are_of_destiny_2(database, by_name[ITEMS]):
        reason = "Most items of the content have no displayProperties, so it is not a Destiny 2 Manifest."
        raise HeldBack(reason, _rows(database, found))


def judge_item_count(database: sqlite3.Connection, found: Collection[ContentTable], before: int, now: int) -> None:
    if now * 2 < before:
        reason = f"The content has {now:,} items where the Manifest before it has {before:,}."
        raise HeldBack(reason, _rows(database, found))


def keep_rows(revision: Revision, rows: dict[str, int]) -> None:
    """What the held back content has, since nothing else of it stays: who confirms it should not be blind."""
    tables = {name: {"rows": count} for name, count in rows.items()}
    kept = {"tables": tables, "rows": sum(rows.values()), "content_bytes": revision.content_bytes}
    Revision.objects.filter(pk=revision.pk, status=Revision.Status.HELD).update(**kept)


def _rows(database: sqlite3.Connection, found: Collection[ContentTable]) -> dict[str, int]:
    counts = {table.name: database.execute(f"SELECT count(*) FROM {table.name}") for table in found}  # noqa: S608
    return {name: count for name, counted in counts.items() for (count,) in counted}


def _are_of_destiny_2(database: sqlite3.Connection, items: ContentTable) -> bool:
    """Destiny 1's content has a table of that name too, whose items have an itemName and no displayProperties."""
    seen = foreign = 0
    for (_, body), _ in zip(content_file.rows(database, items), range(_SAMPLE), strict=False):
        seen += 1
        foreign += not _is_destiny_2(body)
    return foreign * 2 <= seen


def _is_destiny_2(body: bytes) -> bool:
    try:
        return "displayProperties" in json.loads(body)
    except (ValueError, RecursionError):
        return True  # broken JSON is not of another game: Postgres refuses it in clearer words


def _listed(names: list[str]) -> str:
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more tables" if rest > 0 else "")
