"""What Bungie.net answers, as far as it is used outside the pages of the game itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9), and its marks.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


@dataclass(frozen=True)
class Tokens:
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int
    membership_id: str  # of Bungie.net (type 254), not of Destiny


@dataclass(frozen=True)
class BungieUser:
    membership_id: str
    display_name: str
    icon_path: str


@dataclass(frozen=True)
class LinkedMembership:
    membership_type: int
    membership_id: str
    display_name: str
    code: int | None
    icon_path: str
    applicable_types: tuple[int, ...]
    is_overridden: bool
    is_cross_save_primary: bool
    date_last_played: datetime | None
    error_code: int = 1  # other than 1: Bungie could not read this profile just now


@dataclass(frozen=True)
class ManifestIndex:
    version: str
    paths: Mapping[str, str]  # language -> path of its content file, below BUNGIE_ROOT


def tokens(body: Mapping[str, Any]) -> Tokens:
    return Tokens(
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token", "")),
        expires_in=int(body["expires_in"]),
        refresh_expires_in=int(body.get("refresh_expires_in", 0)),
        membership_id=str(body["membership_id"]),
    )


def bungie_user(body: Mapping[str, Any]) -> BungieUser:
    return BungieUser(
        membership_id=str(body["membershipId"]),
        display_name=plain(body.get("cachedBungieGlobalDisplayName") or body.get("displayName")),
        icon_path=body.get("profilePicturePath") or "",
    )


def linked_memberships(body: Mapping[str, Any]) -> tuple[LinkedMembership, ...]:
    readable = [_linked(card) for card in body.get("profiles") or ()]
    failed = [_linked(each["infoCard"], each.get("errorCode", 0)) for each in body.get("profilesWithErrors") or ()]
    return tuple(readable + failed)


def plain(name: str | None) -> str:
    """A player's name without the characters that turn round the direction of the text after them."""
    return (name or "").translate(TURNING).strip()


def _linked(card: Mapping[str, Any], error_code: int = 1) -> LinkedMembership:
    own_type = int(card["membershipType"])
    return LinkedMembership(
        membership_type=own_type,
        membership_id=str(card["membershipId"]),
        display_name=plain(card.get("bungieGlobalDisplayName") or card.get("displayName")),
        code=card.get("bungieGlobalDisplayNameCode"),
        icon_path=card.get("iconPath") or "",
        applicable_types=tuple(int(each) for each in card.get("applicableMembershipTypes", (own_type,))),
        is_overridden=bool(card.get("isOverridden")),
        is_cross_save_primary=bool(card.get("isCrossSavePrimary")),
        date_last_played=_moment(card.get("dateLastPlayed")),
        error_code=error_code,
    )


def _moment(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    # The year 1 is Bungie's way to write "never".
    return moment if moment and moment.year > 1 else None


def manifest_index(body: Mapping[str, Any]) -> ManifestIndex:
    """A language whose path is none of this site's counts as one that is not offered."""
    paths = body["mobileWorldContentPaths"].items()
    below_root = {language: path for language, path in paths if isinstance(path, str) and path.startswith("/")}
    version = "".join(sign if sign.isprintable() else " " for sign in str(body["version"]))
    return ManifestIndex(version=version, paths=below_root)  # one line: it becomes the subject of an e-mail
