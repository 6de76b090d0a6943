"""From a stored sign-in to an access token that Bungie accepts now."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable

from accounts.models import BungieAccount
from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieDown, SignInExpired
from destinyvault.bungie.replies import Tokens

MARGIN = timedelta(seconds=60)  # a token that ends during the call is no use
LOCK_SECONDS = 10  # as long as one refresh may take; behind a second slow one nobody queues

Answer = TypeVar("Answer")


def fresh_access_token(account: BungieAccount) -> str:
    """Raises SignInExpired when the person has to sign in again, BungieDown when Bungie cannot say now, and
    SiteRefused when Bungie refuses this site: then the sign-in stays as it is."""
    if not _is_good(account):
        _renew(account)
    return account.access_token


def with_token(account: BungieAccount, call: Callable[[str], Answer]) -> Answer:
    """`call(access_token)`; once more with a new token when Bungie no longer takes one that by our clock is good."""
    token = fresh_access_token(account)
    try:
        return call(token)
    except SignInExpired:
        _renew(account, spent=token)
    return call(account.access_token)


def keep(account: BungieAccount, tokens: Tokens) -> None:
    """Both tokens with both ends, on the object; the caller saves TOKEN_FIELDS."""
    now = timezone.now()
    account.access_token = tokens.access_token
    account.access_expires_at = now + timedelta(seconds=tokens.expires_in)
    account.refresh_token = tokens.refresh_token
    account.refresh_expires_at = now + timedelta(seconds=tokens.refresh_expires_in)
    account.sign_in_needed = False


TOKEN_FIELDS = ["access_token", "access_expires_at", "refresh_token", "refresh_expires_at", "sign_in_needed"]


def _is_good(account: BungieAccount) -> bool:
    return bool(
        account.access_token
        and not account.sign_in_needed
        and account.access_expires_at
        and account.access_expires_at > timezone.now() + MARGIN
    )


def _renew(account: BungieAccount, spent: str | None = None) -> None:
    # The one network call inside a transaction. Bungie takes a refresh token once and answers with the next: two
    # requests that refresh side by side would lose the sign-in, and a lock that does not span the call cannot keep
    # them apart. It is a row of one person, held for at most the call's short timeout. `durable` makes sure that the
    # new pair is committed here, and not at the end of somebody's larger transaction, before anyone uses it.
    with transaction.atomic(durable=True):
        locked = _lock(account)
        refusal = None if _is_good(locked) and locked.access_token != spent else _refresh(locked)
        locked.save(update_fields=TOKEN_FIELDS)
    for name in TOKEN_FIELDS:
        setattr(account, name, getattr(locked, name))
    if refusal:
        raise refusal


def deleted_meanwhile() -> SignInExpired:
    """By the person, in another window."""
    return SignInExpired(message="The person has deleted their data.")


def _lock(account: BungieAccount) -> BungieAccount:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_SECONDS}s"])
    try:
        # no_key: rows that point at this one may be written meanwhile.
        return BungieAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    except BungieAccount.DoesNotExist:
        raise deleted_meanwhile() from None
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise BungieDown(message="Bungie.net takes long to renew this sign-in.") from None
        raise


def _refresh(locked: BungieAccount) -> SignInExpired | None:
    """The refusal is returned, not raised: a raise would roll back the note that the person has to sign in again.

    A reply that was lost leaves the old refresh token in place (BungieDown passes through and rolls back). Whether
    Bungie has used it up shows at the next attempt: either it still works, or that refusal asks for a new sign-in.
    """
    if locked.sign_in_needed or not locked.refresh_token or locked.refresh_expires_at <= timezone.now():
        refusal = SignInExpired(message="The sign-in has ended.")
    else:
        try:
            keep(locked, client.refresh_tokens(locked.refresh_token))
            return None
        except SignInExpired as error:
            refusal = error
    locked.sign_in_needed = True
    return refusal
