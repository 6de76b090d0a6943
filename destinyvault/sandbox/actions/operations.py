"""The action operations of the API: who may, what the body says, and which rule decides."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox.account import Account
from destinyvault.sandbox.actions import equipping, loadouts, moves, states
from destinyvault.sandbox.actions.bodies import MISSING, Body
from destinyvault.sandbox.actions.moves import NOT_FOUND, Asked
from destinyvault.sandbox.actions.pace import SCOPE
from destinyvault.sandbox.asked import signed_in
from destinyvault.sandbox.belongings import Belongings, Character
from destinyvault.sandbox.envelope import ABSENT, Refused, Reply, success
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

Rule = Callable[[Belongings, Character], Any]
NO_SCOPE, NO_ACCOUNT, NO_CHARACTER, ENDED = 1666, 1601, 1620, 1643
FIRST_OF_THE_GAME = 1600  # codes from here on are Destiny's own; with these an action answers "Response": 0


def action(read: Callable[["Sandbox", Body], Rule]) -> Callable[["Sandbox", Request], Reply]:
    """A handler that reads the whole body before anything is looked up, and has the rule decide."""

    def handler(sandbox: "Sandbox", request: Request) -> Reply:
        try:
            return success(performed(sandbox, request, read))
        except Refused as refused:
            if refused.code >= FIRST_OF_THE_GAME and refused.response is ABSENT:
                refused.response = 0
            raise

    return handler


def performed(sandbox: "Sandbox", request: Request, read: Callable[["Sandbox", Body], Rule]) -> Any:
    guardian = permitted(request)
    body = Body(request)
    platform, key, rule = body.number("membershipType"), body.id("characterId"), read(sandbox, body)
    account = account_of(sandbox, guardian, platform)
    return take_effect(sandbox, request, account, lambda owned: rule(owned, character_of(owned, key)))


def permitted(request: Request) -> str:
    """Whose things it is about."""
    guardian = signed_in(request)
    if SCOPE not in request.scopes:
        raise Refused(NO_SCOPE)
    return guardian


def account_of(sandbox: "Sandbox", guardian_id: str, platform: int) -> Account:
    """Their own account on that platform; an overridden one does not answer."""
    guardian = sandbox.guardian(guardian_id)
    for membership in guardian.memberships if guardian else ():
        if guardian and membership.type == platform and not guardian.is_overridden(membership):
            return sandbox.accounts[membership.id]
    raise Refused(NO_ACCOUNT)


def character_of(owned: Belongings, key: str) -> Character:
    found = owned.character(key)
    if found is None:
        raise Refused(NO_CHARACTER)
    return found


def take_effect(sandbox: "Sandbox", request: Request, account: Account, act: Callable[[Belongings], Any]) -> Any:
    """At once; or, where a fault was ordered, never or after a while, though the reply is the same."""
    lag = request.ordered.get("lag", 0)
    rehearsal = bool(lag or request.ordered.get("no_effect"))
    told = effect(sandbox, request, account, act, stays=not rehearsal)
    if lag:
        sandbox.late.after(lag, lambda: lagging(sandbox, request, account, act))
    return 0 if told is None else told


def effect(
    sandbox: "Sandbox", request: Request, account: Account, act: Callable[[Belongings], Any], *, stays: bool = True
) -> Any:
    """A request whose client hung up takes effect all the same; one from before a reset does not."""
    with account.lock:
        if request.turn != sandbox.turn:
            raise Refused(ENDED)
        told, changed = account.write(act, stays=stays)
        account.forget()
    request.entry.effect, request.entry.idle = changed and stays, not changed
    return told


def lagging(sandbox: "Sandbox", request: Request, account: Account, act: Callable[[Belongings], Any]) -> None:
    with contextlib.suppress(Refused):  # what was possible when it was asked for may be so no longer
        effect(sandbox, request, account, act)


# What each body has to say, and the rule that it calls for


def transfer(sandbox: "Sandbox", body: Body) -> Rule:
    """Without transferToVault nothing is found (Bungie-net/api #949)."""
    asked = asked_for(body)
    if not body.has("transferToVault"):
        raise Refused(NOT_FOUND)
    to_vault = body.flag("transferToVault")
    return lambda owned, character: moves.transfer(owned, character, asked, to_vault)


def pull(sandbox: "Sandbox", body: Body) -> Rule:
    asked = asked_for(body)
    return lambda owned, character: moves.pull(owned, character, asked)


def asked_for(body: Body) -> Asked:
    """A stack has the itemId 0 (#394); less than one of it is nothing that could be meant."""
    key, quantity = body.id("itemId"), body.number("stackSize")
    if quantity < 1:
        raise Refused(MISSING)
    return Asked(body.hash("itemReferenceHash"), None if key == "0" else key, quantity)


def equip(sandbox: "Sandbox", body: Body) -> Rule:
    key = body.id("itemId")
    return lambda owned, character: equipping.equip(owned, character, key)


def equip_all(sandbox: "Sandbox", body: Body) -> Rule:
    keys = body.ids("itemIds")
    return lambda owned, character: results(equipping.equip_all(owned, character, keys))


def results(outcomes: list[tuple[str, int]]) -> dict[str, Any]:
    return {"equipResults": [{"itemInstanceId": key, "equipStatus": code} for key, code in outcomes]}


def lock(sandbox: "Sandbox", body: Body) -> Rule:
    key, state = body.id("itemId"), body.flag("state")
    return lambda owned, character: states.set_lock(owned, character, key, state)


def track(sandbox: "Sandbox", body: Body) -> Rule:
    key, state = body.id("itemId"), body.flag("state")
    return lambda owned, character: states.set_tracked(owned, character, key, state)


def equip_loadout(sandbox: "Sandbox", body: Body) -> Rule:
    index = body.number("loadoutIndex")
    return lambda owned, character: loadouts.equip(owned, character, index)


def snapshot_loadout(sandbox: "Sandbox", body: Body) -> Rule:
    index, looks = body.number("loadoutIndex"), looks_in(sandbox, body)
    return lambda owned, character: loadouts.snapshot(owned, character, index, looks)


def rename_loadout(sandbox: "Sandbox", body: Body) -> Rule:
    index, looks = body.number("loadoutIndex"), looks_in(sandbox, body)
    return lambda owned, character: loadouts.rename(owned, character, index, looks)


def clear_loadout(sandbox: "Sandbox", body: Body) -> Rule:
    index = body.number("loadoutIndex")
    return lambda owned, character: loadouts.clear(owned, character, index)


def looks_in(sandbox: "Sandbox", body: Body) -> dict[str, int]:
    """Color, icon and name, each of which may be left out; a Manifest without their tables allows any."""
    known = sandbox.catalog.rooms.looks
    looks = {part: body.hash(part) for part in known if body.has(part)}
    if any(known[part] and key not in known[part] for part, key in looks.items()):
        raise Refused(MISSING)
    return looks


# below /Platform/Destiny2/Actions/: operation, handler
OPERATIONS = {
    "Items/TransferItem/": ("TransferItem", action(transfer)),
    "Items/PullFromPostmaster/": ("PullFromPostmaster", action(pull)),
    "Items/EquipItem/": ("EquipItem", action(equip)),
    "Items/EquipItems/": ("EquipItems", action(equip_all)),
    "Items/SetLockState/": ("SetItemLockState", action(lock)),
    "Items/SetTrackedState/": ("SetQuestTrackedState", action(track)),
    "Loadouts/EquipLoadout/": ("EquipLoadout", action(equip_loadout)),
    "Loadouts/SnapshotLoadout/": ("SnapshotLoadout", action(snapshot_loadout)),
    "Loadouts/UpdateLoadoutIdentifiers/": ("UpdateLoadoutIdentifiers", action(rename_loadout)),
    "Loadouts/ClearLoadout/": ("ClearLoadout", action(clear_loadout)),
}
