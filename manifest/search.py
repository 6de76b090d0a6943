"""Full-text search over the items of the live revision. How they are indexed: migration 0004, for what
no revision has taken away. What one has is in a second index since migration 0006: searches find it after a way back.

Every word has to begin a word of the item's name, its kind (type and tier) or its text, or the name of its class.
"""

import re
from dataclasses import dataclass, fields

from django.db import connection
from django.db.backends.utils import CursorWrapper

from manifest.lookup import VALID_AT, ItemSummary, Live
from manifest.tables import CLASSES

MAX_LENGTH, MAX_WORDS = 200, 12
MAX_COUNT = 1000  # nobody leafs further; counting all that begins with an A takes longer than finding the best
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no text in Postgres can hold


@dataclass(frozen=True)
class Found:
    item: ItemSummary
    description: str


@dataclass(frozen=True)
class Results:
    """One page of the items found, best first; `count` is of all of them, or MAX_COUNT where there are more."""

    found: list[Found]
    count: int


_COLUMNS = ", ".join(f"item.{each.name}" for each in fields(ItemSummary))
_VALID = """(
    SELECT {columns} FROM manifest_item
    WHERE search @@ (SELECT {query} FROM asked) AND added <= %(revision)s AND removed IS NULL
    UNION ALL
    SELECT {columns} FROM manifest_item
    WHERE search @@ (SELECT {query} FROM asked) AND added <= %(revision)s AND removed > %(revision)s
)"""
# Two arms, for two indexes: manifest_item_search holds what no revision has taken away, manifest_item_search_old the
# rest, of which hardly anything is valid unless the site went back to an older revision.
_RANKED = "definition_id, hash, tier, name, search"
_NAMED, _FOUND = (_VALID.format(query=query, columns=_RANKED) for query in ("in_name", "anywhere"))
_COUNTED = _VALID.format(query="anywhere", columns="1")
# `word`: where a script has no spaces, what is asked for becomes pairs and its last sign, which the last pair implies.
# `rest`: what has the words elsewhere is put in order only when the names do not fill the page.
# The planner does not know the queries, so it never takes a short prefix for a reason to read the whole table.
SEARCH = f"""
WITH folded AS MATERIALIZED (
    SELECT said, string_to_array(manifest_words(said), ' ') AS words
    FROM (SELECT manifest_folded(%(text)s) AS said) AS _
), class AS MATERIALIZED (
    SELECT json ->> 'classType' AS type, manifest_folded(json -> 'displayProperties' ->> 'name') AS name
    FROM manifest_table CROSS JOIN LATERAL (
        SELECT json FROM manifest_definition
        WHERE table_id = manifest_table.id AND {VALID_AT}
        OFFSET 0
    ) AS definition
    WHERE manifest_table.language = %(language)s AND manifest_table.name = %(classes)s
), word AS (
    SELECT DISTINCT left(each.word, 40) AS word FROM folded CROSS JOIN LATERAL unnest(words) AS each(word)
    WHERE each.word <> '' AND NOT (
        char_length(each.word) = 1 AND octet_length(each.word) > 2
        AND EXISTS (SELECT 1 FROM unnest(words) AS pair WHERE char_length(pair) = 2 AND right(pair, 1) = each.word))
    LIMIT %(words)s
), place AS (
    SELECT
        format('%%L:*', %(language)s || '/n' || word) AS name,
        format('%%L:*', %(language)s || '/k' || word) AS kind,
        format('%%L:*', %(language)s || '/t' || word) AS text,
        (SELECT string_agg(format(' | %%L', %(language)s || '/c' || class.type), '') FROM class
            WHERE starts_with(class.name, word)) AS class
    FROM word
), asked AS MATERIALIZED (
    SELECT
        format('%%L', %(language)s || '/=' || replace((SELECT said FROM folded), ' ', '_'))::tsquery AS exactly,
        format('%%L:*', %(language)s || '/=' || replace((SELECT said FROM folded), ' ', '_'))::tsquery AS begins,
        string_agg(name, ' & ')::tsquery AS in_name,
        string_agg(format('(%%s | %%s%%s)', name, kind, class), ' & ')::tsquery AS in_kind,
        string_agg(format('(%%s | %%s | %%s%%s)', name, kind, text, class), ' & ')::tsquery AS anywhere
    FROM place
), named AS MATERIALIZED (
    SELECT definition_id, hash, tier, name, CASE
        WHEN search @@ (SELECT exactly FROM asked) THEN 0
        WHEN search @@ (SELECT begins FROM asked) THEN 1
        ELSE 2 END AS place
    FROM {_NAMED} AS item
), rest AS (
    SELECT definition_id, hash, tier, name,
        CASE WHEN search @@ (SELECT in_kind FROM asked) THEN 3 ELSE 4 END AS place
    FROM {_FOUND} AS item
    WHERE (SELECT count(*) FROM named) < %(limit)s + %(offset)s AND NOT search @@ (SELECT in_name FROM asked)
), best AS (
    SELECT definition_id, hash, tier, name, place FROM (SELECT * FROM named UNION ALL SELECT * FROM rest) AS found
    ORDER BY place, tier DESC, name COLLATE "C", hash LIMIT %(limit)s OFFSET %(offset)s
)
SELECT (SELECT count(*) FROM (SELECT FROM {_COUNTED} AS item LIMIT %(most)s) AS counted), {_COLUMNS}, concat_ws(E'\\n',
    nullif(definition.json -> 'displayProperties' ->> 'description', ''), nullif(definition.json ->> 'flavorText', ''))
FROM (VALUES (true)) AS always
LEFT JOIN best ON true
LEFT JOIN manifest_item item USING (definition_id)
LEFT JOIN manifest_definition definition ON definition.id = best.definition_id
ORDER BY best.place, best.tier DESC, best.name COLLATE "C", best.hash
"""  # noqa: S608 - put together from our own words


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
        "classes": CLASSES,
        "words": MAX_WORDS,
        "most": MAX_COUNT,
        "limit": limit,
        "offset": offset,
    }


def _results(cursor: CursorWrapper) -> Results:
    rows = cursor.fetchall()
    found = [Found(ItemSummary(*columns), description) for _, *columns, description in rows if columns[0] is not None]
    return Results(found, rows[0][0])
