"""A guardian's jobs from wish to end, at a Bungie that plays by the rules of the game."""

import signal

import pytest

from .mover import Mover


@pytest.fixture
def mover(site):
    mover = Mover(site)
    with mover.stack:
        yield mover


@pytest.fixture
def ends():
    """A plan that never ends fails here, and does not keep the tests from ending."""

    def late(*_):
        raise AssertionError("the plan does not end")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
