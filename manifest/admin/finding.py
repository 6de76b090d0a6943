"""Find definitions by what staff type: a hash in any form, a text key, or a part of a name."""

import re

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from manifest.admin import filters
from manifest.models import Definition, Item
from manifest.tables import ITEMS

MOST = 2_000  # definitions that a list leads to; whoever wants others narrows it
HELP = (
    "A hash (unsigned, or signed as in the content file), a text key, or a part of a name. Names are looked for among "
    "items; for those of another table choose it first."
)
_HASH = re.compile(r"-?\d{1,10}")


def first(definitions: QuerySet[Definition], text: str, request: HttpRequest) -> list[int]:
    """Ids of the first of `definitions` that fit; all do where `text` is empty.

    No index knows the names of other tables than the items', hence one table at a time; items are found by their narrow
    rows, narrowed by the same filters.
    """
    table = request.GET.get("table", "")
    if not text:
        return _pks(definitions)
    if _HASH.fullmatch(text):
        return _pks(definitions.filter(hash=int(text) % 2**32))
    keyed = Q(hash=0) & (Q(key__icontains=text) | Q(json__statName__icontains=text))
    if table not in ("", ITEMS):
        return _pks(definitions.filter(keyed | Q(json__displayProperties__name__icontains=text)))
    items = Item.objects.filter(filters.validity(request), language=filters.language(request), name__icontains=text)
    return _pks(items.order_by("hash", "added")) + _pks(definitions.filter(keyed))


def _pks(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:MOST])
