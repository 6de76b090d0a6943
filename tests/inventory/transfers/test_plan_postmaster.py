"""Several stacks of one thing at the postmaster: however often it is planned, all of them come, and each once."""

import pytest

from inventory.transfers.planner import plan
from inventory.transfers.stacks import counted
from inventory.transfers.wants import Kind, Want
from tests.inventory.transfers.planned import VAULT, anew, refusals, walked
from tests.inventory.transfers.worlds import BAG, COIN, GENERAL, HUNTER, LABELLED, LOST, TITAN, stack, weapon, world


def pull(hash=COIN, quantity=0):
    return Want(Kind.PULL, None, hash, quantity, source=HUNTER)


def bring(to, hash=COIN, quantity=0):
    return Want(Kind.MOVE, None, hash, quantity, source=HUNTER, to=to)


def lost(game, hash=COIN):
    return game.amount(hash, (HUNTER, LOST))


def lying(*quantities, **more):
    return {HUNTER: [stack(each, **more) for each in quantities]}


@pytest.mark.parametrize("to", [HUNTER, TITAN, VAULT])
@pytest.mark.parametrize("quantity", [0, 50])
@pytest.mark.parametrize("label", ["", "one"])
def test_all_of_them_come_when_it_is_planned_again_between_two_pulls(to, quantity, label):
    given = world(lost=lying(20, 30, bucket=BAG, stack_unique_label=label))
    _, game = anew(given, bring(to, quantity=quantity))
    assert game.amount(COIN, (None, GENERAL) if to == VAULT else (to, BAG)) == 50


def test_what_lies_at_the_postmaster_stays_there_once_all_of_the_bags_is_brought():
    given = world(hunter=[stack(5, bucket=BAG)], lost=lying(7, bucket=BAG))
    _, game = anew(given, bring(VAULT))
    assert (game.amount(COIN, (None, GENERAL)), lost(game)) == (5, 7)


@pytest.mark.parametrize("kind", [Kind.MOVE, Kind.CONSOLIDATE])
@pytest.mark.parametrize("quantity", [0, 3])
@pytest.mark.parametrize("there", [[], [stack(5)]])
def test_what_lies_at_postmasters_alone_is_told_and_not_taken_for_done(kind, quantity, there):
    given = world(vault=there, lost={HUNTER: [stack(7)], TITAN: [stack(2)]})
    (refusal,) = plan(given, [Want(kind, None, COIN, quantity, to=VAULT)]).refusals
    assert refusal.code == "at_postmaster"
    assert "at the postmaster of your Hunter and of your Titan" in refusal.message
    assert refusal.message.startswith("The rest of Stack 501 is" if there else "Stack 501 is")


def test_what_lies_elsewhere_too_is_brought_without_what_lies_at_the_postmaster():
    given = world(account=[stack(5)], lost=lying(7))
    done, game = anew(given, Want(Kind.CONSOLIDATE, None, COIN, to=VAULT))
    assert (len(done), game.amount(COIN, (None, GENERAL)), lost(game)) == (1, 5, 7)
    (step,) = done
    rest = counted(Want(Kind.CONSOLIDATE, None, COIN, to=VAULT), step)
    assert plan(world(vault=[stack(5)], lost=lying(7)), [rest]).refusals == ()


def test_more_than_the_bags_hold_comes_out_of_the_postmaster_in_one_piece():
    labelled = {"bucket": BAG, "stack_unique_label": "one"}
    given = world(hunter=[stack(5, **labelled)], lost=lying(7, 9, **labelled))
    planned, game = walked(given, bring(VAULT, quantity=12))
    assert [(step.kind, step.quantity) for step in planned.steps] == [("pull", 7), ("to_vault", 12)]
    assert lost(game) == 9


def test_all_of_it_asked_for_twice_is_pulled_once_and_is_met_twice():
    given, wishes = world(lost=lying(20, 30)), [pull(), pull()]
    planned, game = walked(given, *wishes)
    assert (len(planned.steps), lost(game)) == (2, 0)
    for step in planned.steps:
        wishes[step.want] = counted(wishes[step.want], step)
    assert plan(world(account=[stack(50)]), wishes).refusals == ()


def test_all_of_it_asked_for_twice_is_refused_twice_where_there_is_no_room():
    given = world(lost=lying(20, bucket=BAG), hunter=[weapon(1, BAG, fixed=True)], room=1)
    assert refusals(plan(given, [pull(), pull()])) == ["no_room", "no_room"]


def test_f9_once_as_much_was_pulled_as_fits_nothing_is_missing():
    unique = {"hash": LABELLED, "stack_unique_label": "one"}
    wish = pull(LABELLED)
    planned, _ = walked(world(lost=lying(50, **unique), account=[stack(80, **unique)]), wish)
    wish = counted(wish, planned.steps[0])
    assert plan(world(lost=lying(30, **unique), account=[stack(100, **unique)]), [wish]) == plan(world(), [])
