"""A Bungie that takes its time over one account: it answers when the test says so."""

import itertools
import threading
from contextlib import contextmanager

PATIENCE_SECONDS = 60


class Hanging:
    def __init__(self):
        self._may_answer, self._is_asked = threading.Event(), threading.Event()
        self.asked = 0

    def wait(self):
        assert self._is_asked.wait(PATIENCE_SECONDS), "nobody asked Bungie"

    def let_go(self):
        self._may_answer.set()

    def hold(self):
        self.asked += 1
        self._is_asked.set()
        assert self._may_answer.wait(PATIENCE_SECONDS), "nobody let Bungie go on"


@contextmanager
def hanging(account, over="profile", after=0):
    """`wait()` for somebody who asks, then `let_go()`. Over "write" actions hang, after so many that do not."""
    held, genuine, count = Hanging(), getattr(account, over), itertools.count()

    def hang(*args, **options):
        if next(count) >= after:
            held.hold()
        return genuine(*args, **options)

    setattr(account, over, hang)
    try:
        yield held
    finally:
        delattr(account, over)
        held.let_go()
