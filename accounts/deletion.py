from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import BungieAccount, Membership, User
from destinyvault.bungie import budget


def delete_everything(user: User) -> None:
    """All models hang on User by CASCADE; sessions and Bungie's budget alone do not know whose they are.

    What would be stored for a membership meanwhile waits, and then finds it gone.
    """
    with transaction.atomic():
        locked = list(BungieAccount.objects.select_for_update().filter(user=user))
        list(Membership.objects.select_for_update().filter(account__in=locked).order_by("pk"))
        budget.forget([each.membership_id for each in locked])
        Session.objects.filter(pk__in=_sessions(user)).delete()
        user.delete()


def _sessions(user: User) -> list[str]:
    live = Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500)
    return [each.session_key for each in live if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
