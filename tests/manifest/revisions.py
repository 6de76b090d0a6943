"""What the tests know of a revision: all that it holds, and how time passes for it."""

from datetime import timedelta

from django.utils import timezone

from manifest import lookup, pruning
from manifest.models import Definition, Item, Revision, Table


def contents(revision):
    """({(table, hash, key): JSON}, {hash: name of the item}) of everything that is valid at the revision."""
    names = dict(Table.objects.filter(language=revision.language).values_list("id", "name"))
    definitions = Definition.objects.filter(lookup.valid_at(revision.pk), table__in=list(names))
    items = Item.objects.filter(lookup.valid_at(revision.pk), language=revision.language)
    held = definitions.values_list("table", "hash", "key", "json")
    return {(names[table], hash_, key): json for table, hash_, key, json in held}, dict(
        items.values_list("hash", "name")
    )


def let_readers_finish():
    """Requests that began before the last switch, or before a revision was given up, ended long ago."""
    long_ago = timezone.now() - timedelta(hours=1)
    for moment in ("live_until", "given_up_at"):
        Revision.objects.filter(**{f"{moment}__isnull": False}).update(**{moment: long_ago})


def give_up(language="en"):
    """Everything that pruning does, as time goes by."""
    for _ in range(2):
        let_readers_finish()
        pruning.prune(language)
