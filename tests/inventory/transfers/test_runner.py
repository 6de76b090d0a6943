"""Jobs from wish to end."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def weapon(mover):
    return mover.item(place="vault", home=facts.KINETIC)


def test_item_goes_from_the_vault_to_a_character(mover, weapon):
    transfer = mover.move(weapon, mover.characters[0])
    assert (transfer.status, transfer.message) == (Status.DONE, "Done.")
    assert mover.place(weapon) == mover.characters[0]
    assert len(mover.calls()) == 1
