"""Everything that is to be told of Xûr at this moment, to everybody or to one person: page, JSON and text show this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.people import Player
from destinyvault.bungie.errors import BungieDown, BungieError, Refused, SignInExpired, Throttled
from inventory import snapshots
from inventory.models import Trouble, VendorSnapshot, trouble_of
from inventory.notices import TROUBLES
from inventory.profile import Profile
from inventory.recent import Recent
from inventory.vault import Guardian
from inventory.words import NO_WORDS, Words, words_of
from manifest import lookup
from manifest.lookup import Live

from . import keeping
from .belongings import belongings, guardians
from .offers import ShownShelf, Wares, beside, wares
from .replies import Shelf, parse_shelf
from .visit import Presence, by_schedule, presence_in

USUAL_PLACE = "in the Tower’s Bazaar"
JUST_COME = timedelta(minutes=20)
LONGEST_KEPT = timedelta(days=1)  # for his stock on days that are not his usual ones
WARES: Recent[Wares] = Recent(16)
TROUBLES_WITH_XUR = {
    **TROUBLES,
    Trouble.REFUSED: "Bungie refuses to tell this site of Xûr. Its owner finds the reason in the log: "
    "most often a wrong BUNGIE_API_KEY.",
}
NOT_FOR_YOU = {
    SignInExpired: "Sign in again to see what he sells to your characters; this is what everybody is shown.",
    Refused: "Bungie does not tell what he sells to this character; this is what everybody is shown.",
    Throttled: "Bungie asks this site to wait a moment before it tells what he sells to you; "
    "this is what everybody is shown.",
    BungieDown: "Bungie does not tell just now what he sells to you; this is what everybody is shown.",
}


@dataclass(frozen=True, slots=True)
class Stall:
    """`seen_by` is the character that found this stock, None for what everybody is shown.

    `current` is False for a stock that is not what he sells now: of an earlier stay, or of before Bungie fell silent.
    """

    presence: Presence
    where: str
    shelves: tuple[ShownShelf, ...]
    stock_at: datetime | None
    current: bool
    seen_by: Guardian | None
    characters: tuple[Guardian, ...]
    notices: tuple[str, ...]
    live: Live | None

    @property
    def count(self) -> int:
        return sum(len(group.offers) for shelf in self.shelves for group in shelf.groups)


@dataclass(frozen=True, slots=True)
class _Seen:
    row: VendorSnapshot | None
    guardian: Guardian | None = None
    notice: str = ""


def look(player: Player | None = None, character_id: str = "", language: str = "") -> Stall:
    public, presence = _public()
    live = lookup.live(language)
    words = words_of(live) if live else NO_WORDS
    known = snapshots.known(player) if player else None
    characters = guardians(known.profile, words) if known else ()
    seen = _for(player, _chosen(characters, character_id), public, presence)
    if seen.guardian:
        presence = presence_in(seen.row)  # who stands before him knows best
    shown = _wares(seen.row, live)
    stock_at = seen.row.stocked_at if seen.row else None
    current = _is_current(presence, stock_at)
    return Stall(
        presence=presence,
        where=shown.where,
        shelves=_beside(known.profile, shown, words) if known else shown.shelves,
        stock_at=stock_at,
        current=current,
        seen_by=seen.guardian,
        characters=characters,
        notices=tuple(_notices(presence, seen, stock_at, current, live)),
        live=live,
    )


def _public() -> tuple[VendorSnapshot | None, Presence]:
    try:
        row = keeping.told_to_all()
    except BungieError as error:
        return None, by_schedule(timezone.now(), trouble=trouble_of(error))
    return row, presence_in(row)


def _chosen(characters: tuple[Guardian, ...], character_id: str) -> Guardian | None:
    """The one that was asked for, else the last played; an id that is not the person's own is nobody's."""
    return next((each for each in characters if each.id == character_id), characters[0] if characters else None)


def _for(player: Player | None, guardian: Guardian | None, public: VendorSnapshot | None, presence: Presence) -> _Seen:
    """While he is or should be here: Bungie may leave a vendor out of what it tells everybody, but not in the week."""
    if player is None or guardian is None or not (presence.told and (presence.here or presence.unusual)):
        return _Seen(public)
    if player.account.sign_in_needed:
        return _Seen(public, notice=NOT_FOR_YOU[SignInExpired])
    try:
        row = keeping.told_to(player, guardian.id)
    except BungieError as error:
        return _Seen(public, notice=_reason(error))
    return _Seen(row, guardian) if row.here and row.packed else _Seen(public)


def _reason(error: BungieError) -> str:
    return next((words for kind, words in NOT_FOR_YOU.items() if isinstance(error, kind)), NOT_FOR_YOU[BungieDown])


def _wares(row: VendorSnapshot | None, live: Live | None) -> Wares:
    if row is None:
        return wares((), live)
    return WARES.get((row.key, row.stocked_at, live), lambda: wares(_shelves(row), live))


def _shelves(row: VendorSnapshot) -> tuple[Shelf, ...]:
    return tuple(parse_shelf(int(vendor), reply) for vendor, reply in row.replies.items())


def _beside(profile: Profile, shown: Wares, words: Words) -> tuple[ShownShelf, ...]:
    sold = {offer.hash for offer in shown.offers}
    asked = {price.hash for offer in shown.offers for price in offer.prices}
    owned = belongings(profile, sold, asked, words)
    return tuple(beside(owned, shelf) for shelf in shown.shelves)


def _is_current(presence: Presence, stock_at: datetime | None) -> bool:
    if not presence.here or stock_at is None:
        return False
    return stock_at >= (presence.since or timezone.now() - LONGEST_KEPT)


def _notices(
    presence: Presence, seen: _Seen, stock_at: datetime | None, current: bool, live: Live | None
) -> Iterator[str]:
    trouble = presence.trouble or (seen.row.trouble if seen.row else "")
    if trouble:
        yield f"{TROUBLES_WITH_XUR[Trouble(trouble)]} {_shown_instead(stock_at)}"
    if seen.notice:
        yield seen.notice
    if presence.here and not current and not trouble:
        yield "Bungie has not told what he sells this time. Look again in a few minutes."
    elif _just_came(presence):
        yield "He has only just come: what he sells may still change in the next minutes."
    if live is None and seen.row and seen.row.packed:
        yield "The game’s definitions are still being read: his wares have no names or pictures yet."


def _shown_instead(stock_at: datetime | None) -> str:
    if stock_at is None:
        return "What he sells is not known here; look again in a few minutes."
    return f"This is what was known on {stock_at.day} {stock_at:%B, %H:%M} UTC."


def _just_came(presence: Presence) -> bool:
    return bool(presence.here and presence.told and presence.since and timezone.now() - presence.since < JUST_COME)
