"""What the page says about its own data: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.timesince import timesince

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
    if reading.newer:
        yield _newer(reading.newer)
    yield from _missing(profile.missing)
    if not profile.characters and "characters" not in profile.missing:
        yield NO_CHARACTERS
    if profile.skipped:
        yield f"Bungie sent {profile.skipped} entries that this site could not read; they are not on this page."


def _newer(count: int) -> str:
    what = "1 item of yours seems" if count == 1 else f"{count} items of yours seem"
    return f"{what} newer than this site's Manifest: no names for now. The site is looking for a newer Manifest."


def _missing(missing: Mapping[str, str]) -> Iterator[str]:
    """One sentence for each reason, however many parts it took away."""
    for why, remedy in REMEDIES.items():
        parts = [PARTS[part] for part, reason in missing.items() if reason == why]
        if parts:
            yield f"Bungie did not send {get_text_list(parts, 'and')}{remedy}"
