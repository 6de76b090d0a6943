from destinyvault.bungie.enums import MembershipType

NAMES = {
    MembershipType.XBOX: "Xbox",
    MembershipType.PLAYSTATION: "PlayStation",
    MembershipType.STEAM: "Steam",
    MembershipType.BATTLE_NET: "Battle.net",
    MembershipType.STADIA: "Stadia",
    MembershipType.EPIC: "Epic Games",
}


def platform_name(membership_type: int) -> str:
    return NAMES.get(membership_type, f"Platform {membership_type}")
