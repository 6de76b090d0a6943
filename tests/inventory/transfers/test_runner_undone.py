"""What a job has done, and somebody undoes before the job has ended, stays undone; its record says what was done."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers import queueing
from inventory.transfers.models import Status, StepStatus, WaitsFor

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(mover):
    """A wish that keeps its job waiting for as long as the first character is in an activity."""
    one = mover.characters[0]
    mover.play("activity", character=one, locked=True)
    return mover.equipped(mover.item(place="vault", home=facts.KINETIC), one)


@pytest.fixture
def pair(mover):
    """A weapon that the second character wears, and one that it could wear as well."""
    two = mover.characters[1]
    kinds = mover.site.sandbox.catalog.by_hash
    spare = mover.items(owner=two, home=facts.ENERGY, equipped=False)
    return mover.item(owner=two, home=facts.ENERGY, equipped=True), next(
        each for each in spare if not kinds[each["hash"]].equip_label
    )


def is_worn(mover, item):
    return mover.item(instance_id=item["instance_id"])["equipped"]


def resumed(mover, transfer):
    """The rest of it, once the character has left its activity; all of it is done then."""
    mover.play("activity", character=mover.characters[0], locked=False)
    mover.let_it_wait(transfer, seconds=300)
    transfer = mover.until_it_ends(transfer)
    assert (transfer.status, transfer.message) == (Status.DONE, f"All {len(transfer.wants)} are done.")
    assert {each.status for each in mover.steps(transfer)} == {StepStatus.DONE}
    return transfer


@pytest.mark.parametrize("by", ["job", "game"])
def test_item_that_is_moved_on_while_the_job_waits_stays_there(mover, late, by):
    two, item = mover.characters[1], mover.item(place="vault", home=facts.ENERGY)
    transfer = mover.run(mover.wish("equip", late, mover.moved(item, two), run=False))
    assert (transfer.waits_for, mover.place(item)) == (WaitsFor.ACTIVITY, two)
    mover.let_it_wait(transfer)
    if by == "job":
        mover.move(item, "vault")
    else:
        mover.play("move", item=item["instance_id"], to="vault")
        mover.know()
    transfer = resumed(mover, transfer)
    assert mover.place(item) == "vault"
    assert len(mover.steps(transfer, item_id=item["instance_id"])) == 1


@pytest.mark.parametrize("by", ["job", "game"])
def test_what_the_person_puts_on_instead_stays_on(mover, late, pair, by):
    two, (old, new) = mover.characters[1], pair
    transfer = mover.run(mover.wish("equip", late, mover.equipped(new, two), run=False))
    assert (transfer.waits_for, is_worn(mover, new)) == (WaitsFor.ACTIVITY, True)
    mover.let_it_wait(transfer)
    if by == "job":
        mover.wish("equip", mover.equipped(old, two))
    else:
        mover.play("equip", item=old["instance_id"])
        mover.know()
    resumed(mover, transfer)
    assert is_worn(mover, old)


def test_next_job_that_comes_before_bungie_has_shown_anything_has_the_last_word(mover, late, pair):
    two, (old, new) = mover.characters[1], pair
    item = mover.item(place="vault", home=facts.POWER)
    transfer = mover.wish("equip", late, mover.equipped(new, two), mover.moved(item, two), run=False)
    done_at = mover.when(lambda: len(mover.steps(transfer, status=StepStatus.DONE)) == 3)
    back = (mover.equipped(old, two), mover.moved(item, "vault"))
    jobs = []
    done_at(lambda: jobs.append(mover.wish("equip", *back, run=False)))
    transfer = mover.run(transfer)
    assert transfer.waits_for == WaitsFor.ACTIVITY
    assert not any(each.found.get("shown") for each in mover.steps(transfer)), "that is what this is about"
    assert mover.until_it_ends(jobs[0]).status == Status.DONE
    mover.know()
    resumed(mover, transfer)
    assert (is_worn(mover, old), mover.place(item)) == (True, "vault")


def test_stack_that_another_job_has_brought_back_does_not_cast_doubt_on_what_follows(mover):
    stack, one = mover.plain_stack(9), mover.characters[0]
    moves = [mover.moved(stack, one, quantity=3, source="vault") for _ in range(2)]
    transfer = mover.wish("move", *moves, run=False)
    halt_at = mover.when(lambda: mover.steps(transfer)[0].status == StepStatus.DONE)
    halt_at(lambda: mover.orders.fault("TransferItem", maintenance=True))
    transfer = mover.run(transfer)
    assert (transfer.waits_for, mover.amounts(stack)) == (WaitsFor.MAINTENANCE, {"account": 3, "vault": 6})
    mover.orders.clear_faults()
    mover.let_it_wait(transfer, seconds=2)
    mover.wish("move", mover.moved(stack, "vault", quantity=3, source="account"))
    transfer = mover.until_it_ends(transfer)
    assert [each.status for each in mover.steps(transfer)] == [StepStatus.DONE] * 2
    assert mover.amounts(stack) == {"account": 3, "vault": 6}


def test_item_that_is_gone_after_its_wish_was_met_is_no_failure(mover, late):
    two, item = mover.characters[1], mover.item(place="vault", home=facts.ENERGY, locked=False)
    transfer = mover.run(mover.wish("equip", late, mover.moved(item, two), run=False))
    mover.let_it_wait(transfer)
    mover.play("dismantle", item=item["instance_id"])
    mover.know()
    resumed(mover, transfer)


def test_retry_of_a_cancelled_job_does_what_was_undone_once_more(mover, late):
    """For that is what the person asks for."""
    two, item = mover.characters[1], mover.item(place="vault", home=facts.ENERGY)
    transfer = mover.run(mover.wish("equip", late, mover.moved(item, two), run=False))
    mover.let_it_wait(transfer)
    mover.move(item, "vault")
    mover.run(queueing.cancel(mover.again(transfer)))
    mover.run(queueing.retry(mover.player, mover.again(transfer)))
    assert mover.place(item) == two
