"""What a request asks for, read as strictly as Bungie reads it. Everything that cannot be meant raises Refused."""

import re
from typing import TYPE_CHECKING

from destinyvault.sandbox.account import NAMES, Account
from destinyvault.sandbox.envelope import Refused
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

KNOWN_COMPONENTS = frozenset(NAMES.values())
MAX_ID = 2**63
READ_INVENTORY = "ReadDestinyInventoryAndVault"


def number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,30}", text) or abs(int(text)) >= MAX_ID:
        raise Refused(7)
    return int(text)


def wanted_components(request: Request) -> frozenset[int]:
    """The mandatory `components` parameter: numbers or names, parted by commas."""
    given = [part.strip() for part in request.query.get("components", "").split(",") if part.strip()]
    wanted = frozenset(int(part) if part.isdecimal() else NAMES.get(part, -1) for part in given)
    if not wanted or not wanted <= KNOWN_COMPONENTS:
        raise Refused(18)
    return wanted


def signed_in(request: Request) -> str:
    if not request.guardian:
        raise Refused(99)
    return request.guardian


def account(sandbox: "Sandbox", request: Request) -> Account:
    """The account in the path. Its own platform has to be named, and an overridden one does not answer."""
    platform, membership_id = number(request.params["type"]), str(number(request.params["id"]))
    found = sandbox.accounts.get(membership_id)
    if found is None or found.guardian.is_overridden(found.membership):
        raise Refused(1601)
    if platform not in (found.membership.type, -1):
        raise Refused(1601)
    return found


def owns(request: Request, found: Account) -> bool:
    """Whether the request may see what only the owner sees: signed in, and with the scope for it."""
    return request.guardian == found.guardian.id and READ_INVENTORY in request.scopes


def character_id(found: Account, request: Request) -> str:
    key = str(number(request.params["character"]))
    if key not in found.data("characters", 0):
        raise Refused(1620)
    return key
