"""The player's profile, as last known or from Bungie. The only place that decides whether Bungie is asked."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts import people
from accounts.people import Player
from accounts.tokens import deleted_meanwhile, with_token
from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieDown, BungieError, SignInExpired

from .merging import Kept, kept, merge
from .models import ProfileSnapshot, Trouble, digest, pack, trouble_of
from .profile import COMPONENTS, Profile, is_whole, minted_at, parse_profile, require_profile
from .recent import Recent
from .transfers import effects
from .turns import turn

# Bungie itself answers from a cache of 30 s; a person who presses refresh may have changed something in the game.
# Silence is kept as long as an answer is: while Bungie hangs it is asked once in 30 s for a person, not at every page.
FRESH = timedelta(seconds=30)
REFRESHED = timedelta(seconds=5)
# For programs, while another request of the same person asks: longer than a read may take (client.READ_SECONDS).
PATIENCE = timedelta(seconds=25)
LOOK_AGAIN_SECONDS = 0.2
PROFILES: Recent[tuple[Profile, dict[str, Kept]]] = Recent(16)  # some 0.4 MB each


@dataclass(frozen=True, slots=True)
class Seen:
    """`trouble` is why Bungie gave no answer when last asked: then the profile is the last one known.

    `packed` is the reply, for what is not in `profile`; `digest` is another one whenever anything in it is. `kept`
    names the components that are older than `minted_at`. What our own calls have changed since is in `profile` and in
    `digest`. `asking` is True while another request asks Bungie, so that
    a newer profile may be there in a moment.
    """

    player: Player
    profile: Profile
    minted_at: datetime
    asked_at: datetime
    digest: str
    packed: bytes
    trouble: str = ""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    asking: bool = False

    @property
    def is_stale(self) -> bool:
        return timezone.now() - self.asked_at >= FRESH


def known(player: Player) -> Seen | None:
    """What was last read, without a question to Bungie: no page waits for it where there is something to show."""
    held = _held(player)
    return _seen(player, held) if held else None


def ask(player: Player, *, older_than: timedelta = REFRESHED) -> Seen | None:
    """From Bungie, unless it was asked just now; where it gives no answer, or another request is at it, the last known.

    None where another request is at it and nothing is known yet. Raises BungieError where there is nothing to show.
    """
    with turn(player.account) as mine:
        held = _held(player)
        is_due = held is None or timezone.now() - held.fetched_at >= older_than
        if mine and is_due:
            today = people.looked_up_again(player)
            return _read(today, held if today is player else _held(today))
    return replace(_seen(player, held), asking=is_due) if held else None


def latest(player: Player, *, refresh: bool = False) -> Seen:
    """For programs: from Bungie where what is known is old, waiting for another request that is at it."""
    older_than = REFRESHED if refresh else FRESH
    held = known(player)
    if held and timezone.now() - held.asked_at < older_than:
        return _signed_in(held)
    give_up = timezone.now() + PATIENCE
    seen = ask(player, older_than=older_than)
    while (seen is None or seen.asking) and timezone.now() < give_up:
        time.sleep(LOOK_AGAIN_SECONDS)
        seen = ask(player, older_than=older_than)
    if seen is None:
        raise BungieDown(message="Another request is reading this profile, and Bungie has not answered it yet.")
    return _signed_in(seen)


def _signed_in(seen: Seen) -> Seen:
    """A person is shown what is known, beside the button to sign in again; a program has to be told."""
    if seen.trouble == Trouble.SIGN_IN:
        raise SignInExpired(message="The sign-in has ended.")
    return seen


def _held(player: Player) -> ProfileSnapshot | None:
    held = ProfileSnapshot.objects.filter(membership=player.membership).first()
    signed_in_at = player.account.signed_in_at
    if held and held.trouble == Trouble.SIGN_IN and signed_in_at and signed_in_at > held.fetched_at:
        held.trouble, held.fetched_at = "", held.minted_at  # the person has done what that trouble asks for
    return held


def _seen(player: Player, held: ProfileSnapshot) -> Seen:
    profile, parts_kept = PROFILES.get(held.digest, lambda: _parsed(held.reply))
    digest = held.digest
    if since := effects.later_than(held.effects, held.minted_at):
        digest = effects.digest_with(held.digest, since)
        changed = PROFILES.get(digest, lambda: (effects.applied(profile, since, held.minted_at), parts_kept))
        profile, parts_kept = changed
    return Seen(player, profile, held.minted_at, held.fetched_at, digest, held.packed, held.trouble, parts_kept)


def _parsed(reply: dict[str, Any]) -> tuple[Profile, dict[str, Kept]]:
    return parse_profile(reply), kept(reply)


def _read(player: Player, held: ProfileSnapshot | None) -> Seen:
    try:
        reply = require_profile(_ask(player))
        made_at = minted_at(reply) or timezone.now() - FRESH  # at the earliest: it may come out of Bungie's cache
        if held is None:
            return _insert(player, _row(player, merge(reply, {}, made_at), made_at))
        if held.minted_at < made_at:
            before = {} if is_whole(reply) else held.reply  # to unpack it takes as long as to read Bungie's answer
            return _replace(player, held, _row(player, merge(reply, before, held.minted_at), made_at))
    except BungieError as error:
        if held is None:
            raise
        return _note(player, held, trouble_of(error))
    # Bungie's servers disagree for a while: a reply made before the one that we hold is not shown, nor kept.
    return _note(player, held, "")


def _ask(player: Player) -> dict[str, Any]:
    who, account = player.membership, player.account
    return with_token(
        account,
        lambda token: client.profile(who.membership_type, who.membership_id, COMPONENTS, token, account.membership_id),
    )


def _row(player: Player, merged: dict[str, Any], made_at: datetime) -> ProfileSnapshot:
    try:
        packed = pack(merged)
    except ValueError:
        raise BungieDown(message="Bungie's answer holds text that is none.") from None
    row = ProfileSnapshot(
        membership=player.membership,
        minted_at=made_at,
        fetched_at=timezone.now(),
        trouble="",
        packed=packed,
        digest=digest(packed),
    )
    PROFILES.get(row.digest, lambda: _parsed(merged))  # now, while nothing has to be unpacked for it
    return row


def _insert(player: Player, row: ProfileSnapshot) -> Seen:
    try:
        ProfileSnapshot.objects.bulk_create([row], ignore_conflicts=True)
    except IntegrityError:
        raise deleted_meanwhile() from None
    return _seen(player, row)


def _replace(player: Player, held: ProfileSnapshot, row: ProfileSnapshot) -> Seen:
    values = {name: getattr(row, name) for name in ("minted_at", "fetched_at", "trouble", "packed", "digest")}
    return _seen(player, row if _update(row, values, held, "minted_at < %s", row.minted_at) else _newer_one(held))


def _note(player: Player, held: ProfileSnapshot, trouble: str) -> Seen:
    held.fetched_at, held.trouble = timezone.now(), trouble
    values = {"fetched_at": held.fetched_at, "trouble": trouble}
    return _seen(player, held if _update(held, values, held, "minted_at = %s", held.minted_at) else _newer_one(held))


def _update(
    row: ProfileSnapshot, values: dict[str, Any], held: ProfileSnapshot, condition: str, limit: datetime
) -> bool:
    """False where somebody wrote meanwhile. A move may have ended while Bungie was asked: `row` gets its effect too."""
    table, columns = ProfileSnapshot._meta.db_table, ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {columns}, effects = {effects.LATER} "  # noqa: S608  names of this module's own
            f"WHERE membership_id = %s AND {condition} RETURNING effects",
            [*values.values(), row.minted_at, held.pk, limit],
        )
        found = cursor.fetchone()
    if found:
        row.effects = json.loads(found[0])
    return found is not None


def _newer_one(held: ProfileSnapshot) -> ProfileSnapshot:
    """That somebody wrote while Bungie was being asked: the turn went with a lost connection."""
    row = ProfileSnapshot.objects.filter(pk=held.pk).first()
    if row is None:
        raise deleted_meanwhile()
    return row
