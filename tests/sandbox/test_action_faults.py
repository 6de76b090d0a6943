"""What goes wrong around actions, how often one may act, the journal, and the player at the game meanwhile."""

import contextlib
import threading
import time

import pytest
import requests

from destinyvault.sandbox import facts
from destinyvault.sandbox.orders import OrderRefused
from tests.inventory.hanging import hanging
from tests.sandbox.player import OK, Player
from tests.sandbox.wire import COLLECTOR, ILVA, items_of

TOO_SOON = (503, 36)
PATIENCE_SECONDS = 60


@pytest.fixture
def ilva(wire, orders):
    return Player(wire, orders, ILVA)


@pytest.fixture
def weapon(ilva):
    return ilva.item(place="vault", home=facts.KINETIC)


def eventually(tell, wanted):
    """Waits, on a busy machine for long, until that is what is told."""
    end = time.monotonic() + PATIENCE_SECONDS
    while tell() != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert tell() == wanted


def shown_in_vault(wire, item):
    shown = next(one for one in items_of(wire.profile(ILVA)) if one.get("itemInstanceId") == item["instance_id"])
    return shown["location"] == 2


def sent(player, item, **options):
    """Moves an item to the first character; HTTP status and code."""
    answer = player.send("Items/TransferItem", player.body(**player.named(item), transferToVault=False), **options)
    return answer.status_code, answer.json()["ErrorCode"]


# Faults


def test_success_may_be_said_without_an_effect(ilva, orders, weapon):
    orders.fault("TransferItem", no_effect=True, times=1)
    assert ilva.from_vault(weapon) == OK
    assert ilva.place(weapon) == "vault"
    assert [entry["effect"] for entry in orders.actions()["actions"]] == [False]
    assert ilva.from_vault(weapon) == OK
    assert ilva.place(weapon) == ilva.characters[0]


def test_what_is_against_the_rules_is_refused_without_an_effect_too(ilva, orders, weapon):
    orders.fault("TransferItem", no_effect=True, times=1)
    assert ilva.to_vault(weapon) == (500, 1623)


@pytest.mark.parametrize(("drop", "place"), [("before", "vault"), ("after", "character")])
def test_connection_drops_before_or_after_the_effect(ilva, orders, weapon, drop, place):
    orders.fault("TransferItem", drop=drop, times=1)
    with pytest.raises(requests.ConnectionError):
        sent(ilva, weapon)
    assert ilva.again(weapon)["place"] == place
    (entry,) = orders.actions()["actions"]
    assert (entry["effect"], entry["fault"]) == (place == "character", {"drop": drop})


def test_effect_comes_although_the_client_hung_up(ilva, orders, weapon):
    orders.fault("TransferItem", delay=4, times=1)
    with pytest.raises(requests.ReadTimeout):
        sent(ilva, weapon, timeout=0.1)
    assert ilva.place(weapon) == "vault"
    eventually(lambda: ilva.place(weapon), ilva.characters[0])


def test_effect_may_come_long_before_its_reply(ilva, orders, weapon):
    orders.fault("TransferItem", late_reply=3, times=1)
    with pytest.raises(requests.ReadTimeout):
        sent(ilva, weapon, timeout=1)
    eventually(lambda: ilva.place(weapon), ilva.characters[0])


def test_success_may_run_ahead_of_its_effect(ilva, orders, weapon):
    """Bungie-net/api #770: the item that was equipped off is still equipped for the next request."""
    worn = ilva.item(owner=0, bucket=facts.KINETIC, equipped=True)
    other = ilva.add(ilva.characters[0], bucket=facts.KINETIC)
    orders.fault("EquipItem", lag=600, times=1)
    assert ilva.equip(other) == OK
    assert ilva.to_vault(worn) == (500, 1656)
    assert orders.late_effects() == 1
    assert ilva.again(other)["equipped"]
    assert ilva.to_vault(worn) == OK
    assert [entry["effect"] for entry in orders.actions()["actions"]] == [True, False, True]


def test_profile_may_be_older_than_what_was_done(ilva, wire, orders, weapon):
    before = wire.profile(ILVA)["responseMintedTimestamp"]
    ilva.from_vault(weapon)
    orders.fault("GetProfile", stale=True, times=2)
    for _ in range(2):
        assert shown_in_vault(wire, weapon)
    now = wire.profile(ILVA)
    assert now["responseMintedTimestamp"] > before
    assert not shown_in_vault(wire, weapon)


def test_faults_can_end_by_themselves(ilva, wire, orders, weapon):
    wire.profile(ILVA)
    ilva.from_vault(weapon)
    orders.fault("GetProfile", stale=True, seconds=5)
    assert shown_in_vault(wire, weapon)
    eventually(lambda: shown_in_vault(wire, weapon), False)
    assert orders.state()["faults"] == []


def test_late_effect_does_not_reach_beyond_a_reset(ilva, orders, weapon):
    orders.fault("TransferItem", lag=600, times=1)
    ilva.from_vault(weapon)
    orders.reset()
    assert orders.late_effects() == 0
    assert ilva.place(weapon) == "vault"


def test_late_effect_comes_by_itself_and_once(ilva, orders, weapon):
    orders.fault("TransferItem", lag=0.2, times=1)
    assert ilva.from_vault(weapon) == OK
    eventually(lambda: ilva.place(weapon), ilva.characters[0])
    assert orders.late_effects() == 0


@pytest.mark.parametrize(
    "fault",
    [{"error_code": 1645}, {"error_code": 1688}, {"html": 503}, {"empty": 200}, {"status": 502}, {"body": ["?"]}],
)
def test_an_effect_may_come_with_a_bad_answer(ilva, orders, weapon, fault):
    orders.fault("TransferItem", times=1, after=True, **fault)
    answer = ilva.send("Items/TransferItem", ilva.body(**ilva.named(weapon), transferToVault=False))
    assert ilva.place(weapon) == ilva.characters[0]
    (entry,) = orders.actions()["actions"]
    assert (entry["effect"], entry["status"], entry["code"]) == (True, answer.status_code, fault.get("error_code"))
    orders.fault("TransferItem", times=1, **fault)
    ilva.send("Items/TransferItem", ilva.body(**ilva.named(weapon), transferToVault=True))
    assert ilva.place(weapon) == ilva.characters[0]
    assert orders.actions()["actions"][-1]["effect"] is False


def test_what_comes_after_an_effect_has_to_be_said(orders):
    with pytest.raises(OrderRefused, match="error_code"):
        orders.fault("TransferItem", after=True)


def test_fault_for_an_operation_that_does_not_exist_is_refused(orders):
    with pytest.raises(OrderRefused, match="TransferItem"):
        orders.fault("TransferItems", drop="after")


# How often


def test_two_actions_at_once_are_one_too_many(ilva, orders, weapon):
    other = ilva.items(place="vault", home=facts.ENERGY)[0]
    orders.pace(quick=60)
    assert [sent(ilva, weapon), sent(ilva, other)] == [OK, TOO_SOON]
    assert ilva.place(other) == "vault"
    assert orders.actions()["throttled"] == {"address": 0, "account": 1}
    orders.pace(quick=0)
    assert ilva.from_vault(other) == OK


@pytest.mark.parametrize("fault", [{"error_code": 1643}, {"html": 503}, {"drop": "before"}, {"maintenance": True}])
def test_an_action_counts_whatever_goes_wrong_with_it(ilva, orders, weapon, fault):
    orders.pace(quick=60)
    orders.fault("TransferItem", times=1, **fault)
    with contextlib.suppress(requests.ConnectionError, ValueError):
        sent(ilva, weapon)
    assert sent(ilva, weapon) == TOO_SOON
    assert orders.actions()["throttled"] == {"address": 0, "account": 1}


def test_an_action_counts_from_when_it_came_though_it_be_answered_late(ilva, orders, weapon):
    orders.pace(quick=60)
    orders.fault("TransferItem", times=1, delay=2)
    late = threading.Thread(target=sent, args=[ilva, weapon])
    late.start()
    eventually(lambda: len(orders.actions()["actions"]), 1)
    assert sent(ilva, weapon) == TOO_SOON
    late.join()
    assert [entry["code"] for entry in orders.actions()["actions"]] == [1, 36]


def test_a_fault_waits_for_a_request_that_comes_not_too_soon(ilva, orders, weapon):
    orders.pace(quick=60)
    assert sent(ilva, weapon) == OK
    orders.fault("TransferItem", times=1, error_code=1618)
    assert sent(ilva, weapon) == TOO_SOON
    orders.pace(quick=0)
    assert sent(ilva, weapon) == (500, 1618)


def test_what_nobody_is_signed_in_for_starts_nothing(ilva, orders, weapon):
    orders.pace(quick=60)
    assert sent(ilva, weapon, token="nobody's") == (401, 99)
    orders.scopes("ReadBasicUserProfile")
    assert sent(ilva, weapon) == (500, 1666)
    orders.scopes("ReadBasicUserProfile", "MoveEquipDestinyItems")
    assert sent(ilva, weapon) == OK


def test_pace_is_that_of_the_spec(sandbox):
    assert (sandbox.pace.quick, sandbox.pace.slow) == (0.1, 1.0)


def test_two_people_act_at_once(ilva, wire, orders, weapon):
    other = Player(wire, orders, COLLECTOR)
    theirs = other.item(owner=0, bucket=facts.QUESTS)
    orders.pace(quick=60, slow=60)
    assert sent(ilva, weapon) == OK
    body = other.body(itemId=theirs["instance_id"], state=True)
    assert other.send("Items/SetTrackedState", body).json()["ErrorCode"] == 1


def test_loadouts_take_their_time_and_moves_need_not_wait_for_them(ilva, orders, weapon):
    orders.pace(quick=0, slow=60)
    assert ilva.act("Loadouts/EquipLoadout", loadoutIndex=0) == OK
    assert ilva.from_vault(weapon) == OK
    answer = ilva.send("Loadouts/EquipLoadout", ilva.body(loadoutIndex=0))
    assert (answer.status_code, answer.json()["ErrorCode"], answer.json()["ThrottleSeconds"]) == (503, 36, 1)


def test_address_is_throttled_before_the_account(ilva, orders, weapon):
    orders.throttle(0)
    assert sent(ilva, weapon) == TOO_SOON
    assert orders.actions()["throttled"] == {"address": 1, "account": 0}
    assert [entry["code"] for entry in orders.actions()["actions"]] == [36]


# The journal


def test_journal_tells_what_was_asked_and_what_became_of_it(ilva, orders, weapon):
    started = time.monotonic()
    ilva.from_vault(weapon, ilva.characters[1])
    ilva.to_vault(weapon, ilva.characters[0])
    ilva.lock(weapon, True, ilva.characters[1])
    first, second, third = orders.actions()["actions"]
    assert started < first["start"] < first["end"] < second["start"] < time.monotonic()
    told = ("operation", "account", "guardian", "item", "from", "to", "quantity", "code", "status", "effect")
    item, one, other = weapon["instance_id"], ilva.characters[0], ilva.characters[1]
    assert [first[name] for name in told] == [
        *("TransferItem", ilva.account, ILVA, item, "vault", other, 1, 1, 200, True)
    ]
    assert [second[name] for name in told[3:]] == [item, one, "vault", 1, 1623, 500, False]
    assert (third["operation"], third["from"], third["effect"]) == ("SetItemLockState", None, not weapon["locked"])


def test_journal_tells_where_there_was_nothing_to_do(ilva, orders, weapon):
    worn = ilva.item(owner=0, bucket=facts.KINETIC, equipped=True)
    other = ilva.add(ilva.characters[0], bucket=facts.KINETIC)
    assert [ilva.equip(worn), ilva.lock(weapon, weapon["locked"])] == [OK, OK]
    orders.fault("EquipItem", times=2, no_effect=True)
    assert [ilva.equip(other), ilva.equip(worn)] == [OK, OK]
    assert ilva.equip(other, ilva.characters[1]) == (500, 1623)
    told = [(entry["effect"], entry["idle"]) for entry in orders.actions()["actions"]]
    assert told == [(False, True), (False, True), (False, False), (False, True), (False, False)]


def test_journal_counts_what_was_under_way_at_once(ilva, sandbox, orders, weapon):
    orders.pace(quick=0)
    threads = [threading.Thread(target=sent, args=[ilva, weapon]) for _ in range(3)]
    with hanging(sandbox.accounts[ilva.account], "write") as held:
        for thread in threads:
            thread.start()
        eventually(lambda: orders.actions()["most_in_flight"], {ilva.account: 3})
        held.let_go()
    for thread in threads:
        thread.join()
    orders.clear_actions()
    ilva.from_vault(weapon)
    assert orders.actions()["most_in_flight"] == {ilva.account: 1}


def test_nothing_is_lost_or_doubled_however_many_act_at_once(wire, orders):
    """Whatever comes through, every item is there once, in what is true and in every profile on the way."""
    ilva = Player(wire, orders, ILVA)
    before = {row["instance_id"] for row in ilva.items() if row["instance_id"]}
    vaulted = ilva.items(place="vault")[:12]
    threads = [threading.Thread(target=sent, args=[ilva, item]) for item in vaulted if item["instance_id"]]
    for thread in threads:
        thread.start()
        time.sleep(0.04)
        ids = [item["itemInstanceId"] for item in items_of(wire.profile(ILVA)) if "itemInstanceId" in item]
        assert sorted(ids) == sorted(before)
    for thread in threads:
        thread.join()
    now = [row["instance_id"] for row in ilva.items() if row["instance_id"]]
    assert sorted(now) == sorted(before)
    codes = [entry["code"] for entry in orders.actions()["actions"]]
    assert 1 in codes
    assert codes.count(1) == sum(entry["effect"] for entry in orders.actions()["actions"])


def test_journal_of_one_person_tells_of_nobody_else(ilva, wire, orders, weapon):
    other = Player(wire, orders, COLLECTOR)
    other.lock(other.item(owner=0, bucket=facts.KINETIC), True)
    ilva.from_vault(weapon)
    assert [entry["guardian"] for entry in orders.actions()["actions"]] == [COLLECTOR, ILVA]
    assert [entry["guardian"] for entry in orders.actions(ILVA)["actions"]] == [ILVA]


# The player at the game


def test_player_moves_equips_locks_and_dismantles(ilva, orders, weapon):
    (moved,) = orders.play(ILVA, "move", item=weapon["instance_id"], to=ilva.characters[2])
    assert moved["owner"] == ilva.characters[2]
    assert moved["locked"] == weapon["locked"]
    orders.play(ILVA, "equip", item=weapon["instance_id"])
    assert ilva.again(weapon)["equipped"]
    other = ilva.add("vault", bucket=facts.ENERGY)
    orders.play(ILVA, "lock", item=other["instance_id"], state=True)
    with pytest.raises(OrderRefused, match="worn or locked"):
        orders.play(ILVA, "dismantle", item=other["instance_id"])
    orders.play(ILVA, "lock", item=other["instance_id"], state=False)
    orders.play(ILVA, "dismantle", item=other["instance_id"])
    assert ilva.items(instance_id=other["instance_id"]) == []
    assert orders.actions()["actions"] == []


def test_player_moves_stacks_and_none_of_them_is_lost(ilva, orders):
    kind = next(kind for kind in ilva.kinds(facts.CONSUMABLES, stack_label=False, movable=True) if kind.stack > 5)
    if ilva.items(hash=kind.hash):
        orders.play(ILVA, "dismantle", hash=kind.hash)
    ilva.add(ilva.characters[0], hash=kind.hash, quantity=5)
    orders.play(ILVA, "move", hash=kind.hash, to="vault", quantity=2)
    orders.play(ILVA, "move", hash=kind.hash, to="vault", quantity=1)
    assert ilva.amounts(kind.hash) == {"account": [2], "vault": [3]}
    with pytest.raises(OrderRefused, match="there are 2"):
        orders.play(ILVA, "move", hash=kind.hash, to="vault", quantity=3)
    orders.play(ILVA, "move", hash=kind.hash, to=ilva.characters[1])
    assert ilva.amounts(kind.hash) == {"account": [5]}


def test_players_doings_can_stay_unseen_for_half_a_minute(ilva, wire, orders, weapon):
    assert shown_in_vault(wire, weapon)
    orders.play(ILVA, "move", item=weapon["instance_id"], to=ilva.characters[0], seen=False)
    assert shown_in_vault(wire, weapon)
    orders.advance(31)
    assert not shown_in_vault(wire, weapon)


def test_player_keeps_to_the_rules(ilva, orders, weapon):
    orders.play(ILVA, "fill", where=facts.KINETIC, character=ilva.characters[0], free=0)
    with pytest.raises(OrderRefused, match="1642"):
        orders.play(ILVA, "move", item=weapon["instance_id"], to=ilva.characters[0])
    with pytest.raises(OrderRefused, match="no such item"):
        orders.play(ILVA, "move", item="1", to="vault")
    with pytest.raises(OrderRefused, match="fill"):
        orders.play(ILVA, "dance")


def test_postmaster_keeps_what_finds_no_room_and_loses_its_oldest(ilva, orders):
    one = ilva.characters[0]
    orders.play(ILVA, "fill", where=facts.KINETIC, character=one)
    orders.play(ILVA, "fill", where="postmaster", character=one)
    oldest = ilva.item(place="postmaster", owner=0)
    late = ilva.add(one, bucket=facts.KINETIC)
    assert ilva.place(late) == "postmaster"
    assert len(ilva.items(place="postmaster", owner=0)) == 21
    assert oldest["instance_id"] is None or ilva.items(instance_id=oldest["instance_id"]) == []


@pytest.mark.parametrize("where", ["vault", "postmaster", facts.HELMET, facts.CONSUMABLES])
def test_places_are_filled_until_so_many_are_free(ilva, sandbox, orders, where):
    orders.play(ILVA, "fill", where=where, character=ilva.characters[0], free=2)
    owned = sandbox.accounts[ilva.account].owned
    bucket = {"vault": facts.VAULT, "postmaster": facts.POSTMASTER}.get(where, where)
    owner = ilva.characters[0] if where in ("postmaster", facts.HELMET) else ""
    assert owned.free(bucket, owner) == 2


def test_reset_puts_everything_back(ilva, orders, weapon):
    before = ilva.items()
    ilva.from_vault(weapon)
    ilva.add("vault", bucket=facts.KINETIC)
    orders.play(ILVA, "activity", character=ilva.characters[0], locked=True)
    orders.reset()
    assert ilva.items() == before
    assert orders.actions()["actions"] == []
    assert ilva.equip(ilva.item(owner=0, bucket=facts.KINETIC, equipped=True)) == OK
