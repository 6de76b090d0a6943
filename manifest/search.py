"""Full-text search over the items of the live revision. How they are indexed: migration 0004.

Every word has to begin a word of the item's name, its kind (type and tier) or its text, or the name of its class.
"""

import re
from dataclasses import dataclass, fields

from django.db import connection
from django.db.backends.utils import CursorWrapper

from manifest.lookup import ItemSummary, Live

MAX_LENGTH, MAX_WORDS = 200, 12
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no text in Postgres can hold
_CLASSES = "DestinyClassDefinition"


@dataclass(frozen=True)
class Found:
    item: ItemSummary
    description: str


@dataclass(frozen=True)
class Results:
    """One page of the items found, best first; `count` is of all of them."""

    found: list[Found]
    count: int


# Scripts without spaces: of the two words (pair, last one) that a search for a pair has, the second adds nothing.
# The queries reach the index as values that the planner does not know, so it never takes a short prefix for a reason
# to read the whole table.
SEARCH = """
WITH folded AS MATERIALIZED (
    SELECT said, string_to_array(manifest_words(said), ' ') AS words FROM (SELECT manifest_folded(%(text)s) AS said) AS _
), class AS MATERIALIZED (
    SELECT definition.hash, (definition.json ->> 'classType')::int AS type,
        manifest_folded(definition.json -> 'displayProperties' ->> 'name') AS name
    FROM manifest_table CROSS JOIN LATERAL (
        SELECT hash, json FROM manifest_definition
        WHERE table_id = manifest_table.id AND added <= %(revision)s AND (removed IS NULL OR removed > %(revision)s)
        OFFSET 0
    ) AS definition
    WHERE manifest_table.language = %(language)s AND manifest_table.name = %(classes)s
), word AS (
    SELECT DISTINCT each.word FROM folded CROSS JOIN LATERAL unnest(words) AS each(word)
    WHERE each.word <> '' AND NOT (
        char_length(each.word) = 1 AND octet_length(each.word) > 2
        AND EXISTS (SELECT 1 FROM unnest(words) AS pair WHERE char_length(pair) = 2 AND right(pair, 1) = each.word))
    LIMIT %(words)s
), place AS (
    SELECT
        format('''%%s/n%%s'':*', %(language)s, word) AS name,
        format('''%%s/k%%s'':*', %(language)s, word) AS kind,
        format('''%%s/t%%s'':*', %(language)s, word) AS text,
        (SELECT string_agg(format(' | ''%%s/c%%s''', %(language)s, class.type), '') FROM class
            WHERE starts_with(class.name, word)) AS class
    FROM word
), asked AS MATERIALIZED (
    SELECT
        format('''%%s/=%%s''', %(language)s, replace((SELECT said FROM folded), ' ', '_')) AS exactly,
        string_agg(name, ' & ') AS in_name,
        string_agg(format('(%%s | %%s%%s)', name, kind, class), ' & ') AS in_kind,
        string_agg(format('(%%s | %%s | %%s%%s)', name, kind, text, class), ' & ') AS anywhere
    FROM place
), hit AS MATERIALIZED (
    SELECT definition_id, hash, tier, name,
        CASE
            WHEN search @@ (SELECT exactly::tsquery FROM asked) THEN 0
            WHEN search @@ (SELECT (exactly || ':*')::tsquery FROM asked) THEN 1
            WHEN search @@ (SELECT in_name::tsquery FROM asked) THEN 2
            WHEN search @@ (SELECT in_kind::tsquery FROM asked) THEN 3
            ELSE 4
        END AS place
    FROM manifest_item
    WHERE added <= %(revision)s AND (
        search @@ (SELECT anywhere::tsquery FROM asked) AND removed IS NULL
        OR search @@ (SELECT anywhere::tsquery FROM asked) AND removed > %(revision)s)
), best AS (
    SELECT definition_id, hash, tier, name, place FROM hit
    ORDER BY place, tier DESC, name COLLATE "C", hash LIMIT %(limit)s OFFSET %(offset)s
)
SELECT (SELECT count(*) FROM hit), {columns},
    concat_ws(E'\\n', nullif(shown ->> 'description', ''), nullif(definition.json ->> 'flavorText', ''))
FROM (VALUES (true)) AS always
LEFT JOIN best ON true
LEFT JOIN manifest_item item USING (definition_id)
LEFT JOIN manifest_definition definition ON definition.id = best.definition_id
LEFT JOIN LATERAL (SELECT definition.json -> 'displayProperties' AS shown) AS _ ON true
ORDER BY best.place, best.tier DESC, best.name COLLATE "C", best.hash
""".replace("{columns}", ", ".join(f"item.{each.name}" for each in fields(ItemSummary)))


def search(live: Live, text: str, *, limit: int, offset: int = 0) -> Results:
    """One query. Any text is good; without a single letter or figure in it nothing is found."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, parameters(live, text, limit=limit, offset=offset))
        return _results(cursor)


def parameters(live: Live, text: str, *, limit: int, offset: int = 0) -> dict[str, object]:
    return {
        "text": _UNSTORABLE.sub(" ", text[:MAX_LENGTH]),
        "language": live.language,
        "revision": live.revision_id,
        "classes": _CLASSES,
        "words": MAX_WORDS,
        "limit": limit,
        "offset": offset,
    }


def _results(cursor: CursorWrapper) -> Results:
    rows = cursor.fetchall()
    found = [Found(ItemSummary(*columns), description) for _, *columns, description in rows if columns[0] is not None]
    return Results(found, rows[0][0])
