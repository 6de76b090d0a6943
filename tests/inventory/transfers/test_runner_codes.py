"""What Bungie refuses, by its codes: read anew, planned again, told truthfully."""

import pytest
from django.utils import timezone

from accounts.models import BungieAccount
from destinyvault.sandbox import facts
from inventory import snapshots
from inventory.transfers import queueing, runner
from inventory.transfers.models import Action, Status, StepStatus, WaitsFor
from inventory.transfers.parking import LONGEST
from inventory.transfers.queueing import Order
from inventory.transfers.verdicts import FURTHER_TRIES
from inventory.transfers.wants import Kind, Want

pytestmark = pytest.mark.django_db
NO_ROOM, WORN, NOT_FOUND = 1642, 1656, 1623


def stood(mover, transfer):
    return [(each.kind, each.why, each.status, each.code) for each in mover.steps(transfer)]


# Gone, or elsewhere


def test_a9_item_that_was_known_to_be_gone_before_its_turn_ends_quietly(mover, weapon):
    mover.play("lock", item=weapon["instance_id"], state=False)
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.play("dismantle", item=weapon["instance_id"])
    mover.know()
    transfer = mover.run(transfer)
    assert transfer.status == Status.FAILED
    assert transfer.message == "This item is not among yours, or not any more."
    assert mover.calls() == []


def test_k9_item_that_is_dismantled_meanwhile_is_gone_and_the_others_go_on(mover, weapons):
    gone = weapons[1]
    mover.play("lock", item=gone["instance_id"], state=False)
    transfer = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    mover.play("dismantle", item=gone["instance_id"], seen=False)
    transfer = mover.run(transfer)
    assert transfer.status == Status.DONE
    assert transfer.message.startswith("2 of 3 are done; 1 could not be.")
    assert [each["code"] for each in transfer.refusals] == ["gone"]
    assert [mover.place(each) for each in (weapons[0], weapons[2])] == [mover.characters[0]] * 2
    assert [each["code"] for each in mover.calls()] == [1, NOT_FOUND, 1]


def test_k9_gone_is_only_said_when_a_profile_made_since_shows_it(mover, weapon):
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.play("dismantle", item=weapon["instance_id"], seen=False)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert transfer.message == "Waiting for Bungie to show what has changed in the game."
    assert mover.until_it_ends(transfer).status == Status.FAILED


def test_item_that_was_moved_in_the_game_meanwhile_is_fetched_from_there(mover, weapon):
    one, other = mover.characters[:2]
    transfer = mover.move(weapon, one, run=False)
    mover.play("move", item=weapon["instance_id"], to=other, seen=False)
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.place(weapon) == one
    assert [each["code"] for each in mover.calls()] == [NOT_FOUND, 1, 1]


# No, and no again


@pytest.mark.parametrize("code", [1648, 1660, 1663, 1673, 1638, 1639, 1627])
def test_final_no_ends_that_wish_alone_with_bungies_words(mover, weapons, code):
    mover.orders.fault("TransferItem", error_code=code, times=1)
    transfer = mover.run(
        mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False),
    )
    assert transfer.status == Status.DONE
    assert len(transfer.refusals) == 1
    assert transfer.refusals[0]["message"].startswith("Bungie refused: ")
    refused = mover.steps(transfer, status=StepStatus.FAILED)
    assert [(each.code, bool(each.said)) for each in refused] == [(code, True)]
    assert len(mover.calls()) == 3


@pytest.mark.parametrize("code", [1623, 1601, 1641])
def test_no_that_may_pass_and_stays_is_given_up_after_a_few_tries(mover, weapon, code):
    mover.orders.fault("TransferItem", error_code=code)
    transfer = mover.until_it_ends(mover.move(weapon, mover.characters[0], run=False))
    assert transfer.status == Status.FAILED
    assert len(mover.calls()) == 1 + FURTHER_TRIES


NO_SUCH = {
    1601: "does not find the account",
    1620: "does not find the character",
    1627: "the vault has no slot for it",
}


@pytest.mark.parametrize(("code", "words"), NO_SUCH.items())
def test_what_bungie_does_not_know_is_told_as_such(mover, weapon, code, words):
    mover.orders.fault("TransferItem", error_code=code)
    transfer = mover.until_it_ends(mover.move(weapon, mover.characters[0], run=False))
    assert transfer.status == Status.FAILED
    assert words in transfer.message


@pytest.mark.parametrize("code", [1601, 1620])
def test_account_or_character_that_is_not_found_has_its_memberships_read_again(mover, weapons, code):
    transfer = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    mover.orders.clear_log()
    mover.orders.fault("TransferItem", error_code=code, times=len(weapons))
    transfer = mover.run(transfer)
    assert [each["code"] for each in mover.calls()] == [code] * len(weapons)
    asked = [each["operation"] for each in mover.orders.log()]
    assert asked.count("GetLinkedProfiles") == 1
    assert asked.index("GetLinkedProfiles") < asked.index("GetProfile"), "whose items are to be looked at"
    assert mover.until_it_ends(transfer).status == Status.DONE


def test_memberships_are_read_again_once_in_a_run_of_however_many_looks(mover, weapon, monkeypatch):
    finish = runner.finish

    def anew(work):
        mover.site.account(mover.guardian).forget()  # so that each look shows something newer
        return finish(work)

    monkeypatch.setattr(runner, "finish", anew)
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.orders.clear_log()
    mover.orders.fault("TransferItem", error_code=1601)
    assert mover.run(transfer).status == Status.FAILED
    assert len(mover.calls()) == len(mover.orders.log("GetProfile")) + 1 == 1 + FURTHER_TRIES
    assert len(mover.orders.log("GetLinkedProfiles")) == 1


# Bungie's own trouble


def troubled(mover, transfer):
    """Runs until it waits for Bungie to get over it."""
    for _ in range(1 + FURTHER_TRIES):
        transfer = mover.run(transfer)
        if transfer.waits_for == WaitsFor.SILENT or not transfer.is_active:
            return transfer
        mover.let_it_wait(transfer)
    raise AssertionError(f"{transfer.status} {transfer.waits_for}: {transfer.message}")


def test_unexpected_error_is_tried_again_later(mover, weapon):
    mover.orders.fault("TransferItem", error_code=1618, times=2)
    assert mover.move(weapon, mover.characters[0]).status == Status.DONE


@pytest.mark.parametrize("code", [1618, 3])
def test_trouble_of_bungies_own_that_stays_is_waited_for_and_ends_no_wish(mover, weapon, code):
    mover.orders.fault("TransferItem", error_code=code)
    transfer = troubled(mover, mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SILENT)
    assert transfer.message.startswith("Waiting for Bungie.net to get over trouble of its own")
    assert [each["code"] for each in mover.calls()] == [code] * (1 + FURTHER_TRIES)
    for tries in range(1, 4):
        mover.let_it_wait(transfer, seconds=600)
        transfer = mover.run(transfer)
        assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SILENT)
        assert len(mover.calls()) == 1 + FURTHER_TRIES + tries, "one more each time"
        assert transfer.not_before - timezone.now() > LONGEST / 2, "and longer each time"
    assert len(mover.steps(transfer)) == 1 + FURTHER_TRIES
    mover.orders.clear_faults()
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, transfer.message) == (Status.DONE, "Done.")
    assert mover.place(weapon) == mover.characters[0]


def test_what_bungie_trips_over_again_and_again_is_put_off_and_the_others_go_on(mover, weapons):
    one, other = mover.characters[0], mover.item(place="vault", home=facts.ENERGY)
    mover.orders.fault("SetItemLockState", error_code=1618)
    for each in weapons:
        mover.play("lock", item=each["instance_id"], state=False)
    mover.know()
    locks = [Want(Kind.LOCK, each["instance_id"], each["hash"]) for each in weapons]
    transfer = troubled(mover, mover.wish("move", *locks, mover.moved(other, one), run=False))
    assert (transfer.status, transfer.refusals) == (Status.PARKED, [])
    assert mover.place(other) == one
    assert len(mover.calls(operation="SetItemLockState")) == len(locks) * (1 + FURTHER_TRIES)


def test_trouble_counts_anew_once_something_of_the_wish_went_well(mover):
    one, two = mover.characters[:2]
    item = mover.item(place="character", owner=one, home=facts.KINETIC, equipped=False)
    mover.orders.fault("TransferItem", error_code=1618, times=FURTHER_TRIES)
    mover.orders.fault("TransferItem", error_code=1618, skip=1, times=FURTHER_TRIES)
    transfer = mover.move(item, two, run=False)
    waited = set()
    while transfer.is_active:
        transfer = mover.run(transfer)
        waited.add(transfer.waits_for)
        mover.let_it_wait(transfer)
    assert (transfer.status, mover.place(item)) == (Status.DONE, two)
    assert [each["code"] for each in mover.calls()] == [1618] * FURTHER_TRIES + [1] + [1618] * FURTHER_TRIES + [1]
    assert WaitsFor.SILENT not in waited


def test_what_bungie_trips_over_does_not_count_for_what_it_refuses(mover, weapon):
    mover.orders.fault("TransferItem", error_code=1618, times=FURTHER_TRIES)
    mover.orders.fault("TransferItem", error_code=NOT_FOUND, times=1)
    assert mover.move(weapon, mover.characters[0]).status == Status.DONE


def test_items_that_bungie_trips_over_one_by_one_wait_together(mover):
    one, two = mover.characters[0], gear(mover, 2)
    carried(mover, two, one)
    answers(mover, {each["instance_id"]: 1618 for each in two}, times=1 + FURTHER_TRIES)
    transfer = troubled(mover, mover.wish("equip", *(mover.equipped(each, one) for each in two), run=False))
    assert (transfer.waits_for, transfer.refusals) == (WaitsFor.SILENT, [])
    assert len(mover.calls()) == 1 + FURTHER_TRIES
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert all(worn(mover, each) for each in two)


def test_i1_no_room_is_bungies_word_even_on_http_500(mover, weapon):
    mover.orders.fault("TransferItem", error_code=NO_ROOM, http_status=500)
    transfer = mover.until_it_ends(mover.move(weapon, mover.characters[0], run=False))
    assert {each.code for each in mover.steps(transfer, status=StepStatus.FAILED)} == {NO_ROOM}


# Room


def fill(mover, character, bucket=facts.KINETIC, **order):
    return mover.play("fill", where=bucket, character=character, **order)


def test_c4_what_somebody_has_just_moved_is_not_moved_aside_by_the_next_move(mover, weapon):
    one = mover.characters[0]
    fill(mover, one)
    mover.know()
    wish = Order(Action.MOVE, (mover.moved(weapon, one),))
    aside = queueing.preview(mover.player, wish).steps[0].item_id
    item = mover.item(instance_id=aside)
    for place in ("vault", one):
        assert mover.move(item, place).status == Status.DONE
    assert aside not in {each.item_id for each in queueing.preview(mover.player, wish).steps}


def test_b6_nothing_moves_aside_where_the_game_has_room_by_now(mover, weapon):
    one = mover.characters[0]
    added = fill(mover, one)
    mover.know()
    transfer = mover.move(weapon, one, run=False)
    assert "room" in {each.why for each in mover.steps(transfer)}
    mover.play("dismantle", item=added[0]["instance_id"])
    mover.let_time_pass(seconds=60)
    transfer = mover.run(transfer)
    assert stood(mover, transfer) == [("to_character", "wanted", StepStatus.DONE, 1)]
    assert len(mover.calls()) == 1


def test_b7_bucket_that_is_full_after_all_is_made_room_in_without_another_blind_try(mover, weapon):
    one = mover.characters[0]
    mover.know()
    transfer = mover.move(weapon, one, run=False)
    fill(mover, one, seen=False)
    transfer = mover.run(transfer)
    assert transfer.status == Status.DONE
    assert mover.place(weapon) == one
    assert [each["code"] for each in mover.calls()] == [NO_ROOM, 1, 1]
    assert [each[1] for each in stood(mover, transfer)] == ["wanted", "room", "wanted"]


def test_b7_while_bungie_still_shows_room_it_is_made_all_the_same(mover, weapon):
    """Its profile is from before the bucket was filled; its refusal is newer."""
    one = mover.characters[0]
    mover.know()
    transfer = mover.move(weapon, one, run=False)
    mover.orders.fault("TransferItem", error_code=NO_ROOM, times=1)
    transfer = mover.run(transfer)
    assert transfer.status == Status.DONE
    assert [each[1] for each in stood(mover, transfer)] == ["wanted", "room", "wanted"]


def test_b8_item_that_does_not_move_aside_is_left_and_another_one_goes(mover, weapon):
    one = mover.characters[0]
    fill(mover, one)
    mover.know()
    mover.orders.fault("TransferItem", error_code=1660, times=1)
    transfer = mover.run(mover.move(weapon, one, run=False))
    assert transfer.status == Status.DONE
    assert [each[1:] for each in stood(mover, transfer)] == [
        ("room", StepStatus.FAILED, 1660),
        ("room", StepStatus.DONE, 1),
        ("wanted", StepStatus.DONE, 1),
    ]
    tried = {each.item_id for each in mover.steps(transfer)}
    assert len(tried) == 3


def test_b8_at_most_three_others_are_tried(mover, weapon):
    one = mover.characters[0]
    fill(mover, one)
    mover.know()
    mover.orders.fault("TransferItem", error_code=1660)
    transfer = mover.run(mover.move(weapon, one, run=False))
    assert transfer.status == Status.FAILED
    assert len(mover.calls()) == 1 + FURTHER_TRIES


def test_b8_making_room_takes_another_item_where_one_does_not_move(mover):
    one = mover.characters[0]
    fill(mover, one)
    mover.know()
    mover.orders.fault("TransferItem", error_code=1660, times=1)
    transfer = mover.wish("room", Want(Kind.ROOM, item_hash=facts.KINETIC, quantity=2, to=one))
    assert transfer.status == Status.DONE
    assert [each["code"] for each in mover.calls()] == [1660, 1, 1]
    assert len(mover.items(owner=one, bucket=facts.KINETIC)) == 8


def test_k12_vault_that_fills_meanwhile_is_planned_again(mover, weapon):
    one, other = mover.characters[:2]
    mover.move(weapon, one)
    mover.know()
    transfer = mover.move(weapon, other, run=False)
    mover.play("fill", where="vault", seen=False)
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert mover.place(weapon) == other


# Worn


def test_d12_item_that_is_worn_after_all_is_taken_off_and_sent_once_more(mover, weapon):
    one = mover.characters[0]
    mover.move(weapon, one)
    mover.know()
    transfer = mover.move(weapon, "vault", run=False)
    mover.play("equip", item=weapon["instance_id"], seen=False)
    mover.orders.clear_actions()
    transfer = mover.run(transfer)
    assert transfer.status == Status.DONE
    assert [(each["operation"], each["code"]) for each in mover.calls()] == [
        ("TransferItem", WORN),
        ("EquipItem", 1),
        ("TransferItem", 1),
    ]
    assert mover.place(weapon) == "vault"


def gear(mover, many):
    """So many to wear in different slots, none of them exotic, in the vault."""
    catalog = mover.site.sandbox.catalog.by_hash
    rows = [each for each in mover.items(place="vault") if each["home"] in facts.WEAPON_BUCKETS]
    kinds = [(each, catalog.get(each["hash"])) for each in rows]
    plain = [each for each, kind in kinds if kind and kind.equippable and not kind.equip_label]
    found = {each["home"]: each for each in plain}
    return [found[bucket] for bucket in facts.WEAPON_BUCKETS][:many]


def carried(mover, items, character):
    mover.wish("move", *(mover.moved(each, character) for each in items))
    mover.know()
    mover.orders.clear_actions()


def worn(mover, item):
    return mover.item(instance_id=item["instance_id"])["equipped"]


def answers(mover, statuses, times=1):
    """Bungie's word on each item, whatever is worn then."""
    results = [{"itemInstanceId": each, "equipStatus": status} for each, status in statuses.items()]
    mover.orders.fault("EquipItems", error_code=1, http_status=200, response={"equipResults": results}, times=times)


def test_d16_only_what_bungie_equipped_is_worn_and_the_rest_is_told_item_by_item(mover):
    one, three = mover.characters[0], gear(mover, 3)
    carried(mover, three, one)
    statuses = {three[0]["instance_id"]: 1, three[1]["instance_id"]: 1639, three[2]["instance_id"]: 1}
    answers(mover, statuses)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in three), run=False)
    for each in (three[0], three[2]):
        mover.play("equip", item=each["instance_id"])
    transfer = mover.run(transfer)
    (step,) = mover.steps(transfer)
    assert (step.status, step.outcomes) == (StepStatus.DONE, statuses)
    assert [each["want"] for each in transfer.refusals] == [1]
    assert transfer.message.startswith(
        "2 of 3 are done; 1 could not be. Bungie refused: the character has not unlocked"
    )
    seen = {each.instance_id: each.equipped for each in snapshots.known(mover.player).profile.items}
    assert [seen[each["instance_id"]] for each in three] == [True, False, True]


def test_d14_item_that_is_not_there_any_more_is_told_and_fetched_for_another_try(mover):
    """The leading inventory manager leaves it there; who asked to have it worn wants it worn."""
    one, two = mover.characters[0], gear(mover, 2)
    carried(mover, two, one)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in two), run=False)
    mover.play("move", item=two[1]["instance_id"], to="vault", seen=False)
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert mover.steps(transfer)[0].outcomes == {two[0]["instance_id"]: 1, two[1]["instance_id"]: NOT_FOUND}
    assert [worn(mover, each) for each in two] == [True, True]


PASSING = {
    1672: WaitsFor.THROTTLED,
    36: WaitsFor.THROTTLED,
    5: WaitsFor.MAINTENANCE,
    99: WaitsFor.SIGN_IN,
    2101: WaitsFor.STAFF,
    1665: WaitsFor.SIGN_IN,
}


@pytest.mark.parametrize(("code", "waits_for"), PASSING.items())
def test_code_of_one_item_that_passes_is_waited_for_and_the_item_equipped_later(mover, code, waits_for):
    one, three = mover.characters[0], gear(mover, 3)
    carried(mover, three, one)
    first, second, third = (each["instance_id"] for each in three)
    answers(mover, {first: 1, second: code, third: 1639})
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in three), run=False)
    mover.play("equip", item=first)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, waits_for)
    assert [each["want"] for each in transfer.refusals] == [2]
    assert "cannot be done" not in mover.browser.get(f"/transfers/{transfer.pk}/").text
    BungieAccount.objects.update(signed_in_at=timezone.now())
    transfer = mover.until_it_ends(transfer)
    assert transfer.message.startswith("2 of 3 are done; 1 could not be.")
    assert [worn(mover, each) for each in three] == [True, True, False]
    assert [each["operation"] for each in mover.calls()] == ["EquipItems", "EquipItem"]


@pytest.mark.parametrize("code", [1672, 5, 1665])
def test_code_of_all_items_that_passes_uses_up_no_tries(mover, code):
    one, two = mover.characters[0], gear(mover, 2)
    carried(mover, two, one)
    answers(mover, {each["instance_id"]: code for each in two}, times=FURTHER_TRIES + 2)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in two), run=False)
    for _ in range(FURTHER_TRIES + 2):
        transfer = mover.run(transfer)
        assert transfer.status == Status.PARKED
        assert [each.status for each in mover.steps(transfer)] == [StepStatus.WAITING]
        BungieAccount.objects.update(signed_in_at=timezone.now())
        mover.let_it_wait(transfer, seconds=600)
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert all(worn(mover, each) for each in two)


def test_d15_several_are_equipped_in_one_call(mover):
    one, three = mover.characters[0], gear(mover, 3)
    carried(mover, three, one)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in three))
    assert transfer.status == Status.DONE
    assert [each["operation"] for each in mover.calls()] == ["EquipItems"]
    assert all(worn(mover, each) for each in three)


def test_several_that_cannot_be_equipped_in_an_activity_wait_for_its_end(mover):
    one, three = mover.characters[0], gear(mover, 3)
    carried(mover, three, one)
    mover.play("activity", character=one, locked=True)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in three), run=False)
    for _ in range(FURTHER_TRIES + 2):
        transfer = mover.run(transfer)
        assert transfer.waits_for == WaitsFor.ACTIVITY
        mover.let_it_wait(transfer, seconds=600)
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.WAITING]
    mover.play("activity", character=one, locked=False)
    assert mover.run(transfer).status == Status.DONE
    assert all(worn(mover, each) for each in three)


def test_what_was_worn_is_worn_again_after_an_undo(mover):
    one, three = mover.characters[0], gear(mover, 3)
    before = {each["home"]: each for each in mover.items(owner=one, equipped=True)}
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in three))
    undo = mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert undo.status == Status.DONE
    assert all(worn(mover, before[each["home"]]) for each in three)
    assert [mover.place(each) for each in three] == ["vault"] * 3


def test_d6_worn_item_is_put_away_and_worn_again_after_an_undo(mover):
    one = mover.characters[0]
    own = mover.item(owner=one, equipped=True, home=facts.KINETIC)
    transfer = mover.move(own, "vault")
    assert (transfer.status, mover.place(own)) == (Status.DONE, "vault")
    undo = mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert (undo.status, undo.message, undo.refusals) == (Status.DONE, "Done.", [])
    assert (mover.place(own), worn(mover, own)) == (one, True)


# Locks, and the postmaster


def test_k11_lock_stays_as_it_was_where_another_copy_lies_beside(mover, weapon):
    one = mover.characters[0]
    (copy,) = [
        each
        for each in mover.play("add", hash=weapon["hash"], to="vault", state=1)
        if each["instance_id"] != weapon["instance_id"]
    ]
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    transfer = mover.move(weapon, one)
    assert transfer.status == Status.DONE
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]
    assert mover.item(instance_id=copy["instance_id"])["locked"]
    assert ("unlock", "same_lock", StepStatus.DONE, 1) in stood(mover, transfer)


def test_k11_lock_is_owed_after_a_worker_has_died_in_between(mover, weapon):
    one = mover.characters[0]
    mover.play("add", hash=weapon["hash"], to="vault", state=1)
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    transfer = mover.move(weapon, one, run=False)
    mover.orders.fault("SetItemLockState", maintenance=True, times=1)
    transfer = mover.run(transfer)
    assert transfer.waits_for == WaitsFor.MAINTENANCE
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]


def test_k11_lock_that_a_profile_shows_changed_is_tried_again_too(mover, weapon):
    mover.play("add", hash=weapon["hash"], to="vault", state=1)
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    mover.orders.fault("SetItemLockState", maintenance=True, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    mover.know()
    mover.orders.fault("SetItemLockState", error_code=1618, times=1)
    assert mover.item(instance_id=weapon["instance_id"])["locked"], "that is what has to be put right"
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]


@pytest.mark.parametrize("fault", [{"error_code": 1618}, {"drop": "before"}], ids=["refused", "lost"])
def test_k11_lock_is_put_right_at_another_try(mover, weapon, fault):
    mover.play("add", hash=weapon["hash"], to="vault", state=1)
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    mover.orders.fault("SetItemLockState", times=1, **fault)
    assert mover.move(weapon, mover.characters[0]).status == Status.DONE
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]


def test_job_does_not_end_by_a_profile_that_a_page_reads_after_its_last_plan(mover, weapon, monkeypatch):
    finish = runner.finish

    def late(work):
        mover.know()
        return finish(work)

    monkeypatch.setattr(runner, "finish", late)
    mover.orders.fault("TransferItem", error_code=1623, times=1)
    transfer = mover.move(weapon, mover.characters[0])
    assert (transfer.status, mover.place(weapon)) == (Status.DONE, mover.characters[0])


def test_lock_and_undo(mover, weapon):
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    transfer = mover.wish("lock", Want(Kind.LOCK, weapon["instance_id"], weapon["hash"]))
    assert mover.item(instance_id=weapon["instance_id"])["locked"]
    mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]


def test_f8_collecting_goes_on_when_one_item_fails(mover):
    one = mover.characters[0]
    at_postmaster = mover.items(place="postmaster", owner=one, stack_label="")
    lost = [each for each in at_postmaster if each["instance_id"]][:3]
    mover.orders.fault("PullFromPostmaster", error_code=1663, times=1)
    transfer = mover.wish("collect", *(Want(Kind.PULL, each["instance_id"], each["hash"]) for each in lost))
    assert transfer.status == Status.DONE
    assert transfer.message.startswith("2 of 3 are done; 1 could not be.")
    assert sorted(mover.place(each) for each in lost) == sorted([one, one, "postmaster"])


def test_an_equip_that_is_refused_since_it_is_worn_is_believed_only_of_a_profile(mover):
    """A refusal that makes no sense of the profile we have: it may be older than the last thing done in the game."""
    one = mover.characters[0]
    weapon = mover.item(owner=one, bucket=facts.KINETIC, equipped=False)
    mover.orders.fault("EquipItem", error_code=1656, times=1)
    transfer = mover.wish("equip", mover.equipped(weapon, one))
    assert transfer.status == Status.DONE
    assert mover.item(instance_id=weapon["instance_id"])["equipped"]
