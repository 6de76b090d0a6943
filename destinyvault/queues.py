"""The queues between a cluster's processes: they outlive any of them.

Whoever waits at a queue of `multiprocessing` holds its lock, and kill -9 leaves that held for ever: one dead idle
worker would keep all others from their tasks. So nobody holds it for longer than a moment, and the dead lose it.
"""

import os
from multiprocessing import Value
from multiprocessing.reduction import ForkingPickler
from typing import Any

import psutil
from django_q import queues

MOMENT_SECONDS = 1
UNCLAIMED_MOMENTS = 5
STOP = "STOP"  # Django-Q's own sign that there is nothing more to do


class Queue(queues.Queue):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder = Value("i", 0)
        self.unclaimed = 0  # moments in a row in which the lock was held and nobody's

    def __getstate__(self) -> Any:
        return (super().__getstate__(), self.holder)

    def __setstate__(self, state: Any) -> None:
        super().__setstate__(state[0])
        self.holder = state[1]
        self.unclaimed = 0

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not block or timeout is not None:
            return super().get(block, timeout)
        parent = os.getppid()
        while os.getppid() == parent:
            found = self._get_in_a_moment()
            if found is not None:
                self.size.increment(-1)
                return ForkingPickler.loads(found)
        return STOP  # the cluster's guard has died, and with it whoever would have said so

    def _get_in_a_moment(self) -> bytes | None:
        if not (self._rlock.acquire(timeout=MOMENT_SECONDS) or self._inherited()):
            return None
        self.holder.value = os.getpid()
        self.unclaimed = 0
        try:
            if not self._poll(MOMENT_SECONDS / 2):
                return None
            found = self._recv_bytes()
            self._sem.release()
            return found
        finally:
            self.holder.value = 0
            self._rlock.release()

    def _inherited(self) -> bool:
        """Whether the lock was a dead process's and is now ours. Who died before giving its name has none."""
        holder = self.holder.value
        self.unclaimed = 0 if holder else self.unclaimed + 1
        if self.unclaimed < UNCLAIMED_MOMENTS and (not holder or _is_alive(holder)):
            return False
        with self.holder.get_lock():
            if self.holder.value != holder:
                return False
            self.holder.value = os.getpid()
            return True


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
