"""The operations of the API, each as its page in the spec says. Everything that is refused raises Refused."""

from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import content, facts, people
from destinyvault.sandbox.asked import account, character_id, number, owns, signed_in, wanted_components
from destinyvault.sandbox.envelope import Refused, Reply, success
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox


def bungie_user(sandbox: "Sandbox", request: Request) -> Reply:
    guardian = sandbox.guardian(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    return success(people.general_user(guardian))


def memberships_by_id(sandbox: "Sandbox", request: Request) -> Reply:
    number(request.params["type"])
    guardian = sandbox.guardian_behind(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    return success(people.memberships(guardian))


def memberships_of_current_user(sandbox: "Sandbox", request: Request) -> Reply:
    guardian = sandbox.guardian(signed_in(request))
    if guardian is None:
        raise Refused(217)
    return success(people.memberships(guardian))


def linked_profiles(sandbox: "Sandbox", request: Request) -> Reply:
    """Without getAllMemberships an overridden platform is not listed."""
    number(request.params["type"])
    guardian = sandbox.guardian_behind(str(number(request.params["id"])))
    if guardian is None:
        raise Refused(217)
    everything = request.query.get("getAllMemberships", "").lower() == "true"
    return success(people.linked_profiles(guardian, sandbox.accounts, everything, sandbox.clock.now()))


def get_profile(sandbox: "Sandbox", request: Request) -> Reply:
    wanted = wanted_components(request)
    found = account(sandbox, request)
    return found.profile(wanted, owns(request, found), stale=bool(request.ordered.get("stale")))


def get_vendors(sandbox: "Sandbox", request: Request) -> Reply:
    wanted, class_type = wanted_components(request), shopper(sandbox, request)
    return success(sandbox.market.vendors(wanted, class_type))


def get_vendor(sandbox: "Sandbox", request: Request) -> Reply:
    wanted, class_type = wanted_components(request), shopper(sandbox, request)
    key = number(request.params["vendor"])
    told = sandbox.market.one_vendor(wanted, key, class_type)
    if told is None:
        raise Refused(1627)
    return success(told)


def shopper(sandbox: "Sandbox", request: Request) -> int:
    """The class of the character at the shelves. Vendors need the owner's sign-in, whatever the spec says."""
    found = account(sandbox, request)
    if not owns(request, found):
        raise Refused(12)
    return found.data("characters", 0)[character_id(found, request)]["classType"]


def public_vendors(sandbox: "Sandbox", request: Request) -> Reply:
    return success(sandbox.market.vendors(wanted_components(request)))


def manifest(sandbox: "Sandbox", request: Request) -> Reply:
    return success(sandbox.library.index())


def entity_definition(sandbox: "Sandbox", request: Request) -> Reply:
    key = number(request.params["hash"])
    edition = sandbox.library.current.content(request.query.get("lc", "en"))
    with content.reading(edition.database) as db:
        if request.params["table"] not in content.tables(db):
            raise Refused(18)
        body = content.definition(db, request.params["table"], key)
    if body is None:
        raise Refused(21, http_status=500)
    return success(body)


SYSTEMS = ("Destiny2", "D2Profiles", "D2Characters", "Destiny2Manifest", "Authentication", "ApiKeyManagement", "Users")


def settings(sandbox: "Sandbox", request: Request) -> Reply:
    disabled = sandbox.disabled_systems | ({"Destiny2"} if sandbox.faults.maintenance() else set())
    systems = {name: {"enabled": name not in disabled, "parameters": {}} for name in SYSTEMS}
    locales = [setting(language) for language in facts.LANGUAGES]
    return success({"environment": "sandbox", "systems": systems, "userContentLocales": locales})


def setting(name: str) -> dict[str, Any]:
    return {"identifier": name, "isDefault": name == "en", "displayName": name, "summary": "", "childSettings": []}


def global_alerts(sandbox: "Sandbox", request: Request) -> Reply:
    return success(sandbox.alerts)
