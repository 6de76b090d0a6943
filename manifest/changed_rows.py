"""The rows that differ between two revisions, by SQL: only those whose validity begins or ends between the two."""
# ruff: noqa: S608 - the statements are put together of texts that stand here

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from manifest.models import Revision, Table
from manifest.tables import ITEMS

# What is true of a row that only the later, or only the earlier, of two revisions has.
_ONLY_LATER = "added = ANY(%(between)s) AND (removed IS NULL OR removed > %(later)s)"
_ONLY_EARLIER = "removed = ANY(%(between)s) AND added <= %(earlier)s"
# "same": a revision between the two changed it, and another one changed it back.
_DEFINITIONS = """
SELECT table_id, hash, key, new.id AS new_id, old.id AS old_id, CASE WHEN old.id IS NULL THEN 'added'
    WHEN new.id IS NULL THEN 'removed' WHEN new.digest = old.digest THEN 'same' ELSE 'changed' END AS kind
FROM (SELECT * FROM manifest_definition WHERE {only_new} AND table_id = ANY(%(tables)s)) AS new
FULL JOIN (SELECT * FROM manifest_definition WHERE {only_old} AND table_id = ANY(%(tables)s)) AS old
    USING (table_id, hash, key)
"""
_NAMED = f"""
SELECT changed.*, coalesce(item.name, (
    SELECT json #>> '{{{{displayProperties,name}}}}' FROM manifest_definition WHERE id = coalesce(new_id, old_id)
), '') AS name
FROM ({_DEFINITIONS}) AS changed LEFT JOIN manifest_item item ON item.definition_id = coalesce(new_id, old_id)
"""
_COUNTS = f"""
SELECT manifest_table.name, kind, count(*), array_agg(hash) FILTER (WHERE kind = 'same')
FROM ({_DEFINITIONS}) AS changed JOIN manifest_table ON manifest_table.id = table_id GROUP BY 1, 2
"""
_NAMED_COUNTS = f"""
SELECT manifest_table.name, kind, count(*), NULL
FROM ({_NAMED}) AS changed JOIN manifest_table ON manifest_table.id = table_id
WHERE strpos(lower(changed.name), lower(%(text)s)) > 0 GROUP BY 1, 2
"""
# Items have their names and pictures in a narrow table of their own. What is only old is looked up for the page alone,
# unless the kinds ask for more: Postgres leaves out what the parameters make constant.
_ITEMS_PAGE = """
WITH page AS (
    SELECT * FROM (
        SELECT definition_id, hash, name, icon, true AS is_new FROM manifest_item one
        WHERE {only_new} AND language = %(language)s AND NOT hash = ANY(%(same)s::bigint[])
            AND (%(added_and_changed)s OR 'changed' = ANY(%(kinds)s) = EXISTS (
                SELECT FROM manifest_item WHERE {only_old} AND language = %(language)s AND hash = one.hash))
            AND (%(added_and_changed)s OR 'changed' = ANY(%(kinds)s) OR 'added' = ANY(%(kinds)s))
        UNION ALL
        SELECT definition_id, hash, name, icon, false FROM manifest_item one
        WHERE 'removed' = ANY(%(kinds)s) AND {only_old} AND language = %(language)s AND NOT EXISTS (
            SELECT FROM manifest_item WHERE {only_new} AND language = %(language)s AND hash = one.hash)
    ) AS changed
    WHERE %(text)s = '' OR strpos(lower(name), lower(%(text)s)) > 0
    ORDER BY icon = '', name = '', lower(name), hash LIMIT %(limit)s OFFSET %(offset)s
)
SELECT %(items)s, page.hash, '', CASE WHEN NOT is_new THEN 'removed' WHEN old.definition_id IS NULL THEN 'added'
    ELSE 'changed' END, page.name, page.icon,
    CASE WHEN is_new THEN page.definition_id END, CASE WHEN is_new THEN old.definition_id ELSE page.definition_id END
FROM page LEFT JOIN LATERAL (
    SELECT definition_id FROM manifest_item WHERE {only_old} AND language = %(language)s AND hash = page.hash
) AS old ON is_new
ORDER BY page.icon = '', page.name = '', lower(page.name), page.hash
"""
_OTHERS_PAGE = f"""
SELECT manifest_table.name, hash, key, kind, changed.name, '', new_id, old_id
FROM ({_NAMED}) AS changed JOIN manifest_table ON manifest_table.id = table_id
WHERE kind = ANY(%(kinds)s) AND (%(text)s = '' OR strpos(lower(changed.name), lower(%(text)s)) > 0)
ORDER BY manifest_table.name, changed.name = '', lower(changed.name), hash, key LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class Change:
    """`name` and `icon` are the new ones, of something removed its last. `hash` is 0 where there is a `key`."""

    table: str
    hash: int
    key: str
    kind: str
    name: str
    icon: str
    new_id: int | None
    old_id: int | None

    @property
    def identity(self) -> str:
        return self.key or str(self.hash)


@dataclass(frozen=True)
class Span:
    """From one revision to another of its language, in either direction.

    `between` are all revisions after the earlier one up to the later one, also those that are no longer kept: their
    definitions live on. `tables` has the ids of the language's tables by name.
    """

    language: str
    old_id: int
    new_id: int
    between: list[int]
    tables: dict[str, int]


def span(old: Revision, new: Revision) -> Span:
    earlier, later = sorted((old.pk, new.pk))
    between = Revision.objects.filter(language=new.language, pk__gt=earlier, pk__lte=later)
    tables = Table.objects.filter(language=new.language).values_list("name", "pk")
    return Span(new.language, old.pk, new.pk, list(between.values_list("pk", flat=True)), dict(tables))


def counts(span: Span) -> list[tuple[str, str, int, list[int] | None]]:
    """(table, kind, how many, hashes where the kind is "same") of all tables."""
    return _rows(_COUNTS, span, span.tables)


def counts_by_name(span: Span, tables: Iterable[str], text: str) -> list[tuple[str, str, int, None]]:
    return _rows(_NAMED_COUNTS, span, tables, text=text)


def items(span: Span, kinds: Iterable[str], text: str, same: list[int], *, offset: int, limit: int) -> list[Change]:
    """Those with a picture first, then by name, the nameless last. `same` are the hashes of what came back.

    `kinds` may name those that do not occur: the fewer are missing, the less there is to look up.
    """
    both = {"added", "changed"} <= set(kinds)
    window = {"offset": offset, "limit": limit, "same": same, "items": ITEMS, "added_and_changed": both}
    return _changes(_ITEMS_PAGE, span, [ITEMS], kinds, text, window)


def others(
    span: Span, tables: Iterable[str], kinds: Iterable[str], text: str, *, offset: int, limit: int
) -> list[Change]:
    """By table, then by name."""
    return _changes(_OTHERS_PAGE, span, tables, kinds, text, {"offset": offset, "limit": limit})


def _changes(
    statement: str, span: Span, tables: Iterable[str], kinds: Iterable[str], text: str, window: dict[str, object]
) -> list[Change]:
    return [Change(*row) for row in _rows(statement, span, tables, kinds=list(kinds), text=text, **window)]


def _rows(statement: str, span: Span, tables: Iterable[str], **parameters: object) -> list[tuple]:
    forward = span.old_id < span.new_id
    only_new, only_old = (_ONLY_LATER, _ONLY_EARLIER) if forward else (_ONLY_EARLIER, _ONLY_LATER)
    parameters |= {
        "language": span.language,
        "between": span.between,
        "earlier": min(span.old_id, span.new_id),
        "later": max(span.old_id, span.new_id),
        "tables": [span.tables[name] for name in tables],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(only_new=only_new, only_old=only_old), parameters)
        return cursor.fetchall()
