from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.memberships import refresh_if_old
from accounts.models import BungieAccount, Membership, Preferences, User
from accounts.platforms import platform_name


@dataclass(frozen=True)
class Player:
    """`elsewhere` names the platforms where this person plays other accounts, with items of their own."""

    account: BungieAccount
    membership: Membership
    preferences: Preferences
    elsewhere: tuple[str, ...]


def player(user: User) -> Player | None:
    """Whose inventory to show, in one query; None for somebody without a Destiny account, like most staff."""
    chosen = Membership.objects.filter(account__user_id=user.pk, chosen=True)
    others = Membership.objects.filter(account=OuterRef("account"), chosen=False, listed=True).values("membership_type")
    membership = chosen.select_related("account__user__preferences").annotate(others=ArraySubquery(others)).first()
    if membership is None:
        return None
    account = membership.account
    kept = getattr(account.user, "preferences", None)
    elsewhere = tuple(platform_name(each) for each in membership.others)
    return Player(account, membership, kept or Preferences(user=account.user), elsewhere)


def player_of(membership: Membership) -> Player:
    """Who plays that one, whichever is chosen now: for what was begun with it."""
    return Player(membership.account, membership, preferences(membership.account.user), ())


def looked_up_again(known: Player) -> Player:
    """The same, after a look at Bungie's memberships once a day: Cross Save may have been switched on or off.

    The chosen one only where this one is no longer played: what was begun with it does not end by a choice.
    """
    if not refresh_if_old(known.account):
        return known
    chosen = player(known.account.user)
    if chosen and chosen.membership.pk == known.membership.pk:
        return chosen
    is_listed = Membership.objects.filter(pk=known.membership.pk, listed=True).exists()
    return known if is_listed else chosen or known


def preferences(user: User) -> Preferences:
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)
