"""Every reply of the sandbox is one that Bungie's published spec allows."""

import json

import pytest

from destinyvault.sandbox import facts
from destinyvault.sandbox.content import reading, rows_of, tables
from destinyvault.sandbox.guardians import GUARDIANS
from destinyvault.sandbox.router import ROUTES
from tests.sandbox.player import Player
from tests.sandbox.wire import COLLECTOR, CROSS_SAVE, ILVA

EVERY_COMPONENT = (
    "100,101,102,103,104,105,200,201,202,203,204,205,206,300,301,302,303,304,305,306,307,308,309,310,"
    "500,600,700,800,900,1000,1100,1200,1300,1400"
)
VENDOR_COMPONENTS = "400,401,402,300,301,302,303,304,305,306,309,310"
PLAYING = [(one.id, place) for one in GUARDIANS for place in range(1 if one.cross_save else len(one.memberships))]


def judged(spec, operation, answer):
    assert spec.faults_of(operation, answer.json())[:5] == []


def test_judge_finds_what_is_wrong(spec, wire):
    reply = wire.get(wire.account(ILVA), components="100").json()
    reply["Response"]["profile"]["data"]["characterIds"] = "none"
    reply["Response"]["novelty"] = {}
    assert len(spec.faults_of("GetProfile", reply)) == 2


def test_judge_accepts_a_real_profile(spec, captures):
    import gzip

    reply = json.loads(gzip.decompress((captures / "captures" / "profile_2021.json.gz").read_bytes()))
    assert spec.faults_of("GetProfile", reply)[:5] == []


def test_every_read_of_the_spec_is_served(spec):
    served = {route.operation for route in ROUTES}
    assert {operation for operation, method, _ in spec.operations() if method == "get"} <= served


@pytest.mark.parametrize(("guardian", "place"), PLAYING)
@pytest.mark.parametrize("signed_in", [True, False])
def test_profiles(spec, wire, guardian, place, signed_in):
    token = wire.token(guardian) if signed_in else None
    judged(spec, "GetProfile", wire.get(wire.account(guardian, place), token, components=EVERY_COMPONENT))


def test_every_component_asked_for_is_answered(spec, wire):
    told = wire.response(wire.account(ILVA), wire.token(ILVA), components=EVERY_COMPONENT)
    properties = spec.document["components"]["schemas"]["Destiny.Responses.DestinyProfileResponse"]["properties"]
    assert told.keys() == properties.keys()


@pytest.mark.parametrize("guardian", [one.id for one in GUARDIANS])
def test_people(spec, wire, guardian):
    token = wire.token(guardian)
    judged(spec, "GetBungieNetUserById", wire.get(f"/User/GetBungieNetUserById/{guardian}/"))
    judged(spec, "GetMembershipDataById", wire.get(f"/User/GetMembershipsById/{guardian}/254/"))
    judged(spec, "GetMembershipDataForCurrentUser", wire.get("/User/GetMembershipsForCurrentUser/", token))
    linked = wire.get(f"/Destiny2/254/Profile/{guardian}/LinkedProfiles/", token, getAllMemberships="true")
    judged(spec, "GetLinkedProfiles", linked)


@pytest.mark.parametrize("guardian", [ILVA, COLLECTOR, CROSS_SAVE])
def test_characters_items_and_vendors(spec, wire, orders, guardian):
    orders.set_clock("2026-11-28T12:00:00+00:00")
    token, path = wire.token(guardian), wire.account(guardian)
    profile = wire.profile(guardian)
    for character, worn in profile["characterEquipment"]["data"].items():
        here = f"{path}Character/{character}/"
        judged(spec, "GetCharacter", wire.get(here, token, components=EVERY_COMPONENT))
        judged(spec, "GetVendors", wire.get(f"{here}Vendors/", token, components=VENDOR_COMPONENTS))
        for vendor in ("2190858386", "3751514131"):
            answer = wire.get(f"{here}Vendors/{vendor}/", token, components=VENDOR_COMPONENTS)
            judged(spec, "GetVendor", answer)
            assert len(answer.json()["Response"]["itemComponents"]["sockets"]["data"]) >= 3
        for item in worn["items"][:4]:
            answer = wire.get(f"{path}Item/{item['itemInstanceId']}/", token, components=EVERY_COMPONENT)
            judged(spec, "GetItem", answer)


def test_every_write_of_the_spec_is_served(spec):
    served = {route.operation for route in ROUTES}
    assert {operation for operation, method, _ in spec.operations() if method == "post"} <= served


def test_actions_take_what_the_spec_says_and_answer_so(spec, wire, orders):
    player = Player(wire, orders, ILVA)
    item = player.item(place="vault", home=facts.KINETIC)
    lost = player.add("postmaster", character=player.characters[0], bucket=facts.POWER)
    quest = player.item(owner=0, home=facts.QUESTS)
    one = {"itemId": item["instance_id"]}
    asked = {
        "TransferItem": ("Items/TransferItem", {**player.named(item), "transferToVault": False}),
        "PullFromPostmaster": ("Items/PullFromPostmaster", player.named(lost)),
        "EquipItem": ("Items/EquipItem", one),
        "EquipItems": ("Items/EquipItems", {"itemIds": [item["instance_id"], "1"]}),
        "SetItemLockState": ("Items/SetLockState", {**one, "state": True}),
        "SetQuestTrackedState": ("Items/SetTrackedState", {"itemId": quest["instance_id"], "state": True}),
        "SnapshotLoadout": ("Loadouts/SnapshotLoadout", {"loadoutIndex": 5}),
        "EquipLoadout": ("Loadouts/EquipLoadout", {"loadoutIndex": 5}),
        "UpdateLoadoutIdentifiers": ("Loadouts/UpdateLoadoutIdentifiers", {"loadoutIndex": 5}),
        "ClearLoadout": ("Loadouts/ClearLoadout", {"loadoutIndex": 5}),
    }
    assert asked.keys() == {operation for operation, method, _ in spec.operations() if method == "post"}
    for operation, (action, body) in asked.items():
        body = player.body(**body)
        assert spec.faults_of_request(operation, body) == []
        answer = player.send(action, body)
        assert (operation, answer.json()["ErrorCode"]) == (operation, 1)
        judged(spec, operation, answer)
    judged(spec, "GetProfile", wire.get(wire.account(ILVA), player.token, components=EVERY_COMPONENT))


def test_the_rest(spec, wire, orders):
    orders.set_clock("2026-11-28T12:00:00+00:00")
    orders.status(alerts=["Back soon"])
    judged(spec, "GetDestinyManifest", wire.get("/Destiny2/Manifest/"))
    judged(spec, "GetPublicVendors", wire.get("/Destiny2/Vendors/", components="400,401,402"))
    judged(spec, "GetCommonSettings", wire.get("/Settings/"))
    judged(spec, "GetGlobalAlerts", wire.get("/GlobalAlerts/"))
    path = "/Destiny2/Manifest/DestinyInventoryBucketDefinition/138197802/"
    assert spec.faults_of_definition("DestinyInventoryBucketDefinition", wire.response(path)) == []


def test_definitions_of_the_world_are_what_their_tables_say(spec, sandbox):
    wrong = {}
    with reading(sandbox.library.current.content("en").database) as db:
        for table in tables(db):
            for _, body in list(rows_of(db, table))[:250]:
                faults = spec.faults_of_definition(table, json.loads(body))
                if faults:
                    wrong.setdefault(table, faults[0])
    assert wrong == {}
