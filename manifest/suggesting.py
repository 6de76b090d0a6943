"""What a search that found nothing may have meant."""

import re
import unicodedata
from difflib import get_close_matches

from manifest.lookup import Live
from manifest.search import search

_BEGINNINGS = (3, 2)  # letters of each word that are trusted; a slip is rarely among the first
_CANDIDATES = 300
_MOST = 3
_NEAR = 0.6


def similar(live: Live, text: str) -> list[str]:
    """Names of items, the nearest first: of those whose words begin like what was asked for. Two queries at most."""
    words = re.findall(r"\w+", text)
    for length in _BEGINNINGS if words else ():
        begun = search(live, " ".join(word[:length] for word in words), limit=_CANDIDATES)
        names = {_plain(found.item.name): found.item.name for found in begun.found}
        if near := get_close_matches(_plain(text), names, n=_MOST, cutoff=_NEAR):
            return [names[each] for each in near]
    return []


def _plain(text: str) -> str:
    """Without accents and capitals."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
