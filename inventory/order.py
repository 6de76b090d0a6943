"""In which order the items of one place stand: what is worn first, then as the person wants it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.models import Preferences

from .matching import folded
from .vault import OwnedItem

Sort = Preferences.Sort


def ordered(items: Iterable[OwnedItem], sort: str) -> list[OwnedItem]:
    """`items` come by power (vault.py), which decides between those that are alike."""
    by = KEYS.get(sort)
    return sorted(items, key=lambda item: (not item.equipped, by(item))) if by else list(items)


def _number(instance_id: str | None) -> int:
    """Bungie's ids grow with time; stacks have none and come last."""
    return int(instance_id or 0)


KEYS: Mapping[str, Callable[[OwnedItem], Any]] = {
    Sort.TIER: lambda item: -item.tier,
    Sort.NAME: lambda item: folded(item.name),
    Sort.TYPE: lambda item: (folded(item.type_name), -item.tier),
    Sort.NEWEST: lambda item: -_number(item.id),
}
