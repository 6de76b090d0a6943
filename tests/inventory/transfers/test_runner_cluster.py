"""The cluster that people run: `manage.py qcluster`, killed in mid-job."""

import os
import signal
from contextlib import suppress

import psutil
import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Status, StepStatus
from tests.inventory.hanging import hanging
from tests.manifest.standstill import PATIENCE_SECONDS, started, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start_cluster(sandbox):
    environment = {"DJANGO_SETTINGS_MODULE": "tests.manifest.sandboxed", "SANDBOX_ROOT": sandbox.root, "Q_WORKERS": "2"}
    clusters = []

    def start_cluster(*program):
        clusters.append(
            started(*(program or ("manage.py", "qcluster")), environment=environment, start_new_session=True)
        )
        return clusters[-1]

    yield start_cluster
    for cluster in clusters:
        with suppress(ProcessLookupError):
            os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()


def test_job_of_a_cluster_that_was_killed_is_finished_by_the_next_one(mover, start_cluster):
    weapons = mover.items(place="vault", home=facts.KINETIC)[:4]
    one, other = mover.characters[:2]
    for to in (one, other):
        transfer = mover.wish("move", *(mover.moved(each, to) for each in weapons), run=to == one)
    with hanging(mover.site.account(mover.guardian), "write", after=3) as bungie:
        cluster = start_cluster()
        bungie.wait()
        os.killpg(cluster.pid, signal.SIGKILL)
        assert cluster.wait() == -signal.SIGKILL
    assert mover.again(transfer).status == Status.RUNNING
    assert transfer.steps.filter(status=StepStatus.DONE).count() == 3
    until(lambda: mover.orders.actions()["actions"][-1]["end"])
    mover.let_it_wait(transfer)
    start_cluster()
    until(lambda: mover.again(transfer).status == Status.DONE)
    assert [mover.place(each) for each in weapons] == [other] * 4
    told = mover.orders.actions()
    for each in weapons:
        effects = [call["to"] for call in told["actions"] if call["item"] == each["instance_id"] and call["effect"]]
        assert effects == [one, "vault", other]
    assert set(told["most_in_flight"].values()) == {1}


def below(cluster):
    return psutil.Process(cluster.pid).children(recursive=True)


def test_cluster_goes_on_when_each_of_its_processes_has_been_killed(mover, start_cluster):
    weapons = iter(mover.items(place="vault", home=facts.KINETIC))
    cluster = start_cluster()

    def moves_an_item():
        transfer = mover.move(next(weapons), mover.characters[0], run=False)
        until(lambda: mover.again(transfer).status == Status.DONE)

    moves_an_item()
    guard = psutil.Process(cluster.pid).children()[0]
    for worker in guard.children():
        worker.kill()
        moves_an_item()
    guard.kill()
    moves_an_item()
    until(lambda: len(below(cluster)) == len(guard_and_below(cluster)))
    assert cluster.poll() is None


def guard_and_below(cluster):
    (guard,) = psutil.Process(cluster.pid).children()
    return [guard, *guard.children()]


GUARD_DIES_ONCE = """
import os, pathlib, sys, django
django.setup()
from django.core.management import call_command
from django_q import cluster
guard, mark = cluster.Sentinel, pathlib.Path(sys.argv[1])

def dies_once(*arguments):
    if mark.exists():
        return guard(*arguments)
    mark.touch()
    os._exit(9)

cluster.Sentinel = dies_once
call_command("qcluster")
"""


def test_guard_that_dies_before_it_has_begun_is_started_anew(start_cluster, mover, tmp_path):
    cluster = start_cluster("-c", GUARD_DIES_ONCE, tmp_path / "mark")
    until(lambda: len(below(cluster)) > 4)
    os.killpg(cluster.pid, signal.SIGTERM)  # as honcho and systemd do: its guard ends by itself
    assert cluster.wait(PATIENCE_SECONDS) == 0


def test_cluster_that_is_asked_to_end_does(start_cluster, mover):
    cluster = start_cluster()
    until(lambda: len(below(cluster)) > 4)
    cluster.terminate()
    assert cluster.wait(PATIENCE_SECONDS) == 0
