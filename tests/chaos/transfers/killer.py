"""Kills a worker every few seconds; now and then a whole cluster, and Postgres."""

import random
import threading
from collections import Counter

from tests.chaos.transfers.site import Site

WORKER, CLUSTER, POSTGRES = "a worker", "a cluster", "Postgres"
DECK = [WORKER] * 6 + [CLUSTER] * 2 + [POSTGRES]
EXPECTED_AFTER = 3 * len(DECK)  # blows: by then each kind has been struck, though some fall where nothing is up


class Killer:
    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.rng = site, random.Random(seed)
        self.blows: Counter[str] = Counter()
        self.died = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._strike)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def judged(self) -> list[str]:
        """Without blows everything else proves nothing."""
        due = {WORKER, CLUSTER, POSTGRES} if self.blows.total() >= EXPECTED_AFTER else {WORKER}
        missed = sorted(due - self.blows.keys())
        return [
            *([f"the killer itself died: {self.died}"] if self.died else []),
            *([f"never killed: {', '.join(missed)}"] if missed else []),
        ]

    def _strike(self) -> None:
        kinds = {WORKER: self.site.kill_a_worker, CLUSTER: self.site.kill_a_cluster, POSTGRES: self.site.kill_postgres}
        deck: list[str] = []
        try:
            while not self._done.wait(self.rng.uniform(2, 6)):
                self.site.tend()
                deck = deck or self.rng.sample(DECK, len(DECK))
                kind = deck.pop()
                self.blows[kind] += kinds[kind](self.rng)
        except Exception as error:  # told at the end, where it fails the whole
            self.died = f"{type(error).__name__}: {error}"
