"""Values out of JSON that may have any shape: what is not as expected becomes nothing, never an exception."""

from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def integer(value: object) -> int | None:
    """Bungie sends 64-bit numbers as strings and has been seen to send others so."""
    if type(value) is int:  # nearly always, and this is asked ten thousand times for a page
        return value
    try:
        return int(value) if isinstance(value, str) else None
    except ValueError:
        return None


def definition_hash(value: object) -> int | None:
    if type(value) is int and 0 <= value < 2**32:  # as above
        return value
    number = integer(value)
    return number if number is not None and 0 <= number < 2**32 else None


def identity(value: object) -> str | None:
    """A 64-bit id; Bungie writes "0" for none."""
    number = integer(value)
    return str(number) if number else None


def moment(value: object) -> datetime | None:
    try:
        found = parse_datetime(text(value))
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
