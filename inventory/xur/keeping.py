"""Xûr's stock from Bungie, or as last known. The only place that decides whether Bungie is asked about him.

One request of all that want to know sets out to ask, by a conditional UPDATE; the others show what is known.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from accounts.people import Player
from accounts.tokens import deleted_meanwhile, with_token
from destinyvault.bungie import client
from destinyvault.bungie.enums import Component, PlatformError
from destinyvault.bungie.errors import BungieDown, BungieError, Refused, SignInExpired, Throttled
from inventory.models import Trouble, VendorSnapshot, pack, trouble_of
from inventory.untrusted import definition_hash, mapping
from manifest import lookup
from manifest.tables import ITEMS

from .replies import GEAR, XUR, is_here, one_of, parse_shelf
from .schedule import comes_or_goes_between, last_reset

log = logging.getLogger(__name__)

PUBLIC = "public"
TOLD_TO_ALL = (Component.VENDORS, Component.VENDOR_CATEGORIES, Component.VENDOR_SALES)
# Not asked for in bulk: of all vendors at once Bungie does not compute what their items are made of.
TOLD_TO_ONE = (*TOLD_TO_ALL, Component.ITEM_STATS, Component.ITEM_SOCKETS, Component.ITEM_REUSABLE_PLUGS)

FRESH = timedelta(minutes=10)
# At a reset Bungie's dates turn before the stock does, and he does not come to the second (Bungie-net/api #1401).
UNSETTLED, FRESH_WHILE_UNSETTLED = timedelta(minutes=20), timedelta(minutes=2)
AFTER_TROUBLE = timedelta(minutes=1)
ANSWERS_WITHIN = timedelta(seconds=30)  # or whoever set out to ask has died on the way
WAIT_SECONDS, LOOK_AGAIN_SECONDS = 10, 0.1
WATCHED = timedelta(hours=1)  # two looks so close to each other see him come
MOST_SHELVES = 6

Shelves = dict[str, Any]  # a reply of GetVendor's shape by the hash of the vendor; empty while he is away


def told_to_all() -> VendorSnapshot:
    """Raises BungieError where nothing is known yet and Bungie does not tell."""
    return _latest(VendorSnapshot(key=PUBLIC), _ask_for_all)


def told_to(player: Player, character_id: str) -> VendorSnapshot:
    """As this character would find him. Raises BungieError like `told_to_all`, and where the sign-in is over."""
    row = VendorSnapshot(key=f"{player.membership.pk}:{character_id}", membership=player.membership)
    return _latest(row, lambda: _ask_for(player, character_id), player.account.signed_in_at)


def known_to_all() -> VendorSnapshot | None:
    """What is kept, however old, without asking."""
    return VendorSnapshot.objects.filter(key=PUBLIC, answered_at__isnull=False).first()


def _latest(blank: VendorSnapshot, ask: Callable[[], Shelves], signed_in_at: datetime | None = None) -> VendorSnapshot:
    now = timezone.now()
    row = VendorSnapshot.objects.filter(pk=blank.pk).first() or _begin(blank)
    if now - row.asked_at < _patience(row, now, signed_in_at):
        return _answered(row)
    # Where somebody else was quicker, what is known is shown, and at the very first their answer is waited for.
    claimed = VendorSnapshot.objects.filter(pk=row.pk, asked_at=row.asked_at).update(asked_at=now)
    if claimed:
        _ask_and_keep(row, ask)
    return _answered(_again(row))


def _begin(blank: VendorSnapshot) -> VendorSnapshot:
    blank.asked_at = datetime.fromtimestamp(0, timezone.get_default_timezone())
    try:
        VendorSnapshot.objects.bulk_create([blank], ignore_conflicts=True)
    except IntegrityError:
        raise deleted_meanwhile() from None
    return _again(blank)


def _patience(row: VendorSnapshot, now: datetime, signed_in_at: datetime | None) -> timedelta:
    """How long after the last question there is no need for another."""
    if row.trouble == Trouble.SIGN_IN and signed_in_at and signed_in_at > row.asked_at:
        return timedelta(0)  # the person has done what that trouble asks for
    if row.trouble:
        return AFTER_TROUBLE
    if row.answered_at is None:
        return ANSWERS_WITHIN
    reset = last_reset(now)
    if row.asked_at < reset:
        return timedelta(0)
    return FRESH_WHILE_UNSETTLED if now - reset < UNSETTLED else FRESH


def _ask_and_keep(row: VendorSnapshot, ask: Callable[[], Shelves]) -> None:
    """Trouble is kept too, so that whoever asked and whoever comes next are told the same."""
    try:
        shelves = ask()
        values = _values(row, shelves, timezone.now())
    except BungieError as error:
        log.warning("%s: %s", row, error)
        values = {"trouble": trouble_of(error)}
    VendorSnapshot.objects.filter(pk=row.pk).update(**values)


def _values(row: VendorSnapshot, shelves: Shelves, now: datetime) -> dict[str, Any]:
    values = {"answered_at": now, "trouble": "", "here": bool(shelves), "here_since": _since(row, shelves, now)}
    # A stock that Bungie does not tell, and one of a stay that is over, stay known: each is shown as what it is.
    if any(True for vendor, reply in shelves.items() for _ in parse_shelf(int(vendor), reply).sales):
        values |= {"packed": _packed(shelves), "stocked_at": now}
    return values


def _since(row: VendorSnapshot, shelves: Shelves, now: datetime) -> datetime | None:
    if not shelves or row.answered_at is None:
        return None
    if row.here:
        return None if comes_or_goes_between(row.answered_at, now) else row.here_since
    return now if now - row.answered_at < WATCHED else None


def _packed(shelves: Shelves) -> bytes:
    try:
        return pack(shelves)
    except ValueError:
        raise BungieDown(message="Bungie's answer holds text that is none.") from None


def _answered(row: VendorSnapshot) -> VendorSnapshot:
    """Whoever has nothing to show waits for the answer to the question that is under way."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while row.answered_at is None and not row.trouble and time.monotonic() < give_up_at:
        time.sleep(LOOK_AGAIN_SECONDS)
        row = _again(row)
    if row.answered_at is None or row.trouble == Trouble.SIGN_IN:
        raise _error_of(row.trouble)
    return row


def _again(row: VendorSnapshot) -> VendorSnapshot:
    try:
        return VendorSnapshot.objects.get(pk=row.pk)
    except VendorSnapshot.DoesNotExist:
        raise deleted_meanwhile() from None


def _error_of(trouble: str) -> BungieError:
    """The one that `trouble_of` knows as this."""
    match trouble:
        case Trouble.SIGN_IN:
            return SignInExpired(message="The sign-in has ended.")
        case Trouble.THROTTLED:
            return Throttled(message="Bungie asks this site to wait.")
        case Trouble.REFUSED:
            return Refused(message="Bungie refuses to tell of Xûr.")
    code = PlatformError.SystemDisabled if trouble == Trouble.MAINTENANCE else 0
    return BungieDown(code=code, message="Bungie.net does not tell of Xûr.")


# What is asked


def _ask_for_all() -> Shelves:
    reply = client.public_vendors(TOLD_TO_ALL)
    own = one_of(reply, XUR)
    if own is None or not is_here(own):
        return {}
    others = {vendor: one_of(reply, vendor) for vendor in _other_shelves(own)}
    return {str(XUR): own, **{str(vendor): told for vendor, told in others.items() if told}}


def _ask_for(player: Player, character_id: str) -> Shelves:
    who, account_id = player.membership, player.account.membership_id

    def ask(vendor: int) -> dict[str, Any] | None:
        """None for a vendor who is away; he is not found then, and so says Bungie (Bungie-net/api #657)."""
        try:
            return with_token(
                player.account,
                lambda token: client.vendor(
                    who.membership_type, who.membership_id, character_id, vendor, TOLD_TO_ONE, token, account_id
                ),
            )
        except Refused as error:
            if error.code == PlatformError.DestinyVendorNotFound:
                return None
            raise

    own = ask(XUR)
    if own is None or not is_here(own):
        return {}
    others = {vendor: ask(vendor) for vendor in _other_shelves(own)}
    return {str(XUR): own, **{str(vendor): told for vendor, told in others.items() if told}}


def _other_shelves(own: dict[str, Any]) -> list[int]:
    """The known one, and those behind the doors among his own wares: items whose definition previews a vendor.

    They keep their stock to themselves, and are told of while he is away too: only he says whether he is here.
    """
    found = [GEAR]
    live = lookup.live("")
    if live:
        wanted = {sale.hash for sale in parse_shelf(XUR, own).sales}
        items = lookup.definitions(live, {ITEMS: wanted})[ITEMS]
        found += filter(None, map(previewed_vendor, items.values()))
    return [vendor for vendor in dict.fromkeys(found) if vendor != XUR][:MOST_SHELVES]


def previewed_vendor(item: dict[str, Any]) -> int | None:
    return definition_hash(mapping(item.get("preview")).get("previewVendorHash")) or None
