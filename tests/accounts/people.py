"""Rows of people for tests that need somebody there, but not their way in."""

from datetime import timedelta

from django.utils import timezone

from accounts import tokens
from accounts.models import BungieAccount, Membership, Preferences, User
from destinyvault.bungie.replies import LinkedMembership, Tokens


def person(name="Aro", bungie_id="9001"):
    """Somebody who has just signed in, with one Destiny account on Steam."""
    user = User.objects.create_user(f"bungie-{bungie_id}", first_name=name)
    now = timezone.now()
    account = BungieAccount(user=user, membership_id=bungie_id, display_name=name, memberships_read_at=now)
    tokens.keep(account, Tokens("access-one", "refresh-one", 3600, 7776000, bungie_id))
    account.save()
    Membership.objects.create(account=account, membership_type=3, membership_id=f"46{bungie_id}", chosen=True)
    Preferences.objects.create(user=user)
    return user


def expire_access(account):
    account.access_expires_at = timezone.now() - timedelta(seconds=1)
    account.save()


def linked(membership_type, membership_id, **more):
    """A readable profile that nothing overrides, except as `more` says."""
    usual = {
        "display_name": "Aro",
        "code": 42,
        "icon_path": "/img/steam.png",
        "applicable_types": (membership_type,),
        "is_overridden": False,
        "is_cross_save_primary": False,
        "date_last_played": None,
    }
    return LinkedMembership(membership_type, membership_id, **{**usual, **more})
