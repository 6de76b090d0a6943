"""Find definitions by what staff type: a hash in any form, a text key, or a part of a name."""

import re

from django.db.models import QuerySet

from manifest.content_file import ITEMS
from manifest.models import Definition, Item

HELP = (
    "A hash (unsigned, or signed as in the content file), a text key, or a part of a name. Names are looked for among "
    "items; for those of another table choose it first."
)
_HASH = re.compile(r"-?\d{1,10}")
_MOST_MATCHES = 10_000


def find(definitions: QuerySet[Definition], text: str, language: str, table: str) -> QuerySet[Definition]:
    """Those of `definitions` that fit; `table` is empty where none was chosen.

    No index knows the names of other tables than the items', hence one table at a time.
    """
    if _HASH.fullmatch(text):
        return definitions.filter(hash=int(text) % 2**32)
    if table in ("", ITEMS):
        found = _items(text, language)
    else:
        found = _pks(definitions.filter(json__displayProperties__name__icontains=text))
    return definitions.filter(pk__in=[*found, *_pks(definitions.filter(hash=0, key__icontains=text))])


def _items(name: str, language: str) -> list[int]:
    return _pks(Item.objects.filter(language=language, name__icontains=name))


def _pks(rows: QuerySet) -> list[int]:
    """Once, since Django asks for the count and for the page by itself."""
    return list(rows.order_by().values_list("pk", flat=True)[:_MOST_MATCHES])
