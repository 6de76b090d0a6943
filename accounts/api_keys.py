"""Keys for programs: shown once when they are made, kept as a digest, revoked by deleting."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiKey, User

PREFIX = "dv_"  # lets scanners of leaked secrets recognise one
USE_NOTED_EVERY = timedelta(minutes=1)
MOST = 20


def create(user: User, name: str) -> tuple[ApiKey, str]:
    """The row, and the key itself: this is the only time that anybody sees it."""
    secret = PREFIX + secrets.token_urlsafe(32)
    return ApiKey.objects.create(user=user, name=name, start=secret[:8], digest=_digest(secret)), secret


def user_for(bearer: str) -> User | None:
    key = ApiKey.objects.select_related("user").filter(digest=_digest(bearer), user__is_active=True).first()
    if key is None:
        return None
    _note_use(key)
    return key.user


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _digest(secret: str) -> str:
    # A plain SHA-256 is enough for 256 random bits; slow hashes are for what people think up.
    return hashlib.sha256(secret.encode()).hexdigest()
