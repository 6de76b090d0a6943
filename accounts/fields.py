from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression
from encrypted_fields.fields import EncryptedTextField


class TokenField(EncryptedTextField):
    """A token at rest: written with the newest of TOKEN_KEYS, read with any; None where none of them opens it."""

    @property
    def f(self) -> MultiFernet:
        return _cipher(tuple(settings.TOKEN_KEYS))

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        # The library hands back the ciphertext when no key fits. It would be sent to Bungie as a token.
        if value is None:
            return None
        try:
            return self.f.decrypt(value.encode()).decode()
        except InvalidToken:
            return None


@lru_cache(maxsize=8)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
