"""How often one person may act: so many seconds between the starts of two actions, says the spec of each.

Chosen, where the spec only names the seconds: 0.1 s lie between any two actions of one person, 1 s between two of the
slow ones (tracking, loadouts). What comes too soon is answered with 36 and HTTP 503, and does not count as a start.
What nobody is signed in for, or lacks the scope, starts nothing.
"""

import threading

QUICK, SLOW = 0.1, 1.0
SCOPE = "MoveEquipDestinyItems"
WAIT_SECONDS = 1  # chosen: the longest spacing
SLOWLY = frozenset(
    ("SetQuestTrackedState", "EquipLoadout", "SnapshotLoadout", "UpdateLoadoutIdentifiers", "ClearLoadout")
)


class Pace:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.quick, self.slow = QUICK, SLOW
            self._starts: dict[tuple[str, bool], float] = {}

    def admits(self, guardian: str, slow: bool, now: float) -> bool:
        """`now` is monotonic: a jump of the sandbox's clock frees nothing."""
        with self._lock:
            if self._waited(guardian, False, now) < self.quick:
                return False
            if slow and self._waited(guardian, True, now) < self.slow:
                return False
            self._starts[guardian, False] = now
            if slow:
                self._starts[guardian, True] = now
            return True

    def _waited(self, guardian: str, slow: bool, now: float) -> float:
        return now - self._starts.get((guardian, slow), float("-inf"))
