"""Paths, queries and bodies of requests. Bungie's 64-bit numbers travel as strings."""

from collections.abc import Iterable
from typing import Any


def number(value: str | int) -> str:
    """int() keeps anything but digits out of a path."""
    return str(int(value))


def profile_path(membership_type: int, membership_id: str) -> str:
    return f"/Destiny2/{number(membership_type)}/Profile/{number(membership_id)}/"


def character_path(membership_type: int, membership_id: str, character_id: str) -> str:
    return f"{profile_path(membership_type, membership_id)}Character/{number(character_id)}/"


def wanted(components: Iterable[int]) -> dict[str, str]:
    return {"components": ",".join(number(each) for each in components)}


def character_body(membership_type: int, character_id: str) -> dict[str, Any]:
    return {"membershipType": int(membership_type), "characterId": number(character_id)}


def item_body(membership_type: int, character_id: str, item_id: str | None, **more: Any) -> dict[str, Any]:
    """A stack has no id of its own; Bungie asks for "0" then."""
    return {**character_body(membership_type, character_id), "itemId": number(item_id or 0), **more}
