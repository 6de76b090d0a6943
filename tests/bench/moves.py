"""Jobs on a whole site of their own: from the click to Bungie, Bungie's pace, its budget, fairness, more clusters.

Every time is the sandbox's: when a request came in and when its reply was ready (one monotonic clock for all processes
of a machine). Each part is a process of its own, since Django's settings name one database and one cache.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.targets import say, tell
from tests.chaos.transfers.site import Site, redis_server

BASE = Path(__file__).resolve().parents[2]
CLICKS, MOVES, ACCOUNTS, STEPS, LONG = 20, 100, 100, 10, 500
PACE, PER_SECOND = 0.1, 25  # Bungie's: seconds between an account's actions, requests a second per address
CARRYING_MUCH, OWNING_MUCH = 2, 20  # of the sandbox's crowd (destinyvault/sandbox/guardians.py)
Figures = dict[str, float]


def main() -> None:
    say("Transfers on a site of their own")
    tell("click to first request, 95th percentile", measured("clicks")["p95"], " ms", at_most=300)
    pace = measured("pace")
    note = f"{MOVES} moves in {pace['seconds']:.2f} s"
    tell("one account, of the shortest time", pace["seconds"] / (PACE * (MOVES - 1)), at_most=1.15, note=note)
    fair = measured("fairness")
    note = f"most of {fair['moves']:.0f}; beside {fair['beside']:.0f} steps of another account, two workers"
    tell("a single move beside a long job", fair["most"], " s", at_most=3, note=note)
    for cache in ("", "redis"):
        crowds = {clusters: measured("crowd", str(clusters), cache) for clusters in (1, 4)}
        for clusters, crowd in crowds.items():
            name = f"{ACCOUNTS} accounts, {clusters} clusters, {cache or 'database'} cache"
            shortest = ACCOUNTS * STEPS / PER_SECOND
            tell(name, crowd["seconds"] / shortest, at_most=1.15, note=f"{crowd['seconds']:.1f} s of {shortest:.0f}")
            tell("  throttled by Bungie", crowd["throttled"], at_most=0.5, note=f"{crowd['requests']:.0f} requests")
        tell("  four clusters, of one's throughput", crowds[1]["seconds"] / crowds[4]["seconds"], at_least=0.97)


def measured(*part: str) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.moves", *part], cwd=BASE, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def site_of(crowd: int, clusters: int, workers: int, cache: str = "") -> Iterator[Site]:
    """A site at rest, for which this process speaks from now on."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="moves-")))
        folder.chmod(0o755)  # Postgres runs as another user where this one is root
        redis_url = stack.enter_context(redis_server(folder)) if cache else ""
        site = Site(folder, crowd, clusters, workers=workers, redis_url=redis_url)
        stack.callback(site.stop)
        site.start()
        os.environ.update(site.environment)
        import django

        django.setup()
        time.sleep(3)  # the clusters' processes are all there
        yield site


def clicks() -> Figures:
    """Each from the call that a form makes to the moment at which Bungie has the request."""
    with site_of(1, 1, 3) as site:
        recruit, spare = carried(site, 1)
        waits = []
        for each in spare[:CLICKS]:
            clicked = time.monotonic()
            finish(site, [ask(recruit, [each])])
            waits.append(started(site)[-1] - clicked)
        return {"p95": statistics.quantiles(waits, n=20)[-1] * 1000}


def pace() -> Figures:
    with site_of(CARRYING_MUCH, 1, 3) as site:
        recruit, spare = carried(site, CARRYING_MUCH)
        finish(site, [ask(recruit, spare[:MOVES])])
        starts = started(site)
        assert len(starts) == MOVES, f"{len(starts)} requests for {MOVES} moves"
        return {"seconds": starts[-1] - starts[0]}


def fairness() -> Figures:
    with site_of(OWNING_MUCH, 1, 2) as site:
        long, items = everything(site, OWNING_MUCH)
        short, spare = carried(site, 1)
        job = ask_to_lock(long, items[:LONG])
        seconds = []
        while len(seconds) < 10:
            clicked = time.monotonic()
            finish(site, [ask(short, [spare[len(seconds)]])])
            seconds.append(time.monotonic() - clicked)
        job.refresh_from_db()
        assert len(job.wants) == LONG, "the long job is not as long as it should be"
        assert job.is_active, "the long job was over before the short ones"
        beside = job.steps.filter(finished_at__isnull=False).count()
        return {"most": max(seconds), "moves": len(seconds), "beside": beside}


def crowd(clusters: str, cache: str = "") -> Figures:
    numbers = [number for number in range(1, 2 * ACCOUNTS) if number % OWNING_MUCH][:ACCOUNTS]  # whose vaults have room
    with site_of(numbers[-1], int(clusters), 4, cache) as site:
        people = [carried(site, number) for number in numbers]
        for recruit, _ in people:
            know(recruit)
        time.sleep(11)  # so that these reads are out of Bungie's window
        site.orders.clear_log()
        site.orders.clear_actions()
        jobs = [ask(recruit, spare[:STEPS]) for recruit, spare in people]
        finish(site, jobs)
        journal = site.orders.actions()
        actions = journal["actions"]
        effects = sum(each["effect"] for each in actions)
        assert effects == ACCOUNTS * STEPS, f"{effects} effects of {ACCOUNTS * STEPS} moves"
        return {
            "seconds": max(each["end"] for each in actions) - min(each["start"] for each in actions),
            "throttled": sum(journal["throttled"].values()),
            "requests": len(site.orders.log()),
        }


def carried(site: Site, number: int) -> tuple[Any, list[Any]]:
    """Somebody of the crowd, signed in, and what they carry that can go into the vault by one call each."""
    recruit, items = everything(site, number)
    know(recruit)
    return recruit, [each for each in items if each.owner and not each.equipped]


def everything(site: Site, number: int) -> tuple[Any, list[Any]]:
    from tests.chaos.transfers.players import enlist
    from tests.chaos.transfers.truth import things
    from tests.chaos.transfers.wishes import GEAR

    recruit = enlist(number, site.orders)
    found = things(site.orders, recruit.bungie_id)
    return recruit, [each for each in found if each.id and each.home in GEAR and not each.is_lost]


def know(recruit: Any) -> None:
    from inventory import snapshots

    snapshots.latest(recruit.player)


def ask(recruit: Any, items: list[Any]) -> Any:
    from inventory.transfers.models import Action
    from inventory.transfers.queueing import Order, enqueue
    from inventory.transfers.wants import Kind, Want

    wants = tuple(Want(Kind.MOVE, each.id, each.hash, to="vault") for each in items)
    return enqueue(recruit.player, Order(Action.MOVE, wants))


def ask_to_lock(recruit: Any, items: list[Any]) -> Any:
    """Or to unlock what is locked: as many calls as items, more than anybody could carry."""
    from inventory.transfers.models import Action
    from inventory.transfers.queueing import Order, enqueue
    from inventory.transfers.wants import Kind, Want

    know(recruit)
    wants = tuple(Want(Kind.UNLOCK if each.locked else Kind.LOCK, each.id, each.hash) for each in items)
    return enqueue(recruit.player, Order(Action.LOCK, wants))


def finish(site: Site, jobs: list[Any]) -> None:
    from inventory.transfers.models import Status, Transfer

    keys = [each.pk for each in jobs]
    end = time.monotonic() + 180
    while Transfer.objects.filter(pk__in=keys, finished_at=None).exists():
        assert time.monotonic() < end, "the jobs do not end"
        time.sleep(0.05)
    ends = set(Transfer.objects.filter(pk__in=keys).values_list("status", flat=True))
    assert ends == {Status.DONE}, ends


def started(site: Site) -> list[float]:
    return [each["start"] for each in site.orders.actions()["actions"]]


PARTS: dict[str, Callable[..., Figures]] = {"clicks": clicks, "pace": pace, "fairness": fairness, "crowd": crowd}

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    say(json.dumps(PARTS[name](*(each for each in options if each))))
