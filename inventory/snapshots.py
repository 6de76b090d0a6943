"""The player's profile, from Bungie or as last known. The only place that decides whether Bungie is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.people import Player
from accounts.tokens import with_token
from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieDown, BungieError, Throttled

from .models import ProfileSnapshot, pack
from .profile import COMPONENTS, Profile, parse_profile

# Bungie itself answers from a cache of 30 s; a person who presses refresh may have changed something in the game.
FRESH = timedelta(seconds=30)
REFRESHED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Seen:
    """`trouble` is why Bungie could not be asked just now: then the profile is the last one known."""

    profile: Profile
    minted_at: datetime
    trouble: BungieError | None = None


def latest(player: Player, *, refresh: bool = False) -> Seen:
    """Raises BungieError where there is nothing to show: Bungie is away and nothing known, or the sign-in is over."""
    held = ProfileSnapshot.objects.filter(membership=player.membership).first()
    if held and timezone.now() - held.fetched_at < (REFRESHED if refresh else FRESH):
        return _seen(held)
    try:
        reply = _ask(player)
        profile, packed = parse_profile(reply), _packed(reply)
    except (BungieDown, Throttled) as trouble:
        if held is None:
            raise
        return _seen(held, trouble)
    return _keep(player, profile, packed, held)


def _ask(player: Player) -> dict[str, Any]:
    who = player.membership
    return with_token(
        player.account, lambda token: client.profile(who.membership_type, who.membership_id, COMPONENTS, token)
    )


def _packed(reply: dict[str, Any]) -> bytes:
    try:
        return pack(reply)
    except ValueError:
        raise BungieDown(message="Bungie's answer holds text that is none.") from None


def _seen(held: ProfileSnapshot, trouble: BungieError | None = None) -> Seen:
    return Seen(parse_profile(held.reply), held.minted_at, trouble)


def _keep(player: Player, profile: Profile, packed: bytes, held: ProfileSnapshot | None) -> Seen:
    """Bungie's servers disagree for a while: a reply made before the one that we hold is not shown, nor kept."""
    now = timezone.now()
    minted_at = profile.minted_at or now
    values = {"minted_at": minted_at, "fetched_at": now, "packed": packed}
    rows = ProfileSnapshot.objects.filter(membership=player.membership)
    if held is None:
        rows.bulk_create([ProfileSnapshot(membership=player.membership, **values)], ignore_conflicts=True)
    elif not rows.filter(minted_at__lte=minted_at).update(**values):
        rows.update(fetched_at=now)
        return _seen(rows.get())
    return Seen(profile, minted_at)
