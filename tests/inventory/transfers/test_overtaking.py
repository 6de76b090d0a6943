"""Several jobs about one item: what was asked for last is how it ends, whichever of them has to wait."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers import queueing
from inventory.transfers.models import Action, Status, Transfer
from inventory.transfers.overtaking import LATER
from inventory.transfers.queueing import NoWay
from inventory.transfers.wants import Kind, Want

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_up(mover):
    """held_up(wish): a job that waits for the end of a maintenance, which is over by now."""

    def held_up(action, *wants):
        mover.orders.fault("*", maintenance=True)
        transfer = mover.run(mover.wish(action, *wants, run=False))
        mover.orders.clear_faults()
        assert transfer.status == Status.PARKED
        return transfer

    return held_up


def wearable(mover, home, character, many=1):
    """So many of one kind that any class may wear, on that character."""
    kinds = mover.site.sandbox.catalog.by_bucket[home]
    any_class = (each for each in kinds if each.movable and each.equippable and each.class_type == facts.ANY_CLASS)
    kind = next(each for each in any_class if each.tier < facts.EXOTIC)
    return [mover.play("add", hash=kind.hash, to=character)[0] for _ in range(many)]


def all_end(mover):
    while jobs := list(Transfer.objects.filter(finished_at=None).order_by("id")):
        for each in jobs:
            mover.let_it_wait(mover.run(each))


def worn(mover, item):
    return mover.item(instance_id=item["instance_id"])["equipped"]


def test_who_moves_it_elsewhere_while_a_job_waits_has_the_last_word(mover, weapon, held_up):
    one, two = mover.characters[:2]
    first = held_up("move", mover.moved(weapon, one))
    second = mover.run(mover.move(weapon, two, run=False))
    assert (second.status, mover.again(first).status) == (Status.DONE, Status.PARKED)
    all_end(mover)
    assert mover.place(weapon) == two
    first = mover.again(first)
    assert (first.status, first.message) == (Status.FAILED, LATER.format(second.pk))
    assert [each["code"] for each in first.refusals] == ["overtaken"]


def test_who_puts_it_away_while_it_waits_to_be_worn_has_the_last_word(mover, weapon):
    one = mover.characters[0]
    mover.play("activity", character=one, locked=True)
    mover.run(mover.wish("equip", mover.equipped(weapon, one), run=False))
    assert mover.place(weapon) == one
    assert mover.until_it_ends(mover.move(weapon, "vault", run=False)).status == Status.DONE
    mover.play("activity", character=one, locked=False)
    all_end(mover)
    assert mover.place(weapon) == "vault"


def test_of_two_that_wait_for_one_slot_the_later_is_worn(mover, held_up):
    one = mover.characters[0]
    earlier, later = wearable(mover, facts.KINETIC, one, many=2)
    mover.know()
    held_up("equip", mover.equipped(earlier, one))
    mover.until_it_ends(mover.wish("equip", mover.equipped(later, one), run=False))
    all_end(mover)
    assert (worn(mover, earlier), worn(mover, later)) == (False, True)


def test_two_that_wait_for_different_slots_are_both_worn(mover, held_up):
    one = mover.characters[0]
    (earlier,), (later,) = (wearable(mover, each, one) for each in (facts.KINETIC, facts.ENERGY))
    mover.know()
    held_up("equip", mover.equipped(earlier, one))
    mover.until_it_ends(mover.wish("equip", mover.equipped(later, one), run=False))
    all_end(mover)
    assert (worn(mover, earlier), worn(mover, later)) == (True, True)


def test_an_undo_of_what_a_waiting_job_would_move_on_has_the_last_word(mover, weapon, held_up):
    one, two = mover.characters[:2]
    done = mover.move(weapon, one)
    held_up("move", mover.moved(weapon, two))
    mover.run(queueing.undo(mover.player, done))
    all_end(mover)
    assert mover.place(weapon) == "vault"


def test_lock_and_place_of_one_item_are_different_matters(mover, weapon, held_up):
    held_up("move", mover.moved(weapon, mover.characters[0]))
    is_locked = mover.item(instance_id=weapon["instance_id"])["locked"]
    kind = Kind.UNLOCK if is_locked else Kind.LOCK
    mover.until_it_ends(mover.wish(kind.value, Want(kind, weapon["instance_id"], weapon["hash"]), run=False))
    all_end(mover)
    assert mover.place(weapon) == mover.characters[0]
    assert mover.item(instance_id=weapon["instance_id"])["locked"] is not is_locked


def test_the_same_asked_for_again_is_no_contradiction(mover, weapon, held_up):
    first = held_up("move", mover.moved(weapon, mover.characters[0]))
    mover.run(mover.move(weapon, mover.characters[0], run=False))
    all_end(mover)
    assert {each.status for each in Transfer.objects.all()} == {Status.DONE}
    assert mover.again(first).refusals == []


def test_a_later_wish_that_was_given_up_has_no_word(mover, weapon, held_up):
    one, two = mover.characters[:2]
    held_up("move", mover.moved(weapon, one))
    mover.orders.fault("TransferItem", error_code=1663, times=1)
    assert mover.run(mover.move(weapon, two, run=False)).status == Status.FAILED
    all_end(mover)
    assert mover.place(weapon) == one


# While the first one has not begun


@pytest.mark.parametrize("waits", [True, False])
def test_back_to_where_it_still_is_is_no_wish_that_is_met(mover, weapon, held_up, waits):
    wish = mover.moved(weapon, mover.characters[0])
    if waits:
        held_up("move", wish)
    else:
        mover.wish("move", wish, run=False)
    mover.move(weapon, "vault", run=False)
    all_end(mover)
    assert mover.place(weapon) == "vault"


def test_unlocked_again_before_it_was_locked(mover, weapon, held_up):
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.know()
    held_up("lock", Want(Kind.LOCK, weapon["instance_id"], weapon["hash"]))
    mover.wish("unlock", Want(Kind.UNLOCK, weapon["instance_id"], weapon["hash"]), run=False)
    all_end(mover)
    assert not mover.item(instance_id=weapon["instance_id"])["locked"]


def test_room_that_the_job_before_is_about_to_free_counts(mover):
    one, two = mover.characters[:2]
    ship = next(each for each in mover.site.sandbox.catalog.by_bucket[facts.SHIP] if each.movable)
    (coming,) = mover.play("add", hash=ship.hash, to=one)
    leaving = mover.item(place="vault", home=facts.KINETIC)
    mover.play("fill", where="vault")
    mover.know()
    with pytest.raises(NoWay):
        mover.move(coming, "vault", run=False, move_others=False)
    mover.move(leaving, two, run=False, move_others=False)
    mover.move(coming, "vault", run=False, move_others=False)
    all_end(mover)
    assert (mover.place(leaving), mover.place(coming)) == (two, "vault")


def test_what_nobody_is_about_to_change_needs_no_job(mover, weapon):
    mover.move(mover.item(place="vault", home=facts.ENERGY), mover.characters[0], run=False)
    with pytest.raises(NoWay, match="there already"):
        queueing.enqueue(mover.player, queueing.Order(Action.MOVE, (mover.moved(weapon, "vault"),)))
