"""The budget that all processes share, judged by the sandbox's throttle and by what reached a wire."""

import subprocess
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from destinyvault.bungie import budget, client
from destinyvault.bungie.errors import NotYet, Throttled
from destinyvault.models import BungieSlot, BungieTurn
from tests.bungie.wire import envelope
from tests.manifest.standstill import started

PERSON, FRIEND = "20000001", "20000002"
FINE = envelope({"fine": True})
BUSY = envelope(code=57, http=503)
PATIENCE_SECONDS = 180
READS_OF_A_THREAD = 20

MANY_READS = f"""
import sys, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from destinyvault.bungie import client
from destinyvault.bungie.errors import NotYet

def read():
    try:
        client.common_settings()
    except NotYet:  # a busy machine took all of its patience
        read()

def thread(number):
    for each in range({READS_OF_A_THREAD}):
        read()
    connection.close()

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(thread, range(4)))
"""
ONE_READ = """
import django; django.setup()
from destinyvault.bungie import client
from destinyvault.bungie.errors import NotYet
try:
    client.common_settings()
except NotYet as error:
    print(error.throttle_seconds)
"""


@pytest.fixture
def beside():
    """beside(program, root) runs it in a process of its own, on the database of the test."""
    processes = []

    def beside(program, root):
        environment = {"DJANGO_SETTINGS_MODULE": "tests.manifest.sandboxed", "SANDBOX_ROOT": root}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        processes.append(started("-c", program, environment=environment, **pipes))
        return processes[-1]

    yield beside
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_processes_that_ask_all_at_once_are_never_throttled(sandbox, beside):
    processes = [beside(MANY_READS, sandbox.root) for _ in range(4)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(PATIENCE_SECONDS) for process in processes] == [0] * 4
    asked = [entry for entry in sandbox.log.entries() if entry["operation"] == "GetCommonSettings"]
    assert [entry["status"] for entry in asked] == [200] * (4 * 4 * READS_OF_A_THREAD)


@pytest.fixture
def starts(wire):
    """Moments at which requests reached Bungie, by its clock."""
    moments = []

    def answer():
        moments.append(time.monotonic())
        return wire.says[0]

    wire.answer = answer
    wire.will_say(FINE)
    return moments


def gaps(moments):
    return [later - earlier for earlier, later in pairwise(moments)]


def test_actions_of_one_account_keep_their_distance(starts):
    client.common_settings()  # the connection stands
    for number in range(6):
        client.equip_item(3, PERSON, "1", str(number), "t")
    assert min(gaps(starts[1:])) >= 0.1


def test_loadouts_and_tracking_keep_a_longer_distance_to_each_other(starts):
    client.common_settings()
    client.equip_loadout(3, PERSON, "1", 0, "t")
    client.equip_item(3, PERSON, "1", "2", "t")
    client.set_tracked_state(3, PERSON, "1", "2", True, "t")
    _, loadout, equipping, tracking = starts
    assert equipping - loadout >= 0.1
    assert tracking - loadout >= 1


def act(person=PERSON):
    client.equip_item(3, person, "1", "2", "t")


def test_what_bungie_asks_of_everybody_another_process_keeps(wire, beside):
    wire.will_say(envelope(code=36, throttle=600, http=503), FINE)
    with pytest.raises(Throttled):
        act()
    said, _ = beside(ONE_READ, wire.root).communicate(timeout=PATIENCE_SECONDS)
    assert 0 < int(said) <= 600
    with pytest.raises(NotYet):
        act(FRIEND)
    assert len(wire.seen) == 1


def test_what_bungie_asks_is_waited_for(starts, wire):
    wire.will_say(envelope(code=36, throttle=1, http=503))
    with pytest.raises(Throttled):
        act()
    wire.will_say(FINE)
    act(FRIEND)
    assert gaps(starts)[0] >= 1


@pytest.mark.parametrize("code", [51, 57, 1672])
def test_what_bungie_asks_of_one_account_holds_no_other(wire, code):
    wire.will_say(envelope(code=code, throttle=60, http=503), FINE)
    with pytest.raises(Throttled):
        act()
    act(FRIEND)
    client.common_settings()
    for call in (act, lambda: client.profile(3, "4611686018400000009", [100], "t", PERSON)):
        with pytest.raises(NotYet) as caught:
            call()
        assert 0 < caught.value.throttle_seconds <= 60
    assert len(wire.seen) == 3


def test_waits_that_bungie_does_not_name_double_and_halve(starts, wire):
    wire.will_say(BUSY)
    for _ in range(2):
        with pytest.raises(Throttled):
            act()
    wire.will_say(FINE)
    left = []
    for _ in range(2):
        act()
        left.append(BungieTurn.objects.get(membership_id=PERSON).backoff)
    assert left == [0.5, 0]
    first, second, _ = gaps(starts)
    assert first >= 0.5
    assert second >= 1


def test_no_wait_of_our_own_is_longer_than_five_minutes(wire):
    long_ago = timezone.now() - timedelta(minutes=10)
    wire.will_say(BUSY)
    with pytest.raises(Throttled):
        act()
    for _ in range(12):
        with budget._own_transaction() as cursor:
            cursor.execute("UPDATE bungie_turn SET held_until = %s", [long_ago])
        with pytest.raises(Throttled):
            act()
    with pytest.raises(NotYet) as caught:
        act()
    assert caught.value.throttle_seconds == 300


def test_a_roll_back_gives_no_request_back(wire):
    wire.will_say(FINE)
    client.common_settings()
    with transaction.atomic():
        client.common_settings()
        transaction.set_rollback(True)
    assert BungieSlot.objects.filter(free_at__gt=timezone.now() - timedelta(days=1)).count() == 2


def test_where_all_is_used_up_a_page_is_told_at_once(wire):
    wire.will_say(FINE)
    client.common_settings()
    with budget._own_transaction() as cursor:
        cursor.execute("UPDATE bungie_slot SET free_at = clock_timestamp() + interval '9 s'")
    with pytest.raises(NotYet):
        client.common_settings()
    assert len(wire.seen) == 1
