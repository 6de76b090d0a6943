import logging
from typing import Any

from django_q import cluster
from django_q.management.commands import qcluster

from destinyvault.queues import Queue

log = logging.getLogger(__name__)


class Command(qcluster.Command):
    """Django-Q's own, which goes on when any of its processes is killed."""

    def handle(self, *args: Any, **options: Any) -> None:
        cluster.Queue = Queue
        if options.get("run_once"):
            super().handle(*args, **options)
            return
        while not _has_run_to_its_end():
            log.warning("The guard of the task cluster has died. It is started anew.")


def _has_run_to_its_end() -> bool:
    running = cluster.Cluster()
    running.start()
    running.sentinel.join()
    return bool(running.has_stopped) or running.sentinel.exitcode == 0
