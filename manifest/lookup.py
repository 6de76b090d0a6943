"""Definitions of the live revision. A request takes `live` once and reads everything at that revision.

Each function is one query, whatever the number of hashes.
"""
# ruff: noqa: S608 - the statements are put together of texts that stand here

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When

from manifest import stored_json
from manifest.models import Item, Language

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Live:
    revision_id: int
    language: str
    version: str
    path: str
    activated_at: datetime


@dataclass(frozen=True)
class ItemSummary:
    """`tier` is Bungie's TierType (5 legendary, 6 exotic), `class_type` 3 is any class, `ammo_type` 0 none."""

    hash: int
    name: str
    type_name: str
    item_type: int
    bucket_hash: int
    tier: int
    tier_name: str
    class_type: int
    icon: str
    watermark: str
    damage_type: int
    ammo_type: int
    max_stack: int
    redacted: bool
    equippable: bool
    transferable: bool
    stack_unique_label: str


_ITEM_FIELDS = [each.name for each in fields(ItemSummary)]
VALID_AT = "added <= %(revision)s AND (removed IS NULL OR removed > %(revision)s)"  # as valid_at, for SQL
DEFINITIONS = f"""
SELECT wanted.name, wanted.hash, valid.json
FROM unnest(%(names)s::text[], %(hashes)s::bigint[]) AS wanted(name, hash)
JOIN manifest_table ON manifest_table.language = %(language)s AND manifest_table.name = wanted.name
CROSS JOIN LATERAL (
    SELECT json FROM manifest_definition
    WHERE table_id = manifest_table.id AND manifest_definition.hash = wanted.hash AND key = ''
        AND {VALID_AT}
    LIMIT 1
) AS valid
"""  # at most one is valid; saying so by LIMIT keeps the planner to one step into the index per hash
DEFINITION = f"""
SELECT valid.json FROM manifest_table CROSS JOIN LATERAL (
    SELECT json FROM manifest_definition
    WHERE table_id = manifest_table.id AND hash = %(hash)s AND key = %(key)s
        AND {VALID_AT}
    LIMIT 1
) AS valid
WHERE manifest_table.language = %(language)s AND manifest_table.name = %(table)s
"""
TABLES = f"""
SELECT manifest_table.name, valid.hash, valid.json
FROM manifest_table
CROSS JOIN LATERAL (
    SELECT hash, json FROM manifest_definition
    WHERE table_id = manifest_table.id AND {VALID_AT}
    OFFSET 0
) AS valid
WHERE manifest_table.language = %(language)s AND manifest_table.name = ANY(%(names)s)
"""  # OFFSET 0 keeps it table by table: joined, the planner guesses that all are equally long, and reads them all


def live(language: str) -> Live | None:
    """What is live in `language`, else in the site's first language, else in any; None before the first import."""
    preferred = Case(
        When(code=language, then=Value(0)),
        When(code=settings.MANIFEST_LANGUAGES[0], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Language.objects.filter(live__isnull=False).select_related("live").order_by(preferred, "code").first()
    if not found:
        return None
    return Live(found.live_id, found.code, found.live.version, found.live.path, found.activated_at)


def items(live: Live, hashes: Iterable[int]) -> dict[int, ItemSummary]:
    rows = Item.objects.filter(valid_at(live.revision_id), language=live.language, hash__in=set(hashes))
    return {row[0]: ItemSummary(*row) for row in rows.values_list(*_ITEM_FIELDS)}


def definitions(live: Live, wanted: Mapping[str, Iterable[int]]) -> dict[str, dict[int, JsonObject]]:
    """By table and hash; a table that was asked for is always a key, an unknown hash is none."""
    pairs = [(table, hash_) for table, hashes in wanted.items() for hash_ in set(hashes)]
    found: dict[str, dict[int, JsonObject]] = {table: {} for table in wanted}
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS, definition_parameters(live, pairs))
        for table, hash_, text in cursor:
            found[table][hash_] = stored_json.loads(text)
    return found


def definition(live: Live, table: str, identity: int | str) -> JsonObject | None:
    """By hash, or by the key of a table that is keyed by text."""
    with connection.cursor() as cursor:
        cursor.execute(DEFINITION, one_definition_parameters(live, table, identity))
        found = cursor.fetchone()
    return stored_json.loads(found[0]) if found else None


def one_definition_parameters(live: Live, table: str, identity: int | str) -> JsonObject:
    hash_, key = (0, identity) if isinstance(identity, str) else (identity, "")
    at = {"language": live.language, "revision": live.revision_id}
    return {"table": table, "hash": hash_, "key": key, **at}


def definition_parameters(live: Live, pairs: list[tuple[str, int]]) -> JsonObject:
    return {
        "names": [table for table, _ in pairs],
        "hashes": [hash_ for _, hash_ in pairs],
        "language": live.language,
        "revision": live.revision_id,
    }


def tables(live: Live, *names: str) -> dict[str, dict[int, JsonObject]]:
    """Every definition of some small tables, by table and hash."""
    found: dict[str, dict[int, JsonObject]] = {name: {} for name in names}
    with connection.cursor() as cursor:
        cursor.execute(TABLES, {"names": list(names), "language": live.language, "revision": live.revision_id})
        for name, hash_, text in cursor:
            found[name][hash_] = stored_json.loads(text)
    return found


def valid_at(revision_id: int) -> Q:
    """Of definitions, and of the narrow rows of items."""
    return (Q(removed=None) | Q(removed__gt=revision_id)) & Q(added__lte=revision_id)
