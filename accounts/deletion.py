from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import BungieAccount, User
from destinyvault.bungie import budget


def delete_everything(user: User) -> None:
    """All models hang on User by CASCADE; sessions and Bungie's budget alone do not know whose they are."""
    accounts = BungieAccount.objects.filter(user=user)
    with transaction.atomic():
        budget.forget(accounts.values_list("membership_id", flat=True))
        Session.objects.filter(pk__in=_sessions(user)).delete()
        user.delete()


def _sessions(user: User) -> list[str]:
    live = Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500)
    return [each.session_key for each in live if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
