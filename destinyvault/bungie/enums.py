"""Bungie's numbers by name (published API specification 2.21.7), as far as the pages decide on them."""

from enum import IntEnum, IntFlag


class Component(IntEnum):
    PROFILES = 100
    VENDOR_RECEIPTS = 101
    PROFILE_INVENTORIES = 102
    PROFILE_CURRENCIES = 103
    PROFILE_PROGRESSION = 104
    CHARACTERS = 200
    CHARACTER_INVENTORIES = 201
    CHARACTER_PROGRESSIONS = 202
    CHARACTER_ACTIVITIES = 204
    CHARACTER_EQUIPMENT = 205
    CHARACTER_LOADOUTS = 206
    ITEM_INSTANCES = 300
    ITEM_OBJECTIVES = 301
    ITEM_PERKS = 302
    ITEM_STATS = 304
    ITEM_SOCKETS = 305
    ITEM_COMMON_DATA = 307
    ITEM_PLUG_STATES = 308
    ITEM_PLUG_OBJECTIVES = 309
    ITEM_REUSABLE_PLUGS = 310
    VENDORS = 400
    VENDOR_CATEGORIES = 401
    VENDOR_SALES = 402
    CURRENCY_LOOKUPS = 600


class Privacy(IntEnum):
    NONE = 0
    PUBLIC = 1
    PRIVATE = 2


class MembershipType(IntEnum):
    XBOX = 1
    PLAYSTATION = 2
    STEAM = 3
    BATTLE_NET = 4
    STADIA = 5
    EPIC = 6
    DEMON = 10
    GOLIATH = 20
    BUNGIE = 254
    ALL = -1


class ItemState(IntFlag):
    NONE = 0
    LOCKED = 1
    TRACKED = 2
    MASTERWORK = 4
    CRAFTED = 8
    HIGHLIGHTED_OBJECTIVE = 16


class TransferStatus(IntFlag):
    CAN_TRANSFER = 0
    EQUIPPED = 1
    NOT_TRANSFERRABLE = 2
    NO_ROOM = 4


class ItemLocation(IntEnum):
    UNKNOWN = 0
    INVENTORY = 1
    VAULT = 2
    VENDOR = 3
    POSTMASTER = 4


class DamageType(IntEnum):
    NONE = 0
    KINETIC = 1
    ARC = 2
    SOLAR = 3
    VOID = 4
    RAID = 5
    STASIS = 6
    STRAND = 7


class AmmoType(IntEnum):
    NONE = 0
    PRIMARY = 1
    SPECIAL = 2
    HEAVY = 3


class ClassType(IntEnum):
    TITAN = 0
    HUNTER = 1
    WARLOCK = 2
    ANY = 3


class TierType(IntEnum):
    UNKNOWN = 0
    CURRENCY = 1
    BASIC = 2
    COMMON = 3
    RARE = 4
    LEGENDARY = 5
    EXOTIC = 6


# The game's own words for them, as style sheets name them.
TIERS = {
    TierType.EXOTIC: "exotic",
    TierType.LEGENDARY: "legendary",
    TierType.RARE: "rare",
    TierType.COMMON: "uncommon",  # Bungie's "Common" is what the game calls Uncommon, "Basic" what it calls Common
    TierType.BASIC: "common",
}


class ObjectiveStyle(IntEnum):
    """DestinyObjectiveUiStyle."""

    CRAFTING_WEAPON_LEVEL = 2
    CRAFTING_WEAPON_LEVEL_PROGRESS = 3
    CRAFTING_WEAPON_TIMESTAMP = 4


class BucketScope(IntEnum):
    CHARACTER = 0
    ACCOUNT = 1


class BucketCategory(IntEnum):
    INVISIBLE = 0
    ITEM = 1
    CURRENCY = 2
    EQUIPPABLE = 3
    IGNORED = 4


class Bucket(IntEnum):
    """Hashes of DestinyInventoryBucketDefinition."""

    KINETIC_WEAPONS = 1498876634
    ENERGY_WEAPONS = 2465295065
    POWER_WEAPONS = 953998645
    HELMET = 3448274439
    GAUNTLETS = 3551918588
    CHEST_ARMOR = 14239492
    LEG_ARMOR = 20886954
    CLASS_ARMOR = 1585787867
    GHOST = 4023194814
    VEHICLE = 2025709351
    SHIPS = 284967655
    EMBLEMS = 4274335291
    SUBCLASS = 3284755031
    CONSUMABLES = 1469714392
    MODIFICATIONS = 3313201758
    LOST_ITEMS = 215593132
    GENERAL = 138197802
    ENGRAMS = 375726501
    FINISHERS = 3683254069
    EMOTES = 1107761855
    SEASONAL_ARTIFACT = 1506418338
    QUESTS = 1345459588
    MESSAGES = 3161908920
    SPECIAL_ORDERS = 1367666825


class PlatformError(IntEnum):
    """The ErrorCodes that somebody here decides on, by Bungie's own names: the token endpoint sends only names."""

    Success = 1
    TransportException = 2
    UnhandledException = 3
    SystemDisabled = 5
    InsufficientPrivileges = 12
    InvalidParameters = 18
    WebAuthModuleAsyncFailed = 22
    ExternalServiceTimeout = 27
    ThrottleLimitExceeded = 31
    ThrottleLimitExceededMinutes = 35
    ThrottleLimitExceededMomentarily = 36
    ThrottleLimitExceededSeconds = 37
    ExternalServiceUnknown = 38
    ExternalServiceFailed = 42
    PerEndpointRequestThrottleExceeded = 51
    PerApplicationThrottleExceeded = 54
    PerApplicationAnonymousThrottleExceeded = 55
    PerApplicationAuthenticatedThrottleExceeded = 56
    PerUserThrottleExceeded = 57
    WebAuthRequired = 99
    DestinyAccountAcquisitionFailure = 1600
    DestinyAccountNotFound = 1601
    DestinyUnexpectedError = 1618
    DestinyCharacterNotFound = 1620
    DestinyItemNotFound = 1623
    DestinyVendorNotFound = 1627
    DestinyCharacterNotInTower = 1634
    DestinyInventoryFull = 1637
    DestinyItemFailedLevelCheck = 1638
    DestinyItemFailedUnlockCheck = 1639
    DestinyItemUnequippable = 1640
    DestinyItemUniqueEquipRestricted = 1641
    DestinyNoRoomInDestination = 1642
    DestinyServiceFailure = 1643
    DestinyTransferFailed = 1645
    DestinyUniquenessViolation = 1648
    DestinyShardRelayClientTimeout = 1651
    DestinyShardRelayProxyTimeout = 1652
    DestinyCannotPerformActionOnEquippedItem = 1656
    DestinyItemNotTransferrable = 1660
    DestinyItemActionForbidden = 1663
    DestinyPrivacyRestriction = 1665
    DestinyActionInsufficientPrivileges = 1666
    DestinyCannotPerformActionAtThisLocation = 1671
    DestinyThrottledByGameServer = 1672
    DestinyItemNotTransferrableHasSideEffects = 1673
    DestinyDirectBabelClientTimeout = 1688
    ApiInvalidOrExpiredKey = 2101
    ApiKeyMissingFromRequest = 2102
    AuthorizationCodeInvalid = 2106
    OriginHeaderDoesNotMatchKey = 2107
    AccessNotPermittedByApplicationScope = 2108
    RefreshTokenNotYetValid = 2110
    AccessTokenHasExpired = 2111
    OAuthAccessTokenExpired = 2115
    RefreshTokenExpired = 2118
    TokenPreviouslyRevoked = 2120
    AuthorizationCodeStale = 2122
    AuthorizationRecordExpired = 2123
    AuthorizationRecordRevoked = 2124
