import django.contrib.postgres.indexes
from django.db import migrations, models

# Letters that Unicode does not take apart into a plain one and a mark.
_FOLDED = """
CREATE FUNCTION manifest_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
trim(replace(replace(regexp_replace(
    CASE WHEN octet_length(said) = char_length(said) THEN replace(lower(said {collate}), '''s', 's')
    ELSE normalize(regexp_replace(normalize(
        replace(replace(replace(translate(
            replace(replace(lower(said {collate}), '’', ''''), '''s', 's'),
        'łøđı', 'lodi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    NFKD), '[\\u0300-\\u036f]+', '', 'g'), NFC) END,
'[^[:alnum:] ]+', ' ', 'g'), '  ', ' '), '  ', ' '))
"""
_SHORTENED = """
CREATE FUNCTION manifest_shortened(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
regexp_replace(words, '([^ ]{40})[^ ]+', '\\1', 'g')
"""
_UNSPACED = "[\\u3005-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7a3]"
_PARTED = f"""
CREATE FUNCTION manifest_parted(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
trim(regexp_replace(
    regexp_replace(folded, '({_UNSPACED}{{1,2}})', ' \\1 ', 'g') || ' ' || regexp_replace(
        regexp_replace(folded, '{_UNSPACED}({_UNSPACED}*)', ' \\1 ', 'g'),
    '({_UNSPACED}{{1,2}})', ' \\1 ', 'g'),
' +', ' ', 'g'))
"""
_WORDS = f"""
CREATE FUNCTION manifest_words(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
CASE WHEN octet_length(folded) > 1000 THEN manifest_shortened(manifest_parted(left(folded, 10000)))
WHEN octet_length(folded) <> char_length(folded) AND folded ~ '{_UNSPACED}' THEN manifest_parted(folded)
ELSE folded END
"""
_SEARCH = """
CREATE FUNCTION manifest_search(language text, name text, kind text, body text, class_type int)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_tsvector(string_to_array(
    language || '/c' || class_type::text || ' ' || language || '/=' || replace(left(name, 200), ' ', '_')
    || ' ' || language || '/n' || replace(manifest_words(name), ' ', ' ' || language || '/n')
    || ' ' || language || '/k' || replace(manifest_words(kind), ' ', ' ' || language || '/k')
    || ' ' || language || '/t' || replace(manifest_words(body), ' ', ' ' || language || '/t')
, ' '))
"""
_BACKFILL = """
UPDATE manifest_item SET search =
    manifest_search(texts.language, texts.name, texts.kind, texts.body, manifest_item.class_type)
FROM (
    SELECT item.definition_id, item.language,
        manifest_folded(item.name) AS name,
        manifest_folded(coalesce(json ->> 'itemTypeAndTierDisplayName', item.tier_name || ' ' || item.type_name)) AS kind,
        manifest_folded(concat_ws(' ', json -> 'displayProperties' ->> 'description', json ->> 'flavorText')) AS body
    FROM manifest_item item JOIN manifest_definition ON manifest_definition.id = item.definition_id
    OFFSET 0
) AS texts
WHERE texts.definition_id = manifest_item.definition_id
"""
_DROP = "DROP FUNCTION manifest_search, manifest_words, manifest_parted, manifest_shortened, manifest_folded"


def make_functions(apps, schema_editor):
    """With Postgres's own letters (17 and later), since those of a server whose locale is C end with ASCII."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'pg_c_utf8'")
        collate = "COLLATE pg_c_utf8" if cursor.fetchone() else ""
    for statement in (_FOLDED.replace("{collate}", collate), _SHORTENED, _PARTED, _WORDS, _SEARCH):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Full-text search over items.

    A lexeme is "<language>/<kind><word>": =name (whole), n(ame), k(ind: type and tier), t(ext), c(lass type). So a word
    of one language is looked for among that language's alone, and a row is ranked without reading its texts again.
    Words are folded: lower case, no accents, "'s" without its apostrophe. Where a script has no spaces, each two
    neighbours are a word. Functions, so that what is written and what is asked for are folded by the same code; they
    are single expressions, which Postgres inlines.

    The index holds what no revision has taken away: old revisions make it no slower, and ending a row writes nothing to
    it. Its entry stays until a vacuum, so those come sooner than the fifth of the table that Postgres waits for.

    New rows go to its pending list first (fastupdate): without one, 40,000 items take 2.5 times as long. Its size made
    no difference from 256 kB to 16 MB, so it is small, for the searches that read it during an import; the import
    empties it at its end (switch.prepare).
    """

    dependencies = [("manifest", "0003_revisions_kept")]
    operations = [
        migrations.RunPython(make_functions, lambda apps, schema_editor: schema_editor.execute(_DROP)),
        migrations.RunSQL(
            "ALTER TABLE manifest_item ALTER COLUMN search SET STATISTICS 0,"
            " SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000)",
            "ALTER TABLE manifest_item ALTER COLUMN search SET STATISTICS -1,"
            " RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        ),
        migrations.RunSQL(_BACKFILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "item",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search"],
                condition=models.Q(removed__isnull=True),
                name="manifest_item_search",
                gin_pending_list_limit=512,
            ),
        ),
    ]
