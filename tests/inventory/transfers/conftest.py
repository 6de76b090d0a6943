"""A guardian's jobs from wish to end, at a Bungie that plays by the rules of the game."""

import signal

import pytest

from destinyvault.sandbox import facts

from .mover import Mover


@pytest.fixture
def mover(site):
    mover = Mover(site)
    with mover.stack:
        yield mover


@pytest.fixture
def weapon(mover):
    """A kinetic one, in the vault."""
    return mover.item(place="vault", home=facts.KINETIC)


@pytest.fixture
def weapons(mover):
    return mover.items(place="vault", home=facts.KINETIC)[:3]


@pytest.fixture
def queued(mover, weapon):
    """Its way to a character, which no worker has taken up yet."""
    return mover.move(weapon, mover.characters[0], run=False)


@pytest.fixture
def ends():
    """A plan that never ends fails here, and does not keep the tests from ending.

    Counted are the seconds that this process itself has worked: a busy machine is no plan that never ends.
    """

    def late(*_):
        raise AssertionError("the plan does not end")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, 120)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)
