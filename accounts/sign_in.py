"""What happens to our rows when somebody comes back from Bungie.net."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import memberships, tokens
from accounts.models import BungieAccount, Preferences, User
from destinyvault.bungie.replies import LinkedMembership, Tokens


class NoDestinyAccount(Exception):
    """A person of Bungie.net who never played Destiny 2."""


@dataclass(frozen=True)
class SignIn:
    tokens: Tokens
    linked: tuple[LinkedMembership, ...]

    @property
    def display_name(self) -> str:
        return next((each.display_name for each in self.linked if each.display_name), "")[:100]


def remember(user: User, sign_in: SignIn) -> None:
    with transaction.atomic():
        account = _account(user, sign_in)
        memberships.store(account, sign_in.linked)
        Preferences.objects.get_or_create(user=user)
        User.objects.filter(pk=user.pk).update(first_name=sign_in.display_name)


def _account(user: User, sign_in: SignIn) -> BungieAccount:
    now = timezone.now()
    account = BungieAccount.objects.filter(user=user).first() or BungieAccount(user=user)
    account.membership_id = sign_in.tokens.membership_id
    account.display_name = sign_in.display_name
    account.signed_in_at = now
    tokens.keep(account, sign_in.tokens)
    account.save()
    return account
