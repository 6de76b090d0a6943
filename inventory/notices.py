"""What the page says about its own data: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.timesince import timesince

from manifest.asking import Why

from .models import Trouble
from .profile import ABSENT, PARTS, PRIVATE
from .reading import Reading

NO_MANIFEST = (
    "The game's definitions are still being read: items have no names or pictures yet. Reload in a few minutes."
)
TROUBLES = {
    Trouble.MAINTENANCE: "Bungie is down for maintenance.",
    Trouble.THROTTLED: "Bungie asks this site to wait a moment.",
    Trouble.SILENT: "Bungie does not answer.",
}
REMEDIES = {
    PRIVATE: ": that is private. Your privacy settings at Bungie.net can allow it.",
    ABSENT: " this time. Your items are safe; press Refresh in a moment.",
}
NAMELESS = {
    Why.NEWER: "seemingly newer than this site's Manifest. The site is looking for a newer one.",
    Why.LATER: "of a newer Manifest than the one that this site's staff keep for now. Your items are safe.",
    Why.REMOVED: "gone from the game's Manifest with the version that is live. Your items are safe.",
    Why.MISSING: "in no Manifest that Bungie offers today. Your items are safe.",
}
NO_CHARACTERS = "There is no character on this account yet. Make one in Destiny 2, then press Refresh."


def notices(reading: Reading) -> list[str]:
    return list(_notices(reading))


def age(reading: Reading) -> str:
    """Such as "3 minutes ago"; clocks differ, so the newest data may seem to come from the future."""
    seconds = (timezone.now() - reading.seen.minted_at).total_seconds()
    return "just now" if seconds < 60 else f"{timesince(reading.seen.minted_at, depth=1)} ago"


def _notices(reading: Reading) -> Iterator[str]:
    profile = reading.seen.profile
    if reading.seen.trouble:
        moment = f"{reading.seen.minted_at:%H:%M} UTC, {age(reading)}"
        yield f"{TROUBLES[reading.seen.trouble]} Your items are safe; this page shows them as of {moment}."
    if reading.live is None:
        yield NO_MANIFEST
    yield from _nameless(reading.unknown)
    yield from _missing(profile.missing)
    if not profile.characters and "characters" not in profile.missing:
        yield NO_CHARACTERS
    if profile.skipped:
        yield f"Bungie sent {profile.skipped} entries that this site could not read; they are not on this page."


def _nameless(counts: Mapping[Why, int]) -> Iterator[str]:
    for why, words in NAMELESS.items():
        if count := counts.get(why):
            yield f"{count} item{'' if count == 1 else 's'} of yours without a name here: {words}"


def _missing(missing: Mapping[str, str]) -> Iterator[str]:
    """One sentence for each reason, however many parts it took away."""
    for why, remedy in REMEDIES.items():
        parts = [PARTS[part] for part, reason in missing.items() if reason == why]
        if parts:
            yield f"Bungie did not send {get_text_list(parts, 'and')}{remedy}"
