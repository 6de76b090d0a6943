from dataclasses import dataclass

from accounts.memberships import refresh_if_old
from accounts.models import BungieAccount, Membership, Preferences, User


@dataclass(frozen=True)
class Player:
    account: BungieAccount
    membership: Membership
    preferences: Preferences


def player(user: User) -> Player | None:
    """Whose inventory to show, in one query; None for somebody without a Destiny account, like most staff.

    Once a day it asks Bungie for the memberships first, since Cross Save may have been switched on or off.
    """
    found = _player(user)
    if found and refresh_if_old(found.account):
        return _player(user)
    return found


def preferences(user: User) -> Preferences:
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def _player(user: User) -> Player | None:
    chosen = Membership.objects.filter(account__user_id=user.pk, chosen=True)
    membership = chosen.select_related("account__user__preferences").first()
    if membership is None:
        return None
    account = membership.account
    kept = getattr(account.user, "preferences", None)
    return Player(account, membership, kept or Preferences(user=account.user))
