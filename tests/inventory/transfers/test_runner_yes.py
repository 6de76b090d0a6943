"""Bungie's yes is believed once it shows what was done; a profile that is merely old is no disagreement (#770)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from destinyvault.bungie import budget
from destinyvault.models import BungieSlot
from destinyvault.sandbox import facts
from inventory.transfers.doubts import AS_SAID, PATIENCE
from inventory.transfers.models import Status, StepStatus, WaitsFor
from inventory.transfers.parking import DOUBTED, SENTENCES
from inventory.transfers.rounds import IN_VAIN, NOTHING_CAME
from inventory.transfers.verdicts import FURTHER_TRIES
from inventory.transfers.wants import Kind, Want

pytestmark = pytest.mark.django_db
LATE = {"lag": 600}  # unless the test says before that it is time


def effects(mover):
    return sum(each["effect"] for each in mover.calls())


def stood(mover, transfer):
    return [(each.kind, each.status) for each in mover.steps(transfer)]


def queue_at_bungie(seconds):
    """Somebody's turn begins that far ahead."""
    free_at = timezone.now() + timedelta(seconds=seconds + budget.SLOT_SECONDS)
    BungieSlot.objects.filter(number=1).update(free_at=free_at)


def test_job_is_done_when_a_profile_made_since_shows_it(mover, weapon):
    asked = mover.site.calls()
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.message) == (Status.DONE, "Done.")
    assert mover.site.calls() == asked + 1, "one look for the whole job"


def test_yes_without_an_effect_is_found_out_told_and_done_anew(mover, weapon):
    mover.orders.fault("TransferItem", no_effect=True, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for, transfer.message) == (Status.PARKED, WaitsFor.ANSWER, DOUBTED)
    assert stood(mover, transfer) == [("to_character", StepStatus.UNKNOWN)]
    assert mover.shown(weapon) == "vault", "what Bungie shows is shown"
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, transfer.message) == (Status.DONE, "Done.")
    assert [(each.status, each.message) for each in mover.steps(transfer)] == [
        (StepStatus.FAILED, NOTHING_CAME),
        (StepStatus.DONE, ""),
    ]
    assert (mover.place(weapon), effects(mover)) == (mover.characters[0], 1)


@pytest.mark.parametrize("fault", [{"no_effect": True}, LATE], ids=["none", "late"])
def test_refusal_that_contradicts_an_earlier_yes_is_decided_by_a_profile_made_since(mover, fault):
    one = mover.characters[0]
    worn = mover.item(owner=one, home=facts.KINETIC, equipped=True)
    transfer = mover.move(worn, "vault", run=False)
    mover.orders.fault("EquipItem", times=1, **fault)
    mover.orders.fault("GetProfile", stale=True, times=1)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert [each["operation"] for each in mover.calls()] == ["EquipItem", "TransferItem"]
    if fault == LATE:
        assert mover.orders.late_effects() == 1
        assert not mover.item(instance_id=worn["instance_id"])["equipped"]
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, mover.place(worn)) == (Status.DONE, "vault")
    done = [each.kind for each in mover.steps(transfer, status=StepStatus.DONE) if each.why != "same_lock"]
    assert sorted(done) == ["equip", "to_vault"]
    assert [each["effect"] for each in mover.calls(operation="EquipItem")].count(True) == 1


def test_effect_that_lags_behind_its_answer_is_waited_for_and_not_sent_again(mover, weapon):
    mover.orders.fault("TransferItem", **LATE, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert mover.orders.late_effects() == 1
    assert mover.place(weapon) == mover.characters[0]
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert stood(mover, transfer) == [("to_character", StepStatus.DONE)]
    assert len(mover.calls()) == 1


def test_hop_whose_effect_lags_is_not_done_twice_when_the_next_one_is_refused(mover, weapon):
    one, other = mover.characters[:2]
    mover.move(weapon, one)
    mover.orders.clear_actions()
    mover.orders.fault("TransferItem", **LATE, times=1)
    transfer = mover.run(mover.move(weapon, other, run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert mover.orders.late_effects() == 1
    assert mover.place(weapon) == "vault"
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, mover.place(weapon), effects(mover)) == (Status.DONE, other, 2)
    assert [(each["to"], each["code"]) for each in mover.calls()] == [("vault", 1), (other, 1623), (other, 1)]


@pytest.mark.parametrize("fault", [{"no_effect": True}, LATE], ids=["none", "late"])
def test_some_of_a_stack_is_moved_once_whatever_becomes_of_the_yes(mover, fault):
    one, stack = mover.characters[0], mover.plain_stack(9)
    moves = [mover.moved(stack, one, quantity=each, source="vault") for each in (4, 2)]
    mover.orders.fault("TransferItem", times=1, **fault)
    transfer = mover.run(mover.wish("move", *moves, run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert [each["moved"] for each in transfer.wants] == [0, 2]
    if fault == LATE:
        assert mover.orders.late_effects() == 1
        assert mover.amounts(stack) == {"account": 6, "vault": 3}
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.DONE
    assert [each["moved"] for each in transfer.wants] == [4, 2]
    assert mover.amounts(stack) == {"account": 6, "vault": 3}
    assert effects(mover) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_room_is_made_though_one_of_two_answers_meant_nothing(mover, number):
    one = mover.characters[0]
    mover.play("fill", where=facts.KINETIC, character=one)
    mover.know()
    there = len(mover.items(owner=one, bucket=facts.KINETIC))
    mover.orders.fault("TransferItem", no_effect=True, times=1, skip=number)
    transfer = mover.wish("room", Want(Kind.ROOM, item_hash=facts.KINETIC, quantity=2, to=one))
    assert transfer.status == Status.DONE
    assert len(mover.items(owner=one, bucket=facts.KINETIC)) == there - 2


@pytest.mark.parametrize("number", [0, 1])
def test_all_of_two_stacks_arrives_though_one_of_two_answers_meant_nothing(mover, number):
    stack = mover.plain_stack(9)
    most = mover.site.sandbox.catalog.by_hash[stack["hash"]].stack
    mover.play("add", hash=stack["hash"], quantity=most, to="vault")
    mover.know()
    mover.orders.fault("TransferItem", no_effect=True, times=1, skip=number)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], source="vault"))
    assert transfer.status == Status.DONE
    assert mover.amounts(stack) == {"account": 9 + most}


def test_yes_that_never_means_anything_ends_the_wish_after_a_few_tries(mover, weapon):
    mover.orders.fault("TransferItem", no_effect=True)
    transfer = mover.until_it_ends(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.message) == (Status.FAILED, IN_VAIN)
    assert len(mover.calls()) == 1 + FURTHER_TRIES


def test_profile_that_is_merely_old_is_waited_out(mover, weapon):
    mover.orders.fault("GetProfile", stale=True)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SHOWN)
    assert transfer.message == SENTENCES[WaitsFor.SHOWN]
    assert stood(mover, transfer) == [("to_character", StepStatus.DONE)]
    assert mover.shown(weapon) == mover.characters[0]
    mover.orders.clear_faults()
    mover.let_it_wait(transfer, seconds=5)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.message, len(mover.calls())) == (Status.DONE, "Done.", 1)


def test_look_at_the_end_lets_those_go_first_who_wait_for_their_turn(mover, weapon):
    asked = mover.site.calls()
    transfer = mover.move(weapon, mover.characters[0], run=False)
    queue_up = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.DONE)
    queue_up(lambda: queue_at_bungie(seconds=30))
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SHOWN)
    assert mover.site.calls() == asked
    queue_at_bungie(seconds=-30)
    mover.let_it_wait(transfer, seconds=5)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.message, mover.site.calls() - asked) == (Status.DONE, "Done.", 1)


@pytest.mark.parametrize("fault", [{"error_code": 1618}, {"maintenance": True}])
def test_job_ends_truthfully_where_bungie_shows_nothing_newer_for_long(mover, weapon, fault):
    mover.orders.fault("GetProfile", **fault)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.SHOWN)
    mover.let_it_wait(transfer, seconds=PATIENCE.total_seconds())
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.message) == (Status.DONE, f"Done. {AS_SAID}")


def test_sign_in_that_has_ended_at_the_look_does_not_keep_a_done_job_waiting(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    end_at = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.DONE)
    end_at(lambda: mover.orders.end_tokens(mover.guardian))
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.message) == (Status.DONE, f"Done. {AS_SAID}")


def test_next_job_of_the_account_does_not_wait_for_a_look(mover, weapon):
    first = mover.move(weapon, mover.characters[0], run=False)
    second = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    asked = mover.site.calls()
    first = mover.run(first)
    assert (first.status, first.message) == (Status.DONE, f"Done. {AS_SAID}")
    assert mover.site.calls() == asked
    second = mover.run(second)
    assert (second.status, second.message) == (Status.DONE, "Done.")


def test_job_that_waits_to_be_shown_ends_before_the_next_one_takes_its_item_on(mover, weapon):
    mover.orders.fault("GetProfile", stale=True, times=1)
    first = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert first.waits_for == WaitsFor.SHOWN
    second = mover.move(weapon, "vault", run=False)
    mover.run(second)
    assert (mover.again(first).status, mover.again(second).status) == (Status.DONE, Status.QUEUED)
    assert mover.until_it_ends(second).status == Status.DONE
    assert (mover.place(weapon), len(mover.calls())) == ("vault", 2)


def test_who_moves_an_item_on_in_the_game_does_not_get_it_back(mover, weapon):
    one, other = mover.characters[:2]
    transfer = mover.move(weapon, one, run=False)
    move_at = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.DONE)
    move_at(lambda: mover.play("move", item=weapon["instance_id"], to=other))
    transfer = mover.run(transfer)
    assert transfer.status == Status.DONE
    assert (mover.place(weapon), len(mover.calls())) == (other, 1)


@pytest.mark.parametrize("locked", [True, False])
def test_lock_that_did_not_change_is_set_again(mover, weapon, locked):
    mover.play("lock", item=weapon["instance_id"], state=not locked)
    mover.know()
    mover.orders.fault("SetItemLockState", no_effect=True, times=1)
    kind = Kind.LOCK if locked else Kind.UNLOCK
    transfer = mover.wish(kind.value, Want(kind, weapon["instance_id"], weapon["hash"]))
    assert transfer.status == Status.DONE
    assert mover.item(instance_id=weapon["instance_id"])["locked"] == locked
    assert [status for _, status in stood(mover, transfer)] == [StepStatus.FAILED, StepStatus.DONE]


def test_item_that_is_not_worn_after_all_is_equipped_again(mover, weapon):
    mover.orders.fault("EquipItem", no_effect=True, times=1)
    transfer = mover.wish("equip", mover.equipped(weapon, mover.characters[0]))
    assert transfer.status == Status.DONE
    assert mover.item(instance_id=weapon["instance_id"])["equipped"]
    assert stood(mover, transfer) == [
        ("to_character", StepStatus.DONE),
        ("equip", StepStatus.FAILED),
        ("equip", StepStatus.DONE),
    ]


# Clocks


@pytest.mark.parametrize("ahead", [25, 300])
def test_clock_of_bungie_that_is_ahead_does_not_make_anything_be_sent_twice(mover, ahead):
    stack = mover.plain_stack(9)
    mover.orders.advance(ahead)
    mover.orders.fault("TransferItem", drop="before", times=1)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"), run=False)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER), "it may be on its way still"
    assert len(mover.calls()) == 1
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert mover.amounts(stack) == {"account": 4, "vault": 5}


@pytest.mark.parametrize("ahead", [25, -25])
def test_no_older_profile_takes_a_move_back_whatever_bungies_clock_shows(mover, weapon, ahead):
    mover.orders.advance(ahead)
    mover.know()
    mover.orders.fault("GetProfile", stale=True)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert transfer.waits_for == WaitsFor.SHOWN
    assert mover.shown(weapon) == mover.characters[0]


def test_clock_of_bungie_that_is_behind_does_not_keep_a_job_waiting(mover, weapon):
    mover.orders.advance(-25)
    mover.orders.fault("TransferItem", drop="after", times=1)
    started = timezone.now()
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    if transfer.waits_for == WaitsFor.ANSWER:  # within the second that a Date leaves open
        assert transfer.not_before < started + PATIENCE
        mover.let_it_wait(transfer, seconds=6)
        transfer = mover.run(transfer)
    assert (transfer.status, len(mover.calls())) == (Status.DONE, 1)


def test_what_another_job_was_told_yes_for_is_done_by_this_one_where_nothing_came_of_it(mover):
    """The first one ends by Bungie's word, since the second waits; that plans with it, and looks in the end."""
    one, (weapon, other) = mover.characters[0], mover.items(place="vault", home=facts.KINETIC)[:2]
    first = mover.move(weapon, one, run=False)
    second = mover.wish("move", mover.moved(weapon, one), mover.moved(other, one), run=False)
    mover.orders.fault("TransferItem", no_effect=True, times=1)
    assert mover.run(first).message.endswith(AS_SAID)
    assert mover.place(weapon) == "vault"
    assert mover.until_it_ends(second).message == "All 2 are done."
    assert [mover.place(weapon), mover.place(other)] == [one, one]
