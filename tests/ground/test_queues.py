"""The queue between a cluster's processes, whose lock a killed one has left held."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from destinyvault import queues

PATIENCE_SECONDS = 60


@pytest.fixture
def queue(monkeypatch):
    monkeypatch.setattr(queues, "MOMENT_SECONDS", 0.05)
    queue = queues.Queue()
    yield queue
    queue.close()
    queue.join_thread()


def taken(queue, count):
    """On a thread of its own: who finds the lock held waits for ever."""
    found = []
    reader = threading.Thread(target=lambda: found.extend(queue.get() for _ in range(count)), daemon=True)
    reader.start()
    reader.join(PATIENCE_SECONDS)
    return found


def test_lock_of_a_reader_that_died_before_it_could_put_its_name_down_is_taken_over(queue):
    queue._rlock.acquire()
    for number in range(3):
        queue.put(number)
    assert taken(queue, 3) == [0, 1, 2]
    assert queue._rlock.acquire(timeout=PATIENCE_SECONDS), "it is free again"
    queue._rlock.release()


def test_lock_of_a_reader_that_was_killed_is_taken_over(queue):
    dead = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    queue._rlock.acquire()
    queue.holder.value = dead.pid
    os.kill(dead.pid, signal.SIGKILL)
    queue.put("task")
    assert taken(queue, 1) == ["task"]
    dead.wait()


def test_lock_of_a_reader_that_lives_is_left_to_it(queue):
    queue._rlock.acquire()
    queue.holder.value = os.getpid()
    assert not any(queue._inherited() for _ in range(queues.UNCLAIMED_MOMENTS * 2))
    queue._rlock.release()
