"""A Bungie that takes its time over one account: it answers when the test says so."""

import threading
from contextlib import contextmanager

PATIENCE_SECONDS = 60


class Hanging:
    def __init__(self):
        self._may_answer, self._is_asked = threading.Event(), threading.Event()

    def wait(self):
        assert self._is_asked.wait(PATIENCE_SECONDS), "nobody asked Bungie"

    def let_go(self):
        self._may_answer.set()

    def hold(self):
        self._is_asked.set()
        assert self._may_answer.wait(PATIENCE_SECONDS), "nobody let Bungie go on"


@contextmanager
def hanging(account):
    """`wait()` for somebody who asks, then `let_go()`."""
    held, genuine = Hanging(), account.profile

    def profile(*args):
        held.hold()
        return genuine(*args)

    account.profile = profile
    try:
        yield held
    finally:
        del account.profile
        held.let_go()
