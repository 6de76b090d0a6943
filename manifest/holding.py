"""What content is held back for: readable, but so unlike what is live that a slip at Bungie's, or ours, is likelier."""

import json
import sqlite3
from collections.abc import Collection

from manifest import content_file
from manifest.content_file import ITEMS, ContentTable
from manifest.errors import HeldBack

_SAMPLE = 200


def judge_tables(database: sqlite3.Connection, found: Collection[ContentTable], kept: Collection[str]) -> None:
    """`kept` names the tables of which the newest revision has rows. Raises HeldBack."""
    by_name = {table.name: table for table in found}
    if ITEMS not in by_name:
        raise HeldBack(f"The content has no {ITEMS}, so it is not a Destiny 2 Manifest.")
    if missing := sorted(set(kept) - set(by_name)):
        raise HeldBack(f"The content lacks {_listed(missing)}, which the Manifest before it has.")
    _judge_items(database, by_name[ITEMS])


def judge_item_count(before: int, now: int) -> None:
    if now * 2 < before:
        raise HeldBack(f"The content has {now:,} items where the Manifest before it has {before:,}.")


def _judge_items(database: sqlite3.Connection, items: ContentTable) -> None:
    """Destiny 1's content has a table of that name too, whose items have an itemName and no displayProperties."""
    seen = foreign = 0
    for (_, body), _ in zip(content_file.rows(database, items), range(_SAMPLE), strict=False):
        seen += 1
        foreign += not _is_destiny_2(body)
    if foreign * 2 > seen:
        raise HeldBack("Most items of the content have no displayProperties, so it is not a Destiny 2 Manifest.")


def _is_destiny_2(body: bytes) -> bool:
    try:
        return "displayProperties" in json.loads(body)
    except (ValueError, RecursionError):
        return True  # broken JSON is not of another game: Postgres refuses it in clearer words


def _listed(names: list[str]) -> str:
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more tables" if rest > 0 else "")
