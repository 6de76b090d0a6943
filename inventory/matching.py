"""Which items a person's words pick out. The page's script decides alike (static/inventory/js/filter.js)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST = 200


def folded(text: str) -> str:
    """Without accents and capitals, as people type."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(each for each in apart if unicodedata.category(each)[0] != "M").lower()


def asked(query: str) -> tuple[str, ...]:
    """The words that an item has to match, every one of them; none: all items do."""
    return tuple(folded(query[:LONGEST]).split())


def matches(said: Sequence[str], words: Sequence[str]) -> bool:
    """The one place that decides, so that a language of queries can take it over. `said`: a tile's facts, and perks."""
    text = folded("\n".join(said))
    return all(word in text for word in words)
