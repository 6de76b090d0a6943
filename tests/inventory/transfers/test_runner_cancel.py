"""Cancelled, tried again, undone: what is said of the items is where they are."""

import pytest
from django.db.transaction import atomic

from accounts.models import Membership
from destinyvault.bungie import client
from destinyvault.sandbox import facts
from inventory.transfers import queueing, runner, settling
from inventory.transfers.doubts import AS_SAID
from inventory.transfers.models import Action, Status, StepStatus, Transfer, WaitsFor
from inventory.transfers.queueing import NoWay
from inventory.transfers.settling import QUIET
from inventory.transfers.telling import LOCK_CHANGED
from inventory.transfers.wants import Kind, Want
from tests.manifest.standstill import Beside, until, wait_for_a_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def weapon(weapons):
    return weapons[0]


def named(mover, item):
    answer = mover.browser.get("/api/v1/inventory").json()
    return next(each["name"] for each in answer["items"] if each["id"] == item["instance_id"])


def statuses(mover, transfer):
    return [each.status for each in mover.steps(transfer)]


def test_k10_queued_job_is_cancelled_at_once_and_says_where_the_item_is(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    transfer = queueing.cancel(transfer)
    assert transfer.status == Status.CANCELLED
    assert transfer.message == f"Cancelled. {named(mover, weapon)} is in the vault."
    assert statuses(mover, transfer) == [StepStatus.SKIPPED]
    assert mover.run(transfer).status == Status.CANCELLED
    assert mover.calls() == []


def test_k10_job_is_cancelled_between_its_hops(mover, weapon):
    one, other = mover.characters[:2]
    mover.move(weapon, one)
    transfer = mover.move(weapon, other, run=False)
    mover.orders.fault("TransferItem", delay=0.3, times=1)
    cancel_at = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.RUNNING)
    cancel_at(lambda: queueing.cancel(mover.again(transfer)))
    transfer = mover.run(transfer)
    assert transfer.status == Status.CANCELLED
    assert mover.place(weapon) == "vault"
    assert transfer.message == f"Cancelled. {named(mover, weapon)} is in the vault. {AS_SAID}"
    assert statuses(mover, transfer) == [StepStatus.DONE, StepStatus.SKIPPED]


@pytest.mark.parametrize("begin", ["carried", "moved"])
def test_cancelling_what_is_put_on_together_says_of_each_where_it_is(mover, begin):
    one = mover.characters[0]
    two = [mover.wearable(slot, "vault" if begin == "moved" else one, one) for slot in facts.WEAPON_BUCKETS[:2]]
    mover.know()
    mover.play("activity", character=one, locked=True)
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in two), run=False)
    if begin == "moved":
        assert mover.run(transfer).waits_for == WaitsFor.ACTIVITY
    transfer = queueing.cancel(transfer)
    assert [transfer.message.count(f"{named(mover, each)} is with your") for each in two] == [1, 1]


def test_cancelling_tells_first_of_what_has_left_its_place_and_how_many_more_there_are(mover):
    """The first five of seven are where they were, the sixth is half on its way."""
    one, other = mover.characters[:2]
    ship = next(each for each in mover.site.sandbox.catalog.by_bucket[facts.SHIP] if each.movable)
    items = [mover.play("add", hash=ship.hash, to=one)[0] for _ in range(7)]
    mover.know()
    mover.orders.fault("TransferItem", error_code=1671, times=5)
    mover.orders.fault("TransferItem", maintenance=True, skip=1)
    transfer = mover.run(mover.wish("move", *(mover.moved(each, other) for each in items), run=False))
    assert mover.place(items[5]) == "vault"
    message = queueing.cancel(transfer).message
    assert message.startswith(f"Cancelled. {named(mover, items[5])} is in the vault. ")
    assert message.count("is with your") == 4
    assert "The page of this transfer tells of 2 more." in message


def test_cancelling_says_of_all_places_where_a_stack_is_that_was_to_be_put_together(mover):
    stack = mover.plain_stack(5)
    mover.play("add", hash=stack["hash"], quantity=2, to=mover.characters[0])
    mover.know()
    wish = Want(Kind.CONSOLIDATE, None, stack["hash"], to="vault")
    message = queueing.cancel(mover.wish("consolidate", wish, run=False)).message
    assert message.endswith(" is in the vault and in what all your characters share.")


def test_cancelling_says_once_that_no_more_room_is_made(mover):
    one = mover.characters[0]
    for slot in facts.WEAPON_BUCKETS:
        mover.play("fill", where=slot, character=one)
    mover.know()
    wishes = [Want(Kind.ROOM, item_hash=slot, quantity=1, to=one) for slot in facts.WEAPON_BUCKETS]
    assert queueing.cancel(mover.wish("room", *wishes, run=False)).message == "Cancelled. No more room is made."


def test_f10_collecting_stops_at_the_next_step(mover, weapons):
    transfer = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    cancel_at = mover.when(lambda: mover.steps(transfer)[1].status == StepStatus.RUNNING)
    cancel_at(lambda: queueing.cancel(mover.again(transfer)))
    transfer = mover.run(transfer)
    assert transfer.status == Status.CANCELLED
    assert statuses(mover, transfer) == [StepStatus.DONE, StepStatus.DONE, StepStatus.SKIPPED]
    assert len(mover.calls()) == 2
    assert transfer.message == f"Cancelled. {named(mover, weapons[2])} is in the vault. {AS_SAID}"


def test_parked_job_is_cancelled_at_once(mover, weapon):
    mover.orders.fault("*", maintenance=True)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert transfer.status == Status.PARKED
    assert queueing.cancel(transfer).status == Status.CANCELLED


def test_answer_that_is_lost_is_found_out_before_a_job_is_cancelled(mover, weapon):
    mover.orders.fault("TransferItem", drop="after", times=1)
    mover.orders.fault("GetProfile", error_code=1618, times=3)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert transfer.waits_for == WaitsFor.SILENT
    transfer = queueing.cancel(transfer)
    assert transfer.status == Status.PARKED
    transfer = mover.until_it_ends(transfer)
    assert transfer.status == Status.CANCELLED
    assert transfer.message == "Cancelled, but everything was done already."


def test_cancelled_in_maintenance_with_a_lost_answer_says_that_it_is_not_known(mover, weapon):
    mover.orders.fault("TransferItem", drop="after", times=1)
    mover.orders.fault("*", maintenance=True)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    mover.let_it_wait(transfer)
    queueing.cancel(transfer)
    transfer = mover.run(transfer)
    assert transfer.status == Status.CANCELLED
    assert "as far as Bungie has told" in transfer.message
    assert statuses(mover, transfer) == [StepStatus.UNKNOWN]


def test_cancelled_job_lasts_until_its_last_call_is_over_and_the_next_one_sends_nothing_before(
    mover, weapons, monkeypatch
):
    """The client has given it up, Bungie is still at it, and no profile can be read that would show it."""
    monkeypatch.setattr(client, "ACTION_SECONDS", 0.5)
    mover.orders.fault("TransferItem", delay=4, times=1)
    mover.orders.fault("GetProfile", html=503)
    first, second = (mover.move(each, mover.characters[0], run=False) for each in weapons[:2])
    first = mover.run(first)
    assert statuses(mover, first) == [StepStatus.UNKNOWN]
    queueing.cancel(first)
    second = mover.run(second)
    first = mover.again(first)
    assert (first.status, first.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    assert statuses(mover, second) == [StepStatus.WAITING]
    until(lambda: mover.place(weapons[0]) == mover.characters[0])
    mover.let_it_wait(first, seconds=QUIET.total_seconds())
    assert mover.run(first).status == Status.CANCELLED
    mover.orders.clear_faults()
    assert mover.until_it_ends(second).status == Status.DONE
    assert max(mover.orders.actions()["most_in_flight"].values()) == 1


def test_lock_that_is_owed_by_a_cancelled_job_is_a_last_call_too(mover, weapon):
    mover.play("add", hash=weapon["hash"], to="vault", state=1)
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    mover.orders.fault("SetItemLockState", maintenance=True, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert statuses(mover, transfer) == [StepStatus.DONE, StepStatus.WAITING]
    queueing.cancel(transfer)
    mover.orders.fault("SetItemLockState", drop="before", times=1)
    transfer = mover.run(transfer)
    assert statuses(mover, transfer) == [StepStatus.DONE, StepStatus.UNKNOWN]
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER)
    transfer = mover.until_it_ends(transfer)
    assert statuses(mover, transfer) == [StepStatus.DONE, StepStatus.FAILED]
    assert (transfer.status, LOCK_CHANGED in transfer.message) == (Status.CANCELLED, True)


def test_cancelled_job_ends_although_bungie_goes_on_leaving_out_what_would_show_its_last_call(
    mover, weapon, monkeypatch
):
    monkeypatch.setattr(settling, "QUIET", settling.OVER)  # it cannot be at Bungie any more
    mover.site.drop(mover.guardian, 205)
    mover.orders.fault("TransferItem", drop="before", times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    queueing.cancel(transfer)
    mover.let_time_pass()
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ANSWER), "it may show it at any moment"
    monkeypatch.setattr(runner, "PATIENCE", settling.OVER)  # that was long ago
    transfer = mover.run(transfer)
    assert (transfer.status, statuses(mover, transfer)) == (Status.CANCELLED, [StepStatus.UNKNOWN])
    assert "as far as Bungie has told" in transfer.message


def test_job_that_has_ended_is_not_cancelled(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0])
    assert queueing.cancel(transfer).status == Status.DONE


def test_retry_takes_up_what_is_left_as_a_job_of_its_own(mover, weapons):
    transfer = mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in weapons), run=False)
    mover.orders.fault("TransferItem", error_code=1660, times=1)
    transfer = mover.run(transfer)
    assert (transfer.status, len(transfer.refusals)) == (Status.DONE, 1)
    assert transfer.message.startswith("2 of 3 are done; 1 could not be. Bungie refused: it cannot be moved.")
    again = queueing.retry(mover.player, transfer)
    assert (again.retries, again.action) == (transfer, Action.MOVE)
    assert len(mover.steps(again)) == len(again.wants) == 1
    assert mover.run(again).status == Status.DONE
    assert [mover.place(each) for each in weapons] == [mover.characters[0]] * 3


def test_retry_of_a_cancelled_job_takes_all_of_it_up(mover, weapon):
    transfer = queueing.cancel(mover.move(weapon, mover.characters[0], run=False))
    again = queueing.retry(mover.player, transfer)
    assert mover.run(again).status == Status.DONE
    assert mover.place(weapon) == mover.characters[0]


def test_several_retries_of_one_job_move_a_stack_once(mover):
    stack, one = mover.plain_stack(9), mover.characters[0]
    wish = mover.moved(stack, one, quantity=3, source="vault")
    transfer = queueing.cancel(mover.wish("move", wish, run=False))
    first = queueing.retry(mover.player, transfer, "one tab")
    assert queueing.retry(mover.player, transfer, "another") == first
    mover.until_it_ends(first)
    assert queueing.retry(mover.player, transfer) == first
    with pytest.raises(NoWay, match=f"tried again already, or is about to be, by transfer {first.pk}"):
        queueing.retry_order(mover.player, transfer)
    assert mover.amounts(stack) == {"account": 3, "vault": 6}


def test_a_retry_that_was_given_up_is_gone_on_with(mover):
    """By whichever of the two it is asked for: what it has moved is not moved again."""
    stack, one = mover.plain_stack(9), mover.characters[0]
    transfer = queueing.cancel(mover.wish("move", mover.moved(stack, one, quantity=6, source="vault"), run=False))
    first = queueing.cancel(queueing.retry(mover.player, transfer))
    first.wants = [first.wants[0] | {"moved": 4}]
    first.save()
    second = queueing.retry(mover.player, transfer)
    assert (second.retries, queueing.retry(mover.player, first)) == (first, second)
    mover.until_it_ends(second)
    assert mover.amounts(stack) == {"account": 2, "vault": 7}


@pytest.fixture
def undone(mover, weapon):
    """A job was cancelled after three of nine were moved, and undone."""
    stack, one = mover.plain_stack(9), mover.characters[0]
    wants = mover.moved(stack, one, quantity=3, source="vault"), mover.moved(weapon, one)
    transfer = mover.wish("move", *wants, run=False)
    cancel_at = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.DONE)
    cancel_at(lambda: queueing.cancel(mover.again(transfer)))
    transfer = mover.run(transfer)
    undo = mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert (transfer.status, undo.status, mover.amounts(stack)) == (Status.CANCELLED, Status.DONE, {"vault": 9})
    return stack, transfer, undo


def test_retry_of_what_was_undone_moves_all_of_it_again(mover, weapon, undone):
    stack, transfer, _ = undone
    again = mover.until_it_ends(queueing.retry(mover.player, transfer))
    assert (again.status, again.message) == (Status.DONE, "All 2 are done.")
    assert mover.place(weapon) == mover.characters[0]
    assert mover.amounts(stack) == {"account": 3, "vault": 6}


def test_retry_after_an_undo_that_was_itself_undone_moves_the_rest_alone(mover, weapon, undone):
    stack, transfer, undo = undone
    mover.until_it_ends(queueing.undo(mover.player, undo))
    assert mover.amounts(stack) == {"account": 3, "vault": 6}
    mover.until_it_ends(queueing.retry(mover.player, transfer))
    assert (mover.place(weapon), mover.amounts(stack)) == (mover.characters[0], {"account": 3, "vault": 6})


def test_what_was_undone_before_one_retry_is_not_taken_off_at_the_next(mover, undone):
    stack, transfer, _ = undone
    mover.orders.fault("TransferItem", skip=1, maintenance=True, times=1)
    again = mover.run(queueing.retry(mover.player, transfer))
    assert queueing.cancel(again).status == Status.CANCELLED
    assert mover.amounts(stack) == {"account": 3, "vault": 6}
    mover.until_it_ends(queueing.retry(mover.player, transfer))
    assert mover.amounts(stack) == {"account": 3, "vault": 6}


def test_nothing_is_tried_again_while_it_is_about_to_be_undone(mover, weapons):
    wants = [mover.moved(each, mover.characters[0]) for each in weapons]
    mover.orders.fault("TransferItem", error_code=1660, times=1)
    transfer = mover.wish("move", *wants)
    undo = queueing.undo(mover.player, transfer)
    with pytest.raises(NoWay, match=f"about to be undone by transfer {undo.pk}"):
        queueing.retry(mover.player, transfer)
    queueing.cancel(undo)
    assert queueing.retry(mover.player, transfer).retries == transfer


def cancelled_in_the_dark(mover, transfer, operation="TransferItem", drop="after"):
    """Its call gets no answer, Bungie shows nothing, and the person does not wait for that."""
    mover.orders.fault(operation, drop=drop, times=1)
    mover.orders.fault("GetProfile", html=503)
    mover.run(transfer)
    mover.let_it_wait(transfer)
    transfer = mover.run(queueing.cancel(transfer))
    mover.orders.clear_faults()
    assert (transfer.status, statuses(mover, transfer)) == (Status.CANCELLED, [StepStatus.UNKNOWN])
    return transfer


def test_cancelled_with_a_lost_answer_says_of_what_was_to_be_worn_too_that_it_is_not_known(mover):
    one, kinds = mover.characters[0], mover.site.sandbox.catalog.by_hash
    plain = [
        each for each in mover.items(place="vault") if each["hash"] in kinds and not kinds[each["hash"]].equip_label
    ]
    two = [next(each for each in plain if each["home"] == slot) for slot in facts.WEAPON_BUCKETS[:2]]
    mover.wish("move", *(mover.moved(each, one) for each in two))
    mover.know()
    transfer = mover.wish("equip", *(mover.equipped(each, one) for each in two), run=False)
    transfer = cancelled_in_the_dark(mover, transfer, "EquipItems")
    assert "as far as Bungie has told" in transfer.message


@pytest.fixture
def given_up(mover, request):
    """A job that was to move three of nine."""
    stack = mover.plain_stack(9)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=3, source="vault"), run=False)
    return stack, cancelled_in_the_dark(mover, transfer, drop=request.getfixturevalue("drop"))


@pytest.mark.parametrize("drop", ["before", "after"])
def test_cancelled_with_a_lost_answer_says_of_a_stack_too_that_it_is_not_known(given_up, drop):
    assert given_up[1].message.endswith(
        "is in the vault as far as Bungie has told: the answer to the last call was lost."
    )


@pytest.mark.parametrize(("drop", "sent"), [("before", 2), ("after", 1)])
def test_retry_of_a_stack_whose_answer_was_lost_finds_out_first_and_moves_it_once(mover, given_up, drop, sent):
    stack, transfer = given_up
    planned = queueing.preview(mover.player, queueing.retry_order(mover.player, transfer)).steps
    assert [(each.kind, each.quantity) for each in planned] == [("to_character", 3)]
    again = queueing.retry(mover.player, transfer)
    assert statuses(mover, again) == [StepStatus.UNKNOWN]
    again = mover.until_it_ends(again)
    assert (again.status, again.message) == (Status.DONE, "Done.")
    assert mover.amounts(stack) == {"account": 3, "vault": 6}
    assert len(mover.calls()) == sent
    assert statuses(mover, transfer) == [StepStatus.UNKNOWN], "what has ended stays as it was written down"


@pytest.mark.parametrize("drop", ["after"])
def test_what_a_retry_found_out_of_a_lost_answer_can_be_undone(mover, given_up, drop):
    stack, transfer = given_up
    again = mover.until_it_ends(queueing.retry(mover.player, transfer))
    mover.until_it_ends(queueing.undo(mover.player, again))
    assert mover.amounts(stack) == {"vault": 9}


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_retry_that_is_given_up_before_it_found_out_leaves_that_to_the_next(mover, given_up, drop):
    stack, transfer = given_up
    mover.orders.fault("GetProfile", html=503)
    first = mover.run(queueing.cancel(queueing.retry(mover.player, transfer)))
    mover.orders.clear_faults()
    assert (first.status, statuses(mover, first)) == (Status.CANCELLED, [StepStatus.UNKNOWN])
    assert mover.until_it_ends(queueing.retry(mover.player, transfer)).status == Status.DONE
    assert mover.amounts(stack) == {"account": 3, "vault": 6}


def test_an_undo_that_was_given_up_with_a_lost_answer_brings_a_stack_back_once(mover, moved):
    stack, transfer = moved
    cancelled_in_the_dark(mover, queueing.undo(mover.player, transfer))
    assert mover.until_it_ends(queueing.undo(mover.player, transfer)).status == Status.DONE
    assert mover.amounts(stack) == {"account": 8, "vault": 4}


@pytest.mark.parametrize("again", [queueing.retry, queueing.retry_order, queueing.undo, queueing.undo_order])
def test_what_goes_on_is_neither_tried_again_nor_undone(mover, weapon, again):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    with pytest.raises(NoWay, match="has not ended yet"):
        again(mover.player, transfer)
    assert Transfer.objects.get() == transfer


def test_retry_of_what_is_done_has_nothing_to_do(mover, weapon):
    with pytest.raises(NoWay):
        queueing.retry(mover.player, mover.move(weapon, mover.characters[0]))


def test_retry_of_a_parked_job_tries_it_now(mover, weapon):
    mover.orders.fault("TransferItem", maintenance=True, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert queueing.try_now(transfer) == transfer
    assert mover.run(transfer).status == Status.DONE


def test_undo_is_the_way_back_and_shows_its_plan_first(mover, weapon):
    one, other = mover.characters[:2]
    mover.move(weapon, one)
    transfer = mover.move(weapon, other)
    order = queueing.undo_order(mover.player, transfer)
    assert [each.kind for each in queueing.preview(mover.player, order).steps] == ["to_vault", "to_character"]
    undo = mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert (undo.action, undo.undoes, undo.status) == (Action.UNDO, transfer, Status.DONE)
    assert mover.place(weapon) == one


def test_undo_brings_back_as_much_of_a_stack_as_was_moved(mover):
    stack = mover.plain_stack(9)
    transfer = mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"))
    assert mover.amounts(stack) == {"account": 4, "vault": 5}
    undo = mover.until_it_ends(queueing.undo(mover.player, transfer))
    assert undo.status == Status.DONE
    assert mover.amounts(stack) == {"vault": 9}


@pytest.fixture
def moved(mover):
    """Four of the eight that all characters share were moved to the four in the vault."""
    stack = mover.plain_stack(12)
    mover.wish("move", mover.moved(stack, mover.characters[0], quantity=8, source="vault"))
    transfer = mover.wish("move", mover.moved(stack, "vault", quantity=4, source="account"))
    assert mover.amounts(stack) == {"account": 4, "vault": 8}
    return stack, transfer


def test_several_undos_of_one_job_bring_a_stack_back_once(mover, moved):
    stack, transfer = moved
    first = queueing.undo(mover.player, transfer, "one tab")
    assert queueing.undo(mover.player, transfer, "another") == first
    mover.until_it_ends(first)
    assert queueing.undo(mover.player, transfer) == first
    assert mover.amounts(stack) == {"account": 8, "vault": 4}
    assert not queueing.can_be_undone(transfer, transfer.steps.all())


def test_an_undo_that_was_given_up_is_gone_on_with(mover, moved):
    stack, transfer = moved
    first = queueing.cancel(queueing.undo(mover.player, transfer))
    first.wants = [first.wants[0] | {"moved": 3}]
    first.save()
    assert queueing.can_be_undone(transfer, transfer.steps.all())
    assert [
        each.quantity for each in queueing.preview(mover.player, queueing.undo_order(mover.player, transfer)).steps
    ] == [1]
    second = queueing.undo(mover.player, transfer)
    assert (second.undoes, second.retries, queueing.retry(mover.player, first)) == (transfer, first, second)
    mover.until_it_ends(second)
    assert mover.amounts(stack) == {"account": 5, "vault": 7}


def test_two_undos_at_the_same_moment_are_one(mover, moved):
    """The second click comes while the first is still being planned."""
    _, transfer = moved
    order = queueing.undo_order(mover.player, transfer)
    first = queueing.undo(mover.player, transfer)
    assert queueing.enqueue(mover.player, order) == first


@pytest.mark.django_db(transaction=True)
def test_two_undos_from_two_servers_at_once_are_one(mover, moved):
    _, transfer = moved
    with atomic():
        Membership.objects.select_for_update(no_key=True).get(pk=mover.membership.pk)
        clicks = [Beside(queueing.undo, mover.player, transfer) for _ in range(2)]
        until(lambda: wait_for_a_row() == 2)
    for each in clicks:
        each.join()
    assert transfer.undone_by.count() == 1


def test_undo_brings_back_what_was_consolidated(mover):
    stack = mover.plain_stack(9)
    mover.wish("move", mover.moved(stack, mover.characters[0], quantity=4, source="vault"))
    transfer = mover.wish("consolidate", Want(Kind.CONSOLIDATE, None, stack["hash"], to="vault"))
    assert (transfer.status, mover.amounts(stack)) == (Status.DONE, {"vault": 9})
    assert mover.until_it_ends(queueing.undo(mover.player, transfer)).status == Status.DONE
    assert mover.amounts(stack) == {"account": 4, "vault": 5}


def test_nothing_that_was_not_done_can_be_undone(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    transfer = queueing.cancel(transfer)
    with pytest.raises(NoWay, match="Nothing of this can be undone"):
        queueing.undo(mover.player, transfer)
