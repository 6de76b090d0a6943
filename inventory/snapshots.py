"""The player's profile, from Bungie or as last known. The only place that decides whether Bungie is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from accounts.people import Player
from accounts.tokens import with_token
from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieDown, SignInExpired, Throttled

from .models import ProfileSnapshot, Trouble, pack
from .profile import COMPONENTS, Profile, parse_profile
from .recent import Recent
from .untrusted import moment

# Bungie itself answers from a cache of 30 s; a person who presses refresh may have changed something in the game.
# Silence is kept as long as an answer is: while Bungie hangs, one page in 30 s waits for it and not every one.
FRESH = timedelta(seconds=30)
REFRESHED = timedelta(seconds=5)
MADE = "MintedTimestamp"  # Bungie makes several parts, each at its own time
MINTED = f"response{MADE}"
PROFILES: Recent[Profile] = Recent(16)  # some 0.4 MB each


@dataclass(frozen=True, slots=True)
class Seen:
    """`trouble` is why Bungie gave no answer when last asked: then the profile is the last one known.

    `packed` is Bungie's reply, for what is not in `profile`; `digest` is another one whenever anything in it is.
    """

    profile: Profile
    minted_at: datetime
    digest: bytes
    packed: bytes
    trouble: str = ""


def latest(player: Player, *, refresh: bool = False) -> Seen:
    """Raises BungieError where there is nothing to show: Bungie is away and nothing known, or the sign-in is over."""
    held = ProfileSnapshot.objects.filter(membership=player.membership).first()
    if held and timezone.now() - held.fetched_at < (REFRESHED if refresh else FRESH):
        return _seen(held)
    try:
        reply = _ask(player)
        packed = _packed(reply)
        profile = PROFILES.get(digest_of(packed), lambda: parse_profile(reply))
    except (BungieDown, Throttled) as error:
        if held is None:
            raise
        return _note(held, error)
    return _keep(player, profile, moment(reply.get(MINTED)), packed, held)


def _ask(player: Player) -> dict[str, Any]:
    who = player.membership
    return with_token(
        player.account, lambda token: client.profile(who.membership_type, who.membership_id, COMPONENTS, token)
    )


def _packed(reply: object) -> bytes:
    """Without the times of its making, so that the same things are the same bytes."""
    if not isinstance(reply, dict):
        raise BungieDown(message="Bungie's answer holds no profile.")
    try:
        return pack({name: value for name, value in reply.items() if not name.endswith(MADE)})
    except ValueError:
        raise BungieDown(message="Bungie's answer holds text that is none.") from None


def _seen(held: ProfileSnapshot) -> Seen:
    digest = digest_of(held.packed)
    profile = PROFILES.get(digest, lambda: parse_profile(held.reply))
    return Seen(profile, held.minted_at, digest, held.packed, held.trouble)


def digest_of(packed: bytes) -> bytes:
    return blake2b(packed, digest_size=16).digest()


def _note(held: ProfileSnapshot, error: BungieDown | Throttled) -> Seen:
    held.fetched_at, held.trouble = timezone.now(), _trouble(error)
    # Not where somebody else got an answer in the meantime: that one is shown from the next view on.
    unchanged = ProfileSnapshot.objects.filter(pk=held.pk, minted_at=held.minted_at)
    unchanged.update(fetched_at=held.fetched_at, trouble=held.trouble)
    return _seen(held)


def _trouble(error: BungieDown | Throttled) -> Trouble:
    if isinstance(error, Throttled):
        return Trouble.THROTTLED
    return Trouble.MAINTENANCE if error.maintenance else Trouble.SILENT


def _keep(
    player: Player, profile: Profile, minted: datetime | None, packed: bytes, held: ProfileSnapshot | None
) -> Seen:
    """Bungie's servers disagree for a while: a reply made before the one that we hold is not shown, nor kept."""
    now = timezone.now()
    minted_at = minted or now
    values = {"minted_at": minted_at, "fetched_at": now, "trouble": "", "packed": packed}
    rows = ProfileSnapshot.objects.filter(membership=player.membership)
    if held is None:
        _insert(ProfileSnapshot(membership=player.membership, **values))
    elif not rows.filter(minted_at__lte=minted_at).update(**values):
        rows.update(fetched_at=now, trouble="")
        return _seen(_still_there(rows.first()))
    return Seen(profile, minted_at, digest_of(packed), packed)


def _insert(row: ProfileSnapshot) -> None:
    try:
        ProfileSnapshot.objects.bulk_create([row], ignore_conflicts=True)
    except IntegrityError:
        raise _gone() from None


def _still_there(row: ProfileSnapshot | None) -> ProfileSnapshot:
    if row is None:
        raise _gone()
    return row


def _gone() -> SignInExpired:
    # In another window, while Bungie was being asked.
    return SignInExpired(message="The person has deleted their data.")
