"""What the page says about its own data: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import get_text_list

from accounts.languages import language_name
from destinyvault.templatetags.site_words import ago
from manifest.asking import Why

from .merging import Kept
from .models import Trouble
from .profile import ABSENT, PARTS, PRIVATE
from .reading import Reading
from .snapshots import Seen

TROUBLES = {
    Trouble.MAINTENANCE: "Bungie is down for maintenance.",
    Trouble.THROTTLED: "Bungie asks this site to wait a moment.",
    Trouble.SILENT: "Bungie does not answer.",
    Trouble.SIGN_IN: "Bungie no longer accepts the sign-in that this site holds for you.",
    Trouble.REFUSED: "Bungie refuses to tell this site what you own.",
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
KEPT_REMEDIES = {
    PRIVATE: ": that is private now, and shown as of {}. Your privacy settings at Bungie.net can allow it again.",
    ABSENT: " this time: shown as of {}. Your items are safe; press Refresh in a moment.",
}
UNTIL = {
    Trouble.SIGN_IN: "Nothing can be moved until you sign in again.",
    Trouble.REFUSED: "Nothing can be moved until it does.",
}
NO_CHARACTERS = "There is no character on this account. Make one in Destiny 2, then press Refresh."


@dataclass(frozen=True, slots=True)
class Notice:
    """`remedy` names the button that helps: "sign_in" or "settings"."""

    text: str
    remedy: str = ""


def notices(reading: Reading) -> list[Notice]:
    return list(_notices(reading))


def why_off(seen: Seen) -> str:
    """Why nothing can be moved now; empty while it can."""
    if not seen.trouble:
        return ""
    return f"{TROUBLES[seen.trouble]} {UNTIL.get(seen.trouble, 'Nothing can be moved until it answers again.')}"


def _notices(reading: Reading) -> Iterator[Notice]:
    seen = reading.seen
    if seen.trouble:
        yield _trouble(seen)
    yield from map(Notice, _nameless(reading.unknown))
    yield from map(Notice, _kept(seen.kept))
    yield from map(Notice, _missing(seen.profile.missing))
    if reading.has_no_characters and not reading.is_empty:
        yield Notice(NO_CHARACTERS)
    if seen.profile.skipped:
        yield Notice(f"Bungie sent {seen.profile.skipped} entries that this site could not read: they are not here.")
    yield from _language(reading)


def _trouble(seen: Seen) -> Notice:
    shown = f"Your items are safe; this page shows them as of {_as_of(seen.minted_at)}."
    return Notice(f"{TROUBLES[seen.trouble]} {shown}", "sign_in" if seen.trouble == Trouble.SIGN_IN else "")


def _as_of(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC, {ago(moment)}"


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


def _kept(kept: Mapping[str, Kept]) -> Iterator[str]:
    """One sentence for each reason and time."""
    told = {name: each for name, each in kept.items() if name in PARTS}
    for each in dict.fromkeys(told.values()):
        parts = [PARTS[name] for name in PARTS if told.get(name) == each]
        remedy = KEPT_REMEDIES[each.why].format(_as_of(each.minted_at))
        yield f"Bungie did not send {get_text_list(parts, 'and')}{remedy}"


def _language(reading: Reading) -> Iterator[Notice]:
    wanted, live = reading.seen.player.preferences.language, reading.live
    if live and wanted and wanted != live.language:
        text = (
            f"This site has no item names in {language_name(wanted)} now; they are in {language_name(live.language)}."
        )
        yield Notice(text, "settings")
