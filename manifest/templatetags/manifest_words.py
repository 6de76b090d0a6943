from django import template

from manifest.comparing import Counts, Kind

register = template.Library()
KINDS = {Kind.ADDED: "New", Kind.CHANGED: "Changed", Kind.REMOVED: "Removed"}


@register.filter
def kind_name(kind: str) -> str:
    return KINDS[Kind(kind)]


@register.filter
def count_of(counts: Counts, kind: str) -> int:
    return counts.of([kind])


@register.filter
def table_name(table: str) -> str:
    """Such as "Inventory item" for DestinyInventoryItemDefinition."""
    bare = table.removeprefix("Destiny").removesuffix("Definition") or table
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in bare).strip()
    return spaced[:1].upper() + spaced[1:]
