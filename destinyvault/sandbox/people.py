"""Bungie.net users, their platforms, and which of those play: the membership replies."""

from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.account import Account
from destinyvault.sandbox.components import user_info
from destinyvault.sandbox.guardians import Guardian

PLATFORM_NAMES = {facts.XBOX: "xboxDisplayName", facts.PSN: "psnDisplayName", facts.STEAM: "steamDisplayName"}
PLATFORM_NAMES |= {facts.EPIC: "egsDisplayName"}
LONG_AGO = "0001-01-01T00:00:00Z"


def general_user(guardian: Guardian) -> dict[str, Any]:
    platforms = {PLATFORM_NAMES[m.type]: m.name for m in guardian.memberships if m.type in PLATFORM_NAMES}
    return {
        "membershipId": guardian.id,
        "uniqueName": guardian.unique_name,
        "displayName": guardian.name,
        "profilePicture": 70489,
        "profileTheme": 111,
        "userTitle": 0,
        "successMessageFlags": "0",
        "isDeleted": False,
        "about": "",
        "firstAccess": "2025-01-01T00:00:00.000Z",
        "lastUpdate": "2026-01-01T00:00:00.000Z",
        "showActivity": True,
        "locale": "en",
        "localeInheritDefault": False,
        "showGroupMessaging": True,
        "profilePicturePath": "/img/profile/avatars/sandbox.jpg",
        "profileThemeName": "d2cover",
        "userTitleDisplay": "Newbie",
        "statusText": "",
        "statusDate": LONG_AGO,
        "cachedBungieGlobalDisplayName": guardian.name,
        "cachedBungieGlobalDisplayNameCode": guardian.code,
        **platforms,
    }


def memberships(guardian: Guardian) -> dict[str, Any]:
    """primaryMembershipId is only there when cross save names one, so `destinyMemberships[0]` proves nothing."""
    told: dict[str, Any] = {
        "destinyMemberships": [
            {"LastSeenDisplayName": m.name, "LastSeenDisplayNameType": m.type, **user_info(guardian, m)}
            for m in guardian.memberships
        ],
        "bungieNetUser": general_user(guardian),
    }
    primary = guardian.primary()
    return told | ({"primaryMembershipId": primary.id} if primary else {})


def linked_profiles(guardian: Guardian, accounts: dict[str, Account], everything: bool, now: float) -> dict[str, Any]:
    listed = [m for m in guardian.memberships if everything or not guardian.is_overridden(m)]
    return {
        "profiles": [
            {
                "dateLastPlayed": accounts[m.id].data("profile", now)["dateLastPlayed"],
                "isOverridden": guardian.is_overridden(m),
                "isCrossSavePrimary": bool(guardian.cross_save) and m.type == guardian.cross_save,
                "unpairedGameVersions": 0,
                **user_info(guardian, m),
            }
            for m in listed
        ],
        "bnetMembership": {
            "supplementalDisplayName": guardian.unique_name,
            "iconPath": "/img/profile/avatars/sandbox.jpg",
            "crossSaveOverride": 0,
            "isPublic": True,
            "membershipType": facts.BUNGIE_NEXT,
            "membershipId": guardian.id,
            "displayName": guardian.name,
            "bungieGlobalDisplayName": guardian.name,
            "bungieGlobalDisplayNameCode": guardian.code,
        },
        "profilesWithErrors": [],
    }
