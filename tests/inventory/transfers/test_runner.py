"""Jobs from wish to end."""

import pytest

from inventory.transfers.models import Status

pytestmark = pytest.mark.django_db


def test_item_goes_from_the_vault_to_a_character(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0])
    assert (transfer.status, transfer.message) == (Status.DONE, "Done.")
    assert mover.place(weapon) == mover.characters[0]
    assert len(mover.calls()) == 1


def test_a6_item_goes_from_one_character_to_another_through_the_vault(mover, weapon):
    mover.move(weapon, mover.characters[0])
    transfer = mover.move(weapon, mover.characters[1])
    assert [each.kind for each in mover.steps(transfer)] == ["to_vault", "to_character"]
    assert transfer.status == Status.DONE
    assert mover.place(weapon) == mover.characters[1]
    assert mover.shown(weapon) == mover.characters[1]


def test_a8_the_same_move_again_calls_nobody(mover, weapon):
    first = mover.move(weapon, mover.characters[0], run=False)
    second = mover.move(weapon, mover.characters[0], run=False)
    assert mover.until_it_ends(first).status == Status.DONE
    assert mover.until_it_ends(second).status == Status.DONE
    assert len(mover.calls()) == 1
