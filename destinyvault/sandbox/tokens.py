"""Codes and tokens. Signed rather than remembered, so that people stay signed in when the sandbox is started again."""

import base64
import hmac
import json
import secrets
import threading
from dataclasses import asdict, dataclass
from hashlib import sha256

from destinyvault.sandbox.clock import Clock

YEAR = 365 * 86400


class BadGrant(Exception):
    """Becomes {"error": "invalid_grant", "error_description": the reason}."""


@dataclass(frozen=True)
class Grant:
    kind: str  # code, access or refresh
    guardian: str
    issued: float
    expires: float
    authorized: float  # when the person consented: a year later it is over, however often it was refreshed
    nonce: str


@dataclass
class Lifetimes:
    code: float = 600
    access: float = 3600
    refresh: float = 7776000


class Tokens:
    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = sha256(secret.encode()).digest()
        self.clock = clock
        self.lifetimes = Lifetimes()
        self._spent: set[str] = set()
        self._ended: dict[tuple[str, str], float] = {}  # (guardian, kind): all issued until then are dead
        self._lock = threading.Lock()

    def reset(self) -> None:
        """Tokens that were given out live again; codes and refresh tokens that were spent stay spent."""
        self.lifetimes = Lifetimes()
        self._ended.clear()

    def issue_code(self, guardian: str) -> str:
        return self._issue("code", guardian, self.lifetimes.code, self.clock.now())

    def issue_pair(self, guardian: str, authorized: float | None = None) -> dict[str, str | int]:
        """The token endpoint's reply. It is not enveloped, and membership_id is the Bungie.net id, as a string."""
        since = self.clock.now() if authorized is None else authorized
        return {
            "access_token": self._issue("access", guardian, self.lifetimes.access, since),
            "token_type": "Bearer",
            "expires_in": int(self.lifetimes.access),
            "refresh_token": self._issue("refresh", guardian, self.lifetimes.refresh, since),
            "refresh_expires_in": int(self.lifetimes.refresh),
            "membership_id": guardian,
        }

    def spend_code(self, code: str) -> dict[str, str | int]:
        grant = self._spend("code", code, "AuthorizationCodeInvalid", "AuthorizationCodeStale")
        return self.issue_pair(grant.guardian)

    def spend_refresh(self, token: str) -> dict[str, str | int]:
        grant = self._spend("refresh", token, "ProvidedTokenNotValidRefreshToken", "RefreshTokenExpired")
        if self.clock.now() > grant.authorized + YEAR:
            raise BadGrant("AuthorizationRecordExpired")
        return self.issue_pair(grant.guardian, grant.authorized)

    def bearer(self, token: str) -> str | None:
        """The Bungie.net id behind an access token, or None when it is not valid any more."""
        grant = self._read("access", token)
        return grant.guardian if grant and self._alive(grant) else None

    def holder(self, text: str) -> str | None:
        """Whose code or token it is, alive or not."""
        found = (self._read(kind, text) for kind in ("code", "refresh", "access"))
        return next((grant.guardian for grant in found if grant), None)

    def end(self, guardian: str, kinds: tuple[str, ...] = ("access", "refresh")) -> None:
        for kind in kinds:
            self._ended[guardian, kind] = self.clock.now()

    def _spend(self, kind: str, text: str, invalid: str, stale: str) -> Grant:
        grant = self._read(kind, text)
        with self._lock:
            if grant is None or grant.nonce in self._spent:
                raise BadGrant(invalid)
            if not self._alive(grant):
                raise BadGrant(stale)
            self._spent.add(grant.nonce)
        return grant

    def _alive(self, grant: Grant) -> bool:
        ended = self._ended.get((grant.guardian, grant.kind), 0)
        return self.clock.now() < grant.expires and grant.issued > ended

    def _issue(self, kind: str, guardian: str, lifetime: float, authorized: float) -> str:
        now = self.clock.now()
        grant = Grant(kind, guardian, now, now + lifetime, authorized, secrets.token_hex(8))
        body = base64.urlsafe_b64encode(json.dumps(asdict(grant)).encode()).rstrip(b"=")
        return f"{body.decode()}.{self._sign(body)}"

    def _read(self, kind: str, text: str) -> Grant | None:
        body, _, signature = text.partition(".")
        if not text.isascii() or not hmac.compare_digest(signature, self._sign(body.encode())):
            return None
        grant = Grant(**json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        return grant if grant.kind == kind else None

    def _sign(self, body: bytes) -> str:
        return hmac.new(self._secret, body, sha256).hexdigest()
