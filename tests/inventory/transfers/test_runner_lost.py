"""Lost answers and dead workers: where the item is tells what happened, and nothing is sent twice for it."""

import itertools

import pytest
from django.db import connection

from destinyvault.sandbox import facts
from inventory.transfers.models import Status, StepStatus, WaitsFor
from inventory.transfers.verdicts import FURTHER_TRIES
from inventory.transfers.wants import Kind, Want

pytestmark = pytest.mark.django_db
WRITES = ("UPDATE", "INSERT", "DELETE")


class Killed(BaseException):
    """Nothing of the worker's own code runs after it, but for what gives back the account's lock."""


def effects(mover, item):
    return [each["to"] for each in mover.calls(item=item["instance_id"]) if each["effect"]]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_k2_reply_is_lost_and_the_item_tells_what_happened(mover, weapon, drop):
    mover.orders.fault("TransferItem", drop=drop, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) in [(Status.DONE, ""), (Status.PARKED, WaitsFor.ANSWER)]
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert effects(mover, weapon) == [mover.characters[0]]
    first, *again = mover.steps(transfer)
    if drop == "after":
        assert (first.status, again, len(mover.calls())) == (StepStatus.DONE, [], 1)
    else:
        assert (first.status, again[0].status, len(mover.calls())) == (StepStatus.FAILED, StepStatus.DONE, 2)


def test_k2_that_nothing_happened_is_not_believed_too_early(mover, weapon):
    """Bungie may still be at work on what it has not answered."""
    mover.orders.fault("TransferItem", drop="before", times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    mover.site.account(mover.guardian).forget()
    mover.let_it_wait(transfer, seconds=10)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert len(mover.calls()) == 1


def test_k2_a_profile_from_before_the_call_tells_nothing(mover, weapon):
    mover.orders.fault("TransferItem", drop="after", times=1)
    mover.orders.fault("GetProfile", error_code=1618, times=3)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SILENT)
    assert mover.steps(transfer)[0].status == StepStatus.UNKNOWN
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert len(mover.calls()) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
def test_k2_reply_is_lost_of_a_part_of_a_stack(mover, drop):
    stack = mover.plain_stack(9)
    mover.orders.fault("TransferItem", drop=drop, times=1)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"))
    assert transfer.status == Status.DONE
    assert mover.amounts(stack) == {"account": 4, "vault": 5}
    assert [each["effect"] for each in mover.calls()].count(True) == 1


@pytest.mark.parametrize("code", [2, 3, 38, 42, 1618])
@pytest.mark.parametrize("happened", [False, True])
def test_k2_of_a_stack_bungies_failure_is_no_answer_and_the_amount_tells(mover, code, happened):
    stack = mover.plain_stack(9)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"), run=False)
    mover.orders.fault("TransferItem", error_code=code, times=1)
    if happened:
        sent = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.RUNNING)
        sent(lambda: mover.play("move", hash=stack["hash"], to=mover.characters[0], quantity=4))
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert mover.amounts(stack) == {"account": 4, "vault": 5}
    assert [each["code"] for each in mover.calls()] == ([code] if happened else [code, 1])
    first = mover.steps(transfer)[0]
    assert (first.code, first.status) == (code, StepStatus.DONE if happened else StepStatus.FAILED)


def test_k2_of_a_stack_what_bungie_trips_over_again_and_again_is_put_off_and_settled_each_time(mover):
    stack = mover.plain_stack(9)
    mover.orders.fault("TransferItem", error_code=1618)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"), run=False)
    waited = []
    while waited.count(WaitsFor.SILENT) < 2:
        transfer = mover.run(transfer)
        assert transfer.status == Status.PARKED
        waited.append(transfer.waits_for)
        mover.let_it_wait(transfer, seconds=600)
    assert (len(mover.calls()), mover.amounts(stack)) == (2 + FURTHER_TRIES, {"vault": 9})
    assert [each.status for each in mover.steps(transfer)][FURTHER_TRIES:] == [StepStatus.WAITING]
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.amounts(stack) == {"account": 4, "vault": 5}


def test_k2_items_equipped_together_that_are_never_answered_are_given_up_together(mover):
    one, equippable = mover.characters[0], mover.site.sandbox.catalog.by_hash
    found = {}
    for each in mover.items(place="vault"):
        kind = equippable.get(each["hash"])
        if each["home"] in facts.WEAPON_BUCKETS and kind and kind.equippable and not kind.equip_label:
            found[each["home"]] = each
    for each in found.values():
        mover.play("move", item=each["instance_id"], to=one)
    mover.know()
    for operation in ("EquipItems", "EquipItem"):
        mover.orders.fault(operation, drop="before")
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in found.values()))
    assert transfer.status == Status.FAILED
    assert len(transfer.refusals) == len(found) == 3
    assert [each["operation"] for each in mover.calls()] == ["EquipItems"] * (1 + FURTHER_TRIES)


def test_k2_of_several_parts_of_a_stack_each_goes_once(mover):
    """The first call fails as Bungie says, and has taken effect; the ones behind it are planned again from there."""
    small, one = mover.plain_stack(4), mover.characters[0]
    mover.play("add", hash=small["hash"], quantity=3, to=one)
    mover.know()
    transfer = mover.wish("consolidate", Want(Kind.CONSOLIDATE, None, small["hash"], to="vault"), run=False)
    mover.orders.fault("TransferItem", error_code=3, times=1)
    sent = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.RUNNING)
    sent(lambda: mover.play("move", hash=small["hash"], to="vault", quantity=3))
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.amounts(small) == {"vault": 7}
    assert len(mover.calls()) == 1


def killed_at(number, after):
    """A worker that dies at its nth write of a step: before Postgres has it, or after and before the worker knows."""
    count = itertools.count(1)

    def execute(run, sql, params, many, context):
        counts = sql.startswith(WRITES) and '"inventory_step"' in sql and next(count) == number
        if counts and not after:
            raise Killed
        result = run(sql, params, many, context)
        if counts:
            raise Killed
        return result

    return connection.execute_wrapper(execute)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_k1_worker_dies_at_any_write_and_no_hop_is_done_twice(mover, weapon, after):
    mover.move(weapon, mover.characters[0])
    for number in itertools.count(1):
        here = mover.place(weapon)
        there = next(each for each in mover.characters if each != here)
        transfer = mover.move(weapon, there, run=False)
        mover.orders.clear_actions()
        try:
            with killed_at(number, after):
                mover.run(transfer)
            break
        except Killed:
            pass
        transfer = mover.until_it_ends(transfer)
        assert (transfer.status, mover.place(weapon)) == (Status.DONE, there), number
        assert effects(mover, weapon) == ["vault", there], number
    assert number > 4, "so many writes it takes at least"
