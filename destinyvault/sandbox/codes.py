"""PlatformErrorCodes that the sandbox can answer with: status name, HTTP status and message of each.

Messages that were seen on the real service are given as they were seen; the rest say it in our words. Bungie answers
even ordinary game conditions with HTTP 500, so that is the rule and everything else the exception.
"""

from typing import NamedTuple

BUSY = "Patience is a virtue! Please wait a moment before performing this action again."


class Code(NamedTuple):
    status: str
    message: str
    http: int = 500


CODES = {
    1: Code("Success", "Ok", 200),
    3: Code("UnhandledException", "We’ve encountered an error, please try again later."),
    5: Code("SystemDisabled", "This system is temporarily disabled for maintenance.", 503),
    7: Code("ParameterParseFailure", "A parameter of this request could not be read.", 400),
    9: Code("BadRequest", "The request is not valid.", 400),
    10: Code("AuthenticationInvalid", "The sign-in that came with this request is not valid."),
    11: Code("DataNotFound", "The data requested was not found."),
    12: Code("InsufficientPrivileges", "You may not do this."),
    18: Code("InvalidParameters", "One or more parameters of this request are missing or not valid.", 400),
    21: Code("NotFound", "What was asked for does not exist.", 404),
    22: Code("WebAuthModuleAsyncFailed", "The sign-in could not be checked.", 401),
    31: Code("ThrottleLimitExceeded", BUSY, 503),
    35: Code("ThrottleLimitExceededMinutes", BUSY, 503),
    36: Code("ThrottleLimitExceededMomentarily", BUSY, 503),
    37: Code("ThrottleLimitExceededSeconds", BUSY, 503),
    51: Code("PerEndpointRequestThrottleExceeded", BUSY, 503),
    54: Code("PerApplicationThrottleExceeded", BUSY, 503),
    55: Code("PerApplicationAnonymousThrottleExceeded", BUSY, 503),
    56: Code("PerApplicationAuthenticatedThrottleExceeded", BUSY, 503),
    57: Code("PerUserThrottleExceeded", BUSY, 503),
    99: Code("WebAuthRequired", "Please sign-in to continue."),
    217: Code("UserCannotResolveCentralAccount", "No such Bungie.net account is known."),
    1601: Code(
        "DestinyAccountNotFound",
        "We were unable to find your Destiny account information.  If you have a valid Destiny Account, let us know.",
    ),
    1618: Code(
        "DestinyUnexpectedError",
        "An unexpected error has occurred on Bungie's servers while trying to grab Destiny information.",
    ),
    1620: Code("DestinyCharacterNotFound", "The character requested was not found."),
    1623: Code("DestinyItemNotFound", "The item requested was not found."),
    1627: Code("DestinyVendorNotFound", "The Vendor you requested was not found."),
    1630: Code("DestinyInvalidMembershipType", "The platform of this membership is not valid."),
    1634: Code("DestinyCharacterNotInTower", "The character has to be in a social space, in orbit or offline."),
    1637: Code("DestinyInventoryFull", "The inventory is full."),
    1638: Code("DestinyItemFailedLevelCheck", "The level of the character is too low for this item."),
    1639: Code("DestinyItemFailedUnlockCheck", "The requirements of this item are not met."),
    1640: Code("DestinyItemUnequippable", "This item cannot be equipped right now."),
    1641: Code("DestinyItemUniqueEquipRestricted", "Only one item of this kind can be equipped."),
    1642: Code("DestinyNoRoomInDestination", "There are no item slots available to transfer this item."),
    1643: Code(
        "DestinyServiceFailure",
        "We couldn't get your Destiny data right now, something funky's going on.  Try again later.",
    ),
    1645: Code("DestinyTransferFailed", "The transfer failed."),
    1648: Code("DestinyUniquenessViolation", "The destination holds one of these already."),
    1651: Code("DestinyShardRelayClientTimeout", "The game did not answer in time."),
    1652: Code("DestinyShardRelayProxyTimeout", "The game did not answer in time."),
    1656: Code("DestinyCannotPerformActionOnEquippedItem", "You cannot perform this action on an equipped item."),
    1660: Code("DestinyItemNotTransferrable", "This item cannot be transferred."),
    1663: Code("DestinyItemActionForbidden", "This cannot be done with this item."),
    1665: Code("DestinyPrivacyRestriction", "The owner does not share this."),
    1666: Code("DestinyActionInsufficientPrivileges", "The application may not do this."),
    1671: Code("DestinyCannotPerformActionAtThisLocation", "This cannot be done where the character is."),
    1672: Code("DestinyThrottledByGameServer", "The game is busy. Wait a moment and try again.", 503),
    1673: Code("DestinyItemNotTransferrableHasSideEffects", "Moving this item would have other effects."),
    1688: Code("DestinyDirectBabelClientTimeout", "The game did not answer in time."),
    2101: Code("ApiInvalidOrExpiredKey", "The API key of this application is not valid.", 401),
    2102: Code("ApiKeyMissingFromRequest", "The API key is missing from the request.", 401),
    2106: Code("AuthorizationCodeInvalid", "Authorization code is invalid."),
    2107: Code("OriginHeaderDoesNotMatchKey", "The Origin header is not the one registered for this API key."),
    2108: Code("AccessNotPermittedByApplicationScope", "The application's scopes do not cover this."),
    2111: Code("AccessTokenHasExpired", "The access token has expired.", 401),
    2122: Code("AuthorizationCodeStale", "The authorization code is too old.", 401),
    2123: Code("AuthorizationRecordExpired", "The authorization has expired.", 401),
    2124: Code("AuthorizationRecordRevoked", "The authorization was revoked.", 401),
}
