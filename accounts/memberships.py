"""Which Destiny accounts a person plays, and which of them is shown."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import BungieAccount, Membership
from accounts.tokens import with_token
from destinyvault.bungie import client
from destinyvault.bungie.enums import PlatformError
from destinyvault.bungie.errors import BungieDown, BungieError, Refused
from destinyvault.bungie.replies import LinkedMembership

log = logging.getLogger(__name__)

KEEP = timedelta(days=1)
AFTER_FAILURE = timedelta(minutes=10)
NO_ACCOUNT = {PlatformError.DestinyAccountNotFound, PlatformError.DestinyAccountAcquisitionFailure}


def read(bungie_membership_id: str, access_token: str) -> tuple[LinkedMembership, ...]:
    """Every linked profile, empty for somebody who never played; BungieDown when Bungie could read none of them."""
    try:
        linked = client.linked_profiles(bungie_membership_id, access_token)
    except Refused as error:
        if error.code not in NO_ACCOUNT:
            raise
        return ()
    if linked and not any(_is_readable(each) for each in linked):
        raise BungieDown(message="Bungie.net could not read the Destiny accounts of this person.")
    return linked


def playable(linked: Iterable[LinkedMembership]) -> list[LinkedMembership]:
    """Without those that Cross Save overrides: their characters are played through another one.

    "Overridden" is said in two ways, `isOverridden` and an empty `applicableMembershipTypes` (specification 2.21.7).
    """
    return [each for each in linked if _is_readable(each) and not each.is_overridden and each.applicable_types]


def store(account: BungieAccount, linked: Iterable[LinkedMembership]) -> None:
    linked = tuple(linked)
    with transaction.atomic():
        _one_writer(account)
        current = [_save(account, each) for each in playable(linked)]
        unread = [each.membership_id for each in linked if not _is_readable(each)]
        gone = ~Q(pk__in=[each.pk for each in current]) & ~Q(membership_id__in=unread)
        account.memberships.filter(gone).update(listed=False, chosen=False)
        _choose_if_none(account)
        account.memberships_read_at = timezone.now()
        account.save(update_fields=["memberships_read_at"])


def refresh_memberships(account: BungieAccount) -> None:
    store(account, with_token(account, lambda token: read(account.membership_id, token)))


def refresh_if_old(account: BungieAccount) -> bool:
    """True when they were read anew. Failures wait: yesterday's memberships are good for a little longer."""
    if not _claim(account):
        return False
    try:
        refresh_memberships(account)
    except BungieError as error:
        log.warning("Memberships not read again: %s", error)
        return False
    return True


def count_as_old(account: BungieAccount) -> None:
    """So that whoever looks next reads them anew."""
    account.memberships_read_at = None
    account.save(update_fields=["memberships_read_at"])


def choose(account: BungieAccount, membership: Membership) -> None:
    with transaction.atomic():
        _one_writer(account)
        _switch(account, membership)
        _choose_if_none(account)  # `membership` may have gone since the page with it was shown


def _one_writer(account: BungieAccount) -> None:
    """At a time: a choice must not change between reading and writing it, and there is never more than one."""
    BungieAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def _switch(account: BungieAccount, membership: Membership) -> None:
    account.memberships.filter(chosen=True).update(chosen=False)
    account.memberships.filter(pk=membership.pk, listed=True).update(chosen=True)


def _is_readable(linked: LinkedMembership) -> bool:
    return linked.error_code == PlatformError.Success


def _save(account: BungieAccount, linked: LinkedMembership) -> Membership:
    seen = {
        "membership_type": linked.membership_type,
        "display_name": linked.display_name[:100],
        "code": linked.code,
        "icon_path": linked.icon_path[:300],
        "applicable_types": list(linked.applicable_types),
        "is_cross_save_primary": linked.is_cross_save_primary,
        "date_last_played": linked.date_last_played,
        "listed": True,
    }
    membership, _ = account.memberships.update_or_create(membership_id=linked.membership_id, defaults=seen)
    return membership


def _choose_if_none(account: BungieAccount) -> None:
    known = list(account.memberships.filter(listed=True))
    if known and not any(each.chosen for each in known):
        _switch(account, max(known, key=_preference))


def _preference(membership: Membership) -> tuple[bool, float, str]:
    """Never "the first": the order of Bungie's list means nothing. The id only settles ties, always the same way."""
    played = membership.date_last_played
    return membership.is_cross_save_primary, played.timestamp() if played else 0, membership.membership_id


def _claim(account: BungieAccount) -> bool:
    """One of several requests reads; should it fail, the next try is not sooner than AFTER_FAILURE."""
    now = timezone.now()
    old = Q(memberships_read_at=None) | Q(memberships_read_at__lt=now - KEEP)
    if account.memberships_read_at and account.memberships_read_at >= now - KEEP:
        return False
    later = now - KEEP + AFTER_FAILURE
    return BungieAccount.objects.filter(old, pk=account.pk).update(memberships_read_at=later) == 1
