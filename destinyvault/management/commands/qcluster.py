import logging
import signal
import time
from types import FrameType
from typing import Any

from django_q import cluster
from django_q.management.commands import qcluster

from destinyvault import memory
from destinyvault.queues import Queue

log = logging.getLogger(__name__)
DYING_SECONDS = 1  # within which the guard is gone that was signalled, too
PAUSE_SECONDS = 1  # where the guard dies again and again, for want of memory for instance


class Command(qcluster.Command):
    """Django-Q's own, which goes on when any of its processes is killed."""

    def handle(self, *args: Any, **options: Any) -> None:
        cluster.Queue = Queue
        memory.before_forking()
        if options.get("run_once"):
            super().handle(*args, **options)
            return
        while not _has_run_to_its_end():
            log.warning("The guard of the task cluster has died. It is started anew.")
            _pause()


def _pause() -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)  # else still the dead cluster's, which would not end by it
    time.sleep(PAUSE_SECONDS)


class Cluster(cluster.Cluster):
    """Ends also where honcho or systemd signals all of its processes, and its guard is the quicker one."""

    is_asked_to_end = False

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        self.is_asked_to_end = True
        if self.sentinel and self.sentinel.is_alive():
            self.sentinel.join(DYING_SECONDS)  # to stop it, Django-Q would wait for the word of processes that are gone
        super().sig_handler(signum, frame)


def _has_run_to_its_end() -> bool:
    running = Cluster()
    try:
        running.start()
    except RuntimeError:  # Django-Q's word for a guard that died before it had begun
        return running.is_asked_to_end
    running.sentinel.join()
    return running.is_asked_to_end or running.sentinel.exitcode == 0
