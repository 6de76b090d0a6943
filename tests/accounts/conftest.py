import time

import pytest

PATIENCE_SECONDS = 60


@pytest.fixture
def until():
    """until(condition) waits for what another thread does."""

    def until(condition):
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < end, "it never came to that"
            time.sleep(0.01)

    return until
