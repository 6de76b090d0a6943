"""What can go wrong at Bungie.net, one class per decision that a caller takes."""

from .enums import PlatformError as Code


class BungieError(Exception):
    """A call that did not succeed. `code` is 0 where Bungie sent no ErrorCode of its own."""

    def __init__(
        self,
        code: int = 0,
        status: str = "",
        message: str = "",
        throttle_seconds: int = 0,
        http_status: int | None = None,
    ) -> None:
        super().__init__(int(code), status, message, throttle_seconds, http_status)
        self.code = int(code)
        self.status = status
        self.message = message
        self.throttle_seconds = throttle_seconds
        self.http_status = http_status

    def __str__(self) -> str:
        return f"{self.status or type(self).__name__} ({self.code}): {self.message}"


class BungieDown(BungieError):
    """Bungie.net is away or in trouble: nothing is wrong with the request, so the same one is good again later."""

    @property
    def maintenance(self) -> bool:
        return self.code == Code.SystemDisabled


class Throttled(BungieError):
    """Too many requests; wait `throttle_seconds`, or a moment where that is 0."""


class NotYet(Throttled):
    """Our own budget says to wait `throttle_seconds`: longer than the caller wants to. Nothing was sent."""


class SignInExpired(BungieError):
    """The tokens are no longer good: refresh them once, then ask the person to sign in again."""


class Refused(BungieError):
    """Bungie or the game says no, and would say no again."""


class SiteRefused(Refused):
    """Bungie refuses this site's application, whoever asks: until its owner has put the settings right."""


class OutcomeUnknown(BungieError):
    """A write whose answer was lost. It may have taken effect: read the item's place before anything is sent again."""


THROTTLED = {
    Code.ThrottleLimitExceeded,
    Code.ThrottleLimitExceededMinutes,
    Code.ThrottleLimitExceededMomentarily,
    Code.ThrottleLimitExceededSeconds,
    Code.PerEndpointRequestThrottleExceeded,
    Code.PerApplicationThrottleExceeded,
    Code.PerApplicationAnonymousThrottleExceeded,
    Code.PerApplicationAuthenticatedThrottleExceeded,
    Code.PerUserThrottleExceeded,
    Code.DestinyThrottledByGameServer,
}
SIGN_IN_EXPIRED = {
    Code.WebAuthModuleAsyncFailed,
    Code.WebAuthRequired,
    Code.AuthorizationCodeInvalid,
    Code.RefreshTokenNotYetValid,
    Code.AccessTokenHasExpired,
    Code.OAuthAccessTokenExpired,
    Code.RefreshTokenExpired,
    Code.TokenPreviouslyRevoked,
    Code.AuthorizationCodeStale,
    Code.AuthorizationRecordExpired,
    Code.AuthorizationRecordRevoked,
}
SITE_REFUSED = {
    Code.InsufficientPrivileges,
    Code.ApiInvalidOrExpiredKey,
    Code.ApiKeyMissingFromRequest,
    Code.OriginHeaderDoesNotMatchKey,
    Code.AccessNotPermittedByApplicationScope,
}
# The game server did not answer Bungie's front end in time: a read may simply be repeated, a write may have happened.
ANSWER_LOST = {
    Code.ExternalServiceTimeout,
    Code.DestinyServiceFailure,
    Code.DestinyTransferFailed,
    Code.DestinyShardRelayClientTimeout,
    Code.DestinyShardRelayProxyTimeout,
    Code.DestinyDirectBabelClientTimeout,
}
# Failures inside Bungie. A read is worth repeating; of a write they are the answer "no", to be tried again later.
TROUBLE = {
    Code.TransportException,
    Code.UnhandledException,
    Code.ExternalServiceUnknown,
    Code.ExternalServiceFailed,
    Code.DestinyUnexpectedError,
}


def class_for(code: int, *, write: bool) -> type[BungieError]:
    if code == Code.SystemDisabled:
        return BungieDown
    if code in THROTTLED:
        return Throttled
    if code in SIGN_IN_EXPIRED:
        return SignInExpired
    if code in SITE_REFUSED:
        return SiteRefused
    if code in ANSWER_LOST:
        return OutcomeUnknown if write else BungieDown
    return BungieDown if code in TROUBLE and not write else Refused
