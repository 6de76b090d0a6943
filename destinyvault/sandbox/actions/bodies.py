"""The bodies of actions, read as strictly as Bungie reads them. What cannot be meant raises Refused.

Chosen, where the contract is silent: a field of the wrong type is 7, a field that is missing is 18; fields that nobody
knows are passed over. Ids may be strings or numbers, everything else is what the spec says.
"""

import re
from typing import Any

from destinyvault.sandbox.asked import MAX_ID
from destinyvault.sandbox.envelope import Refused
from destinyvault.sandbox.request import Request

UNREADABLE, MISSING, UNHANDLED = 7, 18, 3


class Body:
    def __init__(self, request: Request) -> None:
        try:
            self.told = request.json
        except (ValueError, RecursionError) as error:
            raise Refused(UNREADABLE) from error

    def given(self, name: str) -> Any:
        if self.told.get(name) is None:
            raise Refused(MISSING)
        return self.told[name]

    def id(self, name: str) -> str:
        return an_id(self.given(name))

    def ids(self, name: str) -> list[str]:
        """A list that is none is answered with 3, as was seen for EquipItems (Bungie-net/api #1753)."""
        listed = self.told.get(name)
        if not isinstance(listed, list):
            raise Refused(UNHANDLED)
        return [an_id(one) for one in listed]

    def number(self, name: str, limit: int = 2**31) -> int:
        value = self.given(name)
        if not isinstance(value, int) or isinstance(value, bool) or not -limit <= value < limit:
            raise Refused(UNREADABLE)
        return value

    def hash(self, name: str) -> int:
        value = self.number(name, 2**32)
        if value < 0:
            raise Refused(UNREADABLE)
        return value

    def flag(self, name: str) -> bool:
        value = self.given(name)
        if not isinstance(value, bool):
            raise Refused(UNREADABLE)
        return value

    def has(self, name: str) -> bool:
        return self.told.get(name) is not None


def an_id(value: Any) -> str:
    number = isinstance(value, int) and not isinstance(value, bool)
    if not number and not (isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value)):
        raise Refused(UNREADABLE)
    if abs(int(value)) >= MAX_ID:
        raise Refused(UNREADABLE)
    return str(int(value))
