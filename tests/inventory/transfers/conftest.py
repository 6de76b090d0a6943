"""A guardian's jobs from wish to end, at a Bungie that plays by the rules of the game."""

import pytest

from .mover import Mover


@pytest.fixture
def mover(site):
    mover = Mover(site)
    with mover.stack:
        yield mover
