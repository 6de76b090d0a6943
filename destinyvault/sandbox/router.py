"""Which request is which operation."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from destinyvault.sandbox import api, oauth, singles
from destinyvault.sandbox.actions.operations import OPERATIONS
from destinyvault.sandbox.envelope import Reply
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

Handler = Callable[["Sandbox", Request], Reply]


class Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    operation: str
    handler: Handler


def route(method: str, path: str, operation: str, handler: Handler) -> Route:
    return Route(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), operation, handler)


PROFILE = "/Destiny2/{type}/Profile/{id}/"
CHARACTER = PROFILE + "Character/{character}/"

ROUTES = (
    route("GET", "/User/GetBungieNetUserById/{id}/", "GetBungieNetUserById", api.bungie_user),
    route("GET", "/User/GetMembershipsById/{id}/{type}/", "GetMembershipDataById", api.memberships_by_id),
    route(
        "GET", "/User/GetMembershipsForCurrentUser/", "GetMembershipDataForCurrentUser", api.memberships_of_current_user
    ),
    route("GET", "/Destiny2/Manifest/", "GetDestinyManifest", api.manifest),
    route("GET", "/Destiny2/Manifest/{table}/{hash}/", "GetDestinyEntityDefinition", api.entity_definition),
    route("GET", PROFILE + "LinkedProfiles/", "GetLinkedProfiles", api.linked_profiles),
    route("GET", PROFILE, "GetProfile", api.get_profile),
    route("GET", CHARACTER, "GetCharacter", singles.get_character),
    route("GET", PROFILE + "Item/{instance}/", "GetItem", singles.get_item),
    route("GET", CHARACTER + "Vendors/", "GetVendors", api.get_vendors),
    route("GET", CHARACTER + "Vendors/{vendor}/", "GetVendor", api.get_vendor),
    route("GET", "/Destiny2/Vendors/", "GetPublicVendors", api.public_vendors),
    route("GET", "/Settings/", "GetCommonSettings", api.settings),
    route("GET", "/GlobalAlerts/", "GetGlobalAlerts", api.global_alerts),
    route("POST", "/App/OAuth/token/", "token", oauth.token),
    *(route("POST", f"/Destiny2/Actions/{path}", *operation) for path, operation in OPERATIONS.items()),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path below /Platform, with what the path says."""
    for candidate in ROUTES:
        matched = candidate.pattern.fullmatch(path)
        if matched and candidate.method == method:
            return candidate, matched.groupdict()
    return None


def known_path(path: str) -> bool:
    return any(candidate.pattern.fullmatch(path) for candidate in ROUTES)
