"""A job ends: nothing is sent for ever, no worker dies of it for ever, and what is owed is done or told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import BungieAccount, User
from destinyvault.bungie import budget
from destinyvault.sandbox import facts
from inventory.transfers import queueing, whereabouts
from inventory.transfers.doubts import AS_SAID
from inventory.transfers.models import Status, StepStatus, Transfer, WaitsFor
from inventory.transfers.runner import MISTAKE, MOST_TAKEOVERS
from inventory.transfers.sweeping import GIVEN_UP, sweep
from inventory.transfers.telling import LOCK_CHANGED
from inventory.transfers.verdicts import FURTHER_TRIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def weapon(mover):
    """Unlocked, beside another copy whose lock it may take over when it is moved."""
    found = mover.item(place="vault", home=facts.KINETIC)
    mover.play("add", hash=found["hash"], to="vault", state=1)
    mover.play("lock", item=found["instance_id"], state=False)
    mover.know()
    return found


def is_locked(mover, item):
    return mover.item(instance_id=item["instance_id"])["locked"]


def statuses(mover, transfer, **wanted):
    return [each.status for each in mover.steps(transfer, **wanted)]


def test_lock_that_an_activity_forbids_to_put_right_is_asked_for_once_and_waits(mover, weapon):
    mover.orders.fault("SetItemLockState", error_code=1671)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    assert (transfer.status, transfer.waits_for) == (Status.PARKED, WaitsFor.ACTIVITY)
    assert len(mover.calls(operation="SetItemLockState")) == 1
    mover.orders.clear_faults()
    assert mover.until_it_ends(transfer).status == Status.DONE
    assert not is_locked(mover, weapon)


@pytest.mark.parametrize("code", [1643, 1645, 1651, 1652, 1688])
def test_k11_lock_is_put_right_after_an_answer_that_tells_nothing(mover, weapon, code):
    mover.orders.fault("SetItemLockState", error_code=code, times=1)
    assert mover.move(weapon, mover.characters[0]).status == Status.DONE
    assert not is_locked(mover, weapon)


def test_what_is_never_answered_and_never_done_is_given_up_and_the_rest_goes_on(mover, weapon):
    other = mover.items(place="vault", home=facts.ENERGY)[0]
    one = mover.characters[0]
    mover.orders.fault("TransferItem", error_code=1651, times=FURTHER_TRIES + 1)
    transfer = mover.wish("move", mover.moved(weapon, one), mover.moved(other, one))
    assert transfer.status == Status.DONE
    assert transfer.message.startswith("1 of 2 are done; 1 could not be. Bungie was asked for it again and again")
    assert (mover.place(weapon), mover.place(other)) == ("vault", one)
    assert len(mover.calls(operation="TransferItem")) == FURTHER_TRIES + 2


def test_call_that_was_cancelled_while_it_waited_for_its_turn_was_never_sent(mover, weapon, monkeypatch):
    mover.orders.fault("TransferItem", error_code=51, throttle_seconds=8, times=1)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    mover.let_it_wait(transfer)
    monkeypatch.setattr(budget, "ACTION_PATIENCE", 12)
    noted = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.RUNNING)
    noted(lambda: queueing.cancel(mover.again(transfer)))
    transfer = mover.run(transfer)
    assert transfer.status == Status.CANCELLED
    assert "lost" not in transfer.message
    assert statuses(mover, transfer, kind="to_character") == [StepStatus.SKIPPED]
    assert len(mover.calls()) == 1


def test_cancelling_puts_the_lock_right_of_what_was_moved_already(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    cancel_at = mover.when(lambda: statuses(mover, transfer, kind="to_character") == [StepStatus.RUNNING])
    cancel_at(lambda: queueing.cancel(mover.again(transfer)))
    transfer = mover.run(transfer)
    assert transfer.status == Status.CANCELLED
    assert mover.place(weapon) == mover.characters[0]
    assert not is_locked(mover, weapon)
    assert LOCK_CHANGED not in transfer.message


def test_cancelling_a_job_that_waits_says_that_its_lock_could_not_be_put_right(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.orders.fault("SetItemLockState", maintenance=True)
    transfer = mover.run(transfer)
    assert transfer.waits_for == WaitsFor.MAINTENANCE
    transfer = mover.run(queueing.cancel(transfer))
    assert transfer.status == Status.CANCELLED
    assert transfer.message.endswith(LOCK_CHANGED)


def test_job_that_cannot_even_be_read_ends_and_the_next_one_goes_on(mover, weapon):
    broken = mover.move(weapon, mover.characters[0], run=False)
    other = mover.move(mover.items(place="vault", home=facts.ENERGY)[0], mover.characters[0], run=False)
    Transfer.objects.filter(pk=broken.pk).update(wants=[{"kind": "nonsense"}])
    assert mover.run(broken).message == MISTAKE
    assert mover.until_it_ends(other).status == Status.DONE


def test_cancelling_ends_a_job_of_which_nothing_can_be_said(mover, weapon, monkeypatch):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.orders.fault("TransferItem", drop="before", times=1)
    transfer = mover.run(transfer)

    def broken(*_):
        raise ZeroDivisionError

    queueing.cancel(transfer)
    monkeypatch.setattr(whereabouts, "cancelled", broken)
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, transfer.message) == (Status.FAILED, MISTAKE)


@pytest.fixture
def halfway(mover):
    """An item on its way from one character to another, in the vault, while the job waits."""
    one, other = mover.characters[:2]
    item = mover.wearable(facts.SHIP, one, one)
    mover.know()
    mover.orders.fault("TransferItem", maintenance=True, skip=1)
    transfer = mover.run(mover.move(item, other, run=False))
    assert (transfer.waits_for, mover.place(item)) == (WaitsFor.MAINTENANCE, "vault")
    return transfer


def after_a_week(mover, transfer):
    mover.let_it_wait(transfer, seconds=7 * 86400 + 60)
    sweep()
    return mover.again(transfer)


def test_job_that_is_given_up_says_where_its_item_is(mover, halfway):
    transfer = after_a_week(mover, halfway)
    assert transfer.status == Status.FAILED
    assert transfer.message.startswith("Given up after a week of waiting. ")
    assert transfer.message.removesuffix(f" {AS_SAID}").endswith(" is in the vault.")
    assert "Cancelled" not in transfer.message


def test_what_is_refused_for_good_in_the_middle_of_its_way_says_where_it_is_now(mover, halfway):
    mover.orders.clear_faults()
    mover.orders.fault("TransferItem", error_code=1663)
    transfer = mover.until_it_ends(halfway)
    assert transfer.status == Status.FAILED
    assert transfer.message.endswith(" It is in the vault now.")
    assert transfer.refusals[0]["message"] == transfer.message
    assert mover.browser.get(f"/api/v1/transfers/{transfer.pk}").json()["refusals"] == transfer.refusals


def test_what_was_moved_and_can_never_be_worn_says_where_it_is_now(mover, weapon):
    one, other = mover.characters[0], mover.wearable(facts.ENERGY, mover.characters[0], mover.characters[0])
    mover.know()
    mover.orders.fault("EquipItem", error_code=1638)
    wants = mover.equipped(weapon, one), mover.equipped(other, one)
    mover.orders.fault("EquipItems", error_code=1638)
    transfer = mover.wish("equip", *wants)
    moved, stayed = (each["message"] for each in transfer.refusals)
    assert mover.place(weapon) == one
    assert "It is with your " in moved
    assert "now." not in stayed


def test_job_that_is_given_up_says_that_a_lock_could_not_be_put_right(mover, weapon):
    mover.orders.fault("SetItemLockState", maintenance=True)
    transfer = mover.run(mover.move(weapon, mover.characters[0], run=False))
    transfer = after_a_week(mover, transfer)
    assert transfer.message == f"{GIVEN_UP} {LOCK_CHANGED}"


def test_job_of_which_nothing_can_be_said_is_given_up_all_the_same_and_others_beside_it(mover, halfway):
    other = mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    other = mover.run(other)
    Transfer.objects.filter(pk=halfway.pk).update(wants=[{"kind": "nonsense"}])
    mover.let_it_wait(other, seconds=8 * 86400)
    assert after_a_week(mover, halfway).message == GIVEN_UP
    assert mover.again(other).message.startswith(f"{GIVEN_UP} ")


def test_job_of_a_locked_account_says_where_its_item_is(mover, halfway):
    User.objects.filter(bungie__membership_id=mover.guardian).update(is_active=False)
    mover.let_it_wait(halfway)
    transfer = mover.run(halfway)
    assert transfer.status == Status.FAILED
    assert transfer.message.startswith("The owner of this site has locked your account here. ")
    assert transfer.message.removesuffix(f" {AS_SAID}").endswith(" is in the vault.")


def test_job_whose_workers_die_one_after_the_other_is_ended(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    left = Transfer.objects.filter(pk=transfer.pk)
    left.update(status=Status.RUNNING, worker="dead", takeovers=MOST_TAKEOVERS)
    transfer = mover.run(transfer)
    assert (transfer.status, transfer.message) == (Status.FAILED, MISTAKE)
    assert mover.calls() == []


def test_progress_forgets_the_workers_that_died(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    Transfer.objects.filter(pk=transfer.pk).update(status=Status.RUNNING, worker="dead", takeovers=3)
    assert mover.until_it_ends(transfer).takeovers == 0


def test_waiting_counts_on_whatever_is_waited_for_next(mover, weapon):
    """Maintenance every Tuesday does not keep a job waiting for ever."""
    transfer = mover.move(weapon, mover.characters[0], run=False)
    mover.orders.fault("TransferItem", html=403)
    since = mover.run(transfer).parked_at
    mover.orders.clear_faults()
    mover.orders.fault("TransferItem", maintenance=True)
    Transfer.objects.filter(pk=transfer.pk).update(not_before=None)
    transfer = mover.run(transfer)
    assert (transfer.waits_for, transfer.parked_at) == (WaitsFor.MAINTENANCE, since)


def test_sign_in_during_the_last_try_is_not_missed(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0], run=False)
    sign_in_at = mover.when(lambda: mover.again(transfer).status == Status.RUNNING)
    sign_in_at(lambda: BungieAccount.objects.update(signed_in_at=timezone.now() + timedelta(milliseconds=1)))
    mover.orders.fault("TransferItem", error_code=1666, times=1)
    transfer = mover.run(transfer)
    assert transfer.waits_for == WaitsFor.SIGN_IN
    assert mover.run(transfer).status == Status.DONE


def test_job_that_is_done_says_that_a_lock_could_not_be_put_right(mover, weapon):
    mover.orders.fault("SetItemLockState", error_code=1663)
    transfer = mover.move(weapon, mover.characters[0])
    assert transfer.status == Status.DONE
    assert is_locked(mover, weapon)
    assert transfer.message == f"Done. {LOCK_CHANGED}"
